"""Casting: who speaks each segment in each language, or why nobody may.

A recording made from the present words always speaks. Without one, a voice speaks if its class
for the language is *air*, or *draft* and the workspace says that somebody accepted it.
Nothing falls back silently (DESIGN, rule 7).
"""

from dataclasses import dataclass
from pathlib import Path

from audio.voices.catalogue import Quality, VoiceOffer, offer_for, offers, offers_of, usual_voice
from audio.voices.versions import voice_version
from programme.errors import ProductionError
from programme.languages import language
from programme.network import Network, VoiceChoice
from programme.units import LanguageTag
from programme.words import Script
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
    return cast_choice(network.voices.get(tag), tag)


def cast_choice(choice: VoiceChoice | None, tag: LanguageTag) -> CastVoice | NoVoice:
    """Give the voice that a workspace chose for a language, or the usual one where it did not."""
    name = language(tag).english
    if choice is not None and choice.engine == "none":
        return NoVoice(
            problem=f"altavoz.toml says that only people speak {name}",
            remedy="record the segments listed",
        )
    try:
        offer = _usual(tag) if choice is None else _chosen(choice, tag)
        refusal = _unfit(offer, choice, tag)
        if offer is None or refusal is not None:
            return refusal or NoVoice(problem=f"no voice speaks {name}", remedy=_record(tag))
        # Not installed here, or its pace not measured: nobody else speaks instead.
        version = voice_version(offer.engine, offer.voice)
    except ProductionError as error:
        return NoVoice(problem=error.problem, remedy=error.remedy)
    return CastVoice(
        engine=offer.engine,
        name=offer.voice,
        version=version,
        draft=offer.quality is Quality.DRAFT,
        online=offer.online,
    )


def _record(tag: LanguageTag) -> str:
    return f"record the segments listed, or see: altavoz voices --lang {tag}"


def _unfit(
    offer: VoiceOffer | None, choice: VoiceChoice | None, tag: LanguageTag
) -> NoVoice | None:
    """Say why an offer may not air here; None where it may, or where there is no word for it."""
    name = language(tag).english
    if offer is None:
        if choice is None:
            return None
        return NoVoice(
            problem=f"the engine {choice.engine} does not speak {name}",
            remedy="name another in altavoz.toml; see: altavoz voices --lang " + tag,
        )
    if offer.quality is Quality.NEVER:
        return NoVoice(problem=f"no voice is fit for {name}: {offer.reason}", remedy=_record(tag))
    if offer.quality is Quality.DRAFT and not (choice and choice.accept_draft):
        return NoVoice(
            problem=f"the voice for {name} is of draft quality: {offer.reason}",
            remedy=f"record the segments listed; or let a speaker of {name} listen, and then set "
            f"accept_draft = true under [voices.{tag}] in altavoz.toml",
        )
    return None


def _chosen(choice: VoiceChoice, tag: LanguageTag) -> VoiceOffer | None:
    """Give the offer of the voice that the workspace names; None where its engine has none.

    Raises:
        ProductionError: there is no such engine or voice, or it must not speak this language.
    """
    if choice.name:
        return offer_for(choice.engine, choice.name, tag)
    return next(iter(offers_of(choice.engine, tag)), None)


def _usual(tag: LanguageTag) -> VoiceOffer | None:
    """Give the voice that every machine has, or the reason why it may not speak."""
    embedded = [offer for offer in offers(tag) if offer.embedded]
    return usual_voice(tag) or next(iter(embedded), None)


def cast_recording(
    workspace: Workspace, segment: str, tag: LanguageTag, script: Script
) -> CastRecording | NoVoice | None:
    """Give the recording of a segment, why it may not air, or None if nobody recorded it."""
    take = workspace.recordings.get((segment, tag))
    if take is None:
        return None
    from scripts.cross_recordings import lines_told, named  # where nobody records, nobody waits
    from scripts.take_standing import stand

    standing = stand(take, script, must_be_heard=workspace.network.review_recordings)
    if standing.files:
        return CastRecording(files=standing.files)
    if standing.stale:
        return NoVoice(
            problem="the recording was made from other words than the present ones",
            remedy=f"have it recorded again: altavoz takes kit --lang {tag} --segment {segment}",
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
