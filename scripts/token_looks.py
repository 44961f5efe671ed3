"""What the tokens of one language tell at a glance: whether letters or listed words need a look.

Texts repeat their words. A text all of whose tokens were looked at before costs one difference of
sets, where looking at its characters and words would cost twenty times as much.
"""

from functools import lru_cache
from typing import NamedTuple

from programme.units import LanguageTag
from scripts.rules_letters import Sieve
from scripts.word_table import WordTable

_MOST_KEPT = 65_536
"""Tokens of one language that are kept."""
_LONGEST_KEPT = 60
"""Characters of a token that is kept: longer ones do not come back."""


class Look(NamedTuple):
    """What is known of a text once its tokens were looked at."""

    is_clean: bool
    """Whether no character of it can be at fault, and no word mixes letters of two scripts."""
    is_silent: bool
    """Whether nothing that the word table lists begins in it."""


_PLAIN = Look(is_clean=True, is_silent=True)


class TokenLooks:
    """The tokens of one language that were looked at."""

    def __init__(self, language: LanguageTag, table: WordTable) -> None:
        """Know nothing yet.

        Args:
            language: whose letters are expected.
            table: the words of the language that are listed.
        """
        self._language = language
        self._table = table
        self._plain = {""}
        self._others: dict[str, Look] = {}

    def over(self, text: str) -> Look:
        """Look at a text; its lines and words must be parted by line ends and spaces."""
        # other spaces stay in their tokens: some are faults, and none of them parts a pair
        odd = {*text.replace("\n", " ").split(" ")} - self._plain
        if not odd:
            return _PLAIN
        looks = [found for token in odd if (found := self._look(token)) is not _PLAIN]
        return Look(
            is_clean=all(one.is_clean for one in looks),
            is_silent=all(one.is_silent for one in looks),
        )

    def _look(self, token: str) -> Look:
        found = self._others.get(token)
        if found is not None:
            return found
        found = Look(
            is_clean=Sieve.over(token, self._language).is_clean,
            is_silent=self._table.is_silent(token),
        )
        if len(token) > _LONGEST_KEPT:
            return found
        if len(self._plain) + len(self._others) >= _MOST_KEPT:
            self._plain = {""}
            self._others.clear()
        if found == _PLAIN:
            self._plain.add(token)
            return _PLAIN
        self._others[token] = found
        return found


@lru_cache(maxsize=64)
def token_looks(language: LanguageTag, table: WordTable) -> TokenLooks:
    """Give the one collection of a language's tokens, for as long as its word table is in use."""
    return TokenLooks(language, table)
