"""RDXL: what Rivendell writes of a cart and its cut, and reads from a WAV's ``rdxl`` chunk.

Rivendell's reader goes line by line (RDCart::readXml): one element on each line, and ``cart``,
``cutList`` and ``cut`` alone on theirs. It is UTF-8, so that titles stand here in their own
script; times are local, as the cut's dates are.
"""

from dataclasses import dataclass
from html import escape

from programme.editions import EditionTags
from programme.units import DurationMs


@dataclass(frozen=True, slots=True, kw_only=True)
class CutMarks:
    """Where a cut begins and ends to be heard."""

    start_ms: DurationMs
    end_ms: DurationMs
    length_ms: DurationMs
    """Of the whole file."""


def render_rdxl(tags: EditionTags, marks: CutMarks) -> str:
    """Render a cart with one cut: titles, from when to when it may be aired, its markers."""
    cart = {
        "title": tags.title,
        "artist": tags.network,
        "album": tags.series,
        "publisher": tags.network,
        "userDefined": tags.language,
        "year": str(tags.dated.year),
    }
    cut = {
        "description": tags.title,
        "length": str(marks.length_ms),
        "originName": tags.network,
        "originDatetime": f"{tags.dated.isoformat()}T00:00:00",
        "startDatetime": f"{tags.dated.isoformat()}T00:00:00",
        "endDatetime": f"{tags.expires.isoformat()}T23:59:59" if tags.has_last_day else "",
        "startPoint": str(marks.start_ms),
        "endPoint": str(marks.end_ms),
        "segueStartPoint": str(marks.end_ms),
        "segueEndPoint": str(marks.length_ms),
    }
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<cart>", *_elements(cart)]
    lines += ["<cutList>", "<cut>", *_elements(cut), "</cut>", "</cutList>", "</cart>"]
    return "\n".join(lines) + "\n"


def _elements(values: dict[str, str]) -> list[str]:
    return [f"<{name}>{plain_xml(text)}</{name}>" for name, text in values.items() if text]


def plain_xml(text: str) -> str:
    """Escape a text for XML 1.0, on one line; what XML cannot hold is left out."""
    return escape("".join(one for one in text if one.isprintable()), quote=False)
