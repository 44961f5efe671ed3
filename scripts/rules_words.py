r"""Words of a sentence: how many there are, and how they are compared.

A word is what stands between spaces or dashes and holds a letter or a figure. ``\w`` is not
used for it: it breaks words at the marks of many scripts and at the apostrophes of Mayan
languages.
"""

import re
import unicodedata
from typing import NamedTuple

from programme.units import LanguageTag

_SPACES = re.compile(r"[\s–—…]+")
_SPACELESS = frozenset({"bo", "cmn", "dz", "ja", "km", "lo", "my", "th", "wuu", "yue", "zh"})
"""Languages written without spaces between words: their words are not counted."""
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_ENDS = "\"'«»“”‘’„‹›¿¡()[].,;:!?…،؛؟۔।-"


class Token(NamedTuple):
    """A word or a sign of a sentence."""

    folded: str
    """Lower case, without accents."""
    quoted: bool
    """Whether it stands between quotation marks."""


def counts_words(language: LanguageTag) -> bool:
    """Tell whether words can be counted in a language, that is, whether spaces part them."""
    return language.partition("-")[0] not in _SPACELESS


def words_of(text: str) -> list[str]:
    """Give the words of a text as written, without the punctuation around them."""
    bare = (word.strip(_ENDS) for word in _SPACES.split(text))
    return [word for word in bare if word.isalnum() or any(char.isalnum() for char in word)]


def fold(text: str) -> str:
    """Give the text in lower case and without accents, for comparing words."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold()))


def fold_words(text: str) -> tuple[str, ...]:
    """Give folded words and signs in order; a curly apostrophe counts as a straight one."""
    return tuple(_TOKEN.findall(fold(text).replace("’", "'").replace("ʼ", "'")))


def tokens_of(text: str) -> list[Token]:
    """Give folded words and signs in order, each with whether it is quoted.

    Quotation marks are « », “ ” and ", which closes what it opened; nothing else quotes,
    because an apostrophe looks like a single quotation mark.
    """
    tokens = []
    depth, straight = 0, False
    for word in fold_words(text):
        if word in {"»", "”"}:
            depth = max(0, depth - 1)
        tokens.append(Token(word, depth > 0 or straight))
        if word in {"«", "“"}:
            depth += 1
        elif word == '"':
            straight = not straight
    return tokens
