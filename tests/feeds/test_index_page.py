"""The index page as a browser's parser reads it."""

import base64
import dataclasses
import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from lxml import etree

import feeds.index_page
from feeds.channel import FeedChannel
from feeds.index_page import render_index
from programme.errors import ProductionError
from programme.units import LanguageTag, Url

BASE = "https://radio.example.org/"


def arabic(channel: FeedChannel) -> FeedChannel:
    item = dataclasses.replace(
        channel.items[0],
        title="اتصل على 800 123 4567",
        description="اتصل على 800 123 4567 مجانا.",
    )
    return dataclasses.replace(
        channel,
        language=LanguageTag("ar"),
        title="طريق آمن",
        feed_url=Url(f"{BASE}feeds/camino-ar.xml"),
        items=(item,),
    )


def page(*channels: FeedChannel, name: str = "Red Camino") -> etree._Element:
    html = render_index(name, BASE, channels, website=BASE)
    return etree.fromstring(html, etree.HTMLParser(encoding="utf-8"))


def texts(root: etree._Element, path: str) -> list[str]:
    found = root.xpath(path)
    assert isinstance(found, list)
    return [str(value) for value in found]


def test_each_language_stands_under_its_own_name_in_its_own_direction(
    channel: FeedChannel,
) -> None:
    root = page(channel, arabic(channel))
    assert texts(root, "//nav//a/@href") == ["#es-419", "#ar"]
    assert texts(root, "//nav//a/text()") == ["español latinoamericano", "العربية"]
    assert texts(root, "//section/@lang") == ["es-419", "ar"]
    assert texts(root, "//section/@dir") == ["ltr", "rtl"]
    assert texts(root, "/html/@lang") == ["es-419"]
    assert texts(root, "//section[@lang='ar']//time/text()") == ["2026-12-31"]
    [valid] = texts(root, "//section[@lang='ar']//p[@class='valid']/text()[1]")
    assert valid.strip() == "صالح حتى"


def test_series_of_one_language_stand_together(channel: FeedChannel) -> None:
    spots = dataclasses.replace(
        channel, title="Avisos", feed_url=Url(f"{BASE}feeds/avisos.xml"), items=()
    )
    root = page(channel, arabic(channel), spots)
    assert texts(root, "//section/@id") == ["es-419", "ar"]
    assert texts(root, "//section[@id='es-419']/h3/text()") == ["Camino seguro", "Avisos"]


def test_every_episode_can_be_played_downloaded_and_read_newest_first(
    channel: FeedChannel,
) -> None:
    root = page(channel)
    assert texts(root, "//article/h4/text()") == ["Salud", "Asilo", "Documentos"]
    stem = "m/camino-3-es-419-0123456789ab"
    assert texts(root, "//article[1]/audio/@src") == [f"{stem}.mp3"]
    assert texts(root, "//article[1]/audio/@preload") == ["none"]
    assert texts(root, "//article[1]//li/a/@href") == [f"{stem}.mp3", f"{stem}.opus", f"{stem}.txt"]
    assert texts(root, "//article[1]//li//bdi/text()") == ["MP3 480 kB 10:13", "OPUS 180 kB 10:13"]
    assert texts(root, "//a[@type='application/rss+xml']/@href") == ["feeds/camino-es-419.xml"]


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(channel: FeedChannel) -> None:
    root = page(channel, arabic(channel))
    loaded = texts(root, "//@src | //link/@href | //@srcset | //object/@data | //iframe/@src")
    assert loaded
    assert not [address for address in loaded if ":" in address or address.startswith("/")]
    assert root.xpath("//script | //@onclick | //form") == []
    [policy] = texts(root, "//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; media-src 'self'; ")
    [style] = texts(root, "//style/text()")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy


HOSTILE = "</title></h4><script>alert(1)</script>\" onclick='x' {{ 7*7 }} {% raw %}"


def test_words_never_become_markup_nor_template(channel: FeedChannel) -> None:
    item = dataclasses.replace(channel.items[0], title=HOSTILE, description=HOSTILE)
    hostile = dataclasses.replace(channel, title=HOSTILE, licence=HOSTILE, items=(item,))
    root = page(hostile, name=HOSTILE)
    assert root.xpath("//script | //@onclick") == []
    for path in ("//title", "//h1", "//h3", "//h4", "//details/p", "//a[@rel='license']"):
        assert texts(root, f"{path}/text()") == [HOSTILE]
    assert texts(root, "//audio/@aria-label") == [HOSTILE]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("feed_url", "javascript:alert(1)"),
        ("licence_url", "javascript:alert(1)"),
        ("title", "a\x00b"),
    ],
)
def test_an_address_that_runs_or_a_text_that_no_page_holds_is_refused(
    channel: FeedChannel, field: str, value: str
) -> None:
    with pytest.raises(ProductionError):
        page(dataclasses.replace(channel, **{field: value}))  # type: ignore[arg-type]


def test_telephone_numbers_are_isolated_in_right_to_left_text(channel: FeedChannel) -> None:
    html = render_index("Red", BASE, [arabic(channel)]).decode()
    assert html.count("\u2066800 123 4567\u2069") >= 2
    assert not re.search(r"(?<!\u2066)800 123", html)


def test_a_language_without_words_of_its_own_gets_english_marked_as_english(
    channel: FeedChannel,
) -> None:
    root = page(dataclasses.replace(channel, language=LanguageTag("quc")))
    assert set(texts(root, "//section[@lang='quc']//span/@lang")) == {"en"}
    assert "Valid until" in texts(root, "//section//span/text()")


def test_a_written_notice_has_no_player(channel: FeedChannel) -> None:
    notice = dataclasses.replace(
        channel.items[0], enclosure=None, alternates=(), transcripts=(), chapters_url=""
    )
    root = page(dataclasses.replace(channel, items=(notice,)))
    assert texts(root, "//article/h4/text()") == ["Documentos"]
    assert root.xpath("//audio | //ul[@class='files']") == []


def test_without_channels_there_is_still_a_page() -> None:
    root = page()
    assert texts(root, "//h1/text()") == ["Red Camino"]
    assert root.xpath("//nav | //section") == []


def test_the_page_is_small_and_the_same_every_time(channel: FeedChannel) -> None:
    many = dataclasses.replace(channel, items=channel.items * 8)
    first = render_index("Red", BASE, [many, arabic(channel)])
    assert len(first) < 40_000
    assert first == render_index("Red", BASE, [many, arabic(channel)])


def test_every_language_has_every_word() -> None:
    table = Path(feeds.index_page.__file__).with_name("labels.toml")
    labels = tomllib.loads(table.read_text(encoding="utf-8"))
    assert {"en", "es", "fr", "pt", "ar", "ht"} <= set(labels)
    for row in labels.values():
        assert set(row) == set(labels["en"])
        assert all(word == word.strip() and word for word in row.values())
