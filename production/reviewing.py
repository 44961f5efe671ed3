"""Reviewing: what is to be signed, how it is signed, and what an open review stops."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from production.publish.doors import Door
from production.publish.unfit import Spoken
from production.selection import thing_of
from production.tables import Table
from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.languages import language
from programme.reviews import Need, Review, ReviewKind, ReviewResult, ReviewRule, ReviewState
from programme.segments import Segment
from programme.storage import append_line, storage_errors
from programme.units import LanguageTag
from programme.words import Script
from scripts.read_reviews import FOLDER, newest, render_review
from scripts.review_board import CLOCKS_DIFFER, ReviewBoard, board_of
from scripts.review_policy import role_of
from scripts.wording import did_you_mean, listed
from scripts.workspace import Workspace
from scripts.workspace_edit import own_folder

MOST_NOTE_LETTERS = 500

_HEADER = (
    "# Reviews of this segment, one a line. altavoz review sign adds them; nothing is edited.\n"
    "# When git reports a conflict here, keep the lines of both sides.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A review as it would be, or was, written down, with what is signed."""

    review: Review
    script: Script
    heard: tuple[Path, ...]
    """The recording's files, where the reviewer listens."""
    facts: tuple[tuple[str, str, str], ...]
    """Each fact spoken: id, status and until when it holds."""
    file: str
    """Path inside the workspace."""


def list_needs(
    workspace: Workspace,
    *,
    segments: Iterable[str] = (),
    languages: Iterable[str] = (),
    only_open: bool = False,
) -> list[Need]:
    """Give the reviews that are needed, done and open, by segment and language.

    Raises:
        ProductionError: there is no such segment or language.
    """
    names = [_known_segment(workspace, name).id for name in segments]
    tags = [_known_language(workspace, tag) for tag in languages]
    board = board_of(workspace, read=True)
    found = board.needs(names or None, tags or None)
    return [
        need
        for need in found
        if (need.is_open or not only_open) and (not tags or need.language in tags)
    ]


def needs_table(needs: Sequence[Need]) -> Table:
    """Lay them out."""
    return Table(
        columns=("segment", "language", "review", "by", "stands", "signed", "why"),
        rows=tuple(
            (
                need.segment,
                need.language + (" (recording)" if need.heard else ""),
                need.rule.kind.value,
                " or ".join(need.rule.roles)
                + (f", {need.rule.reviewers} of them" if need.rule.reviewers > 1 else ""),
                need.state.value,
                "" if need.last is None else need.last.on.isoformat(),
                "; ".join(need.reasons),
            )
            for need in needs
        ),
    )


def plain_need(need: Need) -> dict[str, Any]:
    """Give one for --json."""
    last = need.last
    return {
        "segment": need.segment,
        "language": need.language,
        "kind": need.rule.kind.value,
        "rule": need.rule.id,
        "roles": list(need.rule.roles),
        "reviewers": need.rule.reviewers,
        "approvals": need.approvals,
        "recording": need.heard,
        "state": need.state.value,
        "reasons": list(need.reasons),
        "last": None
        if last is None
        else {
            "role": last.role,
            "by": last.by,
            "on": last.on.isoformat(),
            "result": last.result.value,
            "note": last.note,
        },
    }


