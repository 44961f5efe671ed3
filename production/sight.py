"""Everything that a build follows from, seen in one walk that opens no file.

A build with nothing to do is to know that before it reads the workspace. What the disk says of
every file is enough for it: name, rights, length, inode and both times. The second of these
(ctime) cannot be set by hand nor by unpacking an archive, so that a date set back, a file renamed
into another's place and a change of equal length all show.

A wrong "nothing changed" is a stale message on air; a wrong "something changed" costs half a
second. So whatever is in doubt counts as changed: a link, a pipe, a folder on another disk, a disk
that refuses. And all that lies in the workspace counts, whether a build reads it or not, but for
``LEFT_OUT``: a reader that is added one day is then in sight from its first day.
"""

import hashlib
import marshal
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import programme
from audio.voices.places import voices_folder

if TYPE_CHECKING:
    from scripts.workspace import Workspace

LEFT_OUT = frozenset({"build", "public", "spoken"})
"""Folders of a workspace that no edition which is made already follows from: what is made, what
is published, and sentences of online voices (``production.takes.kept_speech``)."""
_PRIVATE, _CONSENT = "private/", "private/consent"
"""Of private/ a build reads the files right in it and those of this folder; a year of plans and
airplay reports lies there besides."""
_PACKAGES = ("commands", "production", "scripts", "audio", "feeds", "stations", "programme")
_INSTALLED = (".dist-info", ".egg-info")
_DEEPEST = 40
"""Folders within folders: nobody has that many, but links that lead in a circle have."""

Mark = tuple[int, int, int, int, int]
Seen = tuple[str, Mark]
"""Path and mark of a file, as ``scripts.tree`` has them."""

_mark: Callable[[os.stat_result], Mark] = attrgetter(
    "st_mode", "st_size", "st_ino", "st_mtime_ns", "st_ctime_ns"
)
"""Gives the mark; without a line of Python, because it is asked of every file."""


class _DoubtError(Exception):
    """What the disk says is not enough to tell whether something changed."""


class Sight(NamedTuple):
    """What was seen."""

    root: Path
    """Of the workspace, resolved."""
    key: str
    """Changes whenever anything does that a build follows from."""
    files: Sequence[Seen]
    """Of the workspace, by path below the root."""

    def changed_since(self, time_ns: int) -> list[str]:
        """Give the files that changed at this time or later, by the clock of their disk."""
        return [name for name, mark in self.files if mark[3] >= time_ns or mark[4] >= time_ns]


def look(root: Path, *, today: date) -> Sight | None:
    """Look at a workspace, at the program, at what is installed, and at this machine's voices.

    Args:
        root: of the workspace, resolved.
        today: the day on which dates are judged.

    Returns:
        None where the disk cannot tell whether anything changed.
    """
    try:
        files = sorted(_workspace(root))
        follows_from = [
            *(str(root), today.isoformat(), sys.version),
            # another user may read less
            *(os.geteuid(), os.getegid(), sorted(os.getgroups())),
            *(_program(), _installed(), _voices(), files),
        ]
    except (OSError, _DoubtError):
        return None
    # Python's own form: of version 2, the last that writes equal values as equal bytes
    digest = hashlib.blake2b(marshal.dumps(follows_from, 2), digest_size=32)
    return Sight(root=root, key=digest.hexdigest(), files=files)


def is_in_sight(workspace: "Workspace") -> bool:
    """Tell whether all that the plan of a workspace follows from is seen by ``look``.

    Not seen are programs of the system that speak, voice engines of other packages, which may
    follow from anything, and a picture that lies where nobody looks.
    """
    from audio.voices.catalogue import engine_row, engines

    chosen = workspace.network.voices.values()
    named = {one.engine for choice in chosen for one in (choice, *choice.speakers.values())}
    known = {name for name in engines() if engine_row(name)["kind"] in {"package", "models"}}
    if not named <= known | {"none"}:
        return False
    pictures = (Path(one.artwork).parts for one in workspace.series.values() if one.artwork)
    return not any(len(parts) > 1 and not _is_entered("/".join(parts[:-1])) for parts in pictures)


def _workspace(root: Path) -> Iterator[Seen]:
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield from _below(handle, "", device=os.fstat(handle).st_dev)
    finally:
        os.close(handle)


def _below(handle: int, path: str, *, device: int, depth: int = 0) -> Iterator[Seen]:
    """Give every file of a folder of the workspace and of those in it; links are in doubt."""
    folders = []
    with os.scandir(handle) as entries:
        for one in entries:
            if one.is_dir(follow_symlinks=False):
                folders.append(one.name)
                continue
            about = one.stat(follow_symlinks=False)
            if not stat.S_ISREG(about.st_mode):
                raise _DoubtError
            yield path + one.name, _mark(about)
    if depth > _DEEPEST:
        raise _DoubtError
    for name in folders:
        if not _is_entered(path + name):
            continue
        # by its handle: each file is then found beside it, not down the whole path again
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        inner = os.open(name, flags, dir_fd=handle)
        try:
            about = os.fstat(inner)
            if about.st_dev != device:  # its disk may have no ctime
                raise _DoubtError
            yield f"{path}{name}/", (about.st_mode, 0, about.st_ino, 0, 0)
            yield from _below(inner, f"{path}{name}/", device=device, depth=depth + 1)
        finally:
            os.close(inner)


def _is_entered(folder: str) -> bool:
    """Tell whether what lies in a folder of the workspace counts."""
    if folder.startswith(_PRIVATE):
        return folder == _CONSENT
    top = folder.partition("/")[0]
    return top not in LEFT_OUT and not top.startswith(".")


def _program() -> list[Seen]:
    """See every file of the program itself: one who works on it changes no version."""
    home = Path(programme.__file__).parent.parent
    found = [("cli.py", _mark((home / "cli.py").stat()))]
    for package in _PACKAGES:
        found += _followed(str(home / package))
    return sorted(found)


def _voices() -> tuple[str, list[Seen]]:
    """See the voices of this machine, whether a workspace names them or not."""
    folder = str(voices_folder())
    try:
        return folder, sorted(_followed(folder))
    except FileNotFoundError:
        return folder, []


def _followed(folder: str, depth: int = 0) -> Iterator[Seen]:
    """Give every file below a folder; links are followed, as Python and the engines do."""
    if depth > _DEEPEST:
        raise _DoubtError
    with os.scandir(folder) as entries:
        for one in entries:
            if one.name == "__pycache__":  # is made when it is first read
                continue
            if one.is_dir():
                yield from _followed(one.path, depth + 1)
            else:
                yield one.path, _mark(one.stat())


def _installed() -> list[tuple[str, str, int, int]]:
    """Give what is installed beside Python, by place, and name with version."""
    found = []
    for place in sys.path:
        try:
            with os.scandir(place) as entries:
                for one in entries:
                    if one.name.endswith(_INSTALLED):
                        about = one.stat()
                        found.append((place, one.name, about.st_ino, about.st_mtime_ns))
        except (FileNotFoundError, NotADirectoryError):  # not there, or a ZIP
            found.append((place, "", 0, 0))
    return sorted(found)
