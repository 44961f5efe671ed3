"""Commands for recordings by people: add, import and list; the kit and the review lie beside."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.later import LaterGroup
from commands.terminal import out, out_wrapped, print_json, print_table, talk, talk_wrapped
from commands.workspace import (
    dry_run_option,
    echo_language,
    is_workspace_or_stop,
    json_option,
    look_at,
    read,
    today,
    workspace_option,
)
from programme.errors import ExitCode

if TYPE_CHECKING:
    from production.takes.importing import TakeImport


@click.group(
    cls=LaterGroup,
    later={
        "kit": "commands.takes_kit:takes_kit",
        "review": "commands.takes_kit:takes_review",
        "decide": "commands.takes_kit:takes_decide",
        "accept": "commands.takes_kit:takes_accept",
        "reject": "commands.takes_kit:takes_reject",
    },
)
def takes() -> None:
    """Recordings by people.

    \b
    Example:
      altavoz takes kit --lang quc
      altavoz takes import ~/Downloads/takes-quc.zip
      altavoz takes list --lang quc
    """


@takes.command("add")
@workspace_option
@click.option("--note", default="", help="Kept with the recording; no names of persons.")
@click.argument("segment")
@click.argument("tag", metavar="LANG")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
def takes_add(folder: Path, note: str, segment: str, tag: str, files: tuple[Path, ...]) -> None:
    """Add a recording of a segment: one file, or one for each sentence in order.

    Only its sound is kept, as FLAC. It airs whatever is measured in it, as you chose it yourself;
    many files, or files that you have not heard, are better brought in with takes import.

    \b
    Example:
      altavoz takes add water ht water-ht.wav
    """
    from production.takes.adding import add_takes
    from production.takes.words import fault_words

    workspace = read(folder, today=today())
    path, found = add_takes(workspace, segment, tag, files, note=note)
    echo_language(tag)
    out(f"Kept in {path}")
    for take in found:
        for fault in take.faults:
            heard, remedy = fault_words(fault, workspace.network.source_language)
            talk_wrapped(f"{take.file}: {heard} {remedy}")
    if workspace.network.review_recordings:
        talk("It airs once somebody has accepted it: altavoz takes review")
    else:
        talk("Listen to it after the next build: altavoz build")


@takes.command("import")
@workspace_option
@click.option("--lang", "tag", default="", help="Only takes in this language.")
@click.option(
    "--replace",
    "replaces",
    is_flag=True,
    help="Let a take that waits for review take the place of one that airs.",
)
@dry_run_option
@json_option
@click.argument("source", type=click.Path(path_type=Path, exists=True), metavar="FOLDER|ZIP")
def takes_import(
    *, folder: Path, tag: str, replaces: bool, dry_run: bool, as_json: bool, source: Path
) -> None:
    """Bring in what somebody recorded: a folder, or the ZIP of the recording page.

    Files are matched to their lines by name, such as water_ht_003.m4a, or water_ht_all.m4a for a
    whole segment. Only their sound is kept, as FLAC; names, places and devices that a telephone
    writes into a file stay outside. Each take is measured: a good one airs, another waits until
    somebody has accepted it. With "review = true" under [recordings] in altavoz.toml, all wait.

    \b
    Example:
      altavoz takes import ~/Downloads/takes-quc.zip
      altavoz takes import takes/ --lang quc --dry-run
    """
    from production.takes.importing import import_takes, languages_for
    from production.takes.report import import_lines, import_table, plain_import

    with alone(folder, dry_run=dry_run):
        workspace = read(folder, today=today())
        language = workspace.network.source_language
        done = import_takes(
            workspace,
            source,
            languages=languages_for(workspace, tag),
            replaces=replaces,
            dry_run=dry_run,
        )
    if as_json:
        print_json(plain_import(done, language, dry_run=dry_run))
    else:
        echo_language(tag)
        if done.takes:
            print_table(import_table(done, dry_run=dry_run))
        for line in import_lines(done, language):
            out_wrapped(line)
        _say_what_next(done)
    if done.arrivals.refused or any(take.held for take in done.takes):
        raise click.exceptions.Exit(ExitCode.FINDINGS)


@contextlib.contextmanager
def alone(folder: Path, *, dry_run: bool) -> Iterator[None]:
    """Hold the workspace's lock: two who write at once would each lose what the other brought."""
    if dry_run:
        yield
        return
    from production.building import Workshop

    is_workspace_or_stop(folder, today=today())  # a folder that is none gets no lock
    with Workshop(folder.resolve()).open():
        yield


def _say_what_next(done: "TakeImport") -> None:
    if not done.takes and not done.arrivals.refused:
        talk("There are no recordings in it.")
    elif any(not take.airs and not take.stale and not take.held for take in done.takes):
        talk("Listen, and accept or reject: altavoz takes review")
    elif done.takes:
        talk("Listen to it after the next build: altavoz build")


@takes.command("list")
@workspace_option
@click.option("--lang", "tag", default="", help="Only one language.")
@json_option
def takes_list(*, folder: Path, tag: str, as_json: bool) -> None:
    """List the recordings: what airs, what is stale and why, what waits, what is missing.

    \b
    Example:
      altavoz takes list --lang quc
    """
    from production.takes.importing import languages_for
    from production.takes.listing import list_takes, takes_lines, takes_table

    workspace = look_at(folder, today=today())
    listed = list_takes(workspace, languages_for(workspace, tag))
    if as_json:
        print_json([one.plain() for one in listed])
        return
    echo_language(tag)
    if not listed:
        talk_wrapped(
            "Nobody has recorded anything yet; hand out a kit with: "
            f"altavoz takes kit --lang {tag or 'TAG'}"
        )
        return
    print_table(takes_table(listed))
    for line in takes_lines(listed):
        out_wrapped(line)
