from dataclasses import replace
from datetime import date, timedelta

import pytest

from programme.schedules import (
    ClockWindow,
    DayPart,
    HourClock,
    MinuteOfDay,
    Schedule,
    SecondOfHour,
    SpotRule,
    TimeSpan,
    Weekday,
    WindowKind,
)
from programme.series import SeriesKind
from programme.stations import Delivery, Station, StationKind
from programme.units import DurationMs, LanguageTag
from stations.airing import AirItem
from stations.clock_filling import plan_day, reading_ms
from stations.day_plan import DayPlan, NotPlaced, OpenTime, PresenterText
from stations.play_history import DaySummary, keep_day, remember, summary_of

MONDAY = date(2026, 11, 23)
ES, EN = LanguageTag("es-419"), LanguageTag("en")
SIX = 6 * 3_600_000


def programme(
    number: int, language: LanguageTag = ES, *, seconds: float = 600.0, days: int = 0
) -> AirItem:
    return AirItem(
        series="seguro",
        episode=f"seguro-{number}",
        number=number,
        language=language,
        version="a",
        title=f"Programa {number}",
        artist="Red",
        kind=SeriesKind.PROGRAMME,
        duration_ms=DurationMs(int(seconds * 1000)),
        dated=date(2026, 11, 1) + timedelta(days=number + days),
        expires=date(2026, 12, 31),
        stem=f"seguro_{language}_{number}",
    )


def spot(number: int, *, ms: int = 30_000) -> AirItem:
    one = programme(number)
    return replace(
        one,
        series="breves",
        episode=f"breves-{number}",
        kind=SeriesKind.SPOTS,
        duration_ms=DurationMs(ms),
        stem=f"breves_{number}",
    )


def window(kind: WindowKind, begin: int, end: int, **more: object) -> ClockWindow:
    return ClockWindow(
        kind=kind,
        begin=SecondOfHour(begin),
        end=SecondOfHour(end),
        line=1,
        **more,  # type: ignore[arg-type]
    )


def station(
    *windows: ClockWindow,
    hours: int = 1,
    languages: tuple[LanguageTag, ...] = (ES, EN),
    plays: int = 4,
    days: frozenset[Weekday] = frozenset(Weekday),
    quiet: tuple[TimeSpan, ...] = (),
) -> Station:
    span = TimeSpan(MinuteOfDay(360), MinuteOfDay(360 + 60 * hours))
    return Station(
        id="radio",
        name="Radio",
        kind=StationKind.RADIO,
        languages=languages,
        series=("seguro", "breves"),
        profile="broadcast",
        delivery=Delivery.FOLDER,
        schedule=Schedule(
            quiet=quiet,
            day_parts=(DayPart(id="morning", span=span, clock="hour", days=days, line=1),),
            clocks={"hour": HourClock(id="hour", windows=windows, line=1)},
            rotation=(SpotRule(series="breves", plays_per_day=plays, minutes_apart=0, line=1),),
        ),
        file="stations/radio.yml",
    )


def placed(plan: DayPlan) -> list[tuple[int, int, str]]:
    """Give begin and end after six o'clock, in milliseconds, and what it is."""
    names = {OpenTime: "open", PresenterText: "text"}
    return [
        (
            one.at_ms - SIX,
            one.end_ms - SIX,
            one.airs.episode if isinstance(one.airs, AirItem) else names[type(one.airs)],
        )
        for one in plan.plays
    ]


def test_a_back_timed_window_ends_to_the_millisecond_when_it_ends() -> None:
    place = window(WindowKind.SPOTS, 1680, 1800, back_timed=True)
    plan = plan_day(station(place), [spot(1, ms=41_337), spot(2, ms=43_001)], MONDAY)
    end = 1_800_000
    assert placed(plan) == [
        (end - 84_338, end - 43_001, "breves-1"),
        (end - 43_001, end, "breves-2"),
    ]


def test_a_presenter_speaks_before_a_back_timed_episode_and_it_still_ends_on_time() -> None:
    # 13 words at 130 a minute: 6 s.
    text = {ES: "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece"}
    place = window(WindowKind.EPISODE, 0, 700, back_timed=True, text=text)
    plan = plan_day(station(place), [programme(1)], MONDAY)
    assert placed(plan) == [(94_000, 100_000, "text"), (100_000, 700_000, "seguro-1")]


def test_an_episode_longer_than_its_window_is_never_cut_and_both_lengths_are_told() -> None:
    plan = plan_day(
        station(window(WindowKind.EPISODE, 0, 600)), [programme(1, seconds=600.001)], MONDAY
    )
    assert plan.plays == ()
    long, empty = plan.unplaced
    assert (long.why, long.length_ms, long.room_ms) == (NotPlaced.TOO_LONG, 600_001, 600_000)
    assert (empty.why, empty.length_ms) == (NotPlaced.NOTHING, 600_000)
    exact = plan_day(station(window(WindowKind.EPISODE, 0, 600)), [programme(1)], MONDAY)
    assert placed(exact) == [(0, 600_000, "seguro-1")]


def test_the_newest_episode_is_taken_that_was_not_heard_today() -> None:
    items = [programme(1), programme(2), programme(30)]
    plan = plan_day(station(window(WindowKind.EPISODE, 0, 900), hours=3), items, MONDAY)
    assert [name for _, _, name in placed(plan)] == ["seguro-2", "seguro-1"]
    assert [one.why for one in plan.unplaced] == [NotPlaced.NOTHING]


