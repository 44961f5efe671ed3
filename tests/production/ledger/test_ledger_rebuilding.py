"""A ledger that was lost, cut or damaged is found again at its target, and what is not is told."""

import json
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from production.ledger.ledger import LEDGER_FILE, Ledger
from production.ledger.parts import PartLostError, plan_parts, public_lines
from production.ledger.rebuilding import Rebuilt, rebuild_ledger, write_ledger
from production.ledger.rebuilding_words import rebuilt_lines
from production.ledger.salvage import Found, salvage
from production.releases.history import read_history
from production.releases.orders import Action, Order
from production.releases.values import Change, Withdrawing, ledger_line
from production.targets.head import HEAD_KEY, Head, render_head
from programme.digests import Plain, canonical_json, digest_text
from programme.errors import ExitCode, ProductionError
from tests.production.ledger.ledger_lines import (
    NOON,
    open_ledger,
    released,
    takes,
    withdrawn,
    write_all,
)
from tests.production.ledger.ledger_target import FIRST, SECOND, head_of, publish, stand, target_of
from tests.production.published import Made, made_once, of, send
from tests.production.running import build
from tests.production.running import read as read_workspace

DAY = date(2026, 11, 24)


def rebuild(root: Path) -> Rebuilt:
    return rebuild_ledger(
        root, target_of(root), head_of(root), network="small", today=DAY, elsewhere=["real"]
    )


def told(rebuilt: Rebuilt, kept: Path | None = None) -> str:
    return "\n".join(rebuilt_lines(rebuilt, dry_run=False, kept=kept))


def test_a_ledger_that_was_lost_is_found_again_with_everything_that_the_target_may_know(
    tmp_path: Path,
) -> None:
    before = publish(tmp_path)
    public = public_lines(before, "public")
    straight = read_history(before, "public")
    (tmp_path / LEDGER_FILE).unlink()
    rebuilt = rebuild(tmp_path)
    assert not (tmp_path / LEDGER_FILE).exists()  # planning writes nothing
    assert write_ledger(tmp_path, rebuilt) is None
    assert (tmp_path / LEDGER_FILE).read_bytes() == b"".join(public)
    assert read_history(Ledger(tmp_path), "public") == straight
    assert rebuilt.is_complete
    words = told(rebuilt)
    assert "7 lines found at public, 0 were here whole." in words
    assert "Cannot be found at any target: which packs were made" in words
    assert "begins again with number 1" in words
    assert "altavoz release rebuild, for real." in words


def test_a_whole_ledger_is_left_as_it_is_to_the_byte(tmp_path: Path) -> None:
    publish(tmp_path)
    before = (tmp_path / LEDGER_FILE).read_bytes()
    rebuilt = rebuild(tmp_path)
    assert not rebuilt.is_changed
    assert write_ledger(tmp_path, rebuilt) is None
    assert (tmp_path / LEDGER_FILE).read_bytes() == before
    assert told(rebuilt) == "releases.jsonl holds all that public tells, 10 lines."


def test_what_the_workspace_holds_and_the_target_does_not_is_kept_and_told(tmp_path: Path) -> None:
    ledger = publish(tmp_path)
    write_all(ledger, released(episode="corta-2", minutes=90))
    rebuilt = rebuild(tmp_path)
    assert (rebuilt.is_changed, rebuilt.ahead) == (False, 1)
    assert "1 line here that public has not yet" in told(rebuilt)


def test_lines_that_somebody_else_published_are_put_behind_ours(tmp_path: Path) -> None:
    ledger = publish(tmp_path)
    before = (tmp_path / LEDGER_FILE).read_bytes()
    write_all(ledger, released(episode="corta-2", minutes=90))
    stand(tmp_path, ledger)
    (tmp_path / LEDGER_FILE).write_bytes(before)
    rebuilt = rebuild(tmp_path)
    assert (len(rebuilt.found), rebuilt.held) == (1, 10)
    write_ledger(tmp_path, rebuilt)
    assert (tmp_path / LEDGER_FILE).read_bytes().startswith(before)
    assert "stand at no target" in told(rebuilt)


