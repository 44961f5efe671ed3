"""The command pack: what a station gets, as a ZIP or straight on a stick."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.building import build_all, end_on_failures
from commands.terminal import print_json, print_table, progress, talk_wrapped
from commands.workspace import jobs_option, json_option, read, today, workspace_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from production.packing import BuiltPack
    from scripts.workspace import Workspace
    from stations.minisign import Signer


@click.command()
@workspace_option
@jobs_option
@json_option
@click.option("--unsigned", is_flag=True, help="Make packs that nobody signs, and that say so.")
@click.option(
    "--rehearsal",
    is_flag=True,
    help="Make packs that say they are an example: demo facts and unreviewed texts may be in them.",
)
@click.argument("stations", nargs=-1)
def pack(  # noqa: PLR0917 - options
    folder: Path,
    jobs: int,
    as_json: bool,
    unsigned: bool,
    rehearsal: bool,
    stations: tuple[str, ...],
) -> None:
    """Build, and make a ZIP for each station that takes packs.

    STATIONS names some of them; without it, all. What may not be published may not be packed: a
    pack cannot be called back.

    \b
    Example:
      altavoz pack
      altavoz pack terminal
    """
    from production.building import Workshop
    from production.packing import PackOrder, build_packs
    from production.publishing import read_again
    from production.reports import packs_report

    workspace = read(folder, today=today())
    signer = None if unsigned else _signer(workspace)
    with Workshop(workspace.root).open() as workshop:
        plan = workshop.plan(workspace, today=today())
        report = build_all(workshop, workspace, plan, jobs)
        end_on_failures(report)
        if report.run.total:
            workspace = read_again(workshop, workspace, plan, today=today())
        with progress() as bar:
            order = PackOrder(
                today=today(), jobs=jobs, progress=bar, signer=signer, rehearsal=rehearsal
            )
            packs = build_packs(workshop, workspace, report, names=stations, order=order)
    if as_json:
        print_json(packs_report(packs))
    else:
        _print_packs(packs, workspace)


def _signer(workspace: "Workspace") -> "Signer | None":
    from production.key_store import KeyStore, keys_folder
    from production.signing import find_signer

    folder = keys_folder(os.environ, system=sys.platform, home=Path.home())
    return find_signer(workspace.network, KeyStore(folder=folder), _ask)


def _ask(what: str) -> str:
    return str(click.prompt(f"Password of {what}", hide_input=True, err=True))


def _print_packs(packs: "Sequence[BuiltPack]", workspace: "Workspace") -> None:
    from production.signing import NOT_SIGNED
    from production.tables import packs_table, recall_lines

    print_table(packs_table(packs, workspace.root))
    for line in recall_lines(packs):
        talk_wrapped(line)
    if any(not one.signed_by for one in packs):
        talk_wrapped(NOT_SIGNED if not workspace.network.signing_keys else "not signed: --unsigned")
