"""Mastering: a slot's mix to its loudness, under its ceiling, whatever the limiter takes."""

from collections.abc import Iterable

from audio.limiter import energy_kept
from audio.loudness import FLOOR, Energies, integrated
from audio.resampling import Block
from audio.sounds import silent
from programme.errors import ExitCode, ProductionError
from programme.profiles import Profile
from programme.units import Db, Dbtp, Lufs

CLOSE = 0.2
"""How near to its loudness the middle of a slot's renditions must come, in LU: less than half of an
edition's tolerance."""
SPREAD = 0.3
"""How near to its loudness each rendition must come, in LU; codecs of few bits take some."""
_ROUNDS = 12
_NEAR = 0.03
"""LU: near enough for a reading that leaves out what limiting does to the weighting."""
_SURE = 0.15
"""LU: a correction this small, along a slope that was measured, is not tried out."""
_SLOPE = 0.75
"""A louder sound is limited more: of a decibel asked for, about so much comes out."""
_FLATTEST = 0.3
_MOST_GAIN = 40.0
"""dB; a sound that needs more is silence with noise."""


def find_gain(
    mixed: Iterable[Block],
    energies: Energies,
    profile: Profile,
    target: Lufs,
    *,
    ceiling: Dbtp,
    where: str,
) -> tuple[Db, Energies]:
    """Find the gain before the limiter at which the limited mix has its loudness.

    The limiter is run, the meter is not: the mix's energies are taken down by what limiting
    takes from each 100 ms. What is decoded in the end is measured for true.

    Args:
        mixed: the mix; read from its start several times.
        energies: of the mix as it is.
        profile: how loudness is read.
        target: what is asked for.
        ceiling: of the limiter.
        where: what is being mixed, for messages.

    Returns:
        The gain, and the energies that the master should have with it.

    Raises:
        ProductionError: the mix is silent, or cannot be as loud under its ceiling.
    """
    unlimited = integrated(energies, dual_mono=profile.dual_mono)
    if unlimited <= FLOOR or target - unlimited > _MOST_GAIN:
        raise silent(where)
    gain_db, slope = Db(target - unlimited), _SLOPE
    before: tuple[float, float] | None = None
    for _ in range(_ROUNDS):
        gain = 10 ** (gain_db / 20)
        kept = energy_kept(mixed, ceiling=ceiling, gain=gain)
        expected = energies * (gain * gain) * kept
        found = integrated(expected, dual_mono=profile.dual_mono)
        error = target - found
        if abs(error) < _NEAR:
            return gain_db, expected
        if before is not None and gain_db != before[0]:
            slope = min(max((found - before[1]) / (gain_db - before[0]), _FLATTEST), 1.0)
        sure = before is not None and abs(error) < _SURE
        before = (gain_db, found)
        gain_db = Db(gain_db + error / slope)
        if sure:
            return gain_db, expected * 10 ** (error / 10)
        if gain_db > _MOST_GAIN:
            break
    raise _too_peaky(where)


def _too_peaky(where: str) -> ProductionError:
    return ProductionError(
        "the sound cannot be made loud enough under its ceiling",
        where=where,
        remedy="take clicks and knocks out of the recording, or make it again",
        code=ExitCode.SOUND,
    )
