"""When a station plays what: times, day parts, clocks and rotation are read as they are written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.findings import Severity
from programme.schedules import (
    DAY,
    EVERY_DAY,
    MinuteOfDay,
    Schedule,
    TimeSpan,
    Weekday,
    WindowKind,
)
from programme.stations import Automation, AutomationSettings, Station
from scripts.day_times import parse_day_span, parse_hour_span
from tests.scripts.sample_workspace import SERIES, STATION, check, told_badly

SPOTS = SERIES.replace("kind: programme", "kind: spots")
RADIO = STATION.replace("[serie]", "[serie, avisos]") + "automation: none\n"

FULL = """\
contact: "Cabina, +502 2222 3333"
share: yes
quiet_hours: [22:00-05:30, 13:00-14:00]
day_parts:
  morning: {time: 06:00-10:00, days: mon-fri, languages: [en, es-419], clock: news}
  night: {time: 20:00-01:00}
clocks:
  news:
    - {at: 28:00-30:00, kind: spots, back_timed: yes, series: avisos}
    - {at: 00:00-10:00, kind: episode, series: serie, languages: en}
    - at: 10:00-11:00
      kind: text
      text: {es-419: "Son las noticias."}
    - {at: 40:00-60:00, kind: open}
rotation:
  avisos: {plays_per_day: 6, minutes_apart: 45, day_parts: [morning]}
