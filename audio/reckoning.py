"""The loudness of a mix reckoned from its parts' energies, so that no mix is measured twice.

Sounds that have nothing to do with each other add up in energy. This finds the gain with which
a slot is mastered; what the slot is in the end is measured where it is decoded.
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from audio.elastic import Piece
from audio.loudness import STEP, Energies
from audio.mixer import Event, bed_gain
from audio.sounds import Sound
from audio.timeline import BedPlan
from programme.units import Samples


def mixed_energies(
    speech: Energies,
    sounds: Sequence[tuple[Event, Energies]],
    bed: tuple[BedPlan, Sound, float] | None,
) -> Energies:
    """Give the energies of a slot's mix, one per 100 ms.

    Args:
        speech: of the speech at the gain at which it is mixed, for the whole slot.
        sounds: each sound on the timeline, with its own energies before its gain.
        bed: its plan, its sound, and the linear gain that brings it under the speech.
    """
    mixed = speech.copy()
    for event, energies in sounds:
        _add(mixed, energies * event.gain**2, event.placed.start)
    if bed is not None:
        plan, sound, gain = bed
        first, last = plan.placed.start, plan.placed.end
        for step in range(first // STEP, min(len(mixed), -(-last // STEP))):
            low, high = max(first, step * STEP), min(last, (step + 1) * STEP)
            middle = (low + high) // 2
            level = float(bed_gain(plan, middle, middle + 1)[0]) * gain
            piece = plan.pieces[bisect_right(plan.pieces, middle - first, key=_start) - 1]
            at = (piece.source + middle - first - piece.at) // STEP
            energy = sound.energies[min(at, len(sound.energies) - 1)]
            mixed[step] += energy * level**2 * (high - low) / STEP
    return mixed


def _start(piece: Piece) -> int:
    return piece.at


def _add(mixed: Energies, energies: Energies, start: Samples) -> None:
    """Add energies that begin between two steps: each goes to both, by its share."""
    step, rest = divmod(start, STEP)
    late = rest / STEP
    for at, share in ((step, 1 - late), (step + 1, late)):
        part = energies[: max(0, len(mixed) - at)]
        mixed[at : at + len(part)] += np.asarray(part) * share
