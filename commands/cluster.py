"""The commands cluster doctor and cluster key."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.elsewhere import (
    check_cluster,
    chosen_place,
    insecure_option,
    key_path,
    no_store,
    read_key,
    store_option,
)
from commands.store_consent import allow_command, allow_named, own_consents, require_consent
from commands.terminal import out, out_wrapped, print_json, print_table
from commands.workspace import json_option, look_at, today, workspace_option
from programme.errors import ExitCode, ProductionError

if TYPE_CHECKING:
    from production.doctor import Check
    from programme.network import TargetSettings


@click.group()
def cluster() -> None:
    """Have other machines do the work of a build, or share what they have made.

    \b
    Example:
      altavoz cluster key
      altavoz cluster doctor tls://scheduler:8786 --store s3://my-radio-store/altavoz
      altavoz build --cluster tls://scheduler:8786 --store s3://my-radio-store/altavoz
    """


@cluster.command()
@workspace_option
@store_option
@insecure_option
@json_option
@click.argument("address")
def doctor(folder: Path, store: str, insecure: bool, as_json: bool, address: str) -> None:
    """Look at the scheduler at ADDRESS, at its workers, and at the store that all share.

    Tells of each worker whether it is reached, whether all versions that the bytes depend on are
    those of this machine, and whether a test sentence gives the same bytes. Writes, reads and
    removes a small probe in the store, from here and from every worker.

    \b
    Example:
      altavoz cluster doctor tls://scheduler:8786
    """
    check_cluster(address, insecure=insecure)
    workspace = look_at(folder, today=today())
    place = chosen_place(workspace.network.store, store)
    if place is None:
        raise no_store()
    from production.building import Workshop
    from production.cluster.doctor import StoreTrial, examine_cluster
    from production.doctor import State
    from production.shared.places import absolute

    key = read_key()
    with Workshop(workspace.root).locked():
        checks, line, fit = examine_cluster(address)
        try:
            trial = StoreTrial(
                place=absolute(place, workspace.root),
                store=Workshop(workspace.root).store,
                chance=os.urandom(8).hex(),
            )
            trial.run(key, line, fit)
        finally:
            if line is not None:
                line.close()
    if not store:
        trial.checks.append(_consent(workspace.root, place))
    _print([*checks, *trial.checks], as_json=as_json)
    if any(check.state is State.BAD for check in (*checks, *trial.checks)):
        raise click.exceptions.Exit(ExitCode.TARGET)


def _consent(root: Path, place: "TargetSettings") -> "Check":
    """Say whether builds of this workspace may use the store that its altavoz.toml names."""
    from production.doctor import Check, State
    from production.shared.consent import told_whole
    from production.shared.places import absolute

    meant = absolute(place, root)
    if own_consents().allows(root, place):
        return Check(state=State.GOOD, name="store, allowed here", what=f"{told_whole(meant)}: yes")
    return Check(
        state=State.OPTIONAL,
        name="store, allowed here",
        what=f"{told_whole(meant)}: not yet; a build asks first, or stops where nobody can answer",
        remedy=f"if it is your team's: {allow_command(meant)}",
    )


def _print(checks: "list[Check]", *, as_json: bool) -> None:
    from dataclasses import asdict

    from production.tables import Table

    if as_json:
        print_json([asdict(check) for check in checks])
        return
    rows = tuple((c.state.value, c.name, c.what, c.remedy) for c in checks)
    print_table(Table(columns=("", "what", "found", "to do"), rows=rows))


@cluster.command("key")
@click.option("--show", is_flag=True, help="Print the key itself, to bring it to another machine.")
def cluster_key(show: bool) -> None:
    """Make the key that seals the records of a shared store, or name the one that is here.

    Every machine that is to use what others made needs the same key, in this file or in
    ALTAVOZ_STORE_KEY. Whoever has it can say what a step of yours gave: keep it like a password.

    \b
    Example:
      altavoz cluster key
    """
    from production.keys.store import KeyStore
    from production.shared.records import parse_key
    from programme.storage import write_beside

    key, path = read_key(), key_path()
    if key is None:
        KeyStore(folder=path.parent).prepare()
        if path.exists():  # a folder or a link that leads nowhere
            raise ProductionError(
                "something else stands where the key belongs", where=str(path), remedy="move it"
            )
        text = os.urandom(32).hex()
        write_beside(path, f"{text}\n".encode(), mode=0o600)
        key = parse_key(text, str(path))
        out(f"Made {path}")
    out(f"key {key.id}")
    if show:
        out(key.secret.hex())
    else:
        out_wrapped(f"Bring the file {path} to the other machines as you would a password.")


@cluster.command()
@workspace_option
@click.option("--forget", is_flag=True, help="Allow it no more.")
@click.argument("address", default="")
def allow(folder: Path, forget: bool, address: str) -> None:
    """Let builds on this machine use the shared store that altavoz.toml names.

    Everything that is built goes there, also what is not published yet, and whoever works on the
    workspace may change altavoz.toml. So a build asks before it uses a store for the first time,
    and again when another one is named. Without a terminal say here, once, which one it must be:
    ADDRESS is compared with altavoz.toml.

    \b
    Example:
      altavoz cluster allow s3://my-radio-store/altavoz
      altavoz cluster allow --forget
    """
    from production.shared.consent import told_whole
    from production.shared.places import absolute

    workspace = look_at(folder, today=today())
    if forget:
        gone = own_consents().forget(workspace.root)
        out("Forgotten" if gone else "No store was allowed for this workspace")
        return
    place = workspace.network.store
    if place is None:
        raise ProductionError(
            "altavoz.toml names no shared store",
            where=str(workspace.root / "altavoz.toml"),
            remedy="a store that is named by --store needs no leave; for [store] see "
            "docs/cluster.md",
            code=ExitCode.USAGE,
        )
    if address:
        allow_named(workspace.root, place, address)
    else:
        require_consent(workspace.root, place)
    out_wrapped(f"Allowed for this workspace: {told_whole(absolute(place, workspace.root))}")
