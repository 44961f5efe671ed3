"""A real FAT32 image, mounted through FUSE: what fatsort and fsck.vfat find after our copying."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from production.sticks import planning as stick
from production.sticks.disk import StickDisk, look_at_disk
from tests.production.sticks.test_stick import copy, members


@pytest.mark.slow
@pytest.mark.tools
def test_a_second_pack_on_a_fat_stick_comes_out_in_play_order(
    tmp_path: Path, tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    image, folder = tmp_path / "usb.img", tmp_path / "STICK"
    folder.mkdir()
    subprocess.run(
        [tool("mkfs.vfat"), "-F32", "-C", image, "65536"], check=True, capture_output=True
    )

    def look(folder: Path) -> StickDisk:
        # This FUSE module says neither that it is FAT nor how much room there is.
        return replace(look_at_disk(folder), kind="vfat", free_bytes=60_000_000, cluster_bytes=512)

    monkeypatch.setattr(stick, "look_at_disk", look)
    mounted = subprocess.Popen(
        [tool("fusefat"), "-f", "-o", "rw+", image, folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            if folder.is_mount():
                break
            time.sleep(0.05)
        else:
            pytest.skip("this system lets nobody mount through FUSE")
        copy(members(tracks=("001_alfa-beta", "003_c")), folder)
        new = members(serial=2, tracks=("001_alfa-beta", "002_un-nombre-largo", "003_c"))
        report = copy(new, folder)
        assert report.in_order
    finally:
        subprocess.run([tool("fusermount"), "-u", folder], check=False, capture_output=True)
        mounted.wait(timeout=10)
    listed = subprocess.run(
        [tool("fatsort"), "-l", image], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    sound = [line.lower() for line in listed if line.lower().endswith(".mp3")]
    assert sound == [one.path.rpartition("/")[2] for one in new if one.path.endswith(".mp3")]
    folders = [line for line in listed if line in {"01_ES", "02_AR", "data"}]
    assert folders == ["01_ES", "02_AR", "data"]
    subprocess.run([tool("fsck.vfat"), "-n", image], check=True, capture_output=True)
