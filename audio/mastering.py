"""Mastering: a slot's mix to its loudness, under its ceiling, whatever the limiter takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audio.limiter import limit
from audio.loudness import FLOOR, Energies, EnergyMeter, energies_of, integrated
from audio.mixer import Replay
from audio.peaks import PeakMeter
from audio.resampling import Block
from audio.sounds import silent
from programme.errors import ExitCode, ProductionError
from programme.profiles import Profile
from programme.units import Db, Dbtp, Lufs

CLOSE = 0.1
"""How near to its loudness a slot must come, in LU: a fifth of an edition's tolerance."""
_NEAR = 0.03
_ROUNDS = 6
_MOST_GAIN = 40.0
"""dB; a sound that needs more is silence with noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """What came out of mastering."""

    energies: Energies
    true_peak: Dbtp
    gain_db: Db


class Tap:
    """Meters that look at a stream while it flows."""

    def __init__(self) -> None:
        self._energy = EnergyMeter()
        self._peak = PeakMeter()

    def watch(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """Pass blocks on, measured."""
        for block in blocks:
            self._energy.push(block)
            self._peak.push(block)
            yield block

    def finish(self) -> tuple[Energies, Dbtp]:
        """Give the energies and the true peak of what flowed by."""
        return self._energy.finish(), self._peak.finish()


def find_gain(mixed: Replay, profile: Profile, target: Lufs, *, start_db: Db, where: str) -> Db:
    """Find the gain before the limiter at which the limited mix has its loudness.

    Args:
        mixed: the mix.
        profile: ceiling, and how loudness is read.
        target: what is asked for.
        start_db: a first guess.
        where: what is being mixed, for messages.

    Raises:
        ProductionError: the mix is silent, or cannot be as loud under its ceiling.
    """
    gain_db = start_db
    for _ in range(_ROUNDS):
        limited = limit(mixed, ceiling=profile.ceiling_dbtp, gain=10 ** (gain_db / 20))
        found = integrated(energies_of(limited), dual_mono=profile.dual_mono)
        if found <= FLOOR:
            raise silent(where)
        error = target - found
        if gain_db + error > _MOST_GAIN:
            raise silent(where)
        gain_db = Db(gain_db + error)
        # What the limiter takes grows slowly with the gain: after a small correction the
        # next reading would be nearer than this one by far.
        if abs(error) < 10 * _NEAR:
            return gain_db
    raise _too_peaky(where)


def check_master(master: Master, profile: Profile, target: Lufs, *, where: str) -> bool:
    """Tell whether a master is as loud as asked; False asks for another round.

    Raises:
        ProductionError: its true peak is over the ceiling.
    """
    if master.true_peak > profile.ceiling_dbtp + 0.1:
        raise ProductionError(
            f"the mix peaks at {master.true_peak:.1f} dBTP, over its ceiling",
            where=where,
            remedy="report this with the files that were mixed",
            code=ExitCode.SOUND,
        )
    found = integrated(master.energies, dual_mono=profile.dual_mono)
    return abs(found - target) <= CLOSE


def _too_peaky(where: str) -> ProductionError:
    return ProductionError(
        "the sound cannot be made loud enough under its ceiling",
        where=where,
        remedy="take clicks and knocks out of the recording, or make it again",
        code=ExitCode.SOUND,
    )
