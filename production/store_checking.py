"""Checks the store and the journal: every byte is read, and what is wrong is told or removed.

Nothing in them is needed: whatever is removed is made again by the next build. So a check only
tells, and ``repair`` takes away.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from production.journal import Journal, journal_damage
from production.store import Entry, Store
from programme.digests import Plain, digest_file
from programme.units import Digest

JOURNAL = "journal.sqlite"


class Fault(StrEnum):
    """What is wrong with something in .altavoz."""

    DAMAGED = "damaged"
    """The bytes are not those that the name tells: altered, cut short, or of something else."""
    FOREIGN = "foreign"
    """No store writes such a thing there."""
    UNREADABLE = "unreadable"
    """The disk or the rights of the file do not let it be read."""
    MISSING = "missing"
    """The journal knows of it, and it is not there."""
    JOURNAL = "journal"
    """The journal's file, or an entry of it, is damaged."""


REMEDIES = {
    Fault.DAMAGED: "altavoz store check --repair removes it, and the next build makes it again; "
    "if it comes back, test the disk",
    Fault.FOREIGN: "move it away if you need it; altavoz store check --repair removes it",
    Fault.UNREADABLE: "give yourself the right to read it, or delete it; if that does not help, "
    "test the disk",
    Fault.MISSING: "nothing: the next build that needs it makes it again",
    Fault.JOURNAL: "altavoz store check --repair begins it anew: the next build looks at all, and "
    "makes again what it cannot place; then test the disk",
}
"""What to do about each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFault:
    """One thing that is wrong."""

    fault: Fault
    place: str
    """Below the workspace's folder."""
    length_bytes: int = 0
    label: str = ""
    """What it is of, where the journal knows."""
    removed: bool = False

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return {
            "fault": self.fault.value,
            "place": self.place,
            "bytes": self.length_bytes,
            "of": self.label,
            "removed": self.removed,
            "remedy": "" if self.removed else REMEDIES[self.fault],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreChecked:
    """What a check found."""

    objects: int
    length_bytes: int
    """Of all objects that were read."""
    results: int
    """Entries of the journal that are whole."""
    faults: tuple[StoreFault, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is left that is wrong; what is missing only costs time."""
        return all(one.removed or one.fault is Fault.MISSING for one in self.faults)


def check_store(root: Path, *, repair: bool) -> StoreChecked:
    """Read every object, and look at every entry of the journal.

    Args:
        root: of the workspace; with ``repair``, hold its lock.
        repair: take away what is wrong.

    Raises:
        ProductionError: the disk refuses.
        OSError: the disk refuses to list or to remove.
    """
    folder = root / ".altavoz"
    store = Store(folder / "store")
    faults: list[StoreFault] = []
    counted = Counter[str]()
    for entry in store.entries():
        fault = _fault_of(entry)
        if fault is None:
            counted["objects"] += 1
            counted["bytes"] += entry.length_bytes
            continue
        removed = repair and fault is not Fault.UNREADABLE and store.discard(entry)
        faults.append(
            StoreFault(
                fault=fault,
                place=entry.path.relative_to(root).as_posix(),
                length_bytes=entry.length_bytes,
                removed=removed,
            )
        )
    damage = journal_damage(folder / JOURNAL)
    if damage:
        faults.append(
            StoreFault(
                fault=Fault.JOURNAL,
                place=f".altavoz/{JOURNAL}",
                label=damage,
                removed=repair and _begin_anew(folder / JOURNAL),
            )
        )
    elif (folder / JOURNAL).exists():
        found, results = _entries(folder / JOURNAL, store, repair=repair)
        faults += found
        counted["results"] = results
    return StoreChecked(
        objects=counted["objects"],
        length_bytes=counted["bytes"],
        results=counted["results"],
        faults=tuple(faults),
    )


def _fault_of(entry: Entry) -> Fault | None:
    if entry.digest is None:
        return Fault.FOREIGN
    try:
        return None if digest_file(entry.path) == entry.digest else Fault.DAMAGED
    except FileNotFoundError:
        return None  # taken away while we looked
    except OSError:
        return Fault.UNREADABLE


def _entries(path: Path, store: Store, *, repair: bool) -> tuple[list[StoreFault], int]:
    """Find entries that are damaged, or that rest on what is gone; give how many are whole."""
    faults: list[StoreFault] = []
    told_of = set[Digest]()
    whole = 0
    journal = Journal(path)
    try:
        dead = []
        for key, label, outputs in journal.results():
            if outputs is None:
                dead.append(key)
                told = f"the entry of {label}"
                place = f".altavoz/{JOURNAL}"
                faults.append(
                    StoreFault(fault=Fault.JOURNAL, place=place, label=told, removed=repair)
                )
                continue
            missing = [one for one in outputs.values() if not store.has(one)]
            whole += not missing
            faults += [_missing(one, label) for one in missing if one not in told_of]
            told_of.update(missing)
        if repair and dead:
            journal.forget_all(dead)
    finally:
        journal.close()
    return faults, whole


def _missing(digest: Digest, label: str) -> StoreFault:
    place = f".altavoz/store/{digest[:2]}/{digest[2:]}"
    return StoreFault(fault=Fault.MISSING, place=place, label=label)


def _begin_anew(path: Path) -> bool:
    """Take a damaged journal away: a new one is made by the next command."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return True
