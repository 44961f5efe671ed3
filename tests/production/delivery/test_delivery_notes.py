"""Folders that were delivered to are in the register, in recalls, and under their consents."""

from datetime import date
from pathlib import Path

import pytest

from production.consent_notes import read_covered
from production.consent_reach import find_reach
from production.ledger.ledger import Ledger
from production.packs.register import Carrier, read_register
from production.releases.recall_reach import MessageReach, State, find_message
from scripts.tree import PRIVATE
from tests.production.delivery.folder_station import AFTER, TOMORROW, deliver, served
from tests.production.running import TODAY, built_once, copy_of, edit, read, run_here
from tests.production.small import write_small
from tests.production.test_consent_reach import VOICE, with_recording


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "known", known=True)


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return served(copy_of(built, tmp_path / "small"), "vlc", "publish_identity: yes\n")


def reach(root: Path, name: str, on: date = TODAY) -> MessageReach:
    return find_message(read(root, on), name)


def shipped(root: Path) -> list[tuple[str, str, int, date]]:
    found = read_register(root, Ledger(root)).shipments
    assert {one.carrier for one in found} == {Carrier.FOLDER}
    return [(one.station, one.pack, one.serial, one.on) for one in found]


def test_each_new_content_of_a_folder_is_noted_once(root: Path) -> None:
    deliver(root, dry_run=True)
    assert not read_register(root, Ledger(root)).shipments
    deliver(root)
    deliver(root, day=TOMORROW)
    assert shipped(root) == [("packs", "small_folder_packs", 1, TODAY)]
    edit(root / "scripts/agua/en.md", "Drink little by little.", "Drink slowly.")
    deliver(root, day=TOMORROW)
    assert shipped(root)[1:] == [("packs", "small_folder_packs", 2, TOMORROW)]


def test_a_recall_names_the_station_whose_folder_held_the_message(root: Path) -> None:
    done = deliver(root)
    [holder] = reach(root, "agua").holders
    assert (holder.station, holder.state) == ("packs", State.HOLDS)
    assert {one.path for one in holder.pack.items} <= {
        path.relative_to(done.path).as_posix() for path in done.path.rglob("*")
    }
    edit(root / "scripts/agua/en.md", "Drink little by little.", "Drink slowly.")
    deliver(root, day=TOMORROW)
    old, new = sorted(reach(root, "agua").holders, key=lambda one: one.pack.serial)
    assert (old.state, old.since) == (State.NEWER, TOMORROW)
    assert new.state is State.CURRENT
    # Empty, it holds nothing of it any more.
    deliver(root, day=AFTER)
    assert {one.state for one in reach(root, "agua", AFTER).holders} == {State.NEWER}


def test_a_station_says_that_it_deleted_what_lay_in_its_folder(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(root)
    done = run_here("shipments", "deleted", "packs", "-w", root, capture=capsys)
    assert done.code == 0, done.err
    [holder] = reach(root, "agua").holders
    assert holder.state is State.DELETED


def test_of_a_private_station_the_public_ledger_tells_no_name(built: Path, tmp_path: Path) -> None:
    root = served(copy_of(built, tmp_path / "small"), "vlc", "publish_identity: no\n")
    deliver(root)
    public = (root / "releases.jsonl").read_text(encoding="utf-8")
    assert '"station"' not in "".join(
        line for line in public.splitlines(keepends=True) if "folder" in line
    )
    assert "small_folder_" in public
    assert "small_folder_packs" not in public
    assert [one[0] for one in shipped(root)] == ["packs"]
    assert [one.station for one in reach(root, "agua").holders] == ["packs"]
    for path in (root / PRIVATE).iterdir():
        path.unlink()
    assert [one.station for one in reach(root, "agua").holders] == [""]


def test_the_consents_of_what_a_folder_held_are_noted_in_private(tmp_path: Path) -> None:
    root = served(with_recording(write_small(tmp_path / "small", VOICE)), "vlc")
    deliver(root)
    [(name, serial)] = {key for key, consents in read_covered(root).packs.items() if consents}
    assert read_covered(root).packs[name, serial] == ("c-7",)
    assert [(one.pack, one.serial) for one in find_reach(read(root), "c-7").packed] == [(name, 1)]
    assert "c-7" not in (root / "releases.jsonl").read_text(encoding="utf-8")
