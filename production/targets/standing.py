"""What stands at a target, from one list and from what this workspace noted of it.

A list tells no digests, and to read everything at each publish costs hours on a slow line. So
``.altavoz/targets/<name>.json`` keeps, for each object whose bytes this workspace has sent or read,
the tag that the list showed: while the tag is the same, so are the bytes. The notes are safe to
delete: what they told is then read again. They are a memory and no proof: before an object is
replaced it is asked for itself, and ``altavoz verify`` reads everything.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from production.targets.base import Listed, Target
from programme.digests import canonical_json, digest_bytes
from programme.storage import storage_errors, write_into_folder
from programme.units import Digest, Key

NOTES_FOLDER = "targets"
"""Below the workspace's ``.altavoz``."""

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    tag: str
    length_bytes: int
    digest: Digest


class Standing:
    """What stands at a target while one run goes on."""

    def __init__(self, target: Target, notes: Path) -> None:
        """List the target, and read what was noted of it.

        Args:
            target: where.
            notes: the file of the notes; need not be there.

        Raises:
            ProductionError: the target or the disk refuses.
        """
        self._target = target
        self._path = notes
        self._place = target.describe()
        self._listed = {one.name: one for one in target.listing()}
        self._notes = _read_notes(notes, self._place)
        self._changed: dict[str, tuple[Digest, int] | None] = {}
        """Objects that this run sent, with their digest and length; None for what it took away."""
        self._learnt = False
        self._altered = {
            key for key in self._notes if key in self._listed and self.digest(key) is None
        }

    def has(self, key: str) -> bool:
        """Tell whether something stood under a key when the run began."""
        return key in self._listed

    def size(self, key: str) -> int | None:
        """Give the length of what stood there, in bytes; None where nothing did."""
        found = self._listed.get(key)
        return None if found is None else found.length_bytes

    def names(self) -> Mapping[str, Listed]:
        """Give everything that the list showed, whoever put it there."""
        return self._listed

    def digest(self, key: str) -> Digest | None:
        """Give the digest of what stands there, where it is known without reading it."""
        found, note = self._listed.get(key), self._notes.get(key)
        if found is None or note is None or not found.tag:
            return None
        if (found.tag, found.length_bytes) != (note.tag, note.length_bytes):
            return None
        return note.digest

    def holds(self, key: Key, data: bytes) -> bool:
        """Tell whether these bytes stand there, as far as that is known without reading.

        Most servers of S3 give the MD5 of an object as its tag. Nobody can make other bytes with
        the MD5 of ours; whoever could write there could spoil more than that.
        """
        found = self._listed.get(key)
        if found is None or found.length_bytes != len(data):
            return False
        digest = self.digest(key)
        if digest is not None:
            return digest == digest_bytes(data)
        if found.tag.strip('"') != hashlib.md5(data, usedforsecurity=False).hexdigest():
            return False
        self.learn(key, digest_bytes(data), len(data))
        return True

    def was_noted(self, key: str) -> bool:
        """Tell whether this workspace has known an object before, as it is or otherwise."""
        return key in self._notes

    def was_altered(self, key: str) -> bool:
        """Tell whether an object is there and is not as this workspace last knew it."""
        return key in self._altered

    def learn(self, key: Key, digest: Digest, length_bytes: int) -> None:
        """Note what an object that was listed turned out to be when it was read or compared."""
        found = self._listed.get(key)
        if found is None or not found.tag or found.length_bytes != length_bytes:
            return
        note = _Note(tag=found.tag, length_bytes=length_bytes, digest=digest)
        if self._notes.get(key) != note:
            self._notes[key] = note
            self._learnt = True

    def put(self, key: Key, digest: Digest, length_bytes: int) -> None:
        """Note what this run has put there."""
        self._changed[key] = digest, length_bytes

    def removed(self, key: Key) -> None:
        """Note what this run has taken away."""
        self._changed[key] = None

    def save(self) -> None:
        """Write the notes, with the tags of what was sent; nothing where nothing is new.

        Raises:
            ProductionError: the target or the disk refuses.
        """
        now = self._listed
        if self._changed:
            now = {one.name: one for one in self._target.listing()}
        for key, sent in self._changed.items():
            self._notes.pop(key, None)
            found = now.get(key)
            if sent is None or found is None or not found.tag:
                continue
            digest, length_bytes = sent
            before = self._listed.get(key)
            # A list may be older than what was sent: then it shows the tag of other bytes.
            is_older = before is not None and before.tag == found.tag
            if found.length_bytes == length_bytes and not is_older:
                self._notes[key] = _Note(tag=found.tag, length_bytes=length_bytes, digest=digest)
        gone = [key for key in self._notes if key not in now]
        for key in gone:
            del self._notes[key]
        if self._changed or gone or self._learnt:
            write_into_folder(self._path, _render_notes(self._notes, self._place))


def _render_notes(notes: Mapping[str, _Note], place: str) -> bytes:
    head = canonical_json({"format": _FORMAT, "place": place})
    rows = (
        canonical_json([key, note.tag, note.length_bytes, note.digest])
        for key, note in sorted(notes.items())
    )
    return "\n".join([head, *rows, ""]).encode()


def _read_notes(path: Path, place: str) -> dict[str, _Note]:
    """Give the notes of a place; none where the file is missing, damaged or of another place.

    Nobody needs to be told: it only costs reading what they would have told.
    """
    with storage_errors(path):
        data = path.read_bytes() if path.exists() else b""
    head, *rows = data.split(b"\n")
    try:
        if not head or json.loads(head) != {"format": _FORMAT, "place": place}:
            return {}
        found = (json.loads(row) for row in rows if row)
        return {
            key: _Note(tag=tag, length_bytes=length_bytes, digest=Digest(digest))
            for key, tag, length_bytes, digest in found
            if isinstance(key, str) and isinstance(digest, str)
        }
    except (ValueError, TypeError, RecursionError):
        return {}
