"""Following an update: the bytes of each file of the new pack, held against what was signed."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from programme.digests import digest_bytes
from programme.errors import ProductionError
from programme.units import Digest
from stations.delta_agreement import check_after, check_before
from stations.delta_contents import (
    DELTA,
    MAX_DELTA_BYTES,
    SIGNATURE,
    DeltaContents,
    DeltaContentsError,
    DeltaFile,
    parse_delta,
)
from stations.delta_page import as_text
from stations.minisign import (
    MAX_SIGNATURE_BYTES,
    PublicKey,
    SignatureError,
    verify,
)
from stations.pack_contents import MAX_MANIFEST_BYTES
from stations.pack_paths import MANIFEST
from stations.pack_paths import SIGNATURE as PACK_SIGNATURE
from stations.pack_reading import PackFiles
from stations.trust import ANYBODY, Trust
from stations.vcdiff import VcdiffError
from stations.vcdiff_decode import decode

_FETCH = "fetch the update again from its publisher, or ask for the whole pack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """An update that was read and believed."""

    contents: DeltaContents
    digest: Digest
    """Of ``delta.json``."""
    key: PublicKey | None
    """Who signed it; None where nobody did and that was said to be right."""
    keys: tuple[PublicKey, ...] = ()
    """Those that are trusted for its publisher; none where nobody signed it."""


def read_update(files: PackFiles, trust: Trust, *, unsigned: bool) -> Update:
    """Read an update and check who made it.

    Args:
        files: of the update.
        trust: what is known here of publishers.
        unsigned: whether one that nobody signed is taken.

    Raises:
        RefusedPackError: the ZIP is damaged.
        ProductionError: it is no update, or not one that may be followed.
    """
    if DELTA not in files.lengths:
        raise _refused("this is no update pack", "name the file that ends in .delta.zip")
    data = files.read(DELTA, most=MAX_DELTA_BYTES)
    try:
        contents = parse_delta(data)
    except DeltaContentsError as error:
        raise _refused(f"the update cannot be read: {error}", _FETCH) from error
    keys = tuple(one.key for one in trust.keys if one.publisher in {contents.publisher, ANYBODY})
    key = _signer(files, data, contents, trust, keys, unsigned=unsigned)
    _refuse_older(contents, key, trust)
    return Update(contents=contents, digest=digest_bytes(data), key=key, keys=keys if key else ())


def _signer(
    files: PackFiles,
    data: bytes,
    contents: DeltaContents,
    trust: Trust,
    keys: tuple[PublicKey, ...],
    *,
    unsigned: bool,
) -> PublicKey | None:
    if SIGNATURE not in files.lengths:
        signs = any(one.publisher == contents.publisher for one in trust.keys)
        if signs:
            problem = f"nobody signed this update, although {contents.publisher} signs its packs"
            raise _refused(problem, "do not use it; " + _FETCH)
        if not unsigned:
            raise _refused(
                "nobody signed this update",
                "ask its publisher whether it is theirs; then say so with --unsigned",
            )
        return None
    try:
        signed = verify(data, files.read(SIGNATURE, most=MAX_SIGNATURE_BYTES), keys)
    except SignatureError as error:
        remedy = "do not use it; trust its publisher's key with altavoz keys trust, or " + _FETCH
        raise _refused(f"of this update, {error.problem}", remedy) from error
    if signed.trusted != contents.comment:
        raise _refused("the signature of this update says something else than it", _FETCH)
    return signed.key


def _refuse_older(contents: DeltaContents, key: PublicKey | None, trust: Trust) -> None:
    seen = trust.find(key, contents.pack) if key else None
    if seen is not None and seen.serial > contents.to_serial:
        raise _refused(
            f"it leads to serial {contents.to_serial}; serial {seen.serial} was seen here before",
            "fetch the newest update or pack",
        )


def check_old(files: PackFiles, contents: DeltaContents) -> bool:
    """Hold the pack that is to be updated against what the update needs of it.

    Returns:
        False where it is the new pack already, whole.

    Raises:
        RefusedPackError: it is damaged.
        ProductionError: it is another pack, or not whole; or the update would touch what is not of
            the pack.
    """
    if MANIFEST not in files.lengths:
        raise _refused("there is no pack here", "name the pack's ZIP, or the folder of pack.json")
    manifest = files.read(MANIFEST, most=MAX_MANIFEST_BYTES)
    found = files.digest(MANIFEST)
    if found == contents.to_manifest:
        for one in contents.files:
            _check_file(files, one.path, one.length_bytes, one.digest)
        return False
    if found != contents.from_manifest:
        raise _refused(
            f"this pack is not {contents.pack} number {contents.from_serial}, which the update "
            "is for",
            "look at its number in README.txt; ask for the update from there, or the whole pack",
        )
    check_before(manifest, files.lengths, contents)
    for one in contents.files:
        if one.old:
            _check_file(files, one.old, None, one.old_digest)
    return True


def _check_file(files: PackFiles, path: str, length: int | None, digest: Digest) -> None:
    wrong = path in files.lengths and length not in {None, files.lengths[path]}
    if path not in files.lengths or wrong or files.digest(path) != digest:
        raise _refused(
            f"{path} is missing in the pack, or is not as it was made",
            "copy or fetch that pack again, whole, then update it; or ask for the new pack",
        )


class Follower:
    """Makes files of the new pack, of the old one and the update."""

    def __init__(
        self, update: PackFiles, contents: DeltaContents, old: PackFiles, scratch: Path
    ) -> None:
        """Take what is needed.

        Args:
            update: its files.
            contents: what it says, believed.
            old: files of the pack that was checked by ``check_old``.
            scratch: a folder for the old and the new file while one is made.
        """
        self._update = update
        self._files = {one.path: one for one in contents.files}
        self._old = old
        self._scratch = scratch

    def check(self, update: Update) -> None:
        """Make the new ``pack.json`` in memory, and hold it against the update.

        Raises:
            ProductionError: the update makes another pack than it says.
            RefusedPackError: the update or the pack is damaged.
            OSError: the disk refuses.
        """
        made: dict[str, bytes] = {}
        for one in update.contents.files:
            if one.path in {MANIFEST, PACK_SIGNATURE}:
                if one.length_bytes > MAX_MANIFEST_BYTES:
                    raise _refused(f"{one.path} of the new pack is far too long", _FETCH)
                out = BytesIO()
                self.write(one, out)
                made[one.path] = out.getvalue()
        check_after(made, update.contents, update.keys)

    def write(self, one: DeltaFile, out: BinaryIO) -> None:
        """Write one file of the new pack, and hold it against its digest.

        Args:
            one: the file.
            out: empty, open to write; never read, as not every stick's file system can do both.

        Raises:
            ProductionError: the update does not make what it says.
            RefusedPackError: the update or the pack is damaged.
            OSError: the disk refuses.
        """
        with tempfile.TemporaryFile(dir=self._scratch) as made:
            if not one.member:
                self._old.copy(one.old, made)
            elif not one.old:
                self._update.copy(self._member(one), made)
            else:
                self._decode(one, made)
            length = made.seek(0, 2)
            made.seek(0)
            digest = hashlib.file_digest(made, "sha256").hexdigest()
            if length != one.length_bytes or digest != one.digest:
                raise _refused(f"the update does not make {one.path} as it says", _FETCH)
            made.seek(0)
            shutil.copyfileobj(made, out, 1 << 20)

    def _decode(self, one: DeltaFile, made: BinaryIO) -> None:
        if self._update.lengths[self._member(one)] > one.length_bytes:
            raise _refused(f"the differences for {one.path} are longer than the file", _FETCH)
        with (
            tempfile.TemporaryFile(dir=self._scratch) as old,
            tempfile.TemporaryFile(dir=self._scratch) as delta,
        ):
            self._old.copy(one.old, old)
            for path, skip in one.sounds:
                with tempfile.TemporaryFile(dir=self._scratch) as sound:
                    self.write(self._files[path], sound)
                    old.writelines(as_text(sound, skip))
            self._update.copy(self._member(one), delta)
            delta.seek(0)
            try:
                decode(old, delta, made, max_bytes=one.length_bytes)
            except VcdiffError as error:
                raise _refused(f"the differences for {one.path}: {error}", _FETCH) from error

    def _member(self, one: DeltaFile) -> str:
        if one.member not in self._update.lengths:
            raise _refused(f"{one.member} is missing in the update", _FETCH)
        return one.member


def needed(contents: DeltaContents) -> Iterator[DeltaFile]:
    """Give the files that an update makes; the others stay as they are."""
    return (one for one in contents.files if one.member or one.old != one.path)


def _refused(problem: str, remedy: str) -> ProductionError:
    return ProductionError(problem, remedy=remedy)
