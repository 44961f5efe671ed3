"""How each codec of a profile is coded: one table, one Protocol."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from audio.decoded import Decoded
from audio.m4a import aac_headroom
from audio.mp3 import mp3_headroom
from audio.mp3_slots import Mp3SlotCoder
from audio.opus import opus_headroom
from audio.opus_slots import OpusSlotCoder
from audio.pcm import PcmSlotCoder, pcm_headroom
from audio.resampling import Block
from programme.profiles import Profile, RenditionSpec
from programme.units import Dbtp, Samples


class SlotCoder(Protocol):
    """Codes a slot while its blocks flow by."""

    def push(self, block: Block) -> None:
        """Take the next samples at MIX_RATE."""
        ...

    def finish(self) -> Decoded:
        """Write what is left; give what a player decodes of the slot."""
        ...


class _OpenCoder(Protocol):
    def __call__(
        self, spec: RenditionSpec, samples: Samples, file: BinaryIO, *, most: Dbtp
    ) -> SlotCoder: ...


CODERS: dict[str, _OpenCoder] = {
    "mp3": Mp3SlotCoder,
    "opus": OpusSlotCoder,
    "pcm": PcmSlotCoder,
    "mulaw": PcmSlotCoder,
    "aac": PcmSlotCoder,
}
"""How each codec of a profile is coded."""

HEADROOM: dict[str, Callable[[RenditionSpec], float]] = {
    "mp3": mp3_headroom,
    "opus": opus_headroom,
    "pcm": pcm_headroom,
    "mulaw": pcm_headroom,
    "aac": aac_headroom,
}
"""How many dB a decoder is likely to show above the master's peak."""
_TOGETHER = 0.5
"""dB: renditions that need no more than this less than another share its lower ceiling. Each
master costs a search for its gain and a pass of the limiter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Renditions that are coded from one limited master."""

    ceiling: Dbtp
    """The lowest that one of them needs."""
    renditions: tuple[RenditionSpec, ...]


def limited_together(profile: Profile) -> tuple[Together, ...]:
    """Part a profile's renditions by the ceiling that each needs for its codec; highest first."""

    def needed(spec: RenditionSpec) -> Dbtp:
        room = HEADROOM[spec.codec](spec)
        return min(profile.ceiling_dbtp, Dbtp(profile.max_dbtp - room))

    groups: list[list[RenditionSpec]] = []
    for spec in sorted(profile.renditions, key=needed, reverse=True):
        if groups and needed(groups[-1][0]) - needed(spec) <= _TOGETHER:
            groups[-1].append(spec)
        else:
            groups.append([spec])
    return tuple(Together(ceiling=needed(g[-1]), renditions=tuple(g)) for g in groups)
