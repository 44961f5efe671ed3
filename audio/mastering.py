"""Mastering: a slot's mix to its loudness, under its ceiling, whatever the limiter takes."""

from dataclasses import dataclass

from audio.limiter import Limiter
from audio.loudness import FLOOR, Energies, integrated
from audio.mixer import Replay
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
"""LU: near enough where no gain comes nearer; what is decoded is measured and corrected anyway."""
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
    limiter: Limiter,
    energies: Energies,
    profile: Profile,
    target: Lufs,
    *,
    ceiling: Dbtp,
    start: Db | None = None,
    where: str,
) -> Found:
    """Find the gain before the limiter at which the limited mix has its loudness.

    No meter is run: the mix's energies are taken down by what limiting takes from each 100 ms.
    What is decoded in the end is measured for true.

    Args:
        limiter: of the mix.
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
    nearest: tuple[float, Db, Energies] | None = None
    for _ in range(_ROUNDS):
        gain = float(10 ** (gain_db / 20))
        expected = energies * (gain * gain) * limiter.kept(ceiling=ceiling, gain=gain)
        found = integrated(expected, dual_mono=profile.dual_mono)
        error = target - found
        if abs(error) < _NEAR:
            return _found(limiter, ceiling, gain_db, expected)
        if nearest is None or abs(error) < nearest[0]:
            nearest = abs(error), gain_db, expected
        if before is not None and gain_db != before[0]:
            slope = min(max((found - before[1]) / (gain_db - before[0]), _FLATTEST), 1.0)
        before = (gain_db, found)
        gain_db = Db(gain_db + error / slope)
        if gain_db > _MOST_GAIN:
            break
    # Louder is not always more: what was quiet may pass the meter's gate and take the mean down,
    # so that a short slot comes near its loudness and never upon it.
    if nearest is not None and nearest[0] < _SURE:
        return _found(limiter, ceiling, nearest[1], nearest[2])
    raise _too_peaky(where)


def _found(limiter: Limiter, ceiling: Dbtp, gain_db: Db, energies: Energies) -> Found:
    master = limiter.limited(ceiling=ceiling, gain=float(10 ** (gain_db / 20)))
    return Found(gain_db=gain_db, energies=energies, master=master)


def _too_peaky(where: str) -> ProductionError:
    return ProductionError(
        "the sound cannot be made loud enough under its ceiling",
        where=where,
        remedy="take clicks and knocks out of the recording, or make it again",
        code=ExitCode.SOUND,
    )
