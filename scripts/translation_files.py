"""A translation opened for work: its source, its own lines, and which belong together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.speakers import USUAL
from programme.units import LanguageTag
from programme.words import Script, TranslationState
from scripts.script_layout import NOTHING, Layout, TypedLine, read_layout, sentences_of
from scripts.speakers import NO_SPEAKERS, Speakers
from scripts.text_files import read_text
from scripts.translation_lines import (
    Comparison,
    Provenance,
    SourceLine,
    compare_lines,
    groups_of,
    parse_provenance,
)
from scripts.translation_sheet import JOINED, ReturnedSheet, row_ids
from scripts.wording import did_you_mean, listed, shown
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTranslation:
    """One segment in one language, line by line."""

    segment: str
    language: LanguageTag
    state: TranslationState
    source: Script
    typed: Layout
    """The source file as typed."""
    target: Layout
    """The translation as typed; NOTHING where there is none."""
    made_from: Provenance | None
    comparison: Comparison
    present: tuple[tuple[TypedLine, ...], ...]
    """The lines of the translation that say each line of the source, title first."""
    gone: tuple[TypedLine, ...]
    """Lines of the translation that say what the source no longer says."""
    speakers: Speakers = NO_SPEAKERS
    """Who speaks in dialogues."""

    @property
    def file(self) -> str:
        """The translation's file inside the workspace."""
        return f"scripts/{self.segment}/{self.language}.md"

    @property
    def texts(self) -> list[str]:
        """The lines of the source as typed, title first, without its sign."""
        title = self.typed.title
        return [title.words if title else "", *sentences_of(self.typed.lines)]

    @property
    def ids(self) -> list[str]:
        """The ids of the rows, title first."""
        title, *sentences = self.texts
        return row_ids(self.segment, title, sentences)

    def speaker(self, place: int) -> str:
        """Give who says a line of the source; empty for the usual voice, and for the title."""
        return self.typed.lines[place - 1].speaker if place else USUAL

    def label(self, place: int) -> str:
        """Give the label of who says a line, in the language of the translation."""
        return self.speakers.label(self.speaker(place), self.language)

    def state_of(self, line: SourceLine) -> TranslationState:
        """Say how one line of the source stands in this language."""
        if self.state is TranslationState.MISSING or line.state is TranslationState.MISSING:
            return TranslationState.MISSING
        sound = {TranslationState.FRESH, TranslationState.COSMETIC}
        if self.state is TranslationState.FAULTY and line.state in sound:
            return TranslationState.FAULTY
        return line.state

    def cell(self, place: int) -> str:
        """Give the present translation of one line as it stands in a sheet."""
        lines = self.present[place]
        if lines:
            return "\n".join(line.words for line in lines)
        told = place > 1 and self.state_of(self.comparison.lines[place])
        return JOINED if told and told is not TranslationState.MISSING else ""


def open_translation(
    workspace: Workspace, segment: str, language: LanguageTag
) -> OpenTranslation | None:
    """Open a translation, whatever its state; None where its source has errors.

    Raises:
        ProductionError: a file was taken away or locked while it was read.
    """
    source = workspace.translations[segment, workspace.network.source_language].script
    if source is None:
        return None
    folder = workspace.root / "scripts" / segment
    state = workspace.translations[segment, language].state
    labels = workspace.style.speakers.labels
    typed = read_layout(
        _read(folder / f"{source.language}.md"), source.language, labels(source.language)
    )
    if [(line.speaker, line.words) for line in typed.lines] != [
        (sentence.speaker, sentence.raw) for sentence in source.sentences
    ]:
        raise ProductionError(
            "the text changed while it was read",
            where=source.file,
            remedy="run the command again",
            code=ExitCode.BUSY,
        )
    target, made_from = NOTHING, None
    if state is not TranslationState.MISSING:
        target = read_layout(_read(folder / f"{language}.md"), language, labels(language))
    copy = folder / f"{language}.from"
    if copy.is_file() and copy.resolve().is_relative_to(workspace.root):
        made_from = parse_provenance(_read(copy))
    if made_from is not None and made_from.language != source.language:
        made_from = None
    comparison = compare_lines(source, made_from)
    present, gone = _matched(comparison, made_from, source, target)
    return OpenTranslation(
        segment=segment,
        language=language,
        state=state,
        source=source,
        typed=typed,
        target=target,
        made_from=made_from,
        comparison=comparison,
        present=present,
        gone=gone,
        speakers=workspace.style.speakers,
    )


