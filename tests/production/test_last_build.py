"""A build with nothing to do: told at once, and only where nothing at all changed.

A wrong "nothing to do" is a stale message on air, so each kind of thing that a build follows from
is changed here, in the ways that hide best.
"""

import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

import scripts.kept_file
from tests.production.remembered import (
    CONSENT,
    RECORD,
    an_object,
    an_output,
    keep_date,
    knows,
    quick_clock,
    remembered,
    rewrite,
    settle,
)
from tests.production.running import TODAY, copy_of, edit, flip, run_here


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    quick_clock(monkeypatch, tmp_path_factory)


@pytest.fixture
def tiny(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> Path:
    return remembered(tmp_path, tmp_path_factory, capsys)


def swap(first: Path, second: Path) -> None:
    """Give two files each other's name."""
    aside = first.with_name("aside")
    first.rename(aside)
    second.rename(first)
    aside.rename(second)


def link_to_itself(path: Path) -> None:
    """Put a link in a file's place that leads to the same bytes."""
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def emptied(root: Path) -> Path:
    """Move a folder away and give its place."""
    root.rename(root.with_name("before"))
    return root


CHANGES: dict[str, Callable[[Path], object]] = {
    "a word": lambda root: edit(root / "scripts/agua/es-419.md", "poco a poco", "despacio"),
    "a word of equal length, at the old date": lambda root: keep_date(
        root / "scripts/agua/es-419.md", rewrite("Beba", "Coma")
    ),
    "a fact, at the old date": lambda root: keep_date(
        root / "facts/cr-911.yml", rewrite('"9", "1", "1"', '"9", "1", "2"')
    ),
    "a fact's last day": lambda root: edit(root / "facts/cr-911.yml", "2027-01-31", "2027-01-30"),
    "a sound, at the old date": lambda root: keep_date(
        root / "sounds/tono.wav", lambda path: flip(path, 5000)
    ),
    "marks in a sound": lambda root: (root / "sounds/cama.yml").write_text("intro_ms: 500\n"),
    "a text put in another's place": lambda root: swap(
        root / "scripts/agua/es-419.md", root / "scripts/aviso/es-419.md"
    ),
    "a file that is new": lambda root: (root / "scripts/agua/ht.md").write_text("# Dlo\n\nDlo.\n"),
    "a hidden file that is new": lambda root: (root / ".releases.jsonl.adding").write_text("1"),
    "a folder that is new": lambda root: (root / "scripts/sol").mkdir(),
    "a folder that nobody knows": lambda root: (root / "novedades/a").mkdir(parents=True),
    "a file that is gone": lambda root: (root / "facts/cr-911.yml").unlink(),
    "a folder that is gone": lambda root: shutil.rmtree(root / "scripts/ayuda"),
    "a file of another name": lambda root: (root / "sounds/cama.wav").rename(
        root / "sounds/cema.wav"
    ),
    "a folder of another name": lambda root: (root / "scripts/agua").rename(root / "scripts/ague"),
    "a file's rights": lambda root: (root / "scripts/agua/es-419.md").chmod(0o600),
    "a folder's rights": lambda root: (root / "scripts/agua").chmod(0o700),
    "a date set back": lambda root: os.utime(root / "scripts/agua/es-419.md", (1e9, 1e9)),
    "a date set forward": lambda root: os.utime(root / "scripts/agua/es-419.md", (4e9, 4e9)),
    "a link in a file's place": lambda root: link_to_itself(root / "scripts/agua/es-419.md"),
    "the network": lambda root: edit(root / "altavoz.toml", '"Small"', '"Smell"'),
    "a series' profile": lambda root: edit(root / "series/corta.yml", "podcast", "broadcast"),
    "a rundown": lambda root: edit(root / "episodes/corta-1.yml", "bed: cama\n", ""),
    "a station": lambda root: (root / "stations").mkdir(),
    "own words": lambda root: (root / "lexicon").mkdir(),
    "a review": lambda root: (root / "reviews").mkdir(),
    "a consent": lambda root: edit(root / CONSENT, "c-1", "c-2"),
    "a consent in private/ itself": lambda root: (root / "private/c-2.yml").write_text("id: c-2\n"),
    "an edition's file that is gone": lambda root: an_output(root).unlink(),
    "an edition's file, at the old date": lambda root: keep_date(
        an_output(root), lambda path: flip(path, 2000)
    ),
    "an object that is gone": lambda root: an_object(root).unlink(),
    "the store, gone": lambda root: shutil.rmtree(root / ".altavoz/store"),
    "the journal, gone": lambda root: (root / ".altavoz/journal.sqlite").unlink(),
    "the journal, altered": lambda root: flip(root / ".altavoz/journal.sqlite", 5000),
    "all of .altavoz": lambda root: shutil.rmtree(root / ".altavoz"),
    "what a killed worker left": lambda root: (root / ".altavoz/store/tmp/take.flac").touch(),
    "what a killed program left": lambda root: (root / ".altavoz/.notes.json.1.new").touch(),
    "the record": lambda root: flip(root / RECORD, 900),
    "the workspace's place": lambda root: copy_of(root, root.with_name("copy")).rename(
        emptied(root)
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_the_next_build_looks_at_everything(what: str, tiny: Path) -> None:
    CHANGES[what](tiny)
    assert not knows(tiny)


def test_the_day_counts(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not knows(tiny, TODAY + timedelta(days=1))
    assert not knows(tiny, TODAY - timedelta(days=1))
    # on the day after its last one, a segment is left out, and nothing is made of what is left
    late = run_here("build", "-w", tiny, day=date(2027, 1, 16), capture=capsys)
    assert late.out.startswith("Left out:\n  corta-1 es-419 is not made: nothing is left to say\n")
    assert late.out.endswith("\nNothing to do: 0 editions up to date.\n")
    assert late.err == "2 errors, 1 warning; see them with: altavoz check\n"


def test_a_new_voice_counts(tiny: Path) -> None:
    folder = Path(os.environ["ALTAVOZ_VOICES"]) / "es_MX-claude-high"
    folder.mkdir(parents=True)
    try:
        assert knows(tiny)  # an empty folder is no voice
        (folder / "voice.json").write_text("{}", encoding="utf-8")
        assert not knows(tiny)
    finally:
        shutil.rmtree(folder.parent)


def test_another_folder_of_voices_counts(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALTAVOZ_VOICES", str(tmp_path / "others"))
    assert not knows(tiny)


def test_what_is_installed_counts(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert knows(tiny)
    place = tmp_path / "site"
    (place / "acme-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(place))
    assert not knows(tiny)


@pytest.mark.parametrize("file", ["scripts/rules.py", "programme/profiles.toml", "cli.py"])
def test_the_program_counts(
    file: str, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Path(scripts.kept_file.__file__).parents[1]
    program = tmp_path / "program"
    for name in ("commands", "production", "scripts", "audio", "feeds", "stations", "programme"):
        shutil.copytree(
            home / name,
            program / name,
            ignore=shutil.ignore_patterns("__pycache__", "fonts", "*.png"),
        )
    shutil.copy(home / "cli.py", program)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("programme.__file__", str(program / "programme/__init__.py"))
        assert not knows(tiny)  # another copy is another program
        settle(tiny, capsys)
        keep_date(program / file, lambda path: flip(path, 100))
        assert not knows(tiny)
