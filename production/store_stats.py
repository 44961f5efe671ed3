"""Says what lies in .altavoz: how many objects, of what, how many bytes, and when used."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from production.building import Workshop
from programme.digests import Plain
from programme.storage import storage_errors
from programme.units import Digest

_SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
UNKNOWN = "unknown"
"""What the journal has no entry of, such as a picture that a producer gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Some objects together."""

    objects: int
    length_bytes: int

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return {"objects": self.objects, "bytes": self.length_bytes}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStats:
    """What lies in .altavoz."""

    all: Share
    kinds: dict[str, Share]
    """By what they are of: ``take``, ``slot``, ``edition``, ``artwork`` and so on."""
    used: dict[str, Share]
    """Made, or used by a build, within a ``day``, ``week`` and ``month``."""
    beside: dict[str, Share]
    """Files beside the store, by the first name below .altavoz."""

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return {
            **self.all.plain(),
            "kinds": {name: share.plain() for name, share in self.kinds.items()},
            "used_within": {name: share.plain() for name, share in self.used.items()},
            "beside": {name: share.plain() for name, share in self.beside.items()},
        }


def store_stats(workshop: Workshop, *, now: datetime) -> StoreStats:
    """Count what there is; no object is read.

    Args:
        workshop: open.
        now: aware.

    Raises:
        ProductionError: the disk refuses.
    """
    kind_of: dict[Digest, str] = {}
    for _, label, outputs in workshop.journal.results():
        for digest in (outputs or {}).values():
            kind_of.setdefault(digest, label.split(" ", 1)[0])
    kinds, used = _Shares(), _Shares()
    with storage_errors(workshop.folder):
        for entry in workshop.store.entries():
            if entry.digest is None:
                continue  # altavoz store check tells of it
            kinds.add(kind_of.get(entry.digest, UNKNOWN), entry.length_bytes)
            for name, span in _SPANS.items():
                if entry.used_at >= (now - span).timestamp():
                    used.add(name, entry.length_bytes)
        beside = _beside(workshop)
    shares = kinds.found()
    return StoreStats(
        all=Share(
            objects=sum(one.objects for one in shares.values()),
            length_bytes=sum(one.length_bytes for one in shares.values()),
        ),
        kinds=shares,
        used={name: used.of(name) for name in _SPANS},
        beside=beside,
    )


class _Shares:
    def __init__(self) -> None:
        self._objects = Counter[str]()
        self._bytes = defaultdict[str, int](int)

    def add(self, name: str, length_bytes: int) -> None:
        self._objects[name] += 1
        self._bytes[name] += length_bytes

    def of(self, name: str) -> Share:
        return Share(objects=self._objects[name], length_bytes=self._bytes[name])

    def found(self) -> dict[str, Share]:
        return {name: self.of(name) for name in sorted(self._objects)}


def _beside(workshop: Workshop) -> dict[str, Share]:
    shares = _Shares()
    for path in workshop.folder.rglob("*"):
        top = path.relative_to(workshop.folder).parts[0]
        if top != workshop.store.root.name and path.is_file():
            shares.add(top, path.lstat().st_size)
    return shares.found()
