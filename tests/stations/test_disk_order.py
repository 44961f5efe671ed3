"""The order in which a disk lists a pack, held against the order in which the disk itself tells.

That cheap players meet this order on FAT is in tests/production/sticks/test_stick_fat.py.
"""

import os
from pathlib import Path

import pytest

from stations.disk_order import order_faults

FOLDERS = ("01_ES", "02_AR", "03_FR")
FILES = ("001_a.mp3", "002_b.mp3", "003_c.mp3")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    for folder in FOLDERS:
        (tmp_path / folder).mkdir()
        for name in FILES:
            (tmp_path / folder / name).touch()
    return tmp_path


def listed(root: Path) -> dict[str, list[str]]:
    """Give folders and files in the order in which this disk tells of them."""
    return {folder: os.listdir(root / folder) for folder in os.listdir(root)}  # noqa: PTH208


def paths(told: dict[str, list[str]]) -> list[str]:
    return [f"{folder}/{name}" for folder, names in told.items() for name in names]


def test_a_disk_that_lists_all_as_meant_has_no_fault(pack: Path) -> None:
    assert order_faults(pack, paths(listed(pack))) == []


def test_a_folder_that_lists_its_files_otherwise_is_named(pack: Path) -> None:
    told = listed(pack)
    told["02_AR"].reverse()
    assert order_faults(pack, paths(told)) == ["02_AR"]


def test_the_root_comes_first_where_it_lists_the_folders_otherwise(pack: Path) -> None:
    told = listed(pack)
    meant = {folder: told[folder] for folder in reversed(told)}
    meant["03_FR"].reverse()
    assert order_faults(pack, paths(meant)) == ["", "03_FR"]


def test_a_file_that_is_missing_is_a_fault_of_its_folder(pack: Path) -> None:
    told = listed(pack)
    (pack / "01_ES" / "002_b.mp3").unlink()
    assert order_faults(pack, paths(told)) == ["01_ES"]


def test_what_else_lies_there_counts_for_nothing(pack: Path) -> None:
    told = listed(pack)
    (pack / "photograph.jpg").touch()
    (pack / "02_AR" / "other.mp3").touch()
    (pack / "99_HOLIDAY").mkdir()
    assert order_faults(pack, [one for one in paths(told) if not one.endswith("b.mp3")]) == []
