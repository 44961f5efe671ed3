"""Packs from hostile hands: nothing of them is read any further, and nothing is written."""

import os
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from programme.errors import ProductionError
from stations.pack_paths import clashes, path_fault
from stations.pack_reading import open_pack
from stations.pack_verdicts import RefusedPackError, Verdict
from tests.stations.signed_packs import judged, laid_out, pack_files, zipped

FILES = pack_files()


def verdict_of(data: bytes, folder: Path) -> Verdict:
    path = folder / "pack.zip"
    path.write_bytes(data)
    return judged(path).verdict


BAD_PATHS = [
    *(
        "../x.mp3",
        "01_ES/../../x",
        "/etc/passwd",
        "\\\\server\\x",
        "C:/x",
        "c:x",
        "a\\..\\b",
        "./x",
    ),
    *("a//b", "a/", "", ".", "..", "a/./b", "CON", "01_ES/con.mp3", "Aux .txt", "LPT1", "com¹.mp3"),
    *(
        "x.",
        "x ",
        " x",
        "-rf",
        "a:b",
        "a*b",
        'a"b',
        "a?b",
        "a|b",
        "a<b",
        "a\x00b",
        "a\nb",
        "a\x7fb",
    ),
    *("a\u202eb", "a\u200bb", "a\ufeffb", "x" * 241, "é" * 256, "/".join("abcdefghi"), "a\udc80b"),
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_path_that_is_dangerous_somewhere_is_refused_everywhere(path: str) -> None:
    assert path_fault(path)


@pytest.mark.parametrize("path", [*FILES, "data/niño.txt", "data/نص.txt", "a b.txt", ".DS_Store"])
def test_a_plain_path_is_taken(path: str) -> None:
    assert not path_fault(path)


@pytest.mark.parametrize(
    "paths",
    [
        ("a", "a"),
        ("a.mp3", "A.MP3"),
        ("01_ES/a", "01_es/b"),
        ("caf\u00e9", "cafe\u0301"),
        ("straße", "STRASSE"),
        ("a", "a/b"),
        ("a/b", "A"),
    ],
)
def test_names_that_a_disk_takes_for_one_clash(paths: tuple[str, ...]) -> None:
    assert len(list(clashes(paths))) == 1
    assert len(list(clashes(reversed(paths)))) == 1


@given(st.text(max_size=12))
@example("../x")
@example("a/../../b")
@example("CON")
def test_a_path_that_is_taken_never_leaves_its_folder(path: str) -> None:
    if path_fault(path):
        return
    root = "/pack"
    assert os.path.normpath(f"{root}/{path}") == f"{root}/{path}"


# ZIPs


@pytest.mark.parametrize(
    "path", ["../x.mp3", "/x", "C:/x", "a\\b", "nul.mp3", "01_ES/001_ASILO.MP3"]
)
def test_one_bad_name_refuses_the_whole_zip(path: str, tmp_path: Path) -> None:
    found = zipped({**FILES, path: b"x"})
    assert verdict_of(found, tmp_path) is Verdict.UNSAFE
    assert sorted(one.name for one in tmp_path.iterdir()) == ["pack.zip"]


def test_a_name_that_stands_twice_refuses_the_zip(tmp_path: Path) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in FILES.items():
            archive.writestr(zipfile.ZipInfo(path), data)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(zipfile.ZipInfo("index.html"), b"<!doctype evil>")
    assert verdict_of(out.getvalue(), tmp_path) is Verdict.UNSAFE


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_what_is_no_file_refuses_the_zip(kind: int, tmp_path: Path) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in FILES.items():
            archive.writestr(zipfile.ZipInfo(path), data)
        info = zipfile.ZipInfo("link")
        info.create_system = 3
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert verdict_of(out.getvalue(), tmp_path) is Verdict.UNSAFE


PLAIN = zipped(FILES)
LIST = PLAIN.index(b"PK\x01\x02")
END = len(PLAIN) - 22


def patched(place: int, data: bytes) -> bytes:
    return PLAIN[:place] + data + PLAIN[place + len(data) :]


def moved(prefix: bytes, *, offsets: bool) -> bytes:
    """Put bytes before a ZIP; with ``offsets``, let its list and end know of them."""
    if not offsets:
        return prefix + PLAIN
    found = bytearray(PLAIN)
    place = LIST
    while found[place : place + 4] == b"PK\x01\x02":
        (offset,) = struct.unpack_from("<I", found, place + 42)
        struct.pack_into("<I", found, place + 42, offset + len(prefix))
        name, extra, comment = struct.unpack_from("<3H", found, place + 28)
        place += 46 + name + extra + comment
    struct.pack_into("<I", found, END + 16, LIST + len(prefix))
    return prefix + bytes(found)


def with_extra(kind: int) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("pack.json")
        info.extra = struct.pack("<HH4s", kind, 4, b"evil")
        archive.writestr(info, b"{}")
    return out.getvalue()


TRICKS = {
    "bytes before the first header": moved(b"#!/bin/sh\n", offsets=False),
    "bytes before it, that the list knows": moved(b"#!/bin/sh\n", offsets=True),
    "bytes behind the end": PLAIN + b"x",
    "a comment": PLAIN[:-2] + struct.pack("<H", 4) + b"evil",
    "a second end": PLAIN + PLAIN[END:],
    "a gap before the list": patched(END + 16, struct.pack("<I", LIST))[:LIST]
    + b"gap"
    + PLAIN[LIST:END]
    + patched(END + 16, struct.pack("<I", LIST + 3))[END:],
    "other name in the header": patched(30, b"0X"),
    "other length in the header": patched(22, struct.pack("<I", 5)),
    "other sum in the header": patched(14, b"evil"),
    "a password": patched(LIST + 8, b"\x01\x00"),
    "an unknown packing": patched(LIST + 10, b"\x0c\x00"),
    "two lengths": patched(LIST + 24, struct.pack("<I", 99_999)),
    "far more than it holds": patched(LIST + 20, struct.pack("<II", 1, 2**31)),
    "the extension for large files": patched(LIST + 24, b"\xff" * 4),
    "its end has that extension": patched(END + 8, b"\xff" * 4),
    "more files than it lists": patched(END + 8, b"\xff\x00\xff\x00"),
    "fewer files than it lists": patched(END + 8, b"\x01\x00\x01\x00"),
    "another disk": patched(END + 4, b"\x01\x00"),
    "a header behind the end": patched(LIST + 42, b"\xff\xff\xff\x7f"),
    "two entries of one header": patched(
        PLAIN.index(b"PK\x01\x02", LIST + 4) + 42, struct.pack("<I", 0)
    ),
    "a name in an unknown alphabet": patched(30, b"\xff")[:LIST]
    + patched(LIST + 46, b"\xff")[LIST:],
    "an extra field for large files": with_extra(0x0001),
    "an extra field with another name": with_extra(0x7075),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_zip_that_two_programs_would_read_differently_is_unsafe(
    trick: str, tmp_path: Path
) -> None:
    assert verdict_of(TRICKS[trick], tmp_path) is Verdict.UNSAFE


def test_a_packed_bomb_ends_at_once_and_without_memory(tmp_path: Path) -> None:
    bomb = zipped({**FILES, "data/big.txt": bytes(60_000_000)}, method=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    tracemalloc.start()
    assert verdict_of(bomb, tmp_path) is Verdict.UNSAFE
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()


def test_what_unpacks_to_more_than_it_says_is_stopped(tmp_path: Path) -> None:
    files = {**FILES, "data/big.txt": bytes(60_000)}
    bomb = bytearray(zipped(files, method=zipfile.ZIP_DEFLATED))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        name = 30 if mark == b"PK\x03\x04" else 46
        at = bomb.index(mark)
        while bomb[at + name : at + name + 12] != b"data/big.txt":
            at = bomb.index(mark, at + 4)
        struct.pack_into("<I", bomb, at + place, 100)
    path = tmp_path / "pack.zip"
    path.write_bytes(bytes(bomb))
    with open_pack(path) as opened, pytest.raises(RefusedPackError, match="bomb"):
        opened.digest("data/big.txt")


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_zip_that_was_cut_off_is_truncated(kept: float, tmp_path: Path) -> None:
    assert verdict_of(PLAIN[: int(len(PLAIN) * kept)], tmp_path) is Verdict.TRUNCATED


def test_a_damaged_member_is_altered(tmp_path: Path) -> None:
    place = PLAIN.index(b"ID3") + 1000
    assert verdict_of(patched(place, b"x"), tmp_path) is Verdict.ALTERED


@settings(max_examples=200)
@given(st.integers(0, len(PLAIN) - 1), st.integers(1, 255))
def test_a_pack_with_any_byte_changed_is_refused_or_holds_the_same(place: int, change: int) -> None:
    from tempfile import TemporaryDirectory

    data = bytearray(PLAIN)
    data[place] ^= change
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pack.zip"
        path.write_bytes(bytes(data))
        if judged(path).verdict is Verdict.GENUINE:
            with open_pack(path) as opened:
                held = {name: opened.read(name, most=10**6) for name in opened.lengths}
            # a date, the first line of the signature, a version: nothing that anybody plays
            held.pop("pack.json.minisig")
            assert held == {k: v for k, v in FILES.items() if k != "pack.json.minisig"}


@given(st.integers(0, len(PLAIN)), st.integers(0, 400))
def test_a_pack_with_a_piece_cut_out_is_never_genuine(place: int, length: int) -> None:
    from tempfile import TemporaryDirectory

    data = PLAIN[:place] + PLAIN[place + length + 1 :]
    if len(data) == len(PLAIN) or data[:2] != b"PK":
        return
    with TemporaryDirectory() as folder:
        assert verdict_of(data, Path(folder)) is not Verdict.GENUINE


def test_too_many_members_are_refused_before_they_are_read(tmp_path: Path) -> None:
    many = zipped({f"{number}": b"" for number in range(12_001)})
    assert verdict_of(many, tmp_path) is Verdict.UNSAFE


# Folders and sticks


@pytest.mark.parametrize(
    "make",
    [
        lambda place: place.symlink_to("/etc/passwd"),
        lambda place: place.symlink_to(place.parent, target_is_directory=True),
        lambda place: place.symlink_to("nowhere"),
        os.mkfifo,
    ],
)
def test_a_link_or_a_pipe_refuses_the_whole_folder(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = laid_out(FILES, tmp_path / "stick")
    make(folder / "01_ES" / "x.mp3")
    found = judged(folder)
    assert (found.verdict, found.faults[0].where) == (Verdict.UNSAFE, "01_ES/x.mp3")


def test_a_signed_file_that_is_a_link_to_the_right_bytes_is_refused(tmp_path: Path) -> None:
    folder = laid_out(FILES, tmp_path / "stick")
    sound = folder / "01_ES/001_asilo.mp3"
    sound.rename(tmp_path / "elsewhere.mp3")
    sound.symlink_to(tmp_path / "elsewhere.mp3")
    assert judged(folder).verdict is Verdict.UNSAFE


def test_a_stick_that_is_pulled_out_while_it_is_read_is_named(tmp_path: Path) -> None:
    folder = laid_out(FILES, tmp_path / "stick")
    with open_pack(folder) as opened:
        (folder / "01_ES/001_asilo.mp3").unlink()
        with pytest.raises(RefusedPackError, match="vanished"):
            opened.digest("01_ES/001_asilo.mp3")
        (folder / "02_EN/001_asylum.mp3").write_bytes(b"other")
        with pytest.raises(RefusedPackError, match="while it was read"):
            opened.digest("02_EN/001_asylum.mp3")


def test_what_computers_leave_on_sticks_is_passed_over_and_sound_there_is_not(
    tmp_path: Path,
) -> None:
    folder = laid_out(
        {
            **FILES,
            "System Volume Information/WPSettings.dat": b"\x0c",
            ".DS_Store": b"x",
            "01_ES/._001_asilo.mp3": b"\x00\x05\x16\x07 resource",
            ".Trashes/501/note.txt": b"x",
        },
        tmp_path / "stick",
    )
    found = judged(folder)
    assert found.verdict is Verdict.GENUINE
    assert len(found.litter) == 4
    laid_out({".Trash-1000/files/old.mp3": b"ID3"}, folder)
    assert judged(folder).verdict is Verdict.ALTERED
    laid_out({"01_ES/._002.mp3": b"ID3"}, laid_out(FILES, tmp_path / "two"))
    assert judged(tmp_path / "two").verdict is Verdict.MIXED


def test_what_is_no_pack_is_said_without_a_verdict(tmp_path: Path) -> None:
    (tmp_path / "song.mp3").write_bytes(b"ID3")
    for path in (tmp_path / "nothing.zip", tmp_path / "song.mp3", tmp_path, Path("/dev/null")):
        with pytest.raises(ProductionError) as caught:
            judged(path)
        assert caught.value.remedy
    os.mkfifo(tmp_path / "pipe.zip")
    with pytest.raises(ProductionError, match="neither"):
        judged(tmp_path / "pipe.zip")


def test_a_pack_from_before_signing_is_unsigned(tmp_path: Path) -> None:
    files = {"99_INFO/pack.json": b"{}", "01_ES/001_a.mp3": b"x"}
    assert verdict_of(zipped(files), tmp_path) is Verdict.UNSIGNED


def test_checking_a_crc_is_not_trusting_it(tmp_path: Path) -> None:
    # the same CRC-32 for other bytes: only the digest tells
    data = bytearray(FILES["01_ES/001_asilo.mp3"])
    wanted = zlib.crc32(bytes(data))
    data[10] ^= 1
    patch = _forge_crc(bytes(data[:-4]), wanted)
    files = {**FILES, "01_ES/001_asilo.mp3": bytes(data[:-4]) + patch}
    assert zlib.crc32(files["01_ES/001_asilo.mp3"]) == wanted
    assert verdict_of(zipped(files), tmp_path) is Verdict.ALTERED


def _forge_crc(head: bytes, wanted: int) -> bytes:
    """Give four bytes behind which the CRC-32 is the wanted one."""
    table = [0] * 256
    for number in range(256):
        value = number
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
        table[number] = value
    tops = {value >> 24: number for number, value in enumerate(table)}
    state = wanted ^ 0xFFFFFFFF
    indices = []
    for _ in range(4):
        index = tops[state >> 24]
        indices.append(index)
        state = ((state ^ table[index]) << 8) & 0xFFFFFFFF
    state = zlib.crc32(head) ^ 0xFFFFFFFF
    out = []
    for index in reversed(indices):
        out.append((state ^ index) & 0xFF)
        state = (state >> 8) ^ table[index]
    return bytes(out)
