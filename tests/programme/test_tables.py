"""What was made of a table is taken for as long as its bytes are the same, and never otherwise."""

import tomllib
from collections.abc import Callable
from importlib import resources
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from programme.tables import read_toml

TEXT = 'word = "agua"\n[years]\nfirst = 1970\nlist = ["a", "ü"]\nyes = true\nmuch = 0.1\n'
VALUES = {
    "word": "agua",
    "years": {"first": 1970, "list": ["a", "ü"], "yes": True, "much": 0.1},
}


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a table beside which may be written, and make tomllib tell when it is called."""
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    path = tmp_path / "words.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the list of the texts that are really parsed."""
    texts: list[str] = []
    real = tomllib.loads

    def noting(text: str) -> dict[str, object]:
        texts.append(text)
        return real(text)

    monkeypatch.setattr(tomllib, "loads", noting)
    return texts


def kept(table: Path) -> Path:
    """Give the file beside the table, where Python would keep a module of that name."""
    return Path(cache_from_source(str(table.with_suffix(".py")))).with_suffix(".kept")


def test_a_table_is_parsed_once_and_gives_the_same_again(table: Path, parsed: list[str]) -> None:
    assert read_toml(table) == VALUES
    assert kept(table).exists()
    assert read_toml(table) == VALUES
    assert len(parsed) == 1


def test_every_table_of_the_program_is_kept_as_tomllib_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path))
    folders = [Path(str(resources.files(name))) for name in ("programme", "scripts")]
    tables = [path for folder in folders for path in sorted(folder.rglob("*.toml"))]
    assert len(tables) > 30
    for path in tables:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        assert read_toml(path) == values
        assert read_toml(path) == values
    assert len([*tmp_path.rglob("*.kept")]) == len(tables)


def test_a_table_that_changed_is_parsed_anew(table: Path, parsed: list[str]) -> None:
    read_toml(table)
    table.write_text(TEXT.replace("agua", "agüe"), encoding="utf-8")
    assert read_toml(table)["word"] == "agüe"
    table.write_text(TEXT, encoding="utf-8")
    assert read_toml(table) == VALUES
    assert len(parsed) == 3


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"agua", b"vino"),
        lambda data: data.partition(b"\n")[2],
        lambda _: b"\xff\x00\n" * 50,
    ],
    ids=["empty", "half", "a word", "no head", "not text"],
)
def test_what_is_damaged_is_made_again(
    table: Path, parsed: list[str], damage: Callable[[bytes], bytes]
) -> None:
    read_toml(table)
    whole = kept(table).read_bytes()
    kept(table).write_bytes(damage(whole))
    assert read_toml(table) == VALUES
    assert len(parsed) == 2
    assert kept(table).read_bytes() == whole


def test_nothing_is_written_where_python_keeps_nothing(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert read_toml(table) == VALUES
    assert [path.name for path in table.parent.iterdir()] == ["words.toml"]


def test_a_place_that_cannot_be_written_costs_time_only(table: Path, parsed: list[str]) -> None:
    (table.parent / "__pycache__").write_text("in the way")
    assert read_toml(table) == VALUES
    assert read_toml(table) == VALUES
    assert len(parsed) == 2


def test_no_half_written_file_is_left_where_the_last_step_fails(table: Path) -> None:
    kept(table).mkdir(parents=True)  # a folder cannot be replaced by a file
    assert read_toml(table) == VALUES
    assert [path.name for path in kept(table).parent.iterdir()] == [kept(table).name]
