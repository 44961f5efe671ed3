"""Writes a pack as one ZIP: stored, in play order, the same bytes for the same request.

Stored, because MP3 does not shrink and small updates (xdelta3, zsync) need the bytes of a
file unchanged at whole offsets. No extra fields, no comment, no directory entries; every
member is dated to the day of issue and has mode 0644, so that nothing of the machine shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from programme.digests import digest_file
from programme.storage import opened_beside, storage_errors, sync_folder
from programme.units import Digest
from stations.pack_members import Member, blocks, gather_members
from stations.pack_plan import PackFile, PackRequest, plan_pack

__all__ = ["PackFile", "PackReport", "write_members", "write_pack"]

_UNIX = 3
"""The ZIP's name for the system whose file modes it carries (APPNOTE.TXT, 4.4.2)."""

_MODE = 0o100644 << 16
"""A regular file that its owner may write and everyone may read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReport:
    """What was written."""

    pack_id: str
    files: tuple[PackFile, ...]
    """In the ZIP's order."""
    valid_until: date
    length_bytes: int
    """Of the ZIP."""
    digest: Digest
    """Of the ZIP, read back from the disk."""


def write_pack(request: PackRequest, out: Path) -> PackReport:
    """Write the ZIP beside ``out``, then put it in its place; on failure nothing stays.

    Raises:
        ProductionError: as ``plan_pack``; an audio file is missing or not what its rendition
            says (INPUT); the disk is full or refuses (STORAGE).
    """
    plan = plan_pack(request)
    members = gather_members(request, plan)
    with storage_errors(out):
        with opened_beside(out) as file:
            write_members(members, request.issued, file)
            length = file.tell()
        sync_folder(out.parent)
        digest = digest_file(out)
    return PackReport(
        pack_id=plan.pack_id,
        files=tuple(one.file for one in members),
        valid_until=plan.valid_until,
        length_bytes=length,
        digest=digest,
    )


def write_members(members: Iterable[Member], issued: date, file: BinaryIO) -> None:
    """Write a ZIP of members: the same bytes for the same members and day.

    Raises:
        ProductionError: a member's file is missing or not what it was.
        OSError: the disk refuses.
    """
    with ZipFile(file, "w", ZIP_STORED, allowZip64=False) as archive:
        for member in members:
            with archive.open(_info(member.file, issued), "w") as out:
                for block in blocks(member):
                    out.write(block)


def _info(file: PackFile, issued: date) -> ZipInfo:
    """Give each member the same date and mode, and nothing else."""
    # A ZIP holds no year before 1980 (APPNOTE.TXT, 4.4.6).
    info = ZipInfo(file.path, (max(issued.year, 1980), issued.month, issued.day, 0, 0, 0))
    info.create_system = _UNIX
    info.external_attr = _MODE
    info.file_size = file.length_bytes
    return info
