"""What was found in segments, as groups of some dozens: what is compared, the findings, the rest.

A group is three parts of a file. The first is one line of JSON with all that is compared at every
command. The second is one line of what else is known of the segments, by columns, which is read
when somebody asks. The third are their findings, as the lines of JSON that a check writes: ten
thousand of them are copied, not read.

A group whose segments all hold still is copied as it stands, so that one changed segment costs
the writing of its own group, not of all.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from programme.findings import Tally
from programme.kept_findings import KeptFindings, damaged
from programme.units import LanguageTag
from scripts.kept_file import DAMAGED, plain_line
from scripts.plain_columns import Plain, column_of
from scripts.segment_found import SegmentAbout, SegmentCheck, SegmentFound
from scripts.tree import Listing, mark_digest

MOST_ROWS = 64
"""Of one group."""
FEW_ROWS = 16
"""A group of fewer is written together with others when the file is written anyway."""

_DIGITS = 10
"""Of the length of the first part, which stands before it."""
_SIGNS = 16
_NOT_SURE = "-" * _SIGNS


class Row(NamedTuple):
    """One segment as it is kept: what is compared with what there is now."""

    id: str
    folder: str
    """As findings name it, with a slash at the end."""
    listing: str
    contents: str
    """Digest of the files' bytes where the listing alone cannot be trusted; else empty."""
    shape: str
    """Of the listing: the same names, and the same kinds of file."""
    files: str
    """16 signs for each file by name, see ``file_digests``."""
    facts: tuple[str, ...]
    """See SegmentCheck."""
    whole_book: bool
    apart: bool
    languages: tuple[LanguageTag, ...]
    """See SegmentFound."""
    consent: str
    face: str


class Held(NamedTuple):
    """A row with all that was found, to be written."""

    row: Row
    about: SegmentAbout
    findings: KeptFindings


class Group:
    """Some rows, and what the fact book said when all of them held."""

    __slots__ = ("_about", "_about_text", "book", "data", "facts", "findings", "rows")

    def __init__(
        self, data: memoryview, head: Sequence[Plain], about: memoryview, found: memoryview
    ) -> None:
        """Take the parts of a group.

        Raises:
            ValueError, TypeError, KeyError, IndexError or AttributeError: this module did not
                write them.
        """
        facts, self.book, rows, _, lengths, tallies = head
        self.data = data
        """The group as it stands in the file."""
        self.facts: dict[str, str] = dict(facts)
        """Digest of every fact that one of the rows asked for, also of one that was not there."""
        self.rows: list[Row] = column_of(Row).read(rows)
        self.findings = _parted(self.rows, found, lengths, column_of(Tally).read(tallies))
        """Of each row."""
        self._about_text = about
        self._about: list[SegmentAbout] = []

    def about(self, at: int) -> SegmentAbout:
        """Give what is known of the segment of a row.

        Raises:
            ProductionError: this module did not write it.
        """
        if not self._about:
            try:
                found = column_of(SegmentAbout).read(json.loads(bytes(self._about_text)))
            except DAMAGED as error:
                raise damaged() from error
            if len(found) != len(self.rows):
                raise damaged()
            self._about = found
        return self._about[at]


def _parted(
    rows: Sequence[Row], found: memoryview, lengths: Sequence[int], tallies: Sequence[Tally]
) -> list[KeptFindings]:
    parts = []
    start = 0
    for row, length, tally in zip(rows, lengths, tallies, strict=True):
        text = found[start : start + length]
        parts.append(KeptFindings(folder=row.folder, text=text, tally=tally))
        start += length
    if start != len(found):
        raise ValueError("findings of another length")
    return parts


def row_of(
    check: SegmentCheck,
    found: SegmentFound,
    folder: str,
    listing: Listing,
    *,
    contents: str = "",
    sure_before_ns: int = 0,
) -> Row:
    """Give what is compared of a segment.

    Args:
        check: what was found.
        found: the same as ``found_of`` gives it.
        folder: as findings name it, with a slash at the end.
        listing: what the folder held before it was checked.
        contents: digest of the files' bytes where the listing cannot be trusted.
        sure_before_ns: when a file must have changed last, so that any change since shows.
    """
    return Row(
        id=check.id,
        folder=folder,
        listing=listing.digest,
        contents=contents,
        shape=listing.shape,
        files="".join(file_digests(listing, sure_before_ns)),
        facts=check.facts,
        whole_book=check.whole_book,
        apart=check.apart,
        languages=found.languages,
        consent=found.consent,
        face=found.face,
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


def read_groups(body: memoryview) -> Iterator[Group]:
    """Give the groups of a file.

    Raises:
        ValueError, TypeError, KeyError, IndexError, AttributeError or RecursionError: this
            module did not write it.
    """
    start = 0
    while start < len(body):
        first = start + _DIGITS
        rest = first + int(bytes(body[start:first]))
        head = json.loads(bytes(body[first:rest]))
        about = rest + int(head[3])
        found = about + sum(head[4])
        if not first < rest < about <= found <= len(body):
            raise ValueError("parts of another length")
        # views: no copies of some megabytes
        yield Group(body[start:found], head, body[rest:about], body[about:found])
        start = found


def write_groups(
    held: Sequence[Held], *, fact: Callable[[str], str], book: Callable[[], str]
) -> Iterator[bytes]:
    """Give the groups for rows that all hold now.

    Args:
        held: any number of them.
        fact: gives the digest of a fact.
        book: gives that of the whole fact book.
    """
    for start in range(0, len(held), MOST_ROWS):
        some = held[start : start + MOST_ROWS]
        asked = sorted({name for one in some for name in one.row.facts})
        about = plain_line(column_of(SegmentAbout).write([one.about for one in some])).encode()
        head = [
            {name: fact(name) for name in asked},
            book() if any(one.row.whole_book for one in some) else "",
            column_of(Row).write([one.row for one in some]),
            len(about) + 1,
            [len(one.findings.text) for one in some],
            column_of(Tally).write([one.findings.tally for one in some]),
        ]
        line = plain_line(head).encode() + b"\n"
        found = [one.findings.text for one in some]
        yield b"".join((b"%0*d" % (_DIGITS, len(line)), line, about, b"\n", *found))
