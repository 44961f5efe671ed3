"""Building from a damaged store or journal: it costs time, never a wrong byte."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from production.store import Store
from programme.errors import ExitCode, ProductionError
from tests.production.running import TINY, build, built_once, copy_of, flip, ran, tree
from tests.production.test_recorded import ONLY_HT, add


@pytest.fixture(scope="session")
def built_tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "tiny", TINY)


@pytest.fixture
def tiny(built_tiny: Path, tmp_path: Path) -> Path:
    return copy_of(built_tiny, tmp_path / "tiny")


def test_a_missing_store_gives_the_same_bytes(tiny: Path) -> None:
    before = tree(tiny / "build")
    shutil.rmtree(tiny / ".altavoz")
    assert ran(build(tiny))[2] == 1
    assert tree(tiny / "build") == before


def test_every_object_of_the_store_damaged_at_once_is_healed(tiny: Path) -> None:
    before = tree(tiny / "build")
    store = Store(tiny / ".altavoz/store")
    objects = [path for path in store.root.rglob("*") if path.is_file()]
    for number, path in enumerate(objects):
        flip(path, 7 * number)
    shutil.rmtree(tiny / "build")
    assert ran(build(tiny)) == (0, 4, 1)
    assert tree(tiny / "build") == before


def objects_by_kind(root: Path) -> dict[str, list[Path]]:
    """Give the store's objects by what they are to the steps that made them."""
    store = Store(root / ".altavoz/store")
    found: dict[str, list[Path]] = {}
    db = sqlite3.connect(root / ".altavoz/journal.sqlite")
    for (outputs,) in db.execute("SELECT outputs FROM steps"):
        for name, digest in json.loads(outputs).items():
            found.setdefault(name, []).append(store.path(digest))
    db.close()
    return found


EDITION_OBJECTS = ("mp3", "opus", "vtt", "srt", "words", "txt", "html", "chapters")
SLOT_OBJECTS = ("coded-mp3", "coded-opus", "energies-mp3", "energies-opus")


@pytest.mark.parametrize("kind", EDITION_OBJECTS)
def test_a_damaged_edition_is_made_again_before_it_leaves(tiny: Path, kind: str) -> None:
    objects = objects_by_kind(tiny)
    assert set(objects) == {*EDITION_OBJECTS, *SLOT_OBJECTS}
    before = tree(tiny / "build")
    flip(objects[kind][0], 11)
    assert ran(build(tiny, verify=True)) == (0, 0, 1)
    assert tree(tiny / "build") == before


@pytest.mark.parametrize("kind", SLOT_OBJECTS)
def test_a_damaged_part_is_made_again_when_it_is_needed(tiny: Path, kind: str) -> None:
    objects = objects_by_kind(tiny)
    before = tree(tiny / "build")
    flip(objects[kind][0], 11)
    for name in EDITION_OBJECTS:
        for path in objects[name]:
            path.unlink(missing_ok=True)
    assert ran(build(tiny)) == (0, 1, 1)
    assert tree(tiny / "build") == before


def test_a_damaged_take_of_a_recording_is_read_again_when_it_is_needed(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_of(built_once(tmp_path_factory, "creole", ONLY_HT), tmp_path / "creole")
    add(root, "agua", capsys, whole=True)
    add(root, "ayuda", capsys, whole=False)
    add(root, "aviso", capsys, whole=True)
    takes, slots, _ = ran(build(root))
    assert (takes, slots) == (4, 4)
    objects = objects_by_kind(root)
    assert len(objects["take"]) == 4
    before = tree(root / "build")
    flip(objects["take"][0], 11)
    for name in (*EDITION_OBJECTS, *SLOT_OBJECTS):
        for path in objects[name]:
            path.unlink(missing_ok=True)
    assert ran(build(root)) == (1, 4, 1)
    assert tree(root / "build") == before


def test_a_bit_flipped_anywhere_in_the_journal_costs_time_only(tiny: Path) -> None:
    before = tree(tiny / "build")
    journal = tiny / ".altavoz/journal.sqlite"
    whole = journal.read_bytes()
    refused = 0
    for at in range(5, len(whole), len(whole) // 41):
        journal.write_bytes(whole)
        flip(journal, at)
        try:
            build(tiny)
        except ProductionError as error:
            assert error.code is ExitCode.STORAGE  # noqa: PT017 - not every flip is met
            refused += 1
            build(tiny)
        assert tree(tiny / "build") == before, at
    assert refused < 41
