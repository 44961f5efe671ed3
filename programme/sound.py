"""What is known of a sound without hearing it: lengths, word times, loudness."""

from dataclasses import dataclass

from programme.units import Dbtp, DurationMs, Hz, Lu, Lufs, Samples

MIX_RATE = Hz(48_000)
"""The rate of every mix and master."""

GRID = Samples(28_800)
"""A slot's length is a multiple of this many samples at MIX_RATE: 600 ms.

It is the least length that is whole MP3 frames (24 ms), whole Opus packets (20 and 60 ms)
and whole loudness steps (100 ms, ITU-R BS.1770-4), so that slots are encoded, joined and
measured each on its own. A slot begins and ends in digital silence, see EDGE.
"""

EDGE = Samples(5_760)
"""Digital silence at both ends of every slot, at least: 120 ms at MIX_RATE.

Longer than any encoder's memory, so that a slot's coded frames do not depend on its neighbours.
"""

NO_SILENCE = Samples(0)
"""Of a slot that is not silence."""


def samples_of(ms: int) -> Samples:
    """Give a length in samples at MIX_RATE; exact, 48 samples a millisecond."""
    return Samples(ms * (MIX_RATE // 1000))


def ms_of(samples: int) -> DurationMs:
    """Give a length at MIX_RATE to the nearest millisecond."""
    return DurationMs(round(samples * 1000 / MIX_RATE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """What a producer marked in a bed; both nought where nothing was."""

    intro_ms: DurationMs
    """Heard once, before the middle repeats."""
    outro_ms: DurationMs
    """Heard once; its end is the end of the bed."""


NO_CUES = Cues(intro_ms=DurationMs(0), outro_ms=DurationMs(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTime:
    """When one word of a sentence is heard."""

    offset: int
    """Index of its first character in the spoken text."""
    start_ms: DurationMs
    """From the start of the take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeInfo:
    """One recording or synthesis of a sentence, trimmed of silence."""

    rate_hz: Hz
    samples: Samples
    words: tuple[WordTime, ...] = ()
    """Empty where the voice cannot tell, as for recordings."""

    @property
    def length_ms(self) -> DurationMs:
        """Its length, rounded to the nearest millisecond."""
        return DurationMs(round(self.samples * 1000 / self.rate_hz))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """What a meter reads over a whole sound (ITU-R BS.1770-4, EBU Tech 3341 and 3342)."""

    integrated: Lufs
    """Gated programme loudness; -70 is the meter's floor, that is silence."""
    range_lu: Lu
    """LRA; 0 for anything shorter than three seconds."""
    momentary_max: Lufs
    short_term_max: Lufs
    """-70 for anything shorter than three seconds."""
    true_peak: Dbtp
    """-inf for digital silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time."""

    start_ms: DurationMs
    end_ms: DurationMs
