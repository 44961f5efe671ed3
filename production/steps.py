"""Steps and the plan: what would be made, from what, and why; pure, it touches no sound."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from production.selection import ChosenEdition, LeftOut
from production.speech import Speech
from programme.digests import Plain
from programme.facts import Source
from programme.profiles import Profile
from programme.sound import NO_SILENCE, Cues
from programme.units import Digest, DurationMs, Fingerprint, Samples


class Kind(StrEnum):
    """What a step makes."""

    TAKE = "take"
    SLOT = "slot"
    EDITION = "edition"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep:
    """Speak one sentence, or read one recorded file."""

    fingerprint: Fingerprint
    label: str
    inputs: Mapping[str, Plain]
    speak: Speech | None
    recording: Path | None
    online: bool = False
    """Whether the words leave this machine to be spoken: such sentences are kept for ever."""
    quick: bool = False
    """Whether its voice speaks in milliseconds: it is spoken in every slot that holds it, and
    stored nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLine:
    """One take in a slot and the pause after it."""

    take: TakeStep
    pause_ms: DurationMs
    sentences: tuple[int, ...]
    """Indexes of the sentences that are heard in it: one, or all for a recording of the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotStep:
    """Mix, master and encode one slot for one profile."""

    fingerprint: Fingerprint
    label: str
    inputs: Mapping[str, Plain]
    lines: tuple[PlannedLine, ...]
    sound: Path | None
    sting: Path | None
    bed: Path | None
    bed_cues: Cues
    sound_digests: Mapping[str, Digest]
    silence: Samples = NO_SILENCE
    """Length of a slot that is nothing but silence, at MIX_RATE; 0 for every other."""
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionStep:
    """Join slots into the files of one edition in one profile."""

    fingerprint: Fingerprint
    label: str
    inputs: Mapping[str, Plain]
    chosen: ChosenEdition
    slots: tuple[SlotStep, ...]
    profile: Profile
    expires: date
    facts: tuple[str, ...]
    """Ids of the facts and contacts that it speaks, once each, sorted."""
    sources: tuple[Source, ...]
    demo: bool
    synthetic_voice: bool
    draft_voice: bool
    """Whether a voice of draft class speaks in it."""
    station: str = ""
    """Id of the station that says a fact of its own in it; empty for everybody's."""


Step = TakeStep | SlotStep | EditionStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that the workspace asks for today."""

    editions: tuple[EditionStep, ...]
    left_out: tuple[LeftOut, ...]
    slots: tuple[SlotStep, ...] = ()
    """Made beside those of the editions: what is made of them depends on their lengths."""
