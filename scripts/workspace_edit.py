"""What commands write into a workspace: confirmed translations, and folders to write into."""

from pathlib import Path

from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.storage import storage_error, write_beside
from programme.units import LanguageTag
from programme.words import Script, TranslationState
from scripts.text_files import read_text
from scripts.translation_lines import parse_provenance, render_provenance
from scripts.wording import did_you_mean, listed, shown
from scripts.workspace import Workspace


def confirm_translation(workspace: Workspace, segment: str, language: str) -> Path:
    """Note that a translation was made from the source as it is now; gives the file written.

    Raises:
        ProductionError: there is no such segment, language or text, or one of the two texts has
            errors; or the disk refuses.
    """
    tag = known_pair(workspace, segment, language)
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


def known_pair(workspace: Workspace, segment: str, language: str) -> LanguageTag:
    """Give the language of a pair that is to be written, as the network spells it.

    Raises:
        ProductionError: there is no such segment or language.
    """
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


def words_for(workspace: Workspace, segment: str, tag: LanguageTag) -> Script:
    """Give the words that a recording speaks: the text, or the source's where there is none.

    Raises:
        ProductionError: they have errors.
    """
    translation = workspace.translations[segment, tag]
    if translation.state is TranslationState.MISSING:
        return _source(workspace, segment)
    if translation.script is None:
        raise _faulty(f"scripts/{segment}/{tag}.md")
    return translation.script


def _faulty(file: str) -> ProductionError:
    return ProductionError(
        "this text has errors, or is missing",
        where=file,
        remedy="run altavoz check, and correct what it lists",
        code=ExitCode.FINDINGS,
    )
