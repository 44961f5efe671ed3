"""Any text in any field of any format: read back as it was meant, or refused with its field."""

import html
import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import podcastparser
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from lxml import etree

from feeds.channel import ChannelKind, FeedChannel, FeedItem, ItemState, RemoteFeed
from feeds.documents import documents_of
from feeds.item_texts import ItemTexts
from feeds.json_feed import JsonFeed
from feeds.opml import Outline, render_opml
from feeds.rss import render_feed
from programme.errors import ProductionError
from programme.units import Url
from tests.feeds.reading_back import loosely_parsed, texts, with_item

ANY = st.text(st.characters(), max_size=80) | st.sampled_from(
    [
        "]]>",
        "<![CDATA[ x ]]>",
        "<script>alert(1)</script>",
        "&lt;b&gt; &amp;amp;",
        "\"'><rest/>",
        "<rest/>",
        "a\tb",
        "a\nb",
        "\u202eevil\u202c",
        "\x85\x0b\x1b",
        "{network} {0}",
        "</channel></rss>",
    ]
)
"""Also what no feed can carry."""


def attempt(write: Callable[[], bytes]) -> bytes | ProductionError:
    try:
        return write()
    except ProductionError as error:
        return error


def rendered_json(channel: FeedChannel) -> bytes:
    return JsonFeed(channel, ItemTexts()).render(next(documents_of(channel)))


@given(title=ANY, description=ANY, author=ANY, reason=ANY)
@example(title="a", description="b", author="c", reason='"]]>&<d>\\')
def test_any_text_of_a_feed_reads_back_or_is_refused_by_name(
    channel: FeedChannel, title: str, description: str, author: str, reason: str
) -> None:
    changed = replace(
        with_item(channel, title=title, description=description, reason=reason),
        title=title,
        author=author,
        publisher=RemoteFeed(
            podcast_guid=channel.podcast_guid,
            feed_url=Url("https://radio.example.org/publisher.xml"),
            title=author,
            medium="publisher",
        ),
    )
    xml = attempt(lambda: render_feed(changed))
    if isinstance(xml, ProductionError):
        fields = ("title", "description", "author", "reason", "feed")
        assert any(field in xml.where for field in fields)
        with pytest.raises(ProductionError):
            rendered_json(changed)
        return
    # lxml, strictly
    root = etree.fromstring(xml)
    assert len(root.findall("channel/item")) == 1
    assert texts(root, "/rss/channel/title/text()") == [title]
    assert texts(root, "//item/title/text()") == [title]
    assert texts(root, "/rss/channel/podcast:person/text()") == [author]
    [described] = texts(root, "//item/description/text()")
    assert html.unescape(described) == description.strip() or described == html.escape(
        description, quote=False
    )
    assert texts(root, "//podcast:publisher/podcast:remoteItem/@title") == [author]
    # feedparser and podcastparser
    entry = loosely_parsed(xml).entries[0]
    assert entry.title == title.strip()
    episode = podcastparser.parse(changed.feed_url, BytesIO(xml))["episodes"][0]
    assert episode["title"].split() == title.split()
    # JSON
    told = json.loads(rendered_json(changed))
    assert told["title"] == title
    assert told["authors"] == [{"name": author}]
    [item] = told["items"]
    assert (item["title"], item["content_text"]) == (title, description)
    assert item["_altavoz"].get("reason", "") == reason


@given(title=ANY, description=ANY, group=ANY)
def test_any_text_of_a_list_reads_back_or_is_refused(
    channel: FeedChannel, title: str, description: str, group: str
) -> None:
    changed = replace(channel, title=title, description=description)
    opml = attempt(
        lambda: render_opml(
            title,
            [Outline(title=group, language="ar", inside=(changed,))],
            owner_email="radio@example.org",
            changed_at=channel.changed_at,
        )
    )
    if isinstance(opml, ProductionError):
        assert any(field in opml.where for field in ("title", "description", "group"))
        return
    root = etree.fromstring(opml)
    [outer] = root.findall("body/outline")
    [inner] = outer.findall("outline")
    assert (outer.get("text"), outer.get("language")) == (group, "ar")
    assert (inner.get("text"), inner.get("title")) == (title, title)
    assert inner.get("description") == description
    assert inner.get("xmlUrl") == channel.feed_url


