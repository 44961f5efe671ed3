"""Casting: who speaks each segment in each language, or why nobody may.

A recording made from the present words always speaks. Without one, a voice speaks if its class
for the language is *air*, or *draft* and the workspace says that somebody accepted it.
Nothing falls back silently (DESIGN, rule 7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audio.voices.catalogue import Quality, VoiceOffer, offers, usual_voice, voice_version
from programme.languages import language
from programme.network import Network
from programme.units import LanguageTag
from programme.words import Script
from scripts.cross_recordings import lines_told, named
from scripts.take_standing import stand
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVoice:
    """A synthetic voice that may speak a language here."""

    engine: str
    name: str
    version: str
    draft: bool
    online: bool
    """Whether the words leave this machine to be spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoVoice:
    """Why no synthetic voice may speak a language here, and what to do."""

    problem: str
    remedy: str
    unfinished: bool = False
    """A recording is being made: where a voice is fit for the language, it speaks meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CastRecording:
    """Files of a person reading the present words."""

    files: tuple[Path, ...]


def cast_voice(network: Network, tag: LanguageTag) -> CastVoice | NoVoice:
    """Choose the synthetic voice of a language, by the workspace's word and the voices' classes."""
    name = language(tag).english
    record = "record the segments listed, or see: altavoz voices --lang " + tag
    choice = network.voices.get(tag)
    if choice is not None and choice.engine == "none":
        return NoVoice(
            problem=f"altavoz.toml says that only people speak {name}",
            remedy="record the segments listed",
        )
    if choice is None:
        offer = _usual(tag)
    else:
        fitting = [o for o in offers(tag) if o.engine == choice.engine]
        offer = fitting[0] if fitting else None
        if offer is None:
            return NoVoice(
                problem=f"the engine {choice.engine} does not speak {name}",
                remedy="name another in altavoz.toml; see: altavoz voices --lang " + tag,
            )
    if offer is None:
        return NoVoice(problem=f"no voice speaks {name}", remedy=record)
    if offer.quality is Quality.NEVER:
        return NoVoice(problem=f"no voice is fit for {name}: {offer.reason}", remedy=record)
    if offer.quality is Quality.DRAFT and not (choice and choice.accept_draft):
        return NoVoice(
            problem=f"the voice for {name} is of draft quality: {offer.reason}",
            remedy=f"record the segments listed; or let a speaker of {name} listen, and then set "
            f"accept_draft = true under [voices.{tag}] in altavoz.toml",
        )
    voice = choice.name if choice is not None and choice.name else offer.voice
    return CastVoice(
        engine=offer.engine,
        name=voice,
        version=voice_version(offer.engine, voice),
        draft=offer.quality is Quality.DRAFT,
        online=offer.online,
    )


def _usual(tag: LanguageTag) -> VoiceOffer | None:
    """Give the voice that may speak without a network, or the reason why none may."""
    local = [offer for offer in offers(tag) if not offer.online]
    return usual_voice(tag) or (local[0] if local else None)


def cast_all(workspace: Workspace) -> Mapping[LanguageTag, CastVoice | NoVoice]:
    """Cast every language of the network once."""
    return {tag: cast_voice(workspace.network, tag) for tag in workspace.network.languages}


def cast_recording(
    workspace: Workspace, segment: str, tag: LanguageTag, script: Script
) -> CastRecording | NoVoice | None:
    """Give the recording of a segment, why it may not air, or None if nobody recorded it."""
    take = workspace.recordings.get((segment, tag))
    if take is None:
        return None
    standing = stand(take, script, must_be_heard=workspace.network.review_recordings)
    if standing.files:
        return CastRecording(files=standing.files)
    if standing.stale:
        return NoVoice(
            problem="the recording was made from other words than the present ones",
            remedy=f"record it again, then: altavoz takes add {segment} {tag} FILE...",
        )
    if standing.missing or standing.rejected:
        lines = sorted({*standing.missing, *standing.rejected})
        return NoVoice(
            problem=f"{lines_told(tuple(lines))} still to be recorded",
            remedy=f"altavoz takes list --lang {tag} says what is missing; record that, then: "
            "altavoz takes import FOLDER",
            unfinished=True,
        )
    return NoVoice(
        problem=f"nobody has accepted {named(standing.waiting)} yet",
        remedy="listen, and accept or reject: altavoz takes review",
        unfinished=True,
    )
