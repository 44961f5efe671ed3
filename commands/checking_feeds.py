"""The command that judges feeds: altavoz check feed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.found import findings_options, show_findings
from commands.terminal import talk
from commands.workspace import json_option, now, today, workspace_option
from programme.errors import ExitCode
from programme.findings import Severity
from programme.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.rule_catalogue import Rule


@click.command()
@workspace_option
@json_option
@findings_options
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
    from production.catalogue.feed_checking import check_place
    from programme.findings import Findings

    judged = check_place(place, workspace=folder, now=now(), today=today(), files=not no_files)
    findings = Findings(items=list(dict.fromkeys(judged.findings)))
    form = "json" if as_json else form
    show_findings(findings, form, output, root=Path(), infos=infos, known=feed_rules)
    if form == "text" and output is None:
        told = [counted(judged.feeds, "feed"), counted(judged.items, "item")]
        talk(f"Judged: {', '.join([*told, counted(judged.files, 'file')])}")
    if findings.has_errors or (strict and findings.count(Severity.WARNING) > 0):
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def feed_rules() -> "Mapping[str, Rule]":
    """Give the rules of feeds as the catalogue of rules has them, in every reader's language."""
    from feeds.feed_rules import rule_tables
    from scripts.rule_catalogue import read_rules

    return {rule.id: rule for table in rule_tables() for rule in read_rules(table)}
