"""What was found once is found again, and whatever changed is checked anew: never a wrong hit."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scripts.check_cache
import scripts.kept_file
import scripts.segment_check
import scripts.tree
import scripts.workspace
from scripts.workspace import read_workspace
from tests.scripts.kept_checks import (
    CACHE,
    EVERY,
    SECOND,
    everything,
    found_as_without_cache,
    kept_contents,
    note_checks,
    ready,
    rewrite,
    without_cache,
)
from tests.scripts.sample_workspace import CONTACT, EN, ES, FROM, SEGMENT, TODAY, write_workspace


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the list of the segments that are really checked."""
    return note_checks(monkeypatch)


def test_nothing_is_checked_again_while_nothing_changes(tmp_path: Path, checked: list[str]) -> None:
    root = ready(tmp_path, checked)
    again = everything(root, keep=True)
    assert checked == []
    assert any(finding.rule == "words.raw-digits" for finding in again["findings"])
    with without_cache(root):
        assert again == everything(root, keep=False)


CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a line": (
        lambda root: rewrite(root / "scripts/agua/es-419.md", "limpia", "fresca"),
        ["agua"],
    ),
    "a translation": (
        lambda root: rewrite(root / "scripts/asilo/en.md", "without paying", "for free"),
        ["asilo"],
    ),
    "the copy beside a translation": (
        lambda root: rewrite(root / "scripts/asilo/en.from", "sin pagar", "gratis"),
        ["asilo"],
    ),
    "the metadata": (
        lambda root: rewrite(root / "scripts/agua/segment.yml", "procedure", "awareness"),
        ["agua"],
    ),
    "a text more": (
        lambda root: (root / "scripts/agua/en.md").write_text("# Water\n\nDrink water.\n"),
        ["agua"],
    ),
    "a text less": (lambda root: (root / "scripts/asilo/en.md").unlink(), ["asilo"]),
    "a file of another language": (
        lambda root: (root / "scripts/asilo/xx-nonsense.md").write_text("# A\n\nB.\n"),
        ["asilo"],
    ),
    "a text that becomes a folder": (
        lambda root: (
            (root / "scripts/asilo/en.md")
            .rename(root / "scripts/asilo/was.txt")
            .with_name("en.md")
            .mkdir()
        ),
        ["asilo"],
    ),
    "the number of a contact": (
        lambda root: rewrite(
            root / "facts/linea.yml",
            'groups: ["800", "55", "33", "000"], number: "+528005533000"',
            'groups: ["800", "55", "33", "001"], number: "+528005533001"',
        ),
        ["asilo", "cifras"],
    ),
    "the words of a fact": (
        lambda root: rewrite(root / "facts/asylum-free.yml", "pedir refugio es", "pedir asilo es"),
        ["asilo", "cifras"],
    ),
    "a fact that breaks": (
        lambda root: rewrite(root / "facts/asylum-free.yml", "status: demo", "status: dmo"),
        ["asilo", "cifras"],
    ),
    "a fact that goes": (
        lambda root: (root / "facts/asylum-free.yml").unlink(),
        ["asilo", "cifras"],
    ),
    "a contact more": (
        lambda root: (root / "facts/otra.yml").write_text(CONTACT, encoding="utf-8"),
        ["cifras"],
    ),
    "a language of the network": (
        lambda root: rewrite(root / "altavoz.toml", '["es-419", "en"]', '["es-419", "en", "fr"]'),
        EVERY,
    ),
    "the source language": (
        lambda root: rewrite(
            root / "altavoz.toml", 'source_language = "es-419"', 'source_language = "en"'
        ),
        EVERY,
    ),
    "a pronunciation": (
        lambda root: write_workspace(
            root,
            {**SECOND, "lexicon/es-419.yml": "words:\n  - {word: agua, say: awa}\n"},
        ),
        EVERY,
    ),
    "an episode, which no segment depends on": (
        lambda root: rewrite(root / "episodes/uno.yml", "number: 1", "number: 2"),
        [],
    ),
    "an editor's copy": (
        lambda root: (root / "scripts/asilo/en.md~").write_text("# A\n\nB 5.\n"),
        [],
    ),
}


@pytest.mark.parametrize(("change", "again"), CHANGES.values(), ids=CHANGES.keys())
def test_what_changed_is_checked_anew(
    tmp_path: Path, checked: list[str], change: Callable[[Path], object], again: list[str]
) -> None:
    root = ready(tmp_path, checked)
    change(root)
    kept = everything(root, keep=True)
    assert sorted(checked) == again
    with without_cache(root):
        assert kept == everything(root, keep=False)


def test_a_segment_that_goes_takes_its_findings_along(tmp_path: Path, checked: list[str]) -> None:
    root = ready(tmp_path, checked)
    shutil.rmtree(root / "scripts/agua")
    found = found_as_without_cache(root)
    assert "agua" not in found["segments"]
    assert "agua" not in (root / CACHE).read_text(encoding="utf-8")


