"""Commands for stations: describe one once, list them, show what one gets, check them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.found import findings_options, show_findings
from commands.terminal import out, print_findings, print_json, print_table, talk
from commands.workspace import (
    dry_run_option,
    json_option,
    look_at,
    read_and_check,
    today,
    workspace_option,
)
from programme.errors import ExitCode
from programme.findings import Findings
from programme.stations import Automation, Delivery, StationKind

if TYPE_CHECKING:
    from production.stations.adding import NewStation
    from scripts.workspace import Workspace


@click.group()
def station() -> None:
    """Describe radios and loudspeaker points once, and see what each gets.

    \b
    Example:
      altavoz station add radio-uno --lang es-419 --automation libretime
      altavoz station list
      altavoz station show radio-uno
      altavoz station check
    """


@station.command("add")
@workspace_option
@dry_run_option
@json_option
@click.option(
    "--kind", type=click.Choice([one.value for one in StationKind]), default="radio",
    show_default=True, help="Where the sound comes out.",
)  # fmt: skip
@click.option("--name", "title", default="", help="As its listeners know it.")
@click.option("--lang", "languages", multiple=True, metavar="TAG", help="Most needed first.")
@click.option("--series", multiple=True, metavar="ID", help="What it takes; all that fit its kind.")
@click.option("--profile", default="", metavar="ID", help="How it sounds; see altavoz profiles.")
@click.option("--format", "sound", default="", metavar="ID", help="A format of its profile.")
@click.option(
    "--delivery", type=click.Choice([one.value for one in Delivery]), default=None,
    help="How it gets its editions; as its kind and program like it best.",
)  # fmt: skip
@click.option(
    "--automation", type=click.Choice([one.value for one in Automation]), default="none",
    show_default=True, help="The program that plays there.",
)  # fmt: skip
@click.option("--drive-path", default="", metavar="PATH", help="Our folder on its computer.")
@click.option("--group", default="", help="Rivendell's group.")
@click.option("--carts", default="", metavar="10000-10999", help="Rivendell's carts for us.")
@click.option("--share", is_flag=True, help="Packs also hold files to pass on by phone.")
@click.option("--country", default="", metavar="GT", help="From where its listeners call.")
@click.option("--place", default="", help="Where it is.")
@click.option("--contact", default="", help="Who answers for it: a role, a desk; not published.")
@click.option("--publish-identity", is_flag=True, help="It may be named; else it is private.")
@click.option(
    "--from", "source", type=click.Path(path_type=Path, dir_okay=False),
    help="Take a file that somebody handed in, checked as a stranger's.",
)  # fmt: skip
@click.option("--with-overrides", is_flag=True, help="With --from: take its own facts, too.")
@click.argument("name", metavar="ID")
@click.pass_context
def station_add(context: click.Context, /, **given: Any) -> None:
    """Add a station: a file with comments in stations/, checked before it is written.

    Profile, delivery and the rest follow from the kind and the program where nothing is said.
    A file that somebody handed in is taken with --from: its station stays private whatever it
    says, and it may not change what listeners are told, unless you say so here.

    \b
    Example:
      altavoz station add radio-uno --lang es-419 --lang quc --automation libretime
      altavoz station add terminal --kind transit --country GT --dry-run
      altavoz station add radio-dos --from radio-dos.yml
    """
    if given["source"] is not None:
        _refuse_others(context)
    elif given["with_overrides"]:
        raise click.UsageError("--with-overrides goes with --from")
    workspace = look_at(given["folder"], today=today())
    new = _handed_in(workspace, given) if given["source"] else _drafted(workspace, given)
    _tell(new, as_json=given["as_json"])
    if new.station is None:
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    if not given["dry_run"]:
        from production.stations.adding import write_station

        write_station(workspace, new)
    if given["as_json"]:
        print_json(_plain(new, written=not given["dry_run"]))
    elif given["dry_run"]:
        out(new.text.rstrip("\n"))
    else:
        out(f"Written: {new.file}. See what it gets with: altavoz station show {new.station.id}")


_FOR_BOTH = {"folder", "dry_run", "as_json", "name", "source", "with_overrides", "publish_identity"}


def _refuse_others(context: click.Context) -> None:
    """Refuse options that a stranger's file would go against: what it says is all there is."""
    line = click.core.ParameterSource.COMMANDLINE
    others = [
        one.opts[0]
        for one in context.command.params
        if one.name not in _FOR_BOTH and context.get_parameter_source(one.name or "") is line
    ]
    if others:
        raise click.UsageError(f"{', '.join(others)} cannot go with --from: change the file after")


