"""Any sequence of changes reaches listeners: by the ledger's rules and by those of real players."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.channel import ChannelKind
from feeds.rss import render_feed
from feeds.validate import check_feed
from production.building import BuiltEdition
from production.catalogue.catalogue import build_catalogue
from production.ledger.ledger import Ledger
from production.publish.refusals import judging_moment
from production.releases.history import read_history, releases_of
from production.releases.releasing import plan_releases
from production.releases.values import Change, Release, ledger_line
from programme.digests import digest_bytes
from programme.units import LanguageTag
from tests.production.published import (
    ITUNES,
    NOON,
    Made,
    altered,
    feed_items,
    made_once,
    make,
    of,
    send,
    swap,
    text,
)

MERGED_WITHIN = timedelta(minutes=10)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(made_once(tmp_path_factory))


@pytest.fixture(scope="module")
def light(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Give the same editions with files of a few bytes, for tests that make hundreds."""
    folder = tmp_path_factory.mktemp("light")
    editions = []
    for item in made.editions:
        objects = {name: folder / f"{item.edition.language}-{name}" for name in item.objects}
        for path in objects.values():
            path.write_text(path.name)
        digests = {name: digest_bytes(path.name.encode()) for name, path in objects.items()}
        editions.append(replace(item, objects=objects, digests=digests))
    return Made(workspace=made.workspace, editions=tuple(editions))


# --- Players, as their sources say (AntennaPod b7ee12c, LibreTime f371bcf) ----------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    guid: str
    title: str
    moment: datetime
    duration: timedelta
    url: str


def read_items(root: Path, tag: str = "en") -> list[Item]:
    items = []
    for item in feed_items(root / "public", f"corta/{tag}.xml"):
        enclosure = item.find("enclosure")
        items.append(
            Item(
                guid=text(item, "guid"),
                title=text(item, "title"),
                moment=parsedate_to_datetime(text(item, "pubDate")).astimezone(UTC),
                duration=timedelta(seconds=int(text(item, f"{ITUNES}duration") or 0)),
                url="" if enclosure is None else enclosure.get("url", ""),
            )
        )
    return items


@dataclass(slots=True)
class AntennaPod:
    """Takes a new guid for a known episode where title, day, length and kind agree."""

    known: dict[str, Item] = field(default_factory=dict)
    loaded: list[str] = field(default_factory=list)

    def refresh(self, items: Sequence[Item]) -> None:
        newest = max((item.moment for item in self.known.values()), default=None)
        before = tuple(self.known.values())
        seen: list[Item] = []
        for item in items:
            twin = any(self._same(item, other) for other in seen)
            seen.append(item)
            if item.guid in self.known:
                self.known[item.guid] = item
            elif not twin and not any(self._same(item, other) for other in before):
                self.known[item.guid] = item
                if item.url and (newest is None or item.moment >= newest):
                    self.loaded.append(item.url)

    @staticmethod
    def _same(one: Item, other: Item) -> bool:
        return (
            one.title == other.title
            and one.moment.date() == other.moment.date()
            and abs(one.duration - other.duration) < MERGED_WITHIN
            and bool(one.url) == bool(other.url)
        )


@dataclass(slots=True)
class LibreTime:
    """Takes the newest item at first, then what is not older than the last it took."""

    guids: set[str] = field(default_factory=set)
    last: datetime | None = None
    loaded: list[str] = field(default_factory=list)

    def refresh(self, items: Sequence[Item]) -> None:
        sounds = [item for item in items if item.url]
        wanted = (
            sounds[:1]
            if self.last is None
            else [item for item in sounds if item.moment >= self.last]
        )
        for item in reversed(wanted):
            if item.guid not in self.guids:
                self.guids.add(item.guid)
                self.loaded.append(item.url)
                self.last = max(item.moment, self.last or item.moment)


@dataclass(slots=True)
class Podget:
    """Loads every address that it has not loaded yet."""

    loaded: list[str] = field(default_factory=list)

    def refresh(self, items: Sequence[Item]) -> None:
        self.loaded += [item.url for item in items if item.url and item.url not in self.loaded]


def test_every_correction_reaches_every_kind_of_player(made: Made, tmp_path: Path) -> None:
    antennapod = AntennaPod()
    players = (antennapod, LibreTime(), Podget())
    steps = [
        (timedelta(0), made.editions),
        (timedelta(hours=1), swap(made, altered(of(made, "en"), tmp_path, words="x"))),
        (timedelta(hours=2), swap(made, altered(of(made, "en"), tmp_path, words="y"))),
        # Back to the first words, with a clock that went back.
        (timedelta(hours=2, minutes=-5), made.editions),
        (timedelta(days=3), swap(made, altered(of(made, "en"), tmp_path, words="z"))),
    ]
    for step, (after, editions) in enumerate(steps, start=1):
        send(tmp_path, made, editions, now=NOON + after)
        items = read_items(tmp_path)
        for player in players:
            player.refresh(items)
            assert player.loaded[-1] == items[0].url, (player, step)
            assert len(player.loaded) == step
    # Each withdrawn item reaches AntennaPod under the guid that it knows.
    titles = [item.title for item in antennapod.known.values()]
    assert sum(title.startswith("WITHDRAWN") for title in titles) == len(steps) - 1


