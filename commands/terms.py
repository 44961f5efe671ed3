"""Commands for terminology: list, export, import."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, print_findings, print_json, print_table, talk
from commands.workspace import dry_run_option, json_option, workspace_option
from programme.errors import ExitCode, ProductionError
from programme.wording import counted

if TYPE_CHECKING:
    from scripts.termbase import TermBase


@click.group()
def terms() -> None:
    """Words to use and to avoid, by concept and language.

    \b
    Example:
      altavoz terms list --lang es
    """


def _terms_of(folder: Path) -> "TermBase":
    """Give the terms of a workspace, or the built-in ones outside of any."""
    from programme.findings import Findings
    from scripts.own_terms import read_own_terms
    from scripts.tree import Tree

    findings = Findings()
    found = read_own_terms(Tree(root=folder.resolve(), findings=findings), findings=findings)
    if findings.has_errors:
        print_findings(findings)
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    return found


_lang_option = click.option(
    "--lang", "tags", multiple=True, metavar="LANG", help="Only this language; may be repeated."
)
_concept_option = click.option("--concept", default="", metavar="ID", help="Only this concept.")


@terms.command("list")
@workspace_option
@_lang_option
@_concept_option
@json_option
def terms_list(folder: Path, tags: tuple[str, ...], concept: str, as_json: bool) -> None:
    """List what is avoided and what is said instead, the workspace's own terms included.

    \b
    Example:
      altavoz terms list --lang es
      altavoz terms list --concept trafficking-in-persons
    """
    from production.tables import Table
    from scripts.term_exchange import chosen_concepts
    from scripts.term_nodes import plain_concept
    from scripts.term_words import first_form

    chosen = chosen_concepts(_terms_of(folder), languages=tags, concept=concept)
    if as_json:
        print_json([plain_concept(one) for one in chosen])
        return
    rows = []
    for one in chosen:
        for tag, found in one.terms.items():
            use = ", ".join(first_form(pattern) for pattern in found.use[:2])
            for row in found.avoid:
                avoid = ", ".join(first_form(pattern) for pattern in row.avoid[:3])
                weight = "off" if row.off else row.severity.value
                rows.append((one.id, tag, row.row, avoid, row.say, weight))
            if not found.avoid:
                rows.append((one.id, tag, "", "", use, ""))
    columns = ("concept", "language", "row", "avoid", "say", "weight")
    print_table(Table(columns=columns, rows=tuple(rows)))
    out(f"{counted(len(chosen), 'concept')}. More of one: altavoz terms list --concept ID --json")


@terms.command("export")
@workspace_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["tbx", "vale", "csv"]),
    required=True,
    help="TBX for translation tools, a folder of styles for Vale, or CSV for a spreadsheet.",
)
@_lang_option
@_concept_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write; for Vale, a folder that does not exist yet, or is empty.",
)
@dry_run_option
def terms_export(  # noqa: PLR0917 - options
    folder: Path, form: str, tags: tuple[str, ...], concept: str, output: Path, dry_run: bool
) -> None:
    """Write terms for other programs.

    \b
    Example:
      altavoz terms export --format tbx -o terms.tbx
      altavoz terms export --format vale --lang es -o vale
    """
    from programme.storage import storage_errors, write_beside
    from scripts.term_exchange import TermFormat, chosen_concepts, render_export

    chosen = chosen_concepts(_terms_of(folder), languages=tags, concept=concept)
    files = render_export(chosen, TermFormat(form))
    is_folder = "" not in files
    if is_folder and output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise ProductionError(
            "something stands here already", where=str(output), remedy="name a new folder"
        )
    if not is_folder and output.is_dir():
        raise ProductionError("this is a folder", where=str(output), remedy="name a file")
    for name, data in files.items():
        path = output / name if name else output
        if dry_run:
            out(f"would write {path}")
            continue
        with storage_errors(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_beside(path, data)
    if not dry_run:
        out(f"Wrote {counted(len(chosen), 'concept')} to {output}")


@terms.command("import")
@workspace_option
@click.option("--name", default="", help="Of the file in terms/; else that of the file given.")
@click.option("--lang", "tag", default="", metavar="LANG", help="Of Vale's rules, which say none.")
@dry_run_option
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, exists=True))
def terms_import(folder: Path, name: str, tag: str, dry_run: bool, source: Path) -> None:
    """Take terms from TBX, from our CSV, or from a folder of Vale's rules, into terms/.

    Where a file of that name stands already, it is added to and written anew: comments in it are
    lost. Nothing is written while anything is wrong.

    \b
    Example:
      altavoz terms import iom.tbx
      altavoz terms import styles/Ours --lang es --name ours
    """
    from programme.findings import Findings
    from programme.storage import write_beside
    from scripts.term_exchange import plan_import
    from scripts.workspace_edit import own_folder

    findings = Findings()
    planned = plan_import(
        source,
        root=folder.resolve(),
        name=name,
        language=tag,
        terms=_terms_of(folder),
        findings=findings,
    )
    print_findings(findings, infos=True)
    if planned is None:
        talk("Nothing was written.")
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    if not planned.concepts:
        out(f"{source.name} says nothing that does not hold here already.")
        return
    count = counted(len(planned.concepts), "concept")
    for id_ in planned.concepts:
        out(id_)
    if dry_run:
        out(f"would write {planned.file}: {count}")
        return
    path = folder.resolve() / planned.file
    own_folder(folder.resolve(), path.parent.name)
    write_beside(path, planned.data)
    out(f"Wrote {planned.file}: {count}")
