"""What a folder must be to be published into: there, writable, with room, on a fit file system."""

import contextlib
import os
import shutil
import stat
from pathlib import Path

from production.targets.probing import Trial
from programme.storage import storage_errors

ROOM_BYTES = 1 << 30
"""Less room than this is told: some weeks of editions in a few languages."""

_MOUNTS = Path("/proc/mounts")
_FAT = {"vfat", "msdos", "fat"}


def probe_place(trial: Trial, base: Path) -> None:
    """Look at a folder that was just written to.

    Args:
        trial: in which everything was written.
        base: the target's folder.
    """
    with storage_errors(base):
        _room(trial, base)
        _rights(trial, base)
        _file_system(trial, base)


def tidy(trial: Trial, base: Path) -> None:
    """Take the folders of the test away, where nothing is left in them."""
    for folder in _folders(base / trial.key("sound.mp3"), base)[:-1]:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _room(trial: Trial, base: Path) -> None:
    free = shutil.disk_usage(base).free
    told = f"{free / 1e9:.1f} GB free"
    if free >= ROOM_BYTES:
        trial.probes.ok("room", told)
        return
    trial.probes.warn(
        "room",
        told,
        means="a publish stops half-way when the disk is full; listeners keep what is there",
        remedy="make room on this disk, or run altavoz gc",
    )


def _rights(trial: Trial, base: Path) -> None:
    """See whether another user, such as the web server's, may read what we write."""
    sound = base / trial.key("sound.mp3")
    closed = [
        path
        for path in (sound, *_folders(sound, base))
        if not path.stat().st_mode & (stat.S_IROTH if path == sound else stat.S_IXOTH)
    ]
    writable = [path for path in (sound, *_folders(sound, base)) if path.stat().st_mode & 0o002]
    writable = [path for path in writable if not path.stat().st_mode & stat.S_ISVTX]
    if os.name == "posix" and writable and not _is_fat(base):
        trial.probes.warn(
            "rights",
            f"every user of this machine may write to {writable[-1]}",
            means="another user or program can put other words into what you publish",
            remedy=f"take that right away: chmod o-w {writable[-1]}; and set umask 022",
        )
    elif os.name == "posix" and closed:
        trial.probes.warn(
            "rights",
            f"other users of this machine may not read {closed[-1]}",
            means="a web server that runs as another user cannot serve it",
            remedy="set umask 022 for who publishes, and chmod o+rX for what is there; nothing to "
            "do where the web server runs as the same user or nobody serves this folder",
        )
    else:
        trial.probes.ok("rights", "a web server may read what is written, and not change it")


def _folders(path: Path, base: Path) -> list[Path]:
    """Give the folders from a file up to the target's own."""
    found = []
    while path != base:
        path = path.parent
        found.append(path)
    return found


def _file_system(trial: Trial, base: Path) -> None:
    kind = file_system(base)
    if kind in _FAT:
        trial.probes.warn(
            "file-system",
            "this disk is FAT",
            means="files above 4 GB do not fit, and names that differ in capitals alone are one",
            remedy="fine for a stick; for a web root use a disk of the system's own kind",
        )
    else:
        trial.probes.ok("file-system", f"file system: {kind or 'not told'}")


def _is_fat(base: Path) -> bool:
    return file_system(base) in {*_FAT, "exfat", "fuseblk"}


def file_system(folder: Path, mounts: Path = _MOUNTS) -> str:
    """Give the kind of a folder's file system, as Linux tells it; empty elsewhere."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    place, best, kind = os.path.realpath(folder), "", ""
    for line in lines:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        at = parts[1].replace("\\040", " ").replace("\\011", "\t")
        inside = place == at or place.startswith(at.rstrip("/") + "/")
        if inside and len(at) >= len(best):
            best, kind = at, parts[2]
    return kind
