"""What a series looks like: its colours, the shape of its sign and the pattern of its ground.

All three come from its id alone, so that a series looks the same in every language and on every
machine, and nothing that is added beside it changes it. Shape and pattern tell series apart for
those who cannot read and for those who do not see colours. Any two looks differ in at least two
of the three: the colour's number is the sum of the other two.

No shape is a sign of a faith, a state, an army or an aid organisation: no cross, crescent, star
or shield.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from programme.digests import digest_text
from programme.tables import package_file, read_toml

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One of 144."""

    dark: str
    """Colour as ``#rrggbb``."""
    bright: str
    middle: str
    """Of the pattern: a quarter of the way from dark to bright."""
    shape: str
    """Name of a shape, see ``shape_path``."""
    pattern: str
    """Name of a pattern, see ``pattern_path``."""


def look_of(name: str) -> Look:
    """Give the look of a series, or of another collection that has a feed, by its id."""
    number = int(digest_text(name), 16) % (len(SHAPES) * len(PATTERNS))
    shape, pattern = divmod(number, len(PATTERNS))
    dark, bright = _colours()[(shape + pattern) % len(SHAPES)]
    return Look(
        dark=dark,
        bright=bright,
        middle=_mixed(dark, bright),
        shape=tuple(SHAPES)[shape],
        pattern=tuple(PATTERNS)[pattern],
    )


def _mixed(dark: str, bright: str) -> str:
    pairs = zip(bytes.fromhex(dark[1:]), bytes.fromhex(bright[1:]), strict=True)
    return "#" + "".join(f"{round(one + (other - one) / 4):02x}" for one, other in pairs)


@cache
def _colours() -> tuple[tuple[str, str], ...]:
    rows = read_toml(package_file("production.artwork", "artwork_colours.toml"))["colour"]
    return tuple((str(row["dark"]), str(row["bright"])) for row in rows)


def _polygon(corners: int, turn: float = 0.0, radius: float = 1.0) -> str:
    """Give a polygon of equal sides, its first corner at the top."""
    found = []
    for number in range(corners):
        angle = math.radians(360 * number / corners + turn)
        found.append((radius * math.sin(angle), -radius * math.cos(angle)))
    return _closed(found)


def _closed(points: list[Point]) -> str:
    return "M" + "L".join(f"{x:.3f} {y:.3f}" for x, y in points) + "Z"


def _burst() -> str:
    found = []
    for number in range(24):
        angle, radius = math.radians(15 * number), 0.8 if number % 2 else 1.0
        found.append((radius * math.sin(angle), -radius * math.cos(angle)))
    return _closed(found)


