"""QR codes of addresses: as one path of a drawing, and as text for a terminal.

ISO/IEC 18004. Error correction M: a printed page that is folded or stained is still read.
"""

import io
from dataclasses import dataclass

import segno

QUIET = 4
"""Modules of quiet zone on every side (ISO/IEC 18004, 9.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCode:
    """A code as squares of one module."""

    modules: int
    """Of one side, quiet zone included: what the drawing's ``viewBox`` spans."""
    path: str
    """The dark modules, as the ``d`` of an SVG path in units of one module."""


def qr_code(address: str) -> QrCode:
    """Give the code of an address.

    Raises:
        segno.DataOverflowError: it is longer than a code can hold, 2,331 bytes.
    """
    rows = list(segno.make(address, error="m", micro=False).matrix)
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            width = 0
            while x + width < len(row) and row[x + width]:
                width += 1
            if width:
                parts.append(f"M{x + QUIET} {y + QUIET}h{width}v1h-{width}z")
            x += width or 1
    return QrCode(modules=len(rows) + 2 * QUIET, path="".join(parts))


def terminal_code(address: str) -> str:
    """Give the code in half blocks, two modules a character, for a light or a dark terminal."""
    out = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(out, border=2, compact=True)
    return out.getvalue()
