"""What the tokens of one language mean to the rules about words: to most of them nothing.

Texts repeat their words, and of most words no rule has anything to say. So a text is held against
the tokens that were looked at before, in one difference of sets; rules then look only for what is
left of it, and only in the sentences that say it.
"""

from collections.abc import Set as AbstractSet
from enum import StrEnum
from functools import cache
from itertools import chain

from programme.units import LanguageTag
from scripts.address_words import addresses
from scripts.phrases import PhraseTable
from scripts.plain_words import plain_words
from scripts.rules_words import Word, words_in
from scripts.syllables import count_all, counts_syllables
from scripts.term_words import fold

OF_FEW_KINDS = frozenset({"cost", "deadline", "myth", "where"})
"""Groups of phrases that are asked of procedures and myths only, and said in every other text."""
MOST_SYLLABLES = 4
"""Words of more are listed, so that somebody looks at them."""

_MOST_KEPT = 65_536
"""Tokens of one language that are kept."""


class Use(StrEnum):
    """What a token is looked for."""

    PHRASE = "phrase"
    """It holds a word by which phrases are kept."""
    PHRASE_OF_FEW_KINDS = "phrase-of-few-kinds"
    SUBORDINATE = "subordinate"
    AUXILIARY = "auxiliary"
    NOMINAL_VERB = "nominal-verb"
    INFORMAL = "informal"
    LONG = "long"
    """It holds a long word that not everybody knows."""
    NOT_ONE_WORD = "not-one-word"
    """It holds no word, or several with dashes between them."""

    __hash__ = str.__hash__  # that of enumerations is a line of Python, at every look-up


class WordLooks:
    """The tokens of one language that were looked at."""

    def __init__(self, language: str) -> None:
        """Know nothing yet; the language is a primary subtag."""
        words, address = plain_words(language), addresses().get(language)
        shapes = words.shapes if words is not None else None
        self._language = language
        self._known_long = shapes.known_long if shapes is not None else None
        self._counts = counts_syllables(LanguageTag(language))
        self._phrases: dict[Use, PhraseTable] = {}
        if words is not None:
            others = words.phrases.groups - OF_FEW_KINDS
            self._phrases[Use.PHRASE] = words.phrases.only(others)
            self._phrases[Use.PHRASE_OF_FEW_KINDS] = words.phrases.only(OF_FEW_KINDS)
        self._single: dict[Use, frozenset[str]] = {}
        if shapes is not None:
            self._single[Use.SUBORDINATE] = shapes.subordinate
            self._single[Use.AUXILIARY] = shapes.auxiliaries
            self._single[Use.NOMINAL_VERB] = shapes.nominal_verbs
        if address is not None:
            self._single[Use.INFORMAL] = address.informal
        self._looked_for = frozenset(chain.from_iterable(self._single.values()))
        self._idle: set[str] = set()
        self._loud: set[str] = set()
        self._used: dict[Use, set[str]] = {use: set() for use in Use}

    def over(self, tokens: AbstractSet[str]) -> AbstractSet[str]:
        """Give the tokens of a text of which a rule may have something to say."""
        loud = tokens - self._idle
        fresh = loud - self._loud
        if not fresh:
            return loud
        if len(self._idle) + len(self._loud) >= _MOST_KEPT:
            self._forget()
            fresh = {*tokens}
        for token in fresh:
            self._look(token)
        return tokens - self._idle

    def used(self, use: Use, loud: AbstractSet[str]) -> AbstractSet[str]:
        """Give the tokens of a text, as ``over`` gave them just now, that are of one use."""
        return self._used[use] & loud

    def phrases(self, use: Use) -> PhraseTable | None:
        """Give the phrases that are kept by such words; None where the language has none."""
        return self._phrases.get(use)

    def is_long(self, word: Word) -> bool:
        """Tell whether a word is long and not known to everybody."""
        if self._known_long is None or not self._counts:
            return False
        (count,) = count_all((word.lower,), self._language)
        return (
            count > MOST_SYLLABLES and fold(word.lower).rpartition("'")[2] not in self._known_long
        )

    def _look(self, token: str) -> None:
        words = words_in(token)
        uses = [] if len(words) == 1 else [Use.NOT_ONE_WORD]
        for word in words:
            if word.lower in self._looked_for:
                uses += [use for use, some in self._single.items() if word.lower in some]
            uses += [use for use, table in self._phrases.items() if table.may_find(word.folded)]
            if self.is_long(word):
                uses.append(Use.LONG)
        for use in uses:
            self._used[use].add(token)
        (self._loud if uses else self._idle).add(token)

    def _forget(self) -> None:
        for some in (self._idle, self._loud, *self._used.values()):
            some.clear()


@cache
def word_looks(language: str) -> WordLooks:
    """Give the one collection of a language's tokens."""
    return WordLooks(language)