def _drafted(workspace: "Workspace", given: dict[str, Any]) -> "NewStation":
    from production.stations.adding import plan_station
    from scripts.station_draft import Draft

    draft = Draft(
        id=given["name"],
        kind=StationKind(given["kind"]),
        name=given["title"],
        languages=given["languages"],
        series=given["series"],
        profile=given["profile"],
        format=given["sound"],
        delivery=Delivery(given["delivery"]) if given["delivery"] else None,
        automation=Automation(given["automation"]),
        **{
            key: given[key]
            for key in (
                *("drive_path", "group", "carts", "share", "contact", "country", "place"),
                "publish_identity",
            )
        },
    )
    return plan_station(workspace, draft, today=today())


def _handed_in(workspace: "Workspace", given: dict[str, Any]) -> "NewStation":
    from production.stations.adding import plan_handed_in

    return plan_handed_in(
        workspace,
        given["source"],
        name=given["name"],
        today=today(),
        publish_identity=given["publish_identity"],
        with_overrides=given["with_overrides"],
    )


def _tell(new: "NewStation", *, as_json: bool) -> None:
    """Say what was found, and which words of a stranger people would hear."""
    if as_json and new.station is None:
        print_json(_plain(new, written=False))
    elif len(new.findings) and not as_json:
        print_findings(new.findings)
    if new.spoken and not as_json:
        talk("Words of this file that would be spoken; read them before it is used:")
        for words in new.spoken:
            talk(f"  {words}")


def _plain(new: "NewStation", *, written: bool) -> dict[str, object]:
    from production.stations.listing import plain_station
    from programme.kept_findings import KEYS

    return {
        "file": new.file,
        "written": written,
        "station": None if new.station is None else plain_station(new.station),
        "spoken": list(new.spoken),
        "findings": [{key: getattr(one, key) for key in KEYS} for one in new.findings],
    }


@station.command("list")
@workspace_option
@json_option
def station_list(folder: Path, as_json: bool) -> None:
    """List stations: what each gets, how it sounds, how it travels, whether it is private.

    \b
    Example:
      altavoz station list
    """
    from production.stations.listing import stations_report, stations_table

    workspace = look_at(folder, today=today())
    if as_json:
        print_json({"stations": stations_report(workspace)})
    elif workspace.stations:
        print_table(stations_table(workspace))
    else:
        out("No stations yet; make one with: altavoz station add ID --kind radio")


@station.command("show")
@workspace_option
@json_option
@click.argument("name", metavar="ID")
def station_show(folder: Path, as_json: bool, name: str) -> None:
    """Show all about a station: its hours, what it would get today, what is left out and why.

    \b
    Example:
      altavoz station show radio-uno
    """
    from production.stations.card import card_lines, station_card

    card = station_card(look_at(folder, today=today()), name, today=today())
    if as_json:
        print_json(card.plain())
        return
    for line in card_lines(card):
        out(line)


@station.command("check")
@workspace_option
@json_option
@findings_options
@click.option("--all", "infos", is_flag=True, help="Show hints, too.")
@click.argument("names", metavar="[ID]...", nargs=-1)
def station_check(  # noqa: PLR0917 - options
    folder: Path,
    as_json: bool,
    form: str,
    output: Path | None,
    infos: bool,
    names: tuple[str, ...],
) -> None:
    """Check stations' files, all or some, against each other and what there is to deliver.

    \b
    Example:
      altavoz station check
      altavoz station check radio-uno --json
    """
    workspace, findings = read_and_check(folder, today=today())
    if workspace is None:
        print_findings(findings)
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    from production.stations.known import FOLDER, known_file

    files = {known_file(workspace, name) for name in names}
    own = Findings(
        [
            one
            for one in findings
            if (one.file in files if files else one.file.startswith(f"{FOLDER}/"))
        ]
    )
    show_findings(own, "json" if as_json else form, output, root=workspace.root, infos=infos)
    if own.has_errors:
        raise click.exceptions.Exit(ExitCode.FINDINGS)
