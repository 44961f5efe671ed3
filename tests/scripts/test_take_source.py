"""Folders and ZIPs from strangers: what has no place is refused by name, the rest goes on."""

import os
import stat
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.errors import ProductionError
from scripts import take_source
from scripts.take_source import Arrivals, read_arrivals

GOOD = "agua_quc_001.wav"


def unpacked(path: Path, scratch: Path) -> Arrivals:
    scratch.mkdir()
    found = read_arrivals(path, scratch)
    # whatever the names say, files lie in the scratch folder under our own names
    assert all(one.path.parent == scratch for one in found.files if path.suffix == ".zip")
    return found


def refused(found: Arrivals) -> dict[str, str]:
    assert all(one.remedy for one in found.refused)
    return {one.name: one.problem for one in found.refused}


def write_zip(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in entries:
            out.writestr(name, data)
    return path


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_bad_entries_are_refused_by_name_and_the_good_one_goes_on(tmp_path: Path) -> None:
    path = write_zip(
        tmp_path / "a.zip",
        (GOOD, b"RIFF"),
        ("../../out.wav", b"x"),
        ("/etc/out.wav", b"x"),
        ("C:\\out.wav", b"x"),
        (link("link.wav"), b"/etc/passwd"),
        ("twice.wav", b"1"),
        ("twice.wav", b"2"),
        ("Case.wav", b"1"),
        ("case.wav", b"2"),
        ("note.docx", b"x"),
        ("inner.zip", b"x"),
        ("bomb.wav", bytes(20_000_000)),
        ("__MACOSX/._agua.wav", b"x"),
        (".DS_Store", b"x"),
        ("index.html", b"x"),
    )
    found = unpacked(path, tmp_path / "scratch")
    assert [one.name for one in found.files] == [GOOD]
    told = refused(found)
    assert set(told) == {
        *("../../out.wav", "/etc/out.wav", "C:\\out.wav", "link.wav", "twice.wav", "Case.wav"),
        *("case.wav", "note.docx", "inner.zip", "bomb.wav"),
    }
    assert "leads out" in told["../../out.wav"]
    assert "far more" in told["bomb.wav"]
    assert not (tmp_path / "out.wav").exists()


def test_a_locked_entry_is_refused_by_name(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", (GOOD, b"RIFF"), ("locked.wav", b"x"))
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rindex(mark)
        data[at + offset] |= 1
    path.write_bytes(data)
    found = unpacked(path, tmp_path / "scratch")
    assert [one.name for one in found.files] == [GOOD]
    assert "password" in refused(found)["locked.wav"]


def test_an_entry_that_lies_about_its_length_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", (GOOD, b"RIFF"), ("lies.wav", os.urandom(5000)))
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    found = unpacked(path, tmp_path / "scratch")
    assert [one.name for one in found.files] == [GOOD]
    assert "damaged" in refused(found)["lies.wav"]


@given(st.data())
def test_a_zip_damaged_anywhere_never_breaks_the_reader(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as held:
        path = write_zip(Path(held) / "a.zip", (GOOD, b"RIFF" * 50), ("b.m4a", os.urandom(300)))
        whole = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 6))):
            whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(whole)
        scratch = Path(held) / "scratch"
        scratch.mkdir()
        with suppress(ProductionError):
            found = read_arrivals(path, scratch)
            assert all(one.path.parent == scratch for one in found.files)
            assert {one.name for one in scratch.iterdir()} >= {one.path.name for one in found.files}


def test_a_folder_with_links_and_pipes_gives_its_files_alone(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "de Ana").mkdir(parents=True)
    (folder / "de Ana" / GOOD).write_bytes(b"RIFF")
    (folder / "out.wav").symlink_to("/etc/passwd")
    (folder / "up").symlink_to("..")
    os.mkfifo(folder / "pipe.wav")
    found = unpacked(folder, tmp_path / "scratch")
    assert [one.name for one in found.files] == [f"de Ana/{GOOD}"]
    assert set(refused(found)) == {"out.wav", "up", "pipe.wav"}


def test_too_many_files_are_said_and_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_source, "MOST_FILES", 3)
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.wav").write_bytes(b"RIFF")
    found = unpacked(folder, tmp_path / "scratch")
    assert len(found.files) == 3
    assert "more than 3 files" in next(iter(refused(found).values()))


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"PK\x03\x04" + zlib.compress(b"x" * 99)])
def test_what_is_no_zip_is_said(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(ProductionError) as caught:
        unpacked(path, tmp_path / "scratch")
    assert "this ZIP cannot be read" in caught.value.problem
    assert caught.value.remedy


def test_a_kit_that_was_bent_is_refused_and_the_takes_go_on(tmp_path: Path) -> None:
    kit = b'{"altavoz_kit": 99}'
    path = write_zip(tmp_path / "a.zip", (GOOD, b"RIFF"), ("kit.json", kit))
    found = unpacked(path, tmp_path / "scratch")
    assert (len(found.files), found.kits) == (1, [])
    assert "format 99" in refused(found)["kit.json"]
