"""Commands for translations: their state, sheets for translators, and what comes back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, print_findings, print_json, print_table, talk
from commands.workspace import (
    dry_run_option,
    echo_language,
    json_option,
    read,
    today,
    workspace_option,
)
from programme.errors import ExitCode, ProductionError
from programme.wording import counted

if TYPE_CHECKING:
    from scripts.translation_import import ImportPlan
    from scripts.workspace import Workspace


def _open(folder: Path) -> "Workspace":
    """Read a workspace whose texts may have errors: they may be what is to be put right."""
    from scripts.workspace import read_workspace

    workspace, findings = read_workspace(folder.resolve(), today=today())
    if workspace is None:
        print_findings(findings)
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    if findings.has_errors:
        talk("This workspace has errors; see them with: altavoz check")
    return workspace


@click.group()
def translate() -> None:
    """Keep translations in step with their source.

    \b
    Example:
      altavoz translate status
      altavoz translate export --lang fr
      altavoz translate import fr.xlsx
    """


@translate.command("status")
@workspace_option
@click.option("--lang", "tags", multiple=True, help="A language; may be given again.")
@click.option("--segment", "segments", multiple=True, help="A segment; may be given again.")
@json_option
def translate_status(
    folder: Path, tags: tuple[str, ...], segments: tuple[str, ...], as_json: bool
) -> None:
    """Show what is to be translated and recorded, with the words that changed.

    \b
    Example:
      altavoz translate status
      altavoz translate status --lang fr --segment water
    """
    from production.translation_status import translation_status
    from scripts.translation_files import known_language, known_segment

    workspace = _open(folder)
    source = workspace.network.source_language
    found = translation_status(
        workspace,
        languages=[source if tag == source else known_language(workspace, tag) for tag in tags],
        segments=[known_segment(workspace, name) for name in segments],
    )
    if as_json:
        print_json(found.plain())
        return
    lines = found.lines()
    for line in lines:
        out(line)
    if lines:
        out()
    print_table(found.table())


@translate.command("export")
@workspace_option
@click.option("--lang", "tag", required=True, help="The language to translate into.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["xlsx", "csv", "po"]),
    help="By default the ending of the output file, else xlsx.",
)
@click.option(
    "--only", default="", help="States of lines, such as stale,missing; all lines by default."
)
@click.option("--segment", "segments", multiple=True, help="A segment; may be given again.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; by default NETWORK-LANG.xlsx in the folder you are in.",
)
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
def translate_export(  # noqa: PLR0917 - options
    folder: Path,
    tag: str,
    form: str | None,
    only: str,
    segments: tuple[str, ...],
    output: Path | None,
    replace: bool,
) -> None:
    """Write a sheet for a translator: source, last translation, what changed, notes, seconds.

    XLSX opens well everywhere. CSV is UTF-8 with commas. PO is for Poedit and Weblate.

    \b
    Example:
      altavoz translate export --lang fr
      altavoz translate export --lang fr --only stale,missing -o for-the-translator.xlsx
      altavoz translate export --lang quc --format po
    """
    from programme.storage import write_beside
    from scripts.translation_export import make_sheet, render_sheet
    from scripts.translation_files import known_language, known_segment

    workspace = _open(folder)
    language = known_language(workspace, tag)
    sheet = make_sheet(
        workspace,
        language,
        segments=[known_segment(workspace, name) for name in segments],
        only=_states(only),
    )
    form = form or _form_of(output)
    output = output or Path(f"{workspace.network.id}-{language}.{form}")
    for name in sheet.skipped:
        talk(f"Left out: {name}, whose source has errors")
    if not sheet.rows:
        out("Nothing to translate: no line is in that state.")
        return
    if output.exists() and not replace:
        raise ProductionError(
            "this file is there already: it may be a translator's work",
            where=str(output),
            remedy="import it, name another with -o, or write over it with --replace",
            code=ExitCode.USAGE,
        )
    data = render_sheet(sheet, form, project=workspace.network.id, dated=today())
    write_beside(output, data)
    texts = len({row.segment for row in sheet.rows})
    out(f"{output}: {counted(len(sheet.rows), 'line')} of {counted(texts, 'segment')}")
    echo_language(language)
    talk(f"When it comes back: altavoz translate import {output.name}")


def _form_of(output: Path | None) -> str:
    ending = output.suffix.lower().lstrip(".") if output else ""
    return ending if ending in {"xlsx", "csv", "po"} else "xlsx"


def _states(only: str) -> list[str]:
    from scripts.translation_export import STATES
    from scripts.wording import did_you_mean

    wanted = [word.strip() for word in only.split(",") if word.strip()]
    for word in wanted:
        if word not in STATES:
            raise ProductionError(
                f"--only: there is no state {word}",
                remedy=did_you_mean(word, STATES, "the states are " + ", ".join(STATES)),
                code=ExitCode.USAGE,
            )
    return wanted


@translate.command("import")
@workspace_option
@click.option("--lang", "tag", default="", help="The language, where the file does not say it.")
@click.option("--encoding", default="", help="Of a CSV, where Altavoz cannot tell; such as cp1252.")
@click.option("--confirm", is_flag=True, help="Take words that were left as before as looked at.")
@click.option("--partial", is_flag=True, help="Write the segments without errors.")
@dry_run_option
@json_option
@click.argument("file", type=click.Path(path_type=Path))
def translate_import(  # noqa: PLR0917 - options
    folder: Path,
    tag: str,
    encoding: str,
    confirm: bool,
    partial: bool,
    dry_run: bool,
    as_json: bool,
    file: Path,
) -> None:
    """Take a translator's sheet back: every fault by file and row, nothing written if there is one.

    FILE is CSV in whatever encoding, XLSX, XLS, ODS or PO.

    \b
    Example:
      altavoz translate import fr.xlsx --dry-run
      altavoz translate import fr.xlsx
    """
    from programme.findings import Findings
    from scripts.sheet_files import read_sheet
    from scripts.translation_files import language_of
    from scripts.translation_import import plan_import, write_import

    workspace = _open(folder)
    findings = Findings()
    sheet = read_sheet(file, findings=findings, encoding=encoding)
    if sheet is None:
        print_findings(findings)
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    language = language_of(workspace, sheet, tag)
    plan = plan_import(workspace, sheet, language, confirm=confirm, findings=findings)
    stopped = plan.findings.has_errors and not partial
    if not dry_run and not stopped:
        write_import(workspace, plan)
    written = not dry_run and not stopped
    if as_json:
        print_json(_plain(plan, written=written))
    else:
        _tell(plan, written=written, dry_run=dry_run)
    if plan.findings.has_errors:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _tell(plan: "ImportPlan", *, written: bool, dry_run: bool) -> None:
    print_findings(plan.findings)
    for one in plan.to_write:
        verb = "would be" if dry_run else "is now" if written else "was not written:"
        out(f"{one.file}: {counted(one.new, 'new line')}; {verb} {one.state.value}")
    same = sum(one.change is None and not one.has_errors for one in plan.segments)
    faulty = sum(one.has_errors for one in plan.segments)
    verb = "would be written" if dry_run else "written"
    changed = len(plan.to_write) if written or dry_run else 0
    out(f"{counted(changed, 'segment')} {verb}, {same} unchanged, {faulty} with errors.")
    waiting = sum(found.rule == "translation.row-empty" for found in plan.findings)
    if waiting:
        talk(f"Not translated yet, and left as before: {counted(waiting, 'row')}.")
    if plan.findings.has_errors and not written:
        talk("Nothing was written. --partial writes the segments without errors.")


def _plain(plan: "ImportPlan", *, written: bool) -> dict[str, object]:
    keys = ("file", "line", "rule", "severity", "problem", "remedy")
    return {
        "language": plan.language,
        "written": written,
        "segments": [
            {
                "segment": one.segment,
                "file": one.file,
                "rows": one.rows,
                "new": one.new,
                "changes": one.change is not None,
                "state": one.state.value,
                "errors": one.has_errors,
            }
            for one in plan.segments
        ],
        "findings": [{key: getattr(finding, key) for key in keys} for finding in plan.findings],
    }


@translate.command("done")
@workspace_option
@click.argument("segment")
@click.argument("tag", metavar="LANG")
def translate_done(folder: Path, segment: str, tag: str) -> None:
    """Say that a translation matches the source as it is now.

    \b
    Example:
      altavoz translate done welcome en
    """
    from scripts.workspace_edit import confirm_translation

    path = confirm_translation(read(folder, today=today()), segment, tag)
    echo_language(tag)
    out(f"Noted in {path}")
