"""Stations are held against series and profiles whenever a workspace is read by a command."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import altavoz
from commands.workspace import read_and_check
from programme.errors import ExitCode
from programme.findings import Severity
from tests.scripts.sample_workspace import SERIES, STATION, TODAY, write_workspace

ASKS_TOO_MUCH = {
    "a language that no series has": (
        {"series/serie.yml": SERIES.replace("[es-419, en]", "[es-419]")},
        ("stations/radio.yml:3", "station.languages", Severity.WARNING),
    ),
    "the feed of a loop": (
        {
            "series/serie.yml": SERIES.replace("programme", "loop"),
            "stations/radio.yml": STATION.replace("pack", "feed"),
        },
        ("stations/radio.yml:6", "station.delivery", Severity.ERROR),
    ),
    "a profile for horns": (
        {"stations/radio.yml": STATION.replace("broadcast", "loudspeaker")},
        ("stations/radio.yml:5", "station.profile", Severity.WARNING),
    ),
    "files to pass on without a pack": (
        {"stations/radio.yml": STATION.replace("pack", "folder") + "share: yes\n"},
        ("stations/radio.yml:9", "station.share", Severity.WARNING),
    ),
}


@pytest.mark.parametrize("name", ASKS_TOO_MUCH)
def test_what_a_station_could_not_get_is_told_once_at_its_line(tmp_path: Path, name: str) -> None:
    changes, expected = ASKS_TOO_MUCH[name]
    _, findings = read_and_check(write_workspace(tmp_path / "ws", changes), today=TODAY)
    assert [(one.place, one.rule, one.severity) for one in findings] == [expected]


@pytest.mark.parametrize("command", [["check"], ["status"], ["build", "--dry-run"]])
def test_a_command_says_what_a_station_could_not_get(tmp_path: Path, command: list[str]) -> None:
    changes, _ = ASKS_TOO_MUCH["the feed of a loop"]
    root = write_workspace(tmp_path / "ws", changes)
    run = CliRunner().invoke(altavoz, [*command, "-w", str(root)])
    assert (run.exit_code, "error" in run.output) == (ExitCode.FINDINGS, True)
