"""Silence as a slot: coded like every other, so that it can stand between slots in a file."""

from collections.abc import Iterator

import numpy as np

from audio.beside import beside
from audio.coders import CODERS
from audio.jobs import SlotJob, SlotResult
from audio.loudness import loudness_of, write_energies
from programme.sound import GRID, MIX_RATE
from programme.units import Dbtp, Samples


def render_silence(job: SlotJob, samples: Samples) -> SlotResult:
    """Code digital silence and write its frames and energies, as ``render_slot`` does of sound.

    Args:
        job: says how it is coded and where to; it holds nothing to play.
        samples: its length at MIX_RATE, a multiple of GRID.

    Raises:
        ProductionError: the disk is full.
        ValueError: the length is not on the grid.
    """
    if samples <= 0 or samples % GRID:
        raise ValueError(f"silence of {samples} samples is not on the grid")
    loudness = {}
    for spec in job.profile.renditions:
        with beside(job.coded[spec.id], flush=False) as file:
            coder = CODERS[spec.codec](spec, samples, file, most=job.profile.max_dbtp)
            for block in _blocks(samples):
                coder.push(block)
            found = coder.finish()
        # A codec's own noise is far below the gate; what it gives of nothing is measured all the
        # same, so that the file that holds it reads as its meter says.
        write_energies(job.energies[spec.id], found.energies)
        loudness[spec.id] = loudness_of(
            found.energies,
            Dbtp(found.true_peak),
            dual_mono=job.profile.dual_mono,
            momentary=found.momentary,
        )
    return SlotResult(samples=samples, lines=(), loudness=loudness, gain_db=0.0)


def _blocks(samples: Samples) -> Iterator[np.ndarray[tuple[int], np.dtype[np.float32]]]:
    second = np.zeros(MIX_RATE, dtype=np.float32)
    for start in range(0, samples, MIX_RATE):
        yield second[: min(MIX_RATE, samples - start)]
