"""The ledger is append-only, checked on every read, and merges line by line."""

import os
import resource
import signal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from production.ledger.ledger import LEDGER_FILE, Ledger
from programme.errors import ExitCode, ProductionError
from programme.storage import append_line

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_events_come_back_in_order_and_by_what_they_match(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.append("feed", {"url": "https://a.example/1.xml", "guid": "1"})
    ledger.append("pack", {"station": "terminal", "serial": 1})
    ledger.append("pack", {"station": "terminal", "serial": 2})
    again = Ledger(tmp_path)
    assert [e.facts["serial"] for e in again.events("pack", station="terminal")] == [1, 2]
    assert [e.line for e in again.events("pack")] == [2, 3]
    assert list(again.events("pack", station="other")) == []


def serials(ledger: Ledger, pack: str) -> list[int]:
    return [event.facts["serial"] for event in ledger.events("pack", pack=pack)]


def test_lines_of_a_pack_are_found_however_late_they_were_added(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.append("pack", {"pack": "a", "serial": 1})
    assert serials(ledger, "a") == [1]
    assert serials(ledger, "b") == []
    ledger.append("packed", {"pack": "a", "serial": 1, "station": "terminal"})
    ledger.append("pack", {"pack": "a", "serial": 2})
    ahead = ledger.ahead(
        [("pack", {"pack": "a", "serial": 3}), ("pack", {"pack": "b", "serial": 1})]
    )
    assert serials(ledger, "a") == [1, 2]
    assert serials(ahead, "a") == [1, 2, 3]
    assert serials(ahead, "b") == [1]
    assert serials(ledger, "b") == []
    assert serials(Ledger(tmp_path), "a") == [1, 2]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["pack", "packed", "shipped"]),
            st.dictionaries(st.sampled_from(["pack", "title", "items"]), PLAIN | st.just("a")),
        )
    ),
    st.text() | st.just("a"),
)
def test_lines_of_a_pack_are_those_that_looking_at_every_line_finds(
    told: list[tuple[str, dict[str, object]]], pack: str
) -> None:
    ledger = Ledger(Path("nowhere")).ahead(told)  # type: ignore[arg-type]
    found = [event.line for event in ledger.events("pack", pack=pack)]
    every = (one for one in ledger.every() if one.name == "pack")
    assert found == [one.line for one in every if one.facts.get("pack") == pack]


@given(st.dictionaries(st.text().filter(lambda k: k not in {"event", "sha256"}), PLAIN))
def test_whatever_is_appended_reads_back_equal(facts: dict[str, object]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        Ledger(Path(folder)).append("note", facts)  # type: ignore[arg-type]
        (event,) = Ledger(Path(folder)).events("note")
        assert {k: v for k, v in event.facts.items() if k != "event"} == facts


@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line.replace("911", "912"),
        lambda line: line[: len(line) // 2],
        lambda _: "[]",
        lambda _: '{"event":"pack"}',
    ],
)
def test_an_edited_or_cut_line_is_named(tmp_path: Path, damage: object) -> None:
    ledger = Ledger(tmp_path)
    ledger.append("pack", {"phone": "911"})
    ledger.append("pack", {"phone": "911", "n": 2})
    path = tmp_path / LEDGER_FILE
    first, second = path.read_text().splitlines()
    path.write_text(f"{first}\n{damage(second)}\n")  # type: ignore[operator]
    with pytest.raises(ProductionError) as caught:
        Ledger(tmp_path)
    assert caught.value.where.endswith(f"{LEDGER_FILE}:2")


