"""A stick: what was foreign stays, what is right stays, and what is copied is read back."""

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from production.sticks import planning as stick
from production.sticks import writing as stick_writing
from production.sticks.disk import Mount, StickDisk, look_at_disk, mount_of, parse_mounts
from production.sticks.listing import MARK, PART, SCRATCH
from production.sticks.planning import StickPlan, plan_stick
from production.sticks.report import plain_plan, plan_lines, report_lines
from production.sticks.writing import StickReport, write_stick
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from stations import bag
from stations.pack_members import Member
from stations.pack_plan import PackFile

DAY = date(2026, 11, 22)
Maker = Callable[..., tuple[Member, ...]]


def member(path: str, data: bytes) -> Member:
    file = PackFile(path=path, length_bytes=len(data), digest=digest_bytes(data))
    return Member(file=file, source=data)


def members(*, serial: int = 1, tracks: tuple[str, ...] = ("001_a", "002_b")) -> tuple[Member, ...]:
    """Give a pack of two languages; the papers change with the serial, a track with its name."""
    found = [
        member(f"{folder}/{name}.mp3", f"{folder} {name} ".encode() * 400)
        for folder in ("01_ES", "02_AR")
        for name in tracks
    ]
    found.append(member("README.txt", f"pack {serial}".encode()))
    found.append(member("data/script_es.txt", b"words"))
    listed = [{"path": one.path, "sha256": one.file.digest} for one in found]
    manifest = {"format": "altavoz-pack/2", "serial": serial, "files": listed}
    found.append(member("pack.json", json.dumps(manifest).encode()))
    found.append(member("SHA256SUMS", bag.render_checksums(one.file for one in found)))
    found.append(member(bag.TAG_MANIFEST, bag.render_tag_manifest(one.file for one in found)))
    return tuple(found)


