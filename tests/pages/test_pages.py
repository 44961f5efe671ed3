"""The pages as files: valid HTML, links that lead somewhere, small, the same every time."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest

import feeds.labels
from feeds.channel import ChannelKind, FeedChannel
from feeds.pages.addresses import episode_key
from feeds.pages.series import PAGE
from feeds.pages.words import transcript_markup
from feeds.transcript_json import parse_json, render_json
from production.catalogue.site import SentPage, parse_site, render_site
from programme.digests import digest_bytes
from programme.editions import Caption, Timing
from programme.errors import ProductionError
from programme.sound import WordTime
from programme.units import DurationMs, LanguageTag, Url
from tests.pages.site_material import (
    AR,
    BASE,
    ES,
    PAGE_TYPES,
    SAID,
    channel,
    item,
    items,
    pages,
    sentences,
    withdrawn,
    words_json,
)

HTML = "{http://www.w3.org/1999/xhtml}"


class Links(HTMLParser):
    """Collects where a page leads, what it loads, and its ids."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids.add(found.get("id", ""))
        if tag == "a":
            self.links.append(found["href"])
        elif tag in {"source", "script", "audio", "img"} and "src" in found:
            self.loaded.append(found["src"])
        elif tag == "link" and found["rel"] in {"stylesheet", "icon"}:
            self.loaded.append(found["href"])


def links_of(data: bytes) -> Links:
    found = Links()
    found.feed(data.decode("utf-8"))
    return found


def html_files(site: Path) -> Iterator[tuple[str, bytes]]:
    places = sorted(site.rglob("*.html"))
    assert len(places) > 2 * 50, "the pages of the episodes in two languages"
    for place in places:
        yield str(place.relative_to(site)), place.read_bytes()


@pytest.mark.parametrize("tag", [ES, AR])
def test_every_page_type_is_html_without_a_parse_error(site: Path, tag: str) -> None:
    for key in PAGE_TYPES.values():
        data = (site / key.format(tag=tag.lower())).read_bytes()
        root = html5lib.HTMLParser(strict=True).parse(data, transport_encoding="utf-8")
        assert root.get("dir") == ("rtl" if tag == AR and key != "index.html" else "ltr")
        assert root.find(f"{HTML}body//{HTML}h1") is not None


def test_every_link_leads_to_a_file_that_is_there(site: Path) -> None:
    for name, data in html_files(site):
        found = links_of(data)
        assert found.loaded
        for href in found.links + found.loaded:
            parts = urlsplit(href)
            if parts.scheme:
                assert href not in found.loaded, "nothing is loaded from elsewhere"
                assert parts.scheme in {"http", "https"}
                continue
            place = (site / name).parent / parts.path if parts.path else site / name
            assert place.resolve().is_file(), f"{name}: {href}"
            if parts.fragment and not parts.path:
                assert parts.fragment in found.ids


def test_every_page_is_below_40_kb_and_names_no_one_but_itself(site: Path) -> None:
    for name, data in html_files(site):
        assert len(data) < 40_000, name
        policy = re.search(rb'Content-Security-Policy" content="([^"]*)"', data)
        assert policy, name
        assert b"default-src 'none'" in policy[1]
        assert b"unsafe" not in policy[1]
        assert b"http" not in policy[1]


def quarter_of_an_hour(tag: LanguageTag) -> bytes:
    """Give a transcript of 15 minutes, in sentences of ten words.

    As in the example's longest edition: 90 words of 10.4 bytes a minute in Arabic, 110 of 6 in
    Spanish, here at 110 and 150.
    """
    several = (
        ("المعلومات", "من", "هذا", "الطريق") if tag == AR else ("información", "de", "su", "camino")
    )
    rows = []
    for number in range(15 * (110 if tag == AR else 150)):
        start = number * 0.4 + number // 10 * 0.5
        word = several[number % 4] + ("." if number % 10 == 9 else "")
        rows.append({"startTime": start, "endTime": start + 0.4, "body": word})
    return json.dumps({"version": "1.0.0", "segments": rows}).encode()


@pytest.mark.parametrize("tag", [ES, AR])
def test_the_words_of_a_quarter_of_an_hour_fit(
    monkeypatch: pytest.MonkeyPatch, tag: LanguageTag
) -> None:
    monkeypatch.setattr("tests.pages.site_material.words", lambda _: quarter_of_an_hour(tag))
    made = {page.key: page for page in pages(channel(tag, (item(tag, 1),)))}
    data = made[episode_key("camino", tag, "episodio-1")].render()
    assert data.count(b"<span id=t") > 150
    assert len(data) < 40_000


def test_words_that_do_not_fit_are_led_to(monkeypatch: pytest.MonkeyPatch) -> None:
    long = quarter_of_an_hour(AR).replace(b'"body": "', '"body": "ولكن هذا نص طويل جدا '.encode())
    monkeypatch.setattr("tests.pages.site_material.words", lambda _: long)
    made = {page.key: page for page in pages(channel(AR, (item(AR, 1),)))}
    data = made[episode_key("camino", AR, "episodio-1")].render()
    assert len(data) < 40_000
    assert "النص في صفحة مستقلة".encode() in data


