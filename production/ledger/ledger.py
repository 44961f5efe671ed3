"""The ledger, releases.jsonl: what was handed out, when and under which name; append-only.

One event a line, in canonical JSON, each with a checksum over itself, so that a line that was
edited or cut is found on reading. Lines do not refer to each other: two branches that both
published merge in git by keeping both sides.
"""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from production.ledger.strokes import add_lines, whole_bytes
from programme.digests import Plain, canonical_json, digest_bytes, digest_text
from programme.errors import ProductionError
from programme.storage import storage_errors
from scripts.tree import PRIVATE

LEDGER_FILE = "releases.jsonl"

MERGING = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")
"""What git writes around the sides of a merge that it could not finish; no event begins so."""
_CHECKSUM = b',"sha256":"'
_MAY_COME_TWICE = (b'{"carrier":', b'{"event":"ended"')
"""How lines begin of which two may be equal and mean two things: of private stations that were
given one pack on one day, the ledger tells the pack alone."""
_DIGEST_LETTERS = 64
_PACK = re.compile(rb'"pack":"(?:[^"\\]|\\.)*"')
"""A member ``pack``, as it stands in a line."""
_TAKE_BACK = "take the line back from git or from a copy"
_OR_REBUILD = ", or find again what a target has of it: altavoz release rebuild TARGET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the ledger."""

    name: str
    """``released``, ``withdrawn``, ``notice``, ``removed``, ``feed``, ``takes``, ``pack``,
    ``packed``, ``shipped`` or ``ended``."""
    facts: Mapping[str, Any]
    line: int
    """Counted from 1."""


class Ledger:
    """Reads and appends to one workspace's ledger; hold the workspace's lock to append.

    Lines are kept as they stand in the file and read again when they are asked for: as values,
    those of ten thousand releases take 150 MB.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / LEDGER_FILE
        self._stamp = _stamp(self.path)  # first: what is written meanwhile shows in the next
        self._lines = _each_once(self._read())
        self._packs = _PackLines()

    @classmethod
    def of_lines(cls, root: Path, lines: Iterable[bytes]) -> "Ledger":
        """Give a ledger of whole lines, without their ends, that stand in no file yet."""
        found = cls.__new__(cls)
        found.path = root / LEDGER_FILE
        found._stamp = None  # noqa: SLF001 - of its own kind
        found._lines = _each_once(enumerate(lines, start=1))  # noqa: SLF001 - of its own kind
        found._packs = _PackLines()  # noqa: SLF001 - of its own kind
        return found

    def fresh(self) -> "Ledger":
        """Give the ledger as its file is now: this one, unless somebody else wrote to it."""
        return self if _stamp(self.path) == self._stamp else Ledger(self.path.parent)

    def every(self) -> Iterator[Event]:
        """Give every event, oldest first."""
        return (self._event(line, number) for number, line in self._lines)

    def events(self, *names: str, **match: str) -> Iterator[Event]:
        """Give the events of some names whose facts match, oldest first."""
        marks = [_member(key, value) for key, value in match.items()]
        called = [_member("event", name) for name in names]
        lines = self._packs.of(match["pack"], self._lines) if "pack" in match else self._lines
        for number, line in lines:
            # Looking first is much faster than reading every line. Those of the match are rarer.
            if any(mark not in line for mark in marks) or not any(one in line for one in called):
                continue
            event = self._event(line, number)
            facts = event.facts
            if event.name in names and all(facts.get(k) == v for k, v in match.items()):
                yield event

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Give every line as it was written, without its end, and its number from 1."""
        yield from self._lines

    def append(self, name: str, facts: Mapping[str, Plain]) -> Event:
        """Write one event and flush it to the disk.

        Raises:
            ProductionError: the disk refuses; the ledger is as it was.
        """
        (event,) = self.append_all([(name, facts)])
        return event

    def append_all(self, events: Iterable[tuple[str, Mapping[str, Plain]]]) -> list[Event]:
        """Write several events at one stroke, so that no kill leaves a part of them.

        Raises:
            ProductionError: the disk refuses; the ledger is as it was.
        """
        written = self._numbered(events)
        if written:
            is_fresh = _stamp(self.path) == self._stamp
            with storage_errors(self.path):
                add_lines(self.path, b"".join(line + b"\n" for _, line in written))
            if is_fresh:
                self._stamp = _stamp(self.path)
        self._lines += written
        # As read back: plain JSON, without the checksum.
        return [self._event(line, number) for number, line in written]

    def ahead(self, events: Iterable[tuple[str, Mapping[str, Plain]]]) -> "Ledger":
        """Give the ledger as it will be once events are appended; writes nothing."""
        found = copy(self)
        found._lines = [*self._lines, *self._numbered(events)]  # noqa: SLF001 - of its own kind
        found._packs = _PackLines()  # noqa: SLF001 - of its own kind
        return found

    def _numbered(
        self, events: Iterable[tuple[str, Mapping[str, Plain]]]
    ) -> list[tuple[int, bytes]]:
        first = self._lines[-1][0] + 1 if self._lines else 1
        lines = (_line({"event": name, **facts}) for name, facts in events)
        return [
            (number, line.removesuffix("\n").encode("utf-8"))
            for number, line in enumerate(lines, start=first)
        ]

    def _read(self) -> Iterator[tuple[int, bytes]]:
        for number, line in raw_lines(self.path):
            if line.startswith(MERGING):
                raise self._unmerged(number)
            whole = whole_line(line)
            if whole is None:
                raise self._damaged(number)
            yield number, whole

    def _event(self, line: bytes, number: int) -> Event:
        try:
            facts = json.loads(line)
            del facts["sha256"]
            return Event(name=str(facts["event"]), facts=facts, line=number)
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged(number) from error

    def _unmerged(self, number: int) -> ProductionError:
        return ProductionError(
            "a merge in git was left unfinished here",
            where=f"{self.path}:{number}",
            remedy="keep the lines of both sides, and delete those that begin with <<<<<<<, "
            "=======, ||||||| or >>>>>>>; the order does not matter",
        )

    def _damaged(self, number: int) -> ProductionError:
        return ProductionError(
            "this line of the ledger was edited or cut",
            where=f"{self.path}:{number}",
            remedy=_TAKE_BACK if self.path.parent.name == PRIVATE else _TAKE_BACK + _OR_REBUILD,
        )


