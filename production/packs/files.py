"""Where finished packs lie in the build folder: one file for equal packs, nothing stale beside it.

A pack is written once. Stations that take the same, and the archive of earlier packs, hold the
same file under other names (hard links), so that many stations cost no more than one.
"""

import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from production.build_folder import BUILD_FOLDER
from production.building import Workshop
from production.packs import archive as pack_archive
from production.packs.folder import is_left_over, is_whole, write_folder
from programme.digests import digest_file
from programme.storage import link_or_copy, storage_errors
from programme.units import Digest
from stations.bag import TAG_MANIFEST
from stations.pack_members import Member, gather_members
from stations.pack_paths import MANIFEST
from stations.pack_plan import PackPlan, PackRequest
from stations.pack_zip import write_pack

PACKS = "packs"
"""Folder in the build folder; a folder for each station."""

_WRITTEN = "as written"
"""In the place of a stamp: the digest is of what was written, whatever lies there now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutPack:
    """A pack that lies where it belongs."""

    path: Path
    unchanged: bool
    """Whether it lay there already."""
    digest: Digest
    """Of the ZIP, or of a folder's ``pack.json``, as it was read there by this run."""


def put_zip(workshop: Workshop, request: PackRequest, plan: PackPlan, content: str) -> PutPack:
    """Bring a station's ZIP up to date, and read it.

    Args:
        workshop: of the workspace.
        request: with its serial.
        plan: of the request.
        content: fingerprint of what decides its bytes but the serial.

    Raises:
        ProductionError: the disk refuses, or sound is not what was built.
    """
    station = request.station
    path = workshop.root / BUILD_FOLDER / PACKS / station.id / plan.file_name
    unchanged = is_current(workshop, path, content)
    digest: Digest | None = None
    if not unchanged:
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            kept = pack_archive.find(workshop.root, plan.pack_id, request.serial)
            if kept is not None and is_current(workshop, kept, content):
                link_or_copy(kept, path)
            else:
                digest = write_pack(request, path).digest
        _see(workshop, path, content)
    pack_archive.keep(workshop.root, path, plan.pack_id, request.serial)
    kept = pack_archive.find(workshop.root, plan.pack_id, request.serial)
    if kept is not None:
        _see(workshop, kept, content)
    _remove_others(workshop, path, request)
    return PutPack(path=path, unchanged=unchanged, digest=digest or digest_file(path))


def put_folder(workshop: Workshop, request: PackRequest, plan: PackPlan, content: str) -> PutPack:
    """Bring a station's folder up to date, as ``put_zip`` does; no ZIP is written or kept.

    The folder is read: what somebody changed in it, or in another that shares its files, is put
    right. The store's objects were read by the build of this run.

    Raises:
        ProductionError: the disk refuses, or sound is not what was built.
    """
    path = workshop.root / BUILD_FOLDER / PACKS / request.station.id / plan.pack_id
    unchanged = _is_whole(workshop, path, content)
    if not unchanged:
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        members: Sequence[Member] = gather_members(request, plan)
        twin = _twin(workshop, path, content)
        if twin is not None:
            # The very same files, which then take no room at all.
            members = [Member(file=one.file, source=twin / one.path) for one in members]
        write_folder(members, path, issued=request.issued)
        _see(workshop, path / MANIFEST, content)
        lists = path / TAG_MANIFEST
        workshop.journal.see(_name(workshop, lists), _WRITTEN, digest_file(lists))
    _remove_others(workshop, path, request)
    return PutPack(path=path, unchanged=unchanged, digest=digest_file(path / plan.manifest))


def _twin(workshop: Workshop, path: Path, content: str) -> Path | None:
    """Give the folder of another station that holds the same pack, whole; None where none does."""
    folders = sorted(path.parent.parent.glob(f"*/{path.name}"))
    return next((one for one in folders if _is_whole(workshop, one, content)), None)


def _is_whole(workshop: Workshop, folder: Path, content: str) -> bool:
    """Tell whether a folder holds the pack of this content, every byte as it was written."""
    if not is_current(workshop, folder / MANIFEST, content):
        return False
    noted = workshop.journal.seen(_name(workshop, folder / TAG_MANIFEST))
    return noted is not None and is_whole(folder, noted[1], workshop.store)


def disk_use(paths: Iterable[Path]) -> tuple[int, int]:
    """Give the bytes of all files under some paths, and of those that are different files.

    Args:
        paths: of ZIPs and folders.
    """
    total, found = 0, dict[tuple[int, int], int]()
    for path in paths:
        for file in (path,) if path.is_file() else path.rglob("*"):
            about = file.stat()
            if file.is_file():
                total += about.st_size
                found[about.st_dev, about.st_ino] = about.st_size
    return total, sum(found.values())


def _see(workshop: Workshop, path: Path, content: str) -> None:
    about = path.stat()
    stamped = _stamp(about.st_size, about.st_mtime_ns)
    workshop.journal.see(_name(workshop, path), stamped, Digest(content))


def _remove_others(workshop: Workshop, kept: Path, request: PackRequest) -> None:
    """Take away what was packed for the same station in another form or under another name.

    Whoever copies the folder to a stick must not take a number along that is no longer said. The
    name of a private station's pack follows what it takes, and so changes with it. Nor may what a
    killed run left half done be taken along.
    """
    network, station = request.network, request.station
    made = re.compile(rf"{re.escape(network.id)}_([0-9a-f]{{12}}|{re.escape(station.id)})\.zip")
    with storage_errors(kept.parent):
        for other in sorted(kept.parent.iterdir()):
            if other == kept:
                continue
            if other.is_dir() and not other.is_symlink():
                if is_left_over(other) or _is_seen(workshop, other / MANIFEST):
                    shutil.rmtree(other)
            elif is_left_over(other) or made.fullmatch(other.name) or _is_seen(workshop, other):
                other.unlink()


def _is_seen(workshop: Workshop, path: Path) -> bool:
    return workshop.journal.seen(_name(workshop, path)) is not None


def _name(workshop: Workshop, path: Path) -> str:
    return path.relative_to(workshop.root).as_posix()


def _stamp(size: int, mtime_ns: int) -> str:
    return f"{size} {mtime_ns}"


def is_current(workshop: Workshop, path: Path, content: str) -> bool:
    """Tell whether the file is there as it was when it was made of this content."""
    if not path.is_file():
        return False
    about = path.stat()
    known = workshop.journal.seen(_name(workshop, path))
    return known == (_stamp(about.st_size, about.st_mtime_ns), content)
