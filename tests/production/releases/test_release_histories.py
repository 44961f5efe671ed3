"""Whatever an operator does, in whatever order: what feeds show never breaks a rule of players."""

import tempfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.channel import FeedChannel
from production.building import BuiltEdition
from production.catalogue.catalogue import Catalogue, build_catalogue
from production.ledger.ledger import Ledger
from production.publish.refusals import CLOCK_SLACK, judging_moment
from production.releases.history import WITHDRAWN_DAYS, read_history
from production.releases.orders import Action, Order
from production.releases.releasing import plan_releases
from production.releases.values import News, Release, ledger_line
from production.releases.withdrawing import plan_withdrawals
from programme.digests import digest_bytes, digest_text
from programme.units import Digest, LanguageTag
from tests.production.published import BASE, NOON, Made, made_once, make, of

ONE_DAY = timedelta(hours=24)
"""Two items less than this apart can be of one calendar day where the listener is."""

EDITIONS = ("en 1", "en 2", "en 3", "es-419 1")
TITLES = ("Water", "WATER ", "Help", "w" * 260, "WITHDRAWN – Water", "Water (2)")
ACTIONS = (None, None, None, *Action)


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> "Light":
    """Give editions with files of a few bytes."""
    made = make(made_once(tmp_path_factory))
    folder = tmp_path_factory.mktemp("light")
    editions = {}
    for tag in ("en", "es-419"):
        item = of(made, tag)
        objects = {name: folder / f"{tag}-{name}" for name in item.objects}
        for path in objects.values():
            path.write_text(path.name)
        editions[tag] = replace(item, objects=objects, files={})
    return Light(made=made, items=editions)


@dataclass(frozen=True)
class Light:
    made: Made = field(repr=False)
    items: dict[str, BuiltEdition] = field(repr=False)


@dataclass(frozen=True)
class Step:
    """One run of a command: what changed before it, which command, how long after the last."""

    changes: tuple[tuple[str, str, int], ...]
    action: Action | None
    named: tuple[str, ...]
    seconds: int


CHANGE = st.tuples(
    st.sampled_from(EDITIONS), st.sampled_from(["words", "sound", "title"]), st.integers(0, 5)
)
STEPS = st.lists(
    st.builds(
        Step,
        changes=st.lists(CHANGE, max_size=3).map(tuple),
        action=st.sampled_from(ACTIONS),
        named=st.lists(st.sampled_from(EDITIONS), min_size=1, max_size=3, unique=True).map(tuple),
        # Clocks that went back a little, minutes, hours, and weeks.
        seconds=st.one_of(st.integers(-500, 4_000), st.integers(0, 200_000), st.just(3_000_000)),
    ),
    min_size=2,
    max_size=9,
)


def edition_of(light: Light, name: str, state: dict[str, int]) -> BuiltEdition:
    """Give an edition that says what ``state`` tells, without writing a file."""
    tag, number = name.split()
    item = light.items[tag]
    told = f"{number} {state['words']} {state['sound']} {state['title']}"
    digests = {one: digest_bytes(f"{one} {tag} {told}".encode()) for one in item.digests}
    renditions = tuple(replace(r, digest=digests[r.id]) for r in item.edition.renditions)
    edition = replace(
        item.edition,
        episode=f"corta-{number}",
        number=int(number),
        title=TITLES[state["title"]],
        words_digest=digest_text(f"{tag} {number} {state['words']}"),
        renditions=renditions,
        expires=date(2028, 1, 1),
    )
    return replace(item, edition=edition, digests=digests)


def key_of(name: str) -> tuple[str, str, LanguageTag]:
    tag, number = name.split()
    return ("corta", f"corta-{number}", LanguageTag(tag))


