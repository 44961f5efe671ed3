"""Feeds that are broken in one way each, and exactly the findings that each must have.

The good feed and the ways to break it are data in faulty/: a name, what is changed, and for each
finding its rule and a text that stands on its line.
"""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feeds.guids import podcast_guid
from feeds.validate import check_feed

HERE = Path(__file__).with_name("faulty")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = "https://radio.example.org/"
SERVED_AT = f"{BASE}camino/es.xml"
GOOD = (HERE / "good.xml").read_text(encoding="utf-8")
NAMES = {
    "GUID_ES": podcast_guid(SERVED_AT),
    "GUID_AR": podcast_guid(f"{BASE}camino/ar.xml"),
    "GUID_PUB": podcast_guid(f"{BASE}publisher.xml"),
}
FAULTS: list[dict[str, Any]] = tomllib.loads((HERE / "faults.toml").read_text(encoding="utf-8"))[
    "fault"
]


def spelt(text: str) -> str:
    """Write out ``{x*256}`` and the names of guids."""
    for name, guid in NAMES.items():
        text = text.replace(name, guid)
    return re.sub(r"\{(.)\*(\d+)\}", lambda match: match[1] * int(match[2]), text)


def broken(fault: dict[str, Any]) -> str:
    """Give the feed with one fault."""
    if "file" in fault:
        return str(fault["file"])
    text = GOOD
    for number in ("", "2"):
        old = fault.get(f"old{number}") or (fault["drop"] if number == "" else None)
        if old is not None:
            assert spelt(old) in text, f"{fault['name']}: good.xml does not hold {old!r}"
            text = text.replace(spelt(old), spelt(fault.get(f"new{number}", "")), 1)
    assert text != GOOD
    return text


def lines_with(text: str, marker: str) -> list[int]:
    """Give the lines that hold a text, counted from 1."""
    return [n for n, line in enumerate(text.split("\n"), 1) if marker in line]


def test_the_good_feed_has_no_findings_at_all() -> None:
    assert check_feed(GOOD.encode(), now=NOW, advice=True, served_at=SERVED_AT) == ()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"].replace(" ", "-"))
def test_a_broken_feed_has_exactly_the_findings_it_must_have(fault: dict[str, Any]) -> None:
    text = broken(fault)
    found = check_feed(
        text.encode(), now=NOW, advice=True, served_at=fault.get("served_at", SERVED_AT)
    )
    told = sorted(finding.rule for finding in found)
    assert told == sorted(rule for rule, *_ in fault["expect"]), [f.problem for f in found]
    for rule, marker, *number in fault["expect"]:
        lines = {finding.line for finding in found if finding.rule == rule}
        if marker != "*":
            wanted = lines_with(text, spelt(marker))
            assert wanted, f"{fault['name']}: no line holds {marker!r}"
            assert lines == {wanted[number[0] - 1] if number else wanted[0]}


def test_the_faults_are_many_and_each_has_its_own_name() -> None:
    names = [fault["name"] for fault in FAULTS]
    assert len(names) == len(set(names)) >= 80
