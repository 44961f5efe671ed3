"""What an update pack says of itself: ``delta.json``, which is signed as ``pack.json`` is.

It names every file of the new pack with its digest, and where its bytes come from: the old pack,
the update, or both, by a VCDIFF. Whoever follows it holds every byte against what was signed.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from programme.digests import Plain, canonical_json
from programme.units import Digest
from stations.json_bounds import is_too_much
from stations.pack_paths import MANIFEST, clashes, path_fault

FORMAT = "altavoz-delta/1"
DELTA, SIGNATURE = "delta.json", "delta.json.minisig"

MAX_DELTA_BYTES = 16_777_216
_MAX_FILE_BYTES = 4_294_967_295
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,200}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


class Way(StrEnum):
    """What becomes of a file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaFile:
    """One file of the new pack."""

    path: str
    length_bytes: int
    digest: Digest
    way: Way
    member: str
    """In the update: the whole file, or the differences; empty where the old pack has it as it
    is."""
    old: str
    """In the old pack: the file itself, or the one that the differences are from; empty where the
    update has the whole file."""
    old_digest: Digest
    """Empty where there is no old file."""
    cost_bytes: int
    """Of the member."""
    sounds: tuple[tuple[str, int], ...] = ()
    """Other files of the new pack whose base64, from some byte on, stands behind the old file: the
    differences are from both. Path and that byte, counted from 0."""

    @property
    def is_differences(self) -> bool:
        """Whether its bytes come from both."""
        return bool(self.member and self.old)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedFile:
    """One file of the old pack that the new one has not."""

    path: str
    length_bytes: int
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaContents:
    """All that ``delta.json`` says."""

    pack: str
    from_serial: int
    to_serial: int
    issued: date
    """The new pack's day of issue."""
    valid_until: date
    """The new pack's last day."""
    publisher: str
    """Its id."""
    from_manifest: Digest
    """Of the old ``pack.json``."""
    to_manifest: Digest
    zip_bytes: int
    zip_digest: Digest
    """Of the new pack as one ZIP."""
    files: tuple[DeltaFile, ...]
    """All of the new pack's, in its order."""
    removed: tuple[RemovedFile, ...]

    @property
    def name(self) -> str:
        """What the update is called."""
        return f"{self.pack}-{self.from_serial}-{self.to_serial}"

    @property
    def comment(self) -> str:
        """The trusted comment of its signature."""
        return (
            f"delta={self.pack} from={self.from_serial} to={self.to_serial} "
            f"issued={self.issued} valid-until={self.valid_until}"
        )

    def count(self, way: Way) -> int:
        """Count the files of which something becomes."""
        if way is Way.REMOVED:
            return len(self.removed)
        return sum(one.way is way for one in self.files)


class DeltaContentsError(ValueError):
    """A ``delta.json`` that cannot be read; the message says why."""


def render_delta(contents: DeltaContents) -> bytes:
    """Render ``delta.json``: canonical JSON, the same bytes for the same update."""
    about: dict[str, Plain] = {
        "format": FORMAT,
        "pack": contents.pack,
        "publisher": contents.publisher,
        "from": {"serial": contents.from_serial, "pack_json": contents.from_manifest},
        "to": {
            "serial": contents.to_serial,
            "pack_json": contents.to_manifest,
            "issued": contents.issued.isoformat(),
            "valid_until": contents.valid_until.isoformat(),
            "zip": {"bytes": contents.zip_bytes, "sha256": contents.zip_digest},
        },
        "files": [_plain_file(one) for one in contents.files],
        "removed": [
            {"path": one.path, "bytes": one.length_bytes, "sha256": one.digest}
            for one in contents.removed
        ],
    }
    return (canonical_json(about) + "\n").encode("utf-8")


def _plain_file(one: DeltaFile) -> dict[str, Plain]:
    plain: dict[str, Plain] = {
        "path": one.path,
        "bytes": one.length_bytes,
        "sha256": one.digest,
        "way": one.way.value,
    }
    if one.member:
        plain |= {"member": one.member, "costs": one.cost_bytes}
    if one.old:
        plain |= {"old": one.old, "old_sha256": one.old_digest}
    if one.sounds:
        plain["sounds"] = [[path, skip] for path, skip in one.sounds]
    return plain


