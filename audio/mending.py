"""What a codec lets peak too high is coded again where it stands: one loop for every codec.

A coder decodes what it gives while it can still go back. Where a moment is over, the sound gives
way there for a few hundredths of a second (audio/dips.py); how to go back, and how far, is each
coder's own.
"""

from collections.abc import Callable, Sequence

from audio.decoded import DecodedMeter
from audio.dips import DEEPEST, SIDE, Dip, dips_for, lowered
from audio.resampling import Block
from programme.sound import MIX_RATE


class Mender:
    """Knows which moments of a slot were looked at for the last time, and where it gives way.

    Args:
        meter: of what is decoded; its peaks go back with the coder.
        rate_hz: of the sound that gives way.
        tries: how often one moment may be coded again; a codec of few bits decides anew each time.
    """

    def __init__(self, meter: DecodedMeter, *, rate_hz: int = MIX_RATE, tries: int) -> None:
        self._meter = meter
        self._ratio = MIX_RATE // rate_hz
        self._tries = tries
        self._dips: list[Dip] = []
        self._settled = 0

    def mend(self, again: Callable[[Sequence[Dip]], bool]) -> None:
        """Have what is over coded again, until no moment is, or nothing helps.

        Args:
            again: takes the dips that were added, in order. It codes what they reach into once
                more, decodes it and gives it to the meter, from where that went back to. False
                where it cannot.
        """
        for _ in range(self._tries):
            overs = self._meter.overs_since(self._settled)
            if not overs:
                return
            if max(over.excess for over in overs) > DEEPEST:
                break
            dips = dips_for(overs)
            self._dips += dips
            if not again(dips):
                break
        # What is still over is told in the end: the whole slot is coded again, with more dips.
        self._settled = len(self._meter.peaks.overs)

    def lowered(self, block: Block, start: int) -> Block:
        """Give a block with all dips that reach into it.

        Args:
            block: as it was given.
            start: of it in the slot, in its own samples.
        """
        return lowered(block, start, self._dips, ratio=self._ratio)

    def forget(self, before: int) -> None:
        """Let go of dips that reach no further than a place, in samples at MIX_RATE."""
        self._dips = [dip for dip in self._dips if dip.end + SIDE > before]