@settings(max_examples=40)
@given(st.data())
def test_whatever_byte_is_cut_or_flipped_what_the_target_knows_is_found_again(
    data: st.DataObject,
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        ledger = publish(root)
        straight = read_history(ledger, "public")
        path = root / LEDGER_FILE
        whole = path.read_bytes()
        at = data.draw(st.integers(0, len(whole) - 2))
        if data.draw(st.booleans()):
            flipped = whole[at] ^ (1 << data.draw(st.integers(0, 7)))
            path.write_bytes(whole[:at] + bytes([flipped]) + whole[at + 1 :])
        else:
            path.write_bytes(whole[:at])
        left = salvage(path)
        rebuilt = rebuild(root)
        kept = write_ledger(root, rebuilt)
        again = Ledger(root)
        assert read_history(again, "public") == straight
        # Nothing that was whole is lost, and nothing that was damaged is thrown away.
        assert set(left.lines) <= {line for _, line in again.lines()}
        assert (kept is not None) == (not left.is_whole)
        public = {line.removesuffix(b"\n") for line in public_lines(ledger, "public")}
        for one in rebuilt.damaged:
            was = whole.split(b"\n")[one.number - 1]
            assert one.found is not Found.AGAIN or was in public
            if left.damaged[0][1] != was[: len(left.damaged[0][1])]:  # flipped, not cut
                joined = len(left.damaged[0][1]) > len(was)  # its end was flipped
                assert joined or (one.found is Found.AGAIN) == (was in public)


def test_a_damaged_line_that_no_target_knows_is_named_and_the_file_is_kept(tmp_path: Path) -> None:
    publish(tmp_path)
    path = tmp_path / LEDGER_FILE
    damaged = path.read_bytes().replace(b'"serial":1,', b'"serial":7,', 1).replace(b"Two mes", b"2")
    path.write_bytes(damaged)
    rebuilt = rebuild(tmp_path)
    kept = write_ledger(tmp_path, rebuilt)
    assert kept is not None
    assert kept.read_bytes() == damaged
    assert not rebuilt.is_complete
    words = told(rebuilt, kept)
    assert "NOT FOUND AGAIN: line 4 (pack)" in words
    assert f"The damaged ledger is kept as {kept.name}." in words
    assert "line 5 (released) was damaged, and is found again." in words


def test_the_marks_of_an_unfinished_merge_go_and_both_sides_stay(tmp_path: Path) -> None:
    publish(tmp_path)
    path = tmp_path / LEDGER_FILE
    lines = path.read_bytes().splitlines(keepends=True)
    mine = [b"<<<<<<< HEAD\n", lines[-1], b"=======\n", lines[-2], b">>>>>>> other\n"]
    path.write_bytes(b"".join([*lines[:-2], *mine]))
    rebuilt = rebuild(tmp_path)
    assert (rebuilt.is_changed, rebuilt.is_complete, rebuilt.damaged) == (True, True, ())
    write_ledger(tmp_path, rebuilt)
    assert sorted(path.read_bytes().splitlines(keepends=True)) == sorted(lines)


# --- A target that is damaged, or not ours ----------------------------------------------------


def test_a_part_that_is_gone_or_damaged_is_told_and_its_whole_lines_are_taken(
    tmp_path: Path,
) -> None:
    publish(tmp_path)
    head = head_of(tmp_path)
    assert head is not None
    first, second, *_ = head.ledger
    (tmp_path / "public" / first.key).unlink()
    path = tmp_path / "public" / second.key
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0].replace(b"2026", b"2036", 1), *lines[1:]]))
    (tmp_path / LEDGER_FILE).unlink()
    rebuilt = rebuild(tmp_path)
    assert [(one.lines, one.left) for one in rebuilt.parts] == [
        (first.lines, 0),
        (second.lines, second.lines - 1),
    ]
    assert not rebuilt.is_complete
    words = told(rebuilt)
    assert f"NOT WHOLE at the target: {first.key}; 0 of {first.lines} lines were left" in words
    assert "LOST: corta/en.xml shows small/corta/corta-1/en/1, of which no line tells" in words


def test_parts_without_a_head_are_read_by_their_names(tmp_path: Path) -> None:
    ledger = publish(tmp_path)
    straight = read_history(ledger, "public")
    (tmp_path / "public" / HEAD_KEY).unlink()
    (tmp_path / LEDGER_FILE).unlink()
    (tmp_path / "public/ledger/0123456789abcdef0123456789abcdef.jsonl").write_bytes(b"{}\n")
    write_ledger(tmp_path, rebuild(tmp_path))
    assert read_history(Ledger(tmp_path), "public") == straight


def line_of(name: str, facts: dict[str, Plain]) -> bytes:
    body: dict[str, Plain] = {"event": name, **facts}
    return canonical_json({**body, "sha256": digest_text(canonical_json(body))}).encode() + b"\n"


