"""What a player hears of a coded slot: measured on the decoded samples, once, while coding.

A slot begins and ends in 120 ms of silence, so its decoded samples do not depend on what is
joined before and behind it: the energies of an edition's file are its slots' energies in order.
"""

from dataclasses import dataclass

import numpy as np
from av.audio.frame import AudioFrame

from audio.loudness import Energies, EnergyMeter
from audio.peaks import Over, PeakMeter
from audio.resampling import Block
from programme.sound import MIX_RATE
from programme.units import Db, Dbtp, Hz, Samples

_AT_ONCE = 9_600
"""A decoder's short frames are gathered to so many samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What the decoded samples of one rendition of a slot show."""

    energies: Energies
    """One per 100 ms of the slot, whatever the rendition's rate."""
    momentary: float
    """Mean square of its loudest 400 ms."""
    true_peak: Dbtp
    overs: tuple[Over, ...]
    """Moments over the level that was asked for, in samples at MIX_RATE from the slot's start."""


class DecodedMeter:
    """Takes what a decoder gives and measures the slot in it: exactly its own samples.

    Args:
        rate_hz: of the decoded samples; MIX_RATE is a multiple of it.
        samples: length of the slot at MIX_RATE.
        late: how many samples, at ``rate_hz``, the decoder gives before the slot begins.
        delayed: whether players play these samples too, so that every slot is heard later.
        most: true peak that no moment should be over.
        at_once: samples that are gathered before peaks are looked for.
    """

    def __init__(
        self,
        rate_hz: int,
        samples: Samples,
        *,
        late: int = 0,
        delayed: bool = False,
        most: Dbtp,
        at_once: int = _AT_ONCE,
    ) -> None:
        self._ratio, rest = divmod(MIX_RATE, rate_hz)
        if rest or samples % self._ratio:
            raise ValueError(f"a slot of {samples} samples is not whole at {rate_hz} Hz")
        self._late = late
        self._skip = 0 if delayed else late
        self._owed = samples // self._ratio
        self._energies = EnergyMeter(Hz(rate_hz))
        self.peaks = PeakMeter(most, at_once=at_once)
        """What ``hear`` does not fill."""
        self._waiting: list[Block] = []
        self._length = 0

    def push(self, block: Block) -> None:
        """Take the next decoded samples: mono, full scale 1."""
        self._waiting.append(block)
        self._length += len(block)
        if self._length >= _AT_ONCE:
            self._take()

    def _take(self) -> None:
        if not self._waiting:
            return
        block = np.concatenate(self._waiting)
        self._waiting, self._length = [], 0
        # A peak in what a decoder adds before and behind is heard as well.
        self.peaks.push(block)
        self.hear(block)

    def hear(self, block: Block) -> None:
        """Take the next samples for all but the peaks, which somebody else gives to ``peaks``."""
        if self._skip:
            dropped = min(self._skip, len(block))
            self._skip -= dropped
            block = block[dropped:]
        kept = block[: self._owed]
        self._owed -= len(kept)
        self._energies.push(kept)

    def finish(self) -> Decoded:
        """Give what was measured; what the decoder still owes is the slot's silent end."""
        self._take()
        self._energies.push(np.zeros(self._owed, dtype=np.float32))
        self._owed = 0
        true_peak = self.peaks.finish()
        energies = self._energies.finish()
        return Decoded(
            energies=energies,
            momentary=self._energies.momentary,
            true_peak=true_peak,
            overs=tuple(self._placed(over) for over in self.peaks.overs),
        )

    def overs_since(self, number: int) -> list[Over]:
        """Give what was found over the level so far, but for so many of the first."""
        return [self._placed(over) for over in self.peaks.overs[number:]]

    def _placed(self, over: Over) -> Over:
        at = Samples((over.at - self._late) * self._ratio)
        return Over(at=at, excess=Db(over.excess))


def samples_of(frame: AudioFrame) -> Block:
    """Give the samples of a mono float frame that a decoder made, without a detour."""
    return np.frombuffer(memoryview(frame.planes[0]), dtype=np.float32, count=frame.samples)
