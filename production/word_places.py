"""Finds the words that a voice said in the words that a page shows.

A page shows ``800 123`` and ``5 de marzo`` where the voice is given words, and a lexicon respells
names for it. Words that both have alike are matched in order; where they differ, the first word
shown begins with the first word said, and nothing is claimed of the others.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher

from programme.sound import WordTime
from programme.units import DurationMs

_WORD = re.compile(r"\S+")
_BARE = re.compile(r"[\W_]+")


def place_words(text: str, given: str, heard: Sequence[WordTime]) -> tuple[WordTime, ...]:
    """Give when words of ``text`` begin, as far as that is known, in order.

    Args:
        text: as shown.
        given: as the voice was given it, to which the offsets of ``heard`` belong.
        heard: when it said which word, from the start of the take.

    Returns:
        Times from the start of the take, with offsets in ``text``; rising in both.
    """
    shown = [(match.start(), _bare(match.group())) for match in _WORD.finditer(text)]
    said = [(match.start(), _bare(match.group())) for match in _WORD.finditer(given)]
    shown = [word for word in shown if word[1]]
    said = [word for word in said if word[1]]
    offsets = [word.offset for word in heard]
    found: list[WordTime] = []
    for at, said_at in _pairs([word for _, word in shown], [word for _, word in said]):
        begin = said[said_at][0]
        end = said[said_at + 1][0] if said_at + 1 < len(said) else len(given)
        index = bisect_left(offsets, begin)
        if index == len(offsets) or offsets[index] >= end:
            continue  # the voice ran this word into the one before
        start_ms = heard[index].start_ms
        if found and start_ms <= found[-1].start_ms:
            continue
        found.append(WordTime(offset=shown[at][0], start_ms=DurationMs(start_ms)))
    return tuple(found)


def _bare(word: str) -> str:
    return _BARE.sub("", word).casefold()


def _pairs(shown: Sequence[str], said: Sequence[str]) -> list[tuple[int, int]]:
    """Give indexes of words that begin together."""
    if shown == said:
        return [(index, index) for index in range(len(shown))]
    pairs: list[tuple[int, int]] = []
    matcher = SequenceMatcher(None, shown, said, autojunk=False)
    for kind, at, end, said_at, said_end in matcher.get_opcodes():
        if kind == "equal":
            pairs += zip(range(at, end), range(said_at, said_end), strict=True)
        elif kind == "replace":
            pairs.append((at, said_at))
    return pairs
