"""A workspace of one's own: made by `init`, without faults, and building at once."""

import json
import shutil
from pathlib import Path

import pytest

from production.keys.signing import NOT_SIGNED
from programme.errors import ExitCode
from tests.production.running import copy_of, run_here, run_process, tree


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of one's own as `init` makes it; never change it."""
    folder = tmp_path_factory.mktemp("init") / "radio-tapachula"
    done = run_process("init", folder, cwd=folder.parent)
    assert done.code == 0, done.err
    assert done.out == f"cd {folder}\naltavoz check\naltavoz build\n"
    return folder


def test_init_makes_a_workspace_without_faults(
    begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checked = run_here("check", "-w", begun, capture=capsys)
    assert (checked.code, checked.err) == (0, "")
    assert checked.out.startswith("0 errors, 0 warnings")
    toml = (begun / "altavoz.toml").read_text(encoding="utf-8")
    assert 'id = "radio-tapachula"' in toml
    assert "Radio tapachula" in toml
    assert "my-radio" not in toml
    for path in begun.rglob("*"):
        if path.suffix in {".toml", ".yml"}:
            assert "#" in path.read_text(encoding="utf-8"), f"{path} says nothing on what to change"


def test_what_init_made_builds_in_two_languages(
    begun: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_of(begun, tmp_path / "radio-tapachula")
    planned = json.loads(run_here("build", "--dry-run", "--json", "-w", root, capture=capsys).out)
    editions = [row["step"] for row in planned if row["step"].startswith("edition")]
    assert {step.split()[3] for step in editions} == {"es-419", "en"}
    # One segment instead of all, and the feed without the packs: the whole takes a minute.
    shutil.rmtree(root / "stations")
    (episode,) = (root / "episodes").glob("*.yml")
    text = episode.read_text(encoding="utf-8")
    head, _, rundown = text.partition("rundown:")
    slots = rundown.split("\n  - ")
    kept = [slot for slot in slots if slot.startswith(("segment: agua", "segment: aviso"))]
    assert len(kept) == 2
    episode.write_text("\n  - ".join([f"{head}rundown:", *kept]) + "\n", encoding="utf-8")
    done = run_here("build", "-j1", "-w", root, capture=capsys)
    assert (done.code, done.err) == (0, ""), done.said
    assert "Ready: 2 editions." in done.out
    assert len(list((root / "build").rglob("*.mp3"))) == 2


@pytest.mark.slow
def test_the_whole_of_what_init_made_builds_and_packs_and_publishes(
    begun: Path, tmp_path: Path
) -> None:
    root = copy_of(begun, tmp_path / "radio-tapachula")
    for command, told in (("build", ""), ("pack", f"{NOT_SIGNED}\n"), ("publish", "")):
        done = run_process(command, cwd=root)
        assert (done.code, done.err) == (0, told)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("My Radio", "cannot be the id of a network"),
        ("con", "cannot be the id of a network"),
        ("ra.dio", "no dots or slashes"),
        ("-radio", "No such option"),
        ("full", "this folder is not empty"),
        ("file", "this folder is not empty"),
    ],
)
def test_init_refuses_bad_names_and_folders_that_hold_something(
    name: str,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    before = tree(tmp_path)
    done = run_here("init", name, capture=capsys)
    assert done.code == (ExitCode.USAGE if name.startswith("-") else ExitCode.INPUT)
    assert done.out == ""
    assert words in done.err
    assert tree(tmp_path) == before


def test_init_into_an_empty_folder_and_where_it_may_not_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert run_here("init", tmp_path / "empty", capture=capsys).code == 0
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = run_here("init", tmp_path / "file/radio", capture=capsys)
    assert done.code in {ExitCode.INPUT, ExitCode.STORAGE}
    assert done.err.startswith("Error: ")
