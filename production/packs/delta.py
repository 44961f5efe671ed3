"""Update packs: made from an earlier pack that is kept here, and followed where the old pack is."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from production.file_lock import locked_for_user
from production.packs import archive as pack_archive
from production.packs.packing import BuiltPack
from production.packs.trust import read_trust
from programme.digests import Plain
from programme.errors import ProductionError
from programme.storage import storage_errors
from stations.delta_contents import DELTA, MAX_DELTA_BYTES, DeltaContents, Way
from stations.delta_following import Follower, Update, check_old, needed, read_update
from stations.delta_making import SUFFIX, DeltaReport, make_delta
from stations.delta_placing import (
    Placed,
    check_unfinished,
    finish_stick,
    has_unfinished,
    order_faults,
    place_folder,
    place_zip,
    recover,
    recover_zip,
    scratch_of,
    unfinished,
)
from stations.minisign import PublicKey, Signer
from stations.pack_paths import MANIFEST
from stations.pack_reading import PackFiles, open_pack
from stations.pack_verdicts import PackFault, RefusedPackError
from stations.trust import ANYBODY, Trust, TrustedKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What following an update did, or would do."""

    contents: DeltaContents
    key: PublicKey | None
    """Who signed it; None for nobody."""
    done: bool
    """Whether the new pack is there now; False only for a rehearsal."""
    was_there: bool = False
    """Whether it was there already."""
    resumed: bool = False
    """Whether an update was finished that had been broken off."""
    out_of_order: tuple[str, ...] = ()
    """Folders of a stick whose order on the disk is not the order of play any more."""


def deltas_folder(root: Path, station: str) -> Path:
    """Give the folder in which a station's updates are put."""
    return root / "build" / "deltas" / station


def build_delta(
    root: Path,
    pack: BuiltPack,
    serial: int,
    *,
    signer: Signer | None,
    old: Path | None = None,
) -> DeltaReport:
    """Make the update from an earlier serial to the pack that was made now.

    Args:
        root: of the workspace.
        pack: the newest one.
        serial: of the earlier one.
        signer: who signs; as for the pack.
        old: the earlier pack's ZIP, or the folder that it was copied to; None for what is kept.

    Raises:
        ProductionError: the earlier pack is not at hand, or is another; or the disk refuses.
    """
    pack_id = pack.path.stem
    before = old or pack_archive.find(root, pack_id, serial)
    if before is None:
        kept = ", ".join(map(str, pack_archive.kept_serials(root, pack_id))) or "none"
        raise ProductionError(
            f"{pack_id} number {serial} is not kept here; kept: {kept}",
            where=pack_archive.ARCHIVE,
            remedy="name its ZIP, or a folder with that pack, by --from; or hand out all of the "
            "new pack",
        )
    out = deltas_folder(root, pack.station)
    with storage_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=".making-") as scratch, _in_words(before):
            made = make_delta(
                before,
                pack.path,
                out,
                signer=signer,
                scratch=Path(scratch),
                digest=pack.digest,
            )
    if made.contents.from_serial != serial:
        made.path.unlink()
        raise ProductionError(
            f"this is number {made.contents.from_serial}, and not {serial}",
            where=str(before),
            remedy="name the serial that it has, or another file",
        )
    _remove_older(made, out)
    return made


