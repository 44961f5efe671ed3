"""What a stick or card is: its file system, its room, and whether it keeps the order of copying."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

_FAT = frozenset({"vfat", "msdos", "exfat"})
"""Their folders hold names in the order in which they were written, and cheap players play so."""

_MOUNTS = Path("/proc/self/mountinfo")
"""Of Linux (proc(5)); other systems do not say what a folder lies on without a program."""

_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One file system and where it is seen."""

    point: str
    kind: str
    """As Linux names it: ``vfat``, ``exfat``, ``ext4``, ``fuseblk``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StickDisk:
    """The file system that a pack is to be copied to."""

    kind: str
    """Empty where the system does not say."""
    point: str
    """Where it is mounted; empty where the system does not say."""
    free_bytes: int
    cluster_bytes: int
    """What a file takes at least, and in whole multiples."""

    @property
    def keeps_order(self) -> bool:
        """Whether a folder lists its files in the order in which they were written."""
        return self.kind in _FAT

    def room_for(self, length_bytes: int) -> int:
        """Give what a file of so many bytes takes."""
        return -(-length_bytes // self.cluster_bytes) * self.cluster_bytes


def parse_mounts(text: str) -> tuple[Mount, ...]:
    """Read ``/proc/self/mountinfo``: later lines lie over earlier ones."""
    found = []
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        fields, kind = left.split(" "), right.split(" ")
        if len(fields) > 4 and kind[0]:
            point = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), fields[4])
            found.append(Mount(point=point, kind=kind[0]))
    return tuple(found)


def mount_of(folder: Path, mounts: tuple[Mount, ...]) -> Mount | None:
    """Give what a folder lies on; None where no mount is above it."""
    nearest = None
    for one in mounts:
        # One that is mounted over another hides it.
        depth = len(Path(one.point).parts)
        if folder.is_relative_to(one.point) and depth >= (
            len(Path(nearest.point).parts) if nearest else 0
        ):
            nearest = one
    return nearest


def look_at_disk(folder: Path) -> StickDisk:
    """Say what a folder lies on.

    Raises:
        OSError: it is not there, or the disk does not answer.
    """
    mounts = parse_mounts(_MOUNTS.read_text("utf-8", "replace")) if _MOUNTS.exists() else ()
    mount = mount_of(folder.resolve(), mounts)
    about = os.statvfs(folder)
    return StickDisk(
        kind=mount.kind if mount else "",
        point=mount.point if mount else "",
        free_bytes=about.f_bavail * about.f_frsize,
        cluster_bytes=about.f_frsize,
    )
