"""Commands that judge words: check, and explain why."""

import gc
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.columns import wrapped_lines
from commands.found import findings_options, show_findings
from commands.later import LaterGroup
from commands.terminal import out, print_json, room, talk
from commands.workspace import json_option, read_and_check, today, workspace_option
from programme.errors import ExitCode, ProductionError
from programme.findings import Severity
from programme.kept_findings import EVERY_KEY
from programme.notices import is_announced

if TYPE_CHECKING:
    from programme.network import Network
    from scripts.house_style import HouseStyle

_LATER = "      "


@click.group(
    cls=LaterGroup,
    later={"feed": "commands.checking_feeds:feed"},
    invoke_without_command=True,
)
@workspace_option
@json_option
@findings_options
@click.option("--all", "infos", is_flag=True, help="Show hints, and what was silenced and why.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.pass_context
def check(  # noqa: PLR0917 - options
    context: click.Context,
    folder: Path,
    as_json: bool,
    form: str,
    output: Path | None,
    infos: bool,
    strict: bool,
) -> None:
    """Report every fault at once: file, line, the words, why, what to do.

    A rule is silenced at its line, with a reason that is kept:
    {{allow RULE reason="why"}}

    \b
    Example:
      altavoz check
      altavoz check --all
      altavoz check --format sarif -o altavoz.sarif
      altavoz check feed public
    """
    if context.invoked_subcommand is not None:
        return
    gc.disable()  # before the import, which makes ten thousand values that stay
    try:
        workspace, findings = read_and_check(folder, today=today(), keep=True)
        if workspace is not None and any(is_announced(name) for name, _ in workspace.recordings):
            from production.notices.takes import check_notice_takes

            check_notice_takes(workspace, findings)
    finally:
        # This process ends soon: what was read need never be looked through for cycles.
        gc.freeze()
        gc.enable()
    form = "json" if as_json else form
    show_findings(findings, form, output, root=folder.resolve(), infos=infos, keys=EVERY_KEY)
    if workspace is not None and form == "text" and output is None:
        _print_languages(workspace.network)
    stops = findings.has_errors or (strict and findings.count(Severity.WARNING) > 0)
    if workspace is None or stops:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _print_languages(network: "Network") -> None:
    """Say what each tag means: a tag can be valid and of another language."""
    from scripts.language_names import name_line

    for number, line in enumerate(name_line(network)):
        out(f"{'' if number else 'languages:':<11}{line}")


@click.command()
@workspace_option
@json_option
@click.option("--lang", "tag", default="", help="The language to explain in: en, es, fr or pt.")
@click.argument("term", nargs=-1, required=True)
def explain(folder: Path, as_json: bool, tag: str, term: tuple[str, ...]) -> None:
    """Say why a rule or a word is reported: the reason, the source, what to write instead.

    TERM is a rule as it stands in brackets in a finding, or a word or phrase.

    \b
    Example:
      altavoz explain plain.sentence-length
      altavoz explain feed-enclosure.length
      altavoz explain --lang es trata de blancas
    """
    from commands.checking_feeds import feed_rules
    from scripts.explaining import explain_text
    from scripts.rule_catalogue import READERS

    reader = tag or "en"
    if reader.partition("-")[0] not in READERS:
        talk(
            f"Rules are not explained in {reader}; this is English. There is {', '.join(READERS)}."
        )
    entries, near = explain_text(
        " ".join(term), reader=reader, style=_style(folder), more=feed_rules()
    )
    if not entries:
        raise ProductionError(
            f"nothing is known of «{' '.join(term)}»",
            where="altavoz explain",
            remedy=near or "name a rule from the brackets of a finding, or a word it quotes",
            code=ExitCode.USAGE,
        )
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    for number, entry in enumerate(entries):
        if number:
            out()
        for line in entry.lines():
            text = line.lstrip(" ")
            indent = line[: len(line) - len(text)]
            for row in wrapped_lines(
                text, room=min(room() or 100, 100), indent=indent, later=_LATER
            ):
                out(row)


def _style(folder: Path) -> "HouseStyle":
    """Give the workspace's own house style, or the built-in one outside of a workspace."""
    from scripts.house_style import built_in_style
    from scripts.workspace import read_workspace

    if not (folder / "altavoz.toml").is_file():
        return built_in_style()
    workspace, _ = read_workspace(folder.resolve(), today=today())
    return built_in_style() if workspace is None else workspace.style
