"""One row that came back: what is wrong with its cell, seen beside the line that it translates."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from programme.findings import Severity
from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.normal_text import normal
from scripts.placeholders import PLACEHOLDER, find_placeholders
from scripts.rules_letters import script_of, writing_of
from scripts.script_layout import part_marks
from scripts.translation_files import OpenTranslation
from scripts.translation_lines import normal_line
from scripts.translation_sheet import (
    JOINED,
    Noter,
    Returned,
    cell_digest,
    lines_of_cell,
    same_cell,
)
from scripts.wording import shown

_LETTERS = re.compile(r"[^\W\d_]")
_LOST_LETTER = re.compile(r"[^\W\d_]\?[^\W\d_]|\?\?[^\W\d_]")
"""What is left where an encoding had no such letter."""
UNSEEN = frozenset({TranslationState.STALE, TranslationState.UNCONFIRMED})
"""States of a line in which words that came back as they went out confirm nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a row says of one line of the source."""

    place: int
    number: int
    """Its row in the file."""
    lines: tuple[str, ...]
    """What is to be said; empty where it is said with the line before."""
    is_new: bool
    """Whether the words differ from those in the workspace."""
    is_confirmed: bool
    """Whether the translator looked at the line as the source says it now."""


def read_cell(
    opened: OpenTranslation, place: int, row: Returned, *, confirms: bool, note: Noter
) -> Cell | None:
    """Judge one row; None where it says nothing, or what it says cannot be taken.

    Args:
        opened: the translation that the row belongs to.
        place: of the line in the source; 0 is the title.
        row: as it came back.
        confirms: whether words that were left as they were count as looked at.
        note: takes what is wrong.
    """
    line = opened.comparison.lines[place]
    state = opened.state_of(line)
    present = opened.cell(place)
    if row.unsure or not row.target.strip():
        what = "marked as not finished" if row.unsure else "not translated"
        note("translation.row-empty", f"{what}: it stays as it is", "nothing, or translate it",
             Severity.INFO)  # fmt: skip
        return None
    if row.last is not None and row.last != cell_digest(present):
        if row.last == cell_digest(row.target):
            note(
                "translation.row-empty",
                f"left as it was, and {opened.file} says something else now: it stays",
                "nothing",
                Severity.INFO,
            )
            return None
        if same_cell(row.target, present):
            row = replace(row, last=None)
    if row.last is not None and row.last != cell_digest(present):
        note(
            "translation.row-overwritten",
            f"{opened.file} says something else since the sheet went out: {shown(present)}",
            "export again, and put this row's words into the new sheet",
        )
        return None
    lines = _without_labels(opened, place, lines_of_cell(row.target), note)
    if lines is None or not _is_whole(opened.texts[place], place, lines, opened.language, note):
        return None
    is_new = not same_cell("\n".join(lines) or JOINED, present)
    seen = is_new or confirms or state not in UNSEEN
    if not seen:
        changed = "changed" if state is TranslationState.STALE else "was never confirmed"
        note(
            "translation.row-untouched",
            f"the source {changed}, and the translation is as it was before",
            "correct it; if it still says the same, import with --confirm",
            Severity.WARNING,
        )
    return Cell(place=place, number=row.number, lines=lines, is_new=is_new, is_confirmed=seen)


def _without_labels(
    opened: OpenTranslation, place: int, typed: Sequence[str], note: Noter
) -> tuple[str, ...] | None:
    """Give the words of a cell; None where a label stands in it that is not the line's own."""
    texts = [normal(text, opened.language) for text in typed]
    labels = opened.speakers.labels(opened.language)
    lines = []
    for text in texts:
        cue = labels.cue(text) if place else None
        if cue is not None and (cue.speaker != opened.speaker(place) or not cue.words):
            says = opened.label(place) or "the usual voice"
            note(
                "translation.row-speaker",
                f"the cell gives this line to {cue.label}, and the source to {says}"
                if cue.words
                else f"a label without words: {cue.label}",
                "write the words only: the label is put before them when the sheet is imported",
            )
            return None
        lines.append(text if cue is None else cue.words)
    return tuple(lines)


def is_line(cell: str, text: str) -> bool:
    """Tell whether a source cell is this line, also where an encoding made letters to ``?``."""
    cell, text = normal_line(cell), normal_line(text)
    return cell == text or (
        "?" in cell
        and len(cell) == len(text)
        and all(a == b or (a == "?" and not b.isascii()) for a, b in zip(cell, text, strict=True))
    )


