"""Cuts spoken sentences into cues that a person can read: two short lines, ended at a clause.

A sentence is as long as its sound; a cue is what fits on a screen. Where a sentence needs
several cues they share its time by their letters. The groups of a telephone number are never
parted, neither over lines nor over cues.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from programme.editions import Caption
from programme.units import DurationMs

ROWS = 2

_NUMBER_GROUP = re.compile(r"[+(]*\d[\d().,/\-]*\Z")
_NUMBER_GOES_ON = re.compile(r"[(]?\d")
_CLAUSE_END = re.compile(r"[,;:.!?…—–،؛؟۔፣፤፥።၊។、，；：。][\"'»”’)\]]*\Z")

_BREAK = re.compile(r"[\t\n \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+")
"""White space at which a line may end: no-break spaces (« », 10 000) hold."""

_CLAUSE_BONUS = 0.2
"""How far from the ideal place, as a share of the sentence, a clause's end is still preferred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What is shown at once."""

    start_ms: DurationMs
    end_ms: DurationMs
    lines: tuple[str, ...]
    """One or two; longer than asked for only where a single word is."""


def cues(captions: Sequence[Caption], *, width: int) -> Iterator[Cue]:
    """Give the cues of captions in order; a caption without words gives none.

    Args:
        captions: in order, not overlapping.
        width: letters that a line should hold.

    Raises:
        ValueError: a caption ends before it begins, or begins before the last one ended.
    """
    now_ms = DurationMs(0)
    for caption in captions:
        if caption.start_ms < now_ms or caption.end_ms <= caption.start_ms:
            raise ValueError(f"caption at {caption.start_ms} ms is out of order")
        now_ms = caption.end_ms
        words = _words(caption.text)
        if words:
            yield from _share(caption, list(_pieces(words, width)), width)


def split_words(text: str) -> list[str]:
    """Give the words of a text, split where a line may end; no-break spaces stay in them."""
    return [word for word in _BREAK.split(text) if word]


def _words(text: str) -> list[str]:
    """Split at white space, keeping the groups of a number together."""
    words: list[str] = []
    for word in split_words(text):
        if words and _NUMBER_GOES_ON.match(word) and _ends_in_number(words[-1]):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words


def _ends_in_number(word: str) -> bool:
    return _NUMBER_GROUP.match(word.rpartition(" ")[2]) is not None


def _pieces(words: list[str], width: int) -> Iterator[list[str]]:
    if len(words) < 2 or _fits(words, width):
        yield words
        return
    total = _length(words)
    parts = max(2, -(-total // (ROWS * width)))
    ideal = total * (parts // 2) / parts
    best = min(range(1, len(words)), key=lambda i: _badness(words, i, ideal, total))
    yield from _pieces(words[:best], width)
    yield from _pieces(words[best:], width)


def _badness(words: list[str], index: int, ideal: float, total: int) -> float:
    distance = abs(_length(words[:index]) - ideal) / total
    return distance - (_CLAUSE_BONUS if _CLAUSE_END.search(words[index - 1]) else 0.0)


def _fits(words: list[str], width: int) -> bool:
    lines = _lines(words, width)
    return all(len(line) <= width for line in lines)


def _lines(words: list[str], width: int) -> tuple[str, ...]:
    """Lay words out on one line, or on two of about the same length."""
    if _length(words) <= width or len(words) == 1:
        return (" ".join(words),)
    best = min(range(1, len(words)), key=lambda i: max(_length(words[:i]), _length(words[i:])))
    return " ".join(words[:best]), " ".join(words[best:])


def _length(words: list[str]) -> int:
    return sum(len(word) for word in words) + len(words) - 1


def _share(caption: Caption, pieces: list[list[str]], width: int) -> Iterator[Cue]:
    length_ms = caption.end_ms - caption.start_ms
    if length_ms < len(pieces):  # too short to be parted: shown whole
        pieces = [[word for piece in pieces for word in piece]]
    total = sum(_length(piece) for piece in pieces)
    said, start_ms = 0, caption.start_ms
    for left, piece in zip(range(len(pieces) - 1, -1, -1), pieces, strict=True):
        said += _length(piece)
        shared = caption.start_ms + round(length_ms * said / total)
        end_ms = DurationMs(min(max(shared, start_ms + 1), caption.end_ms - left))
        yield Cue(start_ms=start_ms, end_ms=end_ms, lines=_lines(piece, width))
        start_ms = end_ms
