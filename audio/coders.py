"""How each codec of a profile is coded: one table, one Protocol."""

from collections.abc import Callable
from typing import BinaryIO, Protocol

from audio.decoded import Decoded
from audio.m4a import aac_headroom
from audio.mp3 import Mp3SlotCoder, mp3_headroom
from audio.opus import OpusSlotCoder, opus_headroom
from audio.pcm import PcmSlotCoder, pcm_headroom
from audio.resampling import Block
from programme.profiles import RenditionSpec
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