def _read(path: Path) -> str:
    findings = Findings()
    text = read_text(path, file=path.name, findings=findings)
    if text is None:
        problem = findings.items[0].problem
        raise ProductionError(
            problem,
            where=str(path),
            remedy="run altavoz check, and correct what it lists",
            code=ExitCode.FINDINGS,
        )
    return text


def _matched(
    comparison: Comparison, made_from: Provenance | None, source: Script, target: Layout
) -> tuple[tuple[tuple[TypedLine, ...], ...], tuple[TypedLine, ...]]:
    """Give each source line its lines of the translation, and those that belong to none."""
    title = (target.title,) if target.title is not None else ()
    made = [s.raw for s in source.sentences] if made_from is None else [*made_from.lines[1:]]
    groups = _groups(made_from, made, target.lines)
    present: list[tuple[TypedLine, ...]] = [title]
    used: set[int] = set()
    for line in comparison.lines[1:]:
        at = line.place if made_from is None else line.was
        used.add(at)
        present.append(groups[at - 1] if at > 0 else ())
    gone = [line for at, group in enumerate(groups, start=1) if at not in used for line in group]
    if not made:
        gone = list(target.lines)
    return tuple(present), tuple(gone)


def _groups(
    made_from: Provenance | None, made: Sequence[str], lines: Sequence[TypedLine]
) -> list[tuple[TypedLine, ...]]:
    groups = groups_of(made_from, made, sentences_of(lines))
    found, at = [], 0
    for group in groups:
        found.append(tuple(lines[at : at + len(group)]))
        at += len(group)
    return found


def known_language(workspace: Workspace, language: str) -> LanguageTag:
    """Give the tag of a language that things are translated into here.

    Raises:
        ProductionError: it is none of the network's languages, or is the source language.
    """
    network = workspace.network
    others = [tag for tag in network.languages if tag != network.source_language]
    for tag in others:
        if tag == language:
            return tag
    is_source = language == network.source_language
    raise ProductionError(
        f"{shown(language)} is the source language: nothing is translated into it"
        if is_source
        else f"{shown(language)} is not a language of this network",
        where="altavoz.toml",
        remedy=did_you_mean(language, others, f"languages: {listed(others)}"),
        code=ExitCode.USAGE,
    )


def known_segment(workspace: Workspace, segment: str) -> str:
    """Give a segment's id.

    Raises:
        ProductionError: there is no such segment.
    """
    if segment in workspace.segments:
        return segment
    raise ProductionError(
        f"there is no segment {shown(segment)}",
        where=str(workspace.root),
        remedy=did_you_mean(segment, workspace.segments, f"segments: {listed(workspace.segments)}"),
        code=ExitCode.USAGE,
    )


def language_of(workspace: Workspace, sheet: ReturnedSheet, wanted: str) -> LanguageTag:
    """Give the language of a sheet.

    Args:
        workspace: as read.
        sheet: as read.
        wanted: what the operator said; empty to take the sheet's word.

    Raises:
        ProductionError: the two differ, neither is there, or it is no language of the network.
    """
    if wanted and sheet.language is not None and sheet.language != wanted:
        raise ProductionError(
            f"this sheet is in {sheet.language}, not in {shown(wanted)}",
            where=sheet.file,
            remedy=f"leave --lang out, or name the sheet in {shown(wanted)}",
            code=ExitCode.USAGE,
        )
    if not wanted and sheet.language is None:
        raise ProductionError(
            "the sheet does not say which language it is in",
            where=sheet.file,
            remedy="say it with --lang",
            code=ExitCode.USAGE,
        )
    return known_language(workspace, wanted or str(sheet.language))
