"""What production asks of sound, and what it gets back; no sound library is imported here.

Every job is a frozen value that can be sent to another process, names files by path, and
says nothing of where the files came from. The functions that do the jobs:

- ``audio.voices.speak(SpeakJob) -> TakeInfo``
- ``audio.voices.speaking.say(SpeakJob) -> SpokenTake, TakeInfo``: the same without a file
- ``audio.recordings.import_recording(RecordingJob) -> TakeInfo``
- ``audio.slots.render_slot(SlotJob) -> SlotResult``
- ``audio.editions.write_rendition(RenditionJob) -> Loudness``
- ``audio.editions.measure_slots(...) -> Loudness`` of one rendition
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from programme.editions import EditionTags
from programme.profiles import Profile, RenditionSpec
from programme.sound import NO_CUES, Cues, Loudness, Span, TakeInfo
from programme.units import Dbtp, DurationMs, Hz, LanguageTag, Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakJob:
    """Speak one sentence into a take file."""

    engine: str
    voice: str
    """The engine's own name of the voice."""
    language: LanguageTag
    text: str
    """The words as spoken: no digits, no markup, no control characters."""
    words_per_minute: int
    """As heard; the voice module knows how its engine must be set to get there."""
    protected: bool = False
    """Words of or about people at risk: no online voice is ever given them."""
    out: Path | None = None
    """The take file that ``speak`` writes; None where only ``say`` is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTake:
    """A take that lies in memory: of a voice that says the sentence again in milliseconds."""

    pcm: bytes = field(repr=False)
    """16 bits, little-endian, mono: the very samples that a take file would hold."""
    rate_hz: Hz
    where: str
    """What it says, for messages."""

    def __str__(self) -> str:
        """Give what messages call it, as the path is of a take file."""
        return self.where


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingJob:
    """Turn a file that a person recorded into a take: decoded, mono, trimmed, levelled."""

    source: Path
    where: str
    """The file as the producer knows it, for messages."""
    out: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One take in a slot, and the silence after it."""

    take: Path | SpokenTake
    """Its file, or the sound itself; ``audio.takes.read_take_blocks`` reads both alike."""
    info: TakeInfo
    pause_ms: DurationMs
    """After the take; ignored after the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotJob:
    """Mix, master and encode one slot.

    Order within the slot: sound (alone), sting, lines with the bed under them. At least one
    of ``sound`` and ``lines`` is there.
    """

    lines: tuple[Line, ...] = ()
    sound: Path | None = None
    sting: Path | None = None
    bed: Path | None = None
    bed_cues: Cues = NO_CUES
    """What of the bed is its intro and its outro."""
    profile: Profile
    coded: Mapping[str, Path]
    """Rendition id to the file that takes its coded frames."""
    energies: Mapping[str, Path]
    """Rendition id to the file that takes the loudness energies of its decoded frames, one per
    100 ms, for ``measure_slots``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotResult:
    """What is known of a rendered slot."""

    samples: Samples
    """At MIX_RATE; a multiple of GRID."""
    lines: tuple[Span, ...]
    """When each line's take is heard, from the start of the slot."""
    loudness: Mapping[str, Loudness]
    """Rendition id to what a meter reads of its decoded frames."""
    gain_db: float
    """What mastering added to the mix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenditionJob:
    """Join coded slots into one tagged file."""

    spec: RenditionSpec
    slots: tuple[Path, ...]
    """Coded frames of each slot, in order."""
    samples: Samples
    """Of all slots together, at MIX_RATE."""
    tags: EditionTags
    loudness: Loudness
    """Of this very file as it is decoded: what its tags say; of AAC, as it goes in."""
    dual_mono: bool
    """As in the profile."""
    max_dbtp: Dbtp
    """The most that the decoded file may show; what is joined from slots keeps to it already."""
    out: Path
