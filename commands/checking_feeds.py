"""The command that judges feeds: altavoz check feed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, print_json, room, talk
from commands.workspace import json_option, now, today, workspace_option
from programme.errors import ExitCode
from programme.findings import Severity
from programme.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.findings import Findings
    from scripts.rule_catalogue import Rule


@click.command()
@workspace_option
@json_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="sarif is what code hosts and editors show beside the lines.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write a file."
)
@click.option("--no-files", is_flag=True, help="Open no sound, picture or text that feeds name.")
@click.option("--all", "infos", is_flag=True, help="Show hints, too.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.argument("place", required=False, metavar="[FILE|FOLDER|TARGET|http://127.0.0.1...]")
def feed(  # noqa: PLR0917 - options
    folder: Path,
    as_json: bool,
    form: str,
    output: Path | None,
    no_files: bool,
    infos: bool,
    strict: bool,
    place: str | None,
) -> None:
    """Judge feeds, and the files they name: RSS, Apple, Podcasting 2.0, what players do.

    Without a place, the first target of the workspace. Of a server on this computer every feed
    that the first one names is judged too. Why a rule is there: altavoz explain RULE

    \b
    Example:
      altavoz check feed public
      altavoz check feed public/camino/es-419.xml --all
      altavoz check feed http://127.0.0.1:8000/feeds.opml
    """
    from production.feed_checking import check_place
    from programme.findings import Findings

    judged = check_place(place, workspace=folder, now=now(), today=today(), files=not no_files)
    findings = Findings(items=list(dict.fromkeys(judged.findings)))
    form = "json" if as_json else form
    if output is not None:
        _write(findings, form, output)
    elif form == "text":
        _print_text(findings, infos=infos)
        told = [counted(judged.feeds, "feed"), counted(judged.items, "item")]
        talk(f"Judged: {', '.join([*told, counted(judged.files, 'file')])}")
    elif form == "json":
        print_json([_plain(one) for one in findings])
    else:
        click.echo(_sarif(findings), nl=False)
    if findings.has_errors or (strict and findings.count(Severity.WARNING) > 0):
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def feed_rules() -> "Mapping[str, Rule]":
    """Give the rules of feeds as the catalogue of rules has them, in every reader's language."""
    from feeds.feed_rules import rule_files
    from scripts.rule_catalogue import read_rules

    return {rule.id: rule for text in rule_files() for rule in read_rules(text)}


def _print_text(findings: "Findings", *, infos: bool) -> None:
    from commands.reporting import report_lines

    known = feed_rules() if len(findings) else {}
    for line in report_lines(findings, root=Path(), infos=infos, room=room(), known=known):
        out(line)
    counts = [counted(findings.count(s), s.value) for s in (Severity.ERROR, Severity.WARNING)]
    hints = findings.count(Severity.INFO)
    counts.append(counted(hints, "hint"))
    out(", ".join(counts) + (" (--all)" if hints and not infos else ""))


def _plain(finding: object) -> dict[str, object]:
    keys = ("file", "line", "rule", "severity", "problem", "remedy")
    return {key: getattr(finding, key) for key in keys}


def _sarif(findings: "Findings") -> str:
    from importlib import metadata

    from scripts.sarif import render_sarif

    return render_sarif(findings, version=metadata.version("altavoz"), known=feed_rules())


def _write(findings: "Findings", form: str, output: Path) -> None:
    import json

    from commands.reporting import report_lines
    from programme.storage import write_beside

    if form == "sarif":
        text = _sarif(findings)
    elif form == "json":
        text = json.dumps([_plain(one) for one in findings], ensure_ascii=False, indent=2) + "\n"
    else:
        lines = report_lines(findings, root=None, infos=True, known=feed_rules())
        text = "\n".join([*lines, ""])
    write_beside(output, text.encode("utf-8"))
    talk(f"Written to {output}")
