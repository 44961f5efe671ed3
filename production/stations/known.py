"""A station by its name, for every command that is told one."""

from programme.errors import ExitCode, ProductionError
from programme.identifiers import is_id
from programme.stations import Station
from scripts.wording import listed, maybe_meant, shown
from scripts.workspace import Workspace

FOLDER = "stations"


def known_station(workspace: Workspace, name: str) -> Station:
    """Give a station by its id.

    Raises:
        ProductionError: there is none (USAGE), or its file has errors (FINDINGS).
    """
    if name in workspace.stations:
        return workspace.stations[name]
    file = _file_on_disk(workspace, name)
    if file:
        raise ProductionError(
            "this station's file has errors",
            where=file,
            remedy="see them with: altavoz station check",
            code=ExitCode.FINDINGS,
        )
    raise ProductionError(
        f"there is no station {shown(name)}; there are: {listed(workspace.stations)}",
        where=f"{FOLDER}/",
        remedy=f"{maybe_meant(name, workspace.stations)}name one of them, or make one with: "
        "altavoz station add",
        code=ExitCode.USAGE,
    )


def known_file(workspace: Workspace, name: str) -> str:
    """Give the file of a station, also of one whose file has errors.

    Raises:
        ProductionError: there is no such file (USAGE).
    """
    return _file_on_disk(workspace, name) or known_station(workspace, name).file


def _file_on_disk(workspace: Workspace, name: str) -> str:
    file = f"{FOLDER}/{name}.yml"
    return file if is_id(name) and (workspace.root / file).is_file() else ""
