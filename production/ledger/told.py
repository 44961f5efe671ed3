"""What the parts of the ledger at a target say, read as from a stranger.

Checksums find damage, no forgery: whoever may write to the target can write a line that is whole.
So each line must also be one that a target may keep, and name nothing that is not ours to change.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feeds.pages.addresses import MEDIA
from production.catalogue.catalogue import FEED
from production.catalogue.station_takes import TAKES, read_takes
from production.ledger.ledger import Ledger, whole_line
from production.ledger.parts import REMOVED, PartLostError, part_key, part_lines
from production.releases.values import (
    NOTICE,
    RELEASED,
    WITHDRAWN,
    MediaObject,
    News,
    read_notice,
    read_release,
    read_withdrawal,
)
from production.targets.base import Listed, Target, check_key
from production.targets.head import Head, LedgerPart
from programme.digests import digest_bytes
from programme.identifiers import is_id
from programme.units import Key

_PART_NAME = re.compile(r"ledger/[0-9a-f]{32}\.jsonl\Z")

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFound:
    """What is left of one part that the head names."""

    key: Key
    lines: int
    """As the head says."""
    left: int
    """Whole lines that could be read."""


class Told:
    """What the parts at a target say, as far as it can be believed.

    Attributes:
        lines: whole and fit, without their ends, each once.
        broken: what is left of parts that are gone or damaged.
        refused: lines that no target may keep, in words.
    """

    def __init__(self, target: Target, head: Head | None, listed: Mapping[str, Listed]) -> None:
        """Read every part; those that no head names only where one that it names is not whole."""
        self.lines: list[bytes] = []
        self.broken: list[PartFound] = []
        self.refused: list[str] = []
        self._target = target
        parts = () if head is None else head.ledger
        for part in parts:
            self._read(part)
        if self.broken or head is None:
            # Parts of before, that no head names any more, may hold what is lost.
            named = {part.key for part in parts}
            for name in sorted(set(listed) - named):
                if _PART_NAME.match(name):
                    self._read_unnamed(Key(name))
        self.lines = list(dict.fromkeys(self.lines))

    def _read(self, part: LedgerPart) -> None:
        data = self._target.read(part.key)
        try:
            self._take(part_lines(part, data), part.key)
        except PartLostError:
            before = len(self.lines)
            self._take((data or b"").split(b"\n"), part.key)
            left = len(self.lines) - before
            self.broken.append(PartFound(key=part.key, lines=part.lines, left=left))

    def _read_unnamed(self, key: Key) -> None:
        data = self._target.read(key)
        if data is not None and part_key(digest_bytes(data)) == key:
            self._take(data.split(b"\n"), key)

    def _take(self, lines: Iterable[bytes], key: Key) -> None:
        for number, ended in enumerate(lines, start=1):
            line = ended.removesuffix(b"\n")
            whole = whole_line(line) if line.strip() else None
            if whole is None:
                continue  # counted by what is left of the part
            problem = _unfit(whole, self._target.name)
            if problem:
                self.refused.append(f"{key}, line {number}: {problem}")
            else:
                self.lines.append(whole)


def _read_removed(facts: Facts) -> None:
    for key in facts["keys"]:
        check_key(key)


def _read_feed(facts: Facts) -> None:
    if not all(isinstance(facts[name], str) for name in ("url", "guid", "language")):
        raise ValueError("no texts")


def _read_release(facts: Facts) -> None:
    release = read_release(facts)
    _check_place(release, guid=release.guid)
    _check_media(release.media)


def _read_withdrawal(facts: Facts) -> None:
    one = read_withdrawal(facts)
    _check_place(one, guid=one.guid)
    _check_media(one.sound.media if one.sound else ())


def _read_notice(facts: Facts) -> None:
    one = read_notice(facts)
    _check_place(one, guid=one.about)
    _check_media(one.sound.media if one.sound else ())


def _check_place(one: News, *, guid: str) -> None:
    place = "/".join(one.edition)
    ids = is_id(one.series) and is_id(one.episode)
    if not ids or not guid.endswith(f"/{place}/{one.revision}") or one.revision < 1:
        raise ValueError(guid)


def _check_media(media: Iterable[MediaObject]) -> None:
    """Let nothing be named that a later publish would take away as ours."""
    for thing in media:
        check_key(thing.key)
        if not thing.key.startswith(MEDIA) or thing.length_bytes < 0:
            raise ValueError(thing.key)


_READERS: Mapping[str, Callable[[Facts], object]] = {
    RELEASED: _read_release,
    WITHDRAWN: _read_withdrawal,
    NOTICE: _read_notice,
    TAKES: read_takes,
    REMOVED: _read_removed,
    FEED: _read_feed,
}
"""How each line is read that a target may keep."""


def _unfit(line: bytes, target: str) -> str:
    """Say why a line is none that this target may keep; empty where it is one."""
    (event,) = Ledger.of_lines(Path(), [line]).every()
    check = _READERS.get(event.name)
    if check is None:
        return f"no target keeps lines of the kind {event.name!a}"
    try:
        check(event.facts)
        meant = event.name == FEED or event.facts["target"] == target
    except (KeyError, TypeError, ValueError, AttributeError):
        return f"a line of the kind {event.name!a} that says not what it must"
    return "" if meant else f"it is of the target {event.facts['target']!a}"