def _is_whole(
    source: str, place: int, lines: tuple[str, ...], language: LanguageTag, note: Noter
) -> bool:
    """Tell whether the words of a cell can be put into a script at all."""
    if not lines and place < 2:
        note(
            "translation.row-joined",
            f"{JOINED} says that it is said with the line before, and there is none",
            "translate it here",
        )
        return False
    if place == 0 and len(lines) > 1:
        note("translation.row-title", "a title of more than one line", "write it in one line")
        return False
    for text in lines:
        if part_marks(text)[1]:
            note(
                "translation.row-mark",
                "a sheet cannot silence a rule",
                "take {{allow ...}} out; it is written into the script file",
            )
            return False
        if text.startswith(("<!--", "#")):
            note(
                "translation.row-markup",
                f"this would not be spoken: {shown(text)}",
                "write plain words only",
            )
            return False
    for text in lines:
        if _LOST_LETTER.search(PLACEHOLDER.sub("", text)):
            note(
                "translation.row-letters",
                f"a question mark inside a word: {shown(text)}",
                "the sheet was saved in an encoding without this language's letters: save it as "
                "XLSX, or as CSV UTF-8, and look at every row",
            )
            return False
    _check_script(lines, language, note)
    _check_same(source, lines, note)
    return True


def _check_script(lines: tuple[str, ...], language: LanguageTag, note: Noter) -> None:
    """Note words in letters that the language is not written in, such as all of them Latin."""
    own = writing_of(language).scripts - {"LATIN"}
    letters = _LETTERS.findall(PLACEHOLDER.sub(" ", " ".join(lines)))
    if not own or not letters or any(script_of(letter) in own for letter in letters):
        return
    names = sorted({script_of(letter).lower() for letter in letters})
    note(
        "translation.row-script",
        f"no letter of {language} in it, only {', '.join(names)}",
        "write it in the language of the sheet, or look whether the columns were changed round",
    )


def _check_same(source: str, lines: tuple[str, ...], note: Noter) -> None:
    if len(source.split()) > 2 and normal_line(" ".join(lines)) == normal_line(source):
        note(
            "translation.row-same",
            "the translation is the source, word for word",
            "translate it, or leave the cell empty",
            Severity.WARNING,
        )


def check_placeholders(
    opened: OpenTranslation, cells: dict[int, Cell], notes: dict[int, Noter]
) -> bool:
    """Note placeholders that a row lost, added or changed; True where none did.

    What one row lost and another gained was moved: that is only a warning.
    """
    said = _said(opened, cells)
    given = {place: _marks("\n".join(cells[place].lines)) for place in cells}
    all_said = sum(said.values(), Counter[str]())
    all_given = sum(given.values(), Counter[str]())
    whole = True
    for place in cells:
        lost = sorted((said[place] - given[place]).elements())
        added = sorted((given[place] - said[place]).elements())
        if not lost and not added:
            continue
        if all_said == all_given:
            moved = ", ".join(_written(key) for key in lost or added)
            notes[place](
                "translation.row-placeholder-moved",
                f"{moved} is in another row than in the source",
                "look whether it is said where it belongs",
                Severity.WARNING,
            )
            continue
        whole = False
        for gone, new in zip(lost, added, strict=False):
            notes[place](
                "translation.row-placeholder",
                f"{_written(gone)} became {_written(new)}",
                f"write {_written(gone)} exactly as in the source",
            )
        for gone in lost[len(added) :]:
            notes[place](
                "translation.row-placeholder",
                f"{_written(gone)} is missing",
                "put it where it is said, exactly as in the source",
            )
        for new in added[len(lost) :]:
            notes[place](
                "translation.row-placeholder",
                f"{_written(new)} is not in the source line",
                "take it out",
            )
    return whole


def _said(opened: OpenTranslation, cells: dict[int, Cell]) -> dict[int, Counter[str]]:
    """Give what each row must say; what is said with the line before counts there."""
    said = {place: _marks(opened.texts[place]) for place in cells}
    for place in sorted(cells, reverse=True):
        if not cells[place].lines and place - 1 in said:
            said[place - 1] += said[place]
            said[place] = Counter()
    return said


def _marks(text: str) -> Counter[str]:
    return Counter(
        mark.key if mark.kind else unicodedata.normalize("NFC", mark.written)
        for mark in find_placeholders(text)
    )


def _written(key: str) -> str:
    return key if key.startswith("{{") else f"{{{{{key}}}}}"