def test_a_second_build_gives_the_same_bytes_and_the_same_fingerprints() -> None:
    first, second = pages(), pages()
    assert [page.fingerprint for page in first] == [page.fingerprint for page in second]
    assert [page.render() for page in first] == [page.render() for page in second]
    assert len({page.key for page in first}) == len(first)


def changed(*channels: FeedChannel) -> set[str]:
    before = {page.key: page.fingerprint for page in pages()}
    after = {page.key: page for page in pages(*channels)}
    found: set[str] = {key for key, page in after.items() if before.get(key) != page.fingerprint}
    # what is told to be the same is the same
    old = {page.key: page.render() for page in pages()}
    for key, page in after.items():
        assert (key in found) or old[key] == page.render(), key
    return found


def test_a_new_episode_changes_only_the_pages_that_show_it() -> None:
    new = item(ES, 1, episode="nuevo", published_at=datetime(2026, 11, 20, tzinfo=UTC))
    assert changed(channel(ES, (*items(ES), new)), channel(AR)) == {
        "camino/es-419/nuevo.html",
        "camino/es-419.html",
        "camino/es-419/episodes.json",
        "es-419/index.html",
        "index.html",
    }


def test_a_date_a_reason_or_a_title_changes_its_page() -> None:
    for change in ({"expires": date(2027, 2, 1)}, {"title": "Otro"}, {"description": "Otro"}):
        made = tuple(
            replace(one, **change) if one.episode == "episodio-1" else one for one in items(ES)
        )
        found = changed(channel(ES, made), channel(AR))
        assert "camino/es-419/episodio-1.html" in found
        assert not [key for key in found if key.startswith("camino/ar/")]


def test_a_reason_is_told_once_and_what_went_out_at_once_stands_by_its_number() -> None:
    day = datetime(2026, 11, 20, tzinfo=UTC)
    why = "Por qué: Cambió el número."
    made = item(ES, 1, episode="uno", published_at=day, reason="Cambió el número.", description=why)
    old = withdrawn(item(ES, 1, episode="uno", guid="old"), instead=True)
    other = item(ES, 2, episode="dos", published_at=day)
    site = pages(channel(ES, (made, old, other)))
    found = {str(page.key): page.render().decode() for page in site}
    assert found["camino/es-419/uno.html"].count("Cambió el número.") == 1
    for key in ("camino/es-419.html", "es-419/index.html"):
        assert 0 < found[key].index("dos.html") < found[key].index("uno.html")


def test_what_is_out_of_date_is_not_said_to_be_withdrawn() -> None:
    gone = withdrawn(item(ES, 1), instead=False)
    for made, said, never in (
        (replace(gone, is_expired=True), "Este mensaje ya caducó.", "Este mensaje fue retirado."),
        (gone, "Este mensaje fue retirado.", "Este mensaje ya caducó."),
    ):
        found = {str(p.key): p.render().decode() for p in pages(channel(ES, (made,)))}
        for key in ("camino/es-419/episodio-1.html", "es-419/withdrawn.html"):
            assert said in found[key]
            assert never not in found[key]


def test_files_are_named_by_what_they_are_for() -> None:
    own = item(AR, 1)
    radio = replace(own.alternates[0], url=Url(f"{BASE}m/radio.mp3"), title="للإذاعات (MP3)")
    made = replace(own, alternates=(*own.alternates, radio))
    [page] = [page for page in pages(channel(AR, (made,))) if page.key.endswith("-1.html")]
    row = 'تنزيل: <bdi>للإذاعات (MP3)</bdi> <bdi dir="ltr">480 kB 0:30</bdi>'
    assert row in page.render().decode()


def test_topics_are_named_without_the_network() -> None:
    topic = replace(
        channel(AR), kind=ChannelKind.TOPIC, id="health", title="Red Camino: الصحة", items=()
    )
    [page] = [page for page in pages(channel(AR), topic) if page.key == "ar/index.html"]
    assert "<li><bdi>الصحة</bdi>: <a" in page.render().decode()


def test_older_pages_stay_as_they_are_when_the_list_grows() -> None:
    made = [item(ES, 1, episode=f"x{n}", guid=f"x{n}") for n in range(2 * PAGE)]
    made = [replace(one, published_at=datetime(2026, 11, 20, tzinfo=UTC)) for one in made]
    first, second = "camino/es-419-p0001.html", "camino/es-419-p0002.html"
    found = []
    for more in (PAGE, PAGE + 1, 2 * PAGE):
        grown = {str(p.key): p for p in pages(channel(ES, (*items(ES), *made[:more])))}
        found.append(
            {key: (grown[key].fingerprint, grown[key].render()) for key in (first, second)}
        )
    assert found[0] == found[1]
    assert found[1][first] == found[2][first]
    assert found[1][second] != found[2][second]  # there is a newer page now, to which it leads


