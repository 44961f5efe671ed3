"""Compiled code is taken again for what it was compiled of, and for nothing else."""

from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType

import pytest

from programme import kept_code as module
from programme.kept_code import kept_code


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a place beside which may be written."""
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    return tmp_path / "page.html"


def said(page: Path, text: str, *, made: list[str], about: bytes = b"") -> str:
    def make() -> CodeType:
        made.append(text)
        return compile(f"said = {text!r}", "page", "exec")

    space: dict[str, str] = {}
    exec(kept_code(page, follows_from=about + text.encode(), make=make), space)  # noqa: S102
    return space["said"]


def test_code_is_compiled_once_for_the_same_source(page: Path) -> None:
    made: list[str] = []
    assert [said(page, "agua", made=made) for _ in range(3)] == ["agua"] * 3
    assert made == ["agua"]


def test_another_source_or_another_compiler_compiles_anew(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    assert said(page, "one", made=made) == "one"
    assert said(page, "two", made=made) == "two"
    said(page, "two", made=made, about=b"other options")
    monkeypatch.setattr(module, "MAGIC_NUMBER", b"another Python")
    said(page, "two", made=made, about=b"other options")
    assert made == ["one", "two", "two", "two"]


def test_code_that_was_damaged_is_compiled_anew_and_never_run(page: Path) -> None:
    made: list[str] = []
    said(page, "agua", made=made)
    kept = Path(cache_from_source(str(page.with_suffix(".py")))).with_suffix(".kept")
    data = bytearray(kept.read_bytes())
    data[-9] ^= 1
    kept.write_bytes(bytes(data))
    assert said(page, "agua", made=made) == "agua"
    assert made == ["agua", "agua"]


def test_where_python_keeps_nothing_nothing_is_kept(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    made: list[str] = []
    for _ in range(2):
        said(page, "agua", made=made)
    assert made == ["agua", "agua"]
    assert not list(page.parent.iterdir())
