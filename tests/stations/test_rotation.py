import itertools
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.schedules import (
    ClockWindow,
    DayPart,
    HourClock,
    MinuteOfDay,
    Schedule,
    SecondOfHour,
    SpotRule,
    TimeSpan,
    WindowKind,
)
from programme.series import SeriesKind
from programme.stations import Delivery, Station, StationKind
from programme.units import DurationMs, LanguageTag
from stations.airing import AirItem
from stations.clock_filling import plan_day
from stations.day_plan import DayPlan, NotPlaced, OpenTime, Why
from stations.play_history import DaySummary, keep_day, remember, summary_of

MONDAY = date(2026, 11, 23)
TAGS = ("es-419", "quc", "en", "ar")


def spot(
    number: int,
    language: str = "es-419",
    *,
    seconds: float = 30.0,
    series: str = "breves",
    urgent: bool = False,
    expires: date = date(2026, 12, 31),
) -> AirItem:
    return AirItem(
        series=series,
        episode=f"{series}-{number:03d}",
        number=number,
        language=LanguageTag(language),
        version=f"{number:016x}",
        title=f"{series} {number} {language}",
        artist="Red de ejemplo",
        kind=SeriesKind.SPOTS,
        urgent=urgent,
        duration_ms=DurationMs(int(seconds * 1000)),
        dated=date(2026, 11, 1),
        expires=expires,
        stem=f"{series}_{language}_{number:03d}",
    )


def station(schedule: Schedule, languages: tuple[str, ...] = TAGS) -> Station:
    return Station(
        id="radio",
        name="Radio",
        kind=StationKind.RADIO,
        languages=tuple(LanguageTag(tag) for tag in languages),
        series=("breves",),
        profile="broadcast",
        delivery=Delivery.FOLDER,
        schedule=schedule,
        file="stations/radio.yml",
    )


def rule(plays: int, apart: int = 30, series: str = "breves", *parts: str) -> SpotRule:
    return SpotRule(
        series=series, plays_per_day=plays, minutes_apart=apart, day_parts=parts, line=1
    )


def span(begin: int, end: int) -> TimeSpan:
    return TimeSpan(MinuteOfDay(begin), MinuteOfDay(end))


def clocked(seconds: int, *rules: SpotRule, begin: int = 6 * 60, end: int = 22 * 60) -> Schedule:
    """Give a day of one window of spots an hour."""
    window = ClockWindow(
        kind=WindowKind.SPOTS, begin=SecondOfHour(0), end=SecondOfHour(seconds), line=1
    )
    return Schedule(
        day_parts=(DayPart(id="all", span=span(begin, end), clock="hour", line=1),),
        clocks={"hour": HourClock(id="hour", windows=(window,), line=1)},
        rotation=rules,
    )


def counts(plan: DayPlan) -> Counter[tuple[str, str]]:
    return Counter((item.episode, item.language) for _, item in plan.spoken)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    quiet = tuple(
        span(begin, end)
        for begin, end in draw(
            st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 1440)), max_size=2)
        )
    )
    edges = sorted(draw(st.sets(st.integers(0, 119), min_size=2, max_size=10)))
    kinds = st.sampled_from([WindowKind.SPOTS, WindowKind.SPOTS, WindowKind.OPEN, WindowKind.TEXT])
    windows = tuple(
        ClockWindow(
            kind=draw(kinds),
            begin=SecondOfHour(begin * 30),
            end=SecondOfHour(end * 30),
            back_timed=draw(st.booleans()),
            text=draw(st.sampled_from([{}, {LanguageTag("es-419"): "Buenos días a todas"}])),
            line=1,
        )
        for begin, end in itertools.pairwise(edges)
    )
    cut = draw(st.integers(1, 1439))
    parts = (
        DayPart(id="early", span=span(0, cut), clock=draw(st.sampled_from(["", "c"])), line=1),
        DayPart(
            id="late",
            span=span(cut, 1440),
            clock="c",
            languages=tuple(
                LanguageTag(tag)
                for tag in draw(st.lists(st.sampled_from(TAGS), unique=True, max_size=3))
            ),
            line=2,
        ),
    )
    return Schedule(
        quiet=quiet,
        day_parts=draw(st.sampled_from([parts, (), parts[1:]])),
        clocks={"c": HourClock(id="c", windows=windows, line=1)},
        rotation=(
            rule(draw(st.integers(1, 30)), draw(st.integers(0, 90))),
            rule(draw(st.integers(1, 8)), draw(st.integers(0, 90)), "avisos"),
        ),
    )


@st.composite
def items(draw: st.DrawFn) -> list[AirItem]:
    lengths = st.integers(1_000, 400_000)
    days = st.integers(-3, 3).map(lambda off: MONDAY + timedelta(days=off))
    found = [
        replace(
            spot(number, tag, series=series, urgent=draw(st.booleans())),
            duration_ms=DurationMs(draw(lengths)),
            expires=draw(days),
        )
        for series in ("breves", "avisos")
        for number in range(1, draw(st.integers(1, 5)))
        for tag in draw(st.lists(st.sampled_from(TAGS), unique=True, min_size=1))
    ]
    return draw(st.permutations(found))


