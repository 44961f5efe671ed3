"""What is told of a station: its hours as one reads them, and what it would get today, and why."""

from pathlib import Path

import pytest

from production.stations.card import card_lines, station_card
from production.stations.hours import day_words, hour_lines, stretches
from production.stations.known import known_file, known_station
from programme.errors import ProductionError
from programme.schedules import DAY, Weekday
from scripts.workspace import Workspace, read_workspace
from tests.scripts.sample_workspace import CONTACT, EPISODE, SERIES, STATION, TODAY, write_workspace

HOURS = """\
quiet_hours: 22:00-06:00
day_parts:
  morning: {time: 06:00-10:00, days: weekdays, languages: [en], clock: news}
  late: {time: 21:00-23:00, days: [sun]}
clocks:
  news: [{at: 00:00-05:30, kind: episode, series: serie, back_timed: yes}]
rotation:
  avisos: {plays_per_day: 4, minutes_apart: 60, day_parts: morning}
"""
OVERRIDE = """\
overrides:
  linea:
    contact: otra
    reason: "Here it is another number."
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    radio = STATION.replace("[serie]", "[serie, avisos]")
    files = {
        "series/avisos.yml": SERIES.replace("kind: programme", "kind: spots"),
        "series/otra.yml": SERIES,
        "episodes/otra-1.yml": EPISODE.replace("series: serie", "series: otra"),
        "stations/radio.yml": radio + HOURS + 'contact: "Desk"\n',
        "stations/mala.yml": STATION.replace("kind: radio", "kind: radyo"),
        "facts/linea.yml": None,
        "scripts/asilo/es-419.md": "# Pedir refugio es gratis\n\nPida refugio sin pagar.\n",
        "scripts/asilo/en.md": "# Asking is free\n\nAsk for asylum without paying.\n",
    }
    found, _ = read_workspace(write_workspace(tmp_path_factory.mktemp("ws"), files), today=TODAY)
    assert found is not None
    return found


def test_hours_are_told_as_one_reads_them(workspace: Workspace) -> None:
    assert list(hour_lines(workspace.stations["radio"].schedule)) == [
        "Monday to Friday:",
        "  00:00-06:00  quiet",
        "  06:00-10:00  morning, en, clock news",
        "  10:00-22:00  no day part",
        "  22:00-24:00  quiet",
        "Saturday:",
        "  00:00-06:00  quiet",
        "  06:00-22:00  no day part",
        "  22:00-24:00  quiet",
        "Sunday:",
        "  00:00-06:00  quiet",
        "  06:00-21:00  no day part",
        "  21:00-22:00  late",
        "  22:00-24:00  quiet",
    ]


@pytest.mark.parametrize("day", Weekday)
def test_a_day_has_no_gap_and_no_minute_twice(workspace: Workspace, day: Weekday) -> None:
    found = stretches(workspace.stations["radio"].schedule, day)
    assert [found[0].span.begin, *(one.span.end for one in found)] == [
        *(one.span.begin for one in found),
        DAY,
    ]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (list(Weekday), "every day"),
        ([Weekday.MONDAY], "Monday"),
        ([Weekday.SATURDAY, Weekday.SUNDAY], "Saturday to Sunday"),
        ([Weekday.SUNDAY, Weekday.MONDAY, Weekday.TUESDAY], "Monday to Tuesday, Sunday"),
    ],
)
def test_days_are_named_in_runs(days: list[Weekday], words: str) -> None:
    assert day_words(days) == words


def test_a_station_gets_its_series_in_its_languages_and_is_told_why_not(
    workspace: Workspace,
) -> None:
    card = station_card(workspace, "radio", today=TODAY)
    told = {(one.episode.id, one.language) for one in card.gets}
    refused = {(one.episode, one.language) for one in card.left_out if not one.segment}
    assert told | refused == {("uno", "es-419"), ("uno", "en")}
    assert told
    lines = "\n".join(card_lines(card))
    assert "private: nothing that is published names it" in lines
    assert "rotation: each spot of avisos 4 times a day, 60 minutes apart, in morning" in lines
    assert "00:00-05:30  an edition of serie ending when it ends" in lines
    assert all(one.problem in lines for one in card.left_out if one.segment)
    assert card.plain()["schedule"]


def test_a_station_whose_file_has_errors_is_not_called_unknown(workspace: Workspace) -> None:
    with pytest.raises(ProductionError, match="has errors"):
        known_station(workspace, "mala")
    assert known_file(workspace, "mala") == "stations/mala.yml"
    with pytest.raises(ProductionError, match=r"no station raido; there are: radio \(") as caught:
        known_station(workspace, "raido")
    assert caught.value.remedy.startswith("did you mean radio? ")
    with pytest.raises(ProductionError, match="no station"):
        known_station(workspace, "../stations/mala")


def test_an_edition_with_its_own_facts_is_marked(tmp_path: Path) -> None:
    root = write_workspace(
        tmp_path / "ws", {"facts/otra.yml": CONTACT, "stations/radio.yml": STATION + OVERRIDE}
    )
    found, findings = read_workspace(root, today=TODAY)
    assert found is not None
    assert not findings.has_errors
    card = station_card(found, "radio", today=TODAY)
    assert {key[2] for key in card.own} == {"es-419", "en"}
    assert all(one["own"] for one in card.plain()["today"])  # type: ignore[union-attr,index,call-overload]
    assert "with its own facts" in "\n".join(card_lines(card))
    assert "says        otra in place of linea" in "\n".join(card_lines(card))
