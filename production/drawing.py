"""From a drawing (SVG) to a picture (PNG), with our own fonts: the same bytes everywhere.

The one home of resvg_py. It shapes Arabic, joins letters and orders right-to-left text by
itself; fonts of the system are left out, so that a picture does not depend on a machine.
"""

from functools import cache
from importlib import resources

import resvg_py

from programme.errors import ExitCode, ProductionError

FAMILY = "Noto Sans"
"""The family that drawings name; Arabic letters come from Noto Sans Arabic by themselves."""
FONTS = (
    "NotoSans-Regular.ttf",
    "NotoSans-Bold.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansArabic-Bold.ttf",
)


@cache
def font_folder() -> str:
    """Give the folder in which the fonts lie."""
    return str(resources.files("production").joinpath("fonts"))


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