class _PackLines:
    """Which lines name a pack: five hundred stations look through the lines of all the others."""

    def __init__(self) -> None:
        self._by_member: dict[bytes, list[tuple[int, bytes]]] = {}
        self._seen = 0

    def of(self, name: str, lines: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
        """Give the lines in which a member ``pack`` says a name, whatever they are lines of.

        Args:
            name: of the pack.
            lines: of the ledger; always the same list, to which some may have been added.
        """
        for one in lines[self._seen :]:
            for member in set(_PACK.findall(one[1])):
                self._by_member.setdefault(member, []).append(one)
        self._seen = len(lines)
        return self._by_member.get(_member("pack", name), [])


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Give what differs when a file was written anew or added to; None where there is none.

    Raises:
        ProductionError: the disk refuses.
    """
    with storage_errors(path):
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _each_once(lines: Iterable[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Leave out all but the last copy of a line: merges keep one that came to two branches twice.

    The last, because of two changes in one second the later holds.
    """
    found = list(lines)
    last = {line: number for number, line in found}
    if len(last) == len(found):
        return found
    return [
        (number, line)
        for number, line in found
        if last[line] == number or line.startswith(_MAY_COME_TWICE)
    ]


def raw_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Give every line of a ledger as it stands, without its end, whole or not, and its number.

    Raises:
        ProductionError: the disk refuses.
    """
    if not path.exists():
        return
    with storage_errors(path):
        end = whole_bytes(path)
        # Only a line feed ends a line: text may hold what Python takes for other line ends.
        with path.open("rb") as file:
            place = 0
            for number, ended in enumerate(file, start=1):
                if end is not None and place >= end:
                    return  # a killed program was about to add the rest
                place += len(ended)
                line = ended.removesuffix(b"\n")
                if number == 1:  # some editors put a mark before a text
                    line = line.removeprefix(BOM_UTF8)
                if line.strip():
                    yield number, line


def whole_line(line: bytes) -> bytes | None:
    """Give a line as this program writes it, also where somebody only laid it out otherwise.

    None where it was edited or cut, by its checksum.
    """
    if _is_whole(line):
        return line
    try:
        facts = json.loads(line.decode("utf-8", errors="replace"))
        told = facts.pop("sha256")
        str(facts["event"])
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None
    if told != digest_text(canonical_json(facts)):
        return None
    return canonical_json({**facts, "sha256": told}).encode("utf-8")


def _line(body: Mapping[str, Plain]) -> str:
    return canonical_json({**body, "sha256": digest_text(canonical_json(body))}) + "\n"


def _member(name: str, value: str) -> bytes:
    """Give a member of an object as it stands in a line."""
    return canonical_json({name: value})[1:-1].encode("utf-8")


def _is_whole(line: bytes) -> bool:
    """Tell whether a line is as it was written, by the checksum over the rest of it."""
    before, mark, rest = line.rpartition(_CHECKSUM)
    told, after = rest[:_DIGEST_LETTERS], rest[_DIGEST_LETTERS:]
    return bool(mark) and after[:1] == b'"' and told == _digest(before + after[1:])


def _digest(data: bytes) -> bytes:
    return digest_bytes(data).encode("ascii")
