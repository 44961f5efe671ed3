"""The lines of a script file: which are spoken, which are for colleagues, and what is allowed.

Part of reading a script, see script_file.
"""

from typing import NamedTuple

from programme.findings import Findings, Severity
from programme.speakers import USUAL
from programme.units import LanguageTag
from programme.words import Allowance, Sentence
from scripts.allowances import part_allowances
from scripts.factbook import FactBook
from scripts.house_style import HouseStyle
from scripts.word_table import WordTable

_new = tuple.__new__
"""Makes a named tuple in half the time, where there are a hundred thousand of them."""


class ScriptLine(NamedTuple):
    """One line that is spoken, or the title."""

    number: int
    raw: str
    paragraph: int
    """Counted over blank lines, also where nothing is said between them."""
    speaker: str = ""
    """Id of who says it; empty for the usual voice."""


_LINE, _RAW, _TEXT, _SPOKEN, _PARAGRAPH, _FACTS, _SPEAKER = (
    getattr(Sentence, name).__set__
    for name in ("line", "raw", "text", "spoken", "paragraph", "facts", "speaker")
)
"""Set the fields of a frozen value as its own ``__init__`` does, in a fourth of the time."""


def sentence_of(
    line: ScriptLine, *, raw: str, text: str, spoken: str, paragraph: int, facts: tuple[str, ...]
) -> Sentence:
    """Give the sentence that a line says: a large workspace has a hundred thousand of them."""
    made = object.__new__(Sentence)
    _LINE(made, line.number)
    _RAW(made, raw)
    _TEXT(made, text)
    _SPOKEN(made, spoken)
    _PARAGRAPH(made, paragraph)
    _FACTS(made, facts)
    _SPEAKER(made, line.speaker)
    return made


class ScriptDesk(NamedTuple):
    """What every check of one file needs; a tuple, which is made in a third of the time."""

    file: str
    """Path inside the workspace."""
    language: LanguageTag
    book: FactBook
    style: HouseStyle
    table: WordTable
    """What the style's lexicon says of the language's words."""
    findings: Findings
    allowed: list[Allowance]
    """Grows while the lines are read."""

    def note(
        self, line: int, rule: str, problem: str, remedy: str, severity: Severity = Severity.ERROR
    ) -> None:
        """Note one finding in this file."""
        self.findings.add(
            file=self.file,
            line=line,
            rule=rule,
            problem=problem,
            remedy=remedy,
            severity=severity,
        )


def lines_of(text: str, desk: ScriptDesk) -> list[ScriptLine]:
    """Give the lines that hold words, with the paragraph that they belong to."""
    found = []
    paragraph = 0
    for number, written in enumerate(text.split("\n"), start=1):
        # Control characters that Python takes for spaces stay, so that they are found.
        raw = written.strip(" \t\u00a0")
        if not raw:
            paragraph += 1
        elif raw.startswith("<!--"):
            _check_comment(raw, number, desk)
        else:
            words = _without_allowances(raw, number, desk) if "{{" in raw else raw
            if words:
                found.append(_new(ScriptLine, (number, words, paragraph, USUAL)))
    return found


def _without_allowances(raw: str, number: int, desk: ScriptDesk) -> str:
    """Give the line's own words, and keep what somebody allowed on it."""
    parted = part_allowances(raw, file=desk.file, line=number, findings=desk.findings)
    desk.allowed.extend(parted.allowed)
    return parted.words


def _check_comment(raw: str, number: int, desk: ScriptDesk) -> None:
    if len(raw) < len("<!---->") or raw.find("-->", 4) != len(raw) - 3:
        desk.note(
            number,
            "script.comment",
            "a comment that does not end at the end of its line",
            "begin and end each line of a comment with <!-- and -->, with no words after it",
        )


def split_title(
    lines: list[ScriptLine], desk: ScriptDesk
) -> tuple[ScriptLine | None, list[ScriptLine]]:
    """Part the heading from the sentences."""
    if lines and lines[0].raw.startswith("#") and lines[0].raw[1:2] in {" ", "\t", ""}:
        first = lines[0]
        return first._replace(raw=first.raw[1:].strip()), lines[1:]
    desk.note(
        lines[0].number if lines else 0,
        "script.no-title",
        "the script has no title",
        "begin the file with a line such as: # Pedir refugio es gratis",
    )
    return None, lines
