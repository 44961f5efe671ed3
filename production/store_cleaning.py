"""Cleans .altavoz: what no current plan needs, no release names, and no build used lately.

Everything there can be made again, so that a mistake here costs time and nothing else. What costs
a network as well, the sentences that an online voice spoke, goes only where somebody asks for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from production.building import Workshop
from production.ledger.ledger import Ledger
from production.packs.archive import ARCHIVE, kept_packs
from production.releases.history import media_of, read_history
from production.steps import Plan, Step
from production.store import Entry, Store
from production.takes.kept_speech import FOLDER as SPOKEN
from production.takes.kept_speech import kept_stem
from programme.digests import Plain
from programme.storage import storage_errors
from programme.units import Digest, Fingerprint
from scripts.workspace import Workspace

GRACE = timedelta(days=30)
"""How long what nothing needs stays, unless an operator says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """One thing that nothing needs."""

    place: str
    """Below the workspace's folder."""
    length_bytes: int
    """That its removal frees; 0 for a second name of a file that stays."""
    why: str
    used_at: datetime
    """Aware, UTC: when it was made or used last."""
    path: Path
    entry: Entry | None = None
    """Of the store; None for what lies elsewhere."""

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return {
            "place": self.place,
            "bytes": self.length_bytes,
            "why": self.why,
            "used_at": self.used_at.isoformat(),
        }


@dataclass(slots=True, kw_only=True)
class StorePlan:
    """What a cleaning would take away."""

    doomed: list[Doomed] = field(default_factory=list)
    results: list[Fingerprint] = field(default_factory=list)
    """Entries of the journal that rest on what goes."""
    kept_objects: int = 0
    kept_bytes: int = 0
    spoken: int = 0
    """Bytes of sentences of online voices that no plan speaks, where they stay."""

    @property
    def length_bytes(self) -> int:
        """Give what it would free."""
        return sum(one.length_bytes for one in self.doomed)


def plan_store_cleaning(
    workshop: Workshop,
    workspace: Workspace,
    plan: Plan,
    *,
    now: datetime,
    today: date,
    grace: timedelta = GRACE,
    spoken: bool = False,
) -> StorePlan:
    """Say what could go; nothing is touched.

    An object stays while the plan, or a release at any target, needs it, and for ``grace`` after
    it was made or a build used it.

    Args:
        workshop: open.
        workspace: as read, without errors.
        plan: of the whole workspace.
        now: aware.
        today: the operator's own day.
        grace: how long what nothing needs stays.
        spoken: also sentences of online voices that no plan speaks.

    Raises:
        ProductionError: the ledger is damaged, or the disk refuses.
    """
    found = StorePlan()
    limit = (now - grace).timestamp()
    steps = {step.fingerprint for step in _steps(plan)}
    owners: dict[Digest, list[tuple[Fingerprint, str]]] = defaultdict(list)
    needed = _released(workspace, today)
    for key, label, outputs in workshop.journal.results():
        for made in (outputs or {}).values():
            owners[made].append((key, label))
            if key in steps:
                needed.add(made)
    with storage_errors(workshop.folder):
        entries = list(workshop.store.entries())
        gone = set[Digest]()
        for entry in entries:
            if entry.digest is None:
                continue  # altavoz store check tells of it
            if entry.digest in needed or entry.used_at > limit:
                found.kept_objects += 1
                found.kept_bytes += entry.length_bytes
                continue
            gone.add(entry.digest)
            found.doomed.append(_object(workshop.root, entry, owners[entry.digest]))
        # An entry goes with the first of its objects: the others are useless without it.
        found.results = sorted({key for digest in gone for key, _ in owners[digest]})
        found.doomed += _packs(workshop.root, limit)
        found.doomed += _notes(workshop.root, workspace, limit)
        unspoken = list(_unspoken(workshop.root, plan, limit))
    if spoken:
        found.doomed += unspoken
    else:
        found.spoken = sum(one.length_bytes for one in unspoken)
    return found


