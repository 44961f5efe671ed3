"""Recording kits: which sentences a person is asked to record, and all that they must know of them.

A kit is for one language. Where nobody writes it, the source's sentences are given to be said
in it. Digests of the words go with the kit (scripts.take_kit_file), so that takes of words that
changed meanwhile are found when they come home.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from production.selection import validity_of, why_past
from programme.errors import ExitCode, ProductionError
from programme.profiles import words_per_minute
from programme.segments import Segment
from programme.units import LanguageTag
from programme.words import Script, Sentence, TranslationState
from scripts.abbreviations import habits_of
from scripts.cross_consent import needs_consent, uses_of, why_withheld
from scripts.lexicon import Pronunciation
from scripts.rules_words import counts_words, words_of
from scripts.take_kit_file import Kit, make_kit, script_to_read
from scripts.take_names import WHOLE, TakeName
from scripts.take_standing import Standing, spoken_by, stand
from scripts.word_table import Spoken, WordTable
from scripts.wording import did_you_mean, listed, shown
from scripts.workspace import Workspace

PACE = "mixed"
"""The pace by which minutes are reckoned: people who read aloud are not faster."""


class Wanted(StrEnum):
    """Which takes a kit asks for."""

    NEEDED = "needed"
    """What is missing, rejected or stale."""
    MISSING = "missing"
    STALE = "stale"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptLine:
    """One sentence as it is shown to whoever reads it."""

    text: str
    spoken: str
    """How numbers, dates and short forms are said; empty where the text is said as it stands."""
    notes: tuple[Pronunciation, ...]
    """What the workspace's lexicon says to people of words in it."""
    begins_paragraph: bool
    """Whether a longer pause stands before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What is recorded as one file."""

    name: TakeName
    number: int
    """In the kit, from 1: what people call it by."""
    lines: tuple[PromptLine, ...]
    """One sentence, or all of the segment."""
    changed: bool
    """Whether it was recorded before its words, or a fact in them, changed."""
    reason: str
    """Why it is to be recorded again, in the words of whoever rejected it; empty otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KitPart:
    """One segment of a kit."""

    segment: str
    title: str
    read_from: LanguageTag
    """The language that the sentences are written in."""
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A segment that cannot be recorded now."""

    segment: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeKit:
    """Everything that a kit's folder says."""

    kit: Kit
    """For kit.json."""
    network_name: str
    language: LanguageTag
    source: LanguageTag
    """The producer's language."""
    parts: tuple[KitPart, ...]
    minutes: int
    """How long reading it aloud once takes, rounded up."""
    skipped: tuple[Skipped, ...]
    unplayed: int
    """Segments that were not asked for by name and that no episode plays."""

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Every prompt in order."""
        return tuple(prompt for part in self.parts for prompt in part.prompts)


def make_take_kit(
    workspace: Workspace,
    tag: LanguageTag,
    *,
    segments: Sequence[str] = (),
    wanted: Wanted = Wanted.NEEDED,
    whole: bool = False,
    today: date,
) -> TakeKit:
    """Gather what a person should record.

    Args:
        workspace: as read.
        tag: the language that is spoken.
        segments: ids in the order wanted; empty for all that an episode in this language plays.
        wanted: which takes.
        whole: one prompt for each segment and not for each sentence.
        today: what "expired" is counted from.

    Raises:
        ProductionError: there is no such language or segment.
    """
    _check_known(workspace, tag, segments)
    played = list(segments) or played_segments(workspace, tag)
    skipped: list[Skipped] = []
    chosen: list[_Chosen] = []
    for segment in played:
        found = _script(workspace, segment, tag, today)
        if isinstance(found, Skipped):
            skipped.append(found)
            continue
        lines = _wanted_lines(workspace, found, tag, wanted)
        if lines:
            everything = tuple(range(1, len(found.sentences) + 1))
            chosen.append(
                _Chosen(
                    script=found,
                    lines=everything if whole else lines,
                    standing=_standing(workspace, found, tag),
                    reasons=_reasons(workspace, found, tag),
                )
            )
    return TakeKit(
        kit=_kit(workspace, tag, chosen),
        network_name=workspace.network.name,
        language=tag,
        source=workspace.network.source_language,
        parts=tuple(_parts(workspace, tag, chosen, whole=whole)),
        minutes=-(-sum(map(_seconds, chosen)) // 60),
        skipped=tuple(skipped),
        unplayed=0 if segments else len(workspace.segments.keys() - set(played)),
    )


def _check_known(workspace: Workspace, tag: LanguageTag, segments: Sequence[str]) -> None:
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


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Sentences of one segment that are to be recorded."""

    script: Script
    lines: tuple[int, ...]
    """Counted from 1."""
    standing: Standing | None
    """How what was recorded of it stands; None where nothing was."""
    reasons: Mapping[int, str]
    """Why takes were rejected, by sentence; WHOLE for one of the whole segment."""

    def reason(self, line: int) -> str:
        return self.reasons.get(line) or self.reasons.get(WHOLE, "")

    def changed(self, line: int) -> bool:
        stale = self.standing.stale if self.standing is not None else {}
        return line in stale or WHOLE in stale


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


