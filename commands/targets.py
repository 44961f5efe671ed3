"""The command targets: places to publish to; add one, try it out, write what its console needs."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.terminal import out, out_wrapped, print_json, print_table, talk
from commands.workspace import (
    dry_run_option,
    json_option,
    look_at,
    now,
    read_clock,
    today,
    workspace_option,
)
from programme.errors import ExitCode, ProductionError

if TYPE_CHECKING:
    from production.targets.probed import Probes
    from programme.network import Network, TargetSettings
    from scripts.workspace import Workspace

address_option = click.option(
    "--address", metavar="URL", help="Where the public finds this target, if not at base_url."
)
no_address_option = click.option(
    "--no-address", is_flag=True, help="Nobody finds it on the web: a stick, a mirror."
)


@click.group()
def targets() -> None:
    """Say where editions are published to, and try out whether that place is fit for it.

    \b
    Example:
      altavoz targets add cloud --bucket my-radio --prefix camino --profile radio
      altavoz targets test cloud
      altavoz targets policy cloud --to console
    """


@targets.command("list")
@workspace_option
@json_option
def targets_list(folder: Path, as_json: bool) -> None:
    """List the places of altavoz.toml, and when each was tested last.

    \b
    Example:
      altavoz targets list
    """
    from production.tables import Table
    from production.targets.tested import last_test

    workspace = look_at(folder, today=today())
    network = workspace.network
    rows = []
    for settings in network.targets.values():
        told = last_test(workspace.root, settings, network)
        rows.append((settings, told))
    if as_json:
        print_json(
            {
                "targets": [
                    {
                        "name": one.name,
                        "kind": one.kind,
                        "options": dict(one.options),
                        "demo": one.demo,
                        "tested_at": None if told is None else told.at.isoformat(),
                        "verdict": None if told is None else told.worst.value,
                        "failed": [] if told is None else list(told.failed),
                    }
                    for one, told in rows
                ]
            }
        )
        return
    if not rows:
        out("No targets yet; add one with: altavoz targets add public --path public")
        return
    cells = tuple(
        (
            one.name,
            one.kind + (" (rehearsal)" if one.demo else ""),
            _place(one),
            "never" if told is None else f"{told.at:%Y-%m-%d}: {told.worst.value}",
        )
        for one, told in rows
    )
    print_table(Table(columns=("target", "kind", "where", "tested"), rows=cells))


def _place(settings: "TargetSettings") -> str:
    options = settings.options
    if settings.kind == "s3":
        end = f" at {options['endpoint']}" if "endpoint" in options else ""
        return f"s3://{options['bucket']}/{options.get('prefix', '')}{end}"
    return ":".join(options[key] for key in ("host", "path") if key in options)


@targets.command("add")
@workspace_option
@dry_run_option
@json_option
@click.option("--kind", type=click.Choice(["folder", "s3", "sftp"]), help="Told by the options.")
@click.option("--path", default="", help="A folder: a web server's, a stick's.")
@click.option("--bucket", default="", metavar="NAME", help="Of S3 and what speaks it.")
@click.option("--prefix", default="", help="Below which everything goes in the bucket.")
@click.option("--endpoint", default="", metavar="URL", help="The store's, if it is not Amazon's.")
@click.option("--region", default="", help="Where the bucket is; told by many endpoints.")
@click.option("--profile", default="", help="Whose credentials, in ~/.aws/credentials.")
@click.option("--host", default="", help="A server that takes files over SSH.")
@click.option("--user", default="", help="Who logs in there.")
@click.option("--port", default="", help="Of its SSH.")
@click.option("--identity", default="", metavar="FILE", help="The key that logs in there.")
@click.option("--set", "more", multiple=True, metavar="KEY=VALUE", help="Another option.")
@click.option("--demo", is_flag=True, help="A rehearsal: facts marked demo may go there.")
@click.option("--no-test", is_flag=True, help="Do not try it out now.")
@address_option
@no_address_option
@click.argument("name", metavar="NAME")
def targets_add(
    *,
    folder: Path,
    dry_run: bool,
    as_json: bool,
    no_test: bool,
    address: str | None,
    no_address: bool,
    **given: Any,
) -> None:
    """Write a target into altavoz.toml, with comments, and try it out.

    Every other byte of the file stays. What can be found out is not asked. No password or key is
    taken: those of a bucket are found in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or in a
    profile of yours.

    \b
    Example:
      altavoz targets add public --path /srv/www/radio
      altavoz targets add cloud --bucket my-radio --endpoint https://fsn1.your-objectstorage.com
      altavoz targets add cloud --bucket my-radio --prefix camino --dry-run
    """
    from production.targets.target_adding import Wanted, plan_target, write_target

    root = folder.resolve()
    options = {
        key: str(given[key] or "")
        for key in ("path", "bucket", "prefix", "endpoint", "region", "profile")
    }
    options |= {key: str(given[key] or "") for key in ("host", "user", "port", "identity")}
    options |= dict(_pair(one) for one in given["more"])
    if options["bucket"] and not options["endpoint"]:
        options["endpoint"] = _own_endpoint()
    wanted = Wanted(
        name=given["name"], kind=given["kind"] or "", options=options, demo=given["demo"]
    )
    new = plan_target(root, wanted)
    if dry_run:
        if as_json:
            print_json({"target": new.settings.name, "written": False, "lines": new.lines})
        else:
            out(new.lines.rstrip("\n"))
        return
    write_target(root, new)
    if not as_json:
        out(f"Written into altavoz.toml: [targets.{new.settings.name}]")
    if no_test:
        if as_json:
            print_json({"target": new.settings.name, "written": True, "lines": new.lines})
        else:
            out(f"Try it out with: altavoz targets test {new.settings.name}")
        return
    probes = _test(root, new.settings, new.network, "" if no_address else address)
    _tell(new.settings, probes, as_json=as_json)


def _own_endpoint() -> str:
    """Give the store that this user has chosen for all programs, as the AWS tools read it."""
    chosen = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    return "" if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == "true" else chosen


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise click.UsageError(f"--set takes KEY=VALUE, not {text!a}")
    return key.strip(), value


@targets.command("test")
@workspace_option
@json_option
@address_option
@no_address_option
@click.argument("name", metavar="[NAME]", required=False)
def targets_test(
    folder: Path, as_json: bool, address: str | None, no_address: bool, name: str | None
) -> None:
    """Try out everything that a publish relies on, and say what to change in which console.

    NAME is a table [targets.NAME] of altavoz.toml; without one, the first, as publish takes it.

    Writes a few small objects below altavoz-test/ and takes them away again. Rights, clock,
    writing on condition, large files, the public address with ranges, types, caches and pages of
    other sites, and whether strangers may write or list.

    \b
    Example:
      altavoz targets test
      altavoz targets test cloud
      altavoz targets test stick --no-address
    """
    workspace = look_at(folder, today=today())
    settings = _chosen(workspace, name)
    probes = _test(workspace.root, settings, workspace.network, "" if no_address else address)
    _tell(settings, probes, as_json=as_json)


def _chosen(workspace: "Workspace", name: str | None) -> "TargetSettings":
    """Give the named target; without a name, the one that publish takes."""
    if name is None:
        from production.publish.publishing import choose_target

        return choose_target(workspace, None)
    targets = workspace.network.targets
    if name not in targets:
        raise ProductionError(
            f"there is no target {name!a}",
            where="altavoz.toml",
            remedy=f"known: {', '.join(targets) or 'none'}; add one with: altavoz targets add",
            code=ExitCode.USAGE,
        )
    return targets[name]


def _test(
    root: Path, settings: "TargetSettings", network: "Network", address: str | None
) -> "Probes":
    from production.targets.probing_all import try_target
    from production.targets.tested import note_test

    if address and not address.endswith("/"):
        address += "/" if "?" not in address else ""
    talk(f"Trying out {settings.name} ...")
    probes = try_target(
        settings,
        network,
        root,
        chance=os.urandom(8).hex(),
        clock=read_clock,
        address=address,
    )
    note_test(root, settings, network, probes, now())
    return probes


def _tell(settings: "TargetSettings", probes: "Probes", *, as_json: bool) -> None:
    """Print what was found, and end with an error where something failed."""
    from production.targets.probed import Verdict

    if as_json:
        print_json(
            {
                "target": settings.name,
                "verdict": probes.worst.value,
                "probes": [one.plain() for one in probes],
            }
        )
    else:
        for one in probes:
            shown = one.verdict.value.upper() if one.remedy else one.verdict.value
            out_wrapped(f"{shown:8} {one.about}: {one.found}")
            if one.means:
                out_wrapped(f"         This means: {one.means}.")
            if one.remedy:
                out_wrapped(f"         To do: {one.remedy}.")
        out(_END[probes.worst.value].format(name=settings.name))
    if probes.worst is Verdict.FAILED:
        raise click.exceptions.Exit(ExitCode.TARGET)


_END = {
    "ok": "{name} is fit to publish to.",
    "warning": "{name} can be published to; see the warnings.",
    "failed": "{name} is not fit yet; ready files for its console: altavoz targets policy {name}",
}


@targets.command("policy")
@workspace_option
@click.option(
    "--to",
    "place",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the files; a new one named after the target.",
)
@click.argument("name", metavar="NAME")
def targets_policy(folder: Path, place: Path | None, name: str) -> None:
    """Write ready files for a bucket's console, or for the web server of a folder.

    For a bucket: who may read, what the publisher may do, which pages may read, what is cleaned.
    For a folder: a site for nginx, Apache and Caddy.

    \b
    Example:
      altavoz targets policy cloud
      altavoz targets policy public --to web-server
    """
    from production.targets.policy_writing import policy_files, write_policies

    workspace = look_at(folder, today=today())
    settings = _chosen(workspace, name)
    files = policy_files(settings, workspace.network, workspace.root)
    to = place or Path(f"{name}-console")
    for path in write_policies(to, files):
        out(str(path))
    talk(f"Read {to / 'README.txt'} first.")