def clean_store(workshop: Workshop, found: StorePlan) -> list[Doomed]:
    """Take away what was planned; give what went.

    The journal forgets first: stopped anywhere, it knows of nothing that is not there. What
    another process made or used since it was planned stays.

    Raises:
        ProductionError: the disk refuses; what was taken away stays so.
    """
    workshop.journal.forget_all(found.results)
    workshop.journal.unsee_gone(workshop.root)
    with storage_errors(workshop.folder):
        return [one for one in found.doomed if _discard(workshop.store, one)]


def _discard(store: Store, one: Doomed) -> bool:
    if one.entry is not None:
        return store.discard(one.entry, even_whole=True)
    if not one.path.exists():
        return False
    one.path.unlink()
    return True


def _steps(plan: Plan) -> Iterator[Step]:
    """Give every step of a plan: editions, their slots, and the takes in those."""
    slots = [*plan.slots, *(slot for edition in plan.editions for slot in edition.slots)]
    yield from plan.editions
    yield from slots
    yield from (line.take for slot in slots for line in slot.lines)


def _released(workspace: Workspace, today: date) -> set[Digest]:
    """Give what live releases name: were it lost at a target, it is sent again from here."""
    ledger = Ledger(workspace.root)
    return {
        thing.digest
        for target in workspace.network.targets
        for thing in media_of(read_history(ledger, target), today)
    }


def _object(root: Path, entry: Entry, owners: Iterable[tuple[Fingerprint, str]]) -> Doomed:
    of = sorted({label for _, label in owners})
    return Doomed(
        place=entry.path.relative_to(root).as_posix(),
        length_bytes=entry.length_bytes,
        why=f"no plan needs it: {of[0]}" if of else "nothing knows what it is of",
        used_at=_moment(entry.used_at),
        path=entry.path,
        entry=entry,
    )


def _packs(root: Path, limit: float) -> Iterator[Doomed]:
    """Give kept packs that are old; the newest of each id stays."""
    newest: Mapping[str, int] = {
        name: serial for name, serial, _ in sorted(kept_packs(root), key=lambda one: one[:2])
    }
    for name, serial, path in sorted(kept_packs(root)):
        about = path.stat()
        if serial != newest[name] and about.st_mtime <= limit:
            yield Doomed(
                place=f"{ARCHIVE}/{path.name}",
                length_bytes=about.st_size if about.st_nlink == 1 else 0,
                why=f"an old pack: updates are made from newer ones, such as {newest[name]}",
                used_at=_moment(about.st_mtime),
                path=path,
            )


def _notes(root: Path, workspace: Workspace, limit: float) -> Iterator[Doomed]:
    """Give what was noted of targets that altavoz.toml has no more, and halves of notes."""
    noted = sorted((root / ".altavoz" / "targets").glob("*.json"))
    parts = sorted((root / ".altavoz").glob("*.part"))
    for path in [
        *(one for one in noted if one.name.partition(".")[0] not in workspace.network.targets),
        *parts,
    ]:
        about = path.lstat()
        if about.st_mtime <= limit:
            yield Doomed(
                place=path.relative_to(root).as_posix(),
                length_bytes=about.st_size,
                why="left by a command that was stopped"
                if path in parts
                else "of a target that altavoz.toml has no more",
                used_at=_moment(about.st_mtime),
                path=path,
            )


def _unspoken(root: Path, plan: Plan, limit: float) -> Iterator[Doomed]:
    """Give kept sentences of online voices that no plan speaks."""
    wanted = {
        kept_stem(root, step.speak)
        for slot in (*plan.slots, *(slot for edition in plan.editions for slot in edition.slots))
        for step in (line.take for line in slot.lines)
        if step.online and step.speak
    }
    for path in sorted((root / SPOKEN).glob("*/*")):
        about = path.lstat()
        ours = path.suffix in {".flac", ".json"} and path.is_file() and not path.is_symlink()
        if ours and path.with_suffix("") not in wanted and about.st_mtime <= limit:
            yield Doomed(
                place=path.relative_to(root).as_posix(),
                length_bytes=about.st_size,
                why="no plan speaks it; an online voice would have to be asked again",
                used_at=_moment(about.st_mtime),
                path=path,
            )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
