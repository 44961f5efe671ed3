"""Making an update pack: of the files of two packs, what the newer has and the older has not.

A file that both have costs nothing; one that changed costs its differences, or all of it where that
is less; one that was renamed, as tracks are whose number moved, is made of the file that it was.
"""

import json
import mmap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from programme.digests import digest_bytes, digest_file
from programme.errors import ProductionError
from programme.storage import opened_beside, storage_errors, sync_folder
from programme.units import Digest, LanguageTag
from stations.bag import render_checksums
from stations.delta_contents import (
    DELTA,
    SIGNATURE,
    DeltaContents,
    DeltaFile,
    RemovedFile,
    Way,
    render_delta,
)
from stations.delta_page import PAGE, as_text, skipped
from stations.delta_readme import (
    CHANGED_FOLDER,
    CHECKSUMS,
    NEW_FOLDER,
    README,
    render_lists,
    render_readme,
)
from stations.minisign import PublicKey, Signer
from stations.pack_contents import MAX_MANIFEST_BYTES, Contents, ContentsError, parse_contents
from stations.pack_integrity import NOT_LISTED
from stations.pack_members import Member
from stations.pack_paths import MANIFEST
from stations.pack_plan import PackFile
from stations.pack_reading import PackFiles, open_pack
from stations.pack_zip import write_members
from stations.vcdiff_encode import Content, encode

SUFFIX = ".delta.zip"

