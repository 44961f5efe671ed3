"""Copying a pack to a stick in play order, and reading back what the stick really holds.

Every file is written in a folder of its own (``ALTAVOZ.TMP``), flushed, and moved into its place:
the names of a new folder then stand in the order of moving, and no player finds half a file. What
proves the pack comes last; while the folder is there, the stick is not finished, and the next run
goes on.
"""

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from production.sticks.listing import MARK, PART, SCRATCH
from production.sticks.planning import StickPlan
from programme.errors import ExitCode, ProductionError
from programme.storage import storage_error, sync_folder
from programme.units import Digest
from stations.bag import render_checksums
from stations.disk_order import order_faults
from stations.pack_members import Member, blocks

_BLOCK = 1 << 18

_GONE = {
    errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ENOTCONN, errno.ESTALE, errno.EBADF
}  # fmt: skip
"""What a system says of a stick that is not there any more."""

_TOLD = (
    "Altavoz is copying a pack to this stick, or was interrupted. Do not play it yet.\r\n"
    "Put it into the computer that makes the packs and run the same command again.\r\n\r\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StickReport:
    """What was done to a stick."""

    removed: int
    written: int
    kept: int
    written_bytes: int
    read_back_bytes: int
    """Of all members, those that were there already included: every one is as it should be."""
    past_cache: bool
    """Whether the system was told to read from the stick, and not from its own memory."""
    in_order: bool | None
    """Whether the folders list their files in play order; None where the disk keeps none."""


def write_stick(plan: StickPlan, *, issued: date) -> StickReport:
    """Do what was planned, and read all of it back.

    Args:
        plan: of ``plan_stick``, made just before.
        issued: the day that every file is dated to, at noon UTC.

    Raises:
        ProductionError: the stick is full, was pulled out or refuses (STORAGE); it gives back
            other bytes than were written (STORAGE); sound is not what was built (INPUT). What is
            right on it stays, and the next run goes on from there.
    """
    moment = datetime.combine(issued, time(12), tzinfo=UTC).timestamp()
    try:
        before = plan.folder.stat().st_dev
        if not plan.is_done:
            _mark(plan)
            _remove(plan)
            for member in plan.written:
                _same(plan.folder, before)
                _copy(plan.folder, member, moment)
            _sync_folders(plan)
        past_cache = _read_back(plan)
        in_order = not _order_faults(plan) if plan.disk.keeps_order else None
        _same(plan.folder, before)
        _unmark(plan.folder)
    except OSError as error:
        raise _refusal(error, plan.folder) from error
    return StickReport(
        removed=len(plan.removed),
        written=len(plan.written),
        kept=len(plan.kept),
        written_bytes=sum(one.file.length_bytes for one in plan.written),
        read_back_bytes=sum(one.file.length_bytes for one in plan.members),
        past_cache=past_cache,
        in_order=in_order,
    )


def _same(folder: Path, device: int) -> None:
    """Hold that the stick is still in: its folder may stay behind as one of this computer's."""
    if folder.stat().st_dev != device:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


def _mark(plan: StickPlan) -> None:
    scratch = plan.folder / SCRATCH
    if scratch.is_symlink() or scratch.is_file():
        # Somebody's, and named before; never written through.
        scratch.unlink()
    scratch.mkdir(exist_ok=True)
    listed = {one.path: one for one in (*plan.own, *(one.file for one in plan.members))}
    data = _TOLD.encode("ascii") + render_checksums(listed.values())
    # Never without one: it alone knows what is left of an earlier pack.
    _write(plan.folder / PART, [data])
    (plan.folder / PART).replace(plan.folder / MARK)


def _unmark(folder: Path) -> None:
    for name in (PART, MARK):
        (folder / name).unlink(missing_ok=True)
    # Somebody's own file in it keeps the folder, and so the warning, until it is taken out.
    with contextlib.suppress(OSError):
        (folder / SCRATCH).rmdir()
    sync_folder(folder)


def _remove(plan: StickPlan) -> None:
    for path in plan.removed:
        (plan.folder / path).unlink(missing_ok=True)
    for path in plan.emptied:
        # Whatever a computer hid in it keeps the folder; the order is looked at in the end.
        with contextlib.suppress(OSError):
            (plan.folder / path).rmdir()


def _copy(folder: Path, member: Member, moment: float) -> None:
    part, path = folder / PART, folder / member.path
    _write(part, blocks(member))
    # An even second: FAT counts in twos.
    with contextlib.suppress(PermissionError):
        os.utime(part, (moment, moment))
    if path.parent != folder:
        # Never its parents: where the stick was pulled out, nothing is made in its place.
        path.parent.mkdir(exist_ok=True)
    part.replace(path)


def _write(path: Path, data: Iterator[bytes] | list[bytes]) -> None:
    # Never through a link that somebody put there.
    path.unlink(missing_ok=True)
    with path.open("xb") as out:
        for block in data:
            out.write(block)
        out.flush()
        os.fsync(out.fileno())


def _sync_folders(plan: StickPlan) -> None:
    for name in dict.fromkeys(one.path.rpartition("/")[0] for one in plan.written):
        sync_folder(plan.folder / name)


def _read_back(plan: StickPlan) -> bool:
    """Compare every file of the pack with what was to be written, once all of it is there.

    Sticks that claim more room than they have write over what they took first.
    """
    past_cache = True
    for member in plan.members:
        digest, from_disk = _digest_of(plan.folder / member.path)
        past_cache = past_cache and from_disk
        if digest != member.file.digest:
            raise ProductionError(
                f"the stick gives back other bytes of {member.path} than were written",
                where=str(plan.folder),
                remedy="do not hand it out: the stick is worn or false; use another one",
                code=ExitCode.STORAGE,
            )
    return past_cache


def _digest_of(path: Path) -> tuple[Digest, bool]:
    with path.open("rb", buffering=0) as file:
        from_disk = _forget(file.fileno())
        sha = hashlib.sha256()
        while block := file.read(_BLOCK):
            sha.update(block)
    return Digest(sha.hexdigest()), from_disk


def _forget(handle: int) -> bool:
    """Let the system forget what it holds of a file in memory; False where it cannot be told."""
    if not hasattr(os, "posix_fadvise"):
        return False
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    return True


def _order_faults(plan: StickPlan) -> list[str]:
    return order_faults(plan.folder, [one.path for one in plan.members if "/" in one.path])


def _refusal(error: OSError, folder: Path) -> ProductionError:
    if error.errno in _GONE:
        return ProductionError(
            "the stick does not answer any more: was it pulled out?",
            where=str(folder),
            remedy="put it in again and run the same command: what is right on it stays",
            code=ExitCode.STORAGE,
        )
    words = storage_error(error, folder)
    return ProductionError(
        words.problem,
        where=words.where,
        remedy=f"{words.remedy}; the stick is not finished: do not hand it out",
        code=words.code,
    )
