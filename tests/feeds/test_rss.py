"""The feed as independent parsers and the directories' lists of requirements read it."""

import dataclasses
import html
import locale
import os
import pickle
import re
import subprocess
import sys
from calendar import timegm
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import podcastparser
import pytest
from lxml import etree

from feeds.channel import FeedChannel, FeedItem
from feeds.rss import render_feed
from programme.units import DurationMs, LanguageTag
from tests.feeds.reading_back import loosely_parsed, texts, with_item


@pytest.fixture
def root(channel: FeedChannel) -> etree._Element:
    return etree.fromstring(render_feed(channel))


def newest_first(channel: FeedChannel) -> list[FeedItem]:
    return sorted(channel.items, key=lambda item: item.published_at, reverse=True)


# --- Read back by other programs -----------------------------------------------------------


def test_feedparser_reads_back_what_the_channel_says(channel: FeedChannel) -> None:
    parsed = loosely_parsed(render_feed(channel))
    assert parsed.version == "rss20"
    assert parsed.feed.title == channel.title
    assert html.unescape(parsed.feed.description) == channel.description
    assert parsed.feed.link == channel.link
    assert parsed.feed.language == "es-419"
    assert parsed.feed.author == channel.author
    assert parsed.feed.publisher_detail.email == channel.owner_email
    assert parsed.feed.image.href == channel.image_url
    assert datetime.fromtimestamp(timegm(parsed.feed.updated_parsed), UTC) == channel.changed_at
    alternates = [
        (link.hreflang, link.title, link.href)
        for link in parsed.feed.links
        if link.rel == "alternate" and "hreflang" in link
    ]
    assert alternates == [(s.language, s.title, s.feed_url) for s in channel.siblings]
    assert [link.href for link in parsed.feed.links if link.rel == "self"] == [channel.feed_url]


def test_feedparser_reads_back_every_item_newest_first(channel: FeedChannel) -> None:
    parsed = loosely_parsed(render_feed(channel))
    for entry, item in zip(parsed.entries, newest_first(channel), strict=True):
        assert item.enclosure is not None
        assert entry.id == item.guid
        assert entry.title == item.title
        assert html.unescape(entry.summary) == item.description
        assert entry.link == item.link
        assert datetime.fromtimestamp(timegm(entry.published_parsed), UTC) == item.published_at
        [enclosure] = entry.enclosures
        assert enclosure.href == item.enclosure.url
        assert int(enclosure.length) == item.enclosure.length_bytes
        assert enclosure.type == item.enclosure.media_type
        assert entry.validity_end == item.expires.isoformat()


def test_podcastparser_reads_back_what_it_knows(channel: FeedChannel) -> None:
    # It knows only an older address of the podcast namespace, so our transcripts and chapters
    # do not reach it; everything in RSS, itunes and atom must.
    parsed = podcastparser.parse(channel.feed_url, BytesIO(render_feed(channel)))
    assert parsed["title"] == channel.title
    assert parsed["link"] == channel.link
    assert parsed["language"] == "es-419"
    assert parsed["explicit"] is False
    assert parsed["itunes_owner"] == {"name": channel.author, "email": channel.owner_email}
    assert parsed["itunes_categories"] == [list(channel.category)]
    assert parsed["cover_url"] == channel.image_url
    for episode, item in zip(parsed["episodes"], newest_first(channel), strict=True):
        assert item.enclosure is not None
        assert episode["guid"] == item.guid
        assert episode["title"] == item.title
        assert html.unescape(episode["description"]) == item.description
        assert episode["published"] == int(item.published_at.timestamp())
        assert episode["explicit"] is False
        assert episode["number"] == item.number
        assert episode["enclosures"] == [
            {
                "url": item.enclosure.url,
                "file_size": item.enclosure.length_bytes,
                "mime_type": item.enclosure.media_type,
            }
        ]


def test_durations_are_whole_seconds_and_never_zero(channel: FeedChannel) -> None:
    root = etree.fromstring(render_feed(channel))
    assert texts(root, "//item/itunes:duration/text()") == ["613", "45", "600"]
    short = etree.fromstring(render_feed(with_item(channel, duration_ms=DurationMs(120))))
    assert texts(short, "//item/itunes:duration/text()") == ["1"]


