"""What commands write into a workspace: confirmed translations, and recordings.

Written beside, flushed and renamed; what was there before stays whole until the new is complete.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from programme.digests import digest_file
from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.storage import storage_error, sync_folder
from programme.units import LanguageTag
from programme.words import Script, TranslationState
from scripts.cross_checks import fits
from scripts.nodes import Items, Text
from scripts.read_recordings import FOLDER, SOUND_ENDINGS, TAKE_FILE
from scripts.text_files import read_text
from scripts.translation_lines import parse_provenance, render_provenance
from scripts.wording import did_you_mean, listed, shown
from scripts.workspace import Workspace
from scripts.yaml_text import dump_yaml, read_table

_OWN = re.compile(r"[0-9]{3,}-[0-9a-f]{8}\.[a-z0-9]+\Z")
"""How add_recording names a file: its number, and the beginning of its digest."""


def confirm_translation(workspace: Workspace, segment: str, language: str) -> Path:
    """Note that a translation was made from the source as it is now; gives the file written.

    Raises:
        ProductionError: there is no such segment, language or text, or one of the two texts has
            errors; or the disk refuses.
    """
    tag = _known(workspace, segment, language)
    source = _source(workspace, segment)
    if tag == workspace.network.source_language:
        raise ProductionError(
            f"{tag} is the source language: it is not a translation",
            where=segment,
            remedy="name one of the other languages",
            code=ExitCode.USAGE,
        )
    folder = workspace.root / "scripts" / segment
    state = workspace.translations[segment, tag].state
    if state is TranslationState.MISSING:
        raise ProductionError(
            f"there is no text in {tag} yet",
            where=f"scripts/{segment}/{tag}.md",
            remedy="write it, then confirm it",
        )
    if workspace.translations[segment, tag].script is None:
        raise _faulty(f"scripts/{segment}/{tag}.md")
    path = folder / f"{tag}.from"
    counts = _noted_counts(path, source, workspace.translations[segment, tag].script)
    write_beside(path, render_provenance(source, counts).encode("utf-8"))
    return path


def _noted_counts(path: Path, source: Script, target: Script | None) -> tuple[int, ...]:
    """Give how many lines each sentence became, where somebody noted it and it still fits."""
    text = read_text(path, file=path.name, findings=Findings()) if path.is_file() else None
    made_from = parse_provenance(text) if text is not None else None
    counts = made_from.counts if made_from is not None else ()
    lines = len(target.sentences) if target is not None else 0
    return counts if len(counts) == len(source.sentences) and sum(counts) == lines else ()


def add_recording(
    workspace: Workspace, segment: str, language: str, files: Sequence[Path], *, note: str = ""
) -> Path:
    """Take in a person's recording of the words as they are now; gives its take.yml.

    One file holds the whole segment; otherwise there is one for each sentence, in order. Where a
    language has no text, the recording is of the source's words. An earlier recording is
    replaced at the last step, by renaming take.yml; then its files are deleted.

    Raises:
        ProductionError: there is no such segment or language, the words have errors, the number
            of files is wrong, a file cannot be read, or the disk refuses.
    """
    tag = _known(workspace, segment, language)
    script = _words_for(workspace, segment, tag)
    _check_files(files, script)
    place = f"{FOLDER}/{segment}/{tag}"
    folder = own_folder(workspace.root, place)
    before = _listed_files(folder, place)
    path = folder / TAKE_FILE
    names: list[str] = []
    listed_now = False
    try:
        for number, source in enumerate(files, start=1):
            # the digest keeps a new file from lying over one of the recording before
            names.append(f"{number:03d}-{digest_file(source)[:8]}{source.suffix.lower()}")
            _put(folder / names[-1], partial(_copy, source))
        sync_folder(folder)
        take = {"script": script.words_digest, "files": names, "note": note}
        _put(path, lambda out: out.write(dump_yaml(take).encode("utf-8")))
        listed_now = True
        sync_folder(folder)
        for name in (before | _own_files(folder)) - set(names):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(error, place) from error
    finally:
        if not listed_now:
            for name in set(names) - before:
                (folder / name).unlink(missing_ok=True)
    return path


def own_folder(root: Path, name: str) -> Path:
    """Give a folder of the workspace to write into, made where it is not there.

    Raises:
        ProductionError: it leads out of the workspace, or the disk refuses.
    """
    folder = root / name
    if not folder.resolve().is_relative_to(root.resolve()):
        raise ProductionError(
            "this folder leads out of the workspace", where=name, remedy="put a real folder here"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(error, name) from error
    return folder


def write_beside(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write a file so that a reader sees the old bytes or the new, never a part.

    Args:
        path: where it goes.
        data: all of it.
        mode: who may read and write it, from its first byte on; None for the usual. A disk that
            knows no modes (FAT) goes without.

    Raises:
        ProductionError: the disk is full, read-only or refuses.
    """
    try:
        _put(path, lambda out: out.write(data), mode=mode)
        sync_folder(path.parent)
    except OSError as error:
        raise storage_error(error, path.name) from error


