r"""Words of a sentence: how many there are, and how they are compared.

A word is what stands between spaces or dashes and holds a letter or a figure. ``\w`` is not
used for it: it breaks words at the marks of many scripts and at the apostrophes of Mayan
languages.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from programme.languages import SPACELESS
from programme.units import LanguageTag
from programme.words import Sentence
from scripts.term_words import fold

__all__ = [
    "SentenceWords",
    "Word",
    "counts_words",
    "fold",
    "fold_words",
    "folded_words",
    "openings",
    "pauses",
    "words_in",
    "words_of",
]

_DASHES = re.compile("[–—…]+")
_ENDS = "\"'«»“”‘’„‹›¿¡()[].,;:!?…،؛؟۔।-"


_MOST_KEPT = 32_768
"""Tokens whose parts are kept."""
_PAUSES = (",", ";", ":", ".", "!", "?", "،", "؛", "؟", "۔", "।")


class SentenceWords:
    """The words of one sentence, taken apart once for all rules; what is made of them when asked.

    Of most sentences nothing is asked but their tokens: there are a hundred thousand of them.
    """

    __slots__ = ("_folded", "_lower", "_parts", "_words", "sentence", "tokens")

    def __init__(self, sentence: Sentence) -> None:
        """Part the sentence at its spaces."""
        self.sentence = sentence
        self.tokens = sentence.text.split()
        self._parts: Sequence[Word] | None = None
        self._words: Sequence[str] | None = None
        self._lower: Sequence[str] | None = None
        self._folded: Sequence[str] | None = None

    @property
    def parts(self) -> "Sequence[Word]":
        """The words, each taken apart."""
        if self._parts is None:
            self._parts = [*chain.from_iterable(map(_WORDS.__getitem__, self.tokens))]
        return self._parts

    @property
    def words(self) -> Sequence[str]:
        """As written, without the punctuation around them."""
        if self._words is None:
            self._words = tuple([part.written for part in self.parts])
        return self._words

    @property
    def lower(self) -> Sequence[str]:
        """The same in lower case, accents and all."""
        if self._lower is None:
            self._lower = tuple(chain.from_iterable(map(_LOWER.__getitem__, self.tokens)))
        return self._lower

    @property
    def folded(self) -> Sequence[str]:
        """Lower case without accents; parted after an apostrophe and at hyphens, without signs."""
        if self._folded is None:
            self._folded = tuple(chain.from_iterable(map(_FOLDED.__getitem__, self.tokens)))
        return self._folded

    def written(self, start: int, end: int) -> str:
        """Give the words as written that the folded words of these places come from."""
        found, at = [], 0
        for word in self.words:
            after = at + len(_folded(word))
            if at < end and start < after:
                found.append(word)
            at = after
        return " ".join(found)


def counts_words(language: LanguageTag) -> bool:
    """Tell whether words can be counted in a language, that is, whether spaces part them."""
    return language.partition("-")[0] not in SPACELESS


def words_of(text: str) -> list[str]:
    """Give the words of a text as written, without the punctuation around them."""
    if "—" in text or "–" in text or "…" in text:
        text = _DASHES.sub(" ", text)
    bare = [word.strip(_ENDS) for word in text.split()]
    return [word for word in bare if word.isalnum() or any(map(str.isalnum, word))]


def words_in(token: str) -> "tuple[Word, ...]":
    """Give the words of a token: mostly one, none of signs alone, several with dashes between."""
    return _WORDS[token]


def fold_words(words: Sequence[str]) -> tuple[str, ...]:
    """Give words folded for comparing: l’asile becomes ``l'`` and ``asile``."""
    return tuple(part for word in words for part in _folded(word))


def openings(text: str) -> frozenset[int]:
    """Give the places among a text's words at which a sentence begins: after a colon, too.

    A full stop is left alone: it may belong to a title, as in Sr. Pérez.
    """
    found, at, opens = set(), 0, True
    for token in _DASHES.sub(" ", text).split():
        if any(map(str.isalnum, token)):
            if opens:
                found.add(at)
            at, opens = at + 1, False
        opens = opens or token.rstrip("\"'»”’)]").endswith((":", "!", "?"))
    return frozenset(found)


def pauses(text: str) -> frozenset[int]:
    """Give the places among a sentence's folded words before which a comma or a dash stands."""
    found, at = set(), 0
    for token in _DASHES.sub(" , ", text).split():
        bare = token.strip(_ENDS)
        if any(map(str.isalnum, bare)):
            at += len(_folded(bare))
        if token.rstrip("\"'»”’)]").endswith(_PAUSES):
            found.add(at)
    return frozenset(found)


class Word(NamedTuple):
    """One word, taken apart."""

    written: str
    lower: str
    folded: tuple[str, ...]


class _Words(dict[str, tuple[Word, ...]]):
    """Tokens taken apart. Texts repeat their words: all are kept."""

    def __missing__(self, token: str) -> tuple[Word, ...]:
        """Take a token apart that comes for the first time."""
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[token] = tuple(
            [Word(bare, bare.lower(), _folded(bare)) for bare in words_of(token)]
        )
        return found


class _Forms(dict[str, tuple[str, ...]]):
    """One form of the words of tokens, for which alone many sentences are asked."""

    def __init__(self, form: Callable[[Word], tuple[str, ...]]) -> None:
        super().__init__()
        self.form = form

    def __missing__(self, token: str) -> tuple[str, ...]:
        """Take a token apart that comes for the first time."""
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[token] = tuple(chain.from_iterable(map(self.form, _WORDS[token])))
        return found


_WORDS = _Words()  # dicts, because every word of every script is looked up in one of them
_FOLDED = _Forms(lambda word: word.folded)
_LOWER = _Forms(lambda word: (word.lower,))
folded_words = _FOLDED.__getitem__
"""Give the folded words of a token."""


@lru_cache(maxsize=32768)
def _folded(word: str) -> tuple[str, ...]:
    return tuple(fold(word).replace("'", "' ").replace("-", " ").split())