# --- What directories require (notes: Apple, PSP-1, podcast namespace) --------------------


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/rss/channel/title/text()", ["Camino seguro"]),
        ("/rss/channel/link/text()", ["https://radio.example.org/index.html"]),
        ("/rss/channel/language/text()", ["es-419"]),
        ("/rss/channel/itunes:explicit/text()", ["false"]),
        ("/rss/channel/itunes:author/text()", ["Red Camino"]),
        ("/rss/channel/itunes:owner/itunes:email/text()", ["radio@example.org"]),
        ("/rss/channel/itunes:category/@text", ["News"]),
        ("/rss/channel/itunes:category/itunes:category/@text", ["Daily News"]),
        ("/rss/channel/itunes:image/@href", ["https://radio.example.org/m/camino-0123456789ab.jpg"]),
        ("/rss/channel/lastBuildDate/text()", ["Fri, 13 Nov 2026 09:30:00 +0000"]),
        ("/rss/channel/podcast:locked/text()", ["yes"]),
        ("/rss/channel/podcast:locked/@owner", ["radio@example.org"]),
        ("/rss/channel/podcast:medium/text()", ["podcast"]),
        ("/rss/channel/podcast:license/text()", ["cc-by-4.0"]),
        ("/rss/channel/podcast:license/@url", ["https://creativecommons.org/licenses/by/4.0/"]),
        ("/rss/channel/podcast:txt[@purpose='ai-content']/text()", ["true"]),
        ("/rss/channel/podcast:podroll/podcast:remoteItem/@title", ["العربية", "English"]),
        ("/rss/channel/item[1]/guid/@isPermaLink", ["false"]),
        ("/rss/channel/item[1]/pubDate/text()", ["Fri, 13 Nov 2026 09:30:00 +0000"]),
        ("/rss/channel/item[1]/itunes:explicit/text()", ["false"]),
        ("/rss/channel/item[1]/itunes:episode/text()", ["3"]),
        ("/rss/channel/item[1]/podcast:episode/text()", ["3"]),
        ("/rss/channel/item[1]/podcast:txt[@purpose='ai-content']/text()", ["true"]),
        ("/rss/channel/item[1]/podcast:license/text()", ["cc-by-4.0"]),
        ("/rss/channel/item[1]/podcast:transcript/@type", ["text/vtt", "text/plain"]),
        ("/rss/channel/item[1]/podcast:transcript[1]/@rel", ["captions"]),
        ("/rss/channel/item[1]/podcast:transcript[1]/@language", ["es-419"]),
        ("/rss/channel/item[1]/podcast:chapters/@type", ["application/json+chapters"]),
        ("/rss/channel/item[1]/podcast:alternateEnclosure/@type", ["audio/mpeg", "audio/ogg"]),
        ("/rss/channel/item[1]/podcast:alternateEnclosure/@bitrate", ["64000", "24000"]),
        ("/rss/channel/item[1]/podcast:alternateEnclosure/@default", ["true"]),
        ("/rss/channel/item[1]/podcast:alternateEnclosure/@codecs", ["opus"]),
    ],
)  # fmt: skip
def test_required_elements_say_this_and_stand_once(
    root: etree._Element, path: str, values: list[str]
) -> None:
    assert texts(root, path) == values


def test_the_integrity_hash_is_what_openssl_computes(root: etree._Element) -> None:
    # printf opus | openssl dgst -sha256 -binary | base64
    values = texts(root, "//item[1]/podcast:alternateEnclosure/podcast:integrity/@value")
    assert values[1] == "sha256-4SzoKF78Z8bZPToSLiWJ7ZUIm8u3dbpWNNlOK4OF2wc="


def test_every_address_in_the_feed_is_ascii(channel: FeedChannel) -> None:
    root = etree.fromstring(render_feed(channel))
    addresses = texts(root, "//@url | //@href | //@uri | //@feedUrl | //link/text()")
    assert len(addresses) > 20
    assert all(re.fullmatch(r"https://[\x21-\x7e]+", address) for address in addresses)


