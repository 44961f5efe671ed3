"""Draw the podcast artwork: a loudspeaker on a pole, a road and hills at sunrise; no text.

Without text the same picture serves every language. Drawn at three times its size and scaled
down, because Pillow's shapes have hard edges. Needs Pillow, which Altavoz itself does not use:

    python -m venv .venv-artwork && .venv-artwork/bin/pip install pillow
    .venv-artwork/bin/python tools/make_artwork.py camino examples/camino/artwork/camino.jpg
    .venv-artwork/bin/python tools/make_artwork.py neutral production/skeleton/artwork/cover.jpg

Directories ask for a square of 1400 to 3000 pixels, RGB, JPEG or PNG. When the art changes,
give the file a new name: players keep the old picture for as long as the address stays.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw  # type: ignore[import-not-found]  # see above

SIDE = 1500
SCALE = 3
Colour = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one picture, from the sky down to the road."""

    sky_top: Colour
    sky_low: Colour
    sun: Colour
    hills: tuple[Colour, Colour, Colour]
    road: Colour
    line: Colour
    horn: Colour
    bell: Colour
    throat: Colour
    waves: Colour


PALETTES = {
    "camino": Palette(
        sky_top=(226, 88, 62),
        sky_low=(252, 193, 92),
        sun=(255, 233, 168),
        hills=((178, 74, 82), (122, 54, 78), (70, 38, 66)),
        road=(246, 214, 158),
        line=(178, 74, 82),
        horn=(40, 30, 56),
        bell=(255, 250, 238),
        throat=(40, 30, 56),
        waves=(255, 250, 238),
    ),
    "neutral": Palette(
        sky_top=(52, 110, 130),
        sky_low=(176, 214, 205),
        sun=(250, 244, 214),
        hills=((64, 128, 128), (42, 96, 104), (28, 64, 78)),
        road=(232, 222, 190),
        line=(42, 96, 104),
        horn=(22, 40, 54),
        bell=(255, 252, 240),
        throat=(22, 40, 54),
        waves=(255, 252, 240),
    ),
}


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    """Blend two colours; share 0 gives the first, 1 the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _polygon(draw: ImageDraw.ImageDraw, points: Sequence[Point], colour: Colour) -> None:
    """Fill a polygon given in parts of the picture's side, from 0 to 1."""
    side = SIDE * SCALE
    draw.polygon([(x * side, y * side) for x, y in points], fill=colour)


def _disc(draw: ImageDraw.ImageDraw, centre: Point, radius: float, colour: Colour) -> None:
    """Fill a circle given in parts of the picture's side."""
    side = SIDE * SCALE
    (x, y) = centre
    box = ((x - radius) * side, (y - radius) * side, (x + radius) * side, (y + radius) * side)
    draw.ellipse(box, fill=colour)


def _hill(draw: ImageDraw.ImageDraw, tops: Sequence[Point], colour: Colour) -> None:
    """Fill a smooth ridge through the given tops, down to the lower edge."""
    ridge: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise(tops):
        for step in range(40):
            share = step / 40
            ease = share * share * (3 - 2 * share)
            ridge.append((x0 + (x1 - x0) * share, y0 + (y1 - y0) * ease))
    _polygon(draw, [*ridge, (1.0, tops[-1][1]), (1.0, 1.0), (0.0, 1.0)], colour)


def _road(draw: ImageDraw.ImageDraw, palette: Palette) -> None:
    """Draw a road that narrows towards the sun, with its dashes."""
    left: list[Point] = []
    right: list[Point] = []
    for step in range(61):
        depth = step / 60
        y = 1.0 - 0.34 * depth
        middle = 0.30 + 0.20 * depth + 0.10 * depth * (1 - depth) * 4 * 0.6
        width = 0.20 * (1 - depth) ** 1.4 + 0.008
        left.append((middle - width, y))
        right.append((middle + width, y))
    _polygon(draw, [*left, *reversed(right)], palette.road)
    for start, end in ((2, 10), (16, 23), (29, 34), (40, 44)):
        dash_left = [(x + (r[0] - x) * 0.46, y) for (x, y), r in zip(left, right, strict=True)]
        dash_right = [(x + (r[0] - x) * 0.54, y) for (x, y), r in zip(left, right, strict=True)]
        _polygon(draw, [*dash_left[start:end], *reversed(dash_right[start:end])], palette.line)


def _waves(draw: ImageDraw.ImageDraw, palette: Palette) -> None:
    """Draw the sound that leaves the loudspeaker's mouth."""
    side = SIDE * SCALE
    x, y = 0.46, 0.35
    for radius in (0.17, 0.27, 0.37):
        box = ((x - radius) * side, (y - radius) * side, (x + radius) * side, (y + radius) * side)
        draw.arc(box, 152, 208, fill=palette.waves, width=round(0.032 * side))


def _loudspeaker(draw: ImageDraw.ImageDraw, palette: Palette) -> None:
    """Draw a horn loudspeaker on its pole, mouth to the left."""
    _polygon(draw, [(0.735, 0.36), (0.775, 0.36), (0.775, 1.0), (0.735, 1.0)], palette.horn)
    _polygon(draw, [(0.46, 0.16), (0.72, 0.29), (0.72, 0.41), (0.46, 0.54)], palette.horn)
    _polygon(draw, [(0.70, 0.265), (0.86, 0.265), (0.86, 0.435), (0.70, 0.435)], palette.horn)
    _disc(draw, (0.86, 0.35), 0.085, palette.horn)
    side = SIDE * SCALE
    draw.ellipse((0.405 * side, 0.145 * side, 0.515 * side, 0.555 * side), fill=palette.bell)
    draw.ellipse((0.428 * side, 0.195 * side, 0.496 * side, 0.505 * side), fill=palette.throat)


def draw(palette: Palette) -> Image.Image:
    """Give the finished picture, SIDE pixels square, RGB."""
    side = SIDE * SCALE
    image = Image.new("RGB", (side, side))
    canvas = ImageDraw.Draw(image)
    for row in range(side):
        colour = _mix(palette.sky_top, palette.sky_low, min(1.0, row / (0.7 * side)))
        canvas.line((0, row, side, row), fill=colour)
    _disc(canvas, (0.50, 0.62), 0.13, palette.sun)
    far, middle, near = palette.hills
    _hill(canvas, [(0.0, 0.60), (0.22, 0.52), (0.48, 0.66), (0.78, 0.54), (1.0, 0.62)], far)
    _hill(canvas, [(0.0, 0.70), (0.30, 0.72), (0.62, 0.66), (1.0, 0.72)], middle)
    _hill(canvas, [(0.0, 0.80), (0.35, 0.86), (0.70, 0.80), (1.0, 0.86)], near)
    _road(canvas, palette)
    _waves(canvas, palette)
    _loudspeaker(canvas, palette)
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def main() -> None:
    """Read the command line and write the picture."""
    parser = argparse.ArgumentParser(description="Draw text-free podcast artwork.")
    parser.add_argument("palette", choices=sorted(PALETTES))
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    draw(PALETTES[options.palette]).save(
        options.out, "JPEG", quality=88, optimize=True, progressive=False
    )
    print(f"{options.out}: {SIDE} x {SIDE}, {options.out.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