def _remove_older(made: DeltaReport, folder: Path) -> None:
    """Take away updates that lead to a pack which is not the newest: somebody would send them."""
    newest = f"-{made.contents.to_serial}{SUFFIX}"
    with storage_errors(folder):
        for other in sorted(folder.glob(f"*{SUFFIX}")):
            if other != made.path and not (
                other.name.startswith(made.contents.pack) and other.name.endswith(newest)
            ):
                other.unlink()


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn a pack that must not be read into a message."""
    try:
        yield
    except RefusedPackError as error:
        raise _refusal(error.faults[0], path) from error


def _refusal(fault: PackFault, path: Path) -> ProductionError:
    where = f"{path}: {fault.where}" if fault.where else str(path)
    return ProductionError(fault.problem, where=where, remedy=fault.remedy)


def apply_delta(
    delta: Path,
    target: Path,
    trust_folder: Path,
    *,
    today: date,
    keys: tuple[PublicKey, ...] = (),
    unsigned: bool = False,
    dry_run: bool = False,
) -> Applied:
    """Make the new pack of the old one and an update, in its place.

    Args:
        delta: the update.
        target: the old pack's ZIP, or the folder or stick that it was copied to.
        trust_folder: where the trust file lies, see ``production.keys.store.keys_folder``.
        today: by this computer's clock.
        keys: further ones to believe this time.
        unsigned: whether an update that nobody signed is taken.
        dry_run: whether to look only.

    Raises:
        ProductionError: the update or the pack is refused, or the disk refuses; the old pack is
            whole, or the same command goes on where it was broken off.
    """
    more = tuple(TrustedKey(publisher=ANYBODY, key=key, since=today) for key in keys)
    known = read_trust(trust_folder)
    trust = Trust(keys=(*known.keys, *more), seen=known.seen)
    resumed = False
    target = target.resolve()
    # Two at once would take each other's half-made folders for those of one that was killed.
    alone = (
        nullcontext() if dry_run else locked_for_user(trust_folder, "apply", "following an update")
    )
    with alone, storage_errors(target):
        if not dry_run:
            if target.is_file():
                recover_zip(target)
            else:
                resumed = recover(target)
        with _in_words(delta), open_pack(delta) as files:
            update = read_update(files, trust, unsigned=unsigned)
            if target.is_dir() and has_unfinished(target):
                return _resume(update, target, dry_run=dry_run)
            return _apply(update, files, target, dry_run=dry_run, resumed=resumed)


def _apply(
    update: Update, files: PackFiles, target: Path, *, dry_run: bool, resumed: bool
) -> Applied:
    contents = update.contents
    placed = None
    if target.is_dir() and not (target / MANIFEST).is_file():
        raise ProductionError(
            "there is no pack here",
            where=str(target),
            remedy="name the folder that holds pack.json",
        )
    with _in_words(target), open_pack(target) as old:
        is_old = check_old(old, contents)
        as_it_is = Applied(
            contents=contents,
            key=update.key,
            done=not is_old,
            was_there=not is_old,
            resumed=resumed,
        )
        if not is_old:
            return as_it_is
        with _scratch(target, beside=target.is_file() and not dry_run) as scratch:
            follower = Follower(files, contents, old, scratch)
            follower.check(update)
            if dry_run:
                return as_it_is
            if target.is_file():
                place_zip(follower, contents, target, scratch)
            else:
                manifest = files.read(DELTA, most=MAX_DELTA_BYTES)
                placed = place_folder(
                    follower, update, manifest, target, [*old.lengths, *old.litter]
                )
    _check_made(target, contents)
    order = order_faults(target, contents) if placed is Placed.IN_PLACE else []
    return Applied(
        contents=contents, key=update.key, done=True, resumed=resumed, out_of_order=tuple(order)
    )


@contextmanager
def _scratch(target: Path, *, beside: bool) -> Iterator[Path]:
    """Give a folder for files in between: beside a ZIP, where the next run finds it, or not."""
    if not beside:
        with tempfile.TemporaryDirectory(prefix="altavoz-") as elsewhere:
            yield Path(elsewhere)
        return
    folder = scratch_of(target)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _resume(update: Update, target: Path, *, dry_run: bool) -> Applied:
    try:
        _, digest = unfinished(target)
    except ValueError as error:
        raise ProductionError(
            "an update was broken off here, and its note is damaged",
            where=str(target),
            remedy="copy the whole new pack on to the stick",
        ) from error
    if digest != update.digest:
        raise ProductionError(
            "another update was broken off here",
            where=str(target),
            remedy="finish that one first: run altavoz apply with it again",
        )
    contents = update.contents
    with _in_words(target), open_pack(target):
        # Links and devices are refused here, as in a pack: nothing is written through one.
        check_unfinished(target, contents)
    if not dry_run:
        finish_stick(target)
        _check_made(target, contents)
    order = [] if dry_run else order_faults(target, contents)
    return Applied(
        contents=contents,
        key=update.key,
        done=not dry_run,
        resumed=True,
        out_of_order=tuple(order),
    )


def _check_made(target: Path, contents: DeltaContents) -> None:
    """Read the new pack back from the disk.

    Raises:
        ProductionError: something in it is not as it was signed.
    """
    with _in_words(target), open_pack(target) as files:
        if check_old(files, contents):
            raise ProductionError(
                "the new pack is not there, although all of it was written",
                where=str(target),
                remedy="test the stick or disk, then copy the whole new pack",
            )


def plain_delta(contents: DeltaContents) -> dict[str, Plain]:
    """Give what an update says, for --json."""
    made = list(needed(contents))
    return {
        "pack": contents.pack,
        "from": contents.from_serial,
        "to": contents.to_serial,
        "issued": contents.issued.isoformat(),
        "valid_until": contents.valid_until.isoformat(),
        "files": {way.value: contents.count(way) for way in Way},
        "written_bytes": sum(one.length_bytes for one in made),
        "new": [one.path for one in contents.files if one.way is Way.NEW],
        "changed": [one.path for one in contents.files if one.way is Way.CHANGED],
        "removed": [one.path for one in contents.removed],
    }
