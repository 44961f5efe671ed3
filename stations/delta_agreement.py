"""Whether an update, the old pack and the new one speak of the same pack, before anything changes.

The update's own signature says who made it, and no more: a publisher that is trusted could name the
pack of another, files that are no part of any pack, or files that the new ``pack.json`` does not
know. So the old ``pack.json`` and the new one are read, too, and all three must agree.
"""

from collections.abc import Iterable, Mapping, Sequence

from programme.errors import ProductionError
from stations.delta_contents import DeltaContents
from stations.minisign import PublicKey, SignatureError, verify
from stations.pack_contents import Contents, ContentsError, parse_contents
from stations.pack_integrity import NOT_LISTED
from stations.pack_paths import MANIFEST, SIGNATURE, clashes

_ASK = "do not use it; ask its publisher for the whole pack"


def check_before(manifest: bytes, there: Iterable[str], contents: DeltaContents) -> None:
    """Hold an update against the old pack that it is for.

    Args:
        manifest: the old ``pack.json``, whose digest is the one that the update names.
        there: every file that lies with it.
        contents: what the update says.

    Raises:
        ProductionError: it is for another publisher's pack, takes away what is not of the pack, or
            something that is not of the pack stands where it puts a file.
    """
    old = _read(manifest, "the old pack.json")
    said = (contents.publisher, contents.pack, contents.from_serial)
    if (old.publisher, old.pack, old.serial) != said:
        raise _refused(
            f"the pack is number {old.serial} of {old.pack}, of {old.publisher}; the update says "
            f"that it is number {contents.from_serial} of {contents.pack}, of {contents.publisher}"
        )
    own = {*old.files, *NOT_LISTED}
    for one in contents.removed:
        if one.path not in own:
            raise _refused(f"the update takes away {one.path}, which is no file of the pack")
    foreign = [path for path in there if path not in own]
    made = [one.path for one in contents.files]
    for path, other in clashes([*made, *foreign]):
        raise ProductionError(
            f"{path} is no file of the pack, and stands where the update puts {other}",
            remedy="take it away or give it another name; then run the command again",
        )


def check_after(
    made: Mapping[str, bytes], contents: DeltaContents, keys: Sequence[PublicKey]
) -> None:
    """Hold the new ``pack.json`` against the update that makes it.

    Args:
        made: its bytes, and those of its signature where it has one, by path.
        contents: what the update says.
        keys: of which one must have signed the new pack; none where nobody signed the update.

    Raises:
        ProductionError: the update makes another pack than it says, or one that its publisher
            did not sign.
    """
    new = _read(made[MANIFEST], "the new pack.json")
    said = (contents.publisher, contents.pack, contents.to_serial)
    days = (contents.issued, contents.valid_until)
    if (new.publisher, new.pack, new.serial) != said or (new.issued, new.valid_until) != days:
        raise _refused("the new pack.json names another pack, serial or day than the update")
    listed = {path: (one.length_bytes, str(one.digest)) for path, one in new.files.items()}
    makes = {one.path: (one.length_bytes, str(one.digest)) for one in contents.files}
    for path in NOT_LISTED:
        makes.pop(path, None)
    if listed != makes:
        path = min({path for path, _ in listed.items() ^ makes.items()})
        raise _refused(f"the new pack.json says something else of {path} than the update makes")
    if not keys:
        return
    try:
        signed = verify(made[MANIFEST], made.get(SIGNATURE, b""), keys)
    except SignatureError as error:
        raise _refused(f"of the new pack, {error.problem}") from error
    if signed.trusted != new.comment:
        raise _refused("the signature of the new pack says something else than its pack.json")


def _read(manifest: bytes, what: str) -> Contents:
    try:
        return parse_contents(manifest)
    except ContentsError as error:
        raise _refused(f"{what} cannot be read: {error}") from error


def _refused(problem: str) -> ProductionError:
    return ProductionError(problem, remedy=_ASK)
