"""Sound without a codec's memory: linear samples and mu-law, as slots that join byte by byte.

Linear: 16 or 24 bits, little-endian. Mu-law: ITU-T G.711, one byte a sample. Samples are rounded
to the nearest step and no dither is added: at 24 bits the step lies 144 dB below full scale,
far below any noise in a room or a recording; at 16 bits at 8 kHz it lies under the noise of every
telephone line. Dither would end the digital silence in which slots begin and end, and tie a
slot's bytes to its place.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
import soxr
from numpy.typing import NDArray

from audio.coded_faults import spoilt
from audio.decoded import Decoded, DecodedMeter
from audio.resampling import Block
from programme.profiles import RenditionSpec
from programme.sound import MIX_RATE
from programme.units import Dbtp, Samples

_COPY = 1 << 20
_BIAS = 132
"""Of mu-law on 16 bits (33 on the 14 bits of G.711)."""
_CLIP = 32_635
_AAC_BITS = 16
"""Of the samples that wait for AAC: 98 dB, which no AAC of 32 kbit/s shows."""


class Samplewise(Protocol):
    """Codes each sample for itself."""

    size: int
    """Bytes of a sample."""

    def code(self, block: Block) -> bytes:
        """Give the bytes of samples of full scale 1."""
        ...

    def decode(self, data: bytes) -> Block:
        """Give the samples again, full scale 1."""
        ...


class Linear:
    """Two's complement of 16 or 24 bits."""

    def __init__(self, bits: int) -> None:
        if bits not in {16, 24}:
            raise ValueError(f"nobody writes linear samples of {bits} bits")
        self.size = bits // 8
        self._full = 1 << (bits - 1)

    def code(self, block: Block) -> bytes:
        """Give the bytes of samples of full scale 1."""
        whole = np.rint(block.astype(np.float64) * self._full)
        whole = np.clip(whole, -self._full, self._full - 1).astype("<i4")
        return whole.view(np.uint8).reshape(-1, 4)[:, : self.size].tobytes()

    def decode(self, data: bytes) -> Block:
        """Give the samples again, full scale 1."""
        wide = np.zeros((len(data) // self.size, 4), dtype=np.uint8)
        wide[:, 4 - self.size :] = np.frombuffer(data, dtype=np.uint8).reshape(-1, self.size)
        signal: Block = (wide.view("<i4")[:, 0] / 2.0**31).astype(np.float32)
        return signal


class Mulaw:
    """ITU-T G.711 mu-law."""

    size = 1

    def code(self, block: Block) -> bytes:
        """Give the bytes of samples of full scale 1."""
        whole = np.clip(np.rint(block * 32_768.0), -_CLIP, _CLIP).astype(np.int32)
        magnitude = np.abs(whole) + _BIAS
        # Bits of the magnitude above the eighth: the segment of the curve.
        segment = np.frexp(magnitude.astype(np.float64))[1].astype(np.int32) - 8
        step = magnitude >> (segment + 3) & 0x0F
        coded = np.where(whole < 0, 0x80, 0) | segment << 4 | step
        return bytes((~coded & 0xFF).astype(np.uint8).tobytes())

    def decode(self, data: bytes) -> Block:
        """Give the samples again, full scale 1."""
        signal: Block = _mulaw_values()[np.frombuffer(data, dtype=np.uint8)]
        return signal


@cache
def _mulaw_values() -> NDArray[np.float32]:
    coded = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = (((coded & 0x0F) << 3) + _BIAS << (coded >> 4 & 7)) - _BIAS
    return (np.where(coded & 0x80, -magnitude, magnitude) / 32_768.0).astype(np.float32)


def samplewise(spec: RenditionSpec) -> Samplewise:
    """Give the code of a rendition's samples; those of AAC are linear until all is there.

    Raises:
        ValueError: the codec is none of these.
    """
    if spec.codec == "mulaw":
        return Mulaw()
    if spec.codec == "pcm":
        return Linear(spec.bits)
    if spec.codec == "aac":
        return Linear(_AAC_BITS)
    raise ValueError(f"{spec.codec} is not coded sample by sample")


def pcm_headroom(spec: RenditionSpec) -> float:
    """Tell how many dB a player is likely to show above the master's true peak.

    Cutting the band at a lower rate raises peaks by up to a decibel.
    """
    return 0.2 if spec.rate_hz == MIX_RATE else 1.0


class PcmSlotCoder:
    """Codes one slot into a file of bare samples."""

    def __init__(
        self, spec: RenditionSpec, samples: Samples, file: BinaryIO, *, most: Dbtp
    ) -> None:
        self._code = samplewise(spec)
        self._owed, rest = divmod(samples * spec.rate_hz, MIX_RATE)
        if rest:
            raise ValueError(f"a slot of {samples} samples is not whole at {spec.rate_hz} Hz")
        self._resampler = (
            soxr.ResampleStream(MIX_RATE, spec.rate_hz, 1, dtype="float32", quality="HQ")
            if spec.rate_hz != MIX_RATE
            else None
        )
        self._meter = DecodedMeter(spec.rate_hz, samples, most=most)
        self._file = file

    def push(self, block: Block) -> None:
        """Take the next samples at MIX_RATE."""
        self._keep(block if self._resampler is None else self._resampler.resample_chunk(block))

    def finish(self) -> Decoded:
        """Write the last samples; give what a player decodes of the slot.

        Raises:
            ValueError: fewer samples were pushed than the slot has.
        """
        if self._resampler is not None:
            self._keep(self._resampler.resample_chunk(np.zeros(0, np.float32), last=True))
        # A slot ends in silence; soxr may leave out the last sample of it.
        if self._owed > 1:
            raise ValueError(f"{self._owed} samples of the slot are missing")
        self._keep(np.zeros(self._owed, np.float32))
        return self._meter.finish()

    def _keep(self, block: Block) -> None:
        data = self._code.code(block[: self._owed])
        self._owed -= len(data) // self._code.size
        self._file.write(data)
        self._meter.push(self._code.decode(data))


def read_coded(spec: RenditionSpec, slots: Sequence[Path], samples: Samples) -> Iterator[bytes]:
    """Give the samples of slots one after another, in blocks of whole samples.

    Args:
        spec: the rendition.
        slots: the slots' files in order.
        samples: of all slots together, at MIX_RATE.

    Raises:
        ProductionError: a slot's file is missing or cut, or the lengths do not add up; before
            the first block.
    """
    size = samplewise(spec).size
    found = sum(_bytes_in(slot, size) for slot in slots)
    wanted = samples * spec.rate_hz // MIX_RATE * size
    if found != wanted:
        raise spoilt(
            f"The coded slots are {found // size} samples, the edition has {wanted // size}",
            str(slots[0].parent) if slots else "",
        )
    for slot in slots:
        with slot.open("rb") as file:
            while data := file.read(_COPY // size * size):
                yield data


def _bytes_in(slot: Path, size: int) -> int:
    try:
        found = slot.stat().st_size
    except FileNotFoundError as error:
        raise spoilt("The coded sound of a slot is missing", str(slot)) from error
    if not found or found % size:
        raise spoilt("The coded sound of a slot is cut", str(slot))
    return found
