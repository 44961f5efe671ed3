"""The ledger, releases.jsonl: what was handed out, when and under which name; append-only.

One event a line, in canonical JSON, each with a checksum over itself, so that a line that was
edited or cut is found on reading. Lines do not refer to each other: two branches that both
published merge in git by keeping both sides.
"""

import json
from collections.abc import Iterator, Mapping
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
    """``released``, ``removed``, ``feed``, ``pack`` or ``packed``."""
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
        body: dict[str, Plain] = {"event": name, **facts}
        line = canonical_json({**body, "sha256": digest_text(canonical_json(body))}) + "\n"
        with storage_errors(self.path):
            append_line(self.path, line.encode("utf-8"))
        # As read back: plain JSON, without the checksum.
        facts = json.loads(canonical_json(body))
        event = Event(name=name, facts=facts, line=len(self._events) + 1)
        self._events.append(event)
        return event

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
