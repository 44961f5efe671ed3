"""Planning a stick: what is taken away, what is copied and in which order, and what stays.

Cheap players play the files of a FAT folder in the order in which they were written there. So the
files of a folder that would come out in another order are all copied anew; a folder that already
begins as the pack does keeps what it has. Nothing foreign is touched without ``--replace``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from production.sticks.disk import StickDisk, look_at_disk
from production.sticks.listing import (
    MARK,
    PART,
    SCRATCH,
    Found,
    Listing,
    TooManyFilesError,
    by_folded,
    earlier_files,
    is_as,
    read_listing,
    unfinished_paths,
)
from programme.errors import ExitCode, ProductionError
from programme.storage import storage_errors
from stations.pack_members import Member
from stations.pack_paths import folded
from stations.pack_plan import PackFile

SHOWN = 6
"""How many names a message shows before it counts the rest."""

_SOUND = frozenset(
    {".mp3", ".mp2", ".wav", ".ogg", ".opus", ".oga", ".m4a", ".aac", ".flac", ".wma", ".amr"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StickPlan:
    """What copying a pack to a stick comes to."""

    folder: Path
    disk: StickDisk
    members: tuple[Member, ...]
    """All of the pack, in play order."""
    kept: frozenset[str]
    """Paths of those that are there already, whole and in order."""
    removed: tuple[str, ...]
    """Paths that are taken away before anything is copied: what proves the old pack first."""
    own: tuple[PackFile, ...]
    """Those of them that are of an earlier pack, as it listed them: whoever goes on after an
    interruption has to know them still when that pack's list is gone."""
    emptied: tuple[str, ...]
    """Folders that are then empty and go, too; the deepest first."""
    needed_bytes: int
    """What the files to be copied take on this disk, beyond what is taken away."""
    notes: tuple[str, ...]
    """What the operator should know."""

    @property
    def written(self) -> tuple[Member, ...]:
        """What is copied, in order."""
        return tuple(one for one in self.members if one.path not in self.kept)

    @property
    def is_done(self) -> bool:
        """Whether the stick holds the pack already."""
        return not self.written and not self.removed


def plan_stick(members: Sequence[Member], folder: Path, *, replace: bool) -> StickPlan:
    """Look at a stick and say what is to be done; nothing is changed.

    Args:
        members: of the pack, in play order.
        folder: the top of the stick.
        replace: whether foreign files go that stand where the pack is to be, or would be played
            between its files.

    Raises:
        ProductionError: it is no folder, holds something foreign in the pack's places, or has
            too little room.
    """
    check_stick(folder)
    with storage_errors(folder):
        disk = look_at_disk(folder)
        try:
            listing = read_listing(folder)
        except TooManyFilesError as error:
            raise ProductionError(
                "this holds far more files than a stick for a player should",
                where=str(folder),
                remedy="name the top of an empty stick or card",
            ) from error
        state = _State(folder, listing, members)
    foreign_here = state.foreign_in_place()
    if foreign_here and not replace:
        raise ProductionError(
            "files that are not of a pack of ours stand where this one goes: "
            f"{_named(foreign_here)}",
            where=str(folder),
            remedy="copy them elsewhere and take them off, use another stick, or add --replace, "
            "which deletes them",
        )
    _refuse_folders(folder, state.folders_in_place())
    between = state.foreign_between()
    gone = {*foreign_here, *between} if replace else set(foreign_here)
    kept = state.kept(disk, frozenset(gone))
    removed = [
        path
        for path in state.listing.files
        if path in gone or (state.is_own(path) and path not in kept)
    ]
    removed = [path for path in removed if path not in {MARK, PART, SCRATCH}]
    removed.sort(key=lambda path: (not _proves(path), path))
    written = [one for one in members if one.path not in kept]
    marked = len(members) + len(removed)
    needed = _needed(disk, written, [state.listing.files[path] for path in removed], marked)
    _check_room(disk, needed, folder)
    return StickPlan(
        folder=folder,
        disk=disk,
        members=tuple(members),
        kept=kept,
        removed=tuple(removed),
        own=tuple(
            state.own_file(path) for path in removed if path in state.ours and path.isascii()
        ),
        emptied=state.emptied(removed),
        needed_bytes=needed,
        notes=tuple(_notes(disk, folder, state, () if replace else between, members)),
    )


