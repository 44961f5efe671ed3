"""Stings and beds in memory: short, decoded once in a process, measured once.

A slot mixes the same few sounds again and again; what is kept is bounded by LONGEST and by
the number of sounds, and forgotten when a file changes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from audio.decode import decode_blocks, decoded_length
from audio.loudness import STEP, Energies, energies_of, integrated
from audio.resampling import Block
from programme.errors import ExitCode, ProductionError
from programme.sound import MIX_RATE
from programme.units import Lufs, Samples

LONGEST = Samples(180 * MIX_RATE)
"""A bed repeats after three minutes at the latest: 35 MB."""
_KEPT = 3
_QUIETEST = -60
"""LUFS: a sound below it is silence with noise."""
_BODY = 10 ** (-30 / 20)
_SEAM = MIX_RATE // 50
"""Over which a step between a loop's end and its start is spread: 20 ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A short sound at MIX_RATE."""

    pcm: Block
    loop: Block
    """The same, to be repeated without a click at its seam."""
    energies: Energies
    """One per 100 ms, from its start to past its end."""
    loudness: Lufs
    """Integrated, with silence behind it so that the shortest sting can be measured."""
    body: Samples
    """Until when it is within 30 dB of its loudest 10 ms."""


def read_sound(path: Path) -> Sound:
    """Decode and measure a sting or a bed; what is beyond LONGEST is left out.

    Raises:
        ProductionError: the file is missing, damaged or silent, or holds what is no number.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise ProductionError(
            f"the file cannot be read: {error.strerror}",
            where=str(path),
            remedy="check that it exists and may be read",
        ) from error
    return _read(path, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=_KEPT)
def _read(path: Path, length_bytes: int, modified_ns: int) -> Sound:  # noqa: ARG001 - the key
    blocks, have = [], 0
    for block in decode_blocks(path):
        blocks.append(block[: LONGEST - have])
        have += len(blocks[-1])
        if have == LONGEST:
            break
    pcm = np.concatenate(blocks)
    energies = energies_of([pcm, np.zeros(10 * STEP, dtype=np.float32)])
    loudness = _loudness(energies, path)
    return Sound(
        pcm=pcm,
        loop=_looped(pcm),
        energies=energies[: -(-len(pcm) // STEP)],
        loudness=loudness,
        body=_body(pcm),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LongSound:
    """A sound of any length that is heard alone, read whenever it is needed."""

    samples: Samples
    energies: Energies
    """One per 100 ms."""
    loudness: Lufs
    read: Callable[[], Iterator[Block]]


def open_sound(path: Path) -> LongSound:
    """Measure a sound that is heard alone; only a short one is kept in memory.

    Raises:
        ProductionError: the file is missing, damaged or silent, or holds what is no number.
    """
    short = read_sound(path)
    if len(short.pcm) < LONGEST:
        return LongSound(
            samples=Samples(len(short.pcm)),
            energies=short.energies,
            loudness=short.loudness,
            read=lambda: iter([short.pcm]),
        )
    energies = energies_of(decode_blocks(path))
    return LongSound(
        samples=decoded_length(path),
        energies=energies,
        loudness=_loudness(energies, path),
        read=lambda: decode_blocks(path),
    )


def _loudness(energies: Energies, path: Path) -> Lufs:
    loudness = integrated(energies)
    if loudness <= _QUIETEST:
        raise silent(str(path))
    return loudness


def _body(pcm: Block) -> Samples:
    step = MIX_RATE // 100
    padded = np.concatenate([pcm, np.zeros(-len(pcm) % step, dtype=np.float32)])
    levels = np.sqrt(np.mean(np.square(padded.reshape(-1, step)), axis=1))
    last = int(np.flatnonzero(levels >= levels.max() * _BODY)[-1])
    return Samples(min(len(pcm), (last + 1) * step))


def _looped(pcm: Block) -> Block:
    # Where the step back to the start is a click, it is spread over 20 ms; a loop that was
    # made to fit stays as it is.
    seam = min(_SEAM, len(pcm) // 2)
    if seam < 2:
        return pcm
    step = float(pcm[0] - pcm[-1])
    if abs(step) <= float(np.abs(np.diff(pcm)).max()):
        return pcm
    mended = pcm.copy()
    mended[-seam:] += np.float32(step) * np.linspace(0, 1, seam, dtype=np.float32)
    return mended


def silent(where: str) -> ProductionError:
    """Say that a file holds no sound to speak of."""
    return ProductionError(
        "the file is silent, or too quiet to be used",
        where=where,
        remedy="record or make it again, louder",
        code=ExitCode.SOUND,
    )
