"""The build folder: finished files put where people look for them, in as few bytes as is safe.

Written anew, these files would be a third of all that a build writes. So the disk is asked to
share: first by a clone, whose bytes are its own as soon as somebody writes to it (btrfs, XFS,
bcachefs, ZFS); where there is none, by a second name of the store's object (hard link); and where
there is none either, by a copy.

A second name has a danger: whoever changes a file here in place, such as an editor of tags, changes
the store's object as well. Two things make it safe. Every reader of the store compares the bytes
with their name, so that a changed object is found, and the edition joined again from its slots. And
before anything leaves this machine, or is given to a station's folder, which may itself be a second
name, its object gets bytes of its own (``part``). An object that has a second name elsewhere gets
none here afterwards.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from production.companion_files import COMPANIONS
from production.journal import Journal
from production.stamps import stamp
from production.store import Store
from programme.digests import digest_file
from programme.editions import Edition
from programme.storage import NO_LINKS, storage_errors
from programme.units import Digest

BUILD_FOLDER = "build"
"""Where finished files are put for people to listen to; safe to delete."""
_PART = ".part"
"""How the name of a file ends while it is being put into the build folder."""

_FICLONE = 0x40049409
"""Linux's ioctl that shares blocks of files until one of them is written (man 2 ioctl_ficlone)."""
_NO_CLONES = frozenset(
    {errno.EOPNOTSUPP, errno.ENOTTY, errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EPERM}
)
"""What a disk says that has no clones, or none between these two files."""


class BuildFolder:
    """The build folder of one workspace."""

    def __init__(self, root: Path, store: Store, journal: Journal) -> None:
        self._root = root
        self._store = store
        self._journal = journal

    def place(
        self,
        edition: Edition,
        digests: Mapping[str, Digest],
        formats: Collection[str],
        *,
        own: bool,
        leaves: bool,
        made: Collection[Digest] = (),
    ) -> dict[str, Path]:
        """Put an edition's files where people look for them; unchanged files are not touched.

        Args:
            edition: what the files are of.
            digests: of its files, by name.
            formats: ids of the renditions that go there.
            own: it is in its series' own profile, and its captions and chapters go there too;
                what is made besides names its profile.
            leaves: it leaves this machine next, so that no object may get a second name.
            made: objects whose digest was reckoned in this very run, by who wrote them; what else
                is placed is read first.

        Raises:
            DamagedObjectError: objects are missing or altered.
            ProductionError: the disk refuses.
        """
        folder = self._root / BUILD_FOLDER / edition.series / edition.language
        stem = f"{edition.episode}_{edition.language}"
        suffixes = {one.id: one.suffix for one in edition.renditions if one.id in formats}
        if own:
            suffixes |= {companion.name: companion.suffix for companion in COMPANIONS}
        else:
            stem += f"_{edition.profile}"
        files = {}
        with storage_errors(self._root / BUILD_FOLDER):
            for name, suffix in suffixes.items():
                files[name] = folder / f"{stem}{suffix}"
                is_made = digests[name] in made and self._store.has(digests[name])
                self._put(files[name], digests[name], leaves=leaves, is_read=is_made)
        return files

    def part(self, digests: Iterable[Digest]) -> None:
        """Give objects bytes of their own that have a second name in the build folder.

        Raises:
            ProductionError: the disk refuses.
        """
        with storage_errors(self._root / BUILD_FOLDER):
            for digest in digests:
                for name in self._journal.placed_as(digest):
                    self._part(self._root / name, digest)

    def note_times(self, files: Mapping[str, Path], digests: Mapping[str, Digest]) -> None:
        """Note files anew whose times changed with those of their objects; just placed, as such."""
        for name, path in files.items():
            if _is_one(path, self._store.path(digests[name])):
                self._note(path, digests[name])

    def remove_others(self, kept: Iterable[Path]) -> tuple[str, ...]:
        """Take files of earlier builds away that no edition has any more; nothing else."""
        names = {path.relative_to(self._root).as_posix() for path in kept}
        removed = []
        with storage_errors(self._root / BUILD_FOLDER):
            for name in self._journal.all_placed():
                if name in names:
                    continue
                path = self._root / name
                if path.is_file():
                    path.unlink()
                    removed.append(name)
                self._journal.unplace(name)
        return tuple(removed)

    def sweep(self) -> None:
        """Remove what killed runs left beside the files.

        Raises:
            OSError: the disk refuses.
        """
        folder = self._root / BUILD_FOLDER
        if folder.is_dir():
            for leftover in sorted(folder.glob(f"*/*/.*{_PART}")):
                leftover.unlink()

    def _put(self, path: Path, digest: Digest, *, leaves: bool, is_read: bool) -> None:
        if self._is_known(path, digest):
            return
        whole = self._store.path(digest) if is_read else self._store.verified(digest)[0]
        if not self._holds(path, whole, digest):
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}{_PART}")
            # An object that a pack or a station's folder shares already gets no name here.
            may_link = not leaves and whole.stat().st_nlink == 1
            try:
                _share(whole, beside, (_clone, _link, _copy) if may_link else (_clone, _copy))
                beside.replace(path)
            finally:
                # Also where both are names of one file already: then the rename does nothing.
                beside.unlink(missing_ok=True)
        elif leaves:  # a second name that a killed build gave and did not come to note
            self._part(path, digest)
        self._note(path, digest)

    def _holds(self, path: Path, whole: Path, digest: Digest) -> bool:
        """Tell whether a file has the bytes of an object; it is read where nothing else tells.

        Times and inode change without the bytes: a copied workspace, an object that was parted.
        """
        if path.is_symlink() or not path.is_file() or path.stat().st_size != whole.stat().st_size:
            return False
        noted = self._journal.placed(self._name(path))
        if noted is not None and noted[0] == stamp(path) and noted[1] != digest:
            return False  # as an earlier build placed it, of another object
        return digest_file(path) == digest

    def _part(self, path: Path, digest: Digest) -> None:
        whole = self._store.path(digest)
        if not _is_one(path, whole):
            return
        is_known = self._is_known(path, digest)
        beside = self._store.scratch / f"{digest}{_PART}"
        _share(whole, beside, (_clone, _copy))
        beside.replace(whole)
        if is_known:  # its other name is gone, which changed its times and nothing else
            self._note(path, digest)

    def _is_known(self, path: Path, digest: Digest) -> bool:
        """Tell whether a file lies there as it was placed."""
        return path.is_file() and self._journal.placed(self._name(path)) == (stamp(path), digest)

    def _note(self, path: Path, digest: Digest) -> None:
        self._journal.place(self._name(path), stamp(path), digest)

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


Way = Callable[[Path, Path], bool]
"""Gives a file to a new name; False where the disk cannot do it so."""


def _share(path: Path, place: Path, ways: Iterable[Way]) -> None:
    place.unlink(missing_ok=True)
    if not any(way(path, place) for way in ways):
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP), str(place))


def _clone(path: Path, place: Path) -> bool:
    with path.open("rb") as source, place.open("wb") as clone:
        try:
            fcntl.ioctl(clone.fileno(), _FICLONE, source.fileno())
        except OSError as error:
            if error.errno not in _NO_CLONES:
                raise
        else:
            return True
    place.unlink()
    return False


def _link(path: Path, place: Path) -> bool:
    try:
        os.link(path, place)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        return False
    return True


def _copy(path: Path, place: Path) -> bool:
    shutil.copyfile(path, place)
    return True


def _is_one(path: Path, other: Path) -> bool:
    """Tell whether two names are of one file."""
    try:
        return path.samefile(other)
    except FileNotFoundError:
        return False
