"""What every command shares: the workspace, the clock, and the usual options."""

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import print_findings, talk
from programme.errors import ExitCode
from programme.wording import counted

if TYPE_CHECKING:
    from programme.findings import Findings
    from scripts.workspace import Workspace


def read_clock() -> datetime:
    """Give the time in UTC: the one place with a clock."""
    return datetime.now(UTC)  # noqa: TID251 - see above


def now() -> datetime:
    """Give the time in UTC, in whole seconds."""
    return read_clock().replace(microsecond=0)


def today() -> date:
    """Give the operator's own day."""
    return read_clock().astimezone().date()


def read_and_check(
    folder: Path, *, today: date, keep: bool = False
) -> "tuple[Workspace | None, Findings]":
    """Give a workspace as ``read_workspace`` does, with its stations held against the rest."""
    from scripts.workspace import read_workspace

    workspace, findings = read_workspace(folder.resolve(), today=today, keep=keep)
    if workspace is not None and workspace.stations:
        from production.stations.checks import check_stations

        check_stations(workspace, workspace.stations.values(), findings)
    return workspace, findings


def read(folder: Path, *, today: date) -> "Workspace":
    """Read a workspace; where something stops a build, print what was found and stop.

    What only leaves segments out, as an expired fact does, is counted and goes on.
    """
    return read_closely(folder, today=today)[0]


def read_closely(folder: Path, *, today: date, keep: bool = False) -> "tuple[Workspace, Findings]":
    """Read a workspace as ``read`` does; gives what was found, too.

    Args:
        folder: that holds altavoz.toml.
        today: the operator's own day.
        keep: whether what was found may be kept for the next command, as ``check`` does.
    """
    workspace, findings = read_and_check(folder, today=today, keep=keep)
    if workspace is None or findings.stops_build:
        print_findings(findings)
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    _tell_counts(findings)
    return workspace, findings


def look_at(folder: Path, *, today: date) -> "Workspace":
    """Read a workspace to list what is sound in it, whatever is wrong with the rest.

    Nothing may be built from it. Stops only where altavoz.toml cannot be read.
    """
    return look_closely(folder, today=today)[0]


def look_closely(folder: Path, *, today: date) -> "tuple[Workspace, Findings]":
    """Read a workspace as ``look_at`` does; gives what was found, too."""
    workspace, findings = _look(folder, today=today)
    _tell_counts(findings)
    return workspace, findings


def is_workspace_or_stop(folder: Path, *, today: date) -> None:
    """Stop where ``look_at`` would; says nothing where a command goes on to read the workspace."""
    _look(folder, today=today)


def _look(folder: Path, *, today: date) -> "tuple[Workspace, Findings]":
    workspace, findings = read_and_check(folder, today=today)
    if workspace is None:
        print_findings(findings)
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    return workspace, findings


def stop_for(findings: "Findings") -> None:
    """Print what stops a command, and stop; goes on where nothing does."""
    if len(findings):
        print_findings(findings)
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _tell_counts(findings: "Findings") -> None:
    told = counts_told(findings)
    if told:
        talk(told)


def counts_told(findings: "Findings") -> str:
    """Say how many findings there are and where to see them; empty where there are none."""
    from programme.findings import Severity

    told = [
        counted(count, severity.value)
        for severity in (Severity.ERROR, Severity.WARNING)
        if (count := findings.count(severity))
    ]
    return f"{', '.join(told)}; see them with: altavoz check" if told else ""


def echo_language(tag: str) -> None:
    """Say which language a tag names, since a tag can be valid and of another language."""
    from scripts.language_names import name_lines

    for line in name_lines([tag] if tag else []):
        talk(line)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


workspace_option = click.option(
    "-w",
    "--workspace",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    show_default="the folder you are in",
    help="The folder that holds altavoz.toml.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
jobs_option = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    default=_cores,
    show_default="the number of cores",
    help="How many steps to run at once.",
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would be done; do nothing.")
