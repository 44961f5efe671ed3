"""What was found once is found again, and whatever changed is checked anew: never a wrong hit."""

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scripts.check_cache
import scripts.segment_check
import scripts.tree
import scripts.workspace
from programme.errors import ProductionError
from programme.units import LanguageTag
from scripts.workspace import read_workspace
from tests.scripts.sample_workspace import CONTACT, EN, ES, FROM, SEGMENT, TODAY, write_workspace

ES_TAG, EN_TAG = LanguageTag("es-419"), LanguageTag("en")
CACHE = ".altavoz/check.jsonl"
SECOND = {
    "scripts/agua/segment.yml": SEGMENT,
    "scripts/agua/es-419.md": "# El agua\n\nBeba agua limpia.\nBusque la sombra.\n",
    "scripts/cifras/segment.yml": SEGMENT,
    "scripts/cifras/es-419.md": "# Cifras\n\nLlame al 555 000.\n",
}
"""Beside asilo, which speaks a fact and a contact: one that speaks none, and one whose typed
figures are compared with every contact's."""
EVERY = ["agua", "asilo", "cifras"]


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the list of the segments that were really checked."""
    names: list[str] = []
    check = scripts.segment_check.check_segment

    def noting(tree: Any, folder: Any, listing: Any, ground: Any) -> Any:
        names.append(folder.name)
        return check(tree, folder, listing, ground)

    monkeypatch.setattr(scripts.workspace, "check_segment", noting)
    return names


@contextmanager
def without_cache(root: Path) -> Iterator[None]:
    path, aside = root / CACHE, root / "aside"
    there = path.exists()
    if there:
        path.rename(aside)
    try:
        yield
    finally:
        if there:
            aside.rename(path)


def everything(root: Path, *, keep: bool) -> dict[str, Any]:
    workspace, findings = read_workspace(root, today=TODAY, keep=keep)
    found: dict[str, Any] = {"findings": list(findings)}
    if workspace is not None:
        found["segments"] = dict(workspace.segments)
        found["summaries"] = dict(workspace.summaries)
        found["translations"] = dict(workspace.translations)
    return found


def found_as_without_cache(root: Path) -> dict[str, Any]:
    """Check with the cache, hold it against a check without, and give what was found."""
    kept = everything(root, keep=True)
    with without_cache(root):
        assert kept == everything(root, keep=False)
    return kept


def ready(root: Path, checked: list[str]) -> Path:
    """Give a workspace of three segments that was checked once."""
    write_workspace(root, SECOND)
    everything(root, keep=True)
    assert sorted(checked) == EVERY
    checked.clear()
    return root


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


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
    monkeypatch.setattr(scripts.check_cache, "_TICK_NS", 20_000_000)
    root = write_workspace(tmp_path, SECOND)
    time.sleep(0.05)
    everything(root, keep=True)
    assert json.loads((root / CACHE).read_text(encoding="utf-8").splitlines()[1])[2] == ""
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
    now = scripts.check_cache._Now(10**18 + 1, keeps_change_times=True)
    monkeypatch.setattr(scripts.check_cache, "_look_at_clock", lambda _: now)
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
    now = scripts.check_cache._Now(10**18, keeps_change_times=True)
    monkeypatch.setattr(scripts.check_cache, "_look_at_clock", lambda _: now)
    root = ready(tmp_path, checked)
    rows = [json.loads(line) for line in (root / CACHE).read_text().splitlines()[1:]]
    assert all(row[2] for row in rows)
    assert everything(root, keep=True)
    assert checked == []
    rewrite(root / "scripts/agua/es-419.md", "limpia", "fresca")
    found_as_without_cache(root)


def test_the_contents_are_compared_no_longer_once_the_files_are_old(
    tmp_path: Path, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = ready(tmp_path, checked)
    assert json.loads((root / CACHE).read_text().splitlines()[1])[2] != ""
    monkeypatch.setattr(scripts.check_cache, "_TICK_NS", 20_000_000)
    time.sleep(0.05)
    everything(root, keep=True)
    assert checked == []
    assert json.loads((root / CACHE).read_text().splitlines()[1])[2] == ""
    found_as_without_cache(root)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "half": lambda data: data[: len(data) // 2],
    "a letter": lambda data: data.replace(b"raw-digits", b"raw-digitz"),
    "another format": lambda data: data.replace(b"[1,", b"[9,", 1),
    "not text": lambda _: b"\xff\x00" * 500,
    "a bomb": lambda _: b"[" * 500_000,
    "another program's": lambda _: b'{"version": 2}\n',
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_cache_is_as_none(
    tmp_path: Path, checked: list[str], damage: Callable[[bytes], bytes]
) -> None:
    root = ready(tmp_path, checked)
    path = root / CACHE
    path.write_bytes(damage(path.read_bytes()))
    kept = everything(root, keep=True)
    assert sorted(checked) == EVERY
    with without_cache(root):
        assert kept == everything(root, keep=False)
    checked.clear()
    everything(root, keep=True)
    assert checked == []


def test_a_cache_with_lines_of_another_shape_is_as_none(tmp_path: Path, checked: list[str]) -> None:
    root = ready(tmp_path, checked)
    path = root / CACHE
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    for shape in ('["agua"]', '["agua","","",{},"",[1,2,3]]', '["agua",{},[],"",5,null]'):
        body = f"{shape}\n{lines[1]}\n"
        digest = hashlib.blake2b(body.encode()).hexdigest()
        path.write_text(json.dumps([*json.loads(head)[:2], digest]) + "\n" + body)
        found_as_without_cache(root)


def test_a_workspace_that_came_with_its_cache_is_checked(
    tmp_path: Path, checked: list[str]
) -> None:
    # whoever sends a workspace could write that nothing is wrong with it
    root = ready(tmp_path / "theirs", checked)
    copy = tmp_path / "ours"
    subprocess.run(["cp", "-a", str(root), str(copy)], check=True)
    assert (copy / CACHE).read_bytes() == (root / CACHE).read_bytes()
    found_as_without_cache(copy)
    assert checked[:3] == EVERY


def test_rules_of_another_version_are_asked_anew(
    tmp_path: Path, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = ready(tmp_path, checked)
    monkeypatch.setattr(scripts.check_cache, "program_digest", lambda: "another")
    everything(root, keep=True)
    assert sorted(checked) == EVERY


def test_a_program_that_cannot_be_read_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts.check_cache, "program_digest", lambda: "")
    everything(write_workspace(tmp_path), keep=True)
    assert not (tmp_path / ".altavoz").exists()


def test_only_a_command_that_may_write_writes(tmp_path: Path, checked: list[str]) -> None:
    root = write_workspace(tmp_path, SECOND)
    everything(root, keep=False)
    assert not (root / ".altavoz").exists()
    everything(root, keep=True)
    before = (root / CACHE).read_bytes()
    rewrite(root / "scripts/agua/es-419.md", "limpia", "fresca")
    checked.clear()
    kept = everything(root, keep=False)
    assert checked == ["agua"]
    assert (root / CACHE).read_bytes() == before
    with without_cache(root):
        assert kept == everything(root, keep=False)


def test_a_place_where_nothing_can_be_written_is_checked_without_a_word(
    tmp_path: Path, checked: list[str]
) -> None:
    root = write_workspace(tmp_path, SECOND)
    (root / ".altavoz").write_text("in the way")
    kept = everything(root, keep=True)
    assert not any(".altavoz" in finding.file for finding in kept["findings"])
    everything(root, keep=True)
    assert len(checked) == 6


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    root = write_workspace(tmp_path / "w")
    (root / ".altavoz").symlink_to(victim)
    everything(root, keep=True)
    assert not any(victim.iterdir())
    (root / ".altavoz").unlink()
    (root / ".altavoz").mkdir()
    target = tmp_path / "precious"
    target.write_text("precious")
    (root / ".altavoz" / f"check-{os.getpid()}.part").symlink_to(target)
    (root / CACHE).symlink_to(target)
    everything(root, keep=True)
    assert target.read_text() == "precious"


def test_a_segment_with_a_link_in_it_is_always_checked(tmp_path: Path, checked: list[str]) -> None:
    root = write_workspace(tmp_path, SECOND)
    (root / "scripts/agua/en.md").symlink_to("../asilo/en.md")
    everything(root, keep=True)
    checked.clear()
    rewrite(root / "scripts/asilo/en.md", "without paying", "for 5")
    found_as_without_cache(root)
    assert "agua" in checked


def test_a_disk_that_fails_is_asked_again(tmp_path: Path, checked: list[str]) -> None:
    root = write_workspace(tmp_path, SECOND)
    path = root / "scripts/agua/es-419.md"
    text = path.read_bytes()
    path.write_bytes(b"x" * 1_000_001)
    kept = everything(root, keep=True)
    assert any(finding.rule == "file.unreadable" for finding in kept["findings"])
    checked.clear()
    everything(root, keep=True)
    assert checked == ["agua"]
    path.write_bytes(text)
    found_as_without_cache(root)


CHILD = """
import sys
from datetime import date
from pathlib import Path
from scripts.workspace import read_workspace
workspace, findings = read_workspace(Path(sys.argv[1]), today=date(2026, 11, 22), keep=True)
print([str(finding) for finding in findings])
"""


def test_a_full_disk_leaves_no_half_written_file(tmp_path: Path) -> None:
    root = write_workspace(tmp_path, SECOND)

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    done = subprocess.run(
        [sys.executable, "-B", "-c", CHILD, root],
        preexec_fn=no_room,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "words.raw-digits" in done.stdout
    assert not any((root / ".altavoz").iterdir())


def test_two_at_once_do_not_harm_each_other(tmp_path: Path, checked: list[str]) -> None:
    root = write_workspace(tmp_path, SECOND)
    command = [sys.executable, "-c", CHILD, str(root)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(said) == 1
    everything(root, keep=True)
    assert checked == []
    assert [path.name for path in (root / ".altavoz").iterdir()] == ["check.jsonl"]


def test_words_that_changed_after_the_check_are_never_spoken(tmp_path: Path) -> None:
    workspace, _ = read_workspace(write_workspace(tmp_path), today=TODAY)
    assert workspace is not None
    rewrite(tmp_path / "scripts/asilo/en.md", "without paying", "for free")
    with pytest.raises(ProductionError, match="changed while Altavoz was at work"):
        workspace.translations["asilo", EN_TAG]
    assert workspace.translations["asilo", ES_TAG].script is not None


def test_a_translation_may_be_confirmed_while_its_words_are_in_use(tmp_path: Path) -> None:
    workspace, _ = read_workspace(write_workspace(tmp_path), today=TODAY)
    assert workspace is not None
    (tmp_path / "scripts/asilo/en.from").write_text(FROM + "\n", encoding="utf-8")
    assert workspace.translations["asilo", EN_TAG].script is not None


def test_a_key_that_nobody_has_is_no_translation(tmp_path: Path) -> None:
    workspace, _ = read_workspace(write_workspace(tmp_path), today=TODAY)
    assert workspace is not None
    assert ("asilo", "quc") not in workspace.translations
    assert workspace.translations.get(("nada", EN_TAG)) is None
    assert len(workspace.translations) == len(list(workspace.translations)) == 2


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
