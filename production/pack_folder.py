"""A pack as a folder: what is in its ZIP, unzipped, whose sound takes no room of its own.

The sound is a further name (hard link) of what lies in the store, and read-only, since a program
that writes tags into it would change the store; so are all files of a pack that another station
has, too. Copying the folder copies them as usual.
"""

import contextlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from programme.storage import link_or_copy, put_file, put_folder, storage_errors
from stations.pack_members import Member, blocks

_READ_ONLY = 0o444


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
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    moment = datetime.combine(issued, time(12), tzinfo=UTC).timestamp()
    own = 0
    with storage_errors(folder):
        shutil.rmtree(beside, ignore_errors=True)
        try:
            for member in members:
                path = beside / member.path
                path.parent.mkdir(parents=True, exist_ok=True)
                own += _put(member, path, moment)
            put_folder(beside, folder, aside=folder.with_name(f".{folder.name}.{os.getpid()}.old"))
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return FolderUse(length_bytes=sum(one.file.length_bytes for one in members), own_bytes=own)


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
