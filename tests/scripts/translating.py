"""A workspace on its way to a translator and back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from programme.findings import Finding, Findings
from programme.units import LanguageTag
from programme.words import Script, TranslationState
from scripts.csv_text import render_csv
from scripts.factbook import FactBook
from scripts.house_style import built_in_style
from scripts.script_file import parse_script
from scripts.sheet_files import read_sheet
from scripts.translation_export import make_sheet, render_sheet
from scripts.translation_files import language_of
from scripts.translation_import import (
    ImportPlan,
    plan_import,
    write_import,
)
from scripts.translation_sheet import Row, table_of
from scripts.workspace import Workspace, read_workspace
from tests.scripts.sample_workspace import ES as ES_TEXT
from tests.scripts.sample_workspace import NETWORK, SEGMENT, TODAY, Changes, write_workspace

ES, EN, FR, AR = (LanguageTag(tag) for tag in ("es-419", "en", "fr", "ar"))

Cells = list[list[str]]

STALE_ES = ES_TEXT.replace("sin pagar.", "sin pagar nada.").replace("Llame", "Espere.\nLlame")
"""The source after the translation: line 3 changed, line 5 is new."""

MORE = {
    "altavoz.toml": NETWORK.replace('["es-419", "en"]', '["es-419", "en", "fr", "ar"]')
    + "\n[voices.ar]\naccept_draft = true\n",
    "scripts/asilo/segment.yml": SEGMENT.replace("kind: procedure", "kind: self-care"),
}
"""The sample workspace with two languages more, into which nothing is translated yet."""


def parsed(text: str, language: LanguageTag = ES) -> Script:
    """Read a script that speaks no facts; it has no errors."""
    findings = Findings()
    found = parse_script(
        text,
        file=f"scripts/x/{language}.md",
        segment="x",
        language=language,
        book=FactBook(facts={}, contacts={}),
        style=built_in_style(),
        findings=findings,
    )
    assert found is not None, list(findings)
    return found


def read(root: Path) -> Workspace:
    workspace, _ = read_workspace(root, today=TODAY)
    assert workspace is not None
    return workspace


def made(root: Path, changes: Changes | None = None) -> Workspace:
    return read(write_workspace(root, {**MORE, **(changes or {})}))


def rows(workspace: Workspace, tag: LanguageTag = EN, *only: str) -> tuple[Row, ...]:
    return make_sheet(workspace, tag, only=only).rows


def exported(workspace: Workspace, path: Path, tag: LanguageTag = EN) -> Path:
    """Write a sheet in the form that the file's ending says."""
    sheet = make_sheet(workspace, tag)
    form = path.suffix.lstrip(".")
    path.write_bytes(render_sheet(sheet, form, project="red", dated=date(2026, 11, 22)))
    return path


def table(workspace: Workspace, tag: LanguageTag = EN) -> list[list[str]]:
    return table_of(rows(workspace, tag), source=ES, target=tag)


TRANSLATION, LAST, SOURCE, ID = 4, 3, 2, 9
"""Columns of a sheet."""


def planned(
    workspace: Workspace, path: Path, *, lang: str = "", confirm: bool = False, encoding: str = ""
) -> ImportPlan:
    findings = Findings()
    sheet = read_sheet(path, findings=findings, encoding=encoding)
    assert sheet is not None, list(findings)
    language = language_of(workspace, sheet, lang)
    return plan_import(workspace, sheet, language, confirm=confirm, findings=findings)


def imported(workspace: Workspace, path: Path, *, confirm: bool = False) -> list[Finding]:
    """Import a sheet as the command line does: nothing is written where there is an error."""
    plan = planned(workspace, path, confirm=confirm)
    if not plan.findings.has_errors:
        write_import(workspace, plan)
    return list(plan.findings)


def state(root: Path, tag: LanguageTag = EN) -> TranslationState:
    return read(root).translations["asilo", tag].state


def contents(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def told(findings: list[Finding]) -> list[tuple[int, str]]:
    """Give the row and the rule of each finding that is more than a hint."""
    return [(f.line, f.rule) for f in findings if f.severity != "info"]


def save(cells: Cells, path: Path) -> Path:
    path.write_bytes(render_csv(cells))
    return path


def back(root: Path, tag: LanguageTag, change: Callable[[Cells], object]) -> list[tuple[int, str]]:
    """Export, change the sheet, import; give what was told."""
    workspace = read(root)
    cells = table(workspace, tag)
    change(cells)
    return told(imported(workspace, save(cells, root.parent / "sheet.csv")))


def put(row: int, text: str, column: int = TRANSLATION) -> Callable[[Cells], None]:
    """Change one cell; row 2 of the sheet is the title, 3 to 5 are the sentences."""

    def change(cells: Cells) -> None:
        cells[row - 1][column] = text

    return change