def test_no_line_is_taken_that_a_target_may_not_keep_or_that_names_what_is_not_ours(
    tmp_path: Path,
) -> None:
    publish(tmp_path)
    name, good = ledger_line(released(3, minutes=99))
    sound = json.loads(canonical_json(good))["media"][0]
    page = [{**sound, "key": "index.html"}]
    climbing = [{**sound, "key": "m/../../index.html"}]
    forged = [
        line_of("shipped", {"pack": "x", "serial": 1, "on": "2026-11-22", "carrier": "usb"}),
        line_of("packed", {"pack": "x", "serial": 1, "station": "t", "on": "2026-11-22"}),
        line_of("anything", {"target": "public"}),
        line_of(name, {**good, "target": "real"}),
        line_of(name, {**good, "media": page}),
        line_of(name, {**good, "media": climbing}),
        line_of(name, {**good, "series": "../x"}),
        line_of(name, {**good, "guid": "small/corta/corta-1/en/1"}),
        line_of(name, {**good, "revision": 0, "guid": "small/corta/corta-1/en/0"}),
        line_of(name, {"target": "public"}),
        line_of("removed", {"target": "public", "keys": ["../../x"]}),
        line_of("takes", {**takes("radio-a"), "at": "yesterday"}),
        b"[" * 100_000 + b"\n",
    ]
    head = Head(network="small", ledger=plan_parts((), forged).named)
    ((part, data),) = plan_parts((), forged).write
    (tmp_path / "public" / part.key).write_bytes(data)
    (tmp_path / "public" / HEAD_KEY).write_bytes(render_head(head))
    rebuilt = rebuild(tmp_path)
    assert rebuilt.found == ()
    assert len(rebuilt.refused) == len(forged) - 1
    assert not rebuilt.is_changed


def test_what_is_live_and_not_there_whole_is_told_by_its_key(tmp_path: Path) -> None:
    publish(tmp_path)
    sound, words = SECOND.media
    (tmp_path / "public" / sound.key).unlink()
    (tmp_path / "public" / words.key).write_bytes(b"cut")
    rebuilt = rebuild(tmp_path)
    assert set(rebuilt.missing) == {(SECOND.guid, sound.key), (SECOND.guid, words.key)}
    assert f"missing at the target: {sound.key} of {SECOND.guid}" in told(rebuilt)


@pytest.mark.parametrize("corrected", [False, True])
def test_a_target_of_an_older_version_is_refused_with_what_can_be_done(
    tmp_path: Path, *, corrected: bool
) -> None:
    publish(tmp_path)
    place = tmp_path / "public"
    (place / HEAD_KEY).unlink()
    for part in (place / "ledger").iterdir():
        part.unlink()
    if not corrected:
        feed = place / "corta/en.xml"
        feed.write_text(feed.read_text().replace("/en/2", "/en/1"))
    with pytest.raises(ProductionError, match="an older Altavoz published there") as error:
        rebuild(tmp_path)
    assert error.value.code is ExitCode.TARGET
    assert "take releases.jsonl back from git" in error.value.remedy
    assert ("1 of 3 items were corrected" in error.value.remedy) == corrected
    assert ("finds every number" in error.value.remedy) != corrected


def test_an_empty_place_is_not_taken_for_a_target(tmp_path: Path) -> None:
    with pytest.raises(ProductionError, match="nothing was published there"):
        rebuild(tmp_path)


def test_two_changes_of_one_second_keep_their_order_when_the_later_was_lost(
    tmp_path: Path,
) -> None:
    one = replace(FIRST, changed_at=NOON + timedelta(minutes=1), change=Change.TEXT, title="One")
    two = replace(one, title="Two")
    ledger = open_ledger(tmp_path, FIRST, one, two, withdrawn(FIRST, Withdrawing.EXPIRE, minutes=9))
    stand(tmp_path, ledger)
    path = tmp_path / LEDGER_FILE
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2] + lines[3])
    write_ledger(tmp_path, rebuild(tmp_path))
    assert path.read_bytes().splitlines(keepends=True) == lines


# --- A real publish ---------------------------------------------------------------------------


def test_what_a_real_publish_and_a_retraction_leave_is_enough_to_find_the_ledger_again(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = made_once(tmp_path_factory)
    made = Made(workspace=read_workspace(root), editions=build(root).editions)
    send(tmp_path, made)
    edition = of(made, "en").edition.key
    order = Order(action=Action.RETRACT, editions=(edition,), reasons={})
    send(tmp_path, made, order=order, now=NOON + timedelta(hours=1))
    path = tmp_path / LEDGER_FILE
    written = path.read_bytes()
    head = head_of(tmp_path)
    assert head is not None
    parts = b"".join((tmp_path / "public" / part.key).read_bytes() for part in head.ledger)
    assert parts == b"".join(public_lines(Ledger(tmp_path), "public")) == written
    path.unlink()
    rebuilt = rebuild(tmp_path)
    write_ledger(tmp_path, rebuilt)
    assert rebuilt.is_complete
    assert path.read_bytes() == written
    # A merge put the lines in another order, then the part there is lost that held the first.
    path.write_bytes(b"".join(reversed(written.splitlines(keepends=True))))
    for part in head.ledger:
        (tmp_path / "public" / part.key).unlink()
    with pytest.raises(PartLostError) as error:
        send(tmp_path, made, now=NOON + timedelta(hours=2))
    assert "delete publish.json there and publish again" in error.value.remedy
    (tmp_path / "public" / HEAD_KEY).unlink()
    assert send(tmp_path, made, now=NOON + timedelta(hours=2)).changes == []
    head = head_of(tmp_path)
    assert head is not None
    parts = b"".join((tmp_path / "public" / part.key).read_bytes() for part in head.ledger)
    assert parts == path.read_bytes()