def parse_delta(data: bytes) -> DeltaContents:
    """Read ``delta.json`` from a stranger; nothing of it is believed here.

    Raises:
        DeltaContentsError: it is none that this program knows.
    """
    if len(data) > MAX_DELTA_BYTES or is_too_much(data):
        raise DeltaContentsError("it is far too long")
    try:
        contents = _contents(json.loads(data.decode("utf-8"), object_pairs_hook=_once))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DeltaContentsError("something is missing in it") from error
    except DeltaContentsError:
        raise
    except ValueError as error:
        raise DeltaContentsError("it is damaged, or no JSON") from error
    _check_paths([one.path for one in contents.files])
    _check_paths([one.path for one in contents.removed])
    old = {one.old for one in contents.files if one.old}
    members = [one.member for one in contents.files if one.member]
    _check_paths(sorted(old))
    _check_paths(members)
    if {one.path for one in contents.removed} & {one.path for one in contents.files}:
        raise DeltaContentsError("it removes a file that it makes")
    _check_sounds(contents.files)
    if {one.digest for one in contents.files if one.path == MANIFEST} != {contents.to_manifest}:
        raise DeltaContentsError("it does not make the pack.json that it names")
    return contents


def _contents(about: Mapping[str, Any]) -> DeltaContents:
    if about["format"] != FORMAT:
        raise DeltaContentsError("it is no update that this program knows")
    old, new = about["from"], about["to"]
    contents = DeltaContents(
        pack=_matching(about["pack"], _NAME),
        publisher=_matching(about["publisher"], _NAME),
        from_serial=_number(old["serial"], least=1),
        to_serial=_number(new["serial"], least=1),
        from_manifest=_digest(old["pack_json"]),
        to_manifest=_digest(new["pack_json"]),
        issued=date.fromisoformat(new["issued"]),
        valid_until=date.fromisoformat(new["valid_until"]),
        zip_bytes=_number(new["zip"]["bytes"]),
        zip_digest=_digest(new["zip"]["sha256"]),
        files=tuple(_file(one) for one in about["files"]),
        removed=tuple(
            RemovedFile(
                path=_path(one["path"]),
                length_bytes=_number(one["bytes"]),
                digest=_digest(one["sha256"]),
            )
            for one in about["removed"]
        ),
    )
    if contents.from_serial >= contents.to_serial:
        raise DeltaContentsError("it leads to an older pack")
    return contents


def _file(one: Mapping[str, Any]) -> DeltaFile:
    found = DeltaFile(
        path=_path(one["path"]),
        length_bytes=_number(one["bytes"]),
        digest=_digest(one["sha256"]),
        way=Way(one["way"]),
        member=_path(one["member"]) if "member" in one else "",
        old=_path(one["old"]) if "old" in one else "",
        old_digest=_digest(one["old_sha256"]) if "old" in one else Digest(""),
        cost_bytes=_number(one["costs"]) if "member" in one else 0,
        sounds=tuple((_path(path), _number(skip)) for path, skip in one.get("sounds", ())),
    )
    if not found.member and (not found.old or found.old_digest != found.digest):
        raise DeltaContentsError(f"it does not say where {found.path!a} comes from")
    return found


def _check_sounds(files: tuple[DeltaFile, ...]) -> None:
    """Hold that what a file is made of, besides the old pack, is made before it, and once."""
    before: set[str] = set()
    for one in files:
        named = [path for path, _ in one.sounds]
        if named and not one.is_differences:
            raise DeltaContentsError(f"it does not say what {one.path!a} is made of")
        if len(set(named)) < len(named) or not before.issuperset(named):
            raise DeltaContentsError(f"what {one.path!a} is made of is not made before it")
        if one.member and not one.sounds:
            before.add(one.path)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise DeltaContentsError("it says something twice")
    return found


def _path(text: object) -> str:
    if not isinstance(text, str) or path_fault(text):
        raise DeltaContentsError(f"it names a file that no pack may have: {text!a}")
    return text


def _matching(text: object, form: re.Pattern[str]) -> str:
    if not isinstance(text, str) or not form.match(text):
        raise DeltaContentsError(f"{ascii(text)[:80]} is no name of a pack")
    return text


def _digest(text: object) -> Digest:
    if not isinstance(text, str) or not _DIGEST.match(text):
        raise DeltaContentsError("a digest in it is none")
    return Digest(text)


def _number(value: object, *, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise DeltaContentsError("a number in it is none")
    if not least <= value <= _MAX_FILE_BYTES:
        raise DeltaContentsError("a number in it cannot be")
    return value


def _check_paths(paths: list[str]) -> None:
    if next(clashes(paths), None):
        raise DeltaContentsError("it names two files that a stick takes for one")