class _State:
    """What is on a stick, held against what is to be there."""

    def __init__(self, folder: Path, listing: Listing, members: Sequence[Member]) -> None:
        self.folder = folder
        self.listing = listing
        self.planned = {one.path: one for one in members}
        self.folders = tuple(dict.fromkeys(_above(path) for path in self.planned if "/" in path))
        self.ours = earlier_files(folder, listing)
        there = by_folded(listing)
        self.occupied = {
            path: found for path in self.planned if (found := there.get(folded(path))) is not None
        }
        self.right = frozenset(
            path
            for path, member in self.planned.items()
            if is_as(folder, listing.files.get(path), member.file.length_bytes, member.file.digest)
        )
        self.unfinished = unfinished_paths(folder, listing) & frozenset(self.planned)

    def is_own(self, path: str) -> bool:
        """Tell whether a file is of this pack, of an earlier one, or of an interrupted copy."""
        return path in self.ours or path in self.right or path in self.unfinished

    def own_file(self, path: str) -> PackFile:
        """Give a file of an earlier pack, as it is there."""
        length = self.listing.files[path].length_bytes
        return PackFile(path=path, length_bytes=length, digest=self.ours[path])

    def foreign_in_place(self) -> list[str]:
        """Give what stands at a path of the pack and is neither of it nor of an earlier one."""
        taken = [one.path for one in self.occupied.values() if not self.is_own(one.path)]
        folders = {folded(one) for one in (*self.folders, SCRATCH)}
        # A file where the pack has a folder.
        taken += [path for path in self.listing.files if folded(path) in folders]
        return sorted(taken)

    def folders_in_place(self) -> list[str]:
        """Give folders where the pack has a file, and those that hide one of its own folders.

        A disk that ignores case takes ``01_es`` for ``01_ES``: the pack's files would then lie
        under another name than the one that is signed.
        """
        files = {folded(path) for path in (*self.planned, MARK, PART)}
        meant = {folded(one): one for one in self.folders}
        return sorted(
            one
            for one in self.listing.folders
            if folded(one) in files
            or (
                (name := meant.get(folded(one), one)) != one
                and name not in self.listing.folders
                and (self.folder / name).exists()
            )
        )

    def foreign_between(self) -> list[str]:
        """Give foreign files in the pack's own folders of sound, and sound at the top."""
        own = {*self.ours, *self.planned, *self.unfinished}
        mine = {folded(one) for one in self.folders}
        return [
            path
            for path in self.listing.files
            if path not in own
            and path not in {MARK, PART}
            and (folded(_above(path)) in mine or ("/" not in path and _is_sound(path)))
        ]

    def elsewhere(self) -> list[str]:
        """Give foreign sound in folders that are none of the pack's."""
        return [
            path
            for path in self.listing.files
            if path not in self.ours
            and "/" in path
            and _above(path) not in self.folders
            and _is_sound(path)
        ]

    def kept(self, disk: StickDisk, gone: frozenset[str]) -> frozenset[str]:
        """Give what may stay as it is without putting the order out."""
        right = self.right - gone
        if not disk.keeps_order:
            return right
        kept = {path for path in right if "/" not in path}
        there = [one for one in self.listing.folders if one in self.folders]
        for number, name in enumerate(self.folders):
            if there[number : number + 1] != [name]:
                # This folder is new or comes too late: all that are behind it are written anew.
                break
            wanted = [path for path in self.planned if _above(path) == name]
            found = list(self.listing.inside(name))
            if found != wanted[: len(found)] or not right.issuperset(found):
                # Its own files go, and with them its name, unless foreign files hold it there.
                break
            kept.update(found)
        return frozenset(kept)

    def emptied(self, removed: Iterable[str]) -> tuple[str, ...]:
        """Give the folders in which nothing is left, the deepest first."""
        left = set(self.listing.files) - set(removed) - {MARK, PART}
        touched = {_above(path) for path in removed if "/" in path}
        empty = [one for one in touched if not any(path.startswith(f"{one}/") for path in left)]
        return tuple(sorted(empty, key=lambda one: (-one.count("/"), one)))


