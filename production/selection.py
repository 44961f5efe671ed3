"""Selection: which editions can be made today, from which slots, and what is left out and why."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from production.casting import (
    CastRecording,
    CastVoice,
    NoVoice,
    cast_recording,
)
from production.speaker_casting import CastDialogue, cast_dialogue, cast_speakers
from programme.editions import EditionKey
from programme.facts import Contact, Fact, FactStatus, Validity
from programme.left_out import Cause
from programme.reviews import ReviewKind
from programme.segments import FURNITURE, Segment, SegmentKind
from programme.series import Episode, Series, Slot
from programme.sound import NO_SILENCE
from programme.units import LanguageTag, Samples
from programme.words import Script, TranslationState
from scripts.cross_consent import WITHHELD_REMEDY, needs_consent, uses_of, why_withheld
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One segment that is not in an edition, or one edition that is not made (segment empty)."""

    series: str
    episode: str
    language: LanguageTag
    segment: str
    cause: Cause
    problem: str
    remedy: str
    station: str = ""
    """Id of the station whose own edition it is left out of; empty for everybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenSlot:
    """A slot that airs: its words and who speaks them, or a sound alone."""

    slot: Slot
    script: Script | None
    """The words in the edition's language; None for a sound alone, and for a recording in a
    language that nobody writes here."""
    basis: Script | None
    """What is said: the script, or the source script that a recording without a text of its own
    was made from. None for a sound alone."""
    speaker: CastVoice | CastRecording | None
    """None for a sound alone; in a dialogue of voices, the one that is heard first."""
    dialogue: CastDialogue | None = None
    """Who speaks each line where voices do; None for recordings and sounds."""
    language: LanguageTag | None = None
    """What is heard, where that is not its edition's language; None where it is."""
    silence: Samples = NO_SILENCE
    """Length of a slot that is nothing but silence; 0 for every other."""
    again: bool = False
    """Whether the same slot was heard before: it begins no chapter."""

    @property
    def draft(self) -> bool:
        """Whether a voice of draft class speaks in it."""
        return self.dialogue is not None and self.dialogue.draft


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenEdition:
    """An edition that can be made today."""

    series: Series
    episode: Episode
    language: LanguageTag
    slots: tuple[ChosenSlot, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Everything that can be made today, and everything that cannot."""

    editions: tuple[ChosenEdition, ...]
    refused: tuple[LeftOut, ...]
    """Editions that are not made, and the segments that would be missing from them."""

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Every segment and edition that is left out, in order."""
        return self.refused + tuple(item for e in self.editions for item in e.left_out)


_STATES: dict[TranslationState, tuple[Cause, str, str]] = {
    TranslationState.MISSING: (
        Cause.MISSING,
        "no text in this language",
        "translate it: write scripts/{segment}/{tag}.md, or: altavoz takes kit --lang {tag}",
    ),
    TranslationState.STALE: (
        Cause.STALE,
        "the source changed after it was translated (source lines {lines})",
        "bring {tag}.md up to date, then: altavoz translate done {segment} {tag}",
    ),
    TranslationState.UNCONFIRMED: (
        Cause.UNCONFIRMED,
        "nobody has confirmed that the translation matches the source",
        "compare the two, then: altavoz translate done {segment} {tag}",
    ),
    TranslationState.FAULTY: (
        Cause.FAULTY,
        "the text has errors",
        "see: altavoz check",
    ),
}


def thing_of(workspace: Workspace, fact: str) -> Fact | Contact:
    """Give a fact or a contact by its id."""
    book = workspace.factbook
    return book.facts.get(fact) or book.contacts[fact]


def validity_of(workspace: Workspace, fact: str) -> Validity:
    """Give who says so and until when, for a fact or a contact."""
    return thing_of(workspace, fact).validity


def why_past(validity: Validity, today: date) -> str:
    """Say why a fact may not be spoken any more; empty while it may."""
    if validity.status is FactStatus.WITHDRAWN:
        return "was withdrawn"
    return f"expired on {validity.expires}" if validity.expires < today else ""


def is_protected(workspace: Workspace, segment: Segment) -> bool:
    """Tell whether its words may not leave this machine before they are published.

    Marked as protected, told by a person who lived through it, or for people at risk: those for
    whom the workspace's rules ask an eye of a protection officer.
    """
    if segment.sensitivity == "protected" or needs_consent(segment):
        return True
    at_risk = {
        audience
        for rule in workspace.network.reviews.rules
        if rule.kind is ReviewKind.PROTECTION
        for audience in rule.audiences
    }
    return not at_risk.isdisjoint(segment.audiences)


class Selector:
    """Chooses slots and editions for one workspace on one day."""

    def __init__(self, workspace: Workspace, *, today: date, station: str = "") -> None:
        """Take the workspace; as a station hears it where it is for that station alone."""
        self.workspace = workspace
        self.today = today
        self.station = station
        self.voices = {
            tag: cast_speakers(workspace.network, tag) for tag in workspace.network.languages
        }

    def select(self, only: Collection[EditionKey] | None = None) -> Selection:
        """Choose every edition of every episode, or ``only`` some."""
        editions, refused = [], []
        for episode in self.workspace.episodes:
            series = self.workspace.series[episode.series]
            for tag in series.languages:
                if only is not None and (series.id, episode.id, tag) not in only:
                    continue
                chosen = self._edition(series, episode, tag)
                if isinstance(chosen, ChosenEdition):
                    editions.append(chosen)
                else:
                    refused.extend(chosen)
        return Selection(editions=tuple(editions), refused=tuple(refused))

    def _edition(
        self, series: Series, episode: Episode, tag: LanguageTag
    ) -> ChosenEdition | list[LeftOut]:
        chosen: list[ChosenSlot] = []
        out: list[LeftOut] = []
        for slot in episode.slots:
            result = self._withheld(series, slot, tag) or self._slot(slot, tag)
            if isinstance(result, ChosenSlot):
                chosen.append(result)
                continue
            cause, problem, remedy = result
            out.append(
                LeftOut(
                    series=series.id,
                    episode=episode.id,
                    language=tag,
                    segment=slot.segment,
                    cause=cause,
                    problem=self._here(problem),
                    remedy=remedy,
                    station=self.station,
                )
            )
        refusal = self._untitled(series, episode, tag) or self._refusal(episode, chosen, out)
        if refusal is None:
            return ChosenEdition(
                series=series,
                episode=episode,
                language=tag,
                slots=tuple(chosen),
                left_out=tuple(out),
            )
        cause, problem, remedy = refusal
        whole = LeftOut(
            series=series.id,
            episode=episode.id,
            language=tag,
            segment="",
            cause=cause,
            problem=self._here(problem),
            remedy=remedy,
            station=self.station,
        )
        return [whole, *out]

    def _here(self, problem: str) -> str:
        return f"{problem} (at {self.station} only)" if self.station else problem

    def _untitled(
        self, series: Series, episode: Episode, tag: LanguageTag
    ) -> tuple[Cause, str, str] | None:
        if tag in series.title and tag in series.description and tag in episode.title:
            return None
        return (
            Cause.REQUIRED,
            "the series or the episode has no title in this language",
            f"write title and description for {tag} in {series.file}, and title in {episode.file}",
        )

    def _refusal(
        self, episode: Episode, chosen: list[ChosenSlot], out: list[LeftOut]
    ) -> tuple[Cause, str, str] | None:
        see = "see the segments that are left out of it"
        required = {slot.segment for slot in episode.slots if slot.required and slot.segment}
        missing = sorted(required & {item.segment for item in out})
        if missing:
            return Cause.REQUIRED, "required segments are missing: " + ", ".join(missing), see
        content = [c for c in chosen if c.basis and not self._is_furniture(c.slot.segment)]
        if not content:
            return Cause.EMPTY, "nothing is left to say", see
        return None

    def _is_furniture(self, segment: str) -> bool:
        return self.workspace.segments[segment].kind in FURNITURE

    def _withheld(
        self, series: Series, slot: Slot, tag: LanguageTag
    ) -> tuple[Cause, str, str] | None:
        """Say why the person who speaks has not agreed to this use; None where they have."""
        segment = self.workspace.segments.get(slot.segment)
        if segment is None or not needs_consent(segment):
            return None
        uses = uses_of(series, tag, self.workspace.stations.values())
        why = why_withheld(segment, self.workspace.consents, uses, today=self.today)
        return (Cause.CONSENT, why, WITHHELD_REMEDY) if why else None

    def _slot(self, slot: Slot, tag: LanguageTag) -> ChosenSlot | tuple[Cause, str, str]:
        if not slot.segment:
            return ChosenSlot(slot=slot, script=None, basis=None, speaker=None)
        translation = self.workspace.translations[(slot.segment, tag)]
        if translation.state is TranslationState.MISSING:
            unwritten = self._unwritten(slot, tag)
            if unwritten is not None:
                return unwritten
        if not translation.state.may_air or translation.script is None:
            cause, problem, remedy = _STATES[translation.state]
            names = {
                "segment": slot.segment,
                "tag": tag,
                "lines": ", ".join(map(str, translation.changed_lines)) or "taken away",
            }
            return cause, problem.format(**names), remedy.format(**names)
        return self._expiry(slot.segment, translation.script) or self._speaker(
            slot, tag, translation.script
        )

    def _unwritten(
        self, slot: Slot, tag: LanguageTag
    ) -> ChosenSlot | tuple[Cause, str, str] | None:
        """Give a recording in a language without a text here, made from the source script."""
        source = (slot.segment, self.workspace.network.source_language)
        basis = self.workspace.translations[source].script
        if basis is None or (slot.segment, tag) not in self.workspace.recordings:
            return None
        recording = cast_recording(self.workspace, slot.segment, tag, basis)
        if isinstance(recording, CastRecording):
            chosen = ChosenSlot(slot=slot, script=None, basis=basis, speaker=recording)
            return self._expiry(slot.segment, basis) or chosen
        if recording is None:
            return None
        if recording.unfinished:
            return Cause.NO_VOICE, recording.problem, recording.remedy
        return self._stale(recording)

    def _stale(self, recording: NoVoice) -> tuple[Cause, str, str]:
        """Say why a recording may not air; one that says the fact of everybody is not for here."""
        if not self.station:
            return Cause.STALE_RECORDING, recording.problem, recording.remedy
        return (
            Cause.STALE_RECORDING,
            "the recording says what everybody else hears",
            "make a segment of its own for this station, and record that",
        )

    def _expiry(self, segment: str, script: Script) -> tuple[Cause, str, str] | None:
        """Say everything in a segment that is past its date; None while all of it holds."""
        past = list(self._expired(segment, script))
        if not past:
            return None
        remedy = "verify it anew and set its dates, or take it out of the script"
        owners = dict.fromkeys(
            owner
            for fact in script.facts
            if why_past(validity_of(self.workspace, fact), self.today)
            and (owner := validity_of(self.workspace, fact).owner)
        )
        asked = f"{remedy}; ask {', '.join(owners)}" if owners else remedy
        return Cause.EXPIRED, "; ".join(past), asked

    def _expired(self, segment: str, script: Script) -> Iterator[str]:
        about = self.workspace.segments[segment]
        if about.expires is not None and about.expires < self.today:
            yield f"the segment expired on {about.expires} ({about.file})"
        for fact in script.facts:
            thing = thing_of(self.workspace, fact)
            why = why_past(thing.validity, self.today)
            if why:
                yield f"the fact {fact} {why} ({thing.file}:{thing.line})"

    def _speaker(
        self, slot: Slot, tag: LanguageTag, script: Script
    ) -> ChosenSlot | tuple[Cause, str, str]:
        recording = cast_recording(self.workspace, slot.segment, tag, script)
        if isinstance(recording, CastRecording):
            return ChosenSlot(slot=slot, script=script, basis=script, speaker=recording)
        if isinstance(recording, NoVoice) and not recording.unfinished:
            return self._stale(recording)
        return self._voice(slot, tag, script, recording)

    def _voice(
        self, slot: Slot, tag: LanguageTag, script: Script, recording: NoVoice | None
    ) -> ChosenSlot | tuple[Cause, str, str]:
        """Let a voice speak where one may; else say what is missing of a recording."""
        if self.workspace.segments[slot.segment].kind is SegmentKind.TESTIMONY:
            # What happened to a person is told by a person (docs/producers.md).
            problem = "a machine voice does not tell what a witness lived through"
            remedy = f"let a person say it: altavoz takes kit --lang {tag} --segment {slot.segment}"
            lacking = recording or NoVoice(problem=problem, remedy=remedy)
            return Cause.NO_VOICE, lacking.problem, lacking.remedy
        dialogue = cast_dialogue(self.workspace.network, self.voices[tag], script)
        if not isinstance(dialogue, CastDialogue):
            label, refusal = dialogue
            lacking = recording or refusal
            who = f"{label}: " if label and recording is None else ""
            return Cause.NO_VOICE, f"{who}{lacking.problem}", lacking.remedy
        if dialogue.online and is_protected(self.workspace, self.workspace.segments[slot.segment]):
            problem = "protected words are never sent to an online voice"
            return Cause.NO_VOICE, problem, "let a person record the segment"
        first = dialogue.voices[script.sentences[0].speaker]
        return ChosenSlot(slot=slot, script=script, basis=script, speaker=first, dialogue=dialogue)