def _kit(workspace: Workspace, tag: LanguageTag, chosen: Sequence[_Chosen]) -> Kit:
    """Give what kit.json says: the sentences that are asked for, and no others."""
    kit = make_kit(workspace, tag, [one.script.segment for one in chosen])
    asked = {(one.script.segment, line) for one in chosen for line in one.lines}
    prompts = (one for one in kit.prompts if (one.name.segment, one.name.line) in asked)
    return replace(kit, prompts=tuple(prompts))


def _parts(
    workspace: Workspace, tag: LanguageTag, chosen: Sequence[_Chosen], *, whole: bool
) -> Iterator[KitPart]:
    number = 0
    words: dict[LanguageTag, _Lexicon] = {}
    for one in chosen:
        script = one.script
        if script.language not in words:
            words[script.language] = _Lexicon.of(workspace, script.language)
        lexicon = words[script.language]
        lines = {line: _line(script, line - 1, lexicon) for line in one.lines}
        groups = {WHOLE: tuple(lines.values())} if whole else {n: (x,) for n, x in lines.items()}
        prompts = []
        for line, group in groups.items():
            number += 1
            name = TakeName(segment=script.segment, language=tag, line=line)
            prompts.append(
                Prompt(
                    name=name,
                    number=number,
                    lines=group,
                    changed=one.changed(line),
                    reason=one.reason(line),
                )
            )
        yield KitPart(
            segment=script.segment,
            title=script.title,
            read_from=script.language,
            prompts=tuple(prompts),
        )


def prompt_lines(workspace: Workspace, script: Script) -> tuple[PromptLine, ...]:
    """Give every sentence of a script as it is shown to whoever reads or hears it."""
    lexicon = _Lexicon.of(workspace, script.language)
    return tuple(_line(script, place, lexicon) for place in range(len(script.sentences)))


def _line(script: Script, place: int, lexicon: "_Lexicon") -> PromptLine:
    sentence = script.sentences[place]
    before = script.sentences[place - 1].paragraph if place else sentence.paragraph
    return PromptLine(
        text=sentence.text,
        spoken="" if sentence.spoken == sentence.text else sentence.spoken,
        notes=lexicon.notes(sentence),
        begins_paragraph=sentence.paragraph != before,
    )


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """What a workspace's own lexicon says to people of a language's words."""

    table: WordTable
    entries: dict[str, Pronunciation]

    @classmethod
    def of(cls, workspace: Workspace, tag: LanguageTag) -> "_Lexicon":
        own = workspace.style.lexicon.own_of(tag)
        # an entry for one voice spells a word for that voice, not for people
        told = {e.written: replace(e, say="" if e.voices else e.say) for e in own}
        kept = {w: e for w, e in told.items() if e.say or e.ipa or e.note}
        rows = [Spoken(written=e.written, say=e.say, exact=e.exact) for e in kept.values()]
        habits = habits_of(tag.partition("-")[0])
        return cls(WordTable(rows, habits, spaced=counts_words(tag)), kept)

    def notes(self, sentence: Sentence) -> tuple[Pronunciation, ...]:
        found = self.table.matches(sentence.text.split())
        named = dict.fromkeys(match.entry.written for match in found if match.entry)
        return tuple(self.entries[written] for written in named)


def _seconds(chosen: _Chosen) -> int:
    said = (chosen.script.sentences[line - 1].spoken for line in chosen.lines)
    words = sum(len(words_of(spoken)) for spoken in said)
    return round(words * 60 / words_per_minute(PACE, chosen.script.language))
