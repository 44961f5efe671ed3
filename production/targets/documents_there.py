"""Judges feeds and lists at a target: whether they are as sent, and whether they are still true.

A document that a publish would send now is as it should be. Any other is held against what was
sent: by the digest that this workspace noted, or by writing it once more as of the day of the last
publish. What is neither is taken apart: its items, and the addresses around them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from production.catalogue.documents import FeedDocument
from production.targets.known_objects import digest_in
from production.targets.named_keys import guids_in, keys_named
from production.targets.verdicts import TargetVerdict
from programme.digests import digest_bytes
from programme.units import Digest, Key
from programme.wording import counted

Found = tuple[TargetVerdict, str]

Render = Callable[[date], Iterable[FeedDocument]]
"""Writes every document as it would be on a day."""

_ITEM = re.compile(rb"<item>.*?</item>", re.DOTALL)
_ADDRESS = re.compile(rb"https?://[^\s\"'<>\\]+")
_SLACK = (0, -1, 1)
"""Days by which an operator's day may differ from that of the head, which is in UTC."""


@dataclass(slots=True, kw_only=True)
class DocumentJudge:
    """Knows what documents are to say."""

    base_url: str
    today: date
    sent_on: date | None
    """Day of the last publish, in UTC; None where nobody knows."""
    render: Render
    past: Mapping[str, date]
    """Guids of what has left its feeds, with the last day on which it was in them."""
    guids: frozenset[str]
    """Of every item that was ever released there."""
    dead: frozenset[str]
    """Keys of what was withdrawn."""
    expected: dict[Key, Digest] = field(default_factory=dict)
    _versions: dict[Key, list[bytes]] = field(default_factory=dict)

    def prepare(self) -> None:
        """Write every document as of today, one after the other: they may be thousands."""
        for document in self.render(self.today):
            self.expected[document.key] = digest_bytes(document.data)

    def prepare_differing(self, keys: Iterable[Key]) -> None:
        """Write documents that differ once more, as of today and of the last publish."""
        wanted = set(keys)
        days = [self.today]
        if self.sent_on is not None:
            days += [self.sent_on + timedelta(days=days) for days in _SLACK]
        for day in dict.fromkeys(days) if wanted else ():
            for document in self.render(day):
                if document.key in wanted:
                    self._versions.setdefault(document.key, []).append(document.data)

    def judge(self, key: Key, data: bytes, noted: Digest | None) -> Iterator[Found]:
        """Give what is wrong with a document, besides what it names and is not there.

        Args:
            key: its own.
            data: what stands there.
            noted: digest of what this workspace sent or read there before; None if nobody knows.
        """
        if digest_bytes(data) == self.expected[key]:
            return
        guids = guids_in(data)
        unknown = sorted(guids - self.guids)
        if unknown:
            yield TargetVerdict.ALTERED, f"holds {unknown[0]!a}, which was never released"
        yield from self._past(guids)
        named = sorted(keys_named(key, data, self.base_url) & self.dead)
        if named:
            yield TargetVerdict.WITHDRAWN, f"names {named[0]}, which was withdrawn"
        versions = self._versions.get(key, [])
        if data in versions or noted == digest_bytes(data):
            yield TargetVerdict.OUTDATED, "as it was sent; a publish would change it"
        else:
            yield self._strange(data, versions)

    def _past(self, guids: set[str]) -> Iterator[Found]:
        gone = sorted((self.past[guid], guid) for guid in guids if guid in self.past)
        if gone:
            day, guid = gone[0]
            more = f" and {counted(len(gone) - 1, 'more item')}" if len(gone) > 1 else ""
            yield TargetVerdict.EXPIRED, f"still holds {guid}, whose last day was {day}{more}"

    def _strange(self, data: bytes, versions: list[bytes]) -> Found:
        known = {chunk for version in versions for chunk in _chunks(version)}
        other = [chunk for chunk in _chunks(data) if chunk not in known]
        if other:
            guid = min(guids_in(other[0]), default="")
            what = f"says other things of {guid!a}" if guid else "has other words"
            return TargetVerdict.ALTERED, f"{what} than was published"
        around = {one for version in versions for one in _ADDRESS.findall(version)}
        leads = sorted(one.decode("utf-8", "replace") for one in set(_ADDRESS.findall(data)))
        strange = [one for one in leads if one.encode() not in around and not self._is_art(one)]
        if strange:
            return TargetVerdict.ALTERED, f"leads to {strange[0]!a}, where nothing of ours does"
        return TargetVerdict.DIFFERS, "the words around its items are not those of now"

    def _is_art(self, address: str) -> bool:
        """Tell whether an address is of a picture whose name tells its bytes: it is read, too."""
        return digest_in(address.removeprefix(self.base_url)) is not None


def _chunks(data: bytes) -> list[bytes]:
    """Give the items of a document; of one in JSON, its lines behind the first."""
    items = _ITEM.findall(data)
    return items or [line.rstrip(b",]}") for line in data.split(b"\n")[1:] if b'"id"' in line]
