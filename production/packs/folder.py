"""A pack as a folder: what is in its ZIP, unzipped, whose sound takes no room of its own.

The sound is a further name (hard link) of what lies in the store, and read-only, since a program
that writes tags into it would change the store; so are all files of a pack that another station
has, too. Copying the folder copies them as usual.

Read-only is no wall. What is written into one folder all the same stands in each that shares the
file, so every run reads what lies there (``is_whole``), and makes the folder anew where it differs.
"""

import contextlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from production.store import Store
from programme.digests import digest_file
from programme.storage import (
    beside_name,
    link_or_copy,
    put_file,
    put_folder,
    read_beside_name,
    storage_errors,
)
from programme.units import Digest
from stations.bag import TAG_MANIFEST, parse_checksums
from stations.pack_members import Member, blocks
from stations.pack_paths import CHECKSUMS

_READ_ONLY = 0o444
_ASIDE = ".old"
"""How the name of the earlier folder ends while the new one takes its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderUse:
    """What a pack's folder takes on the disk."""

    length_bytes: int
    """Of all of its files."""
    own_bytes: int
    """Of those that are no further name of something in the store."""


def write_folder(members: Sequence[Member], folder: Path, *, issued: date) -> FolderUse:
    """Write a pack's files beside ``folder``, then put them in its place, in play order.

    Args:
        members: of the pack.
        folder: what to call it; an earlier one of this name is replaced.
        issued: the day that papers are dated to, at noon UTC.

    Raises:
        ProductionError: sound is not what was built (INPUT), or the disk refuses (STORAGE);
            the earlier one then stays.
    """
    beside = beside_name(folder)
    moment = datetime.combine(issued, time(12), tzinfo=UTC).timestamp()
    own = 0
    with storage_errors(folder):
        shutil.rmtree(beside, ignore_errors=True)
        try:
            for member in members:
                path = beside / member.path
                path.parent.mkdir(parents=True, exist_ok=True)
                own += _put(member, path, moment)
            put_folder(beside, folder, aside=beside.with_suffix(_ASIDE))
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return FolderUse(length_bytes=sum(one.file.length_bytes for one in members), own_bytes=own)


def is_left_over(path: Path) -> bool:
    """Tell whether a run that was killed left this beside a pack, by its name alone."""
    name = path.with_suffix(".new").name if path.suffix == _ASIDE else path.name
    return read_beside_name(name) is not None


def _put(member: Member, path: Path, moment: float) -> int:
    """Put one file; give how many bytes it takes of its own."""
    if isinstance(member.source, Path):
        for _ in blocks(member):
            # Held against its digest before it gets a further name.
            continue
        link_or_copy(member.source, path)
        if path.samefile(member.source):
            with contextlib.suppress(PermissionError):
                path.chmod(_READ_ONLY)
            return 0
    else:
        data = member.source
        put_file(path, lambda out: out.write(data))
    os.utime(path, (moment, moment))
    return member.file.length_bytes


def is_whole(folder: Path, lists: Digest, store: Store) -> bool:
    """Tell whether every file of a pack lies in its folder as it was written; others may, too.

    Args:
        folder: of the pack.
        lists: digest of its tag manifest as it was written, which leads to all the others.
        store: whose objects the build of this run has read: a further name of one is not read
            again.

    Raises:
        ProductionError: the disk refuses.
    """
    with storage_errors(folder):
        if not _is_as_written(folder / TAG_MANIFEST, lists, store):
            return False
        listed = dict(parse_checksums((folder / TAG_MANIFEST).read_bytes()))
        if not _is_as_written(folder / CHECKSUMS, listed[CHECKSUMS], store):
            return False
        listed |= parse_checksums((folder / CHECKSUMS).read_bytes())
        return all(_is_as_written(folder / path, digest, store) for path, digest in listed.items())


def _is_as_written(path: Path, digest: Digest, store: Store) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    whole = store.path(digest)
    return (whole.is_file() and path.samefile(whole)) or digest_file(path) == digest
