"""Feeds that want to hang, crash or fill the memory: each gets an answer, soon."""

import time
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.check_faults import MOST_OF_A_RULE
from feeds.feed_rules import feed_rules
from feeds.judging import FeedFile, judge_feeds
from feeds.validate import check_feed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOOD = (Path(__file__).with_name("faulty") / "good.xml").read_bytes()
HEAD = b'<?xml version="1.0"?><rss version="2.0"><channel>'
TAIL = b"</channel></rss>"
DTD = b'<!DOCTYPE r [<!ENTITY l0 "ha">'
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
HOSTILE = {
    "fifty megabytes of nothing": HEAD + b" " * 50_000_000,
    "fifty megabytes of tags": HEAD + b"<a/>" * 12_500_000,
    "fifty megabytes of one text": HEAD + b"<title>" + b"x" * 50_000_000,
    "ten megabytes of one text": HEAD + b"<title>" + b"x" * 10_500_000 + b"</title>" + TAIL,
    "a hundred thousand levels": HEAD + b"<a>" * 100_000,
    "a hundred thousand levels, closed": HEAD + b"<a>" * 100_000 + b"</a>" * 100_000 + TAIL,
    "entities that grow": DTD + LAUGHS + b"]><rss>&l11;</rss>",
    "entities that grow in an attribute": DTD + LAUGHS + b']><rss a="&l11;"/>',
    "an entity that reads a file": b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]><rss>&f;</rss>',
    "a comment without an end": b"<!--" + b"-" * 3_000_000,
    "a hundred thousand attributes": b"<rss "
    + b" ".join(b'a%d="1"' % n for n in range(100_000))
    + b"/>",
    "one attribute a hundred thousand times": b"<rss " + b'a="1" ' * 100_000 + b"/>",
    "angle brackets in a description": HEAD
    + b"<description>"
    + b"&lt;a " * 600_000
    + b"</description>"
    + TAIL,
    "quotes in a description": HEAD
    + b"<description>&lt;a "
    + b'on"' * 900_000
    + b"</description>"
    + TAIL,
    "a date without an end": HEAD + b"<pubDate>" + b"1 " * 900_000 + b"</pubDate>" + TAIL,
    "an address without an end": HEAD + b"<link>https://a/" + b"a/" * 900_000 + b"</link>" + TAIL,
    "a number without an end": HEAD + b"<ttl>" + b"9" * 900_000 + b"</ttl>" + TAIL,
    "items beyond counting": HEAD + b"<item><title>a</title></item>" * 150_000 + TAIL,
    "names beyond counting": HEAD
    + b"".join(b"<item><a%d/></item>" % n for n in range(100_000))
    + TAIL,
    "UTF-16 that is cut": "<rss version='2.0'/>".encode("utf-16")[:-3],
    "an encoding that nobody has": b'<?xml version="1.0" encoding="x-klingon"?><rss/>',
    "zeros": b"\0" * 1000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_feed_gets_a_finding_soon_and_not_too_many(name: str) -> None:
    before = time.process_time()
    found = check_feed(HOSTILE[name], now=NOW, advice=True)
    assert time.process_time() - before < 10
    assert found
    assert max(len(finding.problem) for finding in found) < 600
    rules = [finding.rule for finding in found]
    assert all(rules.count(rule) <= MOST_OF_A_RULE + 1 for rule in set(rules))


@given(st.data())
def test_the_good_feed_damaged_anywhere_is_judged_without_failing(data: st.DataObject) -> None:
    xml = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(xml) - 1))
        what = data.draw(st.sampled_from(["byte", "cut", "twice"]))
        if what == "byte":
            xml[at] = data.draw(st.integers(0, 255))
        elif what == "cut":
            del xml[at : at + data.draw(st.integers(1, 80))]
        else:
            xml[at:at] = xml[at : at + data.draw(st.integers(1, 200))]
    judged = judge_feeds([FeedFile(name="x.xml", data=bytes(xml))], now=NOW, shelf=None)
    assert all(finding.line <= xml.count(b"\n") + 1 for finding in judged.findings)


TAGS = st.sampled_from(
    [
        "title",
        "link",
        "description",
        "guid",
        "pubDate",
        "enclosure",
        "itunes:duration",
        "itunes:image",
        "itunes:explicit",
        "podcast:transcript",
        "podcast:chapters",
        "podcast:alternateEnclosure",
        "podcast:soundbite",
        "podcast:season",
        "content:encoded",
        "dcterms:valid",
        "itunes:episode",
        "podcast:locked",
        "item",
    ]
)


@given(st.lists(st.tuples(TAGS, st.text(max_size=30)), max_size=12))
def test_any_elements_with_any_texts_are_judged(rows: list[tuple[str, str]]) -> None:
    inside = "".join(
        f"<{tag} url={quoteattr(text)} type={quoteattr(text)} length={quoteattr(text)} "
        f"href={quoteattr(text)} startTime={quoteattr(text)}>{escape(text)}</{tag}>"
        for tag, text in rows
    )
    start, _, end = GOOD.decode().partition("<item>")
    xml = f"{start}<item>{inside}</item><item>{end}"
    judged = judge_feeds(
        [FeedFile(name="x.xml", data=xml.encode("utf-8", "replace"))], now=NOW, shelf=None
    )
    assert judged.findings, "an item without elements is never good"
    assert {one.rule for one in judged.findings} <= set(feed_rules())
    lines = xml.count("\n") + 1
    assert all(one.file == "x.xml" and 0 <= one.line <= lines for one in judged.findings)


@given(st.binary(max_size=300))
def test_any_bytes_are_judged_as_json_and_as_a_list_too(data: bytes) -> None:
    for head in (b'{"version": "https://jsonfeed.org/version/1.1",', b'<opml version="2.0">'):
        judged = judge_feeds([FeedFile(name="x", data=head + data)], now=NOW, shelf=None)
        assert judged.findings