def test_a_change_that_hides_behind_length_and_date_is_seen(
    tmp_path: Path, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # as cp -p, rsync -t or tar leave a file: same length, same date
    monkeypatch.setattr(scripts.kept_file, "_TICK_NS", 20_000_000)
    root = write_workspace(tmp_path, SECOND)
    time.sleep(0.05)
    everything(root, keep=True)
    assert kept_contents(root)["agua"] == ""
    checked.clear()
    path = root / "scripts/agua/es-419.md"
    before = path.stat()
    rewrite(path, "limpia", "5 mlia")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    found_as_without_cache(root)
    assert "agua" in checked


def test_a_change_within_one_tick_of_the_disk_s_clock_is_seen(
    tmp_path: Path, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # a disk whose clock stands still: only the contents can tell
    real = scripts.tree.list_folder

    def frozen(path: Path) -> Any:
        listing = real(path)
        marks = {name: (*mark[:3], 10**18, 10**18) for name, mark in listing.marks.items()}
        return type(listing)(marks=marks)

    monkeypatch.setattr(scripts.workspace, "list_folder", frozen)
    monkeypatch.setattr(scripts.check_cache, "list_folder", frozen)
    now = scripts.kept_file._Now(10**18 + 1, keeps_change_times=True)
    monkeypatch.setattr(scripts.kept_file, "_look_at_clock", lambda _: now)
    root = write_workspace(tmp_path, SECOND)
    read_workspace(root, today=TODAY, keep=True)
    checked.clear()
    read_workspace(root, today=TODAY, keep=True)
    assert checked == []
    path = root / "scripts/agua/es-419.md"
    inode = path.stat().st_ino
    with path.open("r+b") as file:
        data = file.read()
        file.seek(0)
        file.write(data.replace(b"limpia", b"5 mlia"))
    assert path.stat().st_ino == inode
    _, findings = read_workspace(root, today=TODAY, keep=True)
    assert checked == ["agua"]
    assert [f.line for f in findings if f.rule == "words.raw-digits"] == [3, 3]


def test_a_clock_that_was_set_back_makes_no_wrong_hit(
    tmp_path: Path, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # the disk says that every file is younger than now: nothing is taken on its word
    now = scripts.kept_file._Now(10**18, keeps_change_times=True)
    monkeypatch.setattr(scripts.kept_file, "_look_at_clock", lambda _: now)
    root = ready(tmp_path, checked)
    assert all(kept_contents(root).values())
    assert everything(root, keep=True)
    assert checked == []
    rewrite(root / "scripts/agua/es-419.md", "limpia", "fresca")
    found_as_without_cache(root)


def test_files_that_grew_old_while_others_were_checked_are_taken_at_the_disk_s_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The looks for the folders and the first segment are too early; from the second segment on,
    # all files have been as they are for more than the two seconds of the coarsest disk.
    root = write_workspace(tmp_path, SECOND)
    newest = max(path.stat().st_ctime_ns for path in (root / "scripts").rglob("*"))
    looks = iter([newest] * 3)

    def look(_: Path) -> Any:
        now = next(looks, newest + 2_000_000_001)
        return scripts.kept_file._Now(now, keeps_change_times=True)

    monkeypatch.setattr(scripts.kept_file, "_look_at_clock", look)
    read_workspace(root, today=TODAY, keep=True)
    kept = kept_contents(root)
    assert [bool(kept[name]) for name in EVERY] == [True, False, False]
    found_as_without_cache(root)


def test_the_contents_are_compared_no_longer_once_the_files_are_old(
    tmp_path: Path, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = ready(tmp_path, checked)
    assert kept_contents(root)["agua"] != ""
    monkeypatch.setattr(scripts.kept_file, "_TICK_NS", 20_000_000)
    time.sleep(0.05)
    everything(root, keep=True)
    assert checked == []
    assert kept_contents(root)["agua"] == ""
    found_as_without_cache(root)


EDITS: list[Callable[[Path, int], object]] = [
    lambda root, n: (root / "scripts/asilo/es-419.md").write_text(f"{ES}Beba agua {n}.\n"),
    lambda root, n: (root / "scripts/asilo/es-419.md").write_text(ES + "Beba agua.\n" * (n % 3)),
    lambda root, _: (root / "scripts/asilo/en.md").unlink(missing_ok=True),
    lambda root, n: (root / "scripts/asilo/en.md").write_text(EN.replace("Call", f"Call {n}")),
    lambda root, _: (root / "scripts/asilo/en.md").write_text(EN),
    lambda root, n: (root / "scripts/asilo/en.from").write_text(FROM + "Beba agua.\n" * (n % 3)),
    lambda root, _: (root / "scripts/asilo/en.from").unlink(missing_ok=True),
    lambda root, n: (root / "facts/linea.yml").write_text(
        CONTACT.replace("000", f"00{n % 3}").replace("3300", f"330{n % 2}")
    ),
    lambda root, _: (root / "facts/linea.yml").unlink(missing_ok=True),
    lambda root, n: (root / "facts/otra.yml").write_text(CONTACT if n % 2 else "x: 1"),
    lambda root, n: (root / "scripts/asilo/segment.yml").write_text(
        SEGMENT.replace("procedure", ("alert", "drama", "nonsense")[n % 3])
    ),
    lambda root, _: shutil.copytree(
        root / "scripts/asilo", root / "scripts/copia", dirs_exist_ok=True
    ),
    lambda root, _: shutil.rmtree(root / "scripts/copia", ignore_errors=True),
    lambda root, n: os.utime(root / "scripts/asilo/segment.yml", ns=(n * 10**9, n * 10**9)),
    lambda root, _: (root / CACHE).unlink(missing_ok=True),
    lambda root, n: (
        (root / CACHE).write_bytes((root / CACHE).read_bytes()[: n * 50])
        if (root / CACHE).exists()
        else None
    ),
]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, len(EDITS) - 1), st.integers(0, 9)), max_size=7))
def test_after_any_edits_the_cache_tells_what_a_check_without_it_tells(
    edits: list[tuple[int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write_workspace(Path(folder), SECOND)
        everything(root, keep=True)
        for which, n in edits:
            EDITS[which](root, n)
            found_as_without_cache(root)
