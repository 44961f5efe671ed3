"""Writes a pack as one ZIP: stored, in play order, the same bytes for the same request.

Stored, because MP3 does not shrink and small updates (xdelta3, zsync) need the bytes of a
file unchanged at whole offsets. No extra fields, no comment, no directory entries; every
member is dated to the day of issue and has mode 0644, so that nothing of the machine shows.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from programme.digests import digest_bytes, digest_file
from programme.errors import ProductionError
from programme.storage import storage_errors, sync_folder
from programme.units import Digest
from stations.manifest import render_checksums, render_manifest
from stations.pack_plan import PackFile, PackPlan, PackRequest, Track, plan_pack
from stations.playlists import Entry, render_m3u, render_pls
from stations.printed import render_scripts
from stations.runsheet import render_readme

__all__ = ["PackFile", "PackReport", "write_pack"]

_BLOCK = 1 << 18
"""Bytes held at a time; the memory that a pack takes does not grow with its files."""

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
    beside = out.with_name(f".{out.name}.part")
    with storage_errors(out):
        try:
            with beside.open("wb") as file:
                files = _write_members(request, plan, file)
                file.flush()
                os.fsync(file.fileno())
            length, digest = beside.stat().st_size, digest_file(beside)
            beside.replace(out)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(out.parent)
    return PackReport(
        pack_id=plan.pack_id,
        files=files,
        valid_until=plan.valid_until,
        length_bytes=length,
        digest=digest,
    )


def _write_members(request: PackRequest, plan: PackPlan, file: BinaryIO) -> tuple[PackFile, ...]:
    texts = {**_playlists(request, plan), **render_scripts(request, plan)}
    texts[plan.readme] = render_readme(request, plan)
    files: list[PackFile] = []
    with ZipFile(file, "w", ZIP_STORED, allowZip64=False) as archive:
        put = _Putter(archive, request.issued)
        files += [put.audio(track) for track in plan.tracks]
        files += [put.text(path, texts[path]) for path in plan.members[len(plan.tracks) : -2]]
        files.append(put.text(plan.manifest, render_manifest(request, plan, files)))
        files.append(put.text(plan.checksums, render_checksums(files)))
    return tuple(files)


def _playlists(request: PackRequest, plan: PackPlan) -> dict[str, bytes]:
    artist = request.network.name
    entries = [
        Entry(
            path=track.path,
            artist=artist,
            title=track.item.edition.title,
            duration_ms=track.item.edition.duration_ms,
        )
        for track in plan.tracks
    ]
    m3u8, m3u, pls, *by_language = plan.playlists
    lists = {
        m3u8: render_m3u(entries, m3u8),
        m3u: render_m3u(entries, m3u),
        pls: render_pls(entries, pls),
    }
    for language, path in zip(plan.languages, by_language, strict=bool(by_language)):
        own = [
            entry
            for entry, track in zip(entries, plan.tracks, strict=True)
            if track.item.edition.language == language
        ]
        lists[path] = render_m3u(own, path)
    return lists


class _Putter:
    """Puts members into the archive, each with the same date, mode and nothing else."""

    def __init__(self, archive: ZipFile, issued: date) -> None:
        self._archive = archive
        # A ZIP holds no year before 1980 (APPNOTE.TXT, 4.4.6).
        self._dated = (max(issued.year, 1980), issued.month, issued.day, 0, 0, 0)

    def _info(self, path: str, length: int) -> ZipInfo:
        info = ZipInfo(path, self._dated)
        info.create_system = _UNIX
        info.external_attr = _MODE
        info.file_size = length
        return info

    def text(self, path: str, data: bytes) -> PackFile:
        """Put a text that is held in memory."""
        with self._archive.open(self._info(path, len(data)), "w") as member:
            member.write(data)
        return PackFile(path=path, length_bytes=len(data), digest=digest_bytes(data))

    def audio(self, track: Track) -> PackFile:
        """Stream an audio file, and hold it against what its rendition says."""
        rendition, source = track.item.rendition, track.item.audio
        sha, length = hashlib.sha256(), 0
        with self._archive.open(self._info(track.path, rendition.length_bytes), "w") as member:
            for block in _blocks(source):
                sha.update(block)
                length += len(block)
                if length > rendition.length_bytes:
                    break
                member.write(block)
        digest = Digest(sha.hexdigest())
        if length != rendition.length_bytes or digest != rendition.digest:
            raise _damaged(source, "is not the file that was built")
        return PackFile(path=track.path, length_bytes=length, digest=digest)


def _blocks(source: Path) -> Iterator[bytes]:
    try:
        with source.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except OSError as error:
        raise _damaged(source, f"cannot be read ({error.strerror})") from error


def _damaged(source: Path, problem: str) -> ProductionError:
    return ProductionError(
        f"a finished audio file {problem}", where=str(source), remedy="delete it and build again"
    )
