"""The verdict about a pack, in the order in which its parts can be believed.

First what could do harm by being read, then the signature over the exact bytes of ``pack.json``,
then what that says: the comment, the files, whose key it is, the serial, the days. What a wrong
signature covers is not judged further: a forger would write what we ask for.

Pure: the day is handed in, trust is handed in, and what is to be remembered is given back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from programme.errors import ProductionError
from programme.units import Digest
from stations.minisign import (
    MAX_SIGNATURE_BYTES,
    Fault,
    PublicKey,
    SignatureError,
    is_of_key,
    parse_signature,
    verify,
)
from stations.pack_contents import MAX_MANIFEST_BYTES, Contents, ContentsError, parse_contents
from stations.pack_integrity import DERIVED, file_faults
from stations.pack_paths import MANIFEST, SIGNATURE
from stations.pack_reading import PackFiles
from stations.pack_verdicts import (
    PackFault,
    RefusedPackError,
    Verdict,
    truncated,
    unsafe,
)
from stations.trust import ANYBODY, Seen, Trust

_CLOCKS_DIFFER = timedelta(days=1)
"""It is tomorrow already where some publishers are."""

_ASK = "ask the publisher on a way that you know, such as its telephone number"
_FETCH = "do not play it; fetch the newest pack from its publisher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was found out about a pack."""

    verdict: Verdict
    """The worst of the faults; genuine where there is none."""
    faults: tuple[PackFault, ...]
    contents: Contents | None
    """What the pack says of itself; None where that cannot be read."""
    is_proven: bool
    """Whether a key that is trusted for its publisher signed what the pack says."""
    key: PublicKey | None
    """Who signed; None where no key is known that did."""
    file_count: int
    length_bytes: int
    litter: tuple[str, ...] = ()
    """Files of operating systems that were passed over."""
    newer: str = ""
    """A newer pack of this id by another key of the same publisher, in words."""
    seen: Seen | None = None
    """What is to be remembered; None where the pack proves nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signature:
    fault: PackFault | None
    key: PublicKey | None
    proven: bool


def judge(files: PackFiles, trust: Trust, *, today: date) -> Judgement:
    """Judge a pack; reads every byte of it.

    Args:
        files: of the pack.
        trust: what is known here of publishers.
        today: by this computer's clock.

    Raises:
        ProductionError: there is no pack here.
    """
    try:
        return _judge(files, trust, today)
    except RefusedPackError as refused:
        return refused_judgement(refused, files)


def refused_judgement(refused: RefusedPackError, files: PackFiles | None = None) -> Judgement:
    """Give the verdict about a pack that was not read to its end."""
    return Judgement(
        verdict=_worst(refused.faults),
        faults=refused.faults,
        contents=None,
        is_proven=False,
        key=None,
        file_count=len(files.lengths) if files else 0,
        length_bytes=sum(files.lengths.values()) if files else 0,
    )


def _judge(files: PackFiles, trust: Trust, today: date) -> Judgement:
    _check_is_pack(files)
    manifest = files.read(MANIFEST, most=MAX_MANIFEST_BYTES)
    contents, unreadable = _contents(manifest)
    signed = _signature(files, manifest, contents, trust)
    faults = [one for one in (signed.fault, unreadable) if one is not None]
    seen, newer = None, ""
    if contents is not None and not _is_forged(signed.fault):
        faults += file_faults(files, contents)
        if signed.proven and signed.key is not None:
            digest = files.digest(MANIFEST)
            faults += _serial_faults(contents, signed.key, digest, trust)
            faults += _day_faults(contents, trust, today)
            faults += _withdrawn(files, contents, trust)
            newer = _newer(contents, signed.key, trust)
            if {one.verdict for one in faults} <= {Verdict.EXPIRED, Verdict.WITHDRAWN}:
                seen = _seen(contents, signed.key, digest)
    return Judgement(
        verdict=_worst(tuple(faults)),
        faults=tuple(faults),
        contents=contents,
        is_proven=signed.proven,
        key=signed.key,
        file_count=len(files.lengths),
        length_bytes=sum(files.lengths.values()),
        litter=files.litter,
        newer=newer,
        seen=seen,
    )


def _worst(faults: tuple[PackFault, ...]) -> Verdict:
    found = {one.verdict for one in faults}
    return next((one for one in Verdict if one in found), Verdict.GENUINE)


def _check_is_pack(files: PackFiles) -> None:
    """Hold that there is one pack.

    Raises:
        RefusedPackError: there are several, or the list of its files is missing.
        ProductionError: there is none.
    """
    if MANIFEST in files.lengths:
        return
    inside = sorted(path for path in files.lengths if path.rpartition("/")[2] == MANIFEST)
    if inside == [f"99_INFO/{MANIFEST}"]:
        problem = "it was made before packs were signed"
        raise RefusedPackError([_fault(Verdict.UNSIGNED, inside[0], problem, _FETCH)])
    if len(inside) > 1:
        remedy = "name one of the folders; on a stick, leave one pack alone"
        raise RefusedPackError(
            [_fault(Verdict.MIXED, path, "there are several packs here", remedy) for path in inside]
        )
    if any(path in files.lengths for path in (SIGNATURE, *DERIVED)):
        raise RefusedPackError([truncated(MANIFEST, "the list of its files is missing")])
    raise ProductionError(
        "there is no pack here",
        where=inside[0] if inside else MANIFEST,
        remedy="name the pack's ZIP, or the folder that holds pack.json",
    )


def _contents(manifest: bytes) -> tuple[Contents | None, PackFault | None]:
    try:
        return parse_contents(manifest), None
    except ContentsError as error:
        remedy = "fetch it again, or use the newest Altavoz if its publisher has a newer one"
        return None, _fault(Verdict.ALTERED, MANIFEST, f"of this list: {error}", remedy)


def _signature(
    files: PackFiles, manifest: bytes, contents: Contents | None, trust: Trust
) -> _Signature:
    if SIGNATURE not in files.lengths:
        return _Signature(fault=_unsigned(contents, trust), key=None, proven=False)
    if files.lengths[SIGNATURE] > MAX_SIGNATURE_BYTES:
        raise RefusedPackError([unsafe(SIGNATURE, "this file is far too long for a signature")])
    signature = files.read(SIGNATURE, most=MAX_SIGNATURE_BYTES)
    trusted = [one.key for one in trust.keys]
    try:
        signed = verify(manifest, signature, trusted)
    except SignatureError as error:
        return _not_trusted(manifest, signature, contents, trusted, error)
    if contents is not None and signed.trusted != contents.comment:
        problem = "the comment of this signature says something else than pack.json"
        fault = _fault(Verdict.FORGED, SIGNATURE, problem, _ASK)
        return _Signature(fault=fault, key=signed.key, proven=False)
    publishers = {one.publisher for one in trust.keys if one.key == signed.key}
    if contents is not None and not publishers & {contents.publisher, ANYBODY}:
        problem = (
            f"the pack says that it is of {contents.publisher}, and its key is trusted only for "
            f"{', '.join(sorted(publishers))}"
        )
        fault = _fault(Verdict.UNTRUSTED_KEY, SIGNATURE, problem, _ASK)
        return _Signature(fault=fault, key=signed.key, proven=False)
    return _Signature(fault=None, key=signed.key, proven=True)


def _not_trusted(
    manifest: bytes,
    signature: bytes,
    contents: Contents | None,
    trusted: list[PublicKey],
    error: SignatureError,
) -> _Signature:
    """Say what a signature is that no trusted key made."""
    if error.fault is Fault.UNKNOWN_KEY:
        return _stranger(manifest, signature, contents)
    problem = error.problem
    verdict = Verdict.FORGED
    if error.fault is Fault.FORGED and is_of_key(signature, trusted):
        comment = parse_signature(signature).trusted
        if contents is not None and comment.split(" ")[:2] != contents.comment.split(" ")[:2]:
            verdict = Verdict.MIXED
            problem = f"this signature is that of another pack, {' '.join(comment.split(' ')[:2])}"
        else:
            problem = "pack.json was changed after it was signed"
    return _Signature(fault=_fault(verdict, SIGNATURE, problem, _FETCH), key=None, proven=False)


def _stranger(manifest: bytes, signature: bytes, contents: Contents | None) -> _Signature:
    """Hold a signature against the keys that the pack itself names: it may be cut or forged."""
    name = f"{int.from_bytes(parse_signature(signature).key_id, 'little'):X}"
    try:
        signed = verify(manifest, signature, contents.keys if contents else ())
    except SignatureError as error:
        if error.fault is not Fault.UNKNOWN_KEY:
            fault = _fault(Verdict.FORGED, SIGNATURE, error.problem, _FETCH)
            return _Signature(fault=fault, key=None, proven=False)
        key = None
    else:
        key = signed.key
    remedy = (
        "compare the key with its publisher, by telephone or on its website, then: "
        "altavoz keys trust"
    )
    problem = f"nobody here has said to trust the key {name} that signed it"
    fault = _fault(Verdict.UNTRUSTED_KEY, SIGNATURE, problem, remedy)
    return _Signature(fault=fault, key=key, proven=False)


def _unsigned(contents: Contents | None, trust: Trust) -> PackFault:
    publisher = contents.publisher if contents else ""
    if any(one.publisher == publisher for one in trust.keys):
        problem = f"it has no signature, although {publisher} signs its packs: do not trust it"
        return _fault(Verdict.UNSIGNED, SIGNATURE, problem, _FETCH)
    problem = "it has no signature: nobody can tell who made it, or whether it was changed"
    return _fault(Verdict.UNSIGNED, SIGNATURE, problem, _ASK)


def _is_forged(fault: PackFault | None) -> bool:
    return fault is not None and fault.verdict in {Verdict.FORGED, Verdict.MIXED}


def _serial_faults(
    contents: Contents, key: PublicKey, digest: Digest, trust: Trust
) -> Iterator[PackFault]:
    """Say that a newer pack, or another of the same serial, was verified here with this key."""
    known = trust.find(key, contents.pack)
    if known is None or contents.serial > known.serial:
        return
    if contents.serial < known.serial:
        problem = f"it is serial {contents.serial}; serial {known.serial} was verified here before"
        yield _fault(Verdict.ROLLED_BACK, MANIFEST, problem, _FETCH)
    elif digest != known.digest:
        problem = f"another pack of the same serial {known.serial} was verified here before"
        yield _fault(Verdict.ROLLED_BACK, MANIFEST, problem, _ASK)


def _day_faults(contents: Contents, trust: Trust, today: date) -> Iterator[PackFault]:
    """Say that the clock must be wrong, or that the pack's last day is over.

    It cannot be earlier now than the newest day on which something was issued that is proven.
    """
    newest = max(contents.issued, trust.newest)
    if newest - today > _CLOCKS_DIFFER:
        what = "it was issued" if newest == contents.issued else "a pack seen before was issued"
        problem = f"your clock is wrong: it says {today}, and {what} on {newest}"
        remedy = "set the clock of this computer, then verify again; until then do not play it"
        yield _fault(Verdict.FUTURE_DATED, MANIFEST, problem, remedy)
    if contents.valid_until < max(today, trust.newest):
        problem = f"it may not be played after {contents.valid_until}"
        yield _fault(Verdict.EXPIRED, MANIFEST, problem, _FETCH)


def _withdrawn(files: PackFiles, contents: Contents, trust: Trust) -> Iterator[PackFault]:
    """Name the sound that a later pack of the publisher calls back."""
    called_back = {
        digest: one
        for one in trust.seen
        if one.publisher == contents.publisher and one.issued > contents.issued
        for digest in one.withdrawn
    }
    for path in contents.files:
        if path in files.lengths and (one := called_back.get(contents.files[path].digest)):
            problem = f"{one.pack}, serial {one.serial}, of {one.issued}, calls this file back"
            yield _fault(Verdict.WITHDRAWN, path, problem, _FETCH)


def _newer(contents: Contents, key: PublicKey, trust: Trust) -> str:
    """Say that another key of the publisher signed a newer pack; each key counts for itself."""
    for one in trust.seen:
        if (one.publisher, one.pack) != (contents.publisher, contents.pack) or one.key == key:
            continue
        if one.serial > contents.serial and one.issued > contents.issued:
            return f"serial {one.serial} of {one.issued}, signed with {one.key.name}"
    return ""


def _seen(contents: Contents, key: PublicKey, digest: Digest) -> Seen:
    return Seen(
        key=key,
        publisher=contents.publisher,
        pack=contents.pack,
        serial=contents.serial,
        digest=digest,
        issued=contents.issued,
        withdrawn=contents.withdrawn,
    )


def _fault(verdict: Verdict, where: str, problem: str, remedy: str) -> PackFault:
    return PackFault(verdict=verdict, where=where, problem=problem, remedy=remedy)
