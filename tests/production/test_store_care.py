"""altavoz store: what lies in .altavoz is checked, counted and cleaned, and nothing needed goes."""

import json
import os
import sqlite3
import time
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from feeds.pages.addresses import media_key
from production.building import Workshop
from production.ledger.ledger import Ledger
from production.packs.archive import ARCHIVE
from production.releases.values import Change, MediaObject, Release, ledger_line
from production.store import Store
from production.store_checking import Fault, check_store
from production.store_cleaning import clean_store, plan_store_cleaning
from programme.digests import digest_bytes
from programme.units import Digest, LanguageTag
from tests.production.running import TINY, TODAY, build, built_once, copy_of, read, run_here, tree

Capture = pytest.CaptureFixture[str]

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD = 1_700_000_000
"""Three years before the day of the tests."""


@pytest.fixture
def tiny(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace with one built edition, to do anything with."""
    return copy_of(built_once(tmp_path_factory, "tiny", TINY), tmp_path / "tiny")


def objects(root: Path) -> list[Path]:
    return [entry.path for entry in Store(root / ".altavoz/store").entries()]


def age(*paths: Path) -> None:
    for path in paths:
        os.utime(path, (OLD, OLD))


def gone_stale(root: Path) -> None:
    """Change the words, build anew, and let everything be three years old."""
    script = root / "scripts/agua/es-419.md"
    script.write_text(script.read_text().replace("Beba poco", "Tome poco"))
    build(root)
    age(*objects(root))


# --- check ------------------------------------------------------------------------------------


def test_what_is_altered_cut_or_foreign_is_told_and_kept_until_repair(
    tiny: Path, capsys: Capture
) -> None:
    first, second, third = objects(tiny)[:3]
    data = bytearray(first.read_bytes())
    data[len(data) // 2] ^= 1
    first.write_bytes(data)
    second.write_bytes(second.read_bytes()[:-1])
    third.write_bytes(b"")
    (tiny / ".altavoz/store/notes.txt").write_text("mine")
    before = tree(tiny / ".altavoz/store")
    said = run_here("store", "check", "-w", tiny, "--json", capture=capsys)
    told = json.loads(said.out)
    names = {one["place"].rpartition("store/")[2]: one["fault"] for one in told["faults"]}
    assert said.code == 3
    assert names.pop("notes.txt") == "foreign"
    assert names == dict.fromkeys(
        (path.relative_to(tiny / ".altavoz/store").as_posix() for path in (first, second, third)),
        "damaged",
    )
    assert tree(tiny / ".altavoz/store") == before

    said = run_here("store", "check", "-w", tiny, "--repair", capture=capsys)
    assert said.code == 0
    assert said.out.count("; removed") == 4
    assert not any(path.exists() for path in (first, second, third))
    said = run_here("store", "check", "-w", tiny, capture=capsys)
    assert (said.code, said.out.count("missing: .altavoz")) == (0, 3)


def test_what_a_repair_removed_is_made_again_byte_for_byte(tiny: Path, capsys: Capture) -> None:
    before = tree(tiny / ".altavoz/store")
    for path in objects(tiny)[::2]:
        path.write_bytes(b"damaged")
    assert run_here("store", "check", "-w", tiny, "--repair", capture=capsys).code == 0
    for name in tree(tiny / "build"):
        (tiny / "build" / name).unlink()
    build(tiny, verify=True)
    after = tree(tiny / ".altavoz/store")
    assert after.items() <= before.items()
    assert len(tree(tiny / "build")) > 3


def test_an_entry_of_the_journal_that_was_edited_is_told_and_forgotten(
    tiny: Path, capsys: Capture
) -> None:
    with sqlite3.connect(tiny / ".altavoz/journal.sqlite") as db:
        db.execute("UPDATE steps SET facts = '{}' WHERE label LIKE 'edition%'")
    db.close()
    said = run_here("store", "check", "-w", tiny, capture=capsys)
    assert said.code == 3
    assert "journal: .altavoz/journal.sqlite, the entry of edition corta" in said.out
    assert run_here("store", "check", "-w", tiny, "--repair", capture=capsys).code == 0
    assert run_here("store", "check", "-w", tiny, capture=capsys).code == 0


def test_a_damaged_journal_is_told_left_alone_and_begun_anew_on_repair(
    tiny: Path, capsys: Capture
) -> None:
    journal = tiny / ".altavoz/journal.sqlite"
    journal.write_bytes(b"SQLite format 3\x00" + b"\x99" * 5000)
    before = journal.read_bytes()
    said = run_here("store", "check", "-w", tiny, capture=capsys)
    assert said.code == 3
    assert "journal: .altavoz/journal.sqlite" in said.out
    assert journal.read_bytes() == before
    assert run_here("store", "check", "-w", tiny, "--repair", capture=capsys).code == 0
    assert not journal.exists()


@pytest.mark.slow
def test_a_build_says_that_the_journal_was_damaged(tiny: Path, capsys: Capture) -> None:
    (tiny / ".altavoz/journal.sqlite").write_bytes(b"no database at all")
    done = run_here("build", "-w", tiny, capture=capsys)
    assert (done.code, "was damaged" in done.err) == (0, True)
    assert "was damaged" not in run_here("build", "-w", tiny, capture=capsys).err


def test_a_check_needs_no_lock_and_a_repair_waits_for_nobody(tiny: Path, capsys: Capture) -> None:
    with Workshop(tiny).locked():
        assert run_here("store", "check", "-w", tiny, capture=capsys).code == 0
        assert run_here("store", "check", "-w", tiny, "--repair", capture=capsys).code == 8
        assert run_here("store", "gc", "-w", tiny, "--yes", capture=capsys).code == 8


def test_what_may_not_be_read_is_told_and_not_removed(tiny: Path) -> None:
    path = objects(tiny)[0]
    data = path.read_bytes()
    path.unlink()
    path.mkdir()
    found = check_store(tiny, repair=False)
    assert [one.fault for one in found.faults if one.fault is not Fault.MISSING] == [Fault.FOREIGN]
    path.rmdir()
    path.write_bytes(data)
    assert check_store(tiny, repair=False).faults == ()


# --- gc ---------------------------------------------------------------------------------------


def test_what_the_workspace_asks_for_today_stays_whatever_its_age(
    tiny: Path, capsys: Capture
) -> None:
    age(*objects(tiny))
    before = tree(tiny)
    said = run_here("store", "gc", "-w", tiny, "--grace", "0d", "--yes", capture=capsys)
    assert said.code == 0
    assert "0 objects that nothing needs" in said.out
    assert tree(tiny / ".altavoz/store") == {
        name.removeprefix(".altavoz/store/"): digest
        for name, digest in before.items()
        if name.startswith(".altavoz/store/")
    }


def test_what_no_plan_needs_goes_after_its_time_and_is_said_first(
    tiny: Path, capsys: Capture
) -> None:
    first = set(objects(tiny))
    gone_stale(tiny)
    said = run_here("store", "gc", "-w", tiny, "--json", "--dry-run", capture=capsys)
    doomed = {tiny / one["place"] for one in json.loads(said.out)["doomed"]}
    assert doomed
    assert doomed < first, "what was made for the new words stays"
    assert doomed <= set(objects(tiny)), "a dry run touches nothing"

    done = run_here("store", "gc", "-w", tiny, "--yes", capture=capsys)
    assert done.code == 0
    assert "that nothing needs: " in done.out
    assert not doomed & set(objects(tiny))
    assert run_here("build", "-w", tiny, capture=capsys).out.startswith("Nothing to do")
    assert run_here("store", "check", "-w", tiny, capture=capsys).code == 0


def test_what_was_made_or_used_lately_stays_though_no_plan_needs_it(
    tiny: Path, capsys: Capture
) -> None:
    script = tiny / "scripts/agua/es-419.md"
    script.write_text(script.read_text().replace("Beba poco", "Tome poco"))
    age(*objects(tiny))
    build(tiny)
    script.write_text(script.read_text().replace("Tome poco", "Beba poco"))
    build(tiny)
    script.write_text(script.read_text().replace("Beba poco", "Tome poco"))
    said = run_here("store", "gc", "-w", tiny, "--json", "--dry-run", capture=capsys)
    doomed = {one["why"].split()[4] for one in json.loads(said.out)["doomed"]}
    assert "edition" not in doomed, "the edition of the old words was placed by the second build"


def test_without_a_terminal_nothing_is_removed_and_the_way_out_is_said(
    tiny: Path, capsys: Capture
) -> None:
    gone_stale(tiny)
    before = objects(tiny)
    said = run_here("store", "gc", "-w", tiny, capture=capsys)
    assert said.code == 3
    assert "--yes" in said.err
    assert objects(tiny) == before


def test_what_a_live_release_consists_of_stays_though_no_plan_makes_it_now(
    tiny: Path, capsys: Capture
) -> None:
    gone_stale(tiny)
    said = run_here("store", "gc", "-w", tiny, "--json", "--dry-run", capture=capsys)
    doomed = [one["place"] for one in json.loads(said.out)["doomed"]]
    digest = Digest("".join(doomed[0].split("/")[-2:]))
    thing = MediaObject(
        name="mp3",
        key=media_key("old", digest, ".mp3"),
        media_type="audio/mpeg",
        digest=digest,
        length_bytes=1,
        kbps=64,
    )
    release = Release(
        target="public",
        series="old",
        episode="old-1",
        number=1,
        language=LanguageTag("es-419"),
        revision=1,
        guid="small/old/old-1/es-419/1",
        published_at=NOON,
        changed_at=NOON,
        change=Change.NEW,
        title="Old",
        description="",
        duration_ms=1000,
        words_digest=digest,
        expires=date(2027, 1, 15),
        synthetic_voice=True,
        media=(thing,),
    )
    Ledger(tiny).append(*ledger_line(release))
    done = run_here("store", "gc", "-w", tiny, "--json", "--yes", capture=capsys)
    assert sorted(json.loads(done.out)["removed"]) == sorted(doomed[1:])
    assert (tiny / doomed[0]).exists()


def test_an_old_kept_pack_goes_and_the_newest_of_each_id_stays(tiny: Path, capsys: Capture) -> None:
    folder = tiny / ARCHIVE
    folder.mkdir(parents=True)
    for name in ("small_a.1.zip", "small_a.2.zip", "small_b.7.zip"):
        (folder / name).write_bytes(name.encode())
        age(folder / name)
    (folder / "small_a.10.zip").write_bytes(b"new")
    assert run_here("store", "gc", "-w", tiny, "--yes", capture=capsys).code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["small_a.10.zip", "small_b.7.zip"]


def test_sentences_of_an_online_voice_go_only_where_somebody_asks(
    tiny: Path, capsys: Capture
) -> None:
    kept = tiny / "spoken/es-419"
    kept.mkdir(parents=True)
    for name in ("0" * 32 + ".flac", "0" * 32 + ".json"):
        (kept / name).write_bytes(b"?")
        age(kept / name)
    said = run_here("store", "gc", "-w", tiny, "--yes", capture=capsys)
    assert said.code == 0
    assert "--spoken" in said.out
    assert len(list(kept.iterdir())) == 2
    assert run_here("store", "gc", "-w", tiny, "--yes", "--spoken", capture=capsys).code == 0
    assert list(kept.iterdir()) == []


def _clean(root: Path) -> None:
    with Workshop(root).open() as workshop:
        workspace = read(root)
        plan = workshop.plan(workspace, today=TODAY)
        found = plan_store_cleaning(
            workshop, workspace, plan, now=NOON, today=TODAY, grace=timedelta()
        )
        clean_store(workshop, found)


def test_a_gc_that_is_killed_anywhere_loses_nothing_that_is_needed(tiny: Path) -> None:
    build(tiny)
    needed = tree(tiny / ".altavoz/store")
    store = Store(tiny / ".altavoz/store")
    for number in range(400):
        beside = store.scratch / f"x{number}"
        beside.write_bytes(f"left over {number}".encode())
        age(beside)
        store.adopt(beside)
    left = len(objects(tiny))
    running = get_context("spawn").Process(target=_clean, args=(tiny,))
    running.start()
    while running.is_alive() and len(objects(tiny)) > left - 30:
        time.sleep(0.001)
    running.kill()
    running.join()
    assert len(objects(tiny)) < left
    assert needed.items() <= tree(tiny / ".altavoz/store").items()
    assert check_store(tiny, repair=False).is_sound
    assert build(tiny).run.total == 0


# --- stats ------------------------------------------------------------------------------------


def test_stats_count_what_an_outside_look_counts(tiny: Path, capsys: Capture) -> None:
    counted = run_here("store", "stats", "-w", tiny, "--json", capture=capsys)
    told = json.loads(counted.out)
    files = [p for p in (tiny / ".altavoz/store").glob("??/*") if p.is_file()]
    assert told["objects"] == len(files) == sum(k["objects"] for k in told["kinds"].values())
    assert told["bytes"] == sum(path.stat().st_size for path in files)
    assert {"slot", "edition"} <= told["kinds"].keys()
    assert told["gc_would_free"]["objects"] == 0
    assert all(digest_bytes(p.read_bytes()) == p.parent.name + p.name for p in files)


def test_stats_say_what_a_gc_would_free(tiny: Path, capsys: Capture) -> None:
    gone_stale(tiny)
    told = json.loads(run_here("store", "stats", "-w", tiny, "--json", capture=capsys).out)
    done = json.loads(run_here("store", "gc", "-w", tiny, "--yes", "--json", capture=capsys).out)
    assert told["gc_would_free"]["objects"] == len(done["removed"]) > 0
    assert told["gc_would_free"]["bytes"] == done["bytes"]
    assert told["used_within"]["month"]["objects"] == 0
