"""A target keeps the public half of its ledger in few parts that are exactly those lines."""

from collections.abc import Mapping
from math import log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.ledger.parts import (
    FULL_LINES,
    PartLostError,
    part_lines,
    plan_parts,
    public_lines,
    unknown_parts,
)
from production.targets.head import LedgerPart
from programme.digests import digest_bytes
from programme.units import Key
from tests.production.ledger.ledger_lines import FEEDS, open_ledger, released, takes, withdrawn

Place = dict[Key, bytes]


def publish(
    place: Place, head: tuple[LedgerPart, ...], lines: list[bytes]
) -> tuple[LedgerPart, ...]:
    """Do to a place what a publish does, in its order."""
    parts = plan_parts(head, lines)
    place |= {part.key: data for part, data in parts.write}
    for key in parts.drop:
        del place[key]
    return parts.named


def read_all(place: Mapping[Key, bytes], head: tuple[LedgerPart, ...]) -> list[bytes]:
    return [line for part in head for line in part_lines(part, place[part.key])]


@given(st.lists(st.integers(1, 40), max_size=60))
def test_parts_are_exactly_the_lines_and_few_however_many_publishes_there_were(
    steps: list[int],
) -> None:
    place: Place = {}
    head: tuple[LedgerPart, ...] = ()
    lines: list[bytes] = []
    for step in steps:
        lines += [b"%d\n" % (len(lines) + number) for number in range(step)]
        head = publish(place, head, lines)
        assert read_all(place, head) == lines
        assert set(place) == {part.key for part in head}
        assert len(head) <= log2(len(lines)) + 1
        assert all(part.key == f"ledger/{part.digest[:32]}.jsonl" for part in head)


@given(
    st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"d\n"]), max_size=12),
    st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"d\n"]), max_size=12),
)
def test_after_a_merge_that_put_lines_in_between_the_parts_are_the_lines_again(
    before: list[bytes], after: list[bytes]
) -> None:
    place: Place = {}
    head: tuple[LedgerPart, ...] = ()
    for end in range(len(before)):
        head = publish(place, head, before[: end + 1])
    head = publish(place, head, after)
    assert read_all(place, head) == after
    assert set(place) == {part.key for part in head}


def test_a_publish_of_one_line_sends_little_and_full_parts_are_never_sent_again() -> None:
    place: Place = {}
    lines = [b"%d\n" % number for number in range(3 * FULL_LINES + 100)]
    head = publish(place, (), lines)
    assert [part.lines for part in head] == [FULL_LINES, FULL_LINES, FULL_LINES, 100]
    sent = 0
    for number in range(1000):
        lines.append(b"more %d\n" % number)
        plan = plan_parts(head, lines)
        sent += sum(part.lines for part, _ in plan.write)
        assert [part.lines for part in plan.keep][:3] == [FULL_LINES] * 3
        head = publish(place, head, lines)
    assert sent < 1000 * 12  # each line a few times, not the whole each time


def test_nothing_is_written_where_the_target_has_every_line() -> None:
    place: Place = {}
    lines = [b"one\n", b"two\n", b"three\n"]
    head = publish(place, (), lines)
    parts = plan_parts(head, lines)
    assert (parts.keep, parts.write, parts.drop) == (head, (), ())
    assert plan_parts((), []).named == ()


def test_what_the_ledger_does_not_hold_is_given_and_plain_parts_are_not_even_read(
    tmp_path: Path,
) -> None:
    first, second = released(), released(2, minutes=9)
    ours = open_ledger(tmp_path / "ours", first)
    theirs = open_ledger(tmp_path / "theirs", first, withdrawn(first, minutes=9), second)
    place: Place = {}
    head = publish(place, (), public_lines(theirs, "public"))
    mine = public_lines(ours, "public")

    unknown = unknown_parts(head, mine, place.get, ledger=ours)
    assert unknown == public_lines(theirs, "public")[1:]

    def unread(key: Key) -> bytes | None:
        raise AssertionError(key)

    assert unknown_parts(head, public_lines(theirs, "public"), unread, ledger=theirs) == []
    # Noted on an earlier run: read then, and all held.
    assert unknown_parts(head, mine, unread, ledger=ours, known={head[0].digest}) == []


def test_lines_of_a_station_that_is_public_no_more_are_known_still_and_leave_the_target(
    tmp_path: Path,
) -> None:
    ledger = open_ledger(tmp_path)
    for feed in FEEDS:
        ledger.append("feed", feed)
    ledger.append("takes", takes("radio-a"))
    place: Place = {}
    head = publish(place, (), public_lines(ledger, "public", stations={"radio-a"}))
    assert any(b"radio-a" in data for data in place.values())
    now = public_lines(ledger, "public")
    assert unknown_parts(head, now, place.get, ledger=ledger) == []
    publish(place, head, now)
    assert not any(b"radio-a" in data for data in place.values())


def test_a_part_that_is_gone_or_has_one_other_bit_is_told_never_read(tmp_path: Path) -> None:
    theirs = open_ledger(tmp_path / "theirs", released(), released(2, minutes=9))
    ours = open_ledger(tmp_path / "ours")
    place: Place = {}
    head = publish(place, (), public_lines(theirs, "public"))
    (part,) = head
    whole = place[part.key]
    with pytest.raises(PartLostError, match="is gone"):
        unknown_parts(head, [], lambda _: None, ledger=ours)
    for at in range(0, len(whole), 97):
        place[part.key] = whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]
        with pytest.raises(PartLostError, match="not what it was"):
            unknown_parts(head, [], place.get, ledger=ours)
        place[part.key] = whole[:at]
        with pytest.raises(PartLostError):
            unknown_parts(head, [], place.get, ledger=ours)


def test_a_head_that_lies_about_the_number_of_lines_is_not_believed() -> None:
    data = b"one\ntwo"
    part = LedgerPart(key=Key("ledger/x.jsonl"), lines=1, digest=digest_bytes(data))
    with pytest.raises(PartLostError):
        part_lines(part, data)
