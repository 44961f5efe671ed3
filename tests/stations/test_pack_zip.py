"""A pack as other programs see it: unzip, sha256sum, a FAT image, and a disk that fails."""

import errno
import os
import resource
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from programme.digests import digest_bytes, digest_file
from programme.errors import ExitCode, ProductionError
from programme.stations import StationKind
from stations.pack_members import gather_members
from stations.pack_plan import PACK_VERSION, PackEdition, PackRequest, plan_pack
from stations.pack_zip import write_pack

RequestMaker = Callable[..., PackRequest]
KINDS = [StationKind.RADIO, StationKind.TRANSIT]


def paths(request: PackRequest) -> tuple[str, ...]:
    return tuple(one.path for one in gather_members(request, plan_pack(request)))


def run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8", "MTOOLS_SKIP_CHECK": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_two_builds_of_one_request_have_the_same_bytes(
    request_of: RequestMaker, tmp_path: Path, kind: StationKind
) -> None:
    one = write_pack(request_of(kind), tmp_path / "one.zip")
    two = write_pack(request_of(kind), tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert one == two
    assert one.digest == digest_file(tmp_path / "one.zip")
    assert one.length_bytes == (tmp_path / "one.zip").stat().st_size


def test_a_pack_has_the_bytes_that_its_version_promises(
    request_of: RequestMaker, tmp_path: Path
) -> None:
    # Where this fails, what a station gets has changed: count PACK_VERSION up, note the new
    # digest here, and packs that were made before are made anew. Not of encoded sound, so
    # that it holds on every machine and every supported Python.
    sound = tmp_path / "sound.mp3"
    sound.write_bytes(bytes(range(256)) * 64)
    digest = digest_file(sound)
    request = request_of()
    editions = tuple(
        replace(
            item,
            audio=sound,
            rendition=replace(item.rendition, digest=digest, length_bytes=16_384),
        )
        for item in request.editions
    )
    report = write_pack(replace(request, editions=editions), tmp_path / "pack.zip")
    assert (PACK_VERSION, report.digest[:16]) == (5, "1df3dd6a748bc046")


def test_the_order_of_the_request_changes_nothing(request_of: RequestMaker, tmp_path: Path) -> None:
    request = request_of()
    turned = replace(request, editions=request.editions[::-1])
    assert (
        write_pack(request, tmp_path / "a.zip").digest
        == write_pack(turned, tmp_path / "b.zip").digest
    )


@pytest.mark.tools
@pytest.mark.parametrize("kind", KINDS)
def test_unzip_finds_no_fault_and_lists_the_planned_order(
    request_of: RequestMaker, tmp_path: Path, tool: Callable[[str], str], kind: StationKind
) -> None:
    request, out = request_of(kind), tmp_path / "pack.zip"
    write_pack(request, out)
    unzip = tool("unzip")
    assert "No errors detected" in run(unzip, "-t", out)
    assert tuple(run(unzip, "-Z1", out).splitlines()) == paths(request)


@pytest.mark.tools
@pytest.mark.parametrize("kind", KINDS)
def test_sha256sum_accepts_the_unpacked_folder_and_nothing_altered(
    request_of: RequestMaker, tmp_path: Path, tool: Callable[[str], str], kind: StationKind
) -> None:
    request, out, folder = request_of(kind), tmp_path / "pack.zip", tmp_path / "unpacked"
    report = write_pack(request, out)
    run(tool("unzip"), "-q", out, "-d", folder)
    plan = plan_pack(request)
    said = run(tool("sha256sum"), "--strict", "-c", plan.checksums, cwd=folder).splitlines()
    # Every file but SHA256SUMS itself and the bag's list of it, in the order of the ZIP.
    assert said == [f"{path}: OK" for path in paths(request)[:-2]]
    # The README names this very command.
    assert f"sha256sum -c {plan.checksums}\r\n".encode() in (folder / plan.readme).read_bytes()
    for file in report.files:
        data = (folder / file.path).read_bytes()
        assert (len(data), digest_bytes(data)) == (file.length_bytes, file.digest)
    track = folder / plan.tracks[0].path
    # A file cut at a frame boundary passes every audio checker: 96 bytes are one frame here.
    track.write_bytes(track.read_bytes()[:-96])
    cut = subprocess.run(
        ["sha256sum", "-c", plan.checksums], cwd=folder, check=False, capture_output=True
    )
    assert cut.returncode != 0


@pytest.mark.tools
def test_a_fat_stick_plays_in_the_planned_order(
    request_of: RequestMaker, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    request, out, folder = request_of(), tmp_path / "pack.zip", tmp_path / "unpacked"
    write_pack(request, out)
    run(tool("unzip"), "-q", out, "-d", folder)
    plan, image = plan_pack(request), tmp_path / "usb.img"
    run(tool("mkfs.vfat"), "-F32", "-C", image, "65536")
    for name in dict.fromkeys(path.partition("/")[0] for path in paths(request) if "/" in path):
        run(tool("mmd"), "-i", image, f"::{name}")
    for path in paths(request):
        run(tool("mcopy"), "-i", image, folder / path, f"::{path}")
    run(tool("fsck.vfat"), "-n", image)
    # fatsort lists the physical order, short names in capitals: "/01_ES/" then its entries.
    listed = run(tool("fatsort"), "-l", image)
    found = [line.strip() for line in listed.splitlines()]
    tracks = [line for line in found if line.lower().endswith(".mp3")]
    assert [one.lower() for one in tracks] == [
        track.path.partition("/")[2].lower() for track in plan.tracks
    ]
    # A player that shows 8.3 names still shows the number first, and in order.
    for number, name in enumerate(dict.fromkeys(t.path.partition("/")[0] for t in plan.tracks)):
        assert name.startswith(f"{number + 1:02d}_")
        listing = run(tool("mdir"), "-i", image, f"::{name}")
        aliases = [line[:12] for line in listing.splitlines() if line[9:12] == "MP3"]
        assert [alias[:4] for alias in aliases] == ["001_", "002_"]


def test_members_carry_nothing_of_this_machine(request_of: RequestMaker, tmp_path: Path) -> None:
    write_pack(request_of(), tmp_path / "pack.zip")
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        assert archive.comment == b""
        for info in archive.infolist():
            assert info.date_time == (2026, 11, 22, 0, 0, 0)
            assert info.compress_type == zipfile.ZIP_STORED
            assert (info.extra, info.comment, info.flag_bits) == (b"", b"", 0)
            assert info.external_attr >> 16 == 0o100644
            assert info.create_system == 3


def test_the_report_says_until_when_the_first_item_is_good(
    request_of: RequestMaker, edition_of: Callable[..., PackEdition], tmp_path: Path
) -> None:
    request = request_of()
    soon = edition_of(request.station.languages[1], 3, expires=date(2026, 11, 25))
    report = write_pack(replace(request, editions=(*request.editions, soon)), tmp_path / "pack.zip")
    assert report.valid_until == date(2026, 11, 25)


def test_a_private_station_is_named_nowhere_in_its_pack(
    request_of: RequestMaker, tmp_path: Path
) -> None:
    request = request_of()
    report = write_pack(request, tmp_path / "pack.zip")
    data = (tmp_path / "pack.zip").read_bytes()
    assert b"terminal-norte" not in data
    assert b"Terminal Norte" not in data
    assert report.pack_id.startswith("camino_")
    shown = replace(request, station=replace(request.station, publish_identity=True))
    report = write_pack(shown, tmp_path / "shown.zip")
    assert report.pack_id == "camino_terminal-norte"
    assert b"Terminal Norte" in (tmp_path / "shown.zip").read_bytes()


@pytest.mark.parametrize("change", ["cut", "altered", "longer", "missing"])
def test_audio_that_is_not_what_was_built_is_refused_and_leaves_the_old_pack(
    request_of: RequestMaker, tmp_path: Path, change: str
) -> None:
    request, out = request_of(), tmp_path / "pack.zip"
    out.write_bytes(b"yesterday's pack")
    item = request.editions[3]
    data, broken = item.audio.read_bytes(), tmp_path / "broken.mp3"
    if change != "missing":
        swapped = {"cut": data[:-96], "altered": data[:-1] + b"\0", "longer": data + b"\0"}
        broken.write_bytes(swapped[change])
    editions = (*request.editions[:3], replace(item, audio=broken), *request.editions[4:])
    with pytest.raises(ProductionError) as caught:
        write_pack(replace(request, editions=editions), out)
    assert caught.value.code is ExitCode.INPUT
    assert caught.value.where == str(broken)
    assert out.read_bytes() == b"yesterday's pack"
    assert sorted(tmp_path.iterdir()) == sorted([out] if change == "missing" else [out, broken])


@pytest.fixture
def file_limit() -> Iterator[Callable[[int], None]]:
    """Let no file of this process grow past a length, as a full disk would: write() fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(length_bytes: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (length_bytes, hard))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_ends_anywhere_leaves_nothing_behind(
    request_of: RequestMaker, tmp_path: Path, file_limit: Callable[[int], None]
) -> None:
    request, out = request_of(), tmp_path / "packs" / "pack.zip"
    out.parent.mkdir()
    whole = write_pack(request, tmp_path / "whole.zip").length_bytes
    for length in [*range(0, whole, 9_973), whole - 1]:
        file_limit(length)
        with pytest.raises(ProductionError) as caught:
            write_pack(request, out)
        assert caught.value.code is ExitCode.STORAGE
        assert list(out.parent.iterdir()) == []
    file_limit(whole)
    assert write_pack(request, out).length_bytes == whole


def test_a_disk_that_is_found_full_only_when_flushed_leaves_the_old_pack(
    request_of: RequestMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Network shares and quotas report a full disk at fsync.
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    out = tmp_path / "pack.zip"
    out.write_bytes(b"yesterday's pack")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProductionError, match="the disk is full") as caught:
        write_pack(request_of(), out)
    assert caught.value.code is ExitCode.STORAGE
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"yesterday's pack"]


def test_a_folder_that_is_not_there_is_said_so(request_of: RequestMaker, tmp_path: Path) -> None:
    with pytest.raises(ProductionError, match="the folder is not there"):
        write_pack(request_of(), tmp_path / "gone" / "pack.zip")


def test_memory_stays_flat_while_a_long_file_is_packed(
    request_of: RequestMaker, tmp_path: Path
) -> None:
    request = request_of()
    long = tmp_path / "long.mp3"
    with long.open("wb") as file:
        for _ in range(48):
            file.write(bytes(1 << 20))
    item = request.editions[0]
    rendition = replace(item.rendition, digest=digest_file(long), length_bytes=long.stat().st_size)
    big = replace(request, editions=(replace(item, rendition=rendition, audio=long),))
    write_pack(request, tmp_path / "warm.zip")
    tracemalloc.start()
    write_pack(big, tmp_path / "pack.zip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20
