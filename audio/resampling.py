"""Change the rate of sound with soxr HQ; the length that comes out is known beforehand."""

from collections.abc import Iterable, Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

from programme.units import Hz, Samples

Block = NDArray[np.float32]
"""Mono sound: one axis, full scale 1.0."""


def resampled_length(samples: Samples, source_hz: Hz, target_hz: Hz) -> Samples:
    """Give how many samples ``resample_blocks`` makes: the exact quotient, halves rounded up."""
    return Samples((2 * samples * target_hz + source_hz) // (2 * source_hz))


def resample_blocks(blocks: Iterable[Block], source_hz: Hz, target_hz: Hz) -> Iterator[Block]:
    """Resample a stream of blocks; the result does not depend on how it was cut into blocks.

    Yields:
        Blocks of any size but nought, together ``resampled_length`` long.
    """
    if source_hz == target_hz:
        yield from (block for block in blocks if block.size)
        return
    stream = soxr.ResampleStream(source_hz, target_hz, 1, dtype="float32", quality="HQ")
    taken = given = 0
    for block in blocks:
        taken += block.size
        made: Block = stream.resample_chunk(block)
        given += made.size
        if made.size:
            yield made
    if not taken:
        return
    owed = resampled_length(Samples(taken), source_hz, target_hz) - given
    rest: Block = stream.resample_chunk(np.zeros(0, np.float32), last=True)
    if abs(rest.size - owed) > 1:
        message = f"soxr gave {rest.size} samples at the end, {owed} were due"
        raise AssertionError(message)
    # Where the quotient ends in a half, soxr rounds either way; timelines need one answer.
    rest = np.pad(rest[:owed], (0, max(0, owed - rest.size)))
    if rest.size:
        yield rest


def reblocked(blocks: Iterable[Block], size: int) -> Iterator[Block]:
    """Cut a stream into blocks of one size; only the last may be shorter."""
    waiting: list[Block] = []
    held = 0
    for block in blocks:
        waiting.append(block)
        held += block.size
        if held < size:
            continue
        whole = np.concatenate(waiting) if len(waiting) > 1 else block
        cut = whole.size - whole.size % size
        for start in range(0, cut, size):
            yield whole[start : start + size]
        waiting = [whole[cut:]]
        held = whole.size - cut
    if held:
        yield np.concatenate(waiting)
