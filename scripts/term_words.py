"""Words as terminology compares them, and the patterns in which terms are written.

A pattern is a phrase with choices in brackets: ``(|in)migrante(|s) ilegal(|es)``. Its first
choices make the form that is shown to people.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, product
from math import prod
from typing import TypeAlias

MOST_FORMS = 2000
"""Forms of one pattern: more is a mistake, or an attack on memory."""
MOST_CHARACTERS = 1000
"""In one pattern."""

_MOST_DEPTH = 6
"""Brackets within brackets, the whole counted."""

_Sequence: TypeAlias = "list[str | list[_Sequence]]"
"""Texts, and choices of such sequences."""
_BRACKETS = re.compile(r"([()|])")
_MARKS = re.compile("[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]+")
"""Accents, and the vowel signs and the stretch of Arabic, which most people do not write."""
_SIGNS = "!-/:-@\\[-`{-¡§«¶·»¿‐-‟†-…‰‹›।॥،؛؟۔٪٫٬、。，！？：；（）「」"
_WORD = re.compile(f"[^\\s{_SIGNS}]+|[{_SIGNS}]")
"""A run of what is neither space nor punctuation: marks stay with their letters, which the
usual class of word characters tears apart, and so does U+02BC in Mayan languages."""
_ALIKE = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-"})
_OPENS, _CLOSES = frozenset("«“„"), frozenset("»”")


def fold(text: str) -> str:
    """Give the text in lower case and without accents, for comparing."""
    if text.isascii():
        return text.lower()
    folded = _MARKS.sub("", unicodedata.normalize("NFD", text.casefold()))
    return folded if folded.isascii() else folded.translate(_ALIKE)


def words_and_signs(text: str) -> list[str]:
    """Give the folded words and signs of a text, in order."""
    return [*chain.from_iterable(map(parts_of, text.split()))]


def written_words(text: str) -> list[str]:
    """Give the same words and signs as they are written."""
    return [*chain.from_iterable(map(_written_parts, text.split()))]


@lru_cache(maxsize=32_768)
def parts_of(token: str) -> tuple[str, ...]:
    """Give the folded words and signs of a token; texts repeat their words: answers are kept."""
    return tuple(_WORD.findall(fold(token)))


@lru_cache(maxsize=32_768)
def _written_parts(token: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(token))


def is_sign(word: str) -> bool:
    """Tell whether this is a punctuation mark and no word."""
    return len(word) == 1 and not word.isalnum()


def quoted_places(words: Sequence[str]) -> frozenset[int]:
    """Give the places of the words that stand between quotation marks.

    Quotation marks are « », “ ”, „ ” and ", which closes what it opened; nothing else quotes,
    because an apostrophe looks like a single quotation mark.
    """
    places: set[int] = set()
    depth, straight = 0, False
    for at, word in enumerate(words):
        if word in _CLOSES:
            depth = max(0, depth - 1)
        elif word in _OPENS:
            depth += 1
        elif word == '"':
            straight = not straight
        elif depth or straight:
            places.add(at)
    return frozenset(places)


def expand(pattern: str) -> Iterator[str]:
    """Give every form of a pattern such as ``(|in)migrante(|s) ilegal(|es)``.

    Raises:
        ValueError: brackets left open or too deep, too long, or more than 2000 forms.
    """
    yield from _forms(_parsed(pattern))


def phrases(patterns: Sequence[str]) -> list[tuple[str, ...]]:
    """Give the folded words of every form of every pattern, once each, sorted.

    Raises:
        ValueError: a pattern is none.
    """
    forms = {form for pattern in patterns for form in expand(fold(pattern))}
    return sorted({tuple(_WORD.findall(form)) for form in forms} - {()})


def first_form(pattern: str) -> str:
    """Give the form of a pattern that is shown to people: the first choice of each bracket."""
    return " ".join(next(expand(pattern)).split())


def count_forms(pattern: str) -> int:
    """Give the number of a pattern's forms without making them.

    Raises:
        ValueError: as ``expand``.
    """
    return _count(_parsed(pattern))


def check_pattern(pattern: str) -> None:
    """Refuse what is no pattern.

    Raises:
        ValueError: as ``expand``, or there is no word in one of the forms.
    """
    for form in expand(fold(pattern)):
        if not any(char.isalnum() for char in form):
            raise ValueError(f"one of its forms holds no word: {pattern}")


def literal(term: str) -> str:
    """Give a term as a pattern that means itself: brackets and strokes become spaces."""
    return " ".join(re.sub(r"[()|]", " ", term).split())


def as_regex(pattern: str) -> str:
    """Give a pattern as a regular expression of RE2 and Go; letters match without accents too.

    Raises:
        ValueError: the pattern is none.
    """
    _parsed(pattern)
    parts = []
    for char in pattern:
        bare = fold(char) if char.isalpha() else char
        if char == "(":
            parts.append("(?:")
        elif char in "|)":
            parts.append(char)
        elif char in "'’":
            parts.append("['’]")
        elif bare != char.lower() and len(bare) == 1:
            parts.append(f"[{char}{bare}]")
        elif char.isalnum() or char in " -":
            parts.append(char)
        else:
            parts.append(re.escape(char))
    return "".join(parts)


def _parsed(pattern: str) -> _Sequence:
    if len(pattern) > MOST_CHARACTERS:
        raise ValueError(f"more than {MOST_CHARACTERS} characters: too many forms")
    try:
        whole = _nested(_BRACKETS.split(pattern))
    except IndexError as error:
        raise ValueError(f"brackets do not match: {pattern}") from error
    count = _count(whole)
    if count > MOST_FORMS:
        raise ValueError(f"too many forms, {count}: {pattern}")
    return whole


def _nested(parts: list[str]) -> _Sequence:
    """Give the tree of a pattern.

    Raises:
        IndexError: brackets do not match or stand too deep, or a stroke stands outside of them.
    """
    outer: list[list[_Sequence]] = []
    choice: list[_Sequence] = [[]]
    for part in parts:
        if part == "(":
            outer.append(choice)
            choice = [[]]
        elif part == ")":
            outer[-1][-1].append(choice)
            choice = outer.pop()
        elif part == "|":
            choice = [*choice, []]
        elif part:
            choice[-1].append(part)
        if len(outer) >= _MOST_DEPTH:
            raise IndexError
    if outer or len(choice) > 1:
        raise IndexError
    return choice[0]


def _count(sequence: _Sequence) -> int:
    return prod(1 if isinstance(part, str) else sum(map(_count, part)) for part in sequence)


def _forms(sequence: _Sequence) -> Iterator[str]:
    choices = [
        (part,) if isinstance(part, str) else [form for one in part for form in _forms(one)]
        for part in sequence
    ]
    for chosen in product(*choices):
        yield "".join(chosen)