def prepare_signature(
    workspace: Workspace,
    segment: str,
    tag: str,
    *,
    kind: ReviewKind,
    role: str,
    by: str = "",
    result: ReviewResult = ReviewResult.APPROVED,
    note: str = "",
    heard: bool = False,
    on: date,
) -> Signature:
    """Give a signature on a text as it is now, or on its recording; nothing is written.

    Args:
        workspace: as read.
        segment: its id.
        tag: the language; empty takes the source.
        kind: what the reviewer looked for.
        role: as typed, such as "Language reviewer".
        by: an organisation or initials, to tell two reviewers of one role apart.
        result: what was decided.
        note: for the people who work on the text.
        heard: the recording was heard. Where only a recording exists, it is meant anyway.
        on: the day of the review.

    Raises:
        ProductionError: there is nothing of the kind to sign, or the role may not sign it.
    """
    about = _known_segment(workspace, segment)
    chosen = _known_language(workspace, tag or workspace.network.source_language)
    board = board_of(workspace)
    for value, name in ((by, "--by"), (note, "--note")):
        _check_words(value, name)
    _check_clock(workspace, segment, on)
    rule, is_heard = _rule(board, about, chosen, kind, heard=heard)
    name = role_of(workspace.network.reviews, role)
    if name not in rule.roles:
        raise ProductionError(
            f"{role or 'nobody'} may not sign the {kind.value} review of {segment} in {chosen}",
            where=f"{FOLDER}/{segment}.yml",
            remedy=did_you_mean(role, rule.roles, f"roles that may: {listed(rule.roles)}"),
            code=ExitCode.USAGE,
        )
    bound = board.bound(about, chosen, rule, heard=is_heard, read=True)
    words = board.words(segment, chosen)
    if bound is None or words is None:
        raise _nothing_to_sign(workspace, segment, chosen, heard=heard)
    script = workspace.translations[words.segment, words.language].script
    if script is None:
        raise _nothing_to_sign(workspace, segment, chosen, heard=heard)
    take = workspace.recordings.get((segment, chosen))
    return Signature(
        review=Review(
            segment=segment,
            language=chosen,
            kind=kind,
            role=name,
            by=by.strip(),
            on=on,
            result=result,
            bound=bound,
            note=note.strip(),
            line=0,
        ),
        script=script,
        heard=take.files if take and is_heard else (),
        facts=tuple(_fact(workspace, fact) for fact in script.facts),
        file=f"{FOLDER}/{segment}.yml",
    )


def faults_signed(workspace: Workspace, findings: Findings, segment: str, tag: str) -> Findings:
    """Give the errors of a text that is to be signed, and of the facts that it speaks.

    What is wrong elsewhere in the workspace is no reason not to sign. An error that only leaves a
    segment out, as of a fact that has expired, is none either: the reviewer is shown it.

    Args:
        workspace: as read, sound or not.
        findings: of its check.
        segment: the segment's id, known or not.
        tag: the language; empty takes the source.
    """
    chosen = LanguageTag(tag or workspace.network.source_language)
    summary = workspace.summaries.get((segment, chosen))
    book = workspace.factbook
    files = {
        f"scripts/{segment}/segment.yml",
        f"scripts/{segment}/{chosen}.md",
        f"{FOLDER}/{segment}.yml",
        *(
            thing.file
            for name in (summary.facts if summary else ())
            for thing in (book.facts.get(name) or book.contacts.get(name),)
            if thing
        ),
    }
    return Findings(
        [found for found in findings if Findings([found]).stops_build and found.file in files]
    )


def write_signature(workspace: Workspace, signature: Signature) -> Path:
    """Add a signature to the segment's file of reviews; nothing else in it is touched.

    Raises:
        ProductionError: the disk refuses, or the folder leads out of the workspace.
    """
    folder = own_folder(workspace.root, FOLDER)
    path = folder / f"{signature.review.segment}.yml"
    if path.is_symlink():
        raise ProductionError(
            "this is a link", where=signature.file, remedy="put the file itself here"
        )
    with storage_errors(path):
        line = render_review(signature.review).encode("utf-8")
        append_line(path, line, head=_HEADER.encode())
    return path


def refuse_unreviewed(workspace: Workspace, editions: Iterable[Spoken], door: Door) -> None:
    """Stop what goes to listeners while reviews that it needs are open, and name all of them.

    Raises:
        ProductionError: code FINDINGS.
    """
    waiting = [] if door.demo else open_reviews(workspace, editions)
    if waiting:
        raise ProductionError(
            "reviews are open:" + "".join(f"\n  {_line(need)}" for need in waiting),
            where=door.where,
            remedy="show each text to its reviewer, then: altavoz review sign SEGMENT --lang LANG "
            f"--kind KIND --role ROLE; a text that cannot wait {door.alone}",
            code=ExitCode.FINDINGS,
        )


