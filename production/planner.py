"""The planner: from a workspace and a day to steps with fingerprints; no I/O but the digests.

A fingerprint holds everything that the result depends on: words as spoken, voice and its
version, pace, pauses, sounds, profile, tags and the versions of the tools. Titles and tags are
part of the edition only, so that a new title encodes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from functools import cache

from audio.version import sound_version
from audio.voices.catalogue import is_embedded
from production.casting import CastRecording, CastVoice
from production.edition_sources import sources_of
from production.formats import own_profiles, profiles_for
from production.inputs import InputDigests
from production.pauses import pauses_after
from production.phrases import phrases_for
from production.selection import (
    ChosenEdition,
    ChosenSlot,
    Selector,
    is_protected,
    validity_of,
)
from production.speaker_casting import CastDialogue
from production.speech import Speech
from production.steps import (
    EditionStep,
    Kind,
    Plan,
    PlannedLine,
    SlotStep,
    TakeStep,
)
from programme.digests import Plain, fingerprint
from programme.editions import NEVER
from programme.errors import ExitCode, ProductionError
from programme.facts import FactStatus, Validity
from programme.profiles import Profile, words_per_minute
from programme.sound import NO_CUES
from programme.units import DurationMs, LanguageTag
from programme.words import Script, Sentence
from scripts.station_facts import own_editions, station_view
from scripts.workspace import Workspace

PLAN_VERSION = 5
"""Raised when the same plan would have to give other bytes for a reason no input shows."""


def plan_workspace(
    workspace: Workspace, *, today: date, digests: InputDigests, only: frozenset[str] = frozenset()
) -> Plan:
    """Plan every edition in every profile that a feed or a station asks for.

    Args:
        workspace: as read, without errors.
        today: the day on which facts must still hold.
        digests: gives the digests of sounds and recordings.
        only: ids of episodes or series to plan; empty for all.

    Raises:
        ProductionError: ``only`` names what is not there; a sound or recording cannot be read.
    """
    _refuse_unknown(workspace, only)
    own = {station.id: own_editions(workspace, station) for station in workspace.stations.values()}
    selection = Selector(workspace, today=today).select()
    planner = Planner(workspace, digests)
    editions = [
        planner.edition(chosen, profile)
        for chosen in selection.editions
        if not only or {chosen.series.id, chosen.episode.id} & only
        for profile in profiles_for(workspace, chosen, own)
    ]
    left_out = list(selection.left_out)
    for station in (workspace.stations[name] for name, keys in own.items() if keys):
        view = station_view(workspace, station)
        heard = Selector(view, today=today, station=station.id).select(own[station.id])
        beside = Planner(view, digests, station=station.id, takes=planner.takes)
        editions += [
            beside.edition(chosen, profile)
            for chosen in heard.editions
            if not only or {chosen.series.id, chosen.episode.id} & only
            for profile in own_profiles(station, chosen.series)
        ]
        left_out += heard.left_out
    return Plan(editions=tuple(editions), left_out=tuple(left_out))


def plan_chosen(
    workspace: Workspace,
    chosen: Iterable[tuple[ChosenEdition, Profile]],
    *,
    digests: InputDigests,
) -> Plan:
    """Plan editions that no file of the workspace describes, such as spoken notices.

    Args:
        workspace: has every segment that they speak.
        chosen: each edition and the profile that it is made in.
        digests: gives the digests of sounds and recordings.

    Raises:
        ProductionError: a sound or recording cannot be read.
    """
    planner = Planner(workspace, digests)
    editions = tuple(planner.edition(edition, profile) for edition, profile in chosen)
    return Plan(editions=editions, left_out=())


def _refuse_unknown(workspace: Workspace, only: frozenset[str]) -> None:
    episodes = {episode.id for episode in workspace.episodes}
    unknown = sorted(only - episodes - set(workspace.series))
    if unknown:
        known = ", ".join([*sorted(workspace.series), *sorted(episodes)]) or "none"
        raise ProductionError(
            f"there is no series or episode {unknown[0]}",
            where=str(workspace.root),
            remedy=f"name one of: {known}",
            code=ExitCode.USAGE,
        )


class Planner:
    """Plans the slots and editions of one workspace."""

    def __init__(
        self,
        workspace: Workspace,
        digests: InputDigests,
        *,
        station: str = "",
        takes: dict[tuple[Speech, str], TakeStep] | None = None,
    ) -> None:
        """Take what is planned; ``takes`` are those that another planner planned already."""
        self.workspace = workspace
        self.digests = digests
        self.station = station
        self.overrides = workspace.stations[station].overrides if station else ()
        self.for_whom = f" for {station}" if station else ""
        """In labels, so that two steps of one slot do not look like one that changed."""
        self.sound_version = sound_version()
        self.takes = {} if takes is None else takes

    def edition(
        self, chosen: ChosenEdition, profile: Profile, slots: tuple[SlotStep, ...] = ()
    ) -> EditionStep:
        """Plan an edition; ``slots`` are those of ``chosen``, where they are planned already."""
        slots = slots or tuple(self.slot(chosen, item, profile) for item in chosen.slots)
        segments = [item.slot.segment for item in chosen.slots if item.basis]
        facts = sorted({f for item in chosen.slots if item.basis for f in item.basis.facts})
        sources = sources_of(self.workspace, chosen)
        told = {one.replaces: one.told for one in self.overrides}
        facts_told = sorted({told.get(fact, fact) for fact in facts})
        network, episode, series = self.workspace.network, chosen.episode, chosen.series
        tag = chosen.language
        validities = [validity_of(self.workspace, fact) for fact in facts]
        expires = self._expires(segments, validities)
        demo = any(validity.status is FactStatus.DEMO for validity in validities)
        inputs: dict[str, Plain] = {
            "slots": [slot.fingerprint for slot in slots],
            "titles": [item.script.title if item.script else "" for item in chosen.slots],
            "text": [
                [self._shown(s, item.language or tag) for s in item.script.sentences]
                if item.script
                else []
                for item in chosen.slots
            ],
            "title": episode.title[tag],
            "description": episode.description.get(tag, ""),
            "series": series.title[tag],
            "network": [network.name, network.website, network.licence],
            "number": episode.number,
            "date": episode.dated.isoformat(),
            "expires": expires.isoformat(),
            "facts": facts_told,
            "demo": demo,
            "draft": any(item.draft for item in chosen.slots),
            "sources": [[s.title, s.url] for s in sources],
            "profile": _plain_profile(profile),
            "language": tag,
            "phrases": asdict(phrases_for(tag, network.source_language, expires)),
            "tools": [self.sound_version, PLAN_VERSION],
        }
        return EditionStep(
            fingerprint=fingerprint({"kind": Kind.EDITION, **inputs}),
            label=f"edition {series.id} {episode.id} {tag} {profile.id}{self.for_whom}",
            inputs=inputs,
            chosen=chosen,
            slots=slots,
            profile=profile,
            expires=expires,
            facts=tuple(facts_told),
            sources=sources,
            demo=demo,
            synthetic_voice=any(isinstance(item.speaker, CastVoice) for item in chosen.slots),
            draft_voice=any(item.draft for item in chosen.slots),
            station=self.station,
        )

    def _shown(self, sentence: Sentence, tag: LanguageTag) -> list[Plain]:
        """Give what a caption shows of a sentence; labels only in dialogues."""
        label = self.workspace.style.speakers.label(sentence.speaker, tag)
        who: list[Plain] = [label] if label else []
        # As it is written too: captions do not part what stands for a placeholder.
        return [sentence.raw, sentence.text, sentence.paragraph, *who]

    def _expires(self, segments: Iterable[str], validities: Iterable[Validity]) -> date:
        """Give the last day on which everything in an edition still holds."""
        ends = [
            until
            for name in segments
            if (until := self.workspace.segments[name].expires) is not None
        ]
        ends += [validity.expires for validity in validities]
        return min(ends, default=NEVER)

    def slot(self, chosen: ChosenEdition, item: ChosenSlot, profile: Profile) -> SlotStep:
        """Plan one slot, which depends on nothing but itself."""
        slot, tag = item.slot, item.language or chosen.language
        lines = self._lines(tag, item, profile) if item.basis else ()
        sounds = {
            role: (name, self.workspace.sounds[name])
            for role, name in (("sound", slot.sound), ("sting", slot.sting), ("bed", slot.bed))
            if name
        }
        sound_digests = {role: self.digests.of(path) for role, (_, path) in sounds.items()}
        inputs: dict[str, Plain] = {
            "words": [line.take.fingerprint for line in lines],
            "pauses": [line.pause_ms for line in lines],
            "profile": _plain_profile(profile),
            "tools": [self.sound_version, PLAN_VERSION],
        }
        inputs.update(sound_digests)
        if item.silence:
            inputs["silence"] = item.silence
        cues = self.workspace.cues.get(slot.bed, NO_CUES)
        if cues != NO_CUES:
            inputs["bed_cues"] = [cues.intro_ms, cues.outro_ms]
        label = f"slot {chosen.episode.id}/{slot.id} {tag} {profile.id}"
        return SlotStep(
            fingerprint=fingerprint({"kind": Kind.SLOT, **inputs}),
            label=label + self.for_whom,
            inputs=inputs,
            lines=lines,
            sound=sounds["sound"][1] if slot.sound else None,
            sting=sounds["sting"][1] if slot.sting else None,
            bed=sounds["bed"][1] if slot.bed else None,
            bed_cues=cues,
            sound_digests=sound_digests,
            silence=item.silence,
            profile=profile,
        )

    def _lines(
        self, tag: LanguageTag, item: ChosenSlot, profile: Profile
    ) -> tuple[PlannedLine, ...]:
        basis = item.basis
        if basis is None:
            return ()
        if isinstance(item.speaker, CastRecording):
            written = item.script is not None
            once = self._recorded(tag, basis, item.speaker, profile, written=written)
        else:
            once = self._spoken(tag, basis, item.dialogue, profile)
        last = once[-1]
        between = PlannedLine(
            take=last.take, pause_ms=profile.repeat_pause_ms, sentences=last.sentences
        )
        return (*once[:-1], between) * (item.slot.repeat - 1) + once

    def _spoken(
        self, tag: LanguageTag, script: Script, dialogue: CastDialogue | None, profile: Profile
    ) -> tuple[PlannedLine, ...]:
        if dialogue is None:
            raise TypeError(f"nobody is cast for {script.segment} in {tag}")
        pace = words_per_minute(profile.pace, tag)
        pauses = pauses_after(script, profile)
        lexicon = self.workspace.style.lexicon
        lines = []
        for index, sentence in enumerate(script.sentences):
            voice = dialogue.voices[sentence.speaker]
            speech = Speech(
                engine=voice.engine,
                voice=voice.name,
                language=tag,
                text=lexicon.for_voice(sentence.spoken, tag, voice.engine, voice.name),
                words_per_minute=pace,
                protected=is_protected(self.workspace, self.workspace.segments[script.segment]),
            )
            label = f"take {script.segment} {tag} line {sentence.line} {profile.pace}"
            label += self.for_whom
            step = self._take(speech, voice, label)
            lines.append(PlannedLine(take=step, pause_ms=pauses[index], sentences=(index,)))
        return tuple(lines)

    def _take(self, speech: Speech, voice: CastVoice, label: str) -> TakeStep:
        """Plan a sentence once, however many slots speak it."""
        version = voice.version
        known = self.takes.get((speech, version))
        if known is not None:
            return known
        inputs: dict[str, Plain] = {
            "engine": speech.engine,
            "voice": speech.voice,
            "language": speech.language,
            "text": speech.text,
            "words_per_minute": speech.words_per_minute,
            "version": version,
        }
        step = TakeStep(
            fingerprint=fingerprint({"kind": Kind.TAKE, **inputs}),
            label=label,
            inputs=inputs,
            speak=speech,
            recording=None,
            online=voice.online,
            quick=is_embedded(speech.engine),
        )
        self.takes[(speech, version)] = step
        return step

    def _recorded(
        self,
        tag: LanguageTag,
        script: Script,
        recording: CastRecording,
        profile: Profile,
        *,
        written: bool,
    ) -> tuple[PlannedLine, ...]:
        """Plan the takes of a recording; without a text in its language there are no captions."""
        pauses = pauses_after(script, profile)
        whole = len(recording.files) == 1
        heard = (
            [tuple(range(len(script.sentences)))] if whole else [(i,) for i in range(len(pauses))]
        )
        lines = []
        for index, path in enumerate(recording.files):
            inputs: dict[str, Plain] = {
                "recording": self.digests.of(path),
                "version": self.sound_version,
            }
            step = TakeStep(
                fingerprint=fingerprint({"kind": Kind.TAKE, **inputs}),
                label=f"take {script.segment} {tag} recording {index + 1}",
                inputs=inputs,
                speak=None,
                recording=path,
            )
            lines.append(
                PlannedLine(
                    take=step,
                    pause_ms=DurationMs(0) if whole else pauses[index],
                    sentences=heard[index] if written else (),
                )
            )
        return tuple(lines)


@cache
def _plain_profile(profile: Profile) -> Mapping[str, Plain]:
    """Give what a profile does to sound; its title does nothing.

    How long the pause between speakers is stands among the pauses of the slots that have one.
    """
    plain: dict[str, Plain] = asdict(profile)
    plain.pop("title")
    plain.pop("turn_pause_ms")
    return plain
