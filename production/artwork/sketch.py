"""The picture of a feed as a drawing: a sign to know it by, its language, its title.

Directories show it from 60 to 3000 pixels. What must be read at 60 are the sign and the language
in its own script, so that these are large; the title is for larger ones. Words stand on white
in a dark colour.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from production.artwork.drawing import FAMILY, letters
from production.artwork.looks import SHAPES, Look, look_of, pattern_path, shape_path
from production.artwork.words import Room, draw_words, drawable, language_words
from programme.units import LanguageTag

SIDE = 3000
"""Pixels: the most that directories take (Apple: 1400 to 3000)."""
CARD = (1200, 630)
"""Pixels of the picture that programs show beside a link (Open Graph)."""
_SCENE = 1760
"""Pixels of the side that the sign takes; the words have the rest."""
_PAPER = "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture as SVG, and what it could not hold."""

    svg: str
    undrawn: str
    """Letters for which there is no font, once each; the text in which they stand is left
    out. Empty mostly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """Where ground and sign stand, in pixels."""

    width: int
    height: int
    radius: float
    grain: float = 1.0
    """Size of the pattern."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rooms:
    """Where words stand."""

    name: Room
    region: Room
    """Of what is said of a language's region; the title keeps free of it."""
    title: Room
    alone: Room
    """Of a title without a language, or the other way round."""


def draw_artwork(name: str, title: str, tag: LanguageTag) -> Drawing:
    """Draw the square picture of a feed, 3000 x 3000.

    Args:
        name: id of what it collects; gives it its look.
        title: in its language.
        tag: of the language; ``mul`` for a feed in several, whose picture shows none.

    Raises:
        KeyError: the language is not listed in languages.toml.
    """
    look = look_of(name)

    def room(top: float, height: float, largest: float) -> Room:
        return Room(left=120, width=SIDE - 240, top=top, height=height, largest=largest)

    rooms = _Rooms(
        name=room(_SCENE + 40, 640, 560),
        region=room(_SCENE + 530, 190, 150),
        title=room(_SCENE + 720, 470, 200),
        alone=room(_SCENE + 80, SIDE - _SCENE - 160, 640),
    )
    words, undrawn = _words(title, tag, rooms, look)
    ground = f'<rect width="{SIDE}" height="{SIDE}" fill="{_PAPER}"/>'
    scene = _Scene(width=SIDE, height=_SCENE, radius=790)
    return Drawing(svg=_svg(SIDE, SIDE, [ground, *_scene(look, scene), *words]), undrawn=undrawn)


def draw_card(name: str, title: str, tag: LanguageTag) -> Drawing:
    """Draw the wide picture that programs show beside a link to a page, 1200 x 630.

    Raises:
        KeyError: the language is not listed in languages.toml.
    """
    look, (width, height) = look_of(name), CARD

    def room(top: float, high: float, largest: float) -> Room:
        return Room(left=510, width=660, top=top, height=high, largest=largest)

    rooms = _Rooms(
        name=room(50, 190, 130), region=room(195, 60, 44), title=room(280, 300, 76),
        alone=room(50, 530, 130),
    )  # fmt: skip
    words, undrawn = _words(title, tag, rooms, look)
    ground = f'<rect width="{width}" height="{height}" fill="{_PAPER}"/>'
    scene = _Scene(width=480, height=height, radius=175, grain=0.4)
    return Drawing(svg=_svg(width, height, [ground, *_scene(look, scene), *words]), undrawn=undrawn)


def _words(title: str, tag: LanguageTag, rooms: _Rooms, look: Look) -> tuple[list[str], str]:
    """Draw language and title, each where there is a font for it; give the letters without."""
    name, region, lost = language_words(tag)
    shown = drawable(title)
    missing = letters().missing(shown)
    parts: list[str] = []
    if missing or not shown:
        parts += draw_words(f"{name} ({region})" if region else name, tag, rooms.alone, look.dark)
    elif not name:
        parts += draw_words(shown, tag, rooms.alone, look.dark)
    else:
        top = rooms.name
        if region:
            top = Room(
                left=top.left, top=top.top, width=top.width, largest=top.largest,
                height=rooms.region.top - top.top,
            )  # fmt: skip
            parts += draw_words(region, tag, rooms.region, look.dark)
        parts += draw_words(name, tag, top, look.dark)
        parts += draw_words(shown, tag, rooms.title, look.dark)
    return parts, "".join(dict.fromkeys(lost + missing))


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" font-family="{FAMILY}" font-weight="bold">'
    )
    return "\n".join([opening, *parts, "</svg>"])


def _scene(look: Look, scene: _Scene) -> Iterator[str]:
    """Draw ground, pattern and sign."""
    width, height = scene.width, scene.height
    pattern = pattern_path(
        look.pattern, width=int(width / scene.grain), height=int(height / scene.grain)
    )
    yield f'<svg width="{width}" height="{height}">'
    yield f'<rect width="{width}" height="{height}" fill="{look.dark}"/>'
    yield f'<path transform="scale({scene.grain:g})" d="{pattern}" fill="{look.middle}"/>'
    yield from _sign(look, width / 2, height / 2, scene.radius)
    yield "</svg>"


def _sign(look: Look, x: float, y: float, radius: float) -> Iterator[str]:
    """Draw the shape and the loudspeaker in it."""
    shape = SHAPES[look.shape]
    yield (
        f'<path transform="translate({x:g} {y:g}) scale({radius:g})" fill="{look.bright}"'
        f' stroke="{look.dark}" stroke-width=".07" d="{shape_path(look.shape)}"/>'
    )
    down, size = y + shape.down * radius, radius * shape.room
    yield (
        f'<g transform="translate({x:g} {down:g}) scale({size:g})" fill="{look.dark}">'
        '<path d="M-.56 -.2H-.3L.06 -.5V.5L-.3 .2H-.56Z"/>'
        '<path d="M.2 -.24A.34 .34 0 0 1 .2 .24M.36 -.44A.6 .6 0 0 1 .36 .44" fill="none"'
        f' stroke="{look.dark}" stroke-width=".11" stroke-linecap="round"/></g>'
    )
