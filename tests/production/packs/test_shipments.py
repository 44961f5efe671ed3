"""The shipment register and recalls, on registers that were written by hand."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from production.ledger.ledger import Ledger
from production.packs.register import Carrier, End, read_register
from production.packs.shipping import end, ship
from production.releases.recall_reach import MessageReach, State, find_message
from production.releases.recall_report import recall_lines, station_texts
from production.releases.recall_words import _tables
from production.releases.values import (
    Change,
    Release,
    Withdrawal,
    Withdrawing,
    ledger_line,
)
from programme.digests import Plain
from programme.errors import ProductionError
from programme.stations import Station
from programme.units import Digest
from scripts.tree import PRIVATE
from tests.production.running import TODAY, Done, read, run_here
from tests.production.small import FILES, write_small

OPEN = {"stations/packs.yml": FILES["stations/packs.yml"] + "publish_identity: yes\n"}
FIRST, SECOND = "a" * 64, "b" * 64
PUBLIC, HIDDEN = "small_packs", "small_0123456789ab"

Run = Callable[..., Done]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    contact = 'contact: "the duty desk, extension 4"\npublish_identity: no\n'
    changes = {**OPEN, "stations/terminal.yml": FILES["stations/terminal.yml"] + contact}
    return write_small(tmp_path / "w", changes)


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str | Path, day: date = TODAY) -> Done:
        return run_here(words[0], *words[1:], "-w", root, day=day, capture=capsys)

    return command


def day(number: int) -> date:
    return date(2026, 11, number)


def row(episode: str, words: str, tag: str = "en", *, noted: bool = True) -> dict[str, Plain]:
    plain: dict[str, Plain] = {
        "series": "corta",
        "episode": episode,
        "language": tag,
        "number": 1,
        "title": f"Title of {episode}",
        "dated": "2026-11-01",
        "expires": "2027-01-15",
        "words": words,
        "path": f"01_EN/{episode}.mp3",
        "sha256": words[::-1],
        "own": False,
    }
    if noted:
        plain |= {"segments": [f"of-{episode}"], "facts": ["cr-911"] if episode == "e1" else []}
    return plain


def made(
    root: Path, pack: str, serial: int, on: date, items: Sequence[Mapping[str, Plain]] | None
) -> None:
    """Write what ``altavoz pack`` writes."""
    facts: dict[str, Plain] = {
        "pack": pack,
        "serial": serial,
        "valid_until": "2026-12-06",
        "segments": ["of-e1", "of-e2"],
        "facts": ["cr-911"],
    }
    told: dict[str, Plain] = {"issued": on.isoformat(), "content": f"{pack} {serial}"}
    if items is not None:
        told["items"] = items
    Ledger(root).append("pack", {**facts, **told})
    station, place = ("packs", root) if pack == PUBLIC else ("terminal", root / PRIVATE)
    place.mkdir(exist_ok=True)
    Ledger(place).append("packed", {**facts, "on": on.isoformat(), "station": station})


def given(root: Path, name: str, serial: int, on: date, carrier: Carrier = Carrier.USB) -> bool:
    """Note a shipment through the door that all use."""
    return ship(
        root,
        Ledger(root),
        station(root, name),
        carrier=carrier,
        on=on,
        today=TODAY,
        serial=serial,
        by="field team",
        note="by the gate",
    )[1]


def ended(root: Path, name: str, how: End, on: date, serial: int | None = None) -> int:
    ledger = Ledger(root)
    done = end(root, ledger, station(root, name), how=how, on=on, today=TODAY, serial=serial)
    return len(done)


def station(root: Path, name: str) -> Station:
    return read(root).stations[name]


def states(reach: MessageReach) -> dict[tuple[str, int], str]:
    return {(one.station, one.pack.serial): one.state.value for one in reach.holders}


def test_what_was_handed_out_is_noted_once_and_read_back(root: Path) -> None:
    made(root, PUBLIC, 1, day(2), [row("e1", FIRST)])
    assert given(root, "packs", 1, day(3))
    assert not given(root, "packs", 1, day(3))
    assert given(root, "packs", 1, day(3), Carrier.MESSENGER)
    (first, second) = read_register(root, Ledger(root)).shipments
    assert (first.station, first.pack, first.serial, first.on) == ("packs", PUBLIC, 1, day(3))
    assert (first.carrier, first.by, first.note) == (Carrier.USB, "field team", "by the gate")
    assert second.carrier is Carrier.MESSENGER


def test_of_a_private_station_the_public_ledger_tells_the_pack_alone(root: Path) -> None:
    made(root, HIDDEN, 1, day(2), [row("e1", FIRST)])
    given(root, "terminal", 1, day(3))
    ended(root, "terminal", End.RETURNED, day(4))
    public = (root / "releases.jsonl").read_text("utf-8")
    for hidden in ("terminal", "field team", "by the gate"):
        assert hidden not in public
        assert hidden in (root / PRIVATE / "releases.jsonl").read_text("utf-8")
    register = read_register(root, Ledger(root))
    assert [one.station for one in register.shipments] == ["terminal"]
    assert register.still_held() == ()
    # Elsewhere, without private/, it still counts that somebody got it and gave it back.
    (root / PRIVATE / "releases.jsonl").unlink()
    register = read_register(root, Ledger(root))
    assert [one.station for one in register.shipments] == [""]
    assert register.still_held() == ()


def test_what_is_handed_out_again_after_it_was_deleted_is_held_again(root: Path) -> None:
    made(root, PUBLIC, 1, day(2), [row("e1", FIRST)])
    given(root, "packs", 1, day(3))
    assert ended(root, "packs", End.DELETED, day(3)) == 1
    assert ended(root, "packs", End.DELETED, day(3)) == 0
    assert read_register(root, Ledger(root)).still_held() == ()
    given(root, "packs", 1, day(3), Carrier.SD)
    assert len(read_register(root, Ledger(root)).still_held()) == 1


@pytest.mark.parametrize(
    ("serial", "on", "problem"),
    [
        (9, day(3), "no pack with the serial 9"),
        (1, day(1), "too early"),
        (1, day(25), "yet to come"),
    ],
)
def test_what_cannot_have_happened_is_not_noted(
    root: Path, serial: int, on: date, problem: str
) -> None:
    made(root, PUBLIC, 1, day(2), [row("e1", FIRST)])
    with pytest.raises(ProductionError, match=problem):
        given(root, "packs", serial, on)
    with pytest.raises(ProductionError, match="no pack was made for terminal"):
        given(root, "terminal", 1, day(3))
    with pytest.raises(ProductionError, match="nobody noted that packs was given a pack"):
        ended(root, "packs", End.DELETED, day(3))
    assert read_register(root, Ledger(root)).shipments == ()


def fill(root: Path) -> None:
    """Three packs of the radio, two of the terminal; e1 is corrected in the second of the radio."""
    made(root, PUBLIC, 1, day(2), [row("e1", FIRST), row("e2", FIRST)])
    made(root, HIDDEN, 1, day(2), [row("e1", FIRST)])
    made(root, HIDDEN, 2, day(4), [row("e1", FIRST), row("e2", FIRST)])
    made(root, PUBLIC, 2, day(5), [row("e1", SECOND), row("e2", FIRST)])
    made(root, PUBLIC, 3, day(8), [row("e2", FIRST)])


def test_who_has_a_message_still_is_told_by_what_was_handed_out(root: Path) -> None:
    fill(root)
    given(root, "packs", 1, day(3))
    given(root, "terminal", 2, day(7))
    reach = find_message(read(root), "e1")
    assert reach.kinds == ("episode",)
    assert states(reach) == {
        ("packs", 1): "holds",
        ("packs", 2): "unnoted",  # gone from the third, so to be recalled too
        ("terminal", 1): "unnoted",
        ("terminal", 2): "holds",
    }
    given(root, "packs", 3, day(9))
    ended(root, "terminal", End.DELETED, day(10))
    reach = find_message(read(root), "e1")
    assert states(reach) == {
        ("packs", 1): "newer",
        ("packs", 2): "newer",
        ("terminal", 1): "unnoted",
        ("terminal", 2): "deleted",
    }
    given(root, "terminal", 1, day(11))
    assert states(find_message(read(root), "e1"))["terminal", 1] == "holds"
    ended(root, "terminal", End.RETURNED, day(12), serial=1)
    # Nobody has it any more.
    assert find_message(read(root), "e1").holding() == ()


@pytest.mark.parametrize("name", ["e1", "corta/e1", "of-e1", "cr-911"])
def test_a_segment_and_a_fact_are_found_as_the_episode_that_holds_them(
    root: Path, name: str
) -> None:
    fill(root)
    given(root, "packs", 1, day(3))
    reach = find_message(read(root), name)
    assert [one.pack.key for one in reach.holders if one.state is State.HOLDS] == [(PUBLIC, 1)]
    (held,) = (one for one in reach.packs if one.key == (PUBLIC, 1))
    assert [one.path for one in held.items] == ["01_EN/e1.mp3"]


def test_what_no_pack_says_otherwise_yet_is_held_by_all_and_said_to_be_so(root: Path) -> None:
    fill(root)
    given(root, "packs", 3, day(9))
    reach = find_message(read(root), "e2")
    assert not reach.newer_exists
    assert states(reach)["packs", 3] == "holds"


def test_a_pack_with_the_corrected_words_is_not_recalled(root: Path) -> None:
    made(root, PUBLIC, 1, day(2), [row("e1", FIRST)])
    made(root, PUBLIC, 2, day(5), [row("e1", SECOND)])
    given(root, "packs", 1, day(3))
    given(root, "packs", 2, day(6))
    assert states(find_message(read(root), "e1")) == {
        ("packs", 1): "newer",
        ("packs", 2): "current",
    }
    lines = list(recall_lines(read(root), find_message(read(root), "of-e1"), today=TODAY))
    assert lines[1] == "Nobody has older words of it."
    assert lines[2].startswith("Newer packs hold it, too")


def release(words: str) -> Release:
    at = datetime(2026, 11, 3, 12, tzinfo=UTC)
    return Release(
        target="public",
        series="corta",
        episode="e1",
        number=1,
        language="en",  # type: ignore[arg-type]
        revision=1,
        guid="small/corta/e1/en/1",
        published_at=at,
        changed_at=at,
        change=Change.NEW,
        title="Title of e1",
        description="",
        duration_ms=1000,
        words_digest=Digest(words),
        expires=date(2027, 1, 15),
        synthetic_voice=True,
        media=(),
        segments=("of-e1",),
        facts=("cr-911",),
    )


def test_a_release_that_was_taken_back_recalls_every_pack_with_its_words(root: Path) -> None:
    made(root, PUBLIC, 1, day(2), [row("e1", FIRST)])
    given(root, "packs", 1, day(3))
    ledger = Ledger(root)
    ledger.append(*ledger_line(release(FIRST)))
    taken = Withdrawal(
        target="public",
        series="corta",
        episode="e1",
        language="en",  # type: ignore[arg-type]
        revision=1,
        guid="small/corta/e1/en/1",
        kind=Withdrawing.RETRACT,
        reason="The number is wrong.",
        at=datetime(2026, 11, 4, tzinfo=UTC),
        sound=None,
    )
    ledger.append(*ledger_line(taken))
    reach = find_message(read(root), "small/corta/e1/en/1")
    assert reach.kinds == ("release",)
    assert reach.newer_exists
    assert [one.state for one in reach.feeds] == ["withdrawn"]
    assert states(reach) == {("packs", 1): "holds"}
    texts = station_texts(read(root), reach)["packs"]
    assert set(texts) == {"es-419", "en"}
    assert "Reason: The number is wrong." in texts["en"]  # type: ignore[index]
    assert "01_EN/e1.mp3" in texts["es-419"]  # type: ignore[index]
    assert "radio@example.org" in texts["es-419"]  # type: ignore[index]


def test_lines_of_older_versions_are_found_by_the_segments_of_the_whole_pack(root: Path) -> None:
    made(root, PUBLIC, 1, day(2), None)
    given(root, "packs", 1, day(3))
    reach = find_message(read(root), "of-e1")
    assert states(reach) == {("packs", 1): "holds"}
    texts = station_texts(read(root), reach)["packs"]
    assert "Delete the whole pack." in texts["en"]  # type: ignore[index]


def test_a_name_that_nobody_knows_is_answered_with_one_that_is_near(root: Path) -> None:
    fill(root)
    with pytest.raises(ProductionError) as caught:
        find_message(read(root), "ayudas")
    assert "did you mean ayuda?" in caught.value.remedy


def test_the_words_to_stations_are_there_in_the_languages_of_the_papers() -> None:
    assert set(_tables()) >= {"es", "en", "fr", "pt", "ar", "ht"}


def test_the_commands_note_list_and_tell(root: Path, run: Run, tmp_path: Path) -> None:
    fill(root)
    assert run("shipments", "list").out.startswith("Nobody noted")
    tried = run("ship", "terminal", "--carrier", "usb", "--dry-run")
    assert "would be noted: terminal was given small_0123456789ab number 2" in tried.out
    assert run("shipments", "list").out.startswith("Nobody noted")
    done = run("ship", "terminal", "--carrier", "sd", "--on", "2026-11-07", "--json")
    assert json.loads(done.out)["news"] is True
    (one,) = json.loads(run("shipments", "list", "--json").out)
    assert (one["station"], one["serial"], one["carrier"], one["ended"]) == (
        *("terminal", 2, "sd"),
        None,
    )
    told = run("recall", "e1").out
    assert "Has it still:" in told
    assert "contact: the duty desk, extension 4" in told
    assert "--- To terminal, in es-419 ---" in told
    plain = json.loads(run("recall", "e1", "--json").out)
    assert {one["state"] for one in plain["holders"]} == {"holds", "unnoted"}
    paper = tmp_path / "paper.txt"
    run("recall", "e1", "--to", paper)
    assert paper.read_text("utf-8") == told
    assert run("shipments", "deleted", "terminal").out.startswith("noted: terminal deleted")
    assert "all of it is noted already" in run("shipments", "returned", "terminal").out
    assert run("ship", "feed", "--carrier", "usb").code != 0


def test_a_sheet_goes_out_and_comes_back(root: Path, run: Run, tmp_path: Path) -> None:
    fill(root)
    given(root, "packs", 1, day(3))
    given(root, "terminal", 2, day(7))
    sheet = tmp_path / "sheet.csv"
    assert "2 rows" in run("shipments", "sheet", sheet).out
    rows = list(csv.reader(io.StringIO(sheet.read_text("utf-8-sig"))))
    rows[1][5] = "2026-11-20"  # deleted on
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    sheet.write_text(out.getvalue(), encoding="utf-8")
    assert "1 confirmation would be noted" in run("shipments", "import", sheet, "--dry-run").out
    assert "1 confirmation noted, 0 known already" in run("shipments", "import", sheet).out
    assert "0 confirmations noted, 1 known already" in run("shipments", "import", sheet).out
    held = json.loads(run("shipments", "list", "--json").out)
    assert [one["station"] for one in held] == ["terminal"]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ("packs,1,tomorrow,", "is no day"),
        ("packs,one,2026-11-20,", "is no serial"),
        ("packs,1,2026-11-20,2026-11-20", "deleted and returned"),
        ("pack,1,2026-11-20,", "there is no station pack"),
        ("packs,7,2026-11-20,", "serial 7"),
    ],
)
def test_a_sheet_with_a_wrong_row_changes_nothing(
    root: Path, run: Run, tmp_path: Path, cells: str, problem: str
) -> None:
    fill(root)
    given(root, "packs", 1, day(3))
    sheet = tmp_path / "sheet.csv"
    head = "Station,serial,deleted on,returned on\n"
    sheet.write_text(f"{head}packs,1,2026-11-20,\n{cells}\n", encoding="utf-8")
    done = run("shipments", "import", sheet)
    assert done.code != 0
    assert problem in done.err
    assert len(read_register(root, Ledger(root)).still_held()) == 1
