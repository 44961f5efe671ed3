"""Items that come to a feed late are not back-dated there; what was there once stays there."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bench.feeds_workload import NOW
from feeds.channel import ChannelKind, FeedChannel, FeedItem, ItemState
from feeds.validate import check_feed
from production.catalogue.catalogue import FEED, Catalogue
from production.catalogue.station_takes import TAKES, StationTakes, came_at
from production.ledger.ledger import Ledger
from production.releases.values import (
    Change,
    News,
    Notice,
    Release,
    Withdrawing,
    ledger_line,
    withdraw,
)
from programme.units import LanguageTag
from scripts.workspace import Workspace
from tests.production.catalogue.catalogues import (
    catalogue,
    documents,
    record,
    release,
    write_workspace,
)

DAY = timedelta(days=1)
ES = LanguageTag("es-419")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return write_workspace(tmp_path_factory.mktemp("late"))


def published(
    workspace: Workspace, ledger: Ledger, news: Sequence[News] = (), *, now: datetime = NOW
) -> Catalogue:
    """Give the catalogue, and write it into the ledger as a publish does."""
    made = catalogue(workspace, ledger, news, now=now)
    ledger.append_all(
        [
            *((FEED, feed.plain()) for feed in made.new_feeds),
            *((TAKES, line.plain()) for line in made.new_takes),
            *(ledger_line(one) for one in news),
        ]
    )
    return made


def feed(made: Catalogue, kind: ChannelKind, name: str) -> FeedChannel:
    (found,) = (one for one in made.channels if (one.kind, one.id) == (kind, name))
    return found


def items(channel: FeedChannel) -> dict[str, FeedItem]:
    return {item.guid: item for item in channel.items}


def newest(channel: FeedChannel) -> datetime:
    return max(item.published_at for item in channel.items)


def told_again(first: Release, topics: tuple[str, ...], at: datetime) -> Release:
    """Give the same item with other topics, as a fixed text is."""
    return replace(first, topics=topics, changed_at=at, change=Change.TEXT, fact_values={})


def test_an_item_that_gets_a_topic_later_is_not_back_dated_in_its_feed(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = replace(release(1, topics=("health",)), fact_values={})
    other = replace(release(2, topics=("work",)), fact_values={})
    ledger = record(tmp_path, [first, other])
    before = published(workspace, ledger, now=NOW)
    later = NOW + DAY
    again = told_again(first, ("health", "work"), later)
    made = published(workspace, ledger, [again], now=later)
    work = feed(made, ChannelKind.TOPIC, "work")
    late = items(work)[first.guid]
    assert late.published_at == later > newest(feed(before, ChannelKind.TOPIC, "work"))
    # At home, and in the feed where it was from the beginning, nothing moves.
    for channel in (feed(made, ChannelKind.SERIES, "uno"), feed(made, ChannelKind.TOPIC, "health")):
        assert items(channel)[first.guid].published_at == first.published_at
    days = f"{first.published_at.day} de noviembre de 2026"
    assert late.title == f"{first.title} ({days})"
    assert work.items[-1] == late


def test_a_station_that_begins_to_take_a_series_gets_what_is_valid_dated_by_that_day(
    workspace: Workspace, tmp_path: Path
) -> None:
    # All of one name, as in a series that calls each alike: AntennaPod drops one of two on a day.
    old = [
        release(n, series="dos", tag="en", title="Today", at=NOW - n * 3 * DAY) for n in range(1, 6)
    ]
    ledger = record(tmp_path, [*old, release(9, tag="en", at=NOW - DAY)])
    before = published(workspace, ledger)
    assert len(feed(before, ChannelKind.STATION, "abierta").items) == 1
    station = replace(workspace.stations["abierta"], series=("uno", "dos"))
    wider = replace(workspace, stations={**workspace.stations, "abierta": station})
    later = NOW + DAY
    made = published(wider, ledger, now=later)
    shown = feed(made, ChannelKind.STATION, "abierta")
    late = [item for item in shown.items if item.series == "dos"]
    assert len(late) == 5
    assert {item.published_at for item in late} == {later}
    assert len({item.title for item in shown.items}) == len(shown.items)
    assert len(items(feed(made, ChannelKind.STATION, "aire"))) == 1  # which takes no more
    # The day after, and whatever comes then, it stays so.
    new = release(10, series="dos", tag="en", at=later + DAY)
    after = published(wider, ledger, [new], now=later + DAY)
    again = feed(after, ChannelKind.STATION, "abierta")
    assert [item for item in again.items if item.episode != "e10"] == list(shown.items)
    assert items(again)[new.guid].published_at == later + DAY
    for key, data in documents(after).items():
        if key.endswith(".xml"):
            assert [f.problem for f in check_feed(data, now=later + DAY)] == [], key


def test_a_publish_that_goes_on_later_comes_to_the_same_feeds(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = replace(release(1, series="dos", tag="en", topics=("health",)), fact_values={})
    ledger = record(tmp_path, [first, release(2, tag="en", topics=("work",))])
    published(workspace, ledger)
    station = replace(workspace.stations["abierta"], series=("uno", "dos"))
    wider = replace(workspace, stations={**workspace.stations, "abierta": station})
    later = NOW + DAY
    made = published(wider, ledger, [told_again(first, ("health", "work"), later)], now=later)
    # Stopped when the ledger was written, and run again three hours later.
    again = catalogue(wider, Ledger(tmp_path), now=later + timedelta(hours=3), today=later.date())
    assert (again.new_feeds, again.new_takes) == ((), ())
    assert documents(again) == documents(made)


def test_what_a_station_takes_no_more_stays_there_and_is_corrected_and_withdrawn_there(
    workspace: Workspace, tmp_path: Path
) -> None:
    wrong, other = release(1, tag="en"), release(2, tag="en")
    ledger = record(tmp_path, [wrong, other])
    published(workspace, ledger)
    station = replace(workspace.stations["abierta"], series=("dos",))
    narrower = replace(workspace, stations={**workspace.stations, "abierta": station})
    right = release(1, tag="en", revision=2, at=NOW + DAY)
    new = release(3, tag="en", at=NOW + DAY)
    notice = notice_of(other, NOW + DAY)
    news: list[News] = [
        withdraw(wrong, Withdrawing.CORRECT, "", NOW + DAY),
        right,
        withdraw(other, Withdrawing.RETRACT, "", NOW + DAY),
        notice,
        new,
    ]
    made = published(narrower, ledger, news, now=NOW + DAY)
    shown = items(feed(made, ChannelKind.STATION, "abierta"))
    assert {guid: item.state for guid, item in shown.items()} == {
        wrong.guid: ItemState.WITHDRAWN,
        right.guid: ItemState.LIVE,
        other.guid: ItemState.WITHDRAWN,
        notice.guid: ItemState.NOTICE,
    }
    assert new.guid in items(feed(made, ChannelKind.STATION, "aire"))


def test_a_correction_that_drops_a_topic_reaches_the_listeners_of_that_topic(
    workspace: Workspace, tmp_path: Path
) -> None:
    wrong = release(1, topics=("health", "work"))
    ledger = record(tmp_path, [wrong])
    published(workspace, ledger)
    right = release(1, revision=2, topics=("health",), at=NOW + DAY)
    news: list[News] = [withdraw(wrong, Withdrawing.CORRECT, "", NOW + DAY), right]
    made = published(workspace, ledger, news, now=NOW + DAY)
    shown = items(feed(made, ChannelKind.TOPIC, "work"))
    assert shown[wrong.guid].state is ItemState.WITHDRAWN
    assert shown[right.guid].state is ItemState.LIVE
    assert shown[right.guid].published_at == right.published_at


def test_an_item_stays_in_the_feed_of_a_topic_that_a_fixed_text_takes_from_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = replace(release(1, topics=("health", "work")), fact_values={})
    ledger = record(tmp_path, [first])
    published(workspace, ledger)
    again = told_again(first, ("health",), NOW + DAY)
    made = published(workspace, ledger, [again], now=NOW + DAY)
    item = items(feed(made, ChannelKind.TOPIC, "work"))[first.guid]
    assert item.published_at == first.published_at
    gone = [withdraw(again, Withdrawing.RETRACT, "", NOW + 2 * DAY)]
    after = published(workspace, ledger, gone, now=NOW + 2 * DAY)
    assert items(feed(after, ChannelKind.TOPIC, "work"))[first.guid].state is ItemState.WITHDRAWN


def test_only_what_is_taken_now_and_was_not_before_comes_late() -> None:
    def line(days: int, *pairs: str) -> StationTakes:
        taken = frozenset((pair, ES) for pair in pairs)
        return StationTakes(target="t", station="s", at=NOW + days * DAY, taken=taken)

    lines = [line(0, "a"), line(10, "a", "b"), line(20, "b"), line(30, "a", "b")]
    for series, days, came in (
        ("a", -5, -5),  # before the first line nothing else was known
        ("a", 15, 15),
        ("a", 25, 30),
        ("b", -5, 10),
        ("b", 10, 10),
        ("b", 25, 25),
        ("c", 5, None),
    ):
        found = came_at(lines, (series, ES), NOW + days * DAY)
        assert found == (None if came is None else NOW + came * DAY), (series, days)
    assert came_at([], ("a", ES), NOW) is None


def test_a_station_that_is_private_now_takes_away_every_document_of_its_feed(
    workspace: Workspace, tmp_path: Path
) -> None:
    ledger = record(tmp_path, [release(n, at=NOW - (300 - n) * DAY / 4) for n in range(1, 201)])
    before = published(workspace, ledger)
    keys = {key for key in documents(before) if key.startswith("station/abierta")}
    assert any("-p0001" in key for key in keys)
    hidden = replace(workspace.stations["abierta"], publish_identity=False, series=())
    made = catalogue(replace(workspace, stations={**workspace.stations, "abierta": hidden}), ledger)
    assert keys <= set(made.gone)
    assert not made.new_takes


@pytest.mark.parametrize(
    ("tags", "marks"),
    [
        (("en", "es-419", "ar"), ["", " (español latinoamericano)", " (العربية)"]),
        # Two of the Mixtec languages, which call themselves alike.
        (("en", "mim", "xta"), ["", " (Tuꞌun Savi, mim)", " (Tuꞌun Savi, xta)"]),
    ],
)
def test_titles_of_one_day_differ_in_a_stations_feed_in_whatever_languages_they_are(
    workspace: Workspace, tmp_path: Path, tags: tuple[str, ...], marks: list[str]
) -> None:
    # Names such as ACNUR, or of places, are the same in every language.
    station = replace(workspace.stations["abierta"], languages=tuple(map(LanguageTag, tags)))
    series = workspace.series["uno"]
    words = dict.fromkeys(station.languages, "Uno")
    spoken = replace(series, languages=station.languages, title=words, description=words)
    wider = replace(workspace, stations={"abierta": station}, series={"uno": spoken})
    news = [release(1, tag=tag, title="Tapachula 3", at=NOW) for tag in tags]
    made = published(wider, record(tmp_path, news))
    titles = {item.title for item in feed(made, ChannelKind.STATION, "abierta").items}
    assert titles == {f"Tapachula 3{mark}" for mark in marks}
    data = documents(made)["station/abierta.json"]
    assert {item["title"] for item in json.loads(data)["items"]} == titles


def notice_of(about: Release, at: datetime) -> Notice:
    return Notice(
        target=about.target,
        series=about.series,
        episode=about.episode,
        number=about.number,
        language=about.language,
        revision=about.revision,
        about=about.guid,
        guid=f"{about.guid}/notice",
        kind=Withdrawing.RETRACT,
        title=f"NOTICE {date(2026, 11, 23)}: do not use {about.title}",
        reason="",
        published_at=at,
        sound=None,
    )