@pytest.mark.parametrize(
    ("tag", "written"), [("ckb", "ku"), ("prs", "fa-AF"), ("quc", "quc"), ("fa-AF", "fa-AF")]
)
def test_a_language_that_feeds_do_not_know_is_written_as_the_nearest_they_do(
    channel: FeedChannel, tag: str, written: str
) -> None:
    changed = dataclasses.replace(channel, language=LanguageTag(tag))
    assert texts(etree.fromstring(render_feed(changed)), "//channel/language/text()") == [written]


def test_without_siblings_artwork_or_machine_voice_nothing_is_said_of_them(
    channel: FeedChannel,
) -> None:
    item = dataclasses.replace(
        channel.items[0],
        synthetic_voice=False,
        enclosure=None,
        alternates=(),
        transcripts=(),
        chapters_url="",
    )
    plain = dataclasses.replace(
        channel, siblings=(), image_url="", synthetic_voice=False, licence_url="", items=(item,)
    )
    xml = render_feed(plain).decode()
    for absent in ("podroll", "hreflang", "image", "ai-content", "enclosure", "transcript"):
        assert absent not in xml
    assert loosely_parsed(xml.encode()).entries[0].title == item.title


def test_items_of_one_moment_stand_by_guid(channel: FeedChannel) -> None:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    items = tuple(
        dataclasses.replace(channel.items[0], guid=guid, published_at=moment)
        for guid in ("b", "c", "a")
    )
    root = etree.fromstring(render_feed(dataclasses.replace(channel, items=items)))
    assert texts(root, "//item/guid/text()") == ["a", "b", "c"]


def test_a_date_in_another_zone_is_written_in_utc(channel: FeedChannel) -> None:
    local = datetime(2026, 11, 1, 20, 0, tzinfo=timezone(timedelta(hours=-6)))
    root = etree.fromstring(render_feed(with_item(channel, published_at=local)))
    assert texts(root, "//item/pubDate/text()") == ["Mon, 02 Nov 2026 02:00:00 +0000"]


def test_a_date_without_a_zone_is_a_bug(channel: FeedChannel) -> None:
    with pytest.raises(ValueError, match="time zone"):
        render_feed(dataclasses.replace(channel, changed_at=datetime(2026, 11, 1)))  # noqa: DTZ001


# --- Same in, same bytes out -------------------------------------------------------------


def test_the_order_of_items_does_not_change_the_bytes(channel: FeedChannel) -> None:
    turned = dataclasses.replace(channel, items=tuple(reversed(channel.items)))
    assert render_feed(turned) == render_feed(channel)


def test_rendering_leaves_the_locale_of_the_process_alone(
    channel: FeedChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("the locale was touched")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert render_feed(channel).startswith(b"<?xml")


def test_threads_render_the_same_bytes(channel: FeedChannel) -> None:
    with ThreadPoolExecutor(8) as pool:
        rendered = set(pool.map(lambda _: render_feed(channel), range(64)))
    assert rendered == {render_feed(channel)}


@pytest.mark.parametrize(
    ("language", "zone"),
    [("C", "UTC"), ("C.UTF-8", "Asia/Kathmandu"), ("ar_EG.UTF-8", "America/Tijuana")],
)
def test_another_locale_and_time_zone_give_the_same_bytes(
    channel: FeedChannel, tmp_path: Path, language: str, zone: str
) -> None:
    # A locale that is not installed falls back to C inside the child; it must not matter.
    (tmp_path / "channel").write_bytes(pickle.dumps(channel))
    program = (
        "import locale, pathlib, pickle, sys, time\n"
        "try: locale.setlocale(locale.LC_ALL, '')\n"
        "except locale.Error: sys.stderr.write('no such locale')\n"
        "time.tzset()\n"
        "from feeds.rss import render_feed\n"
        "channel = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "sys.stdout.buffer.write(render_feed(channel))\n"
    )
    environment = os.environ | {
        "LC_ALL": language,
        "TZ": zone,
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "channel")],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert run.stdout == render_feed(channel)
