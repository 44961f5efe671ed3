"""A take on disk: FLAC, mono, 16 bit, at the engine's own rate; the same sound, the same bytes.

Takes that are never written are read here as well, so that it is heard nowhere which was which.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.codec.context import Flags
from numpy.typing import NDArray

from audio.beside import beside
from audio.decode import decode_blocks
from audio.jobs import SpokenTake
from audio.resampling import Block, reblocked, resample_blocks
from audio.resampling import resampled_length as _resampled_length
from programme.sound import MIX_RATE
from programme.units import Hz, Samples

BLOCK = 48_000
"""Samples in a block that is read, unless another size is asked for."""

_OPTIONS = {"fflags": "+bitexact", "metadata_header_padding": "0"}
"""No version of FFmpeg in the file, and no room for tags that nobody writes."""


def resampled_length(samples: Samples, rate_hz: Hz, target_hz: Hz = MIX_RATE) -> Samples:
    """Give exactly how many samples ``read_take_blocks`` yields for a take of this length."""
    return _resampled_length(samples, rate_hz, target_hz)


Samples24 = NDArray[np.int32]
"""24 bits at the top of 32, as FFmpeg takes them."""


def write_take(path: Path, pcm: NDArray[np.int16], rate_hz: Hz) -> None:
    """Write a take beside its place, then rename it there; no tags, no date, no program's name.

    Raises:
        ProductionError: the disk is full or refuses; code STORAGE. Nothing is left behind.
        ValueError: there is no sound.
    """
    write_take_blocks(path, (pcm,), rate_hz)


def write_take_blocks(
    path: Path, blocks: Iterable[NDArray[np.int16] | Samples24], rate_hz: Hz
) -> Samples:
    """Write a take from blocks of any size, all of 16 or all of 24 bits; give its length.

    Raises:
        ProductionError: as for ``write_take``; whatever the blocks raise goes through.
        ValueError: there is no sound.
    """
    with beside(path) as file:
        try:
            return _encode(file, blocks, rate_hz)
        except av.error.PyAVCallbackError as failed:
            # After our file failed, FFmpeg fails again in closing it and hides why.
            if isinstance(failed.__context__, OSError):
                raise failed.__context__ from None
            raise


def read_take_blocks(
    take: Path | SpokenTake, *, rate_hz: Hz = MIX_RATE, block: int = BLOCK
) -> Iterator[Block]:
    """Read a take as mono float blocks at a rate, all of one size but the last.

    Raises:
        ProductionError: the take's file is missing or damaged.
    """
    if isinstance(take, SpokenTake):
        blocks = resample_blocks(_spoken_blocks(take), take.rate_hz, rate_hz)
    else:
        blocks = decode_blocks(take, rate_hz=rate_hz)
    yield from reblocked(blocks, block)


def _spoken_blocks(take: SpokenTake) -> Iterator[Block]:
    """Give samples as the decoder of a take's file gives them: full scale is 32,768."""
    pcm = np.frombuffer(take.pcm, "<i2")
    for start in range(0, pcm.size, BLOCK):
        block: Block = pcm[start : start + BLOCK].astype(np.float32)
        block /= 32_768.0
        yield block


def _encode(
    file: BinaryIO, blocks: Iterable[NDArray[np.int16] | Samples24], rate_hz: Hz
) -> Samples:
    """Encode to a file of our own, so that a full disk is an OSError and not FFmpeg's secret."""
    filled = (block for block in blocks if block.size)
    first = next(filled, None)
    if first is None:
        message = "a take without sound"
        raise ValueError(message)
    form = "s16" if first.dtype == np.int16 else "s32"
    with av.open(file, "w", format="flac", options=_OPTIONS) as out:
        stream = out.add_stream("flac", rate=rate_hz, layout="mono", format=form)
        stream.codec_context.flags |= Flags.bitexact
        samples = 0
        for pcm in chain((first,), filled):
            frame = AudioFrame.from_ndarray(pcm.reshape(1, -1), format=form, layout="mono")
            frame.sample_rate = rate_hz
            frame.pts = samples
            out.mux(stream.encode(frame))
            samples += pcm.size
        out.mux(stream.encode(None))
    return Samples(samples)
