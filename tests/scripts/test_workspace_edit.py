"""What commands write into a workspace: whole or not at all, and what was there stays."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from programme.errors import ExitCode, ProductionError
from programme.storage import write_beside
from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.take_edit import add_recording
from scripts.workspace import Workspace, read_workspace
from scripts.workspace_edit import confirm_translation
from tests.scripts.sample_workspace import EN, ES, FROM, TODAY, write_workspace

EN_TAG = LanguageTag("en")


def read(root: Path) -> Workspace:
    workspace, _ = read_workspace(root, today=TODAY)
    assert workspace is not None
    return workspace


def state(root: Path) -> TranslationState:
    return read(root).translations["asilo", EN_TAG].state


def contents(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def takes(folder: Path, *contents: bytes) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"toma {n}.WAV" for n in range(len(contents))]
    for path, data in zip(paths, contents, strict=True):
        path.write_bytes(data)
    return paths


def test_confirming_a_translation_makes_it_fresh(tmp_path: Path) -> None:
    root = write_workspace(tmp_path, {"scripts/asilo/en.from": None})
    assert state(root) is TranslationState.UNCONFIRMED
    path = confirm_translation(read(root), "asilo", "en")
    assert path == root / "scripts/asilo/en.from"
    assert path.read_text(encoding="utf-8") == FROM
    assert state(root) is TranslationState.FRESH


def test_a_changed_source_makes_it_stale_until_it_is_confirmed_again(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    (root / "scripts/asilo/es-419.md").write_text(
        ES.replace("sin pagar", "sin pagar nada"), encoding="utf-8"
    )
    assert state(root) is TranslationState.STALE
    confirm_translation(read(root), "asilo", "en")
    assert state(root) is TranslationState.FRESH


@pytest.mark.parametrize(
    ("segment", "language", "changes", "where"),
    [
        ("asil", "en", {}, ""),
        ("asilo", "fr", {}, "altavoz.toml"),
        ("asilo", "es-419", {}, "asilo"),
        ("asilo", "en", {"scripts/asilo/en.md": None}, "scripts/asilo/en.md"),
        ("asilo", "en", {"scripts/asilo/en.md": "# x\n\n123\n"}, "scripts/asilo/en.md"),
        ("asilo", "en", {"scripts/asilo/es-419.md": "# x\n\n1\n"}, "scripts/asilo/es-419.md"),
    ],
)
def test_what_cannot_be_confirmed_is_refused_and_nothing_is_written(
    tmp_path: Path, segment: str, language: str, changes: dict[str, str | bytes | None], where: str
) -> None:
    root = write_workspace(tmp_path, changes)
    before = contents(root)
    with pytest.raises(ProductionError) as caught:
        confirm_translation(read(root), segment, language)
    assert caught.value.remedy
    assert where in caught.value.where
    assert contents(root) == before


def test_one_file_holds_the_whole_segment(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "ws")
    path = add_recording(
        read(root), "asilo", "en", takes(tmp_path / "in", b"RIFF1"), note="Ana's room"
    )
    assert path == root / "recordings/asilo/en/take.yml"
    workspace, findings = read_workspace(root, today=TODAY)
    assert not len(findings)
    assert workspace is not None
    take = workspace.recordings["asilo", EN_TAG]
    script = workspace.translations["asilo", EN_TAG].script
    assert script is not None
    assert take.words_digest == script.words_digest
    assert [file.read_bytes() for file in take.files] == [b"RIFF1"]


def test_one_file_for_each_sentence_keeps_the_order(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "ws")
    files = takes(tmp_path / "in", b"c", b"a", b"b")
    add_recording(read(root), "asilo", "en", files)
    take = read(root).recordings["asilo", EN_TAG]
    assert [file.read_bytes() for file in take.files] == [b"c", b"a", b"b"]
    assert [file.name[:3] for file in take.files] == ["001", "002", "003"]


def test_without_a_text_the_recording_is_of_the_sources_words(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "ws", {"scripts/asilo/en.md": None})
    add_recording(read(root), "asilo", "en", takes(tmp_path / "in", b"x"))
    workspace, findings = read_workspace(root, today=TODAY)
    assert "recording.stale" not in [finding.rule for finding in findings]
    assert workspace is not None
    source = workspace.translations["asilo", LanguageTag("es-419")].script
    assert source is not None
    assert workspace.recordings["asilo", EN_TAG].words_digest == source.words_digest


def test_a_recording_goes_stale_with_the_number_that_it_speaks(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "ws")
    add_recording(read(root), "asilo", "en", takes(tmp_path / "in", b"x"))
    contact = root / "facts/linea.yml"
    text = contact.read_text(encoding="utf-8")
    contact.write_text(text.replace('"33"', '"34"').replace("5533", "5534"), encoding="utf-8")
    _, findings = read_workspace(root, today=TODAY)
    assert [(f.place, f.rule) for f in findings] == [
        ("recordings/asilo/en/take.yml", "recording.stale")
    ]


def test_files_that_do_not_fit_the_sentences_are_found(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "ws")
    take = add_recording(read(root), "asilo", "en", takes(tmp_path / "in", b"1", b"2", b"3"))
    text = take.read_text(encoding="utf-8")
    take.write_text(text[: text.index('- file: "003')] + 'note: ""\n', encoding="utf-8")
    _, findings = read_workspace(root, today=TODAY)
    assert [(f.place, f.rule, f.problem) for f in findings] == [
        (
            "recordings/asilo/en/take.yml",
            "recording.count",
            "takes for 2 of 3 sentences: line 3 is not recorded yet",
        )
    ]


def test_a_new_recording_replaces_the_old_and_only_that(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "ws")
    add_recording(read(root), "asilo", "en", takes(tmp_path / "in", b"1", b"2", b"3"))
    mine = root / "recordings/asilo/en/apuntes.txt"
    mine.write_text("mine", encoding="utf-8")
    add_recording(read(root), "asilo", "en", takes(tmp_path / "in2", b"2", b"neu", b"3"))
    folder = root / "recordings/asilo/en"
    take = read(root).recordings["asilo", EN_TAG]
    assert [file.read_bytes() for file in take.files] == [b"2", b"neu", b"3"]
    expected = {*(file.name for file in take.files), "take.yml", "apuntes.txt"}
    assert {path.name for path in folder.iterdir()} == expected


def test_adding_the_same_again_changes_nothing(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "ws")
    files = takes(tmp_path / "in", b"1", b"2", b"3")
    add_recording(read(root), "asilo", "en", files)
    before = contents(root)
    add_recording(read(root), "asilo", "en", files)
    assert contents(root) == before


@pytest.mark.parametrize("count", [0, 2, 4])
def test_a_wrong_number_of_files_is_refused_with_both_counts(tmp_path: Path, count: int) -> None:
    root = write_workspace(tmp_path / "ws")
    before = contents(root)
    with pytest.raises(ProductionError, match=f"{count} files for 3 sentences") as caught:
        add_recording(read(root), "asilo", "en", takes(tmp_path / "in", *[b"x"] * count))
    assert caught.value.code is ExitCode.USAGE
    assert contents(root) == before


@pytest.mark.parametrize("name", ["gone.wav", "empty.wav", "words.txt", "folder.wav"])
def test_what_is_no_recording_is_refused(tmp_path: Path, name: str) -> None:
    root = write_workspace(tmp_path / "ws")
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "words.txt").write_bytes(b"x")
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(ProductionError) as caught:
        add_recording(read(root), "asilo", "en", [tmp_path / name])
    assert name in caught.value.where
    assert not (root / "recordings").exists()


def test_a_folder_that_leads_out_is_refused(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "ws")
    (tmp_path / "outside").mkdir()
    workspace = read(root)
    (root / "recordings").symlink_to(tmp_path / "outside", target_is_directory=True)
    with pytest.raises(ProductionError, match="out of the workspace"):
        add_recording(workspace, "asilo", "en", takes(tmp_path / "in", b"x"))
    assert list((tmp_path / "outside").iterdir()) == []


class FailingDisk:
    """Lets a number of disk operations through and fails from the next one on."""

    def __init__(self, patch: pytest.MonkeyPatch, good: int) -> None:
        self.good = good
        self.seen = 0
        # make the folder; open, flush, rename three files, of which two are takes; flush the
        # folder between. Opening a file to take its digest or to copy it counts as well: two for
        # each take that is new, three for the one that was there.
        self.operations_before_listing = 1 + 2 * (3 + 2) + 3 + 1 + 3
        for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "open"), (Path, "mkdir")):
            patch.setattr(owner, name, self.counted(getattr(owner, name)))

    def counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.seen += 1
            if self.seen > self.good:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **options)

        return call


def test_a_full_disk_at_any_moment_leaves_the_old_recording_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_workspace(tmp_path / "ws")
    add_recording(read(root), "asilo", "en", takes(tmp_path / "in", b"1", b"2", b"3"))
    new = takes(tmp_path / "in2", b"4", b"2", b"6")
    workspace, before = read(root), contents(root)
    for good in range(100):
        with monkeypatch.context() as patch:
            disk = FailingDisk(patch, good)
            if not try_to_add(workspace, new):
                break
        take = read(root).recordings["asilo", EN_TAG]
        whole = [file.read_bytes() for file in take.files]
        if good < disk.operations_before_listing:
            assert contents(root) == before
        else:
            # only the last flush failed, after the new take.yml had its name
            assert whole == [b"4", b"2", b"6"]
        assert not list(root.rglob(".*.new"))
    assert good > 10
    final = read(root).recordings["asilo", EN_TAG].files
    assert [file.read_bytes() for file in final] == [b"4", b"2", b"6"]
    assert len(list((root / "recordings/asilo/en").iterdir())) == 4


def try_to_add(workspace: Workspace, files: list[Path]) -> bool:
    """Tell whether the disk failed, and whether that was said rightly."""
    try:
        add_recording(workspace, "asilo", "en", files)
    except ProductionError as error:
        return error.code is ExitCode.STORAGE and error.problem == "the disk is full"
    return False


def test_a_full_disk_leaves_the_old_confirmation(tmp_path: Path) -> None:
    path = tmp_path / "en.from"
    path.write_bytes(b"old")
    with pytest.MonkeyPatch.context() as patch:
        FailingDisk(patch, 1)
        with pytest.raises(ProductionError) as caught:
            write_beside(path, b"new")
    assert caught.value.code is ExitCode.STORAGE
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["en.from"]


def test_english_was_not_touched(tmp_path: Path) -> None:
    root = write_workspace(tmp_path, {"scripts/asilo/en.from": None})
    confirm_translation(read(root), "asilo", "en")
    assert (root / "scripts/asilo/en.md").read_text(encoding="utf-8") == EN