def open_reviews(workspace: Workspace, editions: Iterable[Spoken]) -> list[Need]:
    """Give the reviews that what is made anew waits for; none where nothing must be reviewed."""
    policy = workspace.network.reviews
    if not policy.required or not policy.rules:
        return []
    wanted: dict[str, dict[LanguageTag, None]] = {}
    for edition in editions:
        for segment in edition.segments if not edition.published else ():
            wanted.setdefault(segment, {})[edition.language] = None
    board = board_of(workspace, read=True)
    return [
        need
        for segment, tags in sorted(wanted.items())
        for need in board.needs([segment], list(tags))
        if need.is_open
    ]


def _line(need: Need) -> str:
    why = f": {'; '.join(need.reasons)}" if need.reasons else ""
    what = (
        f"{need.segment} {need.language}: {need.rule.kind.value} by {' or '.join(need.rule.roles)}"
    )
    state = "" if need.state is ReviewState.OPEN else f" ({need.state.value})"
    return f"{what}{state}{why}"


def _rule(
    board: ReviewBoard, segment: Segment, tag: LanguageTag, kind: ReviewKind, *, heard: bool
) -> tuple[ReviewRule, bool]:
    """Give the rule that asks for a review, and whether of the recording.

    A review that no rule asks for may be signed all the same, by any role: it costs nothing.
    """
    needs = [n for n in board.needs([segment.id], [tag]) if n.language == tag]
    mine = [need for need in needs if need.rule.kind is kind]
    for need in mine:
        if need.heard == heard or (need.heard and all(one.heard for one in mine)):
            return need.rule, need.heard
    free = ReviewRule(id="", kind=kind, of=(), roles=tuple(sorted(board.policy.roles)))
    return free, heard


def _known_segment(workspace: Workspace, name: str) -> Segment:
    segment = workspace.segments.get(name)
    if segment is None:
        raise ProductionError(
            f"there is no segment {name}",
            where="scripts",
            remedy=did_you_mean(
                name, workspace.segments, f"segments: {listed(workspace.segments)}"
            ),
            code=ExitCode.USAGE,
        )
    return segment


def _known_language(workspace: Workspace, tag: str) -> LanguageTag:
    languages = workspace.network.languages
    if tag not in languages:
        raise ProductionError(
            f"{tag} is not a language of this network",
            where="altavoz.toml",
            remedy=did_you_mean(tag, languages, f"languages: {listed(languages)}"),
            code=ExitCode.USAGE,
        )
    return LanguageTag(tag)


def _check_words(text: str, name: str) -> None:
    if len(text) > MOST_NOTE_LETTERS or not text.isprintable():
        raise ProductionError(
            "this is too long, or has line breaks or control characters",
            where=name,
            remedy=f"write one line of at most {MOST_NOTE_LETTERS} letters",
            code=ExitCode.USAGE,
        )


def _check_clock(workspace: Workspace, segment: str, on: date) -> None:
    """Refuse a signature that would be older than what it answers, and so count for nothing."""
    latest = newest(workspace.reviews.by_segment.get(segment, ()))
    if latest is not None and latest.on - on > CLOCKS_DIFFER:
        raise ProductionError(
            f"the clock says {on}, and the last signature here is of {latest.on}",
            where=f"{FOLDER}/{segment}.yml:{latest.line}",
            remedy="set the clock of this computer; if it was wrong when that was signed, take "
            "that line out",
        )


def _nothing_to_sign(
    workspace: Workspace, segment: str, tag: LanguageTag, *, heard: bool
) -> ProductionError:
    state = workspace.summaries[segment, tag].state.value
    what = "recording of the present words" if heard else "text that may air"
    return ProductionError(
        f"there is no {what} in {language(tag).english} (its text is {state})",
        where=f"scripts/{segment}/{tag}.md",
        remedy="see: altavoz check, and altavoz status",
    )


def _fact(workspace: Workspace, fact: str) -> tuple[str, str, str]:
    validity = thing_of(workspace, fact).validity
    told = f"{validity.status.value}, verified on {validity.verified_on}"
    return fact, told, f"until {validity.expires}"
