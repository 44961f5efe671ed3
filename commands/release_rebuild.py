"""The ledger, found again from what stands at a target."""

from pathlib import Path

import click

from commands.terminal import out_wrapped, print_json, talk_wrapped
from commands.workspace import dry_run_option, json_option, look_at, today, workspace_option
from programme.errors import ExitCode


@click.command("rebuild")
@workspace_option
@json_option
@dry_run_option
@click.argument("target")
def release_rebuild(folder: Path, as_json: bool, dry_run: bool, target: str) -> None:
    """Find the ledger again from what stands at TARGET.

    For a releases.jsonl that was lost, cut or damaged, and for one that is behind what somebody
    else published. Each line is checked by its checksum, all of them by what the target's head
    says, and then held against its feeds and media. What your ledger still holds is kept; a
    damaged one is kept beside, as it was. Nothing at the target is changed.

    Packs, shipments and what other targets know stand at no target: take releases.jsonl from git
    or from a copy where you can.

    \b
    Example:
      altavoz release rebuild public --dry-run
      altavoz release rebuild public
    """
    from production.building import Workshop
    from production.ledger.rebuilding import rebuild_ledger, write_ledger
    from production.ledger.rebuilding_words import rebuilt_lines, rebuilt_plain
    from production.publish.publishing import choose_target
    from production.targets import open_target
    from production.targets.claims import look_at_place

    workspace = look_at(folder, today=today())
    settings = choose_target(workspace, target)
    network = workspace.network.id
    with Workshop(workspace.root).open():
        place = open_target(settings, workspace.root)
        try:
            there = look_at_place(place, network)
            if there.claim is not None:
                began = f"{there.claim.since:%Y-%m-%d %H:%M} UTC"
                talk_wrapped(
                    f"{there.claim.by} publishes there since {began}, or was stopped: what goes "
                    "out now may not be in it yet; run this again when they have finished"
                )
            rebuilt = rebuild_ledger(
                workspace.root,
                place,
                there.head,
                network=network,
                today=today(),
                elsewhere=[name for name in workspace.network.targets if name != settings.name],
            )
        finally:
            place.close()
        kept = None if dry_run else write_ledger(workspace.root, rebuilt)
    if as_json:
        print_json(rebuilt_plain(rebuilt, dry_run=dry_run, kept=kept))
    else:
        for line in rebuilt_lines(rebuilt, dry_run=dry_run, kept=kept):
            out_wrapped(line)
    if not rebuilt.is_complete:
        raise click.exceptions.Exit(ExitCode.INPUT)
