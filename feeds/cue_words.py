"""The parts of a sentence between which a line of a caption may end.

Never inside a telephone number's groups, nor inside what a placeholder stood for (a date, an
amount, a name) where that fits on a line. Scripts without spaces end lines between two signs
(Chinese, Japanese) or only at their spaces (Thai, Khmer, Lao, Burmese: nobody here knows their
words apart).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from feeds.cue_limits import letters

_BREAK = re.compile(r"[\t\n \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+")
"""White space at which a line may end: no-break spaces (« », 10 000) hold."""
_SIGN = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_SIGNS = re.compile(
    rf"(?<=[{_SIGN}、。，．！？：；）」』】》])(?=[{_SIGN}（「『【《])(?![ぁぃぅぇぉっゃゅょァィゥェォッャュョー])"
)
_MARKS = "\u200e\u200f\u2066-\u2069"
_GROUP = rf"[{_MARKS}]*[(]?\d[\d().,/\-{_MARKS}]*"
_NUMBER = re.compile(rf"[{_MARKS}]*[+(]*{_GROUP}(?:\s+{_GROUP})+")
_CLAUSE_END = re.compile(r"[,;:.!?…—–،؛؟۔፣፤፥።၊။、，；：。！？][\"'»”’)\]」』\u200e\u200f\u2069]*\Z")
_SHORT_WORD = 3
"""Letters of a word that mostly leans on the next one: articles, prepositions."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sentence that stays on one line."""

    start: int
    """Index of its first character in the text."""
    text: str
    """White space inside folded."""
    letters: int
    is_spaced: bool
    """Whether a space stands before it."""
    is_clause_end: bool
    leans: bool
    """Whether it is better not to end a line behind it."""


def split_words(text: str) -> list[str]:
    """Give the words of a text, split where a line may end; no-break spaces stay in them."""
    return [word for word in _BREAK.split(text) if word]


def split_parts(text: str, kept: Sequence[tuple[int, int]], *, longest: int) -> tuple[Part, ...]:
    """Cut a sentence wherever a line may end.

    Args:
        text: of one sentence.
        kept: stretches that are not parted where they have at most ``longest`` letters.
        longest: letters in a line.
    """
    whole = [match.span() for match in _NUMBER.finditer(text)]
    stretches = [_with_signs(text, start, end) for start, end in kept]
    whole += [(start, end) for start, end in stretches if letters(text[start:end]) <= longest]
    return _parts(text, tuple(whole))


def _with_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch by the signs that stand against it, such as its full stop."""
    while start and not (text[start - 1].isspace() or text[start - 1].isalnum()):
        start -= 1
    while end < len(text) and not (text[end].isspace() or text[end].isalnum()):
        end += 1
    return start, end


@lru_cache(maxsize=1024)
def _parts(text: str, whole: tuple[tuple[int, int], ...]) -> tuple[Part, ...]:
    """Cut a text; an edition's sentences are cut for WebVTT, and then once more for SRT."""
    found: list[Part] = []
    breaks = [match.span() for match in _BREAK.finditer(text)]
    breaks += [match.span() for match in _BETWEEN_SIGNS.finditer(text)]
    breaks = [gap for gap in sorted(breaks) if not any(s < gap[1] and gap[0] < e for s, e in whole)]
    start, is_spaced = 0, False
    for gap_start, gap_end in [*breaks, (len(text), len(text))]:
        said = " ".join(split_words(text[start:gap_start]))
        if said:
            is_end = _CLAUSE_END.search(said) is not None
            count = letters(said)
            last = said.rpartition(" ")[2]
            found.append(
                Part(
                    start=start,
                    text=said,
                    letters=count,
                    is_spaced=is_spaced,
                    is_clause_end=is_end,
                    leans=not is_end and letters(last) <= _SHORT_WORD and last.isalpha(),
                )
            )
            is_spaced = False
        is_spaced = is_spaced or gap_end > gap_start
        start = gap_end
    return tuple(found)


def phrase_starts(text: str) -> list[int]:
    """Give where each phrase of a sentence begins: at its start and behind each clause end."""
    starts = [0]
    for match in _BREAK.finditer(text):
        before = text[starts[-1] : match.start()].rpartition(" ")[2]
        is_end = _CLAUSE_END.search(before) is not None
        if is_end and letters(text[starts[-1] : match.start()].strip()) and match.end() < len(text):
            starts.append(match.end())
    return starts