def _flower() -> str:
    """Give six half circles around a hexagon."""
    found = ["M0 -.72"]
    for number in range(1, 7):
        angle = math.radians(60 * number)
        found.append(f"A.37 .37 0 0 1 {0.72 * math.sin(angle):.3f} {-0.72 * math.cos(angle):.3f}")
    return "".join(found) + "Z"


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of a sign, in units of its radius around its middle."""

    path: str
    room: float = 1.0
    """How large the loudspeaker is in it."""
    down: float = 0.0
    """How far below the middle that stands."""


SHAPES: dict[str, Shape] = {
    "circle": Shape("M0 -1A1 1 0 0 1 0 1A1 1 0 0 1 0 -1Z"),
    "square": Shape("M-.9 -.9H.9V.9H-.9Z"),
    "diamond": Shape("M0 -1.08L1.15 0L0 1.08L-1.15 0Z", 0.85),
    "triangle": Shape("M0 -1.05L1.25 .95H-1.25Z", 0.72, 0.34),
    "hexagon": Shape(_polygon(6, 30)),
    "burst": Shape(_burst(), 0.92),
    "flower": Shape(_flower(), 0.95),
    "house": Shape("M0 -1.05L1.1 -.2H.9V.95H-.9V-.2H-1.1Z", 0.85, 0.22),
    "drop": Shape(
        "M0 -1.08C.3 -.6 .8 -.3 .8 .25A.8 .8 0 0 1 -.8 .25C-.8 -.3 -.3 -.6 0 -1.08Z", 0.76, 0.25
    ),
    "arch": Shape("M-.85 .95V-.1A.85 .85 0 0 1 .85 -.1V.95Z", 0.85, 0.06),
    "leaf": Shape("M-.95 .95V-.2A.85 .85 0 0 1 -.1 -.95H.95V.2A.85 .85 0 0 1 .1 .95Z", 0.95),
    "dome": Shape("M-1.3 .7A1.3 1.4 0 0 1 1.3 .7Z", 0.78, 0.14),
}
"""Add at the end only."""


def shape_path(shape: str) -> str:
    """Give a shape as the ``d`` of a path, in units of its radius."""
    return SHAPES[shape].path


def _grid(step: int, width: int, height: int, *, staggered: bool) -> Iterator[tuple[int, int]]:
    for row, y in enumerate(range(step // 2, height + step, step)):
        shift = step // 2 if staggered and row % 2 else 0
        for x in range(step // 2 - shift, width + step, step):
            yield x, y


def _dots(width: int, height: int) -> str:
    return "".join(
        f"M{x - 65} {y}a65 65 0 0 1 130 0a65 65 0 0 1 -130 0Z"
        for x, y in _grid(300, width, height, staggered=True)
    )


def _rings(width: int, height: int) -> str:
    return "".join(
        f"M{x - 160} {y}a160 160 0 0 1 320 0a160 160 0 0 1 -320 0Z"
        f"M{x - 80} {y}a80 80 0 0 0 160 0a80 80 0 0 0 -160 0Z"
        for x, y in _grid(430, width, height, staggered=False)
    )


def _bars(width: int, height: int) -> str:
    return "".join(f"M0 {y}h{width}v90h-{width}Z" for y in range(60, height, 210))


def _poles(width: int, height: int) -> str:
    return "".join(f"M{x} 0h90v{height}h-90Z" for x in range(60, width, 210))


def _rise(width: int, height: int) -> str:
    step = f"l{height} -{height}h150l-{height} {height}Z"
    return "".join(f"M{x} {height}{step}" for x in range(-height, width, 420))


def _fall(width: int, height: int) -> str:
    step = f"l{height} {height}h150l-{height} -{height}Z"
    return "".join(f"M{x} 0{step}" for x in range(-height, width, 420))


def _checks(width: int, height: int) -> str:
    return "".join(
        f"M{x} {y}h150v150h-150Z"
        for row, y in enumerate(range(0, height, 150))
        for x in range(150 * (row % 2), width, 300)
    )


def _peaks(width: int, height: int) -> str:
    return "".join(
        f"M{x} {y - 85}l105 180h-210Z" for x, y in _grid(320, width, height, staggered=True)
    )


def _zigzag(width: int, height: int) -> str:
    there = "l230 -170l230 170" * (width // 460 + 1)
    back = "l-230 -170l-230 170" * (width // 460 + 1)
    return "".join(f"M0 {y}{there}v120{back}Z" for y in range(60, height + 300, 350))


def _waves(width: int, height: int) -> str:
    there = "q125 -170 250 0q125 170 250 0" * (width // 500 + 1)
    back = "q-125 170 -250 0q-125 -170 -250 0" * (width // 500 + 1)
    return "".join(f"M0 {y}{there}v120{back}Z" for y in range(60, height + 200, 340))


def _lattice(width: int, height: int) -> str:
    return "".join(f"M0 {y}h{width}v40h-{width}Z" for y in range(100, height, 240)) + "".join(
        f"M{x} 0v{height}h40v-{height}Z" for x in range(57, width, 240)
    )


def _diamonds(width: int, height: int) -> str:
    return "".join(
        f"M{x} {y - 130}l90 130l-90 130l-90 -130Z"
        for x, y in _grid(320, width, height, staggered=True)
    )


PATTERNS: dict[str, Callable[[int, int], str]] = {
    "dots": _dots,
    "rings": _rings,
    "bars": _bars,
    "poles": _poles,
    "rise": _rise,
    "fall": _fall,
    "checks": _checks,
    "peaks": _peaks,
    "zigzag": _zigzag,
    "waves": _waves,
    "lattice": _lattice,
    "diamonds": _diamonds,
}
"""Add at the end only, and never one without a shape and a colour."""


def pattern_path(pattern: str, *, width: int, height: int) -> str:
    """Give a pattern as the ``d`` of a path over a ground of this many pixels."""
    return PATTERNS[pattern](width, height)
