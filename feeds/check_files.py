"""The files that a feed names, held against what it says of them.

The files come from a shelf: a folder, a server on this computer, a target. Each is opened once,
however many feeds name it, and never read whole but for its hash.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from feeds.check_captions import check_transcript
from feeds.check_chapters import check_chapters
from feeds.check_faults import Element, Faults, findings, quoted
from feeds.check_values import is_count, read_integrity
from feeds.named_files import NamedFile
from feeds.picture_headers import PictureHead, probe_picture
from feeds.sound_headers import SoundHead, probe_sound
from programme.findings import Finding

TEXT_BYTES = 8_000_000
"""A transcript or chapters that are longer are not read."""
_BLOCK_BYTES = 1 << 20
_MOST_HASHED_BYTES = 1 << 31
_TYPES_OF = {
    "mp3": {"audio/mpeg", "audio/mp3"},
    "ogg": {"audio/ogg", "audio/opus", "application/ogg", "audio/vorbis"},
    "mp4": {"audio/mp4", "audio/x-m4a", "audio/m4a", "audio/aac", "audio/x-m4b", "video/mp4",
            "video/x-m4v", "video/quicktime", "audio/m4b"},
    "wav": {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"},
    "flac": {"audio/flac", "audio/x-flac"},
    "aac": {"audio/aac", "audio/x-aac", "audio/aacp"},
    "text": set(),
}  # fmt: skip
_TRANSCRIPTS = frozenset(
    {"text/vtt", "application/x-subrip", "application/srt", "text/srt", "text/html", "text/plain",
     "application/json"}
)  # fmt: skip
_SAME_TYPES = ({"audio/mpeg", "audio/mp3"}, {"audio/x-m4a", "audio/mp4", "audio/m4a"})
_LEAST_PIXELS, _MOST_PIXELS = 1400, 3000


class FoundFile(Protocol):
    """A file as somebody would fetch it."""

    @property
    def size_bytes(self) -> int:
        """Its length."""
        ...

    @property
    def media_type(self) -> str:
        """As a server sends it, with parameters; empty where no server does."""
        ...

    @property
    def has_ranges(self) -> bool:
        """Whether a cut download can go on; True where no server is asked."""
        ...

    def read(self, start: int, length: int) -> bytes:
        """Give the bytes from a place on, at most so many; fewer at the end."""
        ...


class Shelf(Protocol):
    """Where files are looked for."""

    def find(self, address: str) -> FoundFile | None:
        """Give the file behind an address; None where there is none."""
        ...

    def holds(self, address: str) -> bool:
        """Tell whether the file should be here; False for what is elsewhere in the world."""
        ...

    def name(self, address: str) -> str:
        """Give what a person calls the file: its path, or its address."""
        ...


@dataclass(slots=True)
class _Looked:
    """What is known of one file."""

    file: FoundFile | None
    sound: SoundHead | None = None
    picture: PictureHead | None = None
    digests: dict[str, bytes] = field(default_factory=dict)


class FileJudge:
    """Judges named files; remembers what it opened."""

    def __init__(self, shelf: Shelf) -> None:
        """Take the shelf."""
        self._shelf = shelf
        self._looked: dict[str, _Looked] = {}
        self._read: set[tuple[str, str, int]] = set()

    @property
    def count(self) -> int:
        """Files that were opened."""
        return sum(1 for looked in self._looked.values() if looked.file is not None)

    def check(self, named: NamedFile, faults: Faults) -> Iterator[Finding]:
        """Judge one file against what the feed says; faults of the feed go into ``faults``.

        Gives findings within the file itself.
        """
        if not self._shelf.holds(named.address):
            return
        looked = self._look(named.address)
        if looked.file is None:
            said = f"{named.role}: {quoted(named.address)} is not there"
            faults.append(("feed-file.missing", named.element, said))
            return
        self._size_and_server(named, looked.file, faults)
        if named.role in {"enclosure", "alternate", "trailer"}:
            self._sound(named, looked, faults)
        elif named.role == "image":
            self._picture(named, looked, faults)
        else:
            yield from self._text(named, looked.file, faults)

    def _look(self, address: str) -> _Looked:
        known = self._looked.get(address)
        if known is None:
            known = self._looked[address] = _Looked(self._shelf.find(address))
        return known

    def _size_and_server(self, named: NamedFile, file: FoundFile, faults: Faults) -> None:
        if is_count(named.length or "x") and int(named.length) != file.size_bytes:
            said = f"the feed says {named.length} bytes, and the file has {file.size_bytes}"
            faults.append(("feed-file.length", named.element, said))
        if not file.size_bytes:
            said = f"{named.role}: {quoted(named.address)} is empty"
            faults.append(("feed-file.missing", named.element, said))
        served = plain_type(file.media_type)
        if served and named.media_type and not _is_same(served, plain_type(named.media_type)):
            said = f"the server says {quoted(served)}, and the feed {quoted(named.media_type)}"
            faults.append(("feed-file.served-type", named.element, said))
        if not file.has_ranges and named.role in {"enclosure", "alternate"}:
            said = f"{quoted(named.address)} is served without ranges"
            faults.append(("feed-file.ranges", named.element, said))

    def _sound(self, named: NamedFile, looked: _Looked, faults: Faults) -> None:
        file = looked.file
        if file is None or not file.size_bytes:
            return
        looked.sound = looked.sound or probe_sound(file.read, file.size_bytes)
        kind, stated = looked.sound.kind, plain_type(named.media_type)
        if stated.startswith("audio/") and stated not in _TYPES_OF.get(kind, set()):
            said = (
                f"the type is {quoted(stated)}, and the file is {kind or 'no sound that is known'}"
            )
            faults.append(("feed-file.type", named.element, said))
        elif named.duration_s and looked.sound.duration_s is not None:
            is_s = looked.sound.duration_s
            if abs(is_s - named.duration_s) > max(1.5, named.duration_s / 100):
                said = f"the feed says {named.duration_s} s, and the sound has {is_s:.1f} s"
                faults.append(("feed-file.duration", named.element, said))
        self._seal(named, looked, file, faults)

    def _seal(self, named: NamedFile, looked: _Looked, file: FoundFile, faults: Faults) -> None:
        sealed = read_integrity(named.integrity)
        if sealed is None or file.size_bytes > _MOST_HASHED_BYTES:
            return
        name, digest = sealed
        if name not in looked.digests:
            looked.digests[name] = _digest(file, name)
        if looked.digests[name] != digest:
            said = f"the hash of {quoted(named.address)} is not the one in the feed"
            faults.append(("feed-file.hash", named.element, said))

    def _picture(self, named: NamedFile, looked: _Looked, faults: Faults) -> None:
        if looked.file is None or not looked.file.size_bytes:
            return
        if looked.picture is None:
            looked.picture = probe_picture(looked.file.read)
        picture = looked.picture
        if picture is None:
            said = f"{quoted(named.address)} is no JPG and no PNG"
            faults.append(("feed-image.format", named.element, said))
            return
        _pixels(named.element, picture, faults)

    def _text(self, named: NamedFile, file: FoundFile, faults: Faults) -> Iterator[Finding]:
        kind = plain_type(named.media_type)
        inside: Faults = []
        seen = (named.address, kind, named.duration_s)
        if seen in self._read or file.size_bytes > TEXT_BYTES:
            return
        self._read.add(seen)
        if named.role == "chapters":
            if kind not in {"application/json+chapters", "application/json"}:
                said = f"{quoted(kind)} is no type of chapters"
                faults.append(("feed-chapters.syntax", named.element, said))
            check_chapters(file.read(0, TEXT_BYTES), named.duration_s, inside)
        elif kind not in _TRANSCRIPTS:
            said = f"{quoted(kind)} is no type of a transcript"
            faults.append(("feed-transcript.type", named.element, said))
        else:
            end_s = check_transcript(file.read(0, TEXT_BYTES), kind, inside)
            if named.duration_s and end_s > named.duration_s + 1:
                said = f"the transcript ends at {end_s:g} s, and the sound at {named.duration_s} s"
                faults.append(("feed-transcript.longer", named.element, said))
        yield from findings(inside, file=self._shelf.name(named.address))


def plain_type(media_type: str) -> str:
    """Give a media type in lower case without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def _is_same(served: str, stated: str) -> bool:
    return served == stated or any({served, stated} <= same for same in _SAME_TYPES)


def _pixels(element: Element, picture: PictureHead, faults: Faults) -> None:
    width, height = picture.width, picture.height
    if width != height or not _LEAST_PIXELS <= width <= _MOST_PIXELS:
        said = f"the artwork has {width} x {height} pixels"
        faults.append(("feed-image.size", element, said))
    if not picture.is_rgb:
        faults.append(("feed-image.colour", element, "the artwork is not in RGB"))


def _digest(file: FoundFile, name: str) -> bytes:
    found = hashlib.new(name)
    for start in range(0, file.size_bytes, _BLOCK_BYTES):
        found.update(file.read(start, _BLOCK_BYTES))
    return found.digest()
