"""Announcements: what is spoken though no episode holds it, as editions of the usual kind.

A notice, until when a pack may be played, the name of a language, where listeners are. Each is a
slot like any other and runs through the same plan, steps and store; so it is made once, kept, and
has the same bytes on every machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from production.casting import CastRecording, CastVoice, NoVoice, cast_recording
from production.selection import ChosenSlot
from production.speaker_casting import CastDialogue, cast_dialogue, cast_speakers
from programme.profiles import Profile, profiles
from programme.segments import Segment
from programme.series import Slot
from programme.stations import Station
from programme.units import LanguageTag
from programme.words import Script
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What the sound of a pack does not say, or says at too great a length, and what to do."""

    language: LanguageTag
    problem: str
    remedy: str


def with_segments(workspace: Workspace, segments: Mapping[str, Segment]) -> Workspace:
    """Give the workspace with further segments, which a plan looks up; none of it is written."""
    return replace(workspace, segments=MappingProxyType({**workspace.segments, **segments}))


def cast_script(
    view: Workspace,
    script: Script,
    *,
    recorded: Script | None,
    times: int = 1,
    protected: bool = False,
) -> ChosenSlot | NoVoice:
    """Give a slot in which a person's take of some words is heard, or else a voice.

    Args:
        view: gives recordings and voices.
        script: what a voice says.
        recorded: what a person says instead; None where nobody can record it beforehand.
        times: how often a person's take is heard.
        protected: whether the words may not leave this machine to be spoken.

    Returns:
        The slot; or why there is no take (that comes first) and no voice.
    """
    tag, network = script.language, view.network
    take = recorded and cast_recording(view, recorded.segment, tag, recorded)
    if recorded is not None and isinstance(take, CastRecording):
        return announced_slot(recorded, recorded, take, times)
    dialogue = cast_dialogue(network, cast_speakers(network, tag), script)
    if not isinstance(dialogue, CastDialogue):
        return take if isinstance(take, NoVoice) else dialogue[1]
    if protected and dialogue.online:
        return NoVoice(
            problem="words that nobody else may know are never sent to an online voice",
            remedy="let a person record them, or name a voice that speaks on this machine",
        )
    return announced_slot(script, script, dialogue, 1)


def announced_slot(
    script: Script | None, basis: Script, speaker: CastRecording | CastDialogue, times: int
) -> ChosenSlot:
    """Give the slot of words that are cast; ``script`` is None in a language without a text."""
    dialogue: CastDialogue | None = None
    heard: CastVoice | CastRecording
    if isinstance(speaker, CastDialogue):
        dialogue, heard = speaker, speaker.voices[basis.sentences[0].speaker]
    else:
        heard = speaker
    return ChosenSlot(
        slot=Slot(
            id=basis.segment,
            segment=basis.segment,
            repeat=times,
            required=True,
            line=0,
        ),
        script=script,
        basis=basis,
        speaker=heard,
        dialogue=dialogue,
        language=basis.language if script is not None else None,
    )


def station_profile(station: Station) -> Profile:
    """Give a station's profile with the one file of it that the station takes."""
    profile = profiles()[station.profile].made_for([station.format])
    formats = {one.id: one for one in profile.renditions}
    mp3 = next((one for one in profile.renditions if one.suffix == ".mp3"), profile.renditions[0])
    return replace(profile, renditions=(formats.get(station.format, mp3),))