@given(schedules(), items())
def test_whatever_a_station_asks_for_nothing_overlaps_is_cut_or_runs_over(
    schedule: Schedule, given_items: list[AirItem]
) -> None:
    plan = plan_day(station(schedule), given_items, MONDAY)
    end = 0
    for play in plan.plays:
        assert play.at_ms >= end
        end = play.end_ms
        assert play.length_ms > 0
        if play.window is not None:
            assert play.window.begin_ms <= play.at_ms < play.end_ms <= play.window.end_ms
    assert end <= 24 * 3_600_000


@given(schedules(), items())
def test_quiet_hours_stay_empty_to_the_last_millisecond(
    schedule: Schedule, given_items: list[AirItem]
) -> None:
    plan = plan_day(station(schedule), given_items, MONDAY)
    for play in plan.plays:
        minutes = range(play.at_ms // 60_000, (play.end_ms - 1) // 60_000 + 1)
        assert not any(quiet.holds(minute) for quiet in schedule.quiet for minute in minutes)


@given(schedules(), items())
def test_nothing_is_played_after_its_last_day_and_that_is_said(
    schedule: Schedule, given_items: list[AirItem]
) -> None:
    plan = plan_day(station(schedule), given_items, MONDAY)
    assert all(item.expires >= MONDAY for _, item in plan.spoken)
    told = {one.item.key for one in plan.unplaced if one.item and one.why is NotPlaced.EXPIRED}
    assert told == {one.key for one in given_items if one.expires < MONDAY}


@given(schedules(), items())
def test_two_plays_of_a_spot_are_its_minutes_apart_and_no_message_follows_itself(
    schedule: Schedule, given_items: list[AirItem]
) -> None:
    plan = plan_day(station(schedule), given_items, MONDAY)
    rules = {one.series: one for one in schedule.rotation}
    last: dict[tuple[str, str, str], int] = {}
    before: AirItem | None = None
    at = 0
    for play in plan.plays:
        if isinstance(play.airs, OpenTime):
            before = None
        if not isinstance(play.airs, AirItem):
            continue
        item = play.airs
        apart = rules[item.series].minutes_apart * 60_000 // (2 if item.urgent else 1)
        if item.key in last:
            assert play.at_ms - last[item.key] >= apart
        if before is not None and before.message == item.message:
            assert play.at_ms - at >= max(apart, 300_000)
        last[item.key] = play.at_ms
        before, at = item, play.at_ms


@given(schedules(), items())
def test_the_same_day_is_planned_the_same_whatever_order_things_come_in(
    schedule: Schedule, given_items: list[AirItem]
) -> None:
    whole = plan_day(station(schedule), given_items, MONDAY)
    assert plan_day(station(schedule), list(reversed(given_items)), MONDAY) == whole


@given(schedules(), items())
def test_what_was_asked_for_is_played_or_reported(
    schedule: Schedule, given_items: list[AirItem]
) -> None:
    plan = plan_day(station(schedule), given_items, MONDAY)
    got = Counter(item.key for _, item in plan.spoken)
    told = {one.item.key: one for one in plan.unplaced if one.item is not None}
    for item in given_items:
        asked = next(one for one in schedule.rotation if one.series == item.series)
        wanted = asked.plays_per_day * (2 if item.urgent else 1)
        if item.key in told:
            assert told[item.key].placed == got[item.key] < max(told[item.key].wanted, 1)
        else:
            assert got[item.key] == wanted


@given(
    st.integers(1, 9),
    st.integers(1, 4),
    st.integers(1, 40),
    st.integers(20, 200),
    st.integers(0, 60),
    st.booleans(),
)
def test_two_spots_of_a_rule_differ_by_one_play_at_most_where_room_is_short(  # noqa: PLR0917
    messages: int, tags: int, plays: int, seconds: int, apart: int, is_clocked: bool
) -> None:
    schedule = clocked(seconds, rule(plays, apart))
    if not is_clocked:
        schedule = Schedule(rotation=schedule.rotation, quiet=(span(22 * 60, 6 * 60),))
    given_items = [
        spot(number, tag, seconds=20) for number in range(1, messages + 1) for tag in TAGS[:tags]
    ]
    plan = plan_day(station(schedule), given_items, MONDAY)
    got = counts(plan)
    found = [got[item.episode, item.language] for item in given_items]
    assert max(found) - min(found) <= 1


@given(st.lists(st.integers(5, 60), min_size=2, max_size=8), st.integers(60, 150))
def test_spots_of_other_lengths_that_fit_every_window_are_as_fair(
    lengths: list[int], seconds: int
) -> None:
    given_items = [spot(n, seconds=length) for n, length in enumerate(lengths, start=1)]
    plan = plan_day(station(clocked(seconds, rule(16, 0))), given_items, MONDAY)
    found = [counts(plan)[item.episode, item.language] for item in given_items]
    assert max(found) - min(found) <= 1


def test_who_came_short_yesterday_comes_first_today() -> None:
    # 7 spots of 30 s, one window of 60 s in each of 4 hours: 8 places for 14 plays.
    schedule = clocked(60, rule(2, 30), begin=6 * 60, end=10 * 60)
    given_items = [spot(number) for number in range(1, 8)]
    days: list[DaySummary] = []
    total: Counter[tuple[str, str]] = Counter()
    for off in range(7):
        day = MONDAY + timedelta(days=off)
        plan = plan_day(station(schedule), given_items, day, history=remember(days, day))
        days.append(summary_of(keep_day(plan)))
        assert len(plan.spoken) == 8
        total += counts(plan)
    # 56 places in a week for 7 spots: 8 each.
    assert set(total.values()) == {8}


def test_what_a_station_did_not_play_is_owed_though_it_was_planned() -> None:
    schedule = clocked(60, rule(1, 30), begin=6 * 60, end=7 * 60)
    given_items = [spot(number) for number in range(1, 5)]
    first = plan_day(station(schedule), given_items, MONDAY)
    assert [item.number for _, item in first.spoken] == [1, 2]
    tomorrow = MONDAY + timedelta(days=1)
    kept = [summary_of(keep_day(first))]
    silent = remember(kept, tomorrow, played={MONDAY: {}})
    again = plan_day(station(schedule), given_items, tomorrow, history=silent)
    assert [item.number for _, item in again.spoken] == [1, 2]
    as_planned = plan_day(
        station(schedule), given_items, tomorrow, history=remember(kept, tomorrow)
    )
    assert [item.number for _, item in as_planned.spoken] == [3, 4]


def test_an_alert_opens_its_window_and_is_heard_twice_as_often() -> None:
    given_items = [spot(number) for number in range(1, 4)] + [spot(9, urgent=True)]
    plan = plan_day(station(clocked(120, rule(4, 60))), given_items, MONDAY)
    assert counts(plan) == {
        ("breves-001", "es-419"): 4,
        ("breves-002", "es-419"): 4,
        ("breves-003", "es-419"): 4,
        ("breves-009", "es-419"): 8,
    }
    for play, item in plan.spoken:
        if item.urgent:
            assert play.why is Why.URGENT
            assert play.at_ms % 3_600_000 == 0
    assert plan.spoken[0][1].urgent


def test_spots_are_spread_over_the_day_and_not_all_heard_in_the_morning() -> None:
    plan = plan_day(station(clocked(180, rule(4))), [spot(1), spot(2)], MONDAY)
    hours = [play.at_ms // 3_600_000 for play, item in plan.spoken if item.number == 1]
    assert hours == [6, 10, 14, 18]


def test_the_language_that_is_needed_most_goes_first() -> None:
    given_items = [spot(1, "en"), spot(2, "quc"), spot(3, "es-419")]
    schedule = clocked(120, rule(1), begin=6 * 60, end=7 * 60)
    plan = plan_day(station(schedule), given_items, MONDAY)
    assert [item.language for _, item in plan.spoken] == ["es-419", "quc", "en"]
    part = replace(schedule.day_parts[0], languages=(LanguageTag("en"), LanguageTag("es-419")))
    plan = plan_day(station(replace(schedule, day_parts=(part,))), given_items, MONDAY)
    assert [item.language for _, item in plan.spoken] == ["en", "es-419"]
    assert [(one.why, one.item and one.item.language) for one in plan.unplaced] == [
        (NotPlaced.NOT_HEARD, "quc")
    ]


def test_a_long_spot_that_alerts_leave_no_room_for_holds_nobody_up() -> None:
    # Two alerts of 20 s fill 40 of 60 s in every hour: 45 s never fit, 15 s do.
    given_items = [
        spot(1, seconds=45),
        spot(2, seconds=15),
        spot(8, seconds=20, urgent=True),
        spot(9, seconds=20, urgent=True),
    ]
    plan = plan_day(station(clocked(60, rule(8, 60))), given_items, MONDAY)
    got = counts(plan)
    assert got["breves-001", "es-419"] == 0
    assert got["breves-002", "es-419"] == 8
    short = [one for one in plan.unplaced if one.item is not None and one.item.number == 1]
    assert [(one.why, one.wanted, one.placed) for one in short] == [(NotPlaced.NO_ROOM, 8, 0)]


def test_a_rule_for_the_morning_is_kept_to_the_morning() -> None:
    schedule = Schedule(
        day_parts=(
            DayPart(id="morning", span=span(6 * 60, 10 * 60), line=1),
            DayPart(id="evening", span=span(18 * 60, 20 * 60), line=2),
        ),
        rotation=(rule(6, 30, "breves", "morning"),),
    )
    plan = plan_day(station(schedule), [spot(1)], MONDAY)
    assert {play.day_part for play in plan.plays} == {"morning"}
    assert len(plan.plays) == 6
