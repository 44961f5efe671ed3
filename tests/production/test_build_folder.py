"""Files in the build folder share their bytes with the store, and nobody is hurt by it."""

import errno
import fcntl
import os
import shutil
from pathlib import Path

import pytest

from production import build_folder, store
from production.building import Workshop
from production.steps import Kind
from programme.digests import digest_file
from programme.storage import link_or_copy
from tests.production.running import (
    TINY,
    TODAY,
    Quiet,
    build,
    built_once,
    copy_of,
    flip,
    ran,
    read,
    stamps,
    tree,
)
from tests.production.small import write_small

MP3 = "build/corta/es-419/corta-1_es-419.mp3"


@pytest.fixture
def no_clones(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk such as ext4, wherever the tests run."""

    def refuse(*_: object) -> int:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(fcntl, "ioctl", refuse)


@pytest.fixture
def tiny(tmp_path: Path, no_clones: None) -> Path:
    del no_clones
    root = write_small(tmp_path / "tiny", TINY)
    build(root)
    return root


def objects(root: Path) -> set[tuple[int, int]]:
    """Give device and inode of every object of the store."""
    found = (root / ".altavoz/store").glob("[0-9a-f][0-9a-f]/*")
    return {(path.stat().st_dev, path.stat().st_ino) for path in found}


def shared(root: Path) -> list[str]:
    """Give the files of the build folder that are second names of objects."""
    known = objects(root)
    files = [path for path in sorted((root / "build").rglob("*")) if path.is_file()]
    return [path.name for path in files if (path.stat().st_dev, path.stat().st_ino) in known]


def test_without_clones_files_are_second_names_of_what_the_store_holds(tiny: Path) -> None:
    assert len(shared(tiny)) == len(list((tiny / "build").rglob("corta*.*"))) > 2
    before = stamps(tiny)
    assert ran(build(tiny)) == (0, 0, 0)
    assert (
        stamps(tiny / "build").items()
        <= {name.removeprefix("build/"): stamp for name, stamp in before.items()}.items()
    )


def test_without_second_names_files_are_copies(
    tmp_path: Path, tiny: Path, no_clones: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del no_clones

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    other = write_small(tmp_path / "other", TINY)
    build(other)
    assert shared(other) == []
    assert tree(other / "build") == tree(tiny / "build")


def test_a_file_changed_in_place_is_put_right_from_its_slots(tiny: Path) -> None:
    before = tree(tiny / "build")
    flip(tiny / MP3, 5_000)
    report = build(tiny)
    assert report.run.ran == {Kind.TAKE: 0, Kind.SLOT: 0, Kind.EDITION: 1}
    assert tree(tiny / "build") == before


def test_what_leaves_has_bytes_of_its_own(tiny: Path) -> None:
    report = build(tiny, verify=True)
    assert ran(report) == (0, 0, 0)
    assert shared(tiny) == []
    (built,) = (one for one in report.editions if one.edition.profile == "podcast")
    whole = built.objects["mp3"].read_bytes()
    stamp = stamps(tiny / "build")
    flip(tiny / MP3, 5_000)
    assert built.objects["mp3"].read_bytes() == whole
    flip(tiny / MP3, 5_000)
    # Parted once is enough, and nothing here was touched by it.
    assert shared(tiny) == []
    build(tiny, verify=True)
    assert {k: v[1] for k, v in stamps(tiny / "build").items()} == {
        k: v[1] for k, v in stamp.items()
    }


def test_what_leaves_first_of_all_is_never_shared(tmp_path: Path, no_clones: None) -> None:
    del no_clones
    root = write_small(tmp_path / "tiny", TINY)
    build(root, verify=True)
    assert shared(root) == []


def test_what_a_station_shares_with_the_store_is_not_shared_with_the_build_folder(
    tmp_path: Path, no_clones: None
) -> None:
    del no_clones
    root = write_small(tmp_path / "tiny", TINY)
    report = build(root, verify=True)
    (built,) = (one for one in report.editions if one.edition.profile == "podcast")
    station = tmp_path / "station.mp3"
    link_or_copy(built.objects["mp3"], station)
    played = station.read_bytes()
    shutil.rmtree(root / "build")
    build(root)
    flip(root / MP3, 5_000)
    assert station.read_bytes() == played


def test_a_second_name_that_a_killed_build_did_not_note_is_parted_before_anything_leaves(
    tiny: Path,
) -> None:
    with Workshop(tiny).open() as workshop:
        for name in workshop.journal.all_placed():
            workshop.journal.unplace(name)
    assert shared(tiny)
    build(tiny, verify=True)
    assert shared(tiny) == []


def test_what_is_made_for_others_alone_is_parted_too(tiny: Path) -> None:
    workspace = read(tiny)
    with Workshop(tiny).open() as workshop:
        plan = workshop.plan(workspace, today=TODAY)
        workshop.make(workspace, plan, jobs=1, progress=Quiet())
    assert shared(tiny) == []


def test_times_that_a_day_changes_copy_nothing(tiny: Path) -> None:
    files = [path for path in (tiny / "build").rglob("*") if path.is_file()]
    inodes = {path: path.stat().st_ino for path in files}
    for path in (tiny / ".altavoz/store").glob("[0-9a-f][0-9a-f]/*"):
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 2 * 86_400))
    # As after a day: the stamps that are known are those of before, then of after.
    for _ in range(2):
        assert ran(build(tiny)) == (0, 0, 0)
        assert {path: path.stat().st_ino for path in files} == inodes
    before = stamps(tiny / "build") | stamps(tiny / ".altavoz/store")
    build(tiny)
    assert stamps(tiny / "build") | stamps(tiny / ".altavoz/store") == before


def test_a_copied_workspace_writes_no_file_anew(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    root = copy_of(built_once(tmp_path_factory, "tiny", TINY), tmp_path / "copied")
    before = stamps(root / "build")
    assert ran(build(root)) == (0, 0, 0)
    assert stamps(root / "build") == before


def test_what_an_earlier_build_placed_is_replaced_unread(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def reading(path: Path) -> str:
        read.append(path)
        return digest_file(path)

    monkeypatch.setattr(build_folder, "digest_file", reading)
    words = tiny / "scripts/agua/es-419.md"
    # as many letters as before, so that lengths tell nothing
    words.write_text(words.read_text(encoding="utf-8").replace("Beba", "Tome"), encoding="utf-8")
    (tiny / MP3).with_suffix(".txt").write_text("by hand", encoding="utf-8")
    build(tiny)
    assert not {path.suffix for path in read} & {".mp3", ".opus", ".txt"}
    made_anew = write_small(tiny.parent / "anew", TINY)
    (made_anew / "scripts/agua/es-419.md").write_bytes(words.read_bytes())
    build(made_anew)
    assert tree(tiny / "build") == tree(made_anew / "build")


def test_what_was_made_just_now_is_placed_unread_and_everything_else_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def reading(path: Path) -> str:
        digest = digest_file(path)
        read.append(digest)
        return digest

    monkeypatch.setattr(store, "digest_file", reading)
    root = write_small(tmp_path / "tiny", TINY)
    (built,) = (one for one in build(root).editions if one.edition.profile == "podcast")
    assert read.count(built.digests["mp3"]) == 1
    shutil.rmtree(root / "build")
    build(root)
    assert read.count(built.digests["mp3"]) == 2
    shutil.rmtree(root / "build")
    flip(built.objects["mp3"], 5_000)
    assert ran(build(root)) == (0, 0, 1)
    assert digest_file(root / MP3) == built.digests["mp3"]
