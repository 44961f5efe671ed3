"""What tests take as known of the small workspace's sound is what making it gives."""

from pathlib import Path

import pytest

from tests.production.running import TINY, build, built_once, edit, known_sound, ran, tree
from tests.production.small import write_small


def test_known_sound_has_the_bytes_of_sound_that_is_made(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    root = known_sound(write_small(tmp_path / "tiny", TINY), tmp_path_factory)
    assert ran(build(root)) == (0, 0, 0)
    assert tree(root / "build") == tree(built_once(tmp_path_factory, "tiny", TINY) / "build")


def test_words_that_are_not_known_are_spoken(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    root = known_sound(write_small(tmp_path / "tiny", TINY), tmp_path_factory)
    edit(root / "scripts/agua/es-419.md", "Beba poco a poco", "Beba despacio")
    assert ran(build(root)) == (1, 1, 1)
