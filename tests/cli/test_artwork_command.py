"""altavoz artwork: the list of pictures, and one of them as a file."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from production.artwork.looks import look_of
from programme.errors import ExitCode
from tests.production.pictures import pixels, small_png
from tests.production.running import Done, edit, run_here
from tests.production.small import write_small

Run = Callable[..., Done]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_small(tmp_path / "workspace")


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def running(*arguments: str | Path) -> Done:
        words = map(str, arguments)
        return run_here("artwork", "-w", str(root), *words, capture=capsys)

    return running


def test_every_feed_is_listed_and_nothing_is_drawn(root: Path, run: Run) -> None:
    rows = json.loads(run("--json").out)["artwork"]
    look = look_of("corta")
    assert {(row["id"], row["language"], row["look"]) for row in rows} == {
        ("corta", tag, f"{look.shape} on {look.pattern}") for tag in ("es-419", "en", "ht")
    }
    assert not (root / ".altavoz" / "store").exists()
    shown = run().out
    assert shown.count("drawn:") == len(rows)


def test_one_picture_is_written(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "cover.png"
    done = run("corta", "--lang", "en", "-o", out)
    assert done.out == f"{out}\n"
    assert pixels(out.read_bytes()).shape == (3000, 3000, 3)
    said = json.loads(run("corta", "--lang", "en", "-o", out, "--json").out)
    assert said["length_bytes"] == out.stat().st_size
    assert said["key"].startswith("m/corta-en-")


def test_the_networks_picture_and_the_wide_one_are_written(run: Run, tmp_path: Path) -> None:
    run("small", "-o", tmp_path / "network.png")
    run("corta", "--card", "-o", tmp_path / "card.png")
    assert pixels((tmp_path / "network.png").read_bytes()).shape == (3000, 3000, 3)
    assert pixels((tmp_path / "card.png").read_bytes()).shape == (630, 1200, 3)


def test_a_given_picture_is_named_and_written_as_it_is(
    root: Path, run: Run, tmp_path: Path
) -> None:
    (root / "artwork").mkdir()
    (root / "artwork" / "a.png").write_bytes(small_png("#246"))
    edit(root / "series/corta.yml", "languages:", "artwork: artwork/a.png\nlanguages:")
    rows = json.loads(run("--json").out)["artwork"]
    assert {row["given"] for row in rows} == {"artwork/a.png"}
    run("corta", "-o", tmp_path / "out.png")
    assert (tmp_path / "out.png").read_bytes() == small_png("#246")


def test_letters_without_a_font_are_told(root: Path, run: Run, tmp_path: Path) -> None:
    text = (root / "series/corta.yml").read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    edit(root / "series/corta.yml", title, 'title: {es-419: "ᱥᱟᱱ", en: "Short", ht: "Kout"}')
    assert "no font for ᱥᱟᱱ" in " ".join(run().out.split())
    done = run("corta", "--lang", "es-419", "-o", tmp_path / "a.png")
    assert "no font for ᱥᱟᱱ" in " ".join(done.err.split())
    assert run("corta", "--lang", "en", "-o", tmp_path / "b.png").err == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nada",), "there is no series nada"),
        (("corta", "--lang", "fr"), "there is no corta in fr"),
        (("small", "--lang", "fr"), "there is no small in fr"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    words: tuple[str, ...], said: str, run: Run
) -> None:
    done = run(*words)
    assert done.code == ExitCode.INPUT
    assert said in done.err
    assert "es-419" in done.err or "corta, " in done.err


def test_options_of_one_picture_need_a_series(run: Run) -> None:
    assert run("--lang", "en").code == ExitCode.USAGE


def test_a_folder_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    done = run("corta", "-o", tmp_path / "gone" / "a.png")
    assert done.code == ExitCode.STORAGE
    assert "the folder is not there" in done.err
