"""Updates of packs: what ``altavoz pack --delta`` made, and the command apply."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.key_places import believed_keys, key_option, user_folder
from commands.terminal import out, out_wrapped, print_json, talk_wrapped
from commands.workspace import dry_run_option, json_option, today

if TYPE_CHECKING:
    from production.packs.delta import Applied
    from production.packs.packing import BuiltPack
    from stations.delta_making import DeltaReport
    from stations.minisign import Signer


def make_deltas(
    root: Path,
    packs: "Sequence[BuiltPack]",
    serial: int | None,
    *,
    old: Path | None,
    signer: "Signer | None",
) -> "list[DeltaReport]":
    """Make the update from an earlier serial to each pack; none without a serial."""
    if serial is None:
        return []
    from production.packs.delta import build_delta

    if old is not None and len(packs) != 1:
        raise click.UsageError("--from goes with one station")
    return [build_delta(root, pack, serial, old=old, signer=signer) for pack in packs]


def print_deltas(deltas: "Sequence[DeltaReport]") -> None:
    """Say what each update holds and costs."""
    from production.tables import size
    from stations.delta_contents import Way

    for one in deltas:
        contents = one.contents
        told = ", ".join(f"{contents.count(way)} {way.value}" for way in Way)
        share = f"{one.share:.1%} of the whole pack"
        out_wrapped(f"{one.path}: {size(one.length_bytes)}, {share}: {told}")
        if one.length_bytes >= one.pack_bytes:
            talk_wrapped("This update is no smaller than the pack: hand out the whole pack.")


@click.command()
@key_option
@click.option("--unsigned", is_flag=True, help="Take an update that nobody signed.")
@json_option
@dry_run_option
@click.argument("update", type=click.Path(path_type=Path))
@click.argument("pack", type=click.Path(path_type=Path))
def apply(
    *,
    named: tuple[str, ...],
    unsigned: bool,
    as_json: bool,
    dry_run: bool,
    update: Path,
    pack: Path,
) -> None:
    """Make the new pack of an old one and an update, in the old one's place.

    UPDATE is a file that ends in .delta.zip; PACK the old pack's ZIP, or the folder or stick that
    it was copied to. The signature and the old pack are checked first. Whatever breaks off, the old
    or the new pack is whole; on a stick, the same command goes on where it was broken off.

    \b
    Example:
      altavoz apply camino_terminal-41-42.delta.zip camino_terminal.zip
      altavoz apply camino_terminal-41-42.delta.zip /media/stick --dry-run
    """
    from production.packs.delta import apply_delta, plain_delta
    from production.packs.verifying import remember_pack, verify_pack

    keys = believed_keys(named)
    done = apply_delta(
        update,
        pack,
        user_folder(),
        today=today(),
        keys=keys,
        unsigned=unsigned,
        dry_run=dry_run,
    )
    verdict = ""
    if done.done and done.key is not None:
        judged = verify_pack(pack, user_folder(), today=today(), keys=keys)
        remember_pack(judged, user_folder())
        verdict = judged.verdict.value
    if as_json:
        print_json(
            {
                **plain_delta(done.contents),
                "done": done.done,
                "was_there": done.was_there,
                "resumed": done.resumed,
                "out_of_order": list(done.out_of_order),
                "verdict": verdict or None,
            }
        )
        return
    _print_applied(done, pack, verdict)


def _print_applied(done: "Applied", pack: Path, verdict: str) -> None:
    contents = done.contents
    what = f"{contents.pack} number {contents.to_serial}"
    if done.was_there:
        out(f"{pack}: it is {what} already")
    elif done.done:
        again = ", an update that had been broken off is finished" if done.resumed else ""
        out(f"{pack}: it is {what} now{again}")
    else:
        out(f"{pack}: would become {what}")
        _print_plan(done)
    out(f"valid until {contents.valid_until}")
    if verdict:
        out(f"verdict: {verdict}")
    elif done.key is None:
        talk_wrapped("Nobody signed this update: nobody can tell who made it.")
    if done.out_of_order:
        folders = ", ".join(name or "the folders of languages" for name in done.out_of_order)
        talk_wrapped(
            f"The order on the stick is not the order of play any more: {folders}. Cheap players "
            "follow it: sort it with fatsort, or copy the whole pack with altavoz pack --to."
        )


def _print_plan(done: "Applied") -> None:
    from stations.delta_contents import Way

    for one in done.contents.files:
        if one.way is not Way.UNCHANGED:
            out(f"  {one.way.value}: {one.path}, {one.length_bytes} bytes")
    for gone in done.contents.removed:
        out(f"  removed: {gone.path}")


def deltas_report(
    packs: "Sequence[BuiltPack]", deltas: "Sequence[DeltaReport]"
) -> list[dict[str, object]]:
    """Give packs with their updates for --json."""
    from production.packs.delta import plain_delta
    from production.reports import packs_report

    return [
        {
            **pack,
            "delta": {
                **plain_delta(one.contents),
                "file": str(one.path),
                "bytes": one.length_bytes,
                "pack_bytes": one.pack_bytes,
                "sha256": one.digest,
            },
        }
        for pack, one in zip(packs_report(packs), deltas, strict=True)
    ]
