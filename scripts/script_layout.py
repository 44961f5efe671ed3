"""The lines of a script file as they were typed: words, remarks and paragraphs, unjudged.

For tools that read or rewrite a script whatever faults it has. What may be said is judged by
script_file; a file that it takes gives the same sentences here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from programme.speakers import USUAL
from programme.units import LanguageTag
from scripts.dialogue import Turn
from scripts.normal_text import normal
from scripts.placeholders import fold_spaces
from scripts.speakers import NO_LABELS, Cue, Labels

_ALLOWANCE = re.compile(r"\{\{\s*allow\b[^{}]*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """One line that says something."""

    number: int
    """Counted from 1."""
    words: str
    """Without marks that silence rules; spaces folded, letters as script_file has them."""
    marks: str = ""
    """The marks that silence rules on this line; empty for most."""
    remarks: tuple[str, ...] = ()
    """Lines before it that say nothing: comments, and marks for the text as a whole."""
    paragraph: int = 0
    """Counted from 0; only those in which something is said."""
    speaker: str = USUAL
    """Id of who says it."""
    label: str = ""
    """As it stands before the words, or alone on the line before them; empty where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A script file taken apart."""

    title: TypedLine | None
    """None where the file begins without one."""
    lines: tuple[TypedLine, ...]
    remarks: tuple[str, ...] = ()
    """After the last line."""


NOTHING = Layout(title=None, lines=())
"""The layout of a file that is not there."""


def read_layout(text: str, language: LanguageTag, labels: Labels = NO_LABELS) -> Layout:
    """Take a script file apart; nothing is a fault here.

    Args:
        text: of the file.
        language: that it is written in.
        labels: of the speakers in this language.
    """
    text = normal(text.removeprefix("\ufeff"), language)
    title: TypedLine | None = None
    lines: list[TypedLine] = []
    remarks: list[str] = []
    paragraph = 0
    broken = False
    turn, place, alone = Turn(), 0, None
    for number, written in enumerate(_split(text), start=1):
        raw = written.strip(" \t\u00a0")
        words, marks = part_marks(raw)
        place += not raw
        if not raw:
            broken = True
        elif raw.startswith("<!--") or not words:
            remarks.append(raw)
        elif title is None and not lines and raw[:1] == "#" and raw[1:2] in {" ", "\t", ""}:
            title = TypedLine(
                number=number,
                words=fold_spaces(words[1:]),
                marks=marks,
                remarks=tuple(remarks),
            )
            remarks, broken = [], False
        else:
            cue = labels.cue(words)
            if place != turn.paragraph:
                alone = None
            speaker = turn.of(place, cue)
            if cue is not None and not cue.words:
                alone = cue
                continue
            paragraph += bool(lines) and broken
            lines.append(
                TypedLine(
                    number=number,
                    words=fold_spaces(cue.words if cue else words),
                    marks=marks,
                    remarks=tuple(remarks),
                    paragraph=paragraph,
                    speaker=speaker,
                    label=_label(cue, alone),
                )
            )
            remarks, broken, alone = [], False, None
    return Layout(title=title, lines=tuple(lines), remarks=tuple(remarks))


def _label(cue: Cue | None, alone: Cue | None) -> str:
    """Give the label of a line: its own, or that of the line before it."""
    found = cue or alone
    return found.label if found is not None else ""


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def part_marks(raw: str) -> tuple[str, str]:
    """Part a line into its words and the marks that silence rules on it."""
    if "{{" not in raw or "allow" not in raw:
        return raw, ""
    marks = " ".join(match[0] for match in _ALLOWANCE.finditer(raw))
    return (fold_spaces(_ALLOWANCE.sub(" ", raw)), marks) if marks else (raw, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A script file, and where each of its lines came to stand."""

    text: str
    layout: Layout
    """The same lines with their numbers in the text."""


def compose(layout: Layout) -> Composed:
    """Write a script file: title, blank line, paragraphs parted by blank lines, remarks kept."""
    out: list[str] = []
    title = layout.title
    if title is not None:
        out += [*title.remarks, _joined(f"# {title.words}", title.marks)]
        title = replace(title, number=len(out))
        out.append("")
    placed: list[TypedLine] = []
    for line in layout.lines:
        if placed and line.paragraph != placed[-1].paragraph:
            out.append("")
        said = f"{line.label}: {line.words}" if line.label else line.words
        out += [*line.remarks, _joined(said, line.marks)]
        placed.append(replace(line, number=len(out)))
    out += layout.remarks
    return Composed(
        text="\n".join(out).rstrip("\n") + "\n",
        layout=Layout(title=title, lines=tuple(placed), remarks=layout.remarks),
    )


def _joined(words: str, marks: str) -> str:
    return f"{words} {marks}" if marks else words


def sentences_of(lines: Sequence[TypedLine]) -> list[str]:
    """Give the words of lines."""
    return [line.words for line in lines]
