"""A new station in a workspace: written by us with what follows, or taken from a stranger's file.

Everything is checked before a byte is written, and nothing that is there is written over.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from production.stations.checks import check_stations
from production.stations.known import FOLDER
from programme.errors import ExitCode, ProductionError
from programme.findings import Findings, Severity
from programme.identifiers import ID_RULE, is_id
from programme.stations import Station
from programme.storage import write_beside
from scripts.station_draft import Draft, render_station
from scripts.station_reading import read_handed_in, read_station_text
from scripts.tree import Tree
from scripts.wording import shown
from scripts.workspace import Workspace
from scripts.workspace_edit import own_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStation:
    """A station whose file is not written yet."""

    file: str
    """Where it will be, inside the workspace."""
    text: str
    station: Station | None
    """None where something is wrong with it; then nothing may be written."""
    findings: Findings
    spoken: tuple[str, ...] = ()
    """Words of a stranger that people would hear from it."""


def plan_station(workspace: Workspace, draft: Draft, *, today: date) -> NewStation:
    """Give a new station from what somebody said of it.

    Raises:
        ProductionError: the name is none or is taken, or nothing fits a station of that kind.
    """
    file = _free_file(workspace, draft.id)
    return _checked(workspace, draft.id, file, render_station(workspace, draft), today=today)


def plan_handed_in(
    workspace: Workspace,
    path: Path,
    *,
    name: str,
    today: date,
    publish_identity: bool,
    with_overrides: bool,
) -> NewStation:
    """Give a new station from a stranger's file, see ``scripts.station_reading``.

    Raises:
        ProductionError: the name is none or is taken, or the file lies in private/.
    """
    file = _free_file(workspace, name)
    if Tree(root=workspace.root, findings=Findings()).is_private(path):
        raise ProductionError(
            "what lies in private/ is never taken into what is published or packed",
            where=str(path),
            remedy="put the station's file somewhere else",
        )
    findings = Findings()
    found = read_handed_in(
        path,
        name=name,
        workspace=workspace,
        today=today,
        publish_identity=publish_identity,
        with_overrides=with_overrides,
        findings=findings,
    )
    if found is None:
        return NewStation(file=file, text="", station=None, findings=findings)
    new = _checked(workspace, name, file, found.text, today=today)
    # what is odd was told at the lines of the file that was handed in
    told = {(one.rule, one.problem) for one in findings}
    findings.extend(one for one in new.findings if (one.rule, one.problem) not in told)
    return NewStation(
        file=file, text=found.text, station=new.station, findings=findings, spoken=found.spoken
    )


def write_station(workspace: Workspace, new: NewStation) -> Path:
    """Write the file of a new station; gives where.

    Raises:
        ProductionError: the name was taken meanwhile, or the disk refuses.
        ValueError: something is wrong with the station.
    """
    if new.station is None or new.findings.has_errors:
        raise ValueError(f"{new.file} has faults")
    _free_file(workspace, new.station.id)
    path = own_folder(workspace.root, FOLDER) / f"{new.station.id}.yml"
    write_beside(path, new.text.encode("utf-8"))
    return path


def _checked(workspace: Workspace, name: str, file: str, text: str, *, today: date) -> NewStation:
    findings = Findings()
    station = read_station_text(
        text, file=file, name=name, workspace=workspace, today=today, findings=findings
    )
    if station is not None:
        check_stations(workspace, [station], findings)
    if findings.count(Severity.ERROR):
        station = None
    return NewStation(file=file, text=text, station=station, findings=findings)


def _free_file(workspace: Workspace, name: str) -> str:
    """Give the file that a new station would have.

    Raises:
        ProductionError: its name is none, or something in the folder has it, in whatever case.
    """
    if not is_id(name):
        raise ProductionError(
            f"{shown(name)} cannot be an id",
            where=FOLDER,
            remedy=ID_RULE,
            code=ExitCode.USAGE,
        )
    folder = workspace.root / FOLDER
    try:
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    except OSError as error:
        raise ProductionError(
            "the folder cannot be read",
            where=FOLDER,
            remedy="look at its rights",
            code=ExitCode.STORAGE,
        ) from error
    for taken in sorted(names):
        if taken.casefold().rpartition(".")[0] == name or taken.casefold() == name:
            raise ProductionError(
                f"the name {name} is taken",
                where=f"{FOLDER}/{shown(taken)}",
                remedy="choose another, or change that file",
                code=ExitCode.USAGE,
            )
    return f"{FOLDER}/{name}.yml"
