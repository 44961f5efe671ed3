"""Adding lines to the ledger at one stroke: all of them or none, whatever kills the program.

A kill in the middle of a write leaves a part of it in the file. So a note beside the ledger says
beforehand what is about to be added; whoever reads the ledger next knows by it that such a part
was never finished, and that nothing was done because of it. Without a note a line that is cut is
an error: somebody else cut it, and what it said may have gone out.
"""

from pathlib import Path

from programme.digests import digest_bytes
from programme.storage import append_line


def note_path(path: Path) -> Path:
    """Give where the note of a ledger lies while lines are added."""
    return path.with_name(f".{path.name}.adding")


def add_lines(path: Path, data: bytes) -> None:
    """Add lines to a ledger and flush them; hold its workspace's lock.

    Args:
        path: of the ledger.
        data: whole lines, each with its end.

    Raises:
        OSError: the disk fails; the ledger is as it was.
    """
    take_back(path)
    note = note_path(path)
    size = _size(path)
    try:
        # Not flushed to the disk: it is for kills. After a power cut it may be missing, and the
        # cut line is told to a person.
        note.write_bytes(b"%d %d %s\n" % (size, len(data), digest_bytes(data).encode()) + data)
        append_line(path, data)
    except OSError:
        if _size(path) == size:  # as nearly always: append_line puts back what was
            note.unlink(missing_ok=True)
        raise
    note.unlink(missing_ok=True)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def take_back(path: Path) -> None:
    """Take what a killed program left half away; hold the workspace's lock.

    Raises:
        OSError: the disk fails.
    """
    note = note_path(path)
    if not note.exists():
        return
    end = whole_bytes(path)
    if end is not None:
        with path.open("r+b") as file:
            file.truncate(end)
    note.unlink(missing_ok=True)


def whole_bytes(path: Path) -> int | None:
    """Give how much of a ledger counts; None for all of it, as nearly always.

    Raises:
        OSError: the disk fails.
    """
    told = _read_note(note_path(path))
    if told is None or not path.exists():
        return None
    size, data = told
    with path.open("rb") as file:
        file.seek(size)
        tail = file.read(len(data) + 2)
    # Ends that editors took away are put back before the first line.
    added = tail.removeprefix(b"\n")
    unfinished = bool(tail) and len(added) < len(data) and data.startswith(added)
    return size if unfinished else None


def _read_note(note: Path) -> tuple[int, bytes] | None:
    """Give the length of the ledger before a stroke, and the stroke; None where none is noted.

    A note that is cut itself says nothing: then the ledger was not touched yet.
    """
    if not note.exists():
        return None
    try:
        head, _, data = note.read_bytes().partition(b"\n")
    except FileNotFoundError:  # its program has just finished
        return None
    match head.split():
        case [size, length, digest] if size.isdigit() and length == b"%d" % len(data):
            if digest.decode("ascii", "replace") == digest_bytes(data):
                return int(size), data
    return None
