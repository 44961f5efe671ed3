"""Feeds in the styles of other makers: what a person is told, and nothing beside the point."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.validate import check_feed

HERE = Path(__file__).with_name("others")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MISSING = {"feed-element.recommended", "feed-transcript.missing"}
"""What most feeds lack; looked at apart."""
TOLD = {
    "weblog.xml": [
        (10, "feed-channel.suffix"),
        (18, "feed-element.value"),
        (34, "feed-text.script"),
        (36, "feed-address.https"),
        (37, "feed-enclosure.duration-form"),
    ],
    "hosted.xml": [
        (9, "feed-channel.suffix"),
        (10, "feed-element.unknown"),
        (19, "feed-address.query"),
        (27, "feed-address.query"),
        (27, "feed-address.tracking"),
        (28, "feed-element.value"),
        (29, "feed-enclosure.duration-form"),
    ],
    "modern.xml": [(5, "feed-channel.suffix"), (13, "feed-podcast.moved")],
    "by_hand.xml": [
        (1, "feed-xml.encoding"),
        (3, "feed-element.missing"),
        (3, "feed-element.missing"),
        (3, "feed-element.missing"),
        (3, "feed-image.missing"),
        (5, "feed-address.https"),
        (10, "feed-address.ascii"),
        (10, "feed-enclosure.length"),
        (11, "feed-item.guid-link"),
        (12, "feed-date.form"),
        (14, "feed-element.missing"),
        (16, "feed-address.https"),
        (16, "feed-enclosure.short"),
        (16, "feed-enclosure.wav"),
        (17, "feed-date.zone"),
    ],
}


@pytest.mark.parametrize("name", TOLD)
def test_a_feed_of_another_maker_is_told_what_matters(name: str) -> None:
    found = check_feed((HERE / name).read_bytes(), now=NOW, advice=True)
    assert [(one.line, one.rule) for one in found if one.rule not in MISSING] == TOLD[name]
    assert {one.rule for one in found} & MISSING


def test_a_serial_may_begin_with_its_first_episode() -> None:
    found = check_feed((HERE / "modern.xml").read_bytes(), now=NOW, advice=True)
    assert "feed-item.order" not in {one.rule for one in found}


@pytest.mark.parametrize("complaint", ["itunes:complete", "owner", "quc"])
def test_what_validators_complain_of_without_reason_is_no_error(complaint: str) -> None:
    # itunes:complete is Apple's own; an owner is optional since 2022; K'iche' is a language
    text = (HERE / "modern.xml").read_text(encoding="utf-8")
    if complaint == "itunes:complete":
        text = text.replace("<itunes:type>", "<itunes:complete>Yes</itunes:complete><itunes:type>")
    elif complaint == "owner":
        start, _, rest = text.partition("<itunes:owner>")
        text = start + rest.partition("</itunes:owner>")[2]
    else:
        text = text.replace("<language>de<", "<language>quc<")
    assert check_feed(text.encode(), now=NOW) == ()
