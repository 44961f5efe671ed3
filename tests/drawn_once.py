"""Pictures that the tests' publishing needs are drawn once in a run, for all of its processes.

A square picture takes more than a second, and every small network has the same few. What is kept is
what the drawing gave, by the drawing's own words, in a folder of this run alone.
"""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from production.artwork import drawing

FOLDER = "ALTAVOZ_TEST_DRAWINGS"
"""Variable that names the folder, for the commands that tests start."""
_draw = drawing._opaque.__wrapped__


def keep_drawings() -> None:
    """Have this process take every picture from the folder, and put what it has to draw there."""
    folder = Path(os.environ[FOLDER])
    drawing._opaque = lru_cache(maxsize=32)(lambda svg, width: _kept(folder, svg, width))


def draw_afresh() -> None:
    """Have this process draw every picture by itself again."""
    drawing._opaque = lru_cache(maxsize=32)(_draw)


def _kept(folder: Path, svg: str, width: int | None) -> bytes:
    path = folder / hashlib.sha256(f"{width}\0{svg}".encode()).hexdigest()
    if path.exists():
        return path.read_bytes()
    data = _draw(svg, width)
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
    return data