URLS = ["chapters_url", "words_url", "link", "image_url", "instead_url"]


@pytest.mark.parametrize("field", URLS)
@given(address=ANY | st.sampled_from(["https://x.example/a b.json", "https://x.example/ñ.json"]))
def test_an_address_that_no_program_can_fetch_is_refused_with_its_item(
    channel: FeedChannel, field: str, address: str
) -> None:
    assume(address)
    for render in (render_feed, rendered_json):
        with pytest.raises(ProductionError) as caught:
            render(with_item(channel, **{field: address}))
        assert channel.items[0].guid in caught.value.where


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"siblings": "https://x.example/a b.xml"}, "feed address"),
        ({"publisher": "https://x.example/ñ.xml"}, "feed address"),
        ({"podroll": "file:///etc/passwd"}, "feed address"),
        ({"members": "https://x.example/a.xml?x"}, "feed address"),
    ],
)
def test_an_address_of_another_feed_is_judged_too(
    channel: FeedChannel, changes: dict[str, str], field: str
) -> None:
    [(name, url)] = changes.items()
    other = RemoteFeed(podcast_guid=channel.podcast_guid, feed_url=Url(url), title="x")
    value: object = (other,)
    if name == "siblings":
        value = (replace(channel.siblings[0], feed_url=Url(url)),)
    if name == "publisher":
        value = other
    with pytest.raises(ProductionError) as caught:
        render_feed(replace(channel, **{name: value}))  # type: ignore[arg-type]
    assert caught.value.where.endswith(field)


def test_a_category_cannot_break_out_of_the_path_that_feedgen_looks_for(
    channel: FeedChannel,
) -> None:
    with pytest.raises(ProductionError, match="quotation mark"):
        render_feed(replace(channel, category=('News"] | //*[@x="',)))


def test_what_stands_for_the_rest_of_a_channel_may_be_written_in_words(
    channel: FeedChannel,
) -> None:
    changed = replace(channel, title="<rest/>", description="<rest/>")
    root = etree.fromstring(render_feed(changed))
    assert texts(root, "/rss/channel/title/text()") == ["<rest/>"]
    assert root.find(".//rest") is None


def test_a_feed_of_feeds_is_valid_without_items(channel: FeedChannel) -> None:
    members = tuple(
        RemoteFeed(podcast_guid=one.podcast_guid, feed_url=one.feed_url, title=one.title)
        for one in channel.siblings
    )
    publisher = replace(channel, kind=ChannelKind.PUBLISHER, items=(), members=members, siblings=())
    root = etree.fromstring(render_feed(publisher))
    assert texts(root, "/rss/channel/podcast:medium/text()") == ["publisher"]
    assert texts(root, "/rss/channel/podcast:remoteItem/@feedUrl") == [
        one.feed_url for one in members
    ]
    assert json.loads(rendered_json(publisher))["items"] == []


def test_the_same_item_is_written_once_for_two_feeds_and_differs_in_its_guid_alone(
    channel: FeedChannel,
) -> None:
    kept = ItemTexts()
    item: FeedItem = replace(channel.items[0], replaces="old", state=ItemState.NOTICE)
    other = replace(channel, guid_mark="#all", feed_url=Url("https://radio.example.org/all/es.xml"))
    for write in (kept.rss, kept.json):
        home, there = write(item, channel).decode(), write(item, other).decode()
        assert there == write(replace(item), other).decode()
        back = there.replace(f'"home_id":"{item.guid}",', "").replace("#all", "")
        assert back == home
    assert json.loads(kept.json(item, other))["_altavoz"]["replaces"] == "old#all"
    assert ItemTexts(1).rss(item, other) == kept.rss(item, other)
