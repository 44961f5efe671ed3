"""Feeds beside each other: languages, publisher, guids, pages, JSON Feed, OPML."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.guids import podcast_guid
from feeds.judging import FeedFile, judge_feeds
from production.catalogue.feed_shelves import FolderShelf

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = "https://radio.example.org/"
GROUPS = ("feed-family", "feed-paging", "feed-json", "feed-opml")


def link(rel: str, name: str, more: str = "") -> str:
    return f'<atom:link rel="{rel}" href="{BASE}{name}"{more}/>'


def remote(name: str, guid: str = "", more: str = "") -> str:
    own = guid or podcast_guid(BASE + name)
    return f'<podcast:remoteItem feedGuid="{own}" feedUrl="{BASE}{name}"{more}/>'


def feed(
    name: str, *inside: str, guid: str = "", language: str = "es", items: str = ""
) -> FeedFile:
    rows = "\n".join(inside)
    listed = "\n".join(
        f"<item><title>{one}</title><guid isPermaLink='false'>{one}</guid></item>"
        for one in items.split()
    )
    text = f"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:podcast="https://podcastindex.org/namespace/1.0">
<channel>
<title>{name}</title>
<language>{language}</language>
{link("self", name)}
<podcast:guid>{guid or podcast_guid(BASE + name)}</podcast:guid>
{rows}
{listed}
</channel>
</rss>
"""
    return FeedFile(name=name, data=text.encode(), served_at=BASE + name)


def told(*documents: FeedFile) -> list[tuple[str, str]]:
    judged = judge_feeds(documents, now=NOW, shelf=None)
    return [(one.rule, one.file) for one in judged.findings if one.rule.startswith(GROUPS)]


def sibling(name: str, tag: str) -> str:
    return link("alternate", name, f' hreflang="{tag}" type="application/rss+xml"')


PUBLISHER = "<podcast:medium>publisher</podcast:medium>"


def of_publisher(*inside: str) -> str:
    return f"<podcast:publisher>{''.join(inside)}</podcast:publisher>"


def test_feeds_that_name_each_other_rightly_have_no_findings() -> None:
    assert (
        told(
            feed("es.xml", sibling("ar.xml", "ar"), of_publisher(remote("pub.xml")), items="a b"),
            feed("ar.xml", sibling("es.xml", "es-419"), language="ar", items="c"),
            feed("pub.xml", PUBLISHER, remote("es.xml")),
        )
        == []
    )


def test_a_language_that_does_not_point_back_and_one_that_is_another() -> None:
    one_way = told(feed("es.xml", sibling("ar.xml", "ar")), feed("ar.xml", language="ar"))
    assert one_way == [("feed-family.one-way", "es.xml")]
    wrong = told(
        feed("es.xml", sibling("ar.xml", "fr")),
        feed("ar.xml", sibling("es.xml", "es"), language="ar"),
    )
    assert wrong == [("feed-family.language", "es.xml")]


def test_a_language_that_validators_do_not_know_may_be_written_as_its_nearest() -> None:
    assert (
        told(
            feed("es.xml", sibling("prs.xml", "prs")),
            feed("prs.xml", sibling("es.xml", "es"), language="fa-AF"),
        )
        == []
    )


def test_a_publisher_counts_in_both_directions_only() -> None:
    es = feed("es.xml", of_publisher(remote("pub.xml")))
    assert told(es, feed("pub.xml", PUBLISHER)) == [("feed-family.one-way", "es.xml")]
    assert told(feed("es.xml"), feed("pub.xml", PUBLISHER, remote("es.xml"))) == [
        ("feed-family.one-way", "pub.xml")
    ]
    assert told(es, feed("pub.xml", remote("es.xml"))) == [("feed-family.one-way", "es.xml")]


def test_a_remote_feed_under_a_wrong_guid() -> None:
    wrong = remote("ar.xml", podcast_guid(BASE + "fr.xml"))
    roll = f"<podcast:podroll>{wrong}</podcast:podroll>"
    assert told(feed("es.xml", roll), feed("ar.xml")) == [("feed-family.guid", "es.xml")]


def test_two_feeds_with_one_podcast_guid_and_two_with_one_item() -> None:
    shared = podcast_guid(BASE + "es.xml")
    assert told(feed("es.xml"), feed("ar.xml", guid=shared)) == [
        ("feed-family.guid-shared", "ar.xml")
    ]
    assert told(feed("es.xml", items="a"), feed("ar.xml", items="b a")) == [
        ("feed-family.item-guid", "ar.xml")
    ]


def page(name: str, *links: tuple[str, str], **more: str) -> FeedFile:
    guid = more.pop("guid", podcast_guid(BASE + "es.xml"))
    return feed(name, *(link(rel, other) for rel, other in links), guid=guid, **more)


ENDS = (("first", "es.xml"), ("last", "p1.xml"))
OTHER_END = (("first", "es.xml"), ("last", "p9.xml"))


def test_pages_in_a_row_have_no_findings() -> None:
    assert (
        told(
            page("es.xml", *ENDS, ("next", "p2.xml"), items="a"),
            page("p2.xml", *ENDS, ("prev", "es.xml"), ("next", "p1.xml"), items="b"),
            page("p1.xml", *ENDS, ("prev", "p2.xml"), items="c"),
        )
        == []
    )


