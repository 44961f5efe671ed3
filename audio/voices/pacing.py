"""How fast a voice must be set so that a listener hears the pace that was asked for.

A voice's pace is measured on rendered sound (audio/voices/measuring.py) and kept with the voice's
version, because a number that an engine calls words a minute is not what is heard.
"""

import itertools
import json
import math
from dataclasses import dataclass
from typing import Any

from audio.beside import beside
from audio.voices.places import voices_folder
from programme.errors import ExitCode, ProductionError
from programme.storage import storage_errors

_STEEPEST = 4.0

SLOWEST, FASTEST = 0.25, 4.0
"""No voice is set slower or faster than this, against its usual speed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """What was heard at some speeds."""

    points: tuple[tuple[float, float], ...]
    """Speed against the voice's usual one, and the words a minute heard; both rise."""

    def speed_for(self, words_per_minute: float) -> float:
        """Give the speed at which this pace is heard, between the measured ones or beyond them.

        Between two points, and beyond the outermost two, speed and pace go as powers of each
        other; a voice of which one point is known is taken to go in proportion.
        """
        (slow, less), (fast, more) = self._around(words_per_minute)
        speed: float
        power = math.log(fast / slow) / math.log(more / less) if more > less else 1.0
        if words_per_minute > more:
            # Where two paces are all but equal, what lies beyond is not to be guessed from them.
            speed = fast * (words_per_minute / more) ** min(power, _STEEPEST)
        elif words_per_minute < less:
            speed = slow * (words_per_minute / less) ** min(power, _STEEPEST)
        else:
            speed = slow * (words_per_minute / less) ** power
        return round(min(FASTEST, max(SLOWEST, speed)), 4)

    def _around(self, wanted: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Give the two points between which a pace lies, or the nearest two."""
        if len(self.points) == 1:
            return self.points[0], self.points[0]
        above = next((n for n, point in enumerate(self.points) if point[1] > wanted), -1)
        last = len(self.points) - 1 if above < 0 else max(1, above)
        return self.points[last - 1], self.points[last]

    def plain(self) -> list[list[float]]:
        """Write it down."""
        return [list(point) for point in self.points]


def read_pacing(plain: Any) -> Pacing | None:  # noqa: ANN401 - JSON
    """Read a pacing back; None where that is none."""
    try:
        points = tuple((float(speed), float(heard)) for speed, heard in plain)
    except (TypeError, ValueError):
        return None
    rising = all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(points))
    sane = all(0 < value < 10_000 for point in points for value in point)
    return Pacing(points=points) if points and rising and sane else None


def kept_pacing(engine: str, voice: str, program: str) -> Pacing | None:
    """Give the pace that was measured on this machine for this very program and voice, if any."""
    row = _kept().get(f"{engine}/{voice}")
    if not isinstance(row, dict) or row.get("of") != program:
        return None
    return read_pacing(row.get("points"))


def keep_pacing(engine: str, voice: str, program: str, pacing: Pacing) -> None:
    """Keep a measured pace with the version of what was measured.

    Raises:
        ProductionError: the disk refuses.
    """
    kept = {**_kept(), f"{engine}/{voice}": {"of": program, "points": pacing.plain()}}
    path = voices_folder() / "paces.json"
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        with beside(path) as file:
            file.write(text.encode("utf-8"))


def measured(engine: str, voice: str, program: str) -> Pacing:
    """Give the kept pace.

    Raises:
        ProductionError: nobody has measured it on this machine; code VOICE.
    """
    pacing = kept_pacing(engine, voice, program)
    if pacing is None:
        raise ProductionError(
            f"the pace of {engine}/{voice} has not been measured on this machine",
            where=f"{engine}/{voice}",
            remedy=f"measure it once: altavoz voices measure {engine}/{voice}",
            code=ExitCode.VOICE,
        )
    return pacing


def _kept() -> dict[str, Any]:
    """Give what was measured; a damaged file is as none: it is measured anew."""
    try:
        found = json.loads((voices_folder() / "paces.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
