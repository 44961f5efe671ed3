r"""Playlists that Liquidsoap, MPD and VLC all follow: M3U8, the same bytes as .m3u, and PLS.

UTF-8 without BOM (VLC opens the BOM as a file), CRLF, relative paths with ``/`` (no player
follows ``\``). Measured in field.md, section 4; XSPF is left out because MPD and Liquidsoap
do not follow it.
"""

import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from programme.units import DurationMs
from stations.plain_text import crlf, one_line

_LONE_HYPHEN = re.compile(r"(?<!\S)-(?!\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file in a playlist."""

    path: str
    """From the root of the pack."""
    artist: str
    title: str
    duration_ms: DurationMs


@lru_cache(maxsize=4096)
def label(text: str) -> str:
    """Write a tag as it may stand in a playlist: one line, no hyphen alone between spaces.

    Liquidsoap takes artist and title from EXTINF only where exactly one `` - `` parts them.
    """
    return _LONE_HYPHEN.sub("\u2013", one_line(text)) or "\u2013"


def render_m3u(
    entries: Sequence[Entry], playlist: str, *, written: Callable[[str], str] | None = None
) -> bytes:
    """Render extended M3U.

    Args:
        entries: in play order.
        playlist: its own path, from which those of its entries are seen.
        written: writes an entry's path otherwise, for programs that want it from the root.
    """
    return crlf(["#EXTM3U", *m3u_lines(entries, playlist, written=written)])


def m3u_lines(
    entries: Sequence[Entry], playlist: str, *, written: Callable[[str], str] | None = None
) -> list[str]:
    """Give the lines of an M3U below its first."""
    lines = []
    for entry in entries:
        lines.append(f"#EXTINF:{_seconds(entry)},{label(entry.artist)} - {label(entry.title)}")
        lines.append(written(entry.path) if written else _seen_from(playlist, entry.path))
    return lines


def render_pls(entries: Sequence[Entry], playlist: str) -> bytes:
    """Render PLS version 2; paths are written as seen from the playlist's own place."""
    lines = ["[playlist]"]
    for number, entry in enumerate(entries, start=1):
        lines.append(f"File{number}={_seen_from(playlist, entry.path)}")
        lines.append(f"Title{number}={label(entry.artist)} - {label(entry.title)}")
        lines.append(f"Length{number}={_seconds(entry)}")
    lines += [f"NumberOfEntries={len(entries)}", "Version=2"]
    return crlf(lines)


def _seen_from(playlist: str, path: str) -> str:
    return _relative(path, posixpath.dirname(playlist) or ".")


@lru_cache(maxsize=4096)
def _relative(path: str, folder: str) -> str:
    return posixpath.relpath(path, folder)


def _seconds(entry: Entry) -> int:
    return max(1, (entry.duration_ms + 500) // 1000)