def test_what_was_sent_is_read_back() -> None:
    made = pages()
    sent = {
        page.key: SentPage(fingerprint=page.fingerprint, digest=digest_bytes(page.render()))
        for page in made[:5]
    }
    assert parse_site(render_site(sent)) == sent
    assert parse_site(None) == {}
    with pytest.raises(ProductionError, match="not the list of pages"):
        parse_site(b'{"pages": [1]}')


def test_a_transcript_is_cut_where_somebody_pauses_and_at_chapters() -> None:
    spoken = parse_json(words_json(ES), where="words")
    markup = transcript_markup(spoken, item(ES, 1).chapters, ES)
    assert markup.count("<h3>") == 2
    for start, said in sentences(ES):
        assert f"<span id=t{round(start * 1000)}>{said}</span>" in markup
    [first, _] = re.findall("<p>(.*?)</p>", markup)
    assert re.sub("<[^>]*>", "", first) == " ".join(SAID[ES][0])


def test_numbers_keep_their_order_in_arabic() -> None:
    markup = transcript_markup(parse_json(words_json(AR), where="words"), (), AR)
    assert "\u2066800 123 4567\u2069" in markup


def test_words_are_read_back_as_they_were_written() -> None:
    caption = Caption(
        start_ms=DurationMs(1000),
        end_ms=DurationMs(3000),
        text="Lleve agua.",
        paragraph=0,
        speaker="VOZ",
        timing=Timing.VOICE,
        words=(WordTime(offset=6, start_ms=DurationMs(1500)),),
    )
    first, second = parse_json(render_json([caption], ES), where="words")
    assert (first.start_ms, first.end_ms, first.text, first.speaker) == (1000, 1500, "Lleve", "VOZ")
    assert (second.start_ms, second.end_ms, second.text) == (1500, 3000, "agua.")


@pytest.mark.parametrize("data", [b"", b"[]", b'{"segments": [{}]}', b'{"segments": [1]}', b"\xff"])
def test_a_broken_transcript_is_named(data: bytes) -> None:
    with pytest.raises(ProductionError, match="no transcript"):
        parse_json(data, where="m/x.words.json")


@pytest.mark.parametrize("change", [{"title": "a\x00b"}, {"reason": "a\ud800"}])
def test_what_no_page_holds_is_refused_with_the_item_s_name(change: dict[str, str]) -> None:
    one = replace(item(ES, 1), **change)  # type: ignore[arg-type]
    with pytest.raises(ProductionError, match="character") as told:
        [page.render() for page in pages(channel(ES, (one,)))]
    assert "episodio-1" in str(told.value.where)


def test_an_address_that_runs_is_refused() -> None:
    one = item(ES, 1)
    assert one.enclosure is not None
    bad = replace(one.enclosure, url=Url("javascript:alert(1)"))
    with pytest.raises(ProductionError, match="cannot fetch"):
        [page.render() for page in pages(channel(ES, (replace(one, enclosure=bad),)))]


def test_search_engines_are_told_of_every_language_by_whole_addresses(site: Path) -> None:
    for key in ("index.html", "es-419/index.html", "camino/es-419.html", PAGE_TYPES["episode"]):
        data = (site / key.format(tag="es-419")).read_text(encoding="utf-8")
        found = dict(re.findall(r'hreflang="([\w-]+)" href="(https:[^"]+)"', data))
        assert {"es-419", "ar"} <= set(found), key
        for address in found.values():
            assert (site / address.removeprefix(BASE)).is_file()


def test_a_language_without_words_of_its_own_gets_english_marked_as_english() -> None:
    tag = LanguageTag("quc")
    one = replace(channel(ES, (item(ES, 1),)), language=tag, siblings=())
    made = {page.key: page.render().decode() for page in pages(one)}
    data = made[episode_key("camino", tag, "episodio-1")]
    assert '<span lang="en" dir="ltr">Valid until</span>' in data
    assert '<html lang="quc"' in data


def test_every_language_has_every_word() -> None:
    table = Path(feeds.labels.__file__).with_name("labels.toml")
    rows = tomllib.loads(table.read_text(encoding="utf-8"))
    assert {"en", "es", "fr", "pt", "ar", "ht"} <= set(rows)
    for row in rows.values():
        assert set(row) == set(rows["en"])
        assert all(word == word.strip() and word for word in row.values())
    used = "".join(
        place.read_text(encoding="utf-8")
        for place in Path(feeds.labels.__file__).with_name("pages").glob("*.*")
    )
    for name in rows["en"]:
        assert re.search(rf'"{name}"|words\.{name}\b', used), f"nothing says {name}"


def test_style_and_program_are_named_by_their_content(site: Path) -> None:
    places = sorted((site / "m").glob("site-*"))
    assert {place.suffix for place in places} == {".css", ".js", ".svg"}
    for place in places:
        digest = place.stem.removeprefix("site-")
        assert digest_bytes(place.read_bytes()).startswith(digest)
