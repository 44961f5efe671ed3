"""Putting a folder in another's place: the later one, or after any refusal the earlier one."""

from pathlib import Path

import pytest

from programme.storage import put_folder


def folder_of(path: Path, said: str) -> Path:
    (path / "below").mkdir(parents=True)
    (path / "below" / "text").write_text(said, encoding="utf-8")
    return path


def says(path: Path) -> str:
    return (path / "below" / "text").read_text(encoding="utf-8")


def names(path: Path) -> list[str]:
    return sorted(one.name for one in path.iterdir())


def test_a_folder_takes_the_place_of_another_and_nothing_is_left_beside(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pack", "old")
    (place / "only-old").touch()
    put_folder(folder_of(tmp_path / "new", "new"), place, aside=tmp_path / "old")
    assert says(place) == "new"
    assert names(place) == ["below"]
    assert names(tmp_path) == ["pack"]


def test_a_folder_takes_a_name_that_nothing_has(tmp_path: Path) -> None:
    put_folder(folder_of(tmp_path / "new", "new"), tmp_path / "pack", aside=tmp_path / "old")
    assert says(tmp_path / "pack") == "new"
    assert names(tmp_path) == ["pack"]


def test_what_a_kill_left_aside_goes(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pack", "old")
    aside = folder_of(tmp_path / "old", "older")
    put_folder(folder_of(tmp_path / "new", "new"), place, aside=aside)
    assert says(place) == "new"
    assert names(tmp_path) == ["pack"]


def test_the_earlier_folder_is_back_where_the_later_cannot_take_its_name(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "pack", "old")
    with pytest.raises(FileNotFoundError):
        put_folder(tmp_path / "missing", place, aside=tmp_path / "old")
    assert says(place) == "old"
    assert names(tmp_path) == ["pack"]


def test_the_only_copy_that_a_kill_left_aside_outlives_a_second_failure(tmp_path: Path) -> None:
    aside = folder_of(tmp_path / "old", "old")
    with pytest.raises(FileNotFoundError):
        put_folder(tmp_path / "missing", tmp_path / "pack", aside=aside)
    assert says(tmp_path / "pack") == "old"
