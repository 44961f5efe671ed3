"""What the last whole build left, kept in .altavoz/built.jsonl: so that the next need not look.

The record holds for one sight (``production.sight``) and for nothing else. It is written only
where every later change is sure to show there: a file that changed less than two seconds before
it was read could change again within one tick of the disk's clock. Of such files the contents are
compared before the build and after it. What the build made is looked at too: each object
in the store must be there, each file in the build folder as it was put there, the journal as it
was closed, and no killed program may have left anything to put right.

The record comes with its digest: one that is damaged, half-written or of another version is as if
it were not there. A stranger's workspace brings none that holds, because inodes and ctimes are
those of this disk.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from production.sight import look
from production.stamps import stamp
from production.store import Store
from programme.digests import digest_file
from programme.units import Digest
from scripts.kept_file import DAMAGED, FOLDER, DiskClock, plain_line, read_kept, write_kept

if TYPE_CHECKING:
    from production.building import BuildReport, Workshop

FILE = "built.jsonl"


class Made(NamedTuple):
    """A build that left nothing to do."""

    told: str
    """What a command says of the findings beforehand; empty where there are none."""
    left_out: tuple[str, ...]
    """Lines that say what is in no edition, and why."""
    editions: int
    report: str
    """In JSON, what --json prints of a build with nothing to do."""


class _Left(NamedTuple):
    """What a build left on the disk."""

    objects: Sequence[Digest]
    """In the store, sorted."""
    files: Mapping[str, str]
    """In the build folder: path below the root to the stamp with which it was put there."""
    journal: str = ""
    """Stamp of the journal's file once it was closed; empty before."""


class LastBuild:
    """The record of one workspace, for one command that builds all of it."""

    def __init__(self, root: Path, *, today: date) -> None:
        """See what there is.

        Args:
            root: of the workspace, resolved; it need not be one.
            today: the day on which dates are judged.
        """
        self._root, self._today = root, today
        self._folder = root / FOLDER
        # through a link to elsewhere nothing is kept, and nothing believed
        self._sight = None if self._folder.is_symlink() else look(root, today=today)
        self._unsure: Mapping[str, Digest] | None = None
        self._left: _Left | None = None

    def find(self) -> Made | None:
        """Give the last build, if this one would make nothing; None where anything is in doubt.

        That the objects are used was noted today, by the build that is given.
        """
        if self._sight is None:
            return None
        with _locked(self._folder / "lock") as alone:
            if not alone:  # another Altavoz works here, or none ever did
                return None
            lines = read_kept(self._folder / FILE, key=self._sight.key)
            try:
                left = _Left(*json.loads(lines[0]))
                told, left_out, editions = json.loads(lines[1])
                made = Made(told, tuple(left_out), editions, report=lines[2])
                return made if self._stands(left) else None
            except (OSError, *DAMAGED):
                return None

    def begin(self) -> None:
        """Note what could change unseen while a build works; call it before anything is read.

        In a folder that is no workspace nothing is written, and nothing noted.
        """
        if self._sight is None or not (self._root / "altavoz.toml").is_file():
            return
        sure_before_ns = DiskClock(self._folder, may_write=True).sure_before_ns
        if sure_before_ns:
            self._unsure = _contents(self._root, self._sight.changed_since(sure_before_ns))

    def note(self, workshop: "Workshop", report: "BuildReport") -> None:
        """Note what a build left, while the workshop is open."""
        placed = {path for one in report.editions for path in one.files.values()}
        names = sorted(path.relative_to(self._root).as_posix() for path in placed)
        known = {name: workshop.journal.placed(name) for name in names}
        self._left = _Left(
            objects=sorted({digest for one in report.editions for digest in one.digests.values()}),
            files={name: found[0] if found else "" for name, found in known.items()},
        )

    def keep(self, made: Made) -> None:
        """Remember a build that left nothing to do; call it when the workshop is closed.

        Nothing is remembered where anything is in doubt. A disk that refuses costs time at the
        next build, nothing else.
        """
        if self._sight is None or self._left is None:
            return
        with _locked(self._folder / "lock") as alone:
            left = self._left._replace(journal=_stamp(self._folder / "journal.sqlite"))
            if alone and self._is_sure() and self._stands(left):
                lines = (
                    plain_line(left),
                    plain_line((made.told, made.left_out, made.editions)),
                    made.report,
                )
                write_kept(self._folder / FILE, lines, key=self._sight.key)

    def _is_sure(self) -> bool:
        """Tell whether all is as before anything was read, and every change to come will show."""
        now = look(self._root, today=self._today)
        if self._unsure is None or now is None or self._sight is None or now.key != self._sight.key:
            return False
        if not self._unsure:
            return True
        if now.changed_since(DiskClock(self._folder, may_write=True).sure_before_ns):
            return False
        return _contents(self._root, list(self._unsure)) == self._unsure

    def _stands(self, left: _Left) -> bool:
        """Tell whether what was made is where it was, and there is nothing to put right."""
        store = Store(self._folder / "store")
        return (
            bool(left.journal)
            and _stamp(self._folder / "journal.sqlite") == left.journal
            and all(store.has(digest) for digest in left.objects)
            and all(made and _stamp(self._root / name) == made for name, made in left.files.items())
            and not any(_names(store.scratch))
            and not any(map(_is_half_done, _names(self._folder)))
            and not any(map(_is_half_done, _names(self._folder / "targets")))
        )


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Hold the lock that a workshop holds, without all that it takes to wait for one.

    Yields:
        Whether nobody else has it; False also where there is none, or the disk knows no locks.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        yield False
        return
    try:
        yield _is_ours(handle)
    finally:
        os.close(handle)


def _is_ours(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _stamp(path: Path) -> str:
    """Give the stamp of a file; empty, which no file has, where there is none."""
    try:
        return stamp(path)
    except OSError:
        return ""


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - names only
    except FileNotFoundError:
        return []


def _is_half_done(name: str) -> bool:
    """Tell whether a killed program left a file that the next one sweeps away."""
    return name.startswith(".") and name.endswith(".new")


def _contents(root: Path, names: Sequence[str]) -> Mapping[str, Digest] | None:
    """Give the digests of files; None where the disk refuses one."""
    try:
        return {name: digest_file(root / name) for name in names}
    except OSError:
        return None
