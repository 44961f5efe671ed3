"""Putting a new pack in the place of the old one: whole or not at all, whatever is pulled out.

A ZIP is written beside and renamed. A folder on a disk with hard links is made beside, of the files
that stay and those that are new, and takes the old one's name. A stick has no hard links and often
no room for two packs: there, all new files are written into a hidden folder first, then the signed
``delta.json`` beside them says that all are there; only then each is renamed into its place. Where
the stick is pulled out in between, the same command finds that note and goes on from it.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from programme.digests import digest_bytes, digest_file
from programme.errors import ProductionError
from programme.storage import (
    NO_LINKS,
    opened_beside,
    put_folder,
    read_beside_name,
    sync_folder,
)
from stations import disk_order
from stations.delta_contents import DELTA, DeltaContents, DeltaFile, parse_delta
from stations.delta_following import Follower, Update, needed
from stations.pack_members import Member
from stations.pack_paths import MANIFEST
from stations.pack_plan import PackFile
from stations.pack_zip import write_members

STAGE = ".altavoz-update"
"""Folder on a stick that holds what an update has made and not yet put into its place."""


class Placed(Enum):
    """How a folder was updated."""

    SWAPPED = "swapped"
    """The new folder took the old one's name."""
    IN_PLACE = "in-place"
    """File by file, on a disk without hard links."""


def place_zip(follower: Follower, contents: DeltaContents, target: Path, scratch: Path) -> None:
    """Write the new ZIP, and put it in the old one's place once it is the very one that was built.

    Raises:
        ProductionError: the update does not make it; the old ZIP is as it was.
        OSError: the disk refuses; the old ZIP is as it was.
    """
    with opened_beside(target) as out:
        write_members(_made(follower, contents, scratch), contents.issued, out)
        out.flush()
        if digest_file(Path(out.name)) != contents.zip_digest:
            raise ProductionError(
                "the update does not make the ZIP that it says",
                where=str(target),
                remedy="ask for the whole pack",
            )
    sync_folder(target.parent)


