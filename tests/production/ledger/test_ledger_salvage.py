"""A damaged ledger is read as far as it is whole, and lost lines go back to their places."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from production.ledger.ledger import LEDGER_FILE, Ledger
from production.ledger.salvage import Found, known_again, salvage, woven

LETTERS = st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b"e", b"f"]), unique=True)


@given(st.permutations([b"a", b"b", b"c", b"d", b"e", b"f"]), LETTERS, LETTERS)
@example([b"a", b"b", b"c", b"d", b"e", b"f"], [b"c", b"b"], [b"a", b"b", b"f"])
def test_woven_ledgers_hold_every_line_once_in_the_order_of_each(
    order: list[bytes], ours: list[bytes], theirs: list[bytes]
) -> None:
    straight = [line for line in order if line in theirs]
    found = woven(ours, straight)
    assert sorted(found) == sorted({*ours, *theirs})
    assert [line for line in found if line in ours] == ours
    mine = [line for line in order if line in ours]
    # Where both have one order, the whole has it too.
    both = woven(mine, straight)
    assert [line for line in both if line in theirs] == straight


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda line: line.replace(b"second", b"s"), Found.AGAIN),  # its checksum is left
        (lambda line: line[:-1] + b" ", Found.AGAIN),
        (lambda line: line[30:], Found.AGAIN),
        (lambda line: line[: line.index(b"sha256")], Found.ALIKE),
        (lambda line: line[:20], Found.NOT),
        (lambda _: b"[]", Found.NOT),
    ],
)
def test_a_damaged_line_is_known_again_only_by_what_is_its_own(
    tmp_path: Path, damage: object, found: Found
) -> None:
    ledger = Ledger(tmp_path)
    ledger.append_all([("note", {"n": 1, "long": "first " * 20}), ("note", {"n": 2})])
    ledger.append("note", {"a": "second " * 20})
    path = tmp_path / LEDGER_FILE
    lines = path.read_bytes().split(b"\n")[:-1]
    path.write_bytes(b"\n".join([*lines[:2], damage(lines[2])]) + b"\n")  # type: ignore[operator]
    left = salvage(path)
    assert left.lines == tuple(lines[:2])
    (told,) = known_again(left, lines)
    assert (told.number, told.found) == (3, found)
    (unknown,) = known_again(left, [])
    assert unknown.found is Found.NOT


def test_two_lines_that_begin_alike_are_not_taken_for_each_other(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    same = "the same words " * 10
    ledger.append("note", {"a": same, "z": "public"})
    path = tmp_path / LEDGER_FILE
    (public,) = path.read_bytes().split(b"\n")[:-1]
    path.write_bytes(public + b"\n" + public[:150] + b"\n")  # another, cut where they are alike
    (told,) = known_again(salvage(path), [public])
    assert told.found is Found.NOT
