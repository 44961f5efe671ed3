"""Folders that share their files with the store and one another: every run reads what lies there.

Disks without clones have nothing but further names (hard links) for files that take no room.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from programme.errors import ExitCode
from tests.production.delivery.folder_station import served
from tests.production.packs.test_pack_places import add_stations
from tests.production.running import built_once, copy_of, flip, run_here, tree
from tests.production.small import FILES

PACK = "build/packs"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "known", known=True)


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return copy_of(built, tmp_path / "small")


def pack(root: Path, *names: str, capture: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Make folders; give the digest of every file of every one."""
    command: tuple[str | Path, ...] = ("pack", "-j1", "-w", root, "--rehearsal", "--folder")
    done = run_here(*command, *names, capture=capture)
    assert done.code == 0, done.said
    return tree(root / PACK)


def change_in_place(path: Path) -> None:
    """Change one byte as a careful editor of tags does: length and time stay."""
    about = path.stat()
    path.chmod(0o644)
    flip(path, about.st_size // 2)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def put_a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


HARMS: Mapping[str, tuple[str, Callable[[Path], None]]] = {
    "sound that was changed": ("*.mp3", change_in_place),
    "a page that was changed": ("index.html", change_in_place),
    "a list that was changed": ("SHA256SUMS", change_in_place),
    "the list of all lists, changed": ("tagmanifest-sha256.txt", change_in_place),
    "a file that is gone": ("README.txt", Path.unlink),
    "a link in the place of sound": ("*.mp3", put_a_link),
}


def test_what_somebody_changed_in_one_folder_is_put_right_in_all_that_share_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_stations(root, 2, public=0)
    whole = pack(root, "t00", "t01", capture=capsys)
    for what, (name, harm) in HARMS.items():
        first, *_ = sorted((root / PACK / "t00").rglob(name))
        harm(first)
        assert tree(root / PACK) != whole, what
        again = pack(root, "t00", "t01", capture=capsys)
        assert {path: digest for path, digest in again.items() if path in whole} == whole, what
        for one in (root / PACK).rglob("elsewhere"):
            one.unlink()
    # The folders share their files as before.
    files = [path for path in (root / PACK / "t00").rglob("*") if path.is_file()]
    assert all(path.samefile(str(path).replace("t00", "t01")) for path in files)


def test_a_folder_that_is_whole_stays_with_what_somebody_signed_or_noted_in_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack(root, "terminal", capture=capsys)
    [manifest] = (root / PACK).rglob("pack.json")
    signature = manifest.with_name("pack.json.minisig")
    signature.write_text("made later, by hand")
    inode = manifest.stat().st_ino
    pack(root, "terminal", capture=capsys)
    assert manifest.stat().st_ino == inode
    assert signature.read_text() == "made later, by hand"


def test_what_is_changed_in_a_stations_folder_is_put_right_there_and_in_packs(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Two radios that take the same: one as a pack, one as a folder.
    (root / "stations/other.yml").write_text(FILES["stations/packs.yml"].lstrip(), encoding="utf-8")
    served(root, "vlc")
    packs = pack(root, "other", capture=capsys)
    command = ("deliver", "-j1", "-w", root, "--rehearsal")
    assert run_here(*command, capture=capsys).code == 0
    folder = root / "build/deliveries"
    delivered = tree(folder)
    inodes = {path.stat().st_ino for path in (root / PACK).rglob("*.mp3")}
    sound = next(path for path in folder.rglob("*.mp3") if path.stat().st_ino in inodes)
    change_in_place(sound)
    assert tree(root / PACK) != packs
    # A dry run says what is wrong, and no more.
    done = run_here(*command, "--dry-run", capture=capsys)
    assert done.code == ExitCode.STORAGE
    assert "is not what was built any more" in done.err
    assert run_here(*command, capture=capsys).code == 0
    assert tree(folder) == delivered
    assert pack(root, "other", capture=capsys) == packs


def test_what_a_killed_run_left_beside_a_pack_is_taken_away_and_nothing_else(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack(root, "terminal", capture=capsys)
    [made] = (root / PACK / "terminal").iterdir()
    before = tree(root / PACK)
    for name in (f".{made.name}.4000001.new", f".{made.name}.4000001.old"):
        (made.parent / name / "01_EN").mkdir(parents=True)
        (made.parent / name / "01_EN/001_old.mp3").write_bytes(b"not said any more")
    (made.parent / f".{made.name}.zip.4000001.new").write_bytes(b"half")
    own = {"notes.txt": b"a", ".notes.new": b"b", ".notes.old": b"c"}
    for name, data in own.items():
        (made.parent / name).write_bytes(data)
    pack(root, "terminal", capture=capsys)
    for name, data in own.items():
        assert (made.parent / name).read_bytes() == data
        (made.parent / name).unlink()
    assert tree(root / PACK) == before