_IDENTITY = ("series", "episode", "language", "notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaReport:
    """What was written."""

    contents: DeltaContents
    path: Path
    length_bytes: int
    digest: Digest
    pack_bytes: int
    """Of the whole new pack as a ZIP."""

    @property
    def share(self) -> float:
        """What the update costs of the whole pack."""
        return self.length_bytes / self.pack_bytes


def make_delta(
    old: Path,
    new: Path,
    out: Path,
    *,
    signer: Signer | None,
    scratch: Path,
    digest: Digest | None = None,
) -> DeltaReport:
    """Write the update that makes a newer pack of an older one.

    Args:
        old: ZIP of the older pack, or the folder that it was copied to.
        new: ZIP of the newer one.
        out: folder in which the update goes.
        signer: who signs it; None for nobody.
        scratch: an empty folder for files in between.
        digest: of the newer ZIP, where it was read just now; None reads it.

    Raises:
        RefusedPackError: one of the packs is unsafe or damaged.
        ProductionError: they are not two packs of one name, the older one first; or the disk
            refuses.
    """
    with open_pack(old) as before, open_pack(new) as after, storage_errors(out):
        was, now = _read(before, old), _read(after, new)
        _check(was, now, old)
        own = _own(before, was, old)
        maker = _Maker(before, after, scratch, own)
        files = tuple(maker.files())
        contents = DeltaContents(
            pack=now.pack,
            publisher=now.publisher,
            from_serial=was.serial,
            to_serial=now.serial,
            issued=now.issued,
            valid_until=now.valid_until,
            from_manifest=before.digest(MANIFEST),
            to_manifest=after.digest(MANIFEST),
            zip_bytes=new.stat().st_size,
            zip_digest=digest or digest_file(new),
            files=files,
            removed=tuple(_removed(before, after, own)),
        )
        path = out / f"{contents.name}{SUFFIX}"
        members = _members(contents, now, maker.sources, signer)
        with opened_beside(path) as file:
            write_members(members, now.issued, file)
        sync_folder(out)
        return DeltaReport(
            contents=contents,
            path=path,
            length_bytes=path.stat().st_size,
            digest=digest_file(path),
            pack_bytes=contents.zip_bytes,
        )


def _read(files: PackFiles, path: Path) -> Contents:
    if MANIFEST not in files.lengths:
        raise ProductionError(
            "there is no pack here, or one that was made before packs had a pack.json at their top",
            where=str(path),
            remedy="name the ZIP of the older pack, or hand out the whole pack",
        )
    try:
        return parse_contents(files.read(MANIFEST, most=MAX_MANIFEST_BYTES))
    except ContentsError as error:
        raise ProductionError(
            f"pack.json cannot be read: {error}",
            where=str(path),
            remedy="take another copy of that pack, or hand out the whole pack",
        ) from error


def _check(was: Contents, now: Contents, old: Path) -> None:
    if (was.publisher, was.pack) != (now.publisher, now.pack):
        raise ProductionError(
            f"that is the pack {was.pack}, and not {now.pack}",
            where=str(old),
            remedy="name the ZIP of an earlier pack of the same name",
        )
    if was.serial >= now.serial:
        raise ProductionError(
            f"that pack has the serial {was.serial}, and the newest is {now.serial}",
            where=str(old),
            remedy="there is nothing to update; name an older one",
        )


def _own(before: PackFiles, was: Contents, old: Path) -> tuple[str, ...]:
    """Give the older pack's own files, each held against its pack.json.

    On a stick there may be others: they are nobody's to name in an update, or to take away.
    """
    for path, listed in was.files.items():
        if path not in before.lengths or before.digest(path) != listed.digest:
            raise ProductionError(
                f"{path} is missing in the older pack, or is not as it was made",
                where=str(old),
                remedy="take another copy of that pack, or hand out the whole pack",
            )
    return tuple(path for path in before.lengths if path in was.files or path in NOT_LISTED)


def _removed(before: PackFiles, after: PackFiles, own: Sequence[str]) -> Iterator[RemovedFile]:
    for path in own:
        if path not in after.lengths:
            length = before.lengths[path]
            yield RemovedFile(path=path, length_bytes=length, digest=before.digest(path))


def _members(
    contents: DeltaContents, now: Contents, sources: Mapping[str, Path], signer: Signer | None
) -> list[Member]:
    """Give the update's members: what is read first, then the bytes, in the pack's order."""
    manifest = render_delta(contents)
    papers = {DELTA: manifest}
    key: PublicKey | None = None
    if signer is not None:
        key = signer.public
        comment = f"minisign -V -m {DELTA} -P {key.text}"
        papers[SIGNATURE] = signer.sign(manifest, trusted=contents.comment, untrusted=comment)
    tags = [LanguageTag(tag) for tag in now.languages]
    papers[README] = render_readme(contents, tags, key)
    papers |= render_lists(contents)
    found = [_text(path, data) for path, data in papers.items()]
    for one in contents.files:
        if one.member:
            source = sources[one.member]
            about = PackFile(
                path=one.member, length_bytes=one.cost_bytes, digest=digest_file(source)
            )
            found.append(Member(file=about, source=source))
    found.insert(len(papers), _text(CHECKSUMS, render_checksums(one.file for one in found)))
    return found


def _text(path: str, data: bytes) -> Member:
    return Member(
        file=PackFile(path=path, length_bytes=len(data), digest=digest_bytes(data)), source=data
    )


class _Maker:
    """Finds out where the bytes of each file of the newer pack can come from."""

    def __init__(
        self, before: PackFiles, after: PackFiles, scratch: Path, own: Sequence[str]
    ) -> None:
        self.sources: dict[str, Path] = {}
        """Files in between, by the update's member that they become."""
        self._before = before
        self._after = after
        self._scratch = scratch
        self._same = {before.digest(path): path for path in reversed(own)}
        self._own = {path: before.lengths[path] for path in own}
        self._was = _sound_of(before)
        self._now = {path: name for name, path in _sound_of(after).items()}
        self._made_of_sound: list[str] = []
        """Sound that the update has the bytes of, in the pack's order."""

    def files(self) -> Iterator[DeltaFile]:
        """Give every file of the newer pack, in its order."""
        for path, length in self._after.lengths.items():
            digest = self._after.digest(path)
            one = DeltaFile(
                path=path,
                length_bytes=length,
                digest=digest,
                way=Way.CHANGED if path in self._own else Way.NEW,
                member="",
                old=path,
                old_digest=digest,
                cost_bytes=0,
            )
            if path in self._own and self._before.digest(path) == digest:
                yield replace(one, way=Way.UNCHANGED)
            else:
                yield self._made(one)

    def _made(self, one: DeltaFile) -> DeltaFile:
        """Put into the update what is needed for one file: the less of all and of differences."""
        whole = self._scratch / f"{len(self.sources)}.new"
        with whole.open("wb") as out:
            self._after.copy(one.path, out)
        if one.path in self._now:
            self._made_of_sound.append(one.path)
        old = self._old_of(one)
        if old and one.length_bytes:
            member = f"{CHANGED_FOLDER}/{one.path}.vcdiff"
            differences = whole.with_suffix(".vcdiff")
            sounds = self._sounds_in(whole) if one.path == PAGE else ()
            cost = self._encode(old, sounds, whole, differences)
            if cost < one.length_bytes:
                whole.unlink()
                self.sources[member] = differences
                digest = self._before.digest(old)
                return replace(
                    one,
                    member=member,
                    old=old,
                    old_digest=digest,
                    cost_bytes=cost,
                    sounds=sounds,
                )
            differences.unlink()
        member = f"{NEW_FOLDER}/{one.path}"
        self.sources[member] = whole
        cost = one.length_bytes
        return replace(one, member=member, old="", old_digest=Digest(""), cost_bytes=cost)

    def _old_of(self, one: DeltaFile) -> str:
        """Give the old file of which a file can be made; empty for none."""
        there = self._own
        was = self._was.get(self._now.get(one.path, ()), "")
        several = (self._same.get(one.digest, ""), was, one.path)
        return next((path for path in several if there.get(path)), "")

    def _sounds_in(self, page: Path) -> tuple[tuple[str, int], ...]:
        """Give the sound of the update that a page holds, too."""
        text = page.read_bytes()
        found = []
        for path in self._made_of_sound:
            with self._sound(path) as sound:
                skip = skipped(sound, text)
            if skip is not None:
                found.append((path, skip))
        return tuple(found)

    @contextmanager
    def _sound(self, path: str) -> Iterator[BinaryIO]:
        with (self._scratch / "sound").open("w+b") as file:
            self._after.copy(path, file)
            yield file

    def _encode(self, old: str, sounds: Iterable[tuple[str, int]], new: Path, out: Path) -> int:
        before = self._scratch / "old"
        with before.open("wb") as file:
            self._before.copy(old, file)
            for path, skip in sounds:
                with self._sound(path) as sound:
                    file.writelines(as_text(sound, skip))
        with ExitStack() as stack, out.open("wb") as file:
            file.writelines(encode(_mapped(before, stack), _mapped(new, stack)))
            return file.tell()


def _mapped(path: Path, stack: ExitStack) -> Content:
    """Give a file's bytes without taking them all into memory; it must not be empty."""
    file = stack.enter_context(path.open("rb"))
    return stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _sound_of(files: PackFiles) -> dict[tuple[str, ...], str]:
    """Give the sound of a pack by what it is; its path may change with its title and place."""
    about: dict[str, Any] = json.loads(files.read(MANIFEST, most=MAX_MANIFEST_BYTES))
    items = [one for one in about.get("items", ()) if isinstance(one, dict)]
    told = {
        (*(str(one.get(name)) for name in _IDENTITY), str("says_valid_until" in one)): one
        for one in items
    }
    found = {key: str(one.get("path")) for key, one in told.items()}
    return {key: path for key, path in found.items() if path in files.lengths}
