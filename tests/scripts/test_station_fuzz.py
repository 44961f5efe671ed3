"""Whatever a station's file holds, it is read without an accident, and what is sound is sound."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.findings import Findings
from programme.schedules import DAY, Weekday
from scripts.station_reading import read_station_text
from scripts.workspace import Workspace, read_workspace
from scripts.yaml_text import dump_yaml
from tests.scripts.sample_workspace import SERIES, STATION, TODAY, write_workspace

KEYS = st.sampled_from(
    [
        *("name", "kind", "languages", "series", "delivery", "automation", "drive_path", "carts"),
        *("quiet_hours", "day_parts", "clocks", "rotation", "loop", "overrides", "share", "group"),
        *("time", "days", "at", "text", "back_timed", "plays_per_day", "minutes_apart", "clock"),
        *("locator", "chime", "form", "repeat", "es-419", "en", "avisos", "a", "b", ""),
    ]
)
WORDS = st.sampled_from(
    [
        *("05:00-06:00", "22:00-06:00", "00:00-24:00", "06:00-06:00", "00:00-05:00", "59:59-60:00"),
        *("mon-fri", "sun-mon", "weekend", "spots", "episode", "text", "open", "yes", "no", "7"),
        *("serie", "avisos", "en", "es-419", "a", "b", "campana", "zararadio", "D:\\x", "/x", "0"),
        *("1-2", "-1", "99999999999", "radio", "transit", "pack", "set", "~", "null", "", "\u0663"),
    ]
)
VALUES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=14,
)
SPANS = st.builds(
    lambda begin, end: f"{begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}",
    st.integers(0, DAY // 15 - 1).map(lambda quarter: 15 * quarter),
    st.integers(0, DAY // 15).map(lambda quarter: 15 * quarter),
)
PARTS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.fixed_dictionaries(
        {"time": SPANS}, optional={"days": st.sampled_from(["mon", "mon-fri", "fri-mon"])}
    ),
    max_size=3,
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root: Path = tmp_path_factory.mktemp("ws")
    spots = {"series/avisos.yml": SERIES.replace("kind: programme", "kind: spots")}
    found, _ = read_workspace(write_workspace(root, spots), today=TODAY)
    assert found is not None
    return found


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_any_file_is_read_or_told_what_is_wrong(
    workspace: Workspace, values: dict[str, object]
) -> None:
    for base in ("", STATION):
        findings = Findings()
        own = {key: value for key, value in values.items() if f"\n{key}:" not in f"\n{base}"}
        station = read_station_text(
            base + (dump_yaml(own) if own else ""),
            file="x.yml",
            name="x",
            workspace=workspace,
            today=TODAY,
            findings=findings,
        )
        assert station is not None or findings.has_errors
        assert all(one.problem and one.remedy for one in findings)
        for clock in station.schedule.clocks.values() if station is not None else ():
            for first, second in pairwise(clock.windows):
                assert first.begin < first.end <= second.begin


@given(parts=PARTS, quiet=st.lists(SPANS, max_size=2))
def test_a_minute_of_a_sound_file_lies_in_one_day_part_at_most(
    workspace: Workspace, parts: dict[str, dict[str, str]], quiet: list[str]
) -> None:
    findings = Findings()
    station = read_station_text(
        STATION + dump_yaml({"day_parts": parts, "quiet_hours": quiet}),
        file="x.yml",
        name="x",
        workspace=workspace,
        today=TODAY,
        findings=findings,
    )
    overlap = any("overlaps" in one.problem for one in findings)
    read = Findings()
    alone = {
        name: read_station_text(
            STATION + dump_yaml({"day_parts": {name: part}}),
            file="x.yml",
            name="x",
            workspace=workspace,
            today=TODAY,
            findings=read,
        )
        for name, part in parts.items()
    }
    if any(one is None for one in alone.values()):
        return
    twice = any(
        sum(
            one is not None and one.schedule.day_part_at(day, minute) is not None
            for one in alone.values()
        )
        > 1
        for day in Weekday
        for minute in range(DAY)
    )
    assert overlap == twice
    if station is not None:
        assert any(not station.schedule.is_quiet(minute) for minute in range(DAY))
