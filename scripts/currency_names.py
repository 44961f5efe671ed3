"""Which currency a word names: people write pesos where a placeholder asks for MXN."""

from collections.abc import Mapping
from functools import cache

from programme.units import LanguageTag
from scripts.counted import currencies
from scripts.spoken_tables import languages, table
from scripts.term_words import fold

_LEAST_LETTERS = 3
"""Shorter words of a name, such as de, name no currency."""


def currencies_named(word: str, language: LanguageTag) -> tuple[str, ...]:
    """Give the codes of the currencies that a word may name, in the order of the list.

    Looked for in the language first, then in every other: the whole name (euros), else a word of
    it (pesos, which six countries pay with). Case and accents do not count.

    Args:
        word: what somebody wrote in place of a code.
        language: of the script.
    """
    folded = fold(word)
    if len(folded) < _LEAST_LETTERS:
        return ()
    others = [tag for tag in languages() if table(tag) is not table(language)]
    for tag in (language, *others):
        names = _names(tag)
        whole = [code for code, forms in names.items() if folded in forms]
        parts = [code for code, forms in names.items() if any(folded in f.split() for f in forms)]
        if whole or parts:
            return tuple(whole or parts)
    return ()


@cache
def _names(language: LanguageTag) -> Mapping[str, frozenset[str]]:
    """Give the folded names of every currency that a language has words for, in any number."""
    words = table(language)
    nouns = words.money.currencies if words else {}
    return {
        code: frozenset(fold(form) for form in nouns[code].words.values())
        for code in currencies()
        if code in nouns
    }
