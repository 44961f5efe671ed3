"""What is on a stick already: files of an earlier pack of ours by its own list, and others'.

The list comes from the stick, and so from anybody: a file is ours only where its path is one that
a pack can have and its bytes are those that the list names. All else is foreign.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from programme.digests import digest_bytes, digest_file
from programme.units import Digest
from stations.bag import TAG_MANIFEST
from stations.json_bounds import is_too_much
from stations.pack_litter import is_litter
from stations.pack_paths import CHECKSUMS, MANIFEST, MAX_DEPTH, SIGNATURE, folded, path_fault

SCRATCH = "ALTAVOZ.TMP"
"""Folder on a stick while a pack is being copied; a stick that holds it is not finished."""

MARK = f"{SCRATCH}/PLAN.TXT"
"""Says so to people, and lists what is to be there, as ``SHA256SUMS`` does."""

PART = f"{SCRATCH}/PART"
"""The file that is being copied; it takes its name when all of it is there."""

_MANIFESTS = (MANIFEST, f"99_INFO/{MANIFEST}")
"""Where packs have it, and where packs before version 4 had it."""

_DERIVED = (CHECKSUMS, TAG_MANIFEST)

_MOST_BYTES = 16 << 20
"""Of a list: more than the list of 99 folders of 99 files has."""

_MOST_ENTRIES = 20_000
"""Names looked at on a stick, so that a full disk given by mistake ends in words."""

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


class TooManyFilesError(Exception):
    """A folder holds more files than any stick for players does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing on a stick."""

    path: str
    """From its top, with forward slashes."""
    length_bytes: int
    is_file: bool
    """False for what is neither a plain file nor a folder, such as a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Everything on a stick, each folder in the order in which the disk gives it."""

    files: Mapping[str, Found]
    folders: tuple[str, ...]

    def inside(self, folder: str) -> tuple[str, ...]:
        """Give the files of one folder, in the disk's order."""
        return tuple(path for path in self.files if path.rpartition("/")[0] == folder)


def read_listing(folder: Path) -> Listing:
    """List a stick; what computers leave there by themselves counts for nothing.

    Raises:
        OSError: the disk refuses.
        TooManyFilesError: it holds more than a stick for players does.
    """
    files: dict[str, Found] = {}
    folders: list[str] = []
    for entry, path in _walk(folder, ""):
        if len(files) + len(folders) > _MOST_ENTRIES:
            raise TooManyFilesError
        if entry.is_dir(follow_symlinks=False):
            folders.append(path)
        elif not is_litter(path):
            plain = entry.is_file(follow_symlinks=False)
            length = entry.stat(follow_symlinks=False).st_size if plain else 0
            files[path] = Found(path=path, length_bytes=length, is_file=plain)
    return Listing(files=files, folders=tuple(folders))


def _walk(folder: Path, above: str) -> Iterator[tuple[os.DirEntry[str], str]]:
    with os.scandir(folder) as entries:
        found = list(islice(entries, _MOST_ENTRIES + 1))
    if len(found) > _MOST_ENTRIES:
        raise TooManyFilesError
    for entry in found:
        path = f"{above}{entry.name}"
        yield entry, path
        if (
            entry.is_dir(follow_symlinks=False)
            and not is_litter(f"{path}/x")
            and path.count("/") < MAX_DEPTH
        ):
            yield from _walk(folder / entry.name, f"{path}/")


def earlier_files(folder: Path, listing: Listing) -> dict[str, Digest]:
    """Give what earlier packs of ours put on a stick, by path, as far as it is unchanged.

    Raises:
        OSError: the disk refuses.
    """
    listed: dict[str, Digest] = {}
    own: dict[str, Digest] = {}
    for manifest in _MANIFESTS:
        data = _read(folder, listing, manifest)
        about = _manifest(data)
        if about is None:
            continue
        listed |= {
            str(one["path"]): Digest(str(one["sha256"]))
            for one in about["files"]
            if isinstance(one, dict) and {"path", "sha256"} <= set(one)
        }
        own |= {manifest: digest_bytes(data)}
        own |= _beside(folder, listing, manifest, digest_bytes(data))
    mark = _read(folder, listing, MARK).decode("utf-8", "replace")
    listed |= {
        match[2]: Digest(match[1]) for line in mark.splitlines() if (match := _LINE.fullmatch(line))
    }
    return own | {
        path: digest
        for path, digest in listed.items()
        if path not in own and _is_as_listed(folder, listing, path, digest)
    }


def unfinished_paths(folder: Path, listing: Listing) -> frozenset[str]:
    """Give the paths that an interrupted copy was about to write; none where none was.

    Raises:
        OSError: the disk refuses.
    """
    mark = _read(folder, listing, MARK).decode("utf-8", "replace")
    return frozenset(match[2] for line in mark.splitlines() if (match := _LINE.fullmatch(line)))


def is_as(folder: Path, found: Found | None, length_bytes: int, digest: Digest) -> bool:
    """Tell whether a file is there with all of its bytes.

    Raises:
        OSError: the disk refuses.
    """
    if found is None or not found.is_file or found.length_bytes != length_bytes:
        return False
    return digest_file(folder / found.path) == digest


def by_folded(listing: Listing) -> dict[str, Found]:
    """Give the files as a disk finds them that ignores case."""
    return {folded(path): found for path, found in listing.files.items()}


def _manifest(data: bytes) -> dict[str, Any] | None:
    if is_too_much(data):
        return None
    try:
        about = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(about, dict) or not str(about.get("format")).startswith("altavoz-pack/"):
        return None
    return about if isinstance(about.get("files"), list) else None


def _beside(
    folder: Path, listing: Listing, manifest: str, digest: Digest
) -> Iterator[tuple[str, Digest]]:
    """Give what is derived from a manifest, where it is of this very one."""
    above = manifest.removesuffix(MANIFEST)
    for name in _DERIVED:
        data = _read(folder, listing, above + name)
        if f"{digest}  {manifest}\n".encode() in data:
            yield above + name, digest_bytes(data)
    data = _read(folder, listing, above + SIGNATURE)
    if data.startswith(b"untrusted comment: "):
        yield above + SIGNATURE, digest_bytes(data)


def _read(folder: Path, listing: Listing, path: str) -> bytes:
    found = listing.files.get(path)
    if found is None or not found.is_file or found.length_bytes > _MOST_BYTES:
        return b""
    return (folder / path).read_bytes()


def _is_as_listed(folder: Path, listing: Listing, path: str, digest: Digest) -> bool:
    found = listing.files.get(path)
    if found is None or path_fault(path):
        return False
    return is_as(folder, found, found.length_bytes, digest)
