"""From a drawing (SVG) to a picture (PNG), with our own fonts: the same bytes everywhere.

The one home of resvg_py. It shapes Arabic, joins letters and orders right-to-left text by
itself; fonts of the system are left out, so that a picture does not depend on a machine.
"""

from functools import cache, lru_cache
from pathlib import Path

import resvg_py

from production.artwork.letters import Letters
from production.artwork.opaque_png import PACKING, without_alpha
from programme.digests import digest_file, digest_text
from programme.errors import ExitCode, ProductionError
from programme.tables import package_file

FAMILY = "Noto Sans"
"""The family that drawings name; letters of other scripts come from their own by themselves."""
_LATIN = ("NotoSans-Bold.ttf", "NotoSans-Regular.ttf")
"""With Greek and Cyrillic."""
_ARABIC = ("NotoSansArabic-Bold.ttf", "NotoSansArabic-Regular.ttf")
_BOLD = (
    "Armenian", "Bengali", "CanadianAboriginal", "Devanagari", "Ethiopic", "Georgian", "Gujarati",
    "Gurmukhi", "Hebrew", "Khmer", "Lao", "Myanmar", "Sinhala", "Tamil", "Telugu", "Thaana",
    "Thai",
)  # fmt: skip
_EAST = ("SC", "TC", "HK", "JP", "KR")
"""Chinese, Japanese and Korean: only the signs of the languages' own names."""
FONTS = (
    *_LATIN,
    *_ARABIC,
    *(f"NotoSans{name}-Bold.ttf" for name in _BOLD),
    "NotoSansTifinagh-Regular.ttf",
    *(f"NotoSans{form}Names-Bold.otf" for form in _EAST),
)
"""What each holds is told by ``production.artwork.letters``; made by tools/make_fonts.py."""
EAST_FAMILIES = {
    "Hans": "Noto Sans CJK SC",
    "Hant": "Noto Sans CJK TC",
    "Jpan": "Noto Sans CJK JP",
    "Kore": "Noto Sans CJK KR",
}
"""Signs that several scripts share have a form in each: a drawing names the family."""


@cache
def font_folder() -> str:
    """Give the folder in which the fonts lie."""
    return str(package_file("production", "fonts"))


@cache
def drawing_version() -> str:
    """Give what changes when the same drawing may give other bytes."""
    folder = Path(font_folder())
    fonts = digest_text("".join(digest_file(folder / name) for name in FONTS))
    return f"resvg {resvg_py.__version__} fonts {fonts[:12]} packing {PACKING}"


@cache
def letters() -> Letters:
    """Give which letters a drawing can hold and how wide they are at most, in bold."""
    folder = Path(font_folder())
    return Letters([folder / name for name in FONTS])


def opaque_picture(svg: str, *, width: int | None = None) -> bytes:
    """Turn a drawing that covers its whole ground into a PNG picture in RGB, without alpha.

    Takes one to two seconds for 3000 x 3000 pixels. What was drawn lately is remembered: the
    drawing of a series is asked for by its feed, its page and its card.

    Raises:
        ProductionError: the drawing is not well-formed; a mistake of ours, code SOUND.
    """
    return _opaque(svg, width)


@lru_cache(maxsize=32)
def _opaque(svg: str, width: int | None) -> bytes:
    return without_alpha(picture(svg, width=width))


def picture(svg: str, *, width: int | None = None) -> bytes:
    """Turn a drawing into a PNG picture.

    Args:
        svg: the drawing; it must have a size of its own.
        width: of the picture in pixels; None for the drawing's own.

    Raises:
        ProductionError: the drawing is not well-formed; a mistake of ours, code SOUND.
    """
    folder = font_folder()
    try:
        data: bytes = resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            skip_system_fonts=True,
            font_files=[f"{folder}/{name}" for name in FONTS],
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    except ValueError as error:
        raise ProductionError(
            f"the picture cannot be drawn: {error}",
            remedy="report this with the edition that was to be drawn",
            code=ExitCode.SOUND,
        ) from error
    return bytes(data)
