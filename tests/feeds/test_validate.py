"""The checker against good feeds and against each way to break one."""

import dataclasses
import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import feeds.validate
from feeds.channel import FeedChannel
from feeds.rss import render_feed
from feeds.validate import check_feed
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
    assert rules(bare, advice=True) == ["feed-artwork"]


def test_a_written_notice_without_sound_may_be_published(channel: FeedChannel) -> None:
    notice = dataclasses.replace(
        channel.items[0], enclosure=None, alternates=(), transcripts=(), chapters_url=""
    )
    assert rules(render_feed(dataclasses.replace(channel, items=(notice,))), advice=True) == []


def swap(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    def change(xml: str) -> str:
        assert old in xml
        return xml.replace(old, new, count)

    return change


def drop(pattern: str) -> Callable[[str], str]:
    def change(xml: str) -> str:
        left, found = re.subn(pattern, "", xml, count=1, flags=re.DOTALL)
        assert found == 1
        return left

    return change


def twice(pattern: str) -> Callable[[str], str]:
    def change(xml: str) -> str:
        match = re.search(pattern, xml, re.DOTALL)
        assert match
        return xml[: match.end()] + match.group() + xml[match.end() :]

    return change


ITEM_3 = "camino-3-es-419"
MP3 = f"{ITEM_3}-0123456789ab.mp3"
LENGTH = 'length="480003" type'
PUB = "Fri, 13 Nov 2026 09:30:00 +0000</pub"
SELF = 'camino-es-419.xml" rel="self"'
WAYS_TO_BREAK = [
    ("feed-xml", swap("</rss>", "")),
    ("feed-xml", swap("<rss ", "<!DOCTYPE rss><rss ")),
    ("feed-xml", swap("<rss ", "<!DOCTYPE r [<!ENTITY a 'b'>]><rss ")),
    ("feed-xml", swap("Salud", "Salud\x0b")),
    ("feed-rss", swap('version="2.0"', 'version="0.91"')),
    ("feed-rss", drop("<channel>.*</channel>")),
    ("feed-required", drop("<title>.*?</title>")),
    ("feed-required", drop("<language>.*?</language>")),
    ("feed-required", twice("<language>.*?</language>")),
    ("feed-required", drop('<atom:link [^>]*rel="self"[^>]*/>')),
    ("feed-required", drop("<itunes:category .*?</itunes:category>")),
    ("feed-required", drop("<itunes:email>.*?</itunes:email>")),
    ("feed-required", drop("<podcast:medium>.*?</podcast:medium>")),
    ("feed-required", drop("<pubDate>.*?</pubDate>")),
    ("feed-required", drop("(?<=<description>)Agua.*?(?=</description>)")),
    ("feed-value", swap("<itunes:explicit>false", "<itunes:explicit>no")),
    ("feed-value", swap("<itunes:duration>613", "<itunes:duration>10:13")),
    ("feed-value", swap("<itunes:duration>613", "<itunes:duration>0")),
    ("feed-value", swap("<title>Salud<", "<title> Salud<")),
    ("feed-value", swap(".jpg", ".webp", 2)),
    ("feed-length", swap("Salud", "S" * 256)),
    ("feed-length", swap("Agua", "ሀ" * 1334)),
    ("feed-address", swap(MP3, "señal.mp3", 2)),
    ("feed-address", swap(f"{ITEM_3}-0123456789ab.vtt", "a b.vtt")),
    ("feed-address", swap(f"{ITEM_3}-0123456789ab.opus", "a.opus?v=2")),
    ("feed-address", swap('url="https://radio.example.org/m/camino-3', 'url="/m/camino-3')),
    ("feed-date", swap("Fri, 13 Nov 2026 09:30:00 +0000</pubDate>", "2026-11-13</pubDate>")),
    ("feed-date", swap("Fri, 13 Nov 2026 09:30:00 +0000</pubDate>", "ven, 13 nov 2026</pubDate>")),
    ("feed-date", swap("09:30:00 +0000</pubDate>", "09:30:00 -0000</pubDate>")),
    ("feed-future", swap("13 Nov 2026 09:30:00 +0000</pub", "23 Nov 2026 09:30:00 +0000</pub")),
    ("feed-future", swap("13 Nov 2026 09:30:00 +0000</last", "23 Nov 2026 09:30:00 +0000</last")),
    ("feed-order", swap(PUB, "Fri, 06 Nov 2026 09:30:00 +0000</pub")),
    ("feed-guid", swap("camino-3-es-419-r1", "camino-2-es-419-r1")),
    ("feed-guid", swap('isPermaLink="false"', "")),
    ("feed-enclosure", swap(LENGTH, 'length="0" type')),
    ("feed-enclosure", swap(LENGTH, 'length="" type')),
    ("feed-enclosure", swap(LENGTH, 'length="٤٨" type')),
    ("feed-enclosure", swap(f'{LENGTH}="audio/mpeg', f'{LENGTH}="text/html')),
    ("feed-enclosure", twice("<enclosure [^>]*/>")),
    ("feed-shared-file", swap(MP3, MP3.replace("3", "2", 1), 2)),
    ("feed-podcast-guid", drop("(?<=<podcast:guid>).")),
    ("feed-alternate", drop("<podcast:integrity [^>]*/>")),
    ("feed-alternate", drop("<podcast:source [^>]*/>")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "broken"), WAYS_TO_BREAK)
def test_each_fault_is_found_by_its_own_rule(
    good: str, rule: str, broken: Callable[[str], str]
) -> None:
    found = rules(broken(good))
    assert rule in found
    assert len(set(found)) <= 2  # a fault may break a second rule, and no more


def test_every_rule_has_a_fault_in_these_tests() -> None:
    table = Path(feeds.validate.__file__).with_name("rules.toml")
    known = tomllib.loads(table.read_text(encoding="utf-8"))
    errors = {rule for rule, row in known.items() if row["severity"] == "error"}
    assert errors == {rule for rule, _ in WAYS_TO_BREAK} | {"feed-same-title"}
    assert all(row["remedy"] and row["link"].startswith("https://") for row in known.values())


@pytest.mark.parametrize(
    ("rule", "worse"),
    [
        ("feed-artwork", drop("<itunes:image [^>]*/>")),
        ("feed-https", swap('url="https://radio', 'url="http://radio')),
        ("feed-suffix", swap(SELF, SELF.replace(".xml", ""))),
        ("feed-moved", swap(SELF, SELF.replace("camino", "new"))),
        ("feed-transcript", drop("<podcast:transcript .*/>(?=\\s*<podcast:chapters)")),
        ("feed-size", swap("</rss>", f"</rss><!--{'x' * 250_000}-->")),
    ],
)  # fmt: skip
def test_what_could_be_better_is_a_warning_and_stops_nothing(
    good: str, rule: str, worse: Callable[[str], str]
) -> None:
    changed = worse(good)
    assert rules(changed) == []
    found = check_feed(changed.encode(), now=NOW, advice=True)
    assert rule in [finding.rule for finding in found]
    assert all(finding.severity is Severity.WARNING for finding in found)


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
    assert rules(render_feed(together)) == ["feed-same-title"]
    later = dataclasses.replace(second, published_at=datetime(2026, 11, 12, tzinfo=UTC))
    assert rules(render_feed(dataclasses.replace(channel, items=(first, later)))) == []


def test_a_finding_says_where_and_what_to_do(good: str) -> None:
    broken = swap(LENGTH, 'length="0" type')(good)
    [finding] = check_feed(broken.encode(), now=NOW, file="camino.xml")
    assert finding.file == "camino.xml"
    assert 'length="0"' in broken.splitlines()[finding.line - 1]
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