def test_no_guid_stands_in_two_feeds(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    editions = swap(made, *(altered(item, tmp_path, words="x") for item in made.editions))
    send(tmp_path, made, editions, now=NOON + timedelta(hours=1))
    guids = [item.guid for tag in ("en", "es-419") for item in read_items(tmp_path, tag)]
    assert len(guids) == len(set(guids)) == 4


# --- Any sequence of changes ---------------------------------------------------------------------

EDITIONS = ("es-419 1", "en 1", "en 2")
CHANGES = st.tuples(
    st.sampled_from(EDITIONS),
    st.sampled_from(["words", "sound", "title", "description", "nothing"]),
    st.integers(0, 2),
)
STEPS = st.lists(
    st.tuples(st.lists(CHANGES, max_size=3), st.integers(-600, 90_000)), min_size=1, max_size=8
)


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@settings(max_examples=40)
@given(STEPS)
def test_any_sequence_of_changes_keeps_the_rules(
    light: Made, steps: list[tuple[list[tuple[str, str, int]], int]]
) -> None:
    made = light
    target = made.workspace.network.targets["public"]
    state = {name: {"words": 0, "sound": 0, "title": 0, "description": 0} for name in EDITIONS}
    now = NOON
    with folder() as root:
        ledger = Ledger(root)
        for changes, seconds in steps:
            now += timedelta(seconds=seconds)
            for name, what, value in changes:
                if what != "nothing":
                    state[name][what] = value
            before = releases_of(ledger, target.name)
            newest = newest_of(before)
            said = {edition: found[-1] for edition, found in before.items()}
            items = [edition_of(made, root, name, state[name]) for name in EDITIONS]
            planned = plan_releases(
                items,
                workspace=made.workspace,
                target=target,
                history=read_history(ledger, target.name),
                now=now,
            )
            news = []
            for item, release in planned.releases:
                key = (release.series, release.episode, release.language)
                check_step(item, release, said.get(key), newest.get(key[2]))
                if said.get(key) != release:
                    news.append(release)
                    ledger.append(*ledger_line(release))
            judge(made, root, max(now, newest_date(ledger, target.name)))
            again = plan_releases(
                items,
                workspace=made.workspace,
                target=target,
                history=read_history(ledger, target.name),
                now=now,
            )
            assert [r for _, r in again.releases] == [r for _, r in planned.releases]
            assert again.news == []


def newest_of(before: dict[tuple[str, str, LanguageTag], list[Release]]) -> dict[str, datetime]:
    newest: dict[str, datetime] = {}
    for (_, _, tag), found in before.items():
        dates = [release.published_at for release in found]
        newest[tag] = max([*dates, *([newest[tag]] if tag in newest else [])])
    return newest


def newest_date(ledger: Ledger, target: str) -> datetime:
    found = releases_of(ledger, target).values()
    return max(max(r.published_at, r.changed_at) for revisions in found for r in revisions)


def edition_of(made: Made, root: Path, name: str, state: dict[str, int]) -> BuiltEdition:
    tag, number = name.split()
    item = of(made, tag)
    return altered(
        item,
        root,
        words=f"w{number}{state['words']}",
        sound=f"s{state['sound']}",
        episode=f"corta-{number}",
        number=int(number),
        title=f"{number} {state['title']}",
        description=f"d{state['description']}",
    )


def check_step(
    item: BuiltEdition, new: Release, old: Release | None, newest: datetime | None
) -> None:
    words = item.edition.words_digest
    assert new.words_digest == words
    if old is None:
        assert (new.change, new.revision) == (Change.NEW, 1)
    elif old.words_digest != words:
        assert (new.change, new.revision) == (Change.CORRECT, old.revision + 1)
        assert new.guid != old.guid
        assert new.published_at > old.published_at
        assert not {m.key for m in new.media} & {m.key for m in old.media}
    else:
        assert (new.revision, new.guid, new.published_at) == (
            old.revision,
            old.guid,
            old.published_at,
        )
        return
    if newest is not None:
        assert new.published_at >= newest


WITHOUT_PICTURES = {"feed-image.missing", "feed-enclosure.missing"}
"""What these feeds break: nobody drew a picture, and withdrawn items are silent here."""


def judge(made: Made, root: Path, now: datetime) -> None:
    ledger = Ledger(root)
    moment = judging_moment(read_history(ledger, "public"), now)
    catalogue = build_catalogue(made.workspace, ledger, (), target="public", now=moment)
    channels = catalogue.channels
    guids = [item.guid + channel.guid_mark for channel in channels for item in channel.items]
    assert len(guids) == len(set(guids))
    for channel in channels:
        numbers = [item.number for item in channel.items if item.enclosure is not None]
        if channel.kind is not ChannelKind.SERIES:
            continue
        assert sorted(numbers) == ([1, 2] if channel.language == "en" else [1])
        titles = [item.title for item in channel.items]
        assert len(titles) == len(set(titles))
        data = render_feed(channel)
        found = [f for f in check_feed(data, now=moment) if f.rule not in WITHOUT_PICTURES]
        assert [f.problem for f in found] == []
