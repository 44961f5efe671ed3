"""Faults of a sheet that came back: each is told at its row, and nothing is written."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from scripts.sheet_files import read_sheet
from scripts.translation_files import language_of
from tests.scripts.sample_workspace import EN as EN_TEXT
from tests.scripts.sample_workspace import ES as ES_TEXT
from tests.scripts.translating import (
    AR,
    EN,
    FR,
    ID,
    LAST,
    SOURCE,
    STALE_ES,
    TRANSLATION,
    Cells,
    back,
    contents,
    exported,
    imported,
    made,
    planned,
    put,
    read,
    save,
    table,
    told,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made(tmp_path / "red")
    return tmp_path / "red"


FAULTS: list[tuple[Callable[[Cells], object], list[tuple[int, str]]]] = [
    (put(5, "Call us."), [(5, "translation.row-placeholder")]),
    (put(5, "Call {{phone:line}}."),
     [(5, "placeholder.id"), (5, "translation.row-placeholder")]),
    (put(3, "Ask {{phone:linea}}."), [(3, "translation.row-placeholder")]),
    (put(5, "Call eight 800 {{phone:linea}}."), [(5, "words.raw-digits")]),
    (put(5, "Call *now* {{phone:linea}}."), [(5, "words.markup")]),
    (put(3, "Ask\u202e for asylum."), [(3, "words.bidi")]),
    (put(3, "Спросите об убежище."), [(3, "words.letter")]),
    (put(3, '{{allow words.x reason="because"}} Ask.'), [(3, "translation.row-mark")]),
    (put(3, "<!-- Ask -->"), [(3, "translation.row-markup")]),
    (put(3, "# Ask"), [(3, "translation.row-markup")]),
    (put(3, "Ask for as?lum."), [(3, "translation.row-letters")]),
    (put(2, "Two\nlines"), [(2, "translation.row-title")]),
    (put(3, "^"), [(3, "translation.row-joined")]),
    (put(3, "Pida refugio sin pagar.", TRANSLATION), [(3, "translation.row-same")]),
    (put(3, "Otra cosa.", SOURCE), [(3, "translation.row-source")]),
    (lambda cells: (put(3, "Something else.", LAST)(cells), put(3, "Ask for it.")(cells)),
     [(3, "translation.row-overwritten")]),
    (put(3, "asilo/ffffffffffff", ID), [(3, "translation.row-unknown")]),
    (put(3, "nada/ffffffffffff", ID), [(3, "translation.row-unknown")]),
    (put(3, "7", ID), [(3, "translation.row-unknown")]),
    (lambda cells: cells.append([*cells[2][:4], "Other.", *cells[2][5:]]),
     [(6, "translation.row-double")]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), FAULTS)
def test_every_fault_is_told_at_its_row_and_nothing_is_written(
    change: Callable[[Cells], object], expected: list[tuple[int, str]], root: Path
) -> None:
    before = contents(root)
    found = back(root, EN, change)
    assert found == expected
    if found[0][1] != "translation.row-same":
        assert contents(root) == before


def test_a_forbidden_term_is_told_with_what_to_say(root: Path) -> None:
    workspace = read(root)
    cells = table(workspace)
    cells[2][TRANSLATION] = "Illegal immigrants may ask for asylum."
    plan = planned(workspace, save(cells, root.parent / "sheet.csv"))
    (found,) = [f for f in plan.findings if f.severity == "error"]
    assert (found.file, found.line, found.rule.partition(".")[0]) == ("sheet.csv", 3, "terms")
    assert found.remedy


def test_all_faults_are_told_at_once(root: Path) -> None:
    def change(cells: Cells) -> None:
        cells[2][TRANSLATION] = "Ask 5 times."
        cells[4][TRANSLATION] = "Call."

    assert back(root, EN, change) == [
        (3, "words.raw-digits"),
        (5, "translation.row-placeholder"),
    ]


def test_words_in_the_letters_of_another_language_are_told(root: Path) -> None:
    assert (3, "translation.row-script") in back(root, AR, put(3, "Ask for asylum."))


@pytest.mark.parametrize("form", ["csv", "xlsx", "po"])
def test_what_was_corrected_here_meanwhile_is_never_undone(form: str, root: Path) -> None:
    path = exported(read(root), root.parent / f"sheet.{form}")
    text = root / "scripts/asilo/en.md"
    text.write_text(EN_TEXT.replace("Ask for asylum", "Ask for refuge"), encoding="utf-8")
    before = contents(root)
    # the translator left the row alone: there is nothing to take
    assert told(imported(read(root), path)) == []
    assert contents(root) == before


def test_work_on_words_that_were_corrected_meanwhile_is_refused_in_po_too(root: Path) -> None:
    path = exported(read(root), root.parent / "sheet.po")
    path.write_text(path.read_text("utf-8").replace("Ask for", "Beg for"), "utf-8")
    text = root / "scripts/asilo/en.md"
    text.write_text(EN_TEXT.replace("Ask for asylum", "Ask for refuge"), encoding="utf-8")
    before = contents(root)
    rules = [rule for _, rule in told(imported(read(root), path))]
    assert rules == ["translation.row-overwritten"]
    assert contents(root) == before


def test_a_number_moved_to_another_row_is_only_a_warning(root: Path) -> None:
    def change(cells: Cells) -> None:
        cells[2][TRANSLATION] = "Call {{phone:linea}}."
        cells[4][TRANSLATION] = "Ask without paying."

    assert {rule for _, rule in back(root, EN, change)} == {"translation.row-placeholder-moved"}


def test_the_source_that_changed_meanwhile_is_a_conflict_where_there_is_work(root: Path) -> None:
    cells = table(read(root))
    cells[2][TRANSLATION] = "Ask for it."
    path = save(cells, root.parent / "sheet.csv")
    (root / "scripts/asilo/es-419.md").write_text(
        ES_TEXT.replace("sin pagar", "gratis").replace("Llame", "Marque"), encoding="utf-8"
    )
    before = contents(root)
    found = [f for f in imported(read(root), path) if f.rule == "translation.row-conflict"]
    # row 3 was worked on; row 5 came back as it went out
    assert [(f.line, f.severity) for f in found] == [(3, "error"), (5, "warning")]
    assert contents(root) == before


def test_rows_that_are_missing_are_told_and_stay_as_they_are(tmp_path: Path) -> None:
    root = made(tmp_path / "red", {"scripts/asilo/es-419.md": STALE_ES}).root

    def change(cells: Cells) -> None:
        cells[2][TRANSLATION] = "Ask for asylum."
        del cells[4]

    assert back(root, EN, change) == [(2, "translation.row-missing")]
    assert read(root).translations["asilo", EN].changed_lines == (5,)


def test_the_language_of_a_sheet_must_be_one_and_the_one_that_is_meant(root: Path) -> None:
    workspace = read(root)
    path = save(table(workspace, FR), root.parent / "sheet.csv")
    with pytest.raises(ProductionError, match="this sheet is in fr, not in en") as error:
        planned(workspace, path, lang="en")
    assert error.value.code is ExitCode.USAGE
    cells = table(workspace, FR)
    cells[0][TRANSLATION] = "translation en"
    findings = Findings()
    assert read_sheet(save(cells, path), findings=findings) is None
    assert [f.rule for f in findings] == ["translation.sheet-language"]
    cells[0][TRANSLATION] = cells[0][LAST] = "translation"
    cells[0][LAST] = "last translation"
    found = read_sheet(save(cells, path), findings=findings)
    assert found is not None
    with pytest.raises(ProductionError, match="does not say which language"):
        language_of(workspace, found, "")
    assert language_of(workspace, found, "fr") == "fr"
    with pytest.raises(ProductionError, match="source language"):
        language_of(workspace, found, "es-419")
    with pytest.raises(ProductionError, match="not a language of this network"):
        language_of(workspace, found, "de")


def test_a_formula_in_a_sheet_is_words_that_cannot_be_said(root: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    workspace = read(root)
    for line in table(workspace):
        sheet.append(line)
    sheet.cell(row=3, column=5).value = '=HYPERLINK("https://example.org","Ask")'
    book.save(root.parent / "sheet.xlsx")
    before = contents(root)
    # the formula was never reckoned: an empty cell, so that the line stays
    assert told(imported(workspace, root.parent / "sheet.xlsx")) == []
    cells = table(workspace)
    cells[2][TRANSLATION] = "=1+1"
    assert told(imported(workspace, save(cells, root.parent / "sheet.csv")))[0][0] == 3
    assert contents(root) == before
