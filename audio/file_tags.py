"""What a finished file says of itself, read back by the names that stations' papers use.

``title``, ``artist``, ``album``, ``track``, ``year``, ``language``, ``bcp47``, ``genre``,
``comment``, ``copyright``, ``publisher``, ``website``, ``expires``, ``version``, ``reference``,
``synthetic_voice``, ``sources``, ``gain``, ``peak`` and ``rdxl``; what a file does not say is left
out. A pack or folder tells what is in a file, not what should be.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from audio.tags import read_rows
from programme.errors import ProductionError

_NAMES = {
    "title": ("TIT2", "title", "\xa9nam", "INAM"),
    "artist": ("TPE1", "artist", "\xa9ART", "IART"),
    "album": ("TALB", "album", "\xa9alb", "IPRD"),
    "track": ("TRCK", "tracknumber", "trkn", "IPRT"),
    "year": ("TYER", "date", "\xa9day", "ICRD"),
    "language": ("TLAN", "language", "ILNG"),
    "bcp47": ("BCP47",),
    "genre": ("TCON", "genre", "\xa9gen", "IGNR"),
    "comment": ("COMM", "comment", "\xa9cmt", "ICMT"),
    "copyright": ("TCOP", "copyright", "cprt", "ICOP"),
    "publisher": ("TPUB", "organization"),
    "website": ("WOAF", "contact"),
    "expires": ("EXPIRES",),
    "version": ("CONTENT_VERSION",),
    "reference": ("REFERENCE",),
    "synthetic_voice": ("SYNTHETIC_VOICE",),
    "sources": ("SOURCES",),
    "gain": ("REPLAYGAIN_TRACK_GAIN",),
    "peak": ("REPLAYGAIN_TRACK_PEAK",),
    "rdxl": ("rdxl",),
}
"""Our names, and what each format calls them: ID3, Vorbis comments, M4A, LIST/INFO."""

_LARGEST = 1_000_000
"""Bytes of a chunk of texts; ours have a few thousand."""


def file_tags(path: Path, suffix: str) -> dict[str, str]:
    """Give the tags of a finished file.

    Args:
        path: of the file, under whatever name.
        suffix: how its name ends at a station.

    Raises:
        ProductionError: the file cannot be read, or is damaged.
    """
    try:
        rows = dict(_wave_rows(path)) if suffix.endswith(".wav") else read_rows(path, suffix)
    except (OSError, ValueError, struct.error) as error:
        raise ProductionError(
            f"the tags of a finished file cannot be read ({error})",
            where=str(path),
            remedy="delete the file and build again",
        ) from error
    by_case = {key.lower(): text for key, text in rows.items() if text}
    return {
        name: by_case[key.lower()]
        for name, keys in _NAMES.items()
        for key in keys
        if key.lower() in by_case
    }


def _wave_rows(path: Path) -> Iterator[tuple[str, str]]:
    with path.open("rb") as file:
        end = path.stat().st_size
        file.seek(12)
        while file.tell() + 8 <= end:
            name, size = struct.unpack("<4sI", file.read(8))
            after = file.tell() + size + size % 2
            if name == b"rdxl" and size <= _LARGEST:
                yield "rdxl", file.read(size).decode("utf-8")
            elif name == b"LIST" and size <= _LARGEST:
                yield from _info(file.read(size))
            file.seek(after)


def _info(content: bytes) -> Iterator[tuple[str, str]]:
    if not content.startswith(b"INFO"):
        return
    at = 4
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        text = content[at + 8 : at + 8 + size].rstrip(b"\0")
        yield name.decode("ascii"), text.decode("utf-8")
        at += 8 + size + size % 2
