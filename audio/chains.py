"""Processing chains for speech before it is mixed; for horn loudspeakers and telephone lines.

Speech is tilted towards presence and compressed fast (audio/shaping.py), then driven into a
soft clipper until the crest over active speech is little more than 10 dB. More wastes peak: an
amplifier can only be turned up until it clips. With less, clipping itself costs words.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from audio.mixer import BLOCK, Replay
from audio.phone_band import in_phone_band
from audio.resampling import Block, reblocked
from audio.shaping import shaped
from programme.sound import MIX_RATE
from programme.units import Db, Samples

_CREST = Db(10.3)
_NEAR = Db(0.2)
"""So the crest lies between 10 and 12 dB, at the end where a horn plays loudest."""
_MOST = 0.5
"""Where the clipper ends, full scale 1; loudness is set behind it."""
_KNEE = 0.6
"""Below this part of _MOST the clipper does nothing."""
_DRIVE = Db(-12.0)
_DRIVES = (Db(-30.0), Db(12.0))
"""Active speech against the clipper's end."""
_ROUNDS = 8
_FRAME = MIX_RATE // 50
_ACTIVE = 10 ** (-20 / 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveLevel:
    """How loud speech is while somebody speaks."""

    rms: Db
    """Of the 20 ms frames no more than 20 dB below the mean; dBFS; -inf for silence."""
    peak: Db
    """Highest sample, dBFS."""

    @property
    def crest(self) -> Db:
        """Peak over level."""
        return Db(self.peak - self.rms)


def active_level(blocks: Iterable[Block]) -> ActiveLevel:
    """Measure a stream of speech."""
    found = [np.zeros(0)]
    high = 0.0
    for block in reblocked(blocks, BLOCK):
        whole = block[: len(block) // _FRAME * _FRAME].astype(np.float64).reshape(-1, _FRAME)
        found.append(np.einsum("ij,ij->i", whole, whole) / _FRAME)
        high = max(high, float(np.abs(block).max()))
    energies = np.concatenate(found)
    energies = energies[energies > 0]
    if not len(energies) or not high:
        return ActiveLevel(rms=Db(-math.inf), peak=Db(-math.inf))
    active = energies[energies >= energies.mean() * _ACTIVE]
    return ActiveLevel(
        rms=Db(10 * math.log10(float(active.mean()))), peak=Db(20 * math.log10(high))
    )


def through(chain: str, speech: Replay, samples: Samples) -> Replay:
    """Send speech through a chain; same length, no delay.

    Args:
        chain: name of a chain in a profile; empty for none.
        speech: blocks of BLOCK samples; silence stays silence.
        samples: its length.

    Raises:
        ValueError: there is no such chain.
    """
    if not chain:
        return speech
    if chain not in CHAINS:
        raise ValueError(f"no processing chain is called {chain!r}")
    return CHAINS[chain](speech, samples)


def _loudspeaker(speech: Replay, samples: Samples) -> Replay:
    carrying = shaped(speech, samples)
    level = active_level(carrying)
    if level.rms == -math.inf:
        return carrying
    drive = _trimmed(carrying, level.rms)
    return Replay(lambda: driven(carrying, drive - level.rms), samples)


def _phone(speech: Replay, samples: Samples) -> Replay:
    return Replay(lambda: in_phone_band(speech, samples), samples)


CHAINS: Mapping[str, Callable[[Replay, Samples], Replay]] = {
    "loudspeaker": _loudspeaker,
    "phone": _phone,
}
"""What a profile may name."""


def _trimmed(speech: Replay, rms: Db) -> Db:
    """Find the drive that brings the crest to _CREST; more drive, less crest."""
    drive = _DRIVE
    for _ in range(_ROUNDS):
        crest = active_level(driven(speech, drive - rms)).crest
        if abs(crest - _CREST) <= _NEAR:
            break
        drive = Db(min(max(drive + crest - _CREST, _DRIVES[0]), _DRIVES[1]))
    return drive


def driven(blocks: Iterable[Block], gain_db: float) -> Iterator[Block]:
    """Amplify and clip softly: straight up to _KNEE of _MOST, then bent to never exceed it."""
    gain = np.float32(10 ** (gain_db / 20) / _MOST)
    knee, room = np.float32(_KNEE), np.float32(1 - _KNEE)
    for block in blocks:
        loud = block * gain
        size = np.abs(loud)
        over = size > knee
        if over.any():
            bent = knee + room * np.tanh((size[over] - knee) / room)
            loud[over] = np.copysign(bent, loud[over])
        yield np.float32(_MOST) * loud
