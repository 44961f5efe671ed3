"""Commands for people who record: the kit that they get, and the review of what they give back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.takes import alone
from commands.terminal import out, print_json, talk, talk_wrapped
from commands.workspace import (
    dry_run_option,
    echo_language,
    json_option,
    look_at,
    read,
    today,
    workspace_option,
)
from programme.errors import ExitCode
from programme.notices import NoticeKind
from programme.takes import TakeReview
from programme.units import LanguageTag
from programme.wording import counted

if TYPE_CHECKING:
    from production.takes.kit import TakeKit
    from production.takes.review import Decided


@click.command("kit")
@workspace_option
@click.option("--lang", "tag", required=True, help="The language that is spoken.")
@click.option("--segment", "segments", multiple=True, help="A segment; may be given again.")
@click.option(
    "--only",
    "wanted",
    type=click.Choice(["needed", "missing", "stale", "all"]),
    default="needed",
    show_default=True,
    help="needed: what is missing, rejected or stale.",
)
@click.option(
    "--notices",
    is_flag=True,
    help="What is said of messages that are withdrawn, corrected or out of date.",
)
@click.option("--whole", is_flag=True, help="One recording for each segment, not each sentence.")
@click.option(
    "-o",
    "--out",
    "place",
    type=click.Path(path_type=Path),
    help="The folder to write; by default NETWORK-LANG-kit, or NETWORK-LANG-notices-kit, in the "
    "folder you are in.",
)
@click.option("--zip", "zipped", is_flag=True, help="Write one ZIP in the place of a folder.")
@click.option("--replace", is_flag=True, help="Write over a kit that is there.")
@dry_run_option
@json_option
def takes_kit(  # noqa: PLR0917 - options
    folder: Path,
    tag: str,
    segments: tuple[str, ...],
    wanted: str,
    notices: bool,
    whole: bool,
    place: Path | None,
    zipped: bool,
    replace: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make a folder for a person who records: a sheet to print, and a page that records.

    record.html records in a browser without network and gives all takes back as one ZIP for
    altavoz takes import. Where a language has no text, the source is given to be said in it.

    With --notices it holds the words of spoken notices, recorded once for all messages. A language
    without a voice needs them, or what is withdrawn in it is told of in writing alone.

    \b
    Example:
      altavoz takes kit --lang quc
      altavoz takes kit --lang ht --segment water --zip
      altavoz takes kit --lang ht --notices
    """
    from production.takes.kit import make_take_kit
    from production.takes.kit_choice import Wanted
    from production.takes.kit_folder import kit_place, refuse_kit_place, write_kit

    if notices:
        segments = (*segments, *(kind.segment for kind in NoticeKind))
    workspace = read(folder, today=today())
    kit = make_take_kit(
        workspace,
        LanguageTag(tag),
        segments=tuple(dict.fromkeys(segments)),
        wanted=Wanted(wanted),
        whole=whole,
        today=today(),
    )
    echo_language(tag)
    where = place or kit_place(
        workspace.network.id, LanguageTag(tag), notices=notices, zipped=zipped
    )
    if kit.prompts:
        refuse_kit_place(where, zipped=zipped, replacing=replace)
        if not dry_run:
            write_kit(kit, where, zipped=zipped)
    if as_json:
        print_json(_plain(kit, where))
    else:
        _print_kit(kit, where, dry_run=dry_run)


def _plain(kit: "TakeKit", where: Path) -> dict[str, object]:
    return {
        "language": kit.language,
        "place": str(where) if kit.prompts else None,
        "minutes": kit.minutes,
        "prompts": [prompt.name.stem for prompt in kit.prompts],
        "skipped": [
            {"segment": one.segment, "why": one.why, "remedy": one.remedy} for one in kit.skipped
        ],
    }


def _print_kit(kit: "TakeKit", where: Path, *, dry_run: bool) -> None:
    for one in kit.skipped:
        talk(f"left out: {one.segment}: {one.why}\n    {one.remedy}")
    if kit.unplayed:
        talk_wrapped(
            f"left out: {counted(kit.unplayed, 'segment')} that no episode in {kit.language} "
            "plays; "
            "name them with --segment"
            + ("" if kit.prompts else f", or add {kit.language} to languages in series/")
        )
    if not kit.prompts:
        out(f"Nothing is to be recorded in {kit.language}.")
        return
    what = f"{counted(len(kit.prompts), 'recording')} of {counted(len(kit.parts), 'segment')}"
    verb = "would be in" if dry_run else "in"
    out(f"{what}, some {counted(kit.minutes, 'minute')}, {verb} {where}")
    if not dry_run:
        talk("Hand it over. What comes back: altavoz takes import ZIP")


