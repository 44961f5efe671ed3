"""The head of a target: written the same for ever, read back, and refused where it is not one."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from production.targets.head import (
    Claim,
    Head,
    Last,
    LedgerPart,
    is_label,
    parse_head,
    render_head,
)
from programme.errors import ExitCode, ProductionError
from programme.units import Digest, Key

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHOLE = Head(
    network="camino",
    serial=42,
    claim=Claim(
        by="Tapachula office",
        since=NOON,
        alive=NOON + timedelta(minutes=15),
        run="0123456789abcdef",
    ),
    last=Last(by="oficina de San José", at=NOON - timedelta(days=1)),
    ledger=(LedgerPart(key=Key("ledger/ab.jsonl"), lines=3, digest=Digest("ab" * 32)),),
)
WRITTEN = (
    '{"claim":{"alive":"2026-11-22T12:15:00Z","by":"Tapachula office",'
    '"run":"0123456789abcdef","since":"2026-11-22T12:00:00Z"},"format":"altavoz-target/1",'
    '"last":{"at":"2026-11-21T12:00:00Z","by":"oficina de San José"},'
    f'"ledger":[{{"digest":"{"ab" * 32}","key":"ledger/ab.jsonl","lines":3}}],'
    '"network":"camino","serial":42}\n'
).encode()


def test_a_head_is_written_as_other_programs_expect_it() -> None:
    assert render_head(WHOLE) == WRITTEN
    assert parse_head(WRITTEN, where="here") == WHOLE


def test_times_of_other_zones_are_written_in_utc() -> None:
    tapachula = timezone(timedelta(hours=-6))
    head = Head(network="n", last=Last(by="a", at=NOON.astimezone(tapachula)))
    assert b'"at":"2026-11-22T12:00:00Z"' in render_head(head)


def test_a_claim_of_an_earlier_form_was_alive_when_it_was_made() -> None:
    facts = json.loads(WRITTEN)
    del facts["claim"]["alive"]
    head = parse_head(json.dumps(facts).encode(), where="here")
    assert head is not None
    assert head.claim is not None
    assert head.claim.alive == NOON


LABELS = st.text(min_size=1, max_size=60).filter(is_label)
MOMENTS = st.integers(min_value=0, max_value=4_000_000_000).map(
    lambda second: datetime.fromtimestamp(second, UTC)
)


@given(LABELS, LABELS, MOMENTS, st.integers(min_value=0, max_value=1 << 50))
def test_any_head_is_read_back(by: str, last: str, at: datetime, serial: int) -> None:
    claim = Claim(by=by, since=at, alive=at, run="0" * 16)
    head = Head(network="n", serial=serial, claim=claim, last=Last(by=last, at=at))
    assert parse_head(render_head(head), where="here") == head


@given(st.binary(max_size=200))
@example(b"")
@example(b"null")
@example(b"[]")
@example(b"[" * 100_000)
@example(b"{}")
@example(b'{"format":"altavoz-target/1"}')
@example(b'{"format":["altavoz-target/1"]}')
@example(b"\xff\xfe")
@example(b" " * (1 << 20) + b"{}")
def test_what_is_no_head_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(ProductionError, match="not the head") as caught:
        parse_head(data, where="the stick publish.json")
    assert caught.value.code is ExitCode.TARGET
    assert caught.value.where == "the stick publish.json"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("network",), "../camino"),
        (("network",), 7),
        (("serial",), -1),
        (("serial",), True),
        (("serial",), 1 << 60),
        (("claim", "by"), "two\nlines"),
        (("claim", "by"), "\u202egnp"),
        (("claim", "by"), "x" * 61),
        (("claim", "run"), "0123456789ABCDEF"),
        (("claim", "since"), "2026-11-22T12:00:00"),
        (("claim", "since"), "yesterday"),
        (("last", "by"), ""),
        (("ledger", 0, "key"), "ledger/../../etc.jsonl"),
        (("ledger", 0, "key"), "m/sound.mp3"),
        (("ledger", 0, "digest"), "00"),
        (("ledger", 0, "lines"), "3"),
    ],
)
def test_one_wrong_value_makes_it_no_head(path: tuple[str | int, ...], value: object) -> None:
    facts: Any = json.loads(WRITTEN)
    inner = facts
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with pytest.raises(ProductionError, match="not the head"):
        parse_head(json.dumps(facts).encode(), where="here")


def test_a_part_that_is_named_twice_makes_it_no_head() -> None:
    facts = json.loads(WRITTEN)
    facts["ledger"] *= 2
    with pytest.raises(ProductionError, match="not the head"):
        parse_head(json.dumps(facts).encode(), where="here")


def test_the_head_of_a_newer_altavoz_asks_for_an_update() -> None:
    data = WRITTEN.replace(b"altavoz-target/1", b"altavoz-target/2")
    with pytest.raises(ProductionError, match="a newer Altavoz") as caught:
        parse_head(data, where="here")
    assert "up to date" in caught.value.remedy
