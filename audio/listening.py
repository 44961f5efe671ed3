"""A take as somebody listens to it in a browser: a small MP3, and the shape of its wave.

MP3, because it plays in every browser, and takes come as AMR or 3GP, which play in none. It is
heard as it will air, trimmed and levelled, so that whoever accepts a take accepts that.
"""

import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from audio.decode import decode_blocks
from audio.jobs import RecordingJob
from audio.lame import mp3_encoder
from audio.recordings import LIMITS, centred, import_recording
from audio.take_quality import measure_take
from programme.errors import ExitCode, ProductionError
from programme.sound import MIX_RATE
from programme.takes import TakeQuality
from programme.units import DurationMs, Hz

RATE = Hz(24_000)
KBPS = 40
"""Speech alone: noise, hum and clipped words are heard as they are."""

_COLUMN_MS = 20
"""The finest that the shape can show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningCopy:
    """A recording to be heard and seen."""

    mp3: bytes
    """Constant bit rate, mono, without tags."""
    length_ms: DurationMs
    shape: tuple[float, ...]
    """The highest sample of each stretch of equal length, 0 to 1."""
    quality: TakeQuality
    """Of the recording itself, not of what is heard here."""
    may_air: bool
    """Whether a build can use it; otherwise the recording is heard untouched."""


def listening_copy(source: Path, *, where: str = "", columns: int = 160) -> ListeningCopy:
    """Make a copy of a recording to be listened to.

    Args:
        source: the recording.
        where: the file as the producer knows it, for messages.
        columns: stretches in the shape at most; fewer for what is shorter than 20 ms each.

    Raises:
        ProductionError: the file is damaged or outside the limits (code INPUT).
    """
    blocks = list(decode_blocks(source, rate_hz=MIX_RATE, where=where, limits=LIMITS))
    quality = measure_take(centred(blocks), MIX_RATE)
    with tempfile.TemporaryDirectory(prefix="altavoz-") as folder:
        take = Path(folder) / "take.flac"
        try:
            import_recording(RecordingJob(source=source, where=where or str(source), out=take))
        except ProductionError as error:
            if error.code is not ExitCode.SOUND:
                raise
        heard = take if take.exists() else source
        mp3, samples, peaks = _coded(heard, where)
        return ListeningCopy(
            mp3=mp3,
            length_ms=DurationMs(samples * 1000 // RATE),
            shape=_folded(peaks, columns),
            quality=quality,
            may_air=heard == take,
        )


def _coded(path: Path, where: str) -> tuple[bytes, int, list[float]]:
    """Give the MP3, its length in samples at RATE, and the peak of every 20 ms."""
    encoder = mp3_encoder(RATE, KBPS)
    parts: list[bytes] = []
    peaks: list[float] = []
    samples = 0
    size = RATE * _COLUMN_MS // 1000
    rest = np.zeros(0, dtype=np.float32)
    for block in decode_blocks(path, rate_hz=RATE, where=where, limits=LIMITS):
        samples += block.size
        parts.append(encoder.encode(np.clip(block, -1.0, 1.0)))
        rest = np.concatenate([rest, block])
        whole = rest.size - rest.size % size
        peaks += np.abs(rest[:whole]).reshape(-1, size).max(axis=1).tolist()
        rest = rest[whole:]
    if rest.size:
        peaks.append(float(np.abs(rest).max()))
    parts.append(encoder.flush())
    return b"".join(parts), samples, peaks


def _folded(peaks: list[float], columns: int) -> tuple[float, ...]:
    """Give the highest of each of so many equal stretches, as near as whole peaks allow."""
    count = min(columns, len(peaks))
    edges = [place * len(peaks) // count for place in range(count + 1)] if count else []
    return tuple(round(min(1.0, max(peaks[a:b])), 4) for a, b in pairwise(edges))
