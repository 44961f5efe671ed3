"""Sheets for translators: the lines of one language, with all that a translator needs to know."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.languages import language as language_named
from programme.profiles import words_per_minute
from programme.segments import Segment
from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from programme.words import Sentence, TranslationState
from scripts.csv_text import render_csv
from scripts.placeholders import find_placeholders, resolve
from scripts.rules_words import words_of
from scripts.term_words import first_form
from scripts.translation_files import OpenTranslation, open_translation
from scripts.translation_sheet import Row, table_of
from scripts.workspace import Workspace

FORMATS = ("xlsx", "csv", "po")
"""Ways to carry a sheet."""

STATES = tuple(state.value for state in TranslationState if state is not TranslationState.SOURCE)
"""States by which lines may be picked."""

PACE = "mixed"
"""The pace by which seconds are reckoned: for listeners in their second language."""

_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What goes to a translator."""

    source: LanguageTag
    target: LanguageTag
    rows: tuple[Row, ...]
    skipped: tuple[str, ...] = ()
    """Segments whose source has errors: nobody should translate them yet."""


def make_sheet(
    workspace: Workspace,
    language: LanguageTag,
    *,
    segments: Sequence[str] = (),
    only: Collection[str] = (),
) -> Sheet:
    """Gather the lines of one language.

    Args:
        workspace: as read.
        language: of the translation.
        segments: ids in the order wanted; empty for all.
        only: states of lines to take, of STATES; empty for every line.
    """
    rows: list[Row] = []
    skipped = []
    for segment in segments or workspace.segments:
        opened = open_translation(workspace, segment, language)
        if opened is None:
            skipped.append(segment)
            continue
        rows += [row for row in rows_of(workspace, opened) if not only or row.state.value in only]
    return Sheet(
        source=workspace.network.source_language,
        target=language,
        rows=tuple(rows),
        skipped=tuple(skipped),
    )


def rows_of(workspace: Workspace, opened: OpenTranslation) -> Iterator[Row]:
    """Give the rows of one segment, title first."""
    segment = workspace.segments[opened.segment]
    tag = opened.source.language
    seconds = [0.0, *(_seconds(sentence, tag) for sentence in opened.source.sentences)]
    texts, ids = opened.texts, opened.ids
    for line in opened.comparison.lines:
        place = line.place
        notes = (
            _about(segment, sum(seconds))
            if place == 0
            else _readings(workspace, texts[place], opened.language)
        )
        notes += _terms(workspace, texts[place], tag, opened.language)
        notes = [*_speaker(opened, place), *notes]
        yield Row(
            id=ids[place],
            segment=opened.segment,
            place=place,
            line=line.line,
            source=texts[place],
            last=opened.cell(place),
            before=line.before,
            note="\n".join(notes),
            seconds=seconds[place],
            state=opened.state_of(line),
        )


def _speaker(opened: OpenTranslation, place: int) -> list[str]:
    """Say who says a line of a dialogue; the label is put before the words by the import."""
    name = opened.speaker(place)
    if not name:
        return []
    own, other = opened.speakers.label(name, opened.source.language), opened.label(place)
    return [f"speaker: {own} = {other or '?'}; write the words only"]


def _seconds(sentence: Sentence, language: LanguageTag) -> float:
    """Give how long a sentence takes: figures count as the words in which they are said."""
    return len(words_of(sentence.spoken)) * 60 / words_per_minute(PACE, language)


def _about(segment: Segment, seconds: float) -> list[str]:
    """Say what a segment is, beside its title."""
    notes = [f"title; not spoken. {segment.kind.value}, {seconds:.0f} s in all"]
    if segment.audiences:
        notes.append("for: " + ", ".join(segment.audiences))
    notes.append(f"message: {segment.key_message}")
    if segment.call_to_action:
        notes.append(f"what to do: {segment.call_to_action}")
    return notes


def _readings(workspace: Workspace, text: str, language: LanguageTag) -> list[str]:
    """Say how each placeholder of a line reads in the translation."""
    notes = []
    for written in dict.fromkeys(mark.written for mark in find_placeholders(text)):
        found = resolve(
            written,
            file="",
            line=0,
            language=language,
            book=workspace.factbook,
            findings=Findings(),
        )
        words = found.text.translate(_ISOLATES) if found else "?"
        notes.append(f"{written} = {words}")
    return notes


def _terms(workspace: Workspace, text: str, source: LanguageTag, target: LanguageTag) -> list[str]:
    """Say how the concepts of a line that must not be confused are said in the translation."""
    terms = workspace.style.terms
    table = terms.of(source)
    found = table.find(text) if table is not None else None
    notes = []
    for concept in sorted(found.concepts) if found is not None else ():
        own = terms.concept(concept).spoken_in(target)
        if found is not None and own is not None and own.use:
            notes.append(f"say: {found.said[concept]} = {first_form(own.use[0])}")
    return notes


def render_sheet(sheet: Sheet, form: str, *, project: str, dated: date) -> bytes:
    """Write a sheet in one of FORMATS.

    Args:
        sheet: the lines.
        form: one of FORMATS.
        project: id of the network, for the header of PO.
        dated: the day of the export, for the header of PO.

    Raises:
        ProductionError: there is no such form, or a line is too long for it.
    """
    if form == "csv":
        return render_csv(table_of(sheet.rows, source=sheet.source, target=sheet.target))
    if form == "xlsx":
        from scripts.sheet_writing import render_xlsx

        return render_xlsx(
            table_of(sheet.rows, source=sheet.source, target=sheet.target),
            source=sheet.source,
            target=sheet.target,
            instructions=instructions(sheet.target, sheet.source),
        )
    if form == "po":
        from scripts.po_text import render_po

        return render_po(
            sheet.rows, source=sheet.source, target=sheet.target, project=project, dated=dated
        )
    raise ProductionError(
        f"there is no form {form}",
        remedy="the forms are " + ", ".join(FORMATS),
        code=ExitCode.USAGE,
    )


@cache
def _texts() -> dict[str, dict[str, list[str]]]:
    return read_toml(package_file("scripts", "data/translation_instructions.toml"))


def instructions(target: LanguageTag, source: LanguageTag) -> list[str]:
    """Give a workbook's instructions, in the translator's language where there are some."""
    name = language_named(target)
    lines = [f"{name.endonym} / {name.english} ({target})"]
    for tag in dict.fromkeys((target, source, LanguageTag("en"))):
        text = _texts().get(tag.partition("-")[0])
        if text is not None and len(lines) < 30:
            lines += ["", *text["lines"]]
    return lines
