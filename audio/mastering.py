"""Mastering: a slot's mix to its loudness, under its ceiling, whatever the limiter takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from audio.limiter import limit, limit_whole
from audio.loudness import FLOOR, Energies, integrated
from audio.mixer import Replay
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How a mix is mastered."""

    gain_db: Db
    """Before the limiter."""
    energies: Energies
    """That the master should have with it."""
    master: Replay
    """The limited mix."""


def find_gain(
    mixed: Replay,
    energies: Energies,
    profile: Profile,
    target: Lufs,
    *,
    ceiling: Dbtp,
    start: Db | None = None,
    where: str,
) -> Found:
    """Find the gain before the limiter at which the limited mix has its loudness.

    The limiter is run, the meter is not: the mix's energies are taken down by what limiting
    takes from each 100 ms. What is decoded in the end is measured for true.

    Args:
        mixed: the mix; read from its start several times.
        energies: of the mix as it is.
        profile: how loudness is read.
        target: what is asked for.
        ceiling: of the limiter.
        start: the gain that is tried first; None for what the mix needs without a limiter.
        where: what is being mixed, for messages.

    Raises:
        ProductionError: the mix is silent, or cannot be as loud under its ceiling.
    """
    unlimited = integrated(energies, dual_mono=profile.dual_mono)
    if unlimited <= FLOOR or target - unlimited > _MOST_GAIN:
        raise silent(where)
    gain_db, slope = Db(target - unlimited) if start is None else start, _SLOPE
    before: tuple[float, float] | None = None
    for _ in range(_ROUNDS):
        gain = 10 ** (gain_db / 20)
        limited = limit_whole(mixed, ceiling=ceiling, gain=gain, keep=mixed.keeps)
        expected = energies * (gain * gain) * limited.kept
        found = integrated(expected, dual_mono=profile.dual_mono)
        error = target - found
        if abs(error) < _NEAR:
            tried = limited.blocks
            return Found(
                gain_db=gain_db,
                energies=expected,
                master=_master(mixed, gain_db, ceiling) if tried is None else _known(tried, mixed),
            )
        if before is not None and gain_db != before[0]:
            slope = min(max((found - before[1]) / (gain_db - before[0]), _FLATTEST), 1.0)
        sure = before is not None and abs(error) < _SURE
        before = (gain_db, found)
        gain_db = Db(gain_db + error / slope)
        if sure:
            return Found(
                gain_db=gain_db,
                energies=expected * 10 ** (error / 10),
                master=_master(mixed, gain_db, ceiling),
            )
        if gain_db > _MOST_GAIN:
            break
    raise _too_peaky(where)


def _master(mixed: Replay, gain_db: Db, ceiling: Dbtp) -> Replay:
    gain = float(10 ** (gain_db / 20))
    return Replay(lambda: limit(mixed, ceiling=ceiling, gain=gain), mixed.samples)


def _known(blocks: Sequence[Block], mixed: Replay) -> Replay:
    return Replay(lambda: iter(blocks), mixed.samples)


def _too_peaky(where: str) -> ProductionError:
    return ProductionError(
        "the sound cannot be made loud enough under its ceiling",
        where=where,
        remedy="take clicks and knocks out of the recording, or make it again",
        code=ExitCode.SOUND,
    )
