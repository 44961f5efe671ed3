"""The phrases of one language by one of their words, and which of them a sentence says.

A sentence costs one look-up a word however many phrases there are. A common word is of hundreds of
them, so under each they lie by the word beside it. They come as text, of which only those are taken
out whose word a sentence holds.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
"""What a phrase means to whoever looks for it."""


class Form(NamedTuple, Generic[T]):
    """One form of a phrase."""

    number: int
    """Its place among all, or among those of its word."""
    words: tuple[str, ...]
    offset: int
    """The place in it of the word by which it is kept."""
    meant: T


class Kept(NamedTuple, Generic[T]):
    """The phrases that are kept by one word."""

    alone: list[Form[T]]
    """Those of this word alone."""
    before: dict[str, list[Form[T]]]
    """Those that end with the word, by the word before it."""
    after: dict[str, list[Form[T]]]
    """All others, by the word after it."""


class PhraseIndex(Generic[T]):
    """Phrases by one word of each."""

    def __init__(self, words: Container[str], read: Callable[[str], Iterable[Form[T]]]) -> None:
        """Take nothing out yet.

        Args:
            words: all by which phrases are kept.
            read: gives those of one of these words.
        """
        self._words = words
        self._read = read
        self._by_word: dict[str, Kept[T]] = {}
        """What was taken out so far."""

    def kept(self, word: str) -> Kept[T] | None:
        """Give what is kept by a word; None where nothing is."""
        if word not in self._words:
            return None
        return self._by_word.get(word) or self._take_out(word)

    def find(self, words: Sequence[str]) -> list[tuple[int, int, Form[T]]]:
        """Give every phrase that a sentence says: where it begins and ends among the words.

        They come in order of the words by which they are kept, those of one word in any order.
        """
        found: list[tuple[int, int, Form[T]]] = []
        known, by_word = self._words, self._by_word
        last = len(words) - 1
        for at, word in enumerate(words):
            if word not in known:
                continue
            kept = by_word.get(word) or self._take_out(word)
            near = kept.alone
            if at and kept.before:
                near = near + kept.before.get(words[at - 1], [])
            if at < last and kept.after:
                near = near + kept.after.get(words[at + 1], [])
            for form in near:
                said = form.words
                start = at - form.offset
                end = start + len(said)
                if start >= 0 and tuple(words[start:end]) == said:
                    found.append((start, end, form))
        return found

    def _take_out(self, word: str) -> Kept[T]:
        kept = self._by_word[word] = Kept([], {}, {})
        for form in self._read(word):
            words, offset = form.words, form.offset
            if len(words) == 1:
                kept.alone.append(form)
            elif offset + 1 < len(words):
                kept.after.setdefault(words[offset + 1], []).append(form)
            else:
                kept.before.setdefault(words[offset - 1], []).append(form)
        return kept
