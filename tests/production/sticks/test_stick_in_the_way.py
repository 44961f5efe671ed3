"""What stands in a pack's way on a stick: links, folders, and what an interruption left."""

from contextlib import suppress
from pathlib import Path

import pytest

from production.sticks.listing import MARK, PART, SCRATCH
from programme.errors import ProductionError
from tests.production.sticks.test_stick import bytes_of, copy, held, members


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "STICK"
    path.mkdir()
    return path


@pytest.mark.parametrize("replacing", [False, True])
def test_a_link_in_the_place_of_our_own_folder_is_never_written_through(
    folder: Path, tmp_path: Path, replacing: bool
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / SCRATCH).symlink_to(outside)
    if replacing:
        copy(members(), folder, replace=True)
        assert held(folder) == bytes_of(members())
    else:
        with pytest.raises(ProductionError, match=SCRATCH):
            copy(members(), folder)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("replacing", [False, True])
@pytest.mark.parametrize("path", ["02_AR/001_a.mp3", "README.TXT", MARK, PART])
def test_a_folder_where_a_file_goes_is_named_before_anything_is_changed(
    folder: Path, path: str, replacing: bool
) -> None:
    copy(members(serial=1), folder)
    (folder / path).unlink(missing_ok=True)
    (folder / path).mkdir(parents=True)
    before = held(folder)
    with pytest.raises(ProductionError, match="folders stand where the pack has something else"):
        copy(members(serial=2, tracks=("001_a", "003_c")), folder, replace=replacing)
    assert held(folder) == before


def test_a_folder_that_a_disk_takes_for_one_of_the_packs_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "01_es").mkdir()
    real = Path.exists

    def ignoring_case(path: Path, **how: bool) -> bool:
        return real(path, **how) or real(path.with_name(path.name.lower()), **how)

    monkeypatch.setattr(Path, "exists", ignoring_case)
    with pytest.raises(ProductionError, match="01_es"):
        copy(members(), folder, replace=True)


@pytest.mark.parametrize("name", ["unlink", "replace", "mkdir", "rmdir"])
def test_no_message_of_an_earlier_pack_outlives_an_interruption(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = members(serial=2, tracks=("001_x", "002_y"))
    real = getattr(Path, name)
    for stop_at in range(1, 100):
        copy(members(serial=1), folder)
        count = 0

        def stopping(path: Path, *words: object, stop_at: int = stop_at, **how: object) -> object:
            nonlocal count
            count += 1
            if count >= stop_at:
                raise KeyboardInterrupt
            return real(path, *words, **how)

        for _ in range(2):
            # Interrupted once, and again while it goes on.
            count = 0
            with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
                patch.setattr(Path, name, stopping)
                copy(new, folder)
        copy(new, folder)
        assert held(folder) == bytes_of(new), stop_at
        if count < stop_at:
            assert stop_at > 1
            return
    pytest.fail("it never came to its end")
