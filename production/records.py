"""Editions and loudness as plain values, for the journal, the ledger and --json."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any, ClassVar, Protocol

from programme.digests import Plain
from programme.editions import Caption, Chapter, Edition, Rendition, Timing
from programme.facts import Source
from programme.sound import Loudness, WordTime

_SILENCE_DBTP = -200.0
"""Stands for minus infinity, which JSON cannot hold."""


def plain_loudness(loudness: Loudness) -> dict[str, Plain]:
    """Write loudness down."""
    plain: dict[str, Plain] = asdict(loudness)
    plain["true_peak"] = max(loudness.true_peak, _SILENCE_DBTP)
    return plain


def read_loudness(plain: Any) -> Loudness:  # noqa: ANN401 - JSON
    """Read loudness back."""
    return Loudness(**plain)


def plain_value(value: object) -> Plain:
    """Write a value down as JSON holds it: dates as text, every sequence as a list.

    Raises:
        TypeError: it holds something that has no plain form.
    """
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"no plain form for {value!r}")


def read_whole(value: Plain) -> int:
    """Read a whole number.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(value, int):
        raise TypeError(f"the journal holds {value!r} where a whole number belongs")
    return value


def read_rows(value: Plain) -> list[list[Plain]]:
    """Read a list of lists.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(value, list):
        raise TypeError(f"the journal holds {value!r} where a list belongs")
    return [list(row) for row in value]


class _Row(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def plain_row(row: _Row) -> dict[str, Plain]:
    """Write a dataclass down, each field under its name.

    Raises:
        TypeError: it holds something that has no plain form.
    """
    return {name: plain_value(value) for name, value in asdict(row).items()}


def plain_edition(edition: Edition) -> dict[str, Plain]:
    """Write an edition down."""
    plain = plain_row(replace(edition, captions=()))
    renditions: list[Plain] = [
        {**asdict(rendition), "loudness": plain_loudness(rendition.loudness)}
        for rendition in edition.renditions
    ]
    captions: list[Plain] = [_plain_caption(caption) for caption in edition.captions]
    return {**plain, "renditions": renditions, "captions": captions}


_CAPTION = tuple(field.name for field in fields(Caption))


def _plain_caption(caption: Caption) -> dict[str, Plain]:
    """Write a caption down, word times as pairs: an edition has thousands."""
    plain: dict[str, Plain] = {name: getattr(caption, name) for name in _CAPTION}
    plain["words"] = [[word.offset, word.start_ms] for word in caption.words]
    plain["kept"] = [list(pair) for pair in caption.kept]
    return plain


def read_edition(plain: Any) -> Edition:  # noqa: ANN401 - JSON
    """Read an edition back.

    Raises:
        KeyError, TypeError, ValueError: it was not written by plain_edition of this version.
    """
    row = dict(plain)
    return Edition(
        **{
            **row,
            "dated": date.fromisoformat(row["dated"]),
            "expires": date.fromisoformat(row["expires"]),
            "renditions": tuple(_rendition(item) for item in row["renditions"]),
            "captions": tuple(_caption(item) for item in row["captions"]),
            "chapters": tuple(Chapter(**item) for item in row["chapters"]),
            "segments": tuple(row["segments"]),
            "sources": tuple(_source(item) for item in row["sources"]),
            "facts": tuple(row["facts"]),
        }
    )


def _caption(row: Any) -> Caption:  # noqa: ANN401 - JSON
    words = (WordTime(offset=offset, start_ms=start_ms) for offset, start_ms in row["words"])
    kept = ((start, end) for start, end in row["kept"])
    timing = Timing(row["timing"])
    return Caption(**{**row, "words": tuple(words), "kept": tuple(kept), "timing": timing})


def _rendition(row: Any) -> Rendition:  # noqa: ANN401 - JSON
    return Rendition(**{**row, "loudness": read_loudness(row["loudness"])})


def _source(row: Any) -> Source:  # noqa: ANN401 - JSON
    day = row["retrieved"]
    return Source(
        title=row["title"], url=row["url"], retrieved=date.fromisoformat(day) if day else None
    )
