"""The ledger, releases.jsonl: what was handed out, when and under which name; append-only.

One event a line, in canonical JSON, each with a checksum over itself, so that a line that was
edited or cut is found on reading. Lines do not refer to each other: two branches that both
published merge in git by keeping both sides.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from programme.digests import Plain, canonical_json, digest_text
from programme.errors import ProductionError
from programme.storage import append_line, storage_errors

LEDGER_FILE = "releases.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the ledger."""

    name: str
    """``released``, ``withdrawn``, ``notice``, ``removed``, ``feed``, ``pack`` or ``packed``."""
    facts: Mapping[str, Any]
    line: int
    """Counted from 1."""


class Ledger:
    """Reads and appends to one workspace's ledger; hold the workspace's lock to append."""

    def __init__(self, root: Path) -> None:
        self.path = root / LEDGER_FILE
        self._events = list(self._read())

    def events(self, name: str, **match: str) -> Iterator[Event]:
        """Give the events of one name whose facts match, oldest first."""
        for event in self._events:
            if event.name == name and all(event.facts.get(k) == v for k, v in match.items()):
                yield event

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
        bodies: list[dict[str, Plain]] = [{"event": name, **facts} for name, facts in events]
        lines = "".join(_line(body) for body in bodies)
        if lines:
            with storage_errors(self.path):
                append_line(self.path, lines.encode("utf-8"))
        first = len(self._events) + 1
        written = [
            # As read back: plain JSON, without the checksum.
            Event(name=str(body["event"]), facts=json.loads(canonical_json(body)), line=line)
            for line, body in enumerate(bodies, start=first)
        ]
        self._events += written
        return written

    def _read(self) -> Iterator[Event]:
        if not self.path.exists():
            return
        # Only a line feed ends a line: text may hold what Python takes for other line ends.
        with storage_errors(self.path):
            text = self.path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield self._event(line, number)

    def _event(self, line: str, number: int) -> Event:
        try:
            facts = json.loads(line)
            told = facts.pop("sha256")
            name = str(facts["event"])
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise self._damaged(number) from error
        if told != digest_text(canonical_json(facts)):
            raise self._damaged(number)
        return Event(name=name, facts=facts, line=number)

    def _damaged(self, number: int) -> ProductionError:
        return ProductionError(
            "this line of the ledger was edited or cut",
            where=f"{self.path}:{number}",
            remedy="take the line back from git or from a copy; if it is the last line and was "
            "cut by a crash, delete it",
        )


def _line(body: Mapping[str, Plain]) -> str:
    return canonical_json({**body, "sha256": digest_text(canonical_json(body))}) + "\n"