def test_languages_take_turns_in_a_daily_window() -> None:
    place = station(window(WindowKind.EPISODE, 0, 900))
    items = [programme(n, tag) for n in (1, 2) for tag in (ES, EN)]
    days: list[DaySummary] = []
    for off in range(4):
        day = MONDAY + timedelta(days=off)
        plan = plan_day(place, items, day, history=remember(days, day))
        days.append(summary_of(keep_day(plan)))
    assert [kept.last and kept.last[0][1:] for kept in days] == [
        ("seguro-2", ES),
        ("seguro-2", EN),
    ] * 2


def test_an_alert_takes_the_next_window_for_episodes() -> None:
    items = [programme(2), replace(programme(1, EN), urgent=True)]
    plan = plan_day(station(window(WindowKind.EPISODE, 0, 900)), items, MONDAY)
    assert [name for _, _, name in placed(plan)] == ["seguro-1"]


def test_presenter_texts_come_in_the_order_of_need_and_what_does_not_fit_is_told() -> None:
    long = " ".join(["palabra"] * 130)
    place = window(WindowKind.TEXT, 0, 65, text={EN: "one two", ES: long})
    plan = plan_day(station(place), [], MONDAY)
    assert placed(plan) == [(0, 60_000, "text"), (60_000, 61_000, "text")]
    short = window(WindowKind.TEXT, 0, 30, text={EN: "one two", ES: long})
    plan = plan_day(station(short), [], MONDAY)
    assert placed(plan) == [(0, 1_000, "text")]
    (told,) = plan.unplaced
    assert (told.why, told.length_ms, told.room_ms) == (NotPlaced.TOO_LONG, 60_000, 30_000)


def test_a_text_that_leaves_no_room_for_its_episode_gives_way_and_is_told() -> None:
    text = {ES: " ".join(["palabra"] * 26)}  # 12 s
    place = window(WindowKind.EPISODE, 0, 610, text=text)
    plan = plan_day(station(place), [programme(1)], MONDAY)
    assert placed(plan) == [(0, 600_000, "seguro-1")]
    (told,) = plan.unplaced
    assert (told.why, told.length_ms, told.room_ms) == (NotPlaced.NO_ROOM, 12_000, 10_000)


def test_the_stations_own_time_is_in_the_plan_and_holds_nothing_of_ours() -> None:
    windows = (window(WindowKind.SPOTS, 0, 60), window(WindowKind.OPEN, 60, 3600))
    plan = plan_day(station(*windows, plays=1), [spot(1)], MONDAY)
    assert placed(plan) == [(0, 30_000, "breves-1"), (60_000, 3_600_000, "open")]


def test_a_window_ends_where_quiet_hours_begin() -> None:
    quiet = (TimeSpan(MinuteOfDay(369), MinuteOfDay(372)),)
    place = station(window(WindowKind.EPISODE, 0, 600), quiet=quiet)
    plan = plan_day(place, [programme(1, seconds=541), programme(2, seconds=540)], MONDAY)
    assert placed(plan) == [(0, 540_000, "seguro-2")]


def test_a_day_part_of_other_days_is_not_filled() -> None:
    place = station(window(WindowKind.SPOTS, 0, 60), days=frozenset({Weekday.SUNDAY}))
    plan = plan_day(place, [spot(1)], MONDAY)
    assert plan.plays == ()
    assert [one.why for one in plan.unplaced] == [NotPlaced.NOT_HEARD]
    assert plan_day(place, [spot(1)], MONDAY - timedelta(days=1)).plays != ()


def test_a_part_past_midnight_is_still_that_of_the_evening() -> None:
    place = station(window(WindowKind.SPOTS, 0, 60), days=frozenset({Weekday.SUNDAY}), plays=3)
    late = replace(
        place.schedule.day_parts[0], span=TimeSpan(MinuteOfDay(23 * 60), MinuteOfDay(120))
    )
    place = replace(place, schedule=replace(place.schedule, day_parts=(late,)))
    sunday = plan_day(place, [spot(1)], MONDAY - timedelta(days=1))
    assert [play.at_ms // 3_600_000 for play in sunday.plays] == [23]
    monday = plan_day(place, [spot(1)], MONDAY)
    assert [play.at_ms // 3_600_000 for play in monday.plays] == [0, 1]


def test_a_spot_without_a_rule_is_told_and_an_edition_twice_is_a_mistake_of_ours() -> None:
    place = station(window(WindowKind.SPOTS, 0, 60))
    bare = replace(place, schedule=replace(place.schedule, rotation=()))
    plan = plan_day(bare, [spot(1)], MONDAY)
    assert [one.why for one in plan.unplaced][:1] == [NotPlaced.NO_RULE]
    with pytest.raises(ValueError, match="given twice"):
        plan_day(place, [spot(1), spot(1)], MONDAY)


def test_a_plan_knows_its_hours_and_its_last_day() -> None:
    place = station(window(WindowKind.SPOTS, 0, 60), hours=2, plays=2)
    plan = plan_day(place, [spot(1)], MONDAY)
    assert [len(list(plan.hour(hour))) for hour in (5, 6, 7, 8)] == [0, 1, 1, 0]
    assert plan.valid_until == date(2026, 12, 31)
    assert [play.at_s for play in plan.plays] == [21_600, 25_200]


def test_languages_without_spaces_are_reckoned_by_their_letters() -> None:
    assert reading_ms("一二三四", LanguageTag("zh-Hans")) == 1_000
    assert reading_ms("字" * 240, LanguageTag("zh-Hans")) == 60_000
    assert reading_ms(" ".join(["palabra"] * 130), ES) == 60_000