@pytest.mark.parametrize(
    ("rule", "second"),
    [
        ("feed-paging.chain", page("p1.xml", *ENDS)),
        ("feed-paging.chain", page("p1.xml", *OTHER_END, ("prev", "es.xml"))),
        ("feed-paging.guid", page("p1.xml", *ENDS, ("prev", "es.xml"), guid=podcast_guid("x"))),
        ("feed-paging.item-twice", page("p1.xml", *ENDS, ("prev", "es.xml"), items="a")),
        ("feed-paging.loop", page("p1.xml", *ENDS, ("prev", "es.xml"), ("next", "es.xml"))),
    ],
)  # fmt: skip
def test_pages_that_do_not_go_together(rule: str, second: FeedFile) -> None:
    first = page("es.xml", *ENDS, ("next", "p1.xml"), items="a")
    assert rule in {found for found, _ in told(first, second)}


LENGTH_IN_WORDS = {"url": f"{BASE}a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": "9"}
GOOD_JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Camino",
    "feed_url": f"{BASE}es.json",
    "items": [
        {
            "id": "a",
            "title": "a",
            "content_text": "Agua",
            "date_published": "2026-11-20T09:30:00+00:00",
            "attachments": [
                {"url": f"{BASE}m/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}
            ],
        }
    ],
}


def json_feed(**changes: object) -> FeedFile:
    data = json.dumps({**GOOD_JSON, **changes}, indent=1).encode()
    return FeedFile(name="es.json", data=data, served_at=f"{BASE}es.json")


def item(**changes: object) -> list[dict[str, object]]:
    row = {**GOOD_JSON["items"][0], **changes}  # type: ignore[dict-item]
    return [{key: value for key, value in row.items() if value is not None}]


def test_a_good_json_feed_beside_its_rss_has_no_findings() -> None:
    assert told(json_feed(), feed("es.xml", items="a")) == []


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("feed-json.value", {"version": "https://jsonfeed.org/version/2"}),
        ("feed-json.value", {"language": "español"}),
        ("feed-json.value", {"description": 5}),
        ("feed-json.missing", {"title": ""}),
        ("feed-json.missing", {"items": {}}),
        ("feed-json.missing", {"items": item(id=None)}),
        ("feed-json.missing", {"items": item(content_text=None)}),
        ("feed-json.missing", {"items": item(attachments=[{"url": f"{BASE}m/a.mp3"}])}),
        ("feed-json.value", {"items": item(date_published="20 Nov 2026")}),
        ("feed-json.value", {"items": item(attachments=[LENGTH_IN_WORDS])}),
        ("feed-json.twin", {"items": item(title="b")}),
        ("feed-json.twin", {"items": item(id="b")}),
        ("feed-json.twin", {"items": []}),
    ],
)  # fmt: skip
def test_a_json_feed_with_a_fault(rule: str, changes: dict[str, object]) -> None:
    assert rule in {found for found, _ in told(json_feed(**changes), feed("es.xml", items="a"))}


AGAIN = f'<outline type="rss" text="x" xmlUrl="{BASE}es.xml"/>'
OPML = f"""<opml version="2.0">
<head><title>Camino</title><dateModified>Fri, 20 Nov 2026 09:30:00 +0000</dateModified></head>
<body>
<outline text="es" language="es"><outline type="rss" text="Camino" xmlUrl="{BASE}es.xml"/></outline>
</body>
</opml>
"""


def test_a_json_feed_that_is_cut_is_told_with_its_line() -> None:
    cut = FeedFile(name="es.json", data=json_feed().data[:200])
    judged = judge_feeds([cut], now=NOW, shelf=None)
    assert [one.rule for one in judged.findings] == ["feed-json.syntax"]
    assert judged.findings[0].line > 1


def test_pages_and_feeds_that_are_not_there_are_told(tmp_path: Path) -> None:
    first = page("es.xml", ("first", "es.xml"), ("next", "p1.xml"), items="a")
    judged = judge_feeds([first], now=NOW, shelf=FolderShelf(tmp_path, BASE))
    assert "feed-paging.link" in {one.rule for one in judged.findings}


def test_a_good_list_has_no_findings() -> None:
    judged = judge_feeds([FeedFile(name="feeds.opml", data=OPML.encode())], now=NOW, shelf=None)
    assert judged.findings == []


@pytest.mark.parametrize(
    ("rule", "line", "old", "new"),
    [
        ("feed-opml.syntax", 1, 'version="2.0"', 'version="1.0"'),
        ("feed-opml.syntax", 1, "<head>", "<head/><head>"),
        ("feed-opml.outline", 4, 'text="Camino"', 'title="Camino"'),
        ("feed-opml.outline", 4, f' xmlUrl="{BASE}es.xml"', ""),
        ("feed-opml.outline", 4, 'type="rss" ', ""),
        ("feed-opml.outline", 4, 'language="es"', 'language="español"'),
        ("feed-opml.feed", 4, "</outline>", f"{AGAIN}</outline>"),
        ("feed-date.form", 2, "Fri, 20 Nov 2026 09:30:00 +0000", "2026-11-20"),
        ("feed-address.https", 4, f'xmlUrl="{BASE}', 'xmlUrl="http://radio.example.org/'),
    ],
)  # fmt: skip
def test_a_list_with_a_fault(rule: str, line: int, old: str, new: str) -> None:
    assert old in OPML
    document = FeedFile(name="feeds.opml", data=OPML.replace(old, new, 1).encode())
    judged = judge_feeds([document], now=NOW, shelf=None)
    assert [(one.rule, one.line) for one in judged.findings] == [(rule, line)]
