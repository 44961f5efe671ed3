"""Phrases of one language, found in a sentence in a microsecond or two.

Patterns are expanded once into all their forms (scripts/term_words) and kept by their longest
word, so that a sentence costs one look-up a word however many phrases there are.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from scripts.rules_words import fold_words, pauses, words_of
from scripts.term_words import expand

_DENIED_WITHIN = 4
"""Words before a phrase, back to a pause or an "and", among which a denial silences it: no cruce
por el río. In «no tema, cruce por el río» nothing is denied."""


class Phrase(NamedTuple):
    """A row of a table: what to find, and for which rule."""

    group: str
    say: str = ""
    """What to say instead; empty where the rule needs none."""


class Said(NamedTuple):
    """A phrase as it was found."""

    group: str
    say: str
    words: str
    """Folded."""
    start: int
    end: int
    """Places among the sentence's folded words."""


class _Form(NamedTuple):
    words: tuple[str, ...]
    offset: int
    phrase: Phrase
    said: str
    """The words as one text."""


class PhraseTable:
    """Every phrase that the rules of one language look for."""

    def __init__(
        self,
        rows: Iterable[tuple[str, Phrase]],
        *,
        denials: Mapping[str, Collection[str]] | None = None,
        joins: Collection[str] = (),
    ) -> None:
        """Prepare the table.

        Args:
            rows: patterns with what they mean; the first meaning of a form in a group holds.
            denials: by group, folded words that silence a phrase which follows them closely.
            joins: folded words for "and" and "but": a denial before them ends there.
        """
        self._joins = frozenset(joins)
        self._denials = {group: frozenset(words) for group, words in (denials or {}).items()}
        self._by_word: dict[str, list[_Form]] = {}
        known: set[tuple[tuple[str, ...], str]] = set()
        for pattern, phrase in rows:
            for form in expand(pattern):
                words = fold_words(words_of(form))
                if not words or (words, phrase.group) in known:
                    continue
                known.add((words, phrase.group))
                offset = words.index(max(words, key=len))
                self._by_word.setdefault(words[offset], []).append(
                    _Form(words, offset, phrase, " ".join(words))
                )
        for forms in self._by_word.values():
            forms.sort(key=lambda form: (-len(form.words), form.words, form.phrase.group))

    def only(self, groups: Collection[str]) -> "PhraseTable":
        """Give a table of some groups only: no group changes what is found of another."""
        own = PhraseTable(())
        own._joins, own._denials = self._joins, self._denials
        for word, forms in self._by_word.items():
            chosen = [form for form in forms if form.phrase.group in groups]
            if chosen:
                own._by_word[word] = chosen
        return own

    @property
    def groups(self) -> frozenset[str]:
        """The groups of which there are phrases."""
        return frozenset(form.phrase.group for forms in self._by_word.values() for form in forms)

    def may_find(self, folded: AbstractSet[str]) -> bool:
        """Tell from all words of a text whether a phrase can be in one of its sentences."""
        return not self._by_word.keys().isdisjoint(folded)

    def rarest_words(self, groups: Collection[str]) -> frozenset[str]:
        """Give the folded words without which no phrase of these groups can be said."""
        return frozenset(
            word
            for word, forms in self._by_word.items()
            if any(form.phrase.group in groups for form in forms)
        )

    def find(self, folded: Sequence[str], text: str) -> list[Said]:
        """Give what a sentence says, in order; in each group the longest phrase at a place.

        Args:
            folded: the sentence's words.
            text: the sentence as written, with its commas.
        """
        found: list[Said] = []
        if self._by_word.keys().isdisjoint(folded):
            return found
        for at, forms in enumerate(map(self._by_word.get, folded)):
            for words, offset, phrase, said in forms or ():
                start = at - offset
                if start < 0 or folded[start] != words[0]:
                    continue
                end = start + len(words)
                if tuple(folded[start:end]) == words:
                    found.append(Said(phrase.group, phrase.say, said, start, end))
        return self._longest(found, folded, text) if found else found

    def _longest(self, found: list[Said], folded: Sequence[str], text: str) -> list[Said]:
        kept: list[Said] = []
        if len(found) == 1 and found[0].group not in self._denials:
            return found
        for said in sorted(found, key=lambda one: (one.start - one.end, one.start)):
            if not any(
                one.group == said.group and one.start < said.end and said.start < one.end
                for one in kept
            ):
                kept.append(said)
        # A denied phrase still covers the shorter ones inside it.
        kept = [said for said in kept if not self._is_denied(said, folded, text)]
        return sorted(kept, key=lambda one: (one.start, one.end, one.group))

    def _is_denied(self, said: Said, folded: Sequence[str], text: str) -> bool:
        denials = self._denials.get(said.group)
        if not denials:
            return False
        for at in range(said.start - 1, max(0, said.start - _DENIED_WITHIN) - 1, -1):
            if folded[at] in denials:
                return not any(at < pause <= said.start for pause in pauses(text))
            if folded[at] in self._joins:
                return False
        return False
