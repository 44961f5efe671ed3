"""Two packs that follow each other, by hand, and the update between them, for tests."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from programme.digests import digest_bytes
from stations.delta_making import DeltaReport, make_delta
from stations.minisign import SecretKey
from stations.pack_members import Member
from stations.pack_plan import PackFile
from stations.pack_zip import write_members
from stations.page_sound import sound_blocks
from tests.stations.signed_packs import KEY, pack_files
from tests.stations.test_vcdiff import sound

ISSUED = date(2026, 11, 22)
TAG = b"ID3\x03\x00\x00\x00\x00\x00\x06titles"
"""Sixteen bytes before the sound, so that the base64 of all of a file is other than the page's."""
OLD_SOUND = {
    "01_ES/001_asilo.mp3": sound(100, seed=1) + sound(70, seed=2),
    "01_ES/002_agua.mp3": sound(50, seed=3),
    "02_EN/001_asylum.mp3": sound(40, seed=4),
}
NEW_SOUND = {
    "01_ES/001_asilo.mp3": sound(100, seed=1) + sound(40, seed=5),
    "01_ES/002_refugio.mp3": TAG + sound(30, seed=6),
    "01_ES/003_agua.mp3": OLD_SOUND["01_ES/002_agua.mp3"],
    "02_EN/001_asylum.mp3": OLD_SOUND["02_EN/001_asylum.mp3"],
}

Files = Mapping[str, bytes]


def files_of(number: int, *, signer: SecretKey | None = KEY, **about: object) -> dict[str, bytes]:
    sounds = OLD_SOUND if number == 41 else NEW_SOUND
    items = [{"path": path, "episode": path} for path in sounds]
    page = page_of(number, sounds)
    return pack_files(signer=signer, sound=sounds, page=page, serial=number, items=items, **about)


def page_of(number: int, sounds: Mapping[str, bytes]) -> bytes:
    """Give a page that holds all sound, the tags apart."""
    lines = [f"<!doctype html> {number}"]
    for path, data in sounds.items():
        lines += [path, *sound_blocks(data)]
    return ("\n".join(lines) + "\n").encode("ascii")


def write_zip(path: Path, files: Files) -> Path:
    members = [
        Member(
            file=PackFile(path=name, length_bytes=len(data), digest=digest_bytes(data)), source=data
        )
        for name, data in files.items()
    ]
    with path.open("wb") as out:
        write_members(members, ISSUED, out)
    return path


def write_folder(path: Path, files: Files) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def read_folder(path: Path) -> dict[str, bytes]:
    return {
        one.relative_to(path).as_posix(): one.read_bytes()
        for one in path.rglob("*")
        if one.is_file()
    }


def made_in(folder: Path, *, signer: SecretKey | None = KEY) -> DeltaReport:
    """Make the update from 41 to 42 in a folder that holds both ZIPs."""
    folder.mkdir(exist_ok=True)
    scratch = folder / "scratch"
    scratch.mkdir()
    old = write_zip(folder / "old.zip", files_of(41, signer=signer))
    new = write_zip(folder / "new.zip", files_of(42, signer=signer))
    return make_delta(old, new, folder, signer=signer, scratch=scratch)