def test_two_branches_that_both_published_merge_by_keeping_both_sides(tmp_path: Path) -> None:
    left, right = tmp_path / "left", tmp_path / "right"
    for folder in (left, right):
        folder.mkdir()
        Ledger(folder).append("pack", {"from": folder.name})
    merged = tmp_path / "merged"
    merged.mkdir()
    (merged / LEDGER_FILE).write_bytes(
        (left / LEDGER_FILE).read_bytes() + (right / LEDGER_FILE).read_bytes()
    )
    assert [e.facts["from"] for e in Ledger(merged).events("pack")] == ["left", "right"]


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(tmp_path)
    ledger.append("pack", {"n": 1})
    before = (tmp_path / LEDGER_FILE).read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProductionError) as caught:
        ledger.append("pack", {"n": 2})
    assert caught.value.code is ExitCode.STORAGE
    assert (tmp_path / LEDGER_FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [LEDGER_FILE]


def test_an_event_just_written_is_the_one_that_is_read_later(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    event = ledger.append("pack", {"n": 1, "list": [1, 2], "text": "\u2028é"})
    assert event == next(iter(Ledger(tmp_path).events("pack"))) == next(ledger.events("pack"))
    assert set(event.facts) == {"event", "n", "list", "text"}


def test_a_ledger_that_somebody_else_wrote_to_is_read_anew_and_any_other_is_not(
    tmp_path: Path,
) -> None:
    ledger = Ledger(tmp_path)
    assert ledger.fresh() is ledger
    ledger.append("note", {"n": 1})
    assert ledger.fresh() is ledger, "what it wrote itself it knows"
    Ledger(tmp_path).append("note", {"n": 2})
    again = ledger.fresh()
    assert [event.facts["n"] for event in again.events("note")] == [1, 2]
    Ledger(tmp_path).append("note", {"n": 3})
    again.append("note", {"n": 4})
    assert [event.facts["n"] for event in again.fresh().events("note")] == [1, 2, 3, 4]
    path = tmp_path / LEDGER_FILE
    path.write_bytes(path.read_bytes() + b"<<<<<<< ours\n")
    with pytest.raises(ProductionError, match="merge"):
        again.fresh()
    path.unlink()
    assert list(again.fresh().events("note")) == []


def test_a_last_line_whose_end_an_editor_took_away_is_ended_before_the_next(
    tmp_path: Path,
) -> None:
    Ledger(tmp_path).append("pack", {"n": 1})
    path = tmp_path / LEDGER_FILE
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    Ledger(tmp_path).append("pack", {"n": 2})
    assert [e.facts["n"] for e in Ledger(tmp_path).events("pack")] == [1, 2]


def test_a_line_goes_behind_a_head_or_a_line_without_its_end_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lines"

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            append_line(path, b"one\n", head=b"# head\n")
    assert not path.exists()  # an empty file would be a faulty one
    append_line(path, b"one\n", head=b"# head\n")
    path.write_bytes(path.read_bytes()[:-1])
    append_line(path, b"two\n", head=b"# head\n")
    assert path.read_bytes() == b"# head\none\ntwo\n"


def test_a_file_that_may_not_grow_keeps_no_part_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    append_line(path, b"one\n")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6, usual[1]))
    try:
        with pytest.raises(OSError, match="No space"):
            append_line(path, b"two and more\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, before)
    assert path.read_bytes() == b"one\n"


def test_a_merge_that_was_left_unfinished_is_told_as_that(tmp_path: Path) -> None:
    Ledger(tmp_path).append("feed", {"guid": "1"})
    path = tmp_path / LEDGER_FILE
    whole = path.read_text(encoding="utf-8")
    path.write_text(f"{whole}<<<<<<< HEAD\n{whole}=======\n>>>>>>> other\n", encoding="utf-8")
    with pytest.raises(ProductionError, match="left unfinished") as error:
        Ledger(tmp_path)
    assert error.value.where.endswith(f"{LEDGER_FILE}:2")
    assert "both sides" in error.value.remedy


def test_a_mark_that_an_editor_put_before_the_ledger_is_passed_over(tmp_path: Path) -> None:
    Ledger(tmp_path).append("feed", {"guid": "1"})
    path = tmp_path / LEDGER_FILE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    Ledger(tmp_path).append("feed", {"guid": "2"})
    assert [event.facts["guid"] for event in Ledger(tmp_path).events("feed")] == ["1", "2"]


def test_a_line_that_a_merge_kept_twice_counts_once_unless_two_private_stations_may_be_meant(
    tmp_path: Path,
) -> None:
    ledger = Ledger(tmp_path)
    ledger.append("pack", {"n": 1})
    ledger.append("shipped", {"pack": "a", "serial": 1, "on": "2026-11-22", "carrier": "usb"})
    ledger.append("ended", {"pack": "a", "serial": 1, "on": "2026-11-23", "how": "deleted"})
    path = tmp_path / LEDGER_FILE
    path.write_bytes(path.read_bytes() * 2)
    again = Ledger(tmp_path)
    assert [event.name for event in again.every()] == [
        "shipped",
        "ended",
        "pack",
        "shipped",
        "ended",
    ]
    assert [event.line for event in again.events("pack")] == [4]


def test_a_damaged_line_of_private_is_not_looked_for_at_a_target(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "private"):
        folder.mkdir(exist_ok=True)
        (folder / LEDGER_FILE).write_text("[]\n")
        with pytest.raises(ProductionError) as error:
            Ledger(folder)
        assert ("rebuild" in error.value.remedy) == (folder == tmp_path)


def test_a_line_of_a_hundred_thousand_brackets_is_damaged_like_any_other(tmp_path: Path) -> None:
    (tmp_path / LEDGER_FILE).write_text("[" * 100_000)
    with pytest.raises(ProductionError, match="edited or cut"):
        Ledger(tmp_path)


@settings(max_examples=60)
@given(st.data())
def test_any_byte_that_is_cut_or_flipped_is_found(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        Ledger(root).append_all([("pack", {"n": n, "text": "água"}) for n in range(3)])
        path = root / LEDGER_FILE
        whole = path.read_bytes()
        at = data.draw(st.integers(0, len(whole) - 2))
        if data.draw(st.booleans()):
            bit = 1 << data.draw(st.integers(0, 7))
            path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
        else:
            path.write_bytes(whole[:at] + whole[at + 1 :])
        with pytest.raises(ProductionError):
            Ledger(root)
