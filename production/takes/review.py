"""Takes to be heard: each with its words, what was measured in it, and a copy to listen to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audio.listening import ListeningCopy, listening_copy
from production.notices.view import with_notices
from production.takes.kit_choice import played_segments
from production.takes.prompts import PromptLine, PromptWords
from programme.digests import digest_file
from programme.errors import ExitCode, ProductionError
from programme.storage import storage_errors
from programme.takes import TakeReview, Verdict
from programme.units import Digest, LanguageTag
from programme.words import Script
from scripts.read_recordings import RecordedFile, RecordedTake
from scripts.take_decisions import MOST_BYTES, Decisions, HeardTake, TakeDecision, parse_decisions
from scripts.take_edit import review_takes
from scripts.take_kit_file import script_to_read
from scripts.take_names import WHOLE
from scripts.take_standing import spoken_by, stand
from scripts.wording import did_you_mean, listed, shown
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeToHear:
    """One take of today's words."""

    segment: str
    title: str
    language: LanguageTag
    read_from: LanguageTag
    """The language that its words are written in."""
    line: int
    """As take.yml has it; WHOLE for the whole segment."""
    lines: tuple[PromptLine, ...]
    """The sentences that should be heard."""
    digest: Digest
    """Of the file: a decision on other bytes says nothing of it."""
    verdict: Verdict | None
    faults: tuple[str, ...]
    review: TakeReview
    reason: str
    copy: ListeningCopy


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A decision that was not taken over."""

    take: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of decisions."""

    accepted: tuple[str, ...]
    """Takes, as ``agua quc 3``."""
    rejected: tuple[str, ...]
    refused: tuple[Refused, ...]


def takes_to_hear(
    workspace: Workspace,
    *,
    languages: Sequence[LanguageTag] = (),
    segments: Sequence[str] = (),
    everything: bool = False,
) -> Iterator[TakeToHear]:
    """Give the takes that wait for an ear, by language, in the order in which they air.

    Takes of words that changed since are left out: they are recorded again whatever they sound
    like.

    Args:
        workspace: as read.
        languages: only these; empty for all.
        segments: only these; empty for all.
        everything: also takes that somebody has decided.

    Raises:
        ProductionError: there is no such language or segment, or a recording is damaged.
    """
    workspace = with_notices(workspace)
    _check_known(workspace, languages, segments)
    for tag in languages or workspace.network.languages:
        order = dict.fromkeys([*played_segments(workspace, tag), *workspace.segments])
        for segment in order:
            if not segments or segment in segments:
                yield from _of(workspace, segment, tag, everything=everything)


def decide(
    workspace: Workspace, decisions: Decisions, *, where: str, dry_run: bool = False
) -> Decided:
    """Bring decisions into the workspace; those made on other bytes are refused.

    Raises:
        ProductionError: they are another network's, or the disk refuses.
    """
    if decisions.network != workspace.network.id:
        raise ProductionError(
            f"these decisions are of the network {shown(decisions.network)}",
            where=where,
            remedy=f"this workspace is of {workspace.network.id}: go to the other one",
            code=ExitCode.USAGE,
        )
    workspace = with_notices(workspace)
    chosen: dict[tuple[str, LanguageTag], dict[int, TakeDecision]] = {}
    refused: list[Refused] = []
    for one in decisions.takes:
        why = _why_refused(workspace, one)
        if why:
            refused.append(Refused(take=take_name(one.segment, one.language, one.line), why=why))
        else:
            chosen.setdefault((one.segment, one.language), {})[one.line] = one.decision
    for (segment, tag), found in chosen.items():
        if not dry_run:
            review_takes(workspace, segment, tag, found)
    return _decided(chosen, refused)


def decide_here(
    workspace: Workspace,
    segment: str,
    tag: LanguageTag,
    line: str,
    decision: TakeDecision,
    *,
    dry_run: bool = False,
) -> Decided:
    """Note one decision, or one for every undecided take of a segment where no line is named.

    Args:
        workspace: as read.
        segment: its id.
        tag: the language.
        line: a number, ``all`` for the take of the whole segment, or empty.
        decision: what was decided.
        dry_run: whether nothing is written.

    Raises:
        ProductionError: there is no such take, or a rejection has no reason.
    """
    workspace = with_notices(workspace)
    take = workspace.recordings.get((segment, tag))
    rows = take.rows if take is not None else ()
    if line:
        lines = [_number(line, segment)]
    else:
        lines = [row.line for row in rows if row.review is TakeReview.NEW]
    if not lines and rows:
        raise ProductionError(
            "every take of it is decided already",
            where=f"recordings/{segment}/{tag}",
            remedy="name the line to decide it anew",
            code=ExitCode.USAGE,
        )
    found = dict.fromkeys(lines or [WHOLE], decision)
    if not dry_run:
        review_takes(workspace, segment, tag, found)
    return _decided({(segment, tag): found}, [])


