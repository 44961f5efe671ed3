"""Holding the files of a pack against its pack.json: what is missing, added, cut or changed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stations import bag
from stations.pack_contents import Contents
from stations.pack_paths import CHECKSUMS, MANIFEST, SIGNATURE
from stations.pack_reading import PackFiles
from stations.pack_verdicts import PackFault, RefusedPackError, Verdict, truncated

DERIVED = (CHECKSUMS, bag.TAG_MANIFEST)
"""Made of all the others: pack.json cannot list them, but what they say can be recomputed."""

NOT_LISTED = (MANIFEST, SIGNATURE, *DERIVED)

_MAX_LIST_BYTES = 4_194_304
_OF_PACKS = re.compile(r"(?:[0-9]{2}_[A-Za-z0-9_]+|data)/")
"""The folders of packs; what else lies there is probably of another one."""

_OTHER_LIST = "this list says something else than the signed one, pack.json"
_ONE_PACK = "copy the newest pack alone on to an empty stick or into an empty folder"
_DO_NOT_PLAY = "do not play it; fetch it again from its publisher"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    missing: tuple[str, ...]
    short: tuple[str, ...]
    """With fewer bytes than were signed."""
    wrong: tuple[str, ...]
    extra: tuple[str, ...]


def file_faults(files: PackFiles, contents: Contents) -> list[PackFault]:
    """Say what of the files is not as pack.json has it; reads every byte.

    Args:
        files: what is there.
        contents: what was signed.
    """
    found = _compare(files, contents)
    sums = _hints(files)
    if mixed := _mixed(files, contents, found, sums):
        return mixed
    faults = [truncated(path, "this file is missing") for path in found.missing] + [
        truncated(
            path,
            f"this file is cut: {files.lengths[path]} of {contents.files[path].length_bytes} bytes",
        )
        for path in found.short
    ]
    faults += [_altered(path, "this file is not as it was signed") for path in found.wrong]
    faults += [_extra(path) for path in found.extra]
    return faults + list(_derived_faults(files, contents))


def _compare(files: PackFiles, contents: Contents) -> _Compared:
    there = files.lengths
    missing = [path for path in contents.files if path not in there]
    missing += [path for path in DERIVED if path not in there]
    short, wrong = [], []
    for path, listed in contents.files.items():
        if path not in there:
            continue
        if there[path] < listed.length_bytes:
            short.append(path)
        elif there[path] > listed.length_bytes or files.digest(path) != listed.digest:
            wrong.append(path)
    extra = [path for path in there if path not in contents.files and path not in NOT_LISTED]
    return _Compared(
        missing=tuple(missing), short=tuple(short), wrong=tuple(wrong), extra=tuple(extra)
    )


def _mixed(
    files: PackFiles, contents: Contents, found: _Compared, sums: Mapping[str, str]
) -> list[PackFault]:
    """Say that files of two packs lie together; empty where that is not to be seen.

    Whoever altered a pack can make it look so. It is refused either way.
    """
    inside = [path for path in found.extra if path.rpartition("/")[2] == MANIFEST]
    if inside:
        return [_of_two(path, "there is another pack in this one") for path in inside]
    of_other = sums.get(MANIFEST) not in {None, files.digest(MANIFEST)}
    there = [path for path in (*found.short, *found.wrong) if path in sums]
    strange = [path for path in there if sums[path] == files.digest(path)] if of_other else []
    strange += [
        path
        for path in found.extra
        if _OF_PACKS.match(path) and path not in contents.recalled_paths
    ]
    faults = [_of_two(path, "this file is of another pack") for path in strange]
    faults += [
        _of_two(path, "this file is of an earlier pack, and was called back")
        for path in found.extra
        if path in contents.recalled_paths
    ]
    if of_other and not found.missing and not found.short and not found.wrong and not faults:
        faults.append(_of_two(CHECKSUMS, "this list is that of another pack"))
    return faults


def _of_two(path: str, problem: str) -> PackFault:
    return PackFault(verdict=Verdict.MIXED, where=path, problem=problem, remedy=_ONE_PACK)


def _altered(path: str, problem: str) -> PackFault:
    return PackFault(verdict=Verdict.ALTERED, where=path, problem=problem, remedy=_DO_NOT_PLAY)


def _extra(path: str) -> PackFault:
    return PackFault(
        verdict=Verdict.ALTERED,
        where=path,
        problem="this file is not of the pack",
        remedy="take it away; a stick for a loudspeaker holds one pack and nothing else",
    )


def _hints(files: PackFiles) -> Mapping[str, str]:
    """Give what SHA256SUMS says: nobody signed it, so it only tells faults apart."""
    if CHECKSUMS not in files.lengths:
        return {}
    try:
        return bag.parse_checksums(files.read(CHECKSUMS, most=_MAX_LIST_BYTES))
    except (ValueError, RefusedPackError):
        return {}


def _derived_faults(files: PackFiles, contents: Contents) -> Iterator[PackFault]:
    """Recompute both lists; a signature that was made later, with minisign, is in neither."""
    whole = {path: str(one.digest) for path, one in contents.files.items()}
    whole |= {path: files.digest(path) for path in (MANIFEST, SIGNATURE) if path in files.lengths}
    sums_stand = CHECKSUMS in files.lengths and _says(files, CHECKSUMS, whole, but=set())
    if CHECKSUMS in files.lengths and not sums_stand:
        yield _altered(CHECKSUMS, _OTHER_LIST)
    if sums_stand:
        whole[CHECKSUMS] = files.digest(CHECKSUMS)
    tags = {path: digest for path, digest in whole.items() if not path.startswith(bag.PAYLOAD)}
    # where the other list is wrong, its digest here tells nothing new
    but = set() if sums_stand else {CHECKSUMS}
    if bag.TAG_MANIFEST in files.lengths and not _says(files, bag.TAG_MANIFEST, tags, but=but):
        yield _altered(bag.TAG_MANIFEST, _OTHER_LIST)


def _says(files: PackFiles, name: str, signed: Mapping[str, str], *, but: set[str]) -> bool:
    """Tell whether a list says what was signed, leaving some paths aside."""
    try:
        listed = bag.parse_checksums(files.read(name, most=_MAX_LIST_BYTES))
    except (ValueError, RefusedPackError):
        return False
    said = {path: digest for path, digest in listed.items() if path not in but}
    later = {path: digest for path, digest in signed.items() if path != SIGNATURE}
    return said in (dict(signed), later)