@click.command("review")
@workspace_option
@click.option("--lang", "tags", multiple=True, help="A language; may be given again.")
@click.option("--segment", "segments", multiple=True, help="A segment; may be given again.")
@click.option("--all", "everything", is_flag=True, help="Also takes that somebody has decided.")
@click.option(
    "-o",
    "--out",
    "place",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("review.html"),
    show_default=True,
    help="The page to write.",
)
@json_option
def takes_review(
    *,
    folder: Path,
    tags: tuple[str, ...],
    segments: tuple[str, ...],
    everything: bool,
    place: Path,
    as_json: bool,
) -> None:
    """Make a page on which new takes are heard, and accepted or rejected.

    The page is one file with its sound in it: send it to somebody who speaks the language. It
    gives decisions.json back, for altavoz takes decide.

    \b
    Example:
      altavoz takes review --lang quc --out review-quc.html
    """
    from production.takes.review import take_name, takes_to_hear
    from production.takes.review_page import refuse_page_place, render_review
    from programme.storage import write_beside

    refuse_page_place(place)
    workspace = look_at(folder, today=today())
    takes = list(
        takes_to_hear(
            workspace,
            languages=[LanguageTag(tag) for tag in tags],
            segments=segments,
            everything=everything,
        )
    )
    for tag in tags:
        echo_language(tag)
    if takes:
        write_beside(place, render_review(workspace, takes))
    if as_json:
        names = [take_name(take.segment, take.language, take.line) for take in takes]
        print_json({"page": str(place) if takes else None, "takes": names})
    elif takes:
        out(f"{counted(len(takes), 'take')} to be heard in {place}")
        talk("What comes back: altavoz takes decide decisions.json")
    else:
        out("No take waits to be heard.")


@click.command("decide")
@workspace_option
@dry_run_option
@json_option
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def takes_decide(folder: Path, dry_run: bool, as_json: bool, file: Path) -> None:
    """Bring decisions.json of a listener into the workspace.

    A decision on a take that was recorded again since is refused: those bytes were not heard.

    \b
    Example:
      altavoz takes decide decisions.json
    """
    from production.takes.review import decide, read_decisions

    decisions = read_decisions(file)
    with alone(folder, dry_run=dry_run):
        workspace = look_at(folder, today=today())
        done = decide(workspace, decisions, where=str(file), dry_run=dry_run)
    _print_decided(done, dry_run=dry_run, as_json=as_json)


_LINE = click.argument("line", default="")


@click.command("accept")
@workspace_option
@dry_run_option
@json_option
@click.argument("segment")
@click.argument("tag", metavar="LANG")
@_LINE
def takes_accept(  # noqa: PLR0917 - options
    folder: Path, dry_run: bool, as_json: bool, segment: str, tag: str, line: str
) -> None:
    """Accept a take that was heard: a line, all for the whole segment, or every new one.

    \b
    Example:
      altavoz takes accept water quc 3
    """
    _decide_here(
        folder, segment, tag, line, TakeReview.ACCEPTED, "", dry_run=dry_run, as_json=as_json
    )


@click.command("reject")
@workspace_option
@dry_run_option
@json_option
@click.option("--reason", required=True, help="What to do better; no names of persons.")
@click.argument("segment")
@click.argument("tag", metavar="LANG")
@_LINE
def takes_reject(  # noqa: PLR0917 - options
    folder: Path,
    dry_run: bool,
    as_json: bool,
    reason: str,
    segment: str,
    tag: str,
    line: str,
) -> None:
    """Reject a take that was heard: it does not air, and a kit asks for it again.

    \b
    Example:
      altavoz takes reject water quc 3 --reason "the number is wrong"
    """
    _decide_here(
        folder, segment, tag, line, TakeReview.REJECTED, reason, dry_run=dry_run, as_json=as_json
    )


def _decide_here(  # noqa: PLR0917 - as the commands give them
    folder: Path,
    segment: str,
    tag: str,
    line: str,
    review: TakeReview,
    reason: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    from production.takes.review import decide_here
    from scripts.take_decisions import MOST_REASON, TakeDecision, plain_reason

    decision = TakeDecision(review=review, reason=plain_reason(reason)[:MOST_REASON])
    with alone(folder, dry_run=dry_run):
        workspace = look_at(folder, today=today())
        done = decide_here(workspace, segment, LanguageTag(tag), line, decision, dry_run=dry_run)
    _print_decided(done, dry_run=dry_run, as_json=as_json)


def _print_decided(done: "Decided", *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "accepted": done.accepted,
                "rejected": done.rejected,
                "refused": [{"take": one.take, "why": one.why} for one in done.refused],
            }
        )
    else:
        verb = "would be " if dry_run else ""
        for word, names in (("accepted", done.accepted), ("rejected", done.rejected)):
            for name in names:
                out(f"{verb}{word}: {name}")
        if done.rejected and not dry_run:
            tags = {name.split(" ")[1] for name in done.rejected}
            tag = tags.pop() if len(tags) == 1 else "TAG"
            talk(f"What is to be recorded again: altavoz takes kit --lang {tag}")
    for one in done.refused:
        talk(f"refused: {one.take}: {one.why}\n    make a new page: altavoz takes review")
    if done.refused:
        raise click.exceptions.Exit(ExitCode.FINDINGS)
