"""A cache that is damaged, foreign or in the way costs time, and never a finding."""

import hashlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import scripts.check_cache
import scripts.kept_folders
import scripts.segment_check
import scripts.tree
import scripts.workspace
from programme.errors import ProductionError
from scripts.kept_file import read_kept_body
from scripts.workspace import read_workspace
from tests.scripts.kept_checks import (
    CACHE,
    EN_TAG,
    ES_TAG,
    EVERY,
    SECOND,
    everything,
    found_as_without_cache,
    note_checks,
    ready,
    rewrite,
    without_cache,
)
from tests.scripts.sample_workspace import FROM, TODAY, write_workspace


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the list of the segments that are really checked."""
    return note_checks(monkeypatch)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "half": lambda data: data[: len(data) // 2],
    "a letter": lambda data: data.replace(b"raw-digits", b"raw-digitz"),
    "another format": lambda data: data.replace(b"[3,", b"[9,", 1),
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


def test_a_cache_with_parts_of_another_shape_is_as_none(tmp_path: Path, checked: list[str]) -> None:
    root = ready(tmp_path, checked)
    path = root / CACHE
    head, line, about_line, found = path.read_bytes().split(b"\n", 3)
    facts, book, rows, length, lengths, tallies = json.loads(line[10:])
    kept = [facts, book, rows, length, lengths, tallies]
    for shape in (
        ["agua"],
        [[], *kept[1:]],
        [facts, book, rows[:-1], *kept[3:]],
        [facts, book, [["agua"], *rows[1:]], *kept[3:]],
        [facts, book, [{"all": "agua", "times": 3}, *rows[1:]], *kept[3:]],
        [facts, book, [None, *rows[1:]], *kept[3:]],
        [facts, book, [*rows[:6], {"of": [], "at": [7]}, *rows[7:]], *kept[3:]],
        [facts, book, rows, length + 1, lengths, tallies],
        [facts, book, rows, -length, lengths, tallies],
        [facts, book, rows, "many", lengths, tallies],
        [facts, book, rows, length, [*lengths[:-1], lengths[-1] + 1], tallies],
        [facts, book, rows, length, lengths[:-1], tallies],
        [facts, book, rows, length, lengths, tallies[:-1]],
    ):
        assert_is_as_none(root, head, [json.dumps(shape).encode(), about_line, found], checked)


def test_what_is_read_late_and_has_another_shape_is_told_in_words(
    tmp_path: Path, checked: list[str]
) -> None:
    # nobody but this user can have written it: a stranger's workspace is found by no mark
    root = ready(tmp_path, checked)
    head, line, about_line, found = (root / CACHE).read_bytes().split(b"\n", 3)
    parts, about = json.loads(line[10:]), json.loads(about_line)
    for other in (
        [],
        about[:-1],
        [[None, *about[0][1:]], *about[1:]],
        [*about[:3], [{"all": 9, "times": 3}, about[3][1]]],
    ):
        text = json.dumps(other).encode()
        shape = json.dumps([*parts[:3], len(text) + 1, *parts[4:]]).encode()
        write_as_whole(root, head, [shape, text, found])
        with pytest.raises(ProductionError, match="delete this file"):
            everything(root, keep=True)
    for text in (b"{}" * (len(found) // 2), found.replace(b"raw-digits", b"raw-di\x00its")):
        shape = json.dumps([*parts[:4], [0, 0, len(text)], parts[5]]).encode()
        write_as_whole(root, head, [shape, about_line, text])
        with pytest.raises(ProductionError, match="delete this file"):
            everything(root, keep=True)


def write_as_whole(root: Path, head: bytes, parts: list[bytes]) -> None:
    """Keep this for the segments, with the digest of a whole file."""
    body = b"%010d" % (len(parts[0]) + 1) + b"\n".join(parts)
    first = json.dumps([*json.loads(head)[:2], hashlib.sha256(body).hexdigest()])
    (root / CACHE).write_bytes(first.encode() + b"\n" + body)
    # whole, as far as can be seen
    assert read_kept_body(root / CACHE, key=json.loads(head)[1]) == body


def assert_is_as_none(root: Path, head: bytes, parts: list[bytes], checked: list[str]) -> None:
    """Keep this for the segments: they are checked all the same."""
    write_as_whole(root, head, parts)
    checked.clear()
    found_as_without_cache(root)
    assert checked[:3] == EVERY


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
    monkeypatch.setattr(scripts.kept_folders, "program_digest", lambda: "")
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
    assert {path.name for path in (root / ".altavoz").iterdir()} <= {"check.jsonl", "folders.jsonl"}


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
