"""Writes a station's folder: what must not be played goes first, then sound, then lists.

Each file is replaced by a rename. A folder, link or file that is not ours is never touched: where
one stands in the way, nothing at all is changed. What is taken out first is what must not be heard
any more, so that it is gone even where the disk is full.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from production.delivery.state import STATE_FILE, DeliveryState, OwnFile, write_state
from programme.digests import digest_bytes, digest_file
from programme.errors import ExitCode, ProductionError
from programme.storage import (
    copy_whole,
    link_or_copy,
    put_file,
    read_beside_name,
    storage_errors,
)
from programme.units import Digest
from stations.deliveries import DeliveryItem
from stations.delivery_names import MEDIA
from stations.delivery_plan import DeliveryPlan

Seen = Callable[[Path], Digest | None]
"""Gives the digest of a file that has not changed since it was last looked at; None if it has."""
See = Callable[[Path, Digest], None]
"""Remembers the digest of a file as it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a run does to a folder; paths from its root."""

    written: tuple[str, ...]
    """New or replaced, in this order."""
    removed: tuple[str, ...]
    kept: int
    """Files that are there already."""
    taken: tuple[str, ...]
    """Files that the station's program has taken, and that are not put there again."""


class StationDisk:
    """One station's folder on a disk or share."""

    def __init__(self, root: Path, state: DeliveryState, *, seen: Seen, see: See) -> None:
        """Take a folder that exists.

        Args:
            root: of the folder.
            state: what was put there before.
            seen: and ``see``: spare reading whole files again.
            see: see there.
        """
        self.root = root
        self.state = state
        self._seen = seen
        self._see = see
        self._places: dict[str, Path] = {}

    def look(self, plan: DeliveryPlan, *, again: bool) -> Changes:
        """Say what ``write`` would do; changes nothing.

        Args:
            plan: what the folder is to hold.
            again: put files there that the program has taken before.

        Raises:
            ProductionError: something that is not ours stands where a file of ours belongs.
        """
        wanted = _wanted(plan)
        self._refuse_folders(wanted)
        present = self._present(wanted)
        self._refuse_files({path: own for path, own in wanted.items() if path in present})
        gone = () if again else (path for path in wanted if path not in present)
        taken = {path for path in gone if self._is_taken(plan, path, wanted[path])}
        written = [
            path
            for path, own in wanted.items()
            if path not in taken
            and not (
                path in present and (self._is_in_store(plan, path) or self._is_there(path, own))
            )
        ]
        removed = [path for path in self.state.files if path not in wanted]
        return Changes(
            written=tuple(written),
            removed=tuple(sorted(one for one in removed if self._at(one).is_file())),
            kept=len(wanted) - len(written) - len(taken),
            taken=tuple(sorted(taken)),
        )

    def write(
        self, plan: DeliveryPlan, state: DeliveryState, *, again: bool, link: bool
    ) -> Changes:
        """Bring the folder to what the plan says.

        Args:
            plan: what it is to hold.
            state: with the owner and the removed editions; its files are filled in here.
            again: as for ``look``.
            link: whether sound may share its bytes with the store; else it is copied, because a
                program at the station may write into it.

        Raises:
            ProductionError: as ``look``; the disk is full, gone or refuses (STORAGE).
        """
        changes = self.look(plan, again=again)
        wanted = _wanted(plan)
        # What is known to lie there stays known until something else does.
        coming = {path: replace(wanted[path], there=False) for path in changes.written}
        both = {**coming, **self.state.files}
        with storage_errors(self.root):
            if changes.written or changes.removed:
                write_state(self.root, replace(state, files=both))
            self._sweep(both)
            said = {own.words for own in wanted.values() if own.edition is not None}
            for path, own in self.state.files.items():
                if own.edition is not None and own.words not in said:
                    self._remove(path)
            self._put(plan, changes, link=link)
            for path in changes.removed:
                self._remove(path)
            self._prune(changes.removed)
            write_state(self.root, replace(state, files=wanted))
        return changes

    def _put(self, plan: DeliveryPlan, changes: Changes, *, link: bool) -> None:
        first: dict[Digest, Path] = {}
        for path, item in plan.sounds.items():
            place = self._at(path)
            digest = item.rendition.digest
            if path in changes.written:
                place.parent.mkdir(parents=True, exist_ok=True)
                known = first.get(digest)
                if known is not None:
                    link_or_copy(known, place)
                elif link:
                    link_or_copy(item.audio, place)
                else:
                    copy_whole(item.audio, place)
                self._see(place, digest)
            if place.is_file():
                first.setdefault(digest, place)
        for path, data in plan.texts.items():
            if path in changes.written:
                place = self._at(path)
                place.parent.mkdir(parents=True, exist_ok=True)
                put_file(place, partial(_write, data))
                self._see(place, digest_bytes(data))

    def _remove(self, path: str) -> None:
        """Take a file of ours away; not where a link leads out of the folder."""
        if not any(self._at(folder).is_symlink() for folder in _folders_of([path])):
            self._at(path).unlink(missing_ok=True)

    def _at(self, path: str) -> Path:
        place = self._places.get(path)
        if place is None:
            place = self._places[path] = self.root / path
        return place

    def _refuse_folders(self, wanted: Iterable[str]) -> None:
        for folder in _folders_of(wanted):
            place = self._at(folder)
            with storage_errors(place):
                if place.is_symlink() or (place.exists() and not place.is_dir()):
                    raise _stranger(place)

    def _present(self, wanted: Iterable[str]) -> frozenset[str]:
        """Give the paths where something stands, whatever it is: each folder is listed once.

        Asking for each file takes a share a round trip. Names that differ by case alone count as
        one, as many disks have it: who is told too much looks at the file itself.
        """
        by_folder: dict[str, list[str]] = {}
        for path in wanted:
            by_folder.setdefault(path.rpartition("/")[0], []).append(path)
        found: set[str] = set()
        for folder, paths in by_folder.items():
            place = self._at(folder)
            with storage_errors(place):
                there = {name.casefold() for name in _names(place)}
            if there:
                found.update(p for p in paths if p.rpartition("/")[2].casefold() in there)
        return frozenset(found)

    def _refuse_files(self, present: Mapping[str, OwnFile]) -> None:
        for path, own in present.items():
            place = self._at(path)
            with storage_errors(place):
                if place.is_symlink() or place.is_dir():
                    raise _stranger(place)
                ours = path in self.state.files or path == STATE_FILE
                if not ours and place.exists() and digest_file(place) != own.digest:
                    raise _stranger(place)

    def _is_in_store(self, plan: DeliveryPlan, path: str) -> bool:
        """Tell whether a sound is the store's own file under a further name: it was read whole.

        Each further name changes the times of them all, so that ``seen`` would not know it.
        """
        item, place = plan.sounds.get(path), self._at(path)
        with storage_errors(place):
            return item is not None and place.is_file() and place.samefile(item.audio)

    def _is_there(self, path: str, own: OwnFile) -> bool:
        place = self._at(path)
        with storage_errors(place):
            if not place.is_file():
                return False
            known = self._seen(place)
            if known is None:
                known = digest_file(place)
                self._see(place, known)
            return known == own.digest

    def _is_taken(self, plan: DeliveryPlan, path: str, own: OwnFile) -> bool:
        """Tell whether the station's program took a file of ours that is not there any more."""
        if not plan.program.takes_files or not path.startswith(f"{MEDIA}/"):
            return False
        before = self.state.files.get(path)
        return before is not None and before.there and before.digest == own.digest

    def _sweep(self, files: Mapping[str, OwnFile]) -> None:
        """Take away what a run that was killed left beside our files; nothing else."""
        names = {PurePosixPath(path).name for path in files} | {STATE_FILE}
        for folder in {self._at(path).parent for path in files}:
            if not folder.is_dir() or folder.is_symlink():
                continue
            for one in sorted(folder.iterdir()):
                left = read_beside_name(one.name)
                if left and left[0] in names and one.is_file() and not one.is_symlink():
                    one.unlink()

    def _prune(self, removed: tuple[str, ...]) -> None:
        """Take away folders that our files have left empty."""
        for path in removed:
            for parent in PurePosixPath(path).parents:
                place = self._at(str(parent))
                if place == self.root or not place.is_dir() or any(place.iterdir()):
                    break
                place.rmdir()


def _names(folder: Path) -> list[str]:
    """Give what stands in a folder; nothing where it is not there yet."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries]
    except FileNotFoundError:
        return []


def _folders_of(paths: Iterable[str]) -> list[str]:
    """Give every folder between the root and some files, those that hold others first."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(found)


def _wanted(plan: DeliveryPlan) -> dict[str, OwnFile]:
    found = {path: _own_of(item) for path, item in plan.sounds.items()}
    found |= {path: OwnFile(digest=digest_bytes(data)) for path, data in plan.texts.items()}
    return found


def _own_of(item: DeliveryItem) -> OwnFile:
    return OwnFile(
        digest=item.rendition.digest,
        edition=item.air.key,
        words=item.edition.words_digest,
        title=item.edition.title,
        expires=item.air.expires,
    )


def _write(data: bytes, out: BinaryIO) -> None:
    out.write(data)


def _stranger(place: Path) -> ProductionError:
    return ProductionError(
        "something that Altavoz did not put there stands where a file of ours belongs",
        where=str(place),
        remedy="move it away, or deliver to another folder; nothing was changed",
        code=ExitCode.STORAGE,
    )