def _made(follower: Follower, contents: DeltaContents, scratch: Path) -> Iterator[Member]:
    """Give the new pack's files one after another; each is gone when the next is made."""
    source = scratch / "made"
    for one in contents.files:
        with source.open("wb") as out:
            follower.write(one, out)
        about = PackFile(path=one.path, length_bytes=one.length_bytes, digest=one.digest)
        yield Member(file=about, source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """The names of a folder's two packs while one takes the other's place."""

    target: Path

    @property
    def new(self) -> Path:
        return self.target.with_name(f".{self.target.name}.altavoz-new")

    @property
    def old(self) -> Path:
        return self.target.with_name(f".{self.target.name}.altavoz-old")


def recover(target: Path) -> bool:
    """Put right what a kill left of an update of a folder; tell whether there was anything.

    Raises:
        OSError: the disk refuses.
    """
    beside = _Beside(target=target)
    found = False
    if beside.old.exists() and not target.exists():
        # The new one is whole: it was before the old one was moved.
        (beside.new if beside.new.exists() else beside.old).rename(target)
        sync_folder(target.parent)
        found = True
    for left in (beside.new, beside.old):
        if left.exists():
            shutil.rmtree(left)
            found = True
    return found


def recover_zip(target: Path) -> None:
    """Take away what a kill left beside a ZIP: the old one is whole, and the new one is not.

    Raises:
        OSError: the disk refuses.
    """
    for one in sorted(target.parent.iterdir()):
        left = read_beside_name(one.name)
        if left and left[0] == target.name and one.is_file() and not one.is_symlink():
            one.unlink()
    scratch = scratch_of(target)
    if scratch.is_dir() and not scratch.is_symlink():
        shutil.rmtree(scratch)


def scratch_of(target: Path) -> Path:
    """Give the folder beside a ZIP for files in between: on the same disk, a rename is enough."""
    return _Beside(target=target).new


def has_unfinished(target: Path) -> bool:
    """Tell whether a stick holds an update that was made and is not yet all in its place."""
    return (target / STAGE / DELTA).is_file()


def place_folder(
    follower: Follower, update: Update, manifest: bytes, target: Path, paths: Iterable[str]
) -> Placed:
    """Put the new pack into a folder that holds the old one.

    Args:
        follower: makes its files.
        update: that is followed.
        manifest: bytes of its ``delta.json``.
        target: the folder.
        paths: every file that is in the folder now; what is not of the old pack stays.

    Raises:
        ProductionError: the update does not make what it says; nothing has changed.
        OSError: the disk refuses; the old pack is whole, or the next run goes on.
    """
    contents = update.contents
    gone = {one.path for one in contents.removed} | {one.path for one in contents.files}
    made = {one.path for one in needed(contents)}
    stays = [path for path in paths if path not in gone and not path.startswith(f"{STAGE}/")]
    stays += [one.path for one in contents.files if one.path not in made]
    beside = _Beside(target=target)
    _refuse_folders(target, made)
    if not target.is_mount() and _link_all(target, beside.new, stays):
        try:
            _write_all(follower, contents, beside.new)
            _sync_tree(beside.new)
        except BaseException:
            shutil.rmtree(beside.new, ignore_errors=True)
            raise
        put_folder(beside.new, target, aside=beside.old)
        return Placed.SWAPPED
    stage = target / STAGE
    try:
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir()
        _write_all(follower, contents, stage)
        _sync_tree(stage)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    with opened_beside(stage / DELTA) as out:
        out.write(manifest)
    sync_folder(stage)
    finish_stick(target)
    return Placed.IN_PLACE


def _refuse_folders(target: Path, paths: Iterable[str]) -> None:
    """Refuse a folder that stands where a file is to be: no rename gets over it.

    Raises:
        ProductionError: there is one.
    """
    for path in paths:
        if (target / path).is_dir():
            raise ProductionError(
                "a folder stands where the update puts a file",
                where=str(target / path),
                remedy="move the folder away, then run the command again; nothing was changed",
            )


def check_unfinished(target: Path, contents: DeltaContents) -> None:
    """Hold what was made before the stick was pulled out against its digests, before it is placed.

    Raises:
        OSError: it cannot be read.
        ProductionError: a file is not as it was made, or the pack there is another.
    """
    stage = target / STAGE
    _refuse_folders(target, (one.path for one in needed(contents)))
    for one in needed(contents):
        # What is not in the stage any more was placed already.
        place = stage / one.path if (stage / one.path).exists() else target / one.path
        if not place.is_file() or digest_file(place) != one.digest:
            raise _damaged_stage(target, one.path)
    if digest_file(target / MANIFEST) not in {contents.from_manifest, contents.to_manifest}:
        raise _damaged_stage(target, MANIFEST)


def _damaged_stage(target: Path, path: str) -> ProductionError:
    return ProductionError(
        f"an update was broken off here, and {path} is not as it left it",
        where=str(target),
        remedy="test the stick, and copy the whole new pack on to it",
    )


def unfinished(target: Path) -> tuple[DeltaContents, str]:
    """Give the update that a stick is in the middle of, and the digest of its ``delta.json``.

    Raises:
        OSError: it cannot be read.
        ValueError: it is damaged.
    """
    data = (target / STAGE / DELTA).read_bytes()
    return parse_delta(data), digest_bytes(data)


def finish_stick(target: Path) -> None:
    """Put everything that an update made into its place, and take away what is to be removed.

    What is to be removed goes first: it may be wrong. ``pack.json`` comes last: until then the pack
    is seen to be mixed. Needs no room, and does again what was done already.

    Raises:
        OSError: the disk refuses; run it again.
        ValueError: the note of the update is damaged.
    """
    stage = target / STAGE
    contents, _ = unfinished(target)
    for removed in contents.removed:
        (target / removed.path).unlink(missing_ok=True)
    made = sorted(needed(contents), key=lambda one: one.path == MANIFEST)
    for one in made:
        _move(stage / one.path, target / one.path)
    for folder in {Path(one.path).parent for one in contents.removed}:
        _remove_empty(target / folder, target)
    for folder in {(target / one.path).parent for one in made}:
        sync_folder(folder)
    (stage / DELTA).unlink()
    shutil.rmtree(stage)
    sync_folder(target)


def _move(source: Path, place: Path) -> None:
    if not source.exists():
        return  # done before the stick was pulled out
    place.parent.mkdir(parents=True, exist_ok=True)
    source.replace(place)


def _remove_empty(folder: Path, top: Path) -> None:
    if folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _write_all(follower: Follower, contents: DeltaContents, folder: Path) -> None:
    for one in needed(contents):
        _write(follower, one, folder / one.path)


def _write(follower: Follower, one: DeltaFile, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        follower.write(one, out)
        out.flush()
        os.fsync(out.fileno())


def _link_all(source: Path, folder: Path, paths: Iterable[str]) -> bool:
    """Give files a second name in a new folder; False, and no folder, where a disk cannot."""
    try:
        folder.mkdir()
        for path in paths:
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(source / path, place)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        if error.errno in NO_LINKS:
            return False
        raise
    return True


def _sync_tree(folder: Path) -> None:
    for place, _, _ in os.walk(folder):
        sync_folder(Path(place))


def order_faults(target: Path, contents: DeltaContents) -> list[str]:
    """Give the folders of sound in which cheap players would play in another order than is meant.

    Returns:
        As ``stations.disk_order``: ``""`` is the stick itself.

    Raises:
        OSError: the disk refuses.
    """
    return disk_order.order_faults(
        target, (one.path for one in contents.files if one.path[:2].isdigit() and "/" in one.path)
    )
