"""Every member of a pack with its bytes, in the order in which they are played and written.

First the sound, then what people read, then what proves it: each of the last is made of the
digests of all before it. ``pack.json`` lists every file but itself, its signature, ``SHA256SUMS``
and the tag manifest of the bag; ``SHA256SUMS`` every file but itself and the tag manifest.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from programme.digests import digest_bytes
from programme.errors import ProductionError
from stations import bag
from stations.manifest import render_manifest, render_signature
from stations.names import is_safe_path
from stations.pack_page import render_page
from stations.pack_plan import PackFile, PackPlan, PackRequest
from stations.page_sound import embedded_tracks
from stations.papers import render_papers

_BLOCK = 1 << 18
"""Bytes held at a time; the memory that a pack takes does not grow with its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of a pack and where its bytes are."""

    file: PackFile
    source: bytes | Path
    """All of it, or the file that must have its length and digest: whoever copies it looks."""

    @property
    def path(self) -> str:
        """Inside the pack, with forward slashes."""
        return self.file.path


def gather_members(request: PackRequest, plan: PackPlan) -> tuple[Member, ...]:
    """Render every paper and give all members; sound is read only where the page holds it.

    Raises:
        ProductionError: as ``blocks``.
        ValueError: two papers have one path, or a path that a pack cannot have.
    """
    found = [
        Member(
            file=PackFile(
                path=track.path,
                length_bytes=track.item.rendition.length_bytes,
                digest=track.item.rendition.digest,
            ),
            source=track.item.audio,
        )
        for track in plan.tracks
    ]
    found += [_text(path, data) for path, data in render_papers(request, plan).items()]
    found += [Member(file=one.file, source=one.source) for one in request.papers]
    found.insert(len(plan.tracks), _page(request, plan, found))
    _check_paths([one.path for one in found])
    found += [
        _text(bag.DECLARATION, bag.render_declaration()),
        _text(bag.INFO, bag.render_info(request, plan, _files(found))),
        _text(bag.MANIFEST, bag.render_manifest(_files(found))),
    ]
    manifest = render_manifest(request, plan, _files(found))
    found.append(_text(plan.manifest, manifest))
    if request.signer is not None:
        found.append(_text(plan.signature, render_signature(manifest, request.signer)))
    found.append(_text(plan.checksums, bag.render_checksums(_files(found))))
    found.append(_text(bag.TAG_MANIFEST, bag.render_tag_manifest(_files(found))))
    return tuple(found)


def _page(request: PackRequest, plan: PackPlan, members: Sequence[Member]) -> Member:
    """Give the page that opens on a phone; it lists every file before it."""
    held = {track.path for track in embedded_tracks(plan)}
    data = {one.path: b"".join(blocks(one)) for one in members if one.path in held}
    return _text(plan.page, render_page(request, plan, [one.file for one in members], data))


def blocks(member: Member) -> Iterator[bytes]:
    """Give a member's bytes block by block, and hold them against its length and digest.

    Raises:
        ProductionError: a file is missing or not what was built; by then some of it was given.
    """
    if isinstance(member.source, bytes):
        yield member.source
        return
    sha, length = hashlib.sha256(), 0
    try:
        with member.source.open("rb") as file:
            while block := file.read(_BLOCK):
                sha.update(block)
                length += len(block)
                if length > member.file.length_bytes:
                    break
                yield block
    except OSError as error:
        raise _damaged(member.source, f"cannot be read ({error.strerror})") from error
    if length != member.file.length_bytes or sha.hexdigest() != member.file.digest:
        raise _damaged(member.source, "is not the file that was built")


def _damaged(source: Path, problem: str) -> ProductionError:
    return ProductionError(
        f"a finished audio file {problem}", where=str(source), remedy="delete it and build again"
    )


def _text(path: str, data: bytes) -> Member:
    file = PackFile(path=path, length_bytes=len(data), digest=digest_bytes(data))
    return Member(file=file, source=data)


def _files(members: list[Member]) -> list[PackFile]:
    return [one.file for one in members]


def _check_paths(paths: list[str]) -> None:
    """Hold what every stick and every reader of ZIPs needs: safe names, unique ignoring case."""
    if len({path.lower() for path in paths}) < len(paths):
        raise ValueError("two members of the pack have the same path")
    bad = [path for path in paths if not is_safe_path(path)]
    if bad:
        raise ValueError(f"a pack cannot have a member called {bad[0]!r}")
