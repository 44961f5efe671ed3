"""The checker against good feeds and against each way to break one."""

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.channel import FeedChannel
from feeds.rss import render_feed
from feeds.validate import check_feed
from programme.errors import ProductionError
from programme.findings import Severity
from programme.units import Url

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def rules(xml: bytes | str, *, advice: bool = False, now: datetime = NOW) -> list[str]:
    data = xml.encode() if isinstance(xml, str) else xml
    return [finding.rule for finding in check_feed(data, now=now, advice=advice)]


@pytest.fixture
def good(channel: FeedChannel) -> str:
    return render_feed(channel).decode()


def test_what_we_render_keeps_every_rule(good: str) -> None:
    assert check_feed(good.encode(), now=NOW, advice=True) == ()


def test_a_feed_without_items_or_artwork_may_be_published(channel: FeedChannel) -> None:
    bare = render_feed(dataclasses.replace(channel, items=(), image_url="", siblings=()))
    assert rules(bare) == []
    assert rules(bare, advice=True) == ["feed-image.missing"]


def test_a_written_notice_without_sound_may_be_published(channel: FeedChannel) -> None:
    notice = dataclasses.replace(
        channel.items[0], enclosure=None, alternates=(), transcripts=(), chapters_url=""
    )
    alone = render_feed(dataclasses.replace(channel, items=(notice,)))
    assert rules(alone) == []
    assert rules(alone, advice=True) == ["feed-enclosure.missing"]


LENGTH = 'length="480003" type="audio/mpeg"/>'


def test_what_could_be_better_is_a_warning_and_stops_nothing(good: str) -> None:
    changed = good.replace("https://radio.example.org/m/", "http://radio.example.org/m/")
    assert rules(changed) == []
    found = check_feed(changed.encode(), now=NOW, advice=True)
    assert {finding.rule for finding in found} == {"feed-address.https"}
    assert all(finding.severity is Severity.WARNING for finding in found)


def test_a_large_feed_is_told_and_one_that_nobody_reads_is_refused(good: str) -> None:
    heavy = good.replace("</rss>", f"</rss><!--{'x' * 250_000}-->")
    assert rules(heavy, advice=True) == ["feed-xml.size"]
    assert rules(heavy) == []
    assert rules(good.replace("</rss>", f"</rss><!--{'x' * 5_000_000}-->")) == ["feed-xml.too-big"]


def test_two_items_of_one_title_and_day_are_refused_because_one_would_vanish(
    channel: FeedChannel,
) -> None:
    first = channel.items[0]
    assert first.enclosure is not None
    second = dataclasses.replace(
        first,
        guid="another",
        alternates=(),
        enclosure=dataclasses.replace(
            first.enclosure, url=Url(first.enclosure.url.replace(".mp3", "x.mp3"))
        ),
    )
    together = dataclasses.replace(channel, items=(first, second))
    assert rules(render_feed(together)) == ["feed-item.same-title"]
    later = dataclasses.replace(second, published_at=datetime(2026, 11, 12, tzinfo=UTC))
    assert rules(render_feed(dataclasses.replace(channel, items=(first, later)))) == []


def test_a_finding_says_where_and_what_to_do(good: str) -> None:
    broken = good.replace(LENGTH, 'length="" type="audio/mpeg"/>', 1)
    [finding] = check_feed(broken.encode(), now=NOW, file="camino.xml")
    assert finding.file == "camino.xml"
    assert 'length="" type="audio/mpeg"/>' in broken.splitlines()[finding.line - 1]
    assert finding.remedy


@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert rules(data) != []


@given(st.data())
def test_a_feed_damaged_anywhere_is_judged_without_failing(
    channel: FeedChannel, data: st.DataObject
) -> None:
    xml = bytearray(render_feed(channel))
    for _ in range(data.draw(st.integers(1, 4))):
        xml[data.draw(st.integers(0, len(xml) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(rules(bytes(xml), advice=True), list)


LOOKS_LIKE_MARKUP = {"feed-text.markup", "feed-text.escaped-twice", "feed-text.script"}


@given(st.text(max_size=200), st.text(max_size=400))
def test_what_we_render_of_any_texts_keeps_every_rule(
    channel: FeedChannel, title: str, description: str
) -> None:
    item = dataclasses.replace(channel.items[0], title=title, description=description)
    try:
        xml = render_feed(dataclasses.replace(channel, items=(item,)))
    except ProductionError:
        return  # refused before it is a feed, with its field named
    found = {one.rule for one in check_feed(xml, now=NOW, advice=True)}
    assert found <= (LOOKS_LIKE_MARKUP if "<" in title or "&" in title + description else set())
