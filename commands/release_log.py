"""The story of an episode: what went out, what changed and why, and what was taken back."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, out_wrapped, print_json, show_error, talk
from commands.workspace import json_option, look_at, today, workspace_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from production.ledger.merging import MergeProblem
    from scripts.workspace import Workspace

_CAMINO = "camino-breves/camino-breves-003"


@click.command("log")
@workspace_option
@json_option
@click.option(
    "--target", default="", metavar="NAME", help="Only what went there; all targets by default."
)
@click.option("--lang", "tag", default="en", help="The language to tell it in: en, es, fr or pt.")
@click.argument("names", nargs=-1, metavar="[SERIES[/EPISODE[/LANG]]]...")
def release_log(folder: Path, as_json: bool, target: str, tag: str, names: tuple[str, ...]) -> None:
    """Tell the story of an episode, as the ledger holds it.

    What was published, corrected and withdrawn, where, when and why, what changed, what tells
    listeners of it, in which packs it was and where they went; every moment by your clock and in
    UTC. No private station is named: see altavoz shipments for those. What a merge in git left to
    decide is told at the end.

    \b
    Example:
      altavoz release log spots/spots-1
      altavoz release log spots/spots-1/en --json
      altavoz release log --lang es spots
    """
    from production.ledger.ledger import Ledger
    from production.ledger.merging import find_problems
    from production.releases.log import tell_stories
    from production.releases.log_words import nothing_line, readers, story_lines, story_plain

    workspace = look_at(folder, today=today())
    _check_target(workspace, target)
    reader = tag.partition("-")[0]
    if reader not in readers():
        talk(f"The log is not told in {tag}; this is English. There is {', '.join(readers())}.")
        reader = "en"
    ledger = Ledger(workspace.root)
    stories = tell_stories(
        ledger, names, base_url=workspace.network.base_url, today=today(), target=target
    )
    targets = dict.fromkeys(name for story in stories for name in story.now)
    problems = [one for name in targets for one in find_problems(ledger, name)]
    if as_json:
        print_json(
            {
                "stories": [story_plain(story, _local) for story in stories],
                "problems": [one.plain() for one in dict.fromkeys(problems)],
            }
        )
        return
    for number, story in enumerate(stories):
        if number:
            out()
        for line in story_lines(story, reader=reader, local=_local):
            out_wrapped(line)
    if not stories:
        out(nothing_line(reader))
    tell_problems(problems)


def _local(moment: datetime) -> datetime:
    return moment.astimezone()


def _check_target(workspace: "Workspace", target: str) -> None:
    """Refuse a target that neither altavoz.toml nor the ledger knows."""
    from production.ledger.ledger import Ledger
    from production.publish.publishing import choose_target

    known = {str(e.facts["target"]) for e in Ledger(workspace.root).events("released")}
    if target and target not in known:
        choose_target(workspace, target)


def tell_problems(problems: "Sequence[MergeProblem]") -> None:
    """Say what a merge in git left to decide."""
    from programme.errors import ProductionError

    for one in dict.fromkeys(problems):
        show_error(ProductionError(one.problem, where=one.about, remedy=one.remedy))
