"""Whatever order a merge in git leaves, the history is one; what it cannot decide is told."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from production.ledger.ledger import LEDGER_FILE, Ledger
from production.ledger.merging import find_problems, last_pack
from production.publish.checks import refuse_disputed
from production.releases.history import ReleaseHistory, read_history
from production.releases.orders import Action, Order
from production.releases.values import Change, News, Notice, Withdrawing
from programme.digests import Plain, digest_text
from programme.errors import ProductionError
from programme.units import LanguageTag
from tests.production.ledger.ledger_lines import (
    NOON,
    noticed,
    open_ledger,
    released,
    takes,
    thing,
    withdrawn,
    write_all,
)
from tests.production.published import Made, history, made_once, of, send, titles
from tests.production.running import build, read

FIRST = released()
SECOND = released(2, minutes=10)
EN = ("corta", "corta-1", LanguageTag("en"))


def notice(minutes: int, *, sound: bool = False) -> Notice:
    gone = withdrawn(FIRST, Withdrawing.RETRACT, minutes=minutes, sound=sound)
    return noticed(gone, minutes=minutes)


LIFE: tuple[News, ...] = (
    FIRST,
    replace(FIRST, changed_at=NOON + timedelta(minutes=2), change=Change.TEXT, title="Water"),
    replace(FIRST, changed_at=NOON + timedelta(minutes=4), change=Change.REPLACE),
    withdrawn(FIRST, minutes=10),
    withdrawn(FIRST, minutes=10, sound=True),
    SECOND,
    withdrawn(SECOND, Withdrawing.EXPIRE, minutes=20),
    withdrawn(SECOND, Withdrawing.RETRACT, minutes=20),
    withdrawn(SECOND, Withdrawing.RETRACT, minutes=20, sound=True),
    notice(20),
    notice(20, sound=True),
    released(tag="ht", minutes=3),
    released(episode="corta-2", minutes=4, topics=("safety",)),
)
"""Everything that can become of an edition: mended, corrected, ended and taken back."""


def history_of(folder: Path) -> ReleaseHistory:
    return read_history(Ledger(folder), "public")


@settings(max_examples=40)
@given(st.randoms(use_true_random=False))
def test_any_order_of_merged_lines_gives_the_same_history(chance: object) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger = open_ledger(folder, *LIFE)
        ledger.append("takes", takes("radio-a"))
        ledger.append("takes", {**takes("radio-a"), "at": (NOON + timedelta(1)).isoformat()})
        straight = history_of(folder)
        path = folder / LEDGER_FILE
        lines = path.read_bytes().splitlines(keepends=True)
        chance.shuffle(lines)  # type: ignore[attr-defined]
        path.write_bytes(b"".join([*lines, lines[0], lines[-1]]))  # some came twice
        merged = history_of(folder)
    assert merged == straight
    (first, second) = merged.editions[EN]
    assert first.release.change is Change.REPLACE
    assert second.withdrawal is not None
    assert (second.withdrawal.kind, bool(second.withdrawal.sound)) == (Withdrawing.RETRACT, True)
    assert [bool(one.sound) for one in merged.notices] == [True]
    assert len(merged.takes["radio-a"]) == 2
    assert merged.disputed == {}


def test_of_two_changes_in_one_second_the_later_line_holds_also_where_it_says_the_first_again(
    tmp_path: Path,
) -> None:
    one = replace(FIRST, change=Change.TEXT, title="One")
    two = replace(FIRST, change=Change.TEXT, title="Two")
    open_ledger(tmp_path, FIRST, one, two, one)
    ((standing,),) = history_of(tmp_path).editions.values()
    assert standing.release.title == "One"


def test_a_clock_that_was_set_back_changes_nothing_but_the_times(tmp_path: Path) -> None:
    # The correction was made on a computer whose clock was a day behind.
    behind = replace(
        SECOND, published_at=NOON - timedelta(days=1), changed_at=NOON - timedelta(days=1)
    )
    open_ledger(tmp_path, FIRST, behind, withdrawn(FIRST, minutes=-1440))
    first, second = history_of(tmp_path).editions[EN]
    assert first.withdrawal is not None
    assert first.successor == behind
    assert second.withdrawal is None


def test_a_retraction_on_one_branch_is_not_undone_by_an_expiry_on_the_other(
    tmp_path: Path,
) -> None:
    wrong = withdrawn(FIRST, Withdrawing.RETRACT, minutes=5, reason="A wrong number.")
    open_ledger(tmp_path, FIRST, wrong, withdrawn(FIRST, Withdrawing.EXPIRE, minutes=30))
    ((standing,),) = history_of(tmp_path).editions.values()
    assert standing.withdrawal == wrong


# --- Told with what to do -------------------------------------------------------------------


def disputed(folder: Path) -> Ledger:
    """Give a ledger of two branches that both corrected one edition, in different words."""
    ours = released(2, minutes=10, words="Call nine one one")
    theirs = released(2, minutes=12, words="Call one three seven")
    return open_ledger(folder, FIRST, ours, withdrawn(FIRST, minutes=10), theirs)


def test_two_messages_under_one_guid_are_told_and_stop_a_publish_but_not_what_ends_them(
    tmp_path: Path,
) -> None:
    ledger = disputed(tmp_path)
    (problem,) = find_problems(ledger, "public")
    assert problem.about == "corta/corta-1/en"
    assert "two different messages" in problem.problem
    assert "altavoz release correct corta/corta-1/en" in problem.remedy
    assert find_problems(ledger, "another") == []

    merged = read_history(ledger, "public")
    assert set(merged.disputed) == {"small/corta/corta-1/en/2"}
    for order in (None, Order(action=Action.FIX_TEXT, editions=(EN,), reasons={})):
        with pytest.raises(ProductionError, match="two branches") as error:
            refuse_disputed(merged, order)
        assert "altavoz release correct corta/corta-1/en" in error.value.remedy
    for action in (Action.CORRECT, Action.RETRACT, Action.EXPIRE):
        refuse_disputed(merged, Order(action=action, editions=(EN,), reasons={}))
    # A retraction of something else does not wait for it.
    refuse_disputed(
        merged, Order(action=Action.RETRACT, editions=(("corta", "corta-2", EN[2]),), reasons={})
    )


def test_publishing_after_such_a_merge_is_refused_and_an_ordered_correction_withdraws_both(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = made_once(tmp_path_factory)
    made = Made(workspace=read(root), editions=build(root).editions)
    send(tmp_path, made)
    (first,) = history(tmp_path)["en"]
    # Somebody else published another message under this number, and both sides were kept.
    other = replace(
        first,
        words_digest=digest_text("other words"),
        changed_at=first.changed_at - timedelta(hours=1),
        media=(thing("mp3", "other words", kbps=64),),
    )
    write_all(Ledger(tmp_path), other)
    with pytest.raises(ProductionError, match="different messages"):
        send(tmp_path, made)
    order = Order(action=Action.CORRECT, editions=(first.edition,), reasons={})
    send(tmp_path, made, [of(made, "en")], order=order, now=NOON + timedelta(hours=1))
    assert [one.revision for one in history(tmp_path)["en"]] == [1, 2]
    assert [kind for kind, _ in titles(tmp_path, "en")] == ["live", "withdrawn"]
    (removed,) = [event.facts["keys"] for event in Ledger(tmp_path).events("removed")]
    assert {first.media[0].key, other.media[0].key} <= set(removed)
    assert send(tmp_path, made, now=NOON + timedelta(hours=2)).changes == []


def test_a_correction_or_a_retraction_settles_two_messages_under_one_guid(tmp_path: Path) -> None:
    corrected = disputed(tmp_path / "corrected")
    last = read_history(corrected, "public").editions[EN][-1].release
    write_all(corrected, released(3, minutes=20), withdrawn(last, minutes=20))
    retracted = disputed(tmp_path / "retracted")
    write_all(retracted, withdrawn(last, Withdrawing.RETRACT, minutes=20))
    for ledger in (corrected, retracted):
        assert find_problems(ledger, "public") == []
        assert read_history(ledger, "public").disputed == {}


def test_the_same_message_published_by_two_is_one(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, FIRST, replace(FIRST, published_at=NOON + timedelta(hours=1)))
    assert find_problems(ledger, "public") == []


def test_a_retraction_that_did_not_know_of_a_correction_is_told_until_that_is_settled(
    tmp_path: Path,
) -> None:
    wrong = withdrawn(FIRST, Withdrawing.RETRACT, minutes=5)
    ledger = open_ledger(tmp_path, FIRST, wrong, SECOND, withdrawn(FIRST, minutes=10))
    (problem,) = find_problems(ledger, "public")
    assert "revision 1 was retracted on 2026-11-22 12:05 UTC" in problem.problem
    assert "altavoz release retract corta/corta-1/en" in problem.remedy
    write_all(ledger, withdrawn(SECOND, Withdrawing.RETRACT, minutes=30))
    assert find_problems(ledger, "public") == []


def test_a_correction_that_was_ordered_after_a_retraction_is_no_problem(tmp_path: Path) -> None:
    wrong = withdrawn(FIRST, Withdrawing.RETRACT, minutes=5)
    assert find_problems(open_ledger(tmp_path, FIRST, wrong, SECOND), "public") == []


def test_two_packs_of_one_serial_are_told_and_the_next_one_gets_its_own(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    pack: dict[str, Plain] = {
        "pack": "small_terminal",
        "serial": 4,
        "issued": "2026-11-20",
        "content": "a",
    }
    ledger.append("pack", pack)
    assert find_problems(ledger, "public") == []
    ledger.append("pack", {**pack, "content": "b"})
    (problem,) = find_problems(ledger, "public")
    assert (problem.about, "serial 4" in problem.problem) == ("small_terminal 4", True)
    newest, both = last_pack(ledger.events("pack"))
    assert newest is not None
    assert (newest.facts["serial"], both) == (4, True)
    ledger.append("pack", {**pack, "serial": 5, "content": "b"})
    assert find_problems(ledger, "public") == []
    assert last_pack(ledger.events("pack"))[1] is False
