"""Which sentences of which segments a person should record now, and why not the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from production.selection import validity_of, why_past
from programme.errors import ExitCode, ProductionError
from programme.segments import Segment
from programme.units import LanguageTag
from programme.words import Script, TranslationState
from scripts.cross_consent import needs_consent, uses_of, why_withheld
from scripts.take_kit_file import script_to_read
from scripts.take_names import WHOLE
from scripts.take_standing import Standing, spoken_by, stand
from scripts.wording import did_you_mean, listed, shown
from scripts.workspace import Workspace


class Wanted(StrEnum):
    """Which takes a kit asks for."""

    NEEDED = "needed"
    """What is missing, rejected or stale."""
    MISSING = "missing"
    STALE = "stale"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A segment that cannot be recorded now."""

    segment: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenWords:
    """Sentences of one segment that are to be recorded."""

    script: Script
    lines: tuple[int, ...]
    """Counted from 1."""
    standing: Standing | None
    """How what was recorded of it stands; None where nothing was."""
    reasons: Mapping[int, str]
    """Why takes were rejected, by sentence; WHOLE for one of the whole segment."""

    def reason(self, line: int) -> str:
        """Say why a sentence is to be recorded again, in the words of whoever rejected it."""
        return self.reasons.get(line) or self.reasons.get(WHOLE, "")

    def changed(self, line: int) -> bool:
        """Tell whether a sentence was recorded before its words, or a fact in them, changed."""
        stale = self.standing.stale if self.standing is not None else {}
        return line in stale or WHOLE in stale


def choose_words(
    workspace: Workspace,
    tag: LanguageTag,
    segments: Sequence[str],
    *,
    wanted: Wanted,
    whole: bool,
    today: date,
) -> Iterator[ChosenWords | Skipped]:
    """Give what should be recorded of segments, in their order; nothing of what is there.

    Args:
        workspace: as read.
        tag: the language that is spoken.
        segments: ids.
        wanted: which takes.
        whole: whether all of a segment is recorded as soon as one sentence lacks.
        today: what "expired" is counted from.
    """
    for segment in segments:
        found = _script(workspace, segment, tag, today)
        if isinstance(found, Skipped):
            yield found
            continue
        lines = _wanted_lines(workspace, found, tag, wanted)
        if lines:
            everything = tuple(range(1, len(found.sentences) + 1))
            yield ChosenWords(
                script=found,
                lines=everything if whole else lines,
                standing=_standing(workspace, found, tag),
                reasons=_reasons(workspace, found, tag),
            )


def check_known(workspace: Workspace, tag: LanguageTag, segments: Sequence[str]) -> None:
    """Refuse a language or segment that this workspace does not have.

    Raises:
        ProductionError: names it, and what there is.
    """
    languages = workspace.network.languages
    if tag not in languages:
        raise ProductionError(
            f"{shown(tag)} is not a language of this network",
            where="altavoz.toml",
            remedy=did_you_mean(tag, languages, f"languages: {listed(languages)}"),
            code=ExitCode.USAGE,
        )
    for segment in segments:
        if segment not in workspace.segments:
            there = f"segments: {listed(workspace.segments)}"
            raise ProductionError(
                f"there is no segment {shown(segment)}",
                where="scripts/",
                remedy=did_you_mean(segment, workspace.segments, there),
                code=ExitCode.USAGE,
            )


def played_segments(workspace: Workspace, tag: LanguageTag) -> list[str]:
    """Give the segments that an episode in a language plays, in the order in which they air."""
    return list(
        dict.fromkeys(
            slot.segment
            for episode in workspace.episodes
            if tag in workspace.series[episode.series].languages
            for slot in episode.slots
            if slot.segment in workspace.segments
        )
    )


def _script(workspace: Workspace, segment: str, tag: LanguageTag, today: date) -> Script | Skipped:
    """Give the words to record, or why nobody should record them now."""
    about = workspace.segments[segment]
    script = script_to_read(workspace, segment, tag)
    if script is None:
        state = workspace.translations[segment, tag].state
        if state in {TranslationState.FAULTY, TranslationState.MISSING, TranslationState.SOURCE}:
            return Skipped(segment=segment, why="the text has errors", remedy="see: altavoz check")
        return Skipped(
            segment=segment,
            why="its text does not match the source, or nobody has confirmed it",
            remedy=f"compare the two, then: altavoz translate done {segment} {tag}",
        )
    past = [
        f"the fact {fact} {why}"
        for fact in script.facts
        if (why := why_past(validity_of(workspace, fact), today))
    ]
    if about.expires is not None and about.expires < today:
        past.insert(0, f"the segment expired on {about.expires}")
    if past:
        remedy = "verify it anew and set its dates, or take it out of the script"
        return Skipped(segment=segment, why="; ".join(past), remedy=remedy)
    withheld = _withheld(workspace, about, tag, today)
    if withheld:
        remedy = "see: altavoz consent list"
        return Skipped(segment=segment, why=withheld, remedy=remedy)
    return script


def _withheld(workspace: Workspace, segment: Segment, tag: LanguageTag, today: date) -> str:
    """Say why a testimony may not be heard in any series of the language; empty where it may."""
    if not needs_consent(segment):
        return ""
    why = ""
    for series in workspace.series.values():
        if tag in series.languages:
            uses = uses_of(series, tag, workspace.stations.values())
            why = why_withheld(segment, workspace.consents, uses, today=today)
            if not why:
                return ""
    return why or why_withheld(segment, workspace.consents, (), today=today)


def _standing(workspace: Workspace, script: Script, tag: LanguageTag) -> Standing | None:
    take = workspace.recordings.get((script.segment, tag))
    return None if take is None else stand(take, script, must_be_heard=False)


def _reasons(workspace: Workspace, script: Script, tag: LanguageTag) -> Mapping[int, str]:
    take = workspace.recordings.get((script.segment, tag))
    if take is None:
        return {}
    rows = {row.line: row for row in take.rows if row.line == WHOLE} | spoken_by(take, script)
    return {line: row.reason for line, row in rows.items() if row.reason}


def _wanted_lines(
    workspace: Workspace, script: Script, tag: LanguageTag, wanted: Wanted
) -> tuple[int, ...]:
    """Give the sentences that somebody should speak, counted from 1."""
    everything = tuple(range(1, len(script.sentences) + 1))
    standing = _standing(workspace, script, tag)
    if wanted is Wanted.ALL:
        return everything
    if standing is None:
        return () if wanted is Wanted.STALE else everything
    # what was rejected has to be spoken as if nobody had
    lacking = {*standing.missing, *standing.rejected}
    asked = {
        Wanted.MISSING: lacking,
        Wanted.STALE: set(standing.stale),
        Wanted.NEEDED: lacking | set(standing.stale),
    }[wanted]
    return everything if WHOLE in asked else tuple(sorted(asked))
