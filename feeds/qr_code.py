"""QR codes of addresses: as one path of a drawing, and as text for a terminal.

ISO/IEC 18004. Error correction M: a printed page that is folded or stained is still read.
"""

import io
from dataclasses import dataclass

QUIET = 4
"""Modules of quiet zone on every side (ISO/IEC 18004, 9.1)."""

_LIGHT_ON_DARK, _PLAIN = "\x1b[97;40m", "\x1b[0m"


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCode:
    """A code as squares of one module."""

    modules: int
    """Of one side, quiet zone included: what the drawing's ``viewBox`` spans."""
    path: str
    """The dark modules, as the ``d`` of an SVG path in units of one module, to be filled."""
    strokes: str
    """The same as lines one module wide, to be stroked: less than half as long."""


def qr_code(address: str) -> QrCode:
    """Give the code of an address.

    Raises:
        segno.DataOverflowError: it is longer than a code can hold, 2,331 bytes.
    """
    import segno  # where it is used: it brings half of urllib along

    rows = list(segno.make(address, error="m", micro=False).matrix)
    parts, strokes = [], []
    for y, row in enumerate(rows):
        x = at = 0
        while x < len(row):
            width = 0
            while x + width < len(row) and row[x + width]:
                width += 1
            if width:
                parts.append(f"M{x + QUIET} {y + QUIET}h{width}v1h-{width}z")
                strokes.append(
                    f"m{x - at} 0h{width}" if at else f"M{x + QUIET} {y + QUIET}.5h{width}"
                )
                at = x + width
            x += width or 1
    return QrCode(modules=len(rows) + 2 * QUIET, path="".join(parts), strokes="".join(strokes))


def terminal_code(address: str) -> str:
    """Give the code in half blocks, two modules a character, light on dark in every terminal.

    Colours are set on each line (ECMA-48, SGR): on a light terminal the code would otherwise be
    its own negative, which older readers do not know. ``click.echo`` takes them out for a file.

    Raises:
        segno.DataOverflowError: it is longer than a code can hold, 2,953 bytes.
    """
    import segno

    out = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(out, border=QUIET, compact=True)
    lines = out.getvalue().rstrip("\n").split("\n")
    return "".join(f"{_LIGHT_ON_DARK}{line}{_PLAIN}\n" for line in lines)
