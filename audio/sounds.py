"""Stings and beds in memory: short, decoded once in a process, measured once.

A slot mixes the same few sounds again and again; what is kept is bounded by LONGEST and by
the number of sounds, and forgotten when a file changes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from audio.decode import decode_blocks
from audio.elastic import LEAST_MIDDLE, BedLength
from audio.loudness import STEP, Energies, EnergyMeter, energies_of, integrated
from audio.resampling import Block
from programme.errors import ExitCode, ProductionError
from programme.sound import MIX_RATE, Cues, samples_of
from programme.units import Lufs, Samples

LONGEST = Samples(180 * MIX_RATE)
"""A bed repeats after three minutes at the latest: 35 MB."""
ALONE = Samples(60 * MIX_RATE)
"""A sound that is heard alone is kept up to a minute, 12 MB; a longer one is read when needed."""
_KEPT = 2
"""A sting and a bed: slots of an episode mostly share both. 70 MB, where both are the longest."""
_QUIETEST = -60
"""LUFS: a sound below it is silence with noise."""
_BODY = 10 ** (-30 / 10)
_AROUND = MIX_RATE // 20
"""What a seam is compared with: 50 ms on both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A short sound at MIX_RATE."""

    pcm: Block
    energies: Energies
    """One per 100 ms, from its start to past its end."""
    loudness: Lufs
    """Integrated, with silence behind it so that the shortest sting can be measured."""
    body: Samples
    """Until when it is within 30 dB of its loudest 10 ms."""
    whole: bool
    """Whether nothing of the file was left out."""


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
    # Filled in place: joining blocks would take twice the memory for a moment.
    pcm, have, whole = np.empty(LONGEST, dtype=np.float32), 0, True
    for block in decode_blocks(path):
        part = block[: LONGEST - have]
        pcm[have : have + len(part)] = part
        have += len(part)
        if len(part) < len(block):
            whole = False
            break
    pcm.resize(have, refcheck=False)
    energies = energies_of([pcm, np.zeros(10 * STEP, dtype=np.float32)])
    loudness = _loudness(energies, path)
    return Sound(
        pcm=pcm,
        energies=energies[: -(-len(pcm) // STEP)],
        loudness=loudness,
        body=_body(pcm),
        whole=whole,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """A sound that lies under words, with what its producer marked in it."""

    sound: Sound
    length: BedLength
    loudness: Lufs
    """Of what lies under the words: its middle, or all of it where there is none."""


def read_bed(path: Path, cues: Cues) -> Bed:
    """Decode and measure a bed.

    Raises:
        ProductionError: as for ``read_sound``; it is too short for its marks, or to be repeated.
    """
    sound = read_sound(path)
    samples = len(sound.pcm)
    intro, outro = (samples_of(ms) for ms in (cues.intro_ms, cues.outro_ms))
    problem = ""
    if intro + outro > samples:
        problem = f"intro and outro are longer than the {samples / MIX_RATE:.1f} seconds of sound"
    elif outro and not sound.whole:
        problem = f"a bed with an outro may have {LONGEST // MIX_RATE} seconds, this is longer"
    elif samples < LEAST_MIDDLE:
        problem = "this is too short to lie under words"
    if problem:
        raise ProductionError(
            problem,
            where=str(path),
            remedy="cut or lengthen the sound, or correct what is marked in the file beside it",
        )
    end = samples - outro
    length = BedLength(
        samples=Samples(samples),
        intro=Samples(intro),
        outro=Samples(outro),
        seamless=end - intro >= LEAST_MIDDLE and _follows_itself(sound.pcm, intro, end),
    )
    middle = integrated(sound.energies[intro // STEP : end // STEP])
    return Bed(
        sound=sound,
        length=length,
        loudness=middle if length.repeats and middle > _QUIETEST else sound.loudness,
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
    meter, kept, samples = EnergyMeter(), list[Block](), 0
    for block in decode_blocks(path):
        meter.push(block)
        samples += len(block)
        if samples <= ALONE:
            kept.append(block)
        else:
            kept.clear()
    # What begins late rings on in a window of the meter behind it.
    meter.push(np.zeros(10 * STEP, dtype=np.float32))
    energies = meter.finish()
    short = tuple(kept)
    return LongSound(
        samples=Samples(samples),
        energies=energies[: -(-samples // STEP)],
        loudness=_loudness(energies, path),
        read=(lambda: iter(short)) if samples <= ALONE else partial(decode_blocks, path),
    )


def _loudness(energies: Energies, path: Path) -> Lufs:
    loudness = integrated(energies)
    if loudness <= _QUIETEST:
        raise silent(str(path))
    return loudness


def _body(pcm: Block) -> Samples:
    step = MIX_RATE // 100
    rest = len(pcm) % step
    rows = pcm[: len(pcm) - rest].reshape(-1, step)
    powers = np.einsum("ij,ij->i", rows, rows)
    if rest:
        powers = np.append(powers, np.float32(np.dot(pcm[-rest:], pcm[-rest:])))
    last = int(np.flatnonzero(powers >= powers.max() * _BODY)[-1])
    return Samples(min(len(pcm), (last + 1) * step))


def _follows_itself(pcm: Block, start: int, end: int) -> bool:
    """Tell whether a stretch may be repeated as it is: no step or bend beyond those around it."""
    around = min(_AROUND, (end - start) // 2)
    seam = np.concatenate([pcm[end - around : end], pcm[start : start + around]])
    for _ in range(2):
        seam = np.diff(seam)
        middle = len(seam) // 2
        across = np.abs(seam[middle - 1 : middle + 1]) if len(seam) % 2 == 0 else seam[[middle]]
        others = np.delete(seam, [middle - 1, middle])
        if float(np.abs(across).max()) > float(np.abs(others).max()):
            return False
    return True


def silent(where: str) -> ProductionError:
    """Say that a file holds no sound to speak of."""
    return ProductionError(
        "the file is silent, or too quiet to be used",
        where=where,
        remedy="record or make it again, louder",
        code=ExitCode.SOUND,
    )