"""


def station(tmp_path: Path, more: str, text: str = RADIO) -> Station:
    workspace, findings = check(
        tmp_path, {"series/avisos.yml": SPOTS, "stations/radio.yml": text + more}
    )
    assert [(one.place, one.problem) for one in findings] == []
    assert workspace is not None
    return workspace.stations["radio"]


def test_a_station_says_when_it_plays_what(tmp_path: Path) -> None:
    found = station(tmp_path, FULL)
    assert found.contact == "Cabina, +502 2222 3333"
    assert found.share
    schedule = found.schedule
    assert [str(span) for span in schedule.quiet] == ["13:00-14:00", "22:00-05:30"]
    morning, night = schedule.day_parts
    assert (morning.id, str(morning.span), morning.languages, morning.clock) == (
        *("morning", "06:00-10:00"),
        *(("en", "es-419"), "news"),
    )
    assert morning.days == frozenset(list(Weekday)[:5])
    assert (night.days, night.languages, night.span.minutes) == (EVERY_DAY, (), 300)
    windows = schedule.clocks["news"].windows
    assert [(one.begin, one.end, one.kind) for one in windows] == [
        (0, 600, WindowKind.EPISODE),
        (600, 660, WindowKind.TEXT),
        (1680, 1800, WindowKind.SPOTS),
        (2400, 3600, WindowKind.OPEN),
    ]
    assert windows[0].series == ("serie",)
    assert windows[0].languages == ("en",)
    assert windows[1].text == {"es-419": "Son las noticias."}
    assert windows[2].back_timed
    (rule,) = schedule.rotation
    assert (rule.series, rule.plays_per_day, rule.minutes_apart, rule.day_parts) == (
        *("avisos", 6, 45),
        ("morning",),
    )


def test_a_station_that_says_nothing_of_time_plans_by_itself(tmp_path: Path) -> None:
    found = station(tmp_path, "")
    assert found.schedule == Schedule()
    assert (found.automation, found.settings) == (Automation.NONE, AutomationSettings())
    assert found.loop is None
    assert not found.share


WRONG = {
    # what is written, then line (below the ten lines of the radio), rule and words of each finding
    "no time": ("quiet_hours: 25:00-06:00\n", [(10, "time", "no time of the day")]),
    "from the end of the day": ("quiet_hours: 24:00-06:00\n", [(10, "time", "24:00-06:00")]),
    "half past sixty": ("quiet_hours: 21:60-06:00\n", [(10, "time", "21:60-06:00")]),
    "always quiet": (
        "quiet_hours: [00:00-12:00, 12:00-24:00]\n",
        [(10, "quiet", "nothing could be played")],
    ),
    "a day part in quiet hours": (
        "quiet_hours: 22:00-06:00\nday_parts:\n  night: {time: 23:00-05:00}\n",
        [(12, "quiet", "night lies within the quiet hours")],
    ),
    "no clock": (
        (
            "day_parts:\n  dawn: {time: 05:00-06:00, clock: newz}\n"
            "clocks:\n  news: [{at: 00:00-05:00, kind: open}]\n"
        ),
        [(11, "clock", "no clock newz"), (13, "clock", "no day part runs by")],
    ),
    "parts that overlap at night": (
        (
            "day_parts:\n  late: {time: 22:00-02:00, days: sun}\n"
            "  early: {time: 01:00-03:00, days: [mon]}\n"
        ),
        [(12, "day-part", "early overlaps late of line 11: both hold Monday, 01:00")],
    ),
    "windows that overlap": (
        (
            "day_parts:\n  dawn: {time: 05:00-06:00, clock: news}\n"
            "clocks:\n  news:\n    - {at: 04:00-06:00, kind: open}\n"
            "    - {at: 00:00-04:01, kind: open}\n"
        ),
        [(14, "clock", "the one of line 15 ends")],
    ),
    "a window that ends before it begins": (
        (
            "day_parts:\n  dawn: {time: 05:00-06:00, clock: news}\n"
            "clocks:\n  news: [{at: 50:00-05:00, kind: open}]\n"
        ),
        [(13, "time", "50:00-05:00 is no time of an hour")],
    ),
    "a presenter without words": (
        (
            "day_parts:\n  dawn: {time: 05:00-06:00, clock: news}\n"
            "clocks:\n  news: [{at: 00:00-05:00, kind: text}]\n"
        ),
        [(13, "clock", "nothing to say")],
    ),
    "a series in an open window": (
        (
            "day_parts:\n  dawn: {time: 05:00-06:00, clock: news}\n"
            "clocks:\n  news: [{at: 00:00-05:00, kind: open, series: serie}]\n"
        ),
        [(13, "clock", "plays nothing of ours")],
    ),
    "a clock without windows": (
        "day_parts:\n  dawn: {time: 05:00-06:00, clock: news}\nclocks:\n  news: []\n",
        [(13, "clock", "has no windows")],
    ),
    "rotation of a series that is not taken": (
        "rotation:\n  avisoz: {plays_per_day: 2}\n",
        [(11, "series", "does not take avisoz")],
    ),
    "rotation of a programme": (
        "rotation:\n  serie: {plays_per_day: 2}\n",
        [(11, "series", "no series of spots")],
    ),
    "rotation without plays": (
        "rotation:\n  avisos: {minutes_apart: 2}\n",
        [(11, "", "plays_per_day is missing")],
    ),
    "more plays than the day has room for": (
        "quiet_hours: 08:00-07:00\nrotation:\n  avisos: {plays_per_day: 4, minutes_apart: 20}\n",
        [(12, "rotation", "3 do")],
    ),
    "rotation in no day part": (
        "rotation:\n  avisos: {plays_per_day: 4, day_parts: dawn}\n",
        [(11, "day-part", "no day part dawn")],
    ),
    "a language that the station has not": (
        "day_parts:\n  dawn: {time: 05:00-06:00, languages: quc}\n",
        [(11, "", "not a language of this network")],
    ),
    "a day that is none": (
        "day_parts:\n  dawn: {time: 05:00-06:00, days: [mon, lunes]}\n",
        [(11, "time", "lunes is no day of the week")],
    ),
    "a key that nobody knows": (
        "day_parts:\n  dawn: {time: 05:00-06:00, day: mon}\n",
        [(11, "", "nobody knows the key day")],
    ),
    "a part without keys": ("day_parts:\n  dawn: 05:00\n", [(11, "day-part", "says nothing")]),
    "a part with a bad name": (
        "day_parts:\n  Dawn: {time: 05:00-06:00}\n",
        [(11, "", "Dawn is no id")],
    ),
    "two parts of one name": (
        "day_parts:\n  dawn: {time: 05:00-06:00}\n  dawn: {time: 06:00-07:00}\n",
        [(12, "", "the key dawn a second time")],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_told_at_its_line(tmp_path: Path, name: str) -> None:
    more, expected = WRONG[name]
    _, findings = check(tmp_path, {"series/avisos.yml": SPOTS, "stations/radio.yml": RADIO + more})
    found = [(one.line, one.rule, one.problem) for one in findings]
    assert len(found) == len(expected), found
    for (line, rule, problem), (at, name_of_rule, words) in zip(found, expected, strict=True):
        assert line == at, found
        assert not name_of_rule or rule == f"station.{name_of_rule}", found
        assert words in problem
    assert told_badly(findings) == []


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    more = (
        "automation: zarraradio\nquiet_hours: 9-5\nday_parts: {x: {time: 6}}\n"
        "clocks: {y: {}}\nrotation: {z: {}}\nloop: {chime: gong}\nsher: yes\n"
    )
    text = RADIO.replace("automation: none\n", "")
    _, findings = check(tmp_path, {"stations/radio.yml": text + more})
    lines = {one.line for one in findings if one.severity is Severity.ERROR}
    assert {4, *range(9, 16)} <= lines  # line 4 names the series that is not there


def test_a_file_with_thousands_of_day_parts_is_refused_at_once(tmp_path: Path) -> None:
    parts = "".join(f"  p{n}: {{time: 00:00-24:00}}\n" for n in range(20_000))
    _, findings = check(tmp_path, {"stations/radio.yml": STATION + "day_parts:\n" + parts})
    assert "there are 20000 day parts here" in " ".join(one.problem for one in findings)
    assert len(findings) < 200


def test_a_day_part_past_midnight_belongs_to_the_day_on_which_it_began(tmp_path: Path) -> None:
    more = "day_parts:\n  late: {time: 22:00-02:00, days: [sun]}\n"
    schedule = station(tmp_path, more).schedule
    (late,) = schedule.day_parts
    assert schedule.day_part_at(Weekday.SUNDAY, 23 * 60) is late
    assert schedule.day_part_at(Weekday.MONDAY, 60) is late
    assert schedule.day_part_at(Weekday.SUNDAY, 60) is None
    assert schedule.day_part_at(Weekday.MONDAY, 120) is None


@pytest.mark.parametrize(
    ("hours", "apart", "most"),
    [
        # fence posts: in an hour, a play every 20 minutes is 3, at 0, 20 and 40
        ("06:00-07:00", 20, 3),
        ("06:00-07:01", 20, 4),
        ("23:30-00:30", 20, 2),  # half an hour of each day: 23:30, 23:50, or 00:00, 00:20
        ("00:00-24:00", 1440, 1),
        ("00:00-24:00", 5, 288),
    ],
)
def test_as_many_plays_fit_as_can_be_counted_by_hand(
    tmp_path: Path, hours: str, apart: int, most: int
) -> None:
    more = (
        f"day_parts: {{x: {{time: {hours}, days: mon}}}}\n"
        "rotation: {avisos: {day_parts: x, minutes_apart: %d, plays_per_day: %d}}\n"
    )
    if most < 288:
        text = RADIO + more % (apart, most + 1)
        _, findings = check(
            tmp_path / "more", {"series/avisos.yml": SPOTS, "stations/radio.yml": text}
        )
        assert f"{most} do" in " ".join(one.problem for one in findings)
    station(tmp_path / "fit", more % (apart, most))


times = st.integers(0, DAY - 1).map(MinuteOfDay)


@given(begin=times, end=times)
def test_a_span_is_read_back_as_it_is_written(begin: MinuteOfDay, end: MinuteOfDay) -> None:
    span = TimeSpan(begin, end)
    assert parse_day_span(str(span)) == span
    assert sum(span.holds(minute) for minute in range(DAY)) == span.minutes


@given(st.text(alphabet="0123456789:-\u2013 ٣x", max_size=14))
def test_a_time_is_read_rightly_or_not_at_all(text: str) -> None:
    day, hour = parse_day_span(text), parse_hour_span(text)
    if day is not None:
        assert 0 <= day.begin < DAY
        assert 0 <= day.end <= DAY
    if hour is not None:
        assert 0 <= hour[0] < hour[1] <= 3600
