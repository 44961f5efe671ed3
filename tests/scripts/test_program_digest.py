"""What findings follow from of the program itself: whatever an author changes shows."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import scripts.program_digest
from scripts.program_digest import program_digest

Change = Callable[[Path], object]


def package(folder: Path, name: str) -> ModuleType:
    module = ModuleType(name)
    module.__path__ = [str(folder / name)]
    return module


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("programme", "scripts"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rules.py").write_bytes(b"A = 1\n")
        monkeypatch.setattr(scripts.program_digest, name, package(tmp_path, name))
    table = tmp_path / "scripts/data/plain/es.toml"
    table.parent.mkdir(parents=True)
    table.write_bytes(b"x" * 70_000)
    return tmp_path


def digest() -> str:
    return program_digest.__wrapped__()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda p: (p / "scripts/rules.py").write_bytes(b"A = 2\n"), id="a source"),
        pytest.param(lambda p: (p / "programme/rules.py").write_bytes(b"A=1\n"), id="another"),
        pytest.param(
            lambda p: (p / "scripts/data/plain/es.toml").write_bytes(b"x" * 69_999 + b"y"),
            id="the last byte of a long table",
        ),
        pytest.param(lambda p: (p / "scripts/data/new.csv").write_bytes(b""), id="one more"),
        pytest.param(lambda p: (p / "scripts/rules.py").unlink(), id="one less"),
        pytest.param(
            lambda p: (p / "scripts/data/plain/es.toml").rename(p / "scripts/data/plain/fr.toml"),
            id="another name",
        ),
        pytest.param(
            lambda p: (p / "scripts/data/plain/es.toml").rename(p / "scripts/data/es.toml"),
            id="another folder",
        ),
        pytest.param(
            lambda p: (p / "scripts/data/plain").rename(p / "scripts/data/safety"),
            id="another name of its folder",
        ),
    ],
)
def test_whatever_changes_in_the_program_changes_its_digest(program: Path, change: Change) -> None:
    before = digest()
    assert before == digest()
    change(program)
    assert digest() != before


def test_what_python_keeps_of_the_program_changes_nothing(program: Path) -> None:
    before = digest()
    kept = program / "scripts/__pycache__"
    kept.mkdir()
    (kept / "rules.cpython-311.pyc").write_bytes(b"compiled")
    (program / "scripts/rules.py~").write_bytes(b"an editor's copy")
    assert digest() == before


def test_a_program_that_lies_in_no_folder_has_no_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("programme", "scripts"):
        monkeypatch.setattr(scripts.program_digest, name, package(tmp_path / "a.zip", name))
    assert digest() == ""
