"""Hostile words read back as words; what no directory would take is refused with its field."""

import dataclasses
import html
from io import BytesIO

import podcastparser
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from feeds.channel import FeedChannel
from feeds.rss import render_feed
from programme.errors import ProductionError
from programme.units import Url
from tests.feeds.reading_back import loosely_parsed, texts, with_item

LEGAL = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
TITLES = st.text(LEGAL, min_size=1, max_size=120).map(str.strip).filter(bool)
DESCRIPTIONS = st.text(LEGAL | st.just("\n"), min_size=1, max_size=300).map(str.strip).filter(bool)
HOSTILE = [
    "]]>",
    "<![CDATA[ x ]]>",
    "<script>alert(1)</script>",
    "AT&T &amp; &lt; &#x3C;",
    "\"quotes\" and 'quotes'",
    "🚌 hasta 👨‍👩‍👧‍👦",
    "تحذير: الطريق مغلق 800 123",
    "ማስጠንቀቂያ። መንገዱ ተዘግቷል",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "<?xml version='1.0'?>",
    "-- --> <!--",
]


@pytest.mark.parametrize(
    ("title", "description"), [(text, f"{text}\n\n{text}") for text in HOSTILE]
)
def test_hostile_words_read_back_as_words_and_never_as_markup(
    channel: FeedChannel, title: str, description: str
) -> None:
    xml = render_feed(with_item(channel, title=title, description=description))
    item = etree.fromstring(xml).find("channel/item")
    assert item is not None
    assert item.findtext("title") == title
    written = item.findtext("description")
    assert written is not None
    assert "<" not in written
    assert html.unescape(written) == description
    episode = podcastparser.parse(channel.feed_url, BytesIO(xml))["episodes"][0]
    assert html.unescape(episode["description"]) == description
    assert episode["title"] == title
    entry = loosely_parsed(xml).entries[0]
    assert html.unescape(entry.summary) == description


@given(title=TITLES, description=DESCRIPTIONS)
@example(title="a\u00a0b", description="x\n\n\ny")
def test_any_legal_text_makes_a_well_formed_feed_that_reads_back_equal(
    channel: FeedChannel, title: str, description: str
) -> None:
    changed = dataclasses.replace(
        with_item(channel, title=title, description=description),
        title=title,
        author=title,
        description=description,
    )
    root = etree.fromstring(render_feed(changed))
    for path in ("/rss/channel/title/text()", "//item/title/text()"):
        assert texts(root, path) == [title]
    for path in ("/rss/channel/description/text()", "//item/description/text()"):
        assert [html.unescape(text) for text in texts(root, path)] == [description]


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1b", "\x85", "\ud800", "\ufffe", "\uffff"])
@pytest.mark.parametrize("field", ["title", "description", "guid", "licence"])
def test_a_character_that_no_xml_holds_is_refused_with_item_and_field(
    channel: FeedChannel, field: str, bad: str
) -> None:
    with pytest.raises(ProductionError) as caught:
        render_feed(with_item(channel, **{field: f"uno{bad}dos"}))
    assert f"U+{ord(bad):04X}" in caught.value.problem
    assert field in caught.value.where
    assert channel.items[0].guid in caught.value.where or field == "guid"


def test_a_description_of_5000_bytes_in_amharic_is_refused_and_not_cut(
    channel: FeedChannel,
) -> None:
    amharic = "መንገዱ ተዘግቷል። " * 140
    assert len(amharic) < 4000 < len(amharic.encode()) < 5000
    with pytest.raises(ProductionError, match="validity date") as caught:
        render_feed(with_item(channel, description=amharic))
    assert "description" in caught.value.where


def test_a_description_of_exactly_4000_bytes_passes(channel: FeedChannel) -> None:
    fits = "é" * 1998 + "&"[:0] + "abcd"
    assert len(fits.encode()) == 4000
    assert "é" in render_feed(with_item(channel, description=fits)).decode()
    with pytest.raises(ProductionError):
        render_feed(with_item(channel, description=fits[1:] + "&"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"feed_url": "https://radio.example.org/feeds/señal.xml"}, "feed address"),
        ({"feed_url": "https://radio.example.org/feeds/a.xml?v=2"}, "feed address"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"image_url": "https://radio.example.org/art.webp"}, "image"),
        ({"image_url": "https://radio.example.org/art.jpg?v=2"}, "image"),
        ({"title": " Camino "}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"description": "  "}, "description"),
        ({"category": ()}, "category"),
        ({"category": ("News", "a", "b")}, "category"),
        ({"licence_url": "ftp://example.org/"}, "licence address"),
    ],
)
def test_a_channel_that_directories_would_refuse_is_refused_here_first(
    channel: FeedChannel, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(ProductionError) as caught:
        render_feed(dataclasses.replace(channel, **changes))  # type: ignore[arg-type]
    assert caught.value.where.endswith(field)


@pytest.mark.parametrize(
    ("url", "length", "field"),
    [
        ("https://radio.example.org/m/a b.mp3", 1, "enclosure"),
        ("https://radio.example.org/m/ñ.mp3", 1, "enclosure"),
        ("https://radio.example.org/m/a.mp3?v=2", 1, "enclosure"),
        ("https://u:p@radio.example.org/m/a.mp3", 1, "enclosure"),
        ("file:///m/a.mp3", 1, "enclosure"),
        ("https://radio.example.org/m/a.mp3", 0, "enclosure"),
    ],
)
def test_an_enclosure_that_a_player_cannot_fetch_is_refused(
    channel: FeedChannel, url: str, length: int, field: str
) -> None:
    enclosure = channel.items[0].enclosure
    assert enclosure is not None
    broken = dataclasses.replace(enclosure, url=Url(url), length_bytes=length)
    with pytest.raises(ProductionError) as caught:
        render_feed(with_item(channel, enclosure=broken, alternates=()))
    assert caught.value.where.endswith(field)


def test_a_rendition_title_over_32_characters_is_refused(channel: FeedChannel) -> None:
    long = dataclasses.replace(channel.items[0].alternates[0], title="x" * 33)
    with pytest.raises(ProductionError, match="33 characters"):
        render_feed(with_item(channel, alternates=(long,)))


def test_a_feed_that_names_itself_as_another_language_is_a_bug(channel: FeedChannel) -> None:
    own = dataclasses.replace(channel.siblings[0], feed_url=channel.feed_url)
    with pytest.raises(ValueError, match="sibling"):
        render_feed(dataclasses.replace(channel, siblings=(own,)))
