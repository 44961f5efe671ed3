"""Whether a phrase can be said at a token, told from the words right beside it.

Phrases are kept by one of their words, and by the word next to that. A common word is of hundreds
of phrases, and in most sentences none of them goes on with the word that stands there: such a
sentence need not be parted into its words.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from scripts.phrase_index import Kept

_MOST_KEPT = 65_536
"""Tokens whose answer is kept; texts repeat their words."""


class Near(NamedTuple):
    """What must stand beside a token, so that a phrase can be said there."""

    always: bool
    """Whether one can be said whatever stands beside it."""
    before: Mapping[str, object]
    """Words with one of which the token before it must end."""
    after: Mapping[str, object]
    """Words with one of which the token after it must begin: either is enough."""


class NearWords(dict[str, Near]):
    """What tokens need beside them, each judged when it is first asked for."""

    def __init__(
        self, words_of: Callable[[str], Sequence[str]], kept: Callable[[str], Kept[Any] | None]
    ) -> None:
        """Know nothing yet.

        Args:
            words_of: gives the words of a token, as phrases have them.
            kept: gives what is kept by a word; None where nothing is.
        """
        super().__init__()
        self._words_of = words_of
        self._kept = kept

    def __missing__(self, token: str) -> Near:
        """Judge a token that comes for the first time."""
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[token] = self._judge(self._words_of(token))
        return found

    def _judge(self, words: Sequence[str]) -> Near:
        always, before, after = False, _NONE, _NONE
        last = len(words) - 1
        for at, word in enumerate(words):
            kept = self._kept(word)
            if kept is None:
                continue
            always = always or bool(kept.alone)
            if at:
                always = always or words[at - 1] in kept.before
            else:
                before = kept.before
            if at < last:
                always = always or words[at + 1] in kept.after
            else:
                after = kept.after
        return Near(always, before, after)

    def may_say(self, row: Sequence[str], telling: AbstractSet[str]) -> bool:
        """Tell whether any phrase can be said in a row of tokens; False is certain.

        Args:
            row: what stands between the spaces of a sentence.
            telling: tokens among them that hold a word by which phrases are kept.
        """
        last = len(row) - 1
        for at, token in enumerate(row):
            if token not in telling:
                continue
            always, before, after = self[token]
            if always:
                return True
            if at and before:
                words = self._words_of(row[at - 1])
                if not words or words[-1] in before:  # without a word, the one before it counts
                    return True
            if at < last and after:
                words = self._words_of(row[at + 1])
                if not words or words[0] in after:
                    return True
        return False


_NONE: Mapping[str, object] = {}