def _put(path: Path, fill: Callable[[BinaryIO], object], *, mode: int | None = None) -> None:
    """Write beside, flush, rename: the last thing that can fail is the rename."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as out:
            if mode is not None:
                with contextlib.suppress(PermissionError):
                    beside.chmod(mode)
            fill(out)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _copy(source: Path, out: BinaryIO) -> None:
    with source.open("rb") as data:
        shutil.copyfileobj(data, out, 1 << 20)


def _known(workspace: Workspace, segment: str, language: str) -> LanguageTag:
    if segment not in workspace.segments:
        there = f"segments: {listed(workspace.segments)}"
        raise ProductionError(
            f"there is no segment {shown(segment)}",
            where=str(workspace.root),
            remedy=did_you_mean(segment, workspace.segments, there),
        )
    languages = workspace.network.languages
    for tag in languages:
        if tag == language:
            return tag
    raise ProductionError(
        f"{shown(language)} is not a language of this network",
        where="altavoz.toml",
        remedy=did_you_mean(language, languages, f"languages: {listed(languages)}"),
    )


def _source(workspace: Workspace, segment: str) -> Script:
    tag = workspace.network.source_language
    script = workspace.translations[segment, tag].script
    if script is None:
        raise _faulty(f"scripts/{segment}/{tag}.md")
    return script


def _words_for(workspace: Workspace, segment: str, tag: LanguageTag) -> Script:
    translation = workspace.translations[segment, tag]
    if translation.state is TranslationState.MISSING:
        return _source(workspace, segment)
    if translation.script is None:
        raise _faulty(f"scripts/{segment}/{tag}.md")
    return translation.script


def _check_files(files: Sequence[Path], script: Script) -> None:
    if not files or not fits(len(files), len(script.sentences)):
        raise ProductionError(
            f"{len(files)} files for {len(script.sentences)} sentences",
            where=script.file,
            remedy="give one file for the whole segment, or one for each sentence, in order",
            code=ExitCode.USAGE,
        )
    for path in files:
        problem = ""
        if not path.is_file():
            problem = "there is no such file"
        elif path.suffix.lower() not in SOUND_ENDINGS:
            problem = f"{path.suffix or 'a file without ending'} is no recording"
        elif path.stat().st_size == 0:
            problem = "the file is empty"
        if problem:
            remedy = f"give recordings that end in {listed(SOUND_ENDINGS)}"
            raise ProductionError(problem, where=str(path), remedy=remedy)


def _listed_files(folder: Path, place: str) -> set[str]:
    """Give the files of the recording that is there; nothing else in the folder is ours."""
    if not (folder / TAKE_FILE).is_file():
        return set()
    table = read_table(folder / TAKE_FILE, file=f"{place}/{TAKE_FILE}", findings=Findings())
    node = table.entries.get("files") if table else None
    items = node.items if isinstance(node, Items) else ()
    names = {item.value for item in items if isinstance(item, Text)}
    return {name for name in names if "/" not in name and not name.startswith(".")}


def _own_files(folder: Path) -> set[str]:
    """Give what earlier calls wrote here, also one that was cut off before it tidied up."""
    return {path.name for path in folder.iterdir() if _OWN.match(path.name)}


def _faulty(file: str) -> ProductionError:
    return ProductionError(
        "this text has errors, or is missing",
        where=file,
        remedy="run altavoz check, and correct what it lists",
        code=ExitCode.FINDINGS,
    )