@dataclass
class World:
    """A target as listeners saw it, step by step."""

    light: Light
    root: Path
    now: datetime = NOON
    said: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """Guid in its feed: title and date, as last seen."""
    bytes_at: dict[str, Digest] = field(default_factory=dict)
    newest: dict[str, datetime] = field(default_factory=dict)
    gone: dict[str, datetime] = field(default_factory=dict)
    """Guid: when it was withdrawn."""
    state: dict[str, dict[str, int]] = field(
        default_factory=lambda: {
            name: {"words": 0, "sound": 0, "title": number % 2}
            for number, name in enumerate(EDITIONS)
        }
    )

    def run(self, step: Step) -> None:
        self.now += timedelta(seconds=step.seconds)
        for name, what, value in step.changes:
            self.state[name][what] = value
        target = self.light.made.workspace.network.targets["public"]
        ledger = Ledger(self.root)
        before = read_history(ledger, target.name)
        # A publish with a clock further behind is refused; and what it adds is dated some seconds
        # later than the newest, by which the feeds are judged here at the same clock.
        least = (before.newest_change() or self.now) - CLOCK_SLACK + timedelta(minutes=1)
        self.now = max(self.now, least)
        released = [name for name in step.named if key_of(name) in before.editions]
        order = None
        if step.action is not None:
            order = Order(action=step.action, editions=tuple(map(key_of, released)))
        names = EDITIONS if order is None else released
        if order is not None and step.action in {Action.FIX_TEXT, Action.REPLACE}:
            # Refused for what says other words or is withdrawn, which has a test of its own.
            names = [name for name in released if self.is_same(name)]
        if order is not None and step.action in {Action.RETRACT, Action.EXPIRE}:
            names = []
        planned = plan_releases(
            [edition_of(self.light, name, self.state[name]) for name in names],
            workspace=self.light.made.workspace,
            target=target,
            history=before,
            now=self.now,
            order=order,
        )
        gone = plan_withdrawals(
            before,
            read_history(ledger, target.name, planned.news),
            planned.news,
            workspace=self.light.made.workspace,
            order=order,
            announce=None,
            now=max(self.now, before.newest_change() or self.now),
            today=self.now.date(),
        )
        news: list[News] = [*planned.news, *gone.withdrawals, *gone.notices]
        ledger.append_all([ledger_line(one) for one in news])
        for one in news:
            if isinstance(one, Release):
                self.remember(one)
        for withdrawal in gone.withdrawals:
            self.gone.setdefault(withdrawal.guid, withdrawal.at)
        self.judge()

    def is_same(self, name: str) -> bool:
        last = read_history(Ledger(self.root), "public").last(key_of(name))
        words = edition_of(self.light, name, self.state[name]).edition.words_digest
        return bool(last and not last.withdrawal and last.release.words_digest == words)

    def remember(self, release: Release) -> None:
        """No address ever gets other bytes."""
        for thing in release.media:
            assert self.bytes_at.setdefault(thing.key, thing.digest) == thing.digest

    def judge(self) -> None:
        ledger = Ledger(self.root)
        moment = judging_moment(read_history(ledger, "public"), self.now)
        catalogue = build_catalogue(
            self.light.made.workspace, ledger, (), target="public", now=moment, today=moment.date()
        )
        guids_are_unique(catalogue)
        enclosures_are_unique(catalogue)
        for channel in catalogue.channels:
            titles_differ(channel)
            self.dates(channel, moment)
        self.nothing_is_forgotten(catalogue, moment.date())

    def dates(self, channel: FeedChannel, moment: datetime) -> None:
        """New items are never older than the newest of each feed that holds them."""
        newest = self.newest.get(channel.feed_url)
        for item in channel.items:
            guid = item.guid + channel.guid_mark
            assert item.published_at <= moment
            if guid in self.said:
                assert self.said[guid][1] == item.published_at
            elif newest is not None:
                assert item.published_at >= newest, (channel.feed_url, guid)
            self.said[guid] = (item.title, item.published_at)
        self.newest[channel.feed_url] = max(
            (item.published_at for item in channel.items), default=newest or NOON
        )

    def nothing_is_forgotten(self, catalogue: Catalogue, today: date) -> None:
        """Every guid that was withdrawn stays in each of its feeds for ninety days."""
        shown = {item.guid for channel in catalogue.channels for item in channel.items}
        for guid, at in self.gone.items():
            if today <= at.date() + timedelta(days=WITHDRAWN_DAYS):
                assert guid in shown, guid


def guids_are_unique(catalogue: Catalogue) -> None:
    guids = [
        item.guid + channel.guid_mark for channel in catalogue.channels for item in channel.items
    ]
    assert len(guids) == len(set(guids))


def enclosures_are_unique(catalogue: Catalogue) -> None:
    for channel in catalogue.channels:
        urls = [item.enclosure.url for item in channel.items if item.enclosure]
        assert len(urls) == len(set(urls))
        assert all(url.startswith(f"{BASE}m/") for url in urls)


def titles_differ(channel: FeedChannel) -> None:
    """AntennaPod takes two items of one title and day for one."""
    items = sorted(channel.items, key=lambda item: item.published_at)
    for place, item in enumerate(items):
        assert len(item.title) <= 255
        for other in items[place + 1 :]:
            if other.published_at - item.published_at >= ONE_DAY:
                break
            assert item.title.casefold() != other.title.casefold(), (item.guid, other.guid)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_is_ordered_players_find_what_they_need(light: Light, steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as name:
        world = World(light=light, root=Path(name))
        world.run(Step(changes=(), action=None, named=EDITIONS[:1], seconds=0))
        for step in steps:
            world.run(step)


def test_the_same_order_twice_writes_nothing_more(light: Light, tmp_path: Path) -> None:
    world = World(light=light, root=tmp_path)
    world.run(Step(changes=(), action=None, named=EDITIONS[:1], seconds=0))
    for action in (Action.EXPIRE, Action.RETRACT):
        step = Step(changes=(), action=action, named=("en 1", "en 2"), seconds=60)
        world.run(step)
        lines = (tmp_path / "releases.jsonl").read_bytes()
        world.run(step)
        assert (tmp_path / "releases.jsonl").read_bytes() == lines
