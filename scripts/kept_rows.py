"""What was found in segments, as lines of a file: some dozens of segments a line, by columns.

A line whose segments all hold still is copied as it stands, so that one changed segment costs
the writing of its own line, not of all.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from scripts.kept_file import plain_line
from scripts.plain_columns import column_of
from scripts.segment_found import SegmentCheck
from scripts.tree import Listing, mark_digest

MOST_ROWS = 64
"""Of one line."""
FEW_ROWS = 16
"""A line of fewer is written together with others when the file is written anyway."""

_SIGNS = 16
_NOT_SURE = "-" * _SIGNS


class Row(NamedTuple):
    """One segment as it is kept."""

    found: SegmentCheck
    listing: str
    contents: str
    """Digest of the files' bytes where the listing alone cannot be trusted; else empty."""
    shape: str
    """Of the listing: the same names, and the same kinds of file."""
    files: str
    """16 signs for each file by name, see ``file_digests``."""


class Line(NamedTuple):
    """Some rows, and what the fact book said when all of them held."""

    text: str
    """As it stands in the file."""
    facts: dict[str, str]
    """Digest of every fact that one of the rows asked for, also of one that was not there."""
    book: str
    """Digest of the whole fact book where one of the rows looked at more; else empty."""
    rows: list[Row]


def row_of(
    found: SegmentCheck, listing: Listing, *, contents: str = "", sure_before_ns: int = 0
) -> Row:
    """Give what is kept of a check.

    Args:
        found: what it found.
        listing: what the folder held before.
        contents: digest of the files' bytes where the listing cannot be trusted.
        sure_before_ns: when a file must have changed last, so that any change since shows.
    """
    return Row(
        found=found,
        listing=listing.digest,
        contents=contents,
        shape=listing.shape,
        files="".join(file_digests(listing, sure_before_ns)),
    )


def file_digests(listing: Listing, sure_before_ns: int) -> list[str]:
    """Give 16 signs for every file by name: those of one that is not trusted equal no others."""
    return [
        mark_digest(name, mark) if max(mark[3], mark[4]) < sure_before_ns else _NOT_SURE
        for name, mark in listing.marks.items()
    ]


def changed_names(row: Row, listing: Listing) -> list[str] | None:
    """Give the files that may hold something else now; None where others are there."""
    if row.shape != listing.shape or len(row.files) != _SIGNS * len(listing.marks):
        return None
    return [
        name
        for at, (name, mark) in enumerate(listing.marks.items())
        if row.files[_SIGNS * at : _SIGNS * (at + 1)] != mark_digest(name, mark)
    ]


def read_line(text: str) -> Line:
    """Give the rows of one line.

    Raises:
        ValueError, TypeError, KeyError, IndexError, AttributeError or RecursionError: this
            module did not write it.
    """
    facts, book, rows = json.loads(text)
    return Line(text, dict(facts), book, column_of(Row).read(rows))


def write_lines(
    rows: Sequence[Row], *, fact: Callable[[str], str], book: Callable[[], str]
) -> Iterator[str]:
    """Give the lines for rows that all hold now.

    Args:
        rows: any number of them.
        fact: gives the digest of a fact.
        book: gives that of the whole fact book.
    """
    for start in range(0, len(rows), MOST_ROWS):
        some = rows[start : start + MOST_ROWS]
        asked = sorted({name for row in some for name in row.found.facts})
        whole = book() if any(row.found.whole_book for row in some) else ""
        yield plain_line([{name: fact(name) for name in asked}, whole, column_of(Row).write(some)])