def _notes(
    disk: StickDisk,
    folder: Path,
    state: _State,
    between: Sequence[str],
    members: Sequence[Member],
) -> Iterator[str]:
    if not disk.kind:
        yield "this system does not say what file system this is; players need FAT32 or exFAT"
    elif not disk.keeps_order:
        yield (
            f"the file system is {disk.kind}, not FAT32 or exFAT: few players read it, and the "
            "order of copying is not kept; names sort as played"
        )
    if disk.point and folder.resolve() != Path(disk.point):
        yield (
            f"this is a folder of {disk.point}, not the top of a stick: players look at the top, "
            "and if no stick is in, this is a folder of this computer"
        )
    if between:
        yield f"would be played between, before or after ours: {_named(between)}"
    elsewhere = state.elsewhere()
    if elsewhere:
        yield f"other sound on this stick, which a player plays too: {_named(elsewhere)}"
    others = sum(Path(one.path).suffix.lower() != ".mp3" for one in members if _sounds(one))
    if others:
        yield f"files of sound that are not MP3: {others}; many players play nothing else"


def _sounds(member: Member) -> bool:
    return member.path[:2].isdigit() and "/" in member.path


def check_stick(folder: Path) -> None:
    """Refuse what is no folder, before an hour is spent on building for it.

    Raises:
        ProductionError: it is not there, is no folder, or is a workspace.
    """
    if not folder.is_dir():
        raise ProductionError(
            "there is no such folder" if not folder.exists() else "this is no folder",
            where=str(folder),
            remedy="put the stick in, and name the folder where it is seen, such as "
            "/media/me/STICK",
            code=ExitCode.STORAGE,
        )
    if (folder / "altavoz.toml").exists():
        raise ProductionError(
            "this is a workspace, not a stick",
            where=str(folder),
            remedy="name the folder where the stick is seen",
            code=ExitCode.USAGE,
        )


def _refuse_folders(stick: Path, folders: Sequence[str]) -> None:
    """Refuse folders that nothing can be put over; ``--replace`` deletes no folder of somebody's.

    Raises:
        ProductionError: there is one.
    """
    if folders:
        raise ProductionError(
            f"folders stand where the pack has something else: {_named(folders)}",
            where=str(stick),
            remedy="give them other names, or take them off the stick; nothing was changed",
        )


def _check_room(disk: StickDisk, needed: int, folder: Path) -> None:
    if needed > disk.free_bytes:
        raise ProductionError(
            f"the pack needs {needed / 1e6:.1f} MB, and the stick has {disk.free_bytes / 1e6:.1f} "
            "MB free",
            where=str(folder),
            remedy="take other files off it, or use a larger stick; nothing was changed",
            code=ExitCode.STORAGE,
        )


def _needed(
    disk: StickDisk, written: Sequence[Member], removed: Sequence[Found], marked: int
) -> int:
    """Give what is needed beyond what is freed, each folder with one cluster of names."""
    files = sum(disk.room_for(one.file.length_bytes) for one in written)
    folders = len({_above(one.path) for one in written if "/" in one.path}) + 1
    freed = sum(disk.room_for(one.length_bytes) for one in removed)
    marks = disk.room_for(200 * (marked + 1))
    if not written:
        return 0
    return max(files + folders * disk.cluster_bytes + marks - freed, 0)


def _proves(path: str) -> bool:
    return path.rpartition("/")[2].startswith(("pack.json", "SHA256SUMS", "tagmanifest", "bagit"))


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _is_sound(path: str) -> bool:
    return Path(path).suffix.lower() in _SOUND


def _named(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return ", ".join(shown(path) for path in paths[:SHOWN]) + more


def shown(path: str) -> str:
    """Give a name from a stick as it may stand on a terminal and in JSON: nothing unseen in it."""
    return "".join(char if char.isprintable() else "\ufffd" for char in path)
