"""Processing chains for speech before it is mixed; today one, for horn loudspeakers.

The chain and its figures are those of notes/field.md section 7: tilt towards presence, a fast
compressor with absolute thresholds, then drive into a soft clipper, so that words carry over
noise at equal peak. The drive is trimmed until the crest over active speech is 10 to 12 dB:
above, peak is wasted; below, intelligibility falls.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph

from audio.mixer import BLOCK, Replay
from audio.phone_band import in_phone_band
from audio.resampling import Block, reblocked
from programme.errors import ExitCode, ProductionError
from programme.sound import MIX_RATE
from programme.units import Db, Samples

_BASE = (
    ("highpass", "f=140:p=2"),
    ("equalizer", "f=300:t=q:w=1:g=-4"),
    ("equalizer", "f=2800:t=q:w=0.6:g=7"),
    ("acompressor", "threshold=-30dB:ratio=4:attack=1:release=30:knee=8:makeup=6dB"),
)
"""Filters of libavfilter; constants only, no text from outside ever comes in here."""
_INPUT = Db(-25.0)
"""Level of active speech for which the compressor's threshold was chosen, dBFS RMS."""
_CLIP = 0.5
_DRIVE = 12
_DRIVES = range(25)
CREST_MIN = Db(10.0)
CREST_MAX = Db(12.0)
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
        speech: blocks of BLOCK samples; not silent.
        samples: its length.

    Raises:
        ValueError: there is no such chain.
        ProductionError: libavfilter refuses.
    """
    if not chain:
        return speech
    if chain == "phone":
        return Replay(lambda: in_phone_band(speech, samples), samples)
    if chain != "loudspeaker":
        raise ValueError(f"no processing chain is called {chain!r}")
    level = active_level(speech)
    gain = 10 ** ((_INPUT - level.rms) / 20)
    shaped = Replay(lambda: _filtered(speech, gain), samples)
    drive = _trimmed(shaped)
    return Replay(lambda: driven(shaped, drive), samples)


def _trimmed(shaped: Replay) -> int:
    """Find the drive, in dB, that brings the crest into its bounds; 12 if it does."""
    drive = _DRIVE
    while drive in _DRIVES:
        crest = active_level(driven(shaped, drive)).crest
        if crest > CREST_MAX:
            drive += 1
        elif crest < CREST_MIN:
            drive -= 1
        else:
            return drive
    return min(max(drive, _DRIVES[0]), _DRIVES[-1])


def driven(blocks: Iterable[Block], drive_db: int) -> Iterator[Block]:
    """Amplify and clip softly: a hyperbolic tangent that never exceeds 0.5."""
    gain = np.float32(10 ** (drive_db / 20) / _CLIP)
    for block in blocks:
        yield np.float32(_CLIP) * np.tanh(block * gain)


def _filtered(blocks: Iterable[Block], gain: float) -> Iterator[Block]:
    yield from reblocked(_pulled(blocks, gain), BLOCK)


def _pulled(blocks: Iterable[Block], gain: float) -> Iterator[Block]:
    graph = _graph()
    pts = 0
    try:
        for block in blocks:
            amplified = (block * np.float32(gain))[None, :]
            frame = AudioFrame.from_ndarray(amplified, format="flt", layout="mono")
            frame.sample_rate = MIX_RATE
            frame.pts = pts
            pts += len(block)
            graph.push(frame)
            yield from _ready(graph)
        graph.push(None)
        yield from _ready(graph)
    except av.error.FFmpegError as error:
        raise ProductionError(
            f"the loudspeaker chain failed: {error.strerror}",
            remedy="report this with the version that 'altavoz doctor' prints",
            code=ExitCode.SOUND,
        ) from error


def _ready(graph: Graph) -> Iterator[Block]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        if isinstance(frame, AudioFrame):
            block: Block = frame.to_ndarray()[0]
            yield block.copy()


def _graph() -> Graph:
    graph = Graph()
    last = graph.add_abuffer(sample_rate=MIX_RATE, format="flt", layout="mono")
    out = ("aformat", f"sample_fmts=flt:channel_layouts=mono:sample_rates={MIX_RATE}")
    for name, arguments in (*_BASE, out):
        following = graph.add(name, arguments)
        last.link_to(following)
        last = following
    sink = graph.add("abuffersink")
    last.link_to(sink)
    graph.configure()
    return graph