def copy(pack: tuple[Member, ...], folder: Path, *, replace: bool = False) -> StickReport:
    return write_stick(plan_stick(pack, folder, replace=replace), issued=DAY)


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def bytes_of(pack: tuple[Member, ...]) -> dict[str, bytes]:
    return {one.path: one.source for one in pack if isinstance(one.source, bytes)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "STICK"
    path.mkdir()
    return path


@pytest.fixture
def fat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk count as one that keeps the order of copying."""

    def look(folder: Path) -> StickDisk:
        return replace(look_at_disk(folder), kind="vfat")

    monkeypatch.setattr(stick, "look_at_disk", look)


def test_an_empty_stick_holds_exactly_the_pack_afterwards(folder: Path) -> None:
    pack = members()
    report = copy(pack, folder)
    assert held(folder) == bytes_of(pack)
    assert not (folder / SCRATCH).exists()
    assert (report.written, report.kept, report.removed) == (len(pack), 0, 0)
    assert report.read_back_bytes == sum(one.file.length_bytes for one in pack)
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()
    assert {path.stat().st_mtime for path in folder.rglob("*") if path.is_file()} == {noon}
    assert noon % 2 == 0


def test_a_second_run_finds_nothing_to_do(folder: Path) -> None:
    copy(members(), folder)
    plan = plan_stick(members(), folder, replace=False)
    assert plan.is_done
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    report = write_stick(plan, issued=date(2026, 12, 1))
    assert report.written == 0
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_new_pack_takes_the_place_of_the_old_one_and_of_nothing_else(folder: Path) -> None:
    copy(members(tracks=("001_a", "002_b", "003_c")), folder)
    (folder / "photos").mkdir()
    (folder / "photos" / "one.jpg").write_bytes(b"mine")
    (folder / "notes.txt").write_bytes(b"mine, too")
    new = members(serial=2)
    report = copy(new, folder)
    mine = {"photos/one.jpg": b"mine", "notes.txt": b"mine, too"}
    assert held(folder) == bytes_of(new) | mine
    # Both third tracks, and the papers that say another number.
    assert report.removed == 6


def test_a_pack_of_the_layout_before_is_recognised_by_its_own_list(folder: Path) -> None:
    track = b"old sound"
    manifest = json.dumps(
        {
            "format": "altavoz-pack/1",
            "files": [{"path": "03_HT/001_x.mp3", "sha256": digest_bytes(track)}],
        }
    ).encode()
    for path, data in {
        "03_HT/001_x.mp3": track,
        "99_INFO/pack.json": manifest,
        "99_INFO/SHA256SUMS": f"{digest_bytes(manifest)}  99_INFO/pack.json\n".encode(),
    }.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    copy(members(), folder)
    assert held(folder) == bytes_of(members())
    assert not (folder / "99_INFO").exists()
    assert not (folder / "03_HT").exists()


@pytest.mark.parametrize("path", ["01_ES/001_a.mp3", "README.txt", "01_es/001_A.MP3", "01_ES"])
def test_something_foreign_in_the_packs_place_is_refused_and_kept(folder: Path, path: str) -> None:
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_bytes(b"somebody's")
    with pytest.raises(ProductionError, match="not of a pack of ours") as caught:
        plan_stick(members(), folder, replace=False)
    assert path in caught.value.problem
    assert "--replace" in caught.value.remedy
    assert held(folder) == {path: b"somebody's"}
    copy(members(), folder, replace=True)
    assert held(folder) == bytes_of(members())


def test_a_file_of_an_earlier_pack_that_somebody_changed_is_foreign(folder: Path) -> None:
    copy(members(tracks=("001_a", "002_b", "003_c")), folder)
    (folder / "01_ES/003_c.mp3").write_bytes(b"my own recording")
    report = plan_stick(members(serial=2), folder, replace=False)
    assert "01_ES/003_c.mp3" not in report.removed
    assert any("between" in note and "01_ES/003_c.mp3" in note for note in report.notes)


def test_the_list_on_a_stick_cannot_delete_what_it_does_not_name_by_its_bytes(
    folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"precious")
    (folder / "mine.txt").write_bytes(b"precious")
    (folder / "link").symlink_to(outside)
    evil = [
        {"path": "../outside.txt", "sha256": digest_bytes(b"precious")},
        {"path": str(outside), "sha256": digest_bytes(b"precious")},
        {"path": "link", "sha256": digest_bytes(b"precious")},
        {"path": "mine.txt", "sha256": digest_bytes(b"guessed")},
        {"path": 7, "sha256": None},
        "no object",
    ]
    manifest = {"format": "altavoz-pack/2", "files": evil}
    (folder / "pack.json").write_text(json.dumps(manifest), encoding="utf-8")
    copy(members(), folder)
    assert outside.read_bytes() == b"precious"
    assert (folder / "mine.txt").read_bytes() == b"precious"
    assert (folder / "link").is_symlink()


def test_a_link_in_the_place_of_a_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "01_ES").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ProductionError, match="not of a pack of ours"):
        plan_stick(members(), folder, replace=False)
    copy(members(), folder, replace=True)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_no_link_on_a_stick_leads_a_write_astray(folder: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_bytes(b"precious")
    (folder / SCRATCH).mkdir()
    for name in (MARK, PART):
        (folder / name).symlink_to(precious)
    copy(members(), folder)
    assert precious.read_bytes() == b"precious"
    assert held(folder) == bytes_of(members())
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / SCRATCH).symlink_to(outside)
    with pytest.raises(ProductionError, match="not of a pack of ours"):
        plan_stick(members(serial=2), folder, replace=False)


def test_names_that_a_terminal_would_obey_are_shown_harmless(folder: Path) -> None:
    name = "\x1b]0;evil\x07.mp3"
    (folder / name).write_bytes(b"la")
    (folder / os.fsdecode(b"\xff.mp3")).write_bytes(b"la")
    plan = plan_stick(members(), folder, replace=True)
    text = "\n".join((*plan_lines(plan), json.dumps(plain_plan(plan), ensure_ascii=False)))
    assert "\x1b" not in text
    assert text.encode("utf-8")


def test_foreign_sound_is_told(folder: Path) -> None:
    for path in ("01_ES/000_song.mp3", "music/song.ogg", "hit.mp3"):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(b"la la")
    notes = plan_stick(members(), folder, replace=False).notes
    [between] = [note for note in notes if "between" in note]
    assert "01_ES/000_song.mp3" in between
    assert "hit.mp3" in between
    assert any("music/song.ogg" in note for note in notes)
    copy(members(), folder, replace=True)
    assert set(held(folder)) == {one.path for one in members()} | {"music/song.ogg"}


@pytest.mark.usefixtures("fat")
def test_files_that_would_come_out_in_another_order_are_copied_anew(folder: Path) -> None:
    copy(members(tracks=("001_a", "003_c")), folder)
    plan = plan_stick(members(serial=2, tracks=("001_a", "002_b", "003_c")), folder, replace=False)
    listed = [path.name for path in (folder / "01_ES").iterdir()]
    # Where the folder lists 001 first, only appending would put 002 behind 003.
    assert listed
    assert "01_ES/003_c.mp3" not in plan.kept
    assert {path for path in plan.removed if path.startswith("02_AR/")} == {
        "02_AR/001_a.mp3",
        "02_AR/003_c.mp3",
    }


@pytest.mark.parametrize("point", range(1, 60, 3))
def test_a_stick_that_fails_anywhere_can_be_finished_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    old = members(tracks=("001_a", "002_b", "003_c"))
    copy(old, folder)
    (folder / "mine.txt").write_bytes(b"mine")
    new = members(serial=2)
    calls = 0
    real = os.fsync

    def failing(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls >= point:
            raise OSError(errno.EIO, "Input/output error")
        real(handle)

    errors: list[ProductionError] = []
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        try:
            copy(new, folder)
        except ProductionError as error:
            errors.append(error)
    assert bool(errors) == (calls >= point)
    for refusal in errors:
        assert refusal.code is ExitCode.STORAGE
        assert "pulled out" in refusal.problem
        # Whoever finds the stick knows; what is there is never half of a file.
        found = held(folder)
        assert {MARK, PART} & set(found) or found == bytes_of(new) | {"mine.txt": b"mine"}
        if MARK not in found and PART in found:
            assert bytes_of(old).items() <= found.items()
        for path, data in found.items():
            if path.endswith(".mp3"):
                assert data == bytes_of(old)[path]
    copy(new, folder)
    assert held(folder) == bytes_of(new) | {"mine.txt": b"mine"}


def test_what_was_copied_before_an_interruption_is_not_copied_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = stick_writing._copy

    def pulled(folder: Path, one: Member, moment: float) -> None:
        if one.path == "02_AR/002_b.mp3":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(folder, one, moment)

    with monkeypatch.context() as patch:
        patch.setattr(stick_writing, "_copy", pulled)
        with pytest.raises(ProductionError, match="the disk is full") as caught:
            copy(members(), folder)
    assert "not finished" in caught.value.remedy
    assert b"Do not play it yet" in (folder / MARK).read_bytes()
    assert not (folder / "pack.json").exists()
    report = copy(members(), folder)
    assert report.kept == 3
    assert held(folder) == bytes_of(members())


def test_a_stick_without_room_is_refused_before_the_first_byte(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(members(), folder)
    before = held(folder)

    def small(folder: Path) -> StickDisk:
        return replace(look_at_disk(folder), free_bytes=10_000, cluster_bytes=4_096)

    monkeypatch.setattr(stick, "look_at_disk", small)
    big = (*members(serial=2), member("data/big.bin", bytes(200_000)))
    with pytest.raises(
        ProductionError, match=r"needs 0\.\d MB, and the stick has 0\.0 MB"
    ) as caught:
        plan_stick(big, folder, replace=False)
    assert caught.value.code is ExitCode.STORAGE
    assert held(folder) == before
    # What the old pack takes counts as free, since it goes first.
    assert plan_stick(members(serial=2), folder, replace=False).written


def test_a_stick_that_gives_back_other_bytes_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = stick_writing._sync_folders

    def worn(plan: StickPlan) -> None:
        real(plan)
        # Beyond its true size such a stick writes over what it took first.
        (plan.folder / "01_ES/001_a.mp3").write_bytes(b"\xff" * 4_000)

    with monkeypatch.context() as patch:
        patch.setattr(stick_writing, "_sync_folders", worn)
        with pytest.raises(ProductionError, match="gives back other bytes") as caught:
            copy(members(), folder)
    assert "01_ES/001_a.mp3" in caught.value.problem
    assert (folder / MARK).exists()
    # On a good stick the next run puts it right: the damaged file is ours by our own mark.
    copy(members(), folder)
    assert held(folder) == bytes_of(members())


def test_a_workspace_a_file_and_nothing_are_no_sticks(folder: Path) -> None:
    with pytest.raises(ProductionError, match="no such folder"):
        plan_stick(members(), folder / "gone", replace=False)
    (folder / "file").write_bytes(b"")
    with pytest.raises(ProductionError, match="no folder"):
        plan_stick(members(), folder / "file", replace=False)
    (folder / "altavoz.toml").write_bytes(b"")
    with pytest.raises(ProductionError, match="a workspace"):
        plan_stick(members(), folder, replace=False)


def test_the_file_system_is_named_by_the_nearest_mount() -> None:
    # Of a computer with a stick, as Linux writes it; the stick's name has a space.
    mounts = parse_mounts(
        "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
        "60 27 8:17 / /media/me/MY\\040STICK rw,nosuid shared:2 - vfat /dev/sdb1 rw,uid=1000\n"
        "61 27 8:33 / /media/me/CARD rw shared:3 master:1 - exfat /dev/sdc1 rw\n"
    )
    assert mounts[1] == Mount(point="/media/me/MY STICK", kind="vfat")
    for folder, kind in {
        "/media/me/MY STICK": "vfat",
        "/media/me/MY STICK/pack": "vfat",
        "/media/me/CARD": "exfat",
        "/media/me": "ext4",
        "/media/me/MY STICKER": "ext4",
    }.items():
        found = mount_of(Path(folder), mounts)
        assert found is not None
        assert found.kind == kind


def test_what_would_be_done_and_what_was_done_is_said(folder: Path) -> None:
    plan = plan_stick(members(), folder, replace=False)
    lines = plan_lines(plan)
    assert "copy 01_ES/001_a.mp3" in lines
    assert any("not FAT32 or exFAT" in line or "does not say" in line for line in lines)
    assert held(folder) == {}
    json.dumps(plain_plan(plan))
    said = report_lines(plan, write_stick(plan, issued=DAY))
    assert any("9 files copied" in line for line in said)
    assert "Eject the stick before you pull it out." in said