def read_decisions(path: Path) -> Decisions:
    """Read what a listener gave back.

    Raises:
        ProductionError: the file cannot be read, or it is no decisions.json.
    """
    with storage_errors(path), path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    return parse_decisions(data, where=str(path))


def take_name(segment: str, tag: LanguageTag, line: int) -> str:
    """Name a take as commands do: ``agua quc 3``."""
    return f"{segment} {tag} {line or 'all'}"


def _of(
    workspace: Workspace, segment: str, tag: LanguageTag, *, everything: bool
) -> Iterator[TakeToHear]:
    take = workspace.recordings.get((segment, tag))
    script = script_to_read(workspace, segment, tag)
    if take is None or script is None:
        return
    lines = PromptWords.of(workspace, script.language).lines(script)
    for number, row in _fresh(take, script).items():
        if not everything and row.review is not TakeReview.NEW:
            continue
        with storage_errors(row.path):
            digest = digest_file(row.path)
        yield TakeToHear(
            segment=segment,
            title=script.title,
            language=tag,
            read_from=script.language,
            line=row.line,
            lines=lines if number == WHOLE else (lines[number - 1],),
            digest=digest,
            verdict=row.verdict,
            faults=row.faults,
            review=row.review,
            reason=row.reason,
            copy=listening_copy(row.path, where=f"recordings/{segment}/{tag}/{row.path.name}"),
        )


def _fresh(take: RecordedTake, script: Script) -> dict[int, RecordedFile]:
    """Give the takes that speak today's words, by the sentence that they speak; each once."""
    found = {
        row.line: row
        for row in take.rows
        if row.line == WHOLE and stand(replace(take, rows=(row,)), script, must_be_heard=True).rows
    }
    known: set[Path] = set()
    for number, row in sorted(spoken_by(take, script).items()):
        if row.path not in known:
            found[number] = row
        known.add(row.path)
    return found


def _why_refused(workspace: Workspace, one: HeardTake) -> str:
    take = workspace.recordings.get((one.segment, one.language))
    rows = take.rows if take is not None else ()
    row = next((row for row in rows if row.line == one.line), None)
    if row is None:
        return "there is no such take any more"
    with storage_errors(row.path):
        same = digest_file(row.path) == one.heard
    return "" if same else "it was recorded again since: this take has not been heard"


def _decided(
    chosen: dict[tuple[str, LanguageTag], dict[int, TakeDecision]], refused: list[Refused]
) -> Decided:
    named = [
        (take_name(segment, tag, line), decision.review)
        for (segment, tag), found in chosen.items()
        for line, decision in found.items()
    ]
    return Decided(
        accepted=tuple(name for name, review in named if review is TakeReview.ACCEPTED),
        rejected=tuple(name for name, review in named if review is TakeReview.REJECTED),
        refused=tuple(refused),
    )


def _number(line: str, segment: str) -> int:
    if line == "all":
        return WHOLE
    if line.isascii() and line.isdigit() and int(line):
        return int(line)
    raise ProductionError(
        f"{shown(line)} is no line",
        where=segment,
        remedy="give the number of a sentence, counted from 1, or all",
        code=ExitCode.USAGE,
    )


def _check_known(
    workspace: Workspace, languages: Sequence[LanguageTag], segments: Sequence[str]
) -> None:
    for names, known, what in (
        (languages, workspace.network.languages, "language"),
        (segments, tuple(workspace.segments), "segment"),
    ):
        for name in names:
            if name not in known:
                raise ProductionError(
                    f"there is no {what} {shown(name)}",
                    where=str(workspace.root),
                    remedy=did_you_mean(name, known, f"{what}s: {listed(known)}"),
                    code=ExitCode.USAGE,
                )
