"""What of the ledger a target may keep: a few kinds of lines, of which every member was judged."""

import json
from pathlib import Path

import pytest

from feeds.channel import ChannelKind
from production.catalogue.catalogue import FEED, FeedIdentity
from production.catalogue.station_takes import TAKES, StationTakes
from production.ledger.parts import open_stations, plan_parts, public_lines
from production.packs.made import PACKED
from production.packs.register import ENDED, SHIPPED
from production.releases.values import (
    NOTICE,
    RELEASED,
    WITHDRAWN,
    Withdrawing,
    ledger_line,
)
from programme.digests import Plain
from programme.units import Url
from tests.production.ledger.ledger_lines import (
    FEEDS,
    HIDDEN_FEEDS,
    NOON,
    noticed,
    open_ledger,
    released,
    takes,
    withdrawn,
)
from tests.production.running import TODAY, read
from tests.production.small import FILES, write_small

CANARY = "kanarya"
FIRST = released(reason="The number changed.")
GONE = withdrawn(FIRST, Withdrawing.RETRACT, minutes=5, sound=True, reason="It was wrong.")
TOLD = noticed(GONE, reason="It was wrong.")
HELD: dict[str, Plain] = {"pack": f"small_{CANARY}", "serial": 1}
PRIVATE_KINDS: tuple[tuple[str, dict[str, Plain]], ...] = (
    ("pack", {**HELD, "issued": "2026-11-22", "content": CANARY, "items": [{"path": CANARY}]}),
    (PACKED, {**HELD, "on": "2026-11-22", "station": CANARY}),
    (SHIPPED, {**HELD, "on": "2026-11-22", "carrier": "usb", "by": CANARY, "note": CANARY}),
    (ENDED, {**HELD, "on": "2026-11-23", "how": "deleted", "note": CANARY}),
    ("released-with-consent", {"target": "public", "guid": FIRST.guid, "consents": [CANARY]}),
    ("packed-with-consent", {**HELD, "consents": [CANARY]}),
    ("of-a-later-version", {"target": "public", "text": CANARY}),
)
"""Every kind of line that no target may keep; also those of private/, should they get into it."""


def test_of_every_kind_of_line_only_what_listeners_are_told_is_public(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    for name, facts in PRIVATE_KINDS:
        ledger.append(name, facts)
    for feed in (*FEEDS, *HIDDEN_FEEDS):
        ledger.append(FEED, feed)
    for station in ("radio-a", "was-open", CANARY):
        ledger.append(TAKES, takes(station))
    ledger.append(TAKES, takes("radio-a", target="real"))
    ledger.append("removed", {"target": "public", "keys": ["m/x.mp3"]})
    ledger.append("removed", {"target": "real", "keys": [CANARY]})
    elsewhere = released(target="real", episode=CANARY, reason=CANARY)
    for one in (FIRST, GONE, TOLD, elsewhere):
        ledger.append(*ledger_line(one))

    lines = [json.loads(line) for line in public_lines(ledger, "public", stations={"radio-a"})]
    told = [(line["event"], line.get("guid", line.get("station", ""))) for line in lines]
    assert told == [
        *((FEED, str(feed["guid"])) for feed in FEEDS),
        (TAKES, "radio-a"),
        ("removed", ""),
        (RELEASED, FIRST.guid),
        (WITHDRAWN, FIRST.guid),
        (NOTICE, f"{FIRST.guid}/notice"),
    ]
    parts = plan_parts((), public_lines(ledger, "public", stations={"radio-a"}))
    assert not [part.key for part, data in parts.write if CANARY.encode() in data]


MEMBERS = {
    RELEASED: "change changed_at chapters countries dated description duration_ms episode expires "
    "fact_values facts guid held language media number published_at reason revision segments "
    "series sources synthetic_voice target title title_mark topics words_digest",
    WITHDRAWN: "at episode guid kind language notice reason revision series target",
    NOTICE: "about countries episode guid kind language notice number published_at reason "
    "revision segments series target title topics",
    FEED: "guid id kind language title url",
    TAKES: "at station taken target",
}
"""Each was judged: of it listeners read in feeds and pages, or it is an id or a digest of that. A
new one fails this test until somebody has judged it too."""


@pytest.mark.parametrize("kind", MEMBERS)
def test_every_member_of_a_public_line_was_judged(kind: str) -> None:
    feed = FeedIdentity(
        kind=ChannelKind.LANGUAGE,
        id="",
        language="en",
        url=Url("https://radio.example.org/all/en.xml"),
        guid="g",
        title="All",
    )
    line = StationTakes(target="public", station="radio-a", at=NOON, taken=frozenset())
    written = dict([ledger_line(FIRST), ledger_line(GONE), ledger_line(TOLD)])
    written |= {FEED: feed.plain(), TAKES: line.plain()}
    assert sorted(written[kind]) == MEMBERS[kind].split()


@pytest.mark.parametrize(
    ("lines", "is_open"),
    [
        ("publish_identity: yes\ndelivery: feed\n", True),
        ("publish_identity: no\ndelivery: feed\n", False),
        ("delivery: feed\n", False),
        ("publish_identity: yes\ndelivery: pack\n", False),
    ],
)
def test_a_station_is_named_only_where_it_asked_for_a_feed_of_its_own(
    tmp_path: Path, lines: str, *, is_open: bool
) -> None:
    station = FILES["stations/feed.yml"].replace("delivery: feed\n", lines)
    workspace = read(write_small(tmp_path, {"stations/feed.yml": station}), TODAY)
    assert open_stations(workspace) == ({"feed"} if is_open else frozenset())
