"""Matching: the phrases of one language, found in a sentence in a few microseconds.

Phrases are kept by their rarest word (see term_phrases), so that a sentence costs one look-up a
word however many phrases there are, and a common word costs nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from programme.findings import Severity
from programme.words import Script
from scripts.near_words import NearWords
from scripts.phrase_index import Form, PhraseIndex
from scripts.term_concepts import AvoidRow
from scripts.term_phrases import Phrase, PhraseLists, every_phrase, phrases_of
from scripts.term_words import (
    is_sign,
    parts_of,
    quoted_places,
    words_and_signs,
    written_words,
)

_DENIED_WITHIN = 7
"""Words before a phrase, back to a comma or an "and", among which a denial silences it: nada es
garantizado."""
_MOST_KEPT = 10_000
"""Sentences whose matches are kept: a source is looked at once for each of its translations."""
_MOST_TOKENS = 32_768
"""Tokens of which it is kept that no phrase needs them: texts repeat their words."""
_MOST_SCRIPTS = 16
"""Scripts whose matches are kept: those of one segment, in the few languages looked at last."""
_WEIGHT = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.INFO: 0}


class _Match(NamedTuple):
    start: int
    end: int
    phrase: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A phrase that is to be avoided, as it was found."""

    concept: str
    row: AvoidRow
    said: str
    """The words as they are written."""
    quoted: bool
    """Whether all of it stands between quotation marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything that terminology has to say of one sentence."""

    hits: tuple[Hit, ...] = ()
    """In order."""
    concepts: Mapping[str, int] = field(default_factory=dict)
    """Confusable concepts that the sentence speaks of, and how often."""
    said: Mapping[str, str] = field(default_factory=dict)
    """The words by which each of these was known, where it was said first."""


_NOTHING = Found()


class TermTable:
    """The phrases of one language, ready for matching."""

    def __init__(self, lists: PhraseLists) -> None:
        self.denials = frozenset(lists.denials)
        self.joins = frozenset(lists.joins)
        self._lists = lists
        self._index = PhraseIndex(lists.by_word, self._read)
        self._idle: set[str] = set()
        self._tellers: set[str] = set()
        self._near = NearWords(parts_of, self._index.kept)
        self._found: dict[str, Found] = {}
        self._of_scripts: dict[tuple[str, ...], Mapping[int, Found]] = {}

    @property
    def phrases(self) -> list[Phrase]:
        """Every phrase."""
        return every_phrase(self._lists)

    def find(self, text: str) -> Found:
        """Give what a sentence says; the same sentence again costs one look-up."""
        return self.find_all((text,)).get(0, _NOTHING)

    def find_all(
        self, texts: tuple[str, ...], *, rows: Sequence[Sequence[str]] | None = None
    ) -> Mapping[int, Found]:
        """Give by their places the sentences of a script that say anything, with what they say.

        Args:
            texts: the sentences.
            rows: what stands between the spaces of each, where somebody has it already.
        """
        kept = self._of_scripts.get(texts)
        if kept is None:
            if len(self._of_scripts) >= _MOST_SCRIPTS:
                self._of_scripts.clear()
            if rows is None:
                rows = [text.split() for text in texts]
            kept = self._of_scripts[texts] = self._look(texts, rows)
        return kept

    def _look(self, texts: tuple[str, ...], rows: Sequence[Sequence[str]]) -> Mapping[int, Found]:
        telling = self._telling({*chain.from_iterable(rows)} - self._idle)
        if not telling:
            return {}
        near = self._near
        return {
            at: found
            for at, (text, row) in enumerate(zip(texts, rows, strict=True))
            if not telling.isdisjoint(row)
            and near.may_say(row, telling)
            and (found := self._found_in(text)) is not _NOTHING
        }

    def _telling(self, tokens: AbstractSet[str]) -> AbstractSet[str]:
        """Give the tokens that hold a word by which phrases are kept; the others are remembered."""
        fresh = tokens - self._tellers
        for token in fresh:
            if len(self._idle) + len(self._tellers) >= _MOST_TOKENS:
                self._idle.clear()
                self._tellers.clear()
            tells = not self._lists.by_word.keys().isdisjoint(parts_of(token))
            (self._tellers if tells else self._idle).add(token)
        return tokens - self._idle if fresh else tokens

    def _found_in(self, text: str) -> Found:
        found = self._found.get(text)
        if found is None:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            found = self._found[text] = self._judge(words_and_signs(text), text)
        return found

    def _judge(self, words: Sequence[str], text: str) -> Found:
        matches = self._matches(words)
        if not matches:
            return _NOTHING
        safe: dict[str, set[int]] = defaultdict(set)
        for match in matches:
            if match.phrase.harmless:
                safe[match.phrase.concept].update(range(match.start, match.end))
        live = [match for match in matches if not _is_harmless(match, safe[match.phrase.concept])]
        written = written_words(text)
        shown = written if len(written) == len(words) else words
        counts, said = _signals(live, shown)
        avoided = any(match.phrase.row is not None for match in live)
        hits = tuple(self._hits(live, words, shown)) if avoided else ()
        return Found(hits=hits, concepts=counts, said=said)

    def _matches(self, words: Sequence[str]) -> list[_Match]:
        found = self._index.find(words)
        if len(found) > 1:  # of those at one place the first one listed decides
            found.sort(key=lambda one: (one[0] + one[2].offset, one[2].number))
        return [_Match(start, end, form.meant) for start, end, form in found]

    def _read(self, word: str) -> Iterable[Form[Phrase]]:
        return phrases_of(self._lists.by_word[word], self._lists.meanings)

    def _hits(
        self, matches: list[_Match], words: Sequence[str], written: Sequence[str]
    ) -> Iterable[Hit]:
        kept: list[_Match] = []
        # the longest first: what stands inside a match that weighs as much says nothing new
        for match in sorted(matches, key=lambda m: (m.start - m.end, m.start, -_weight(m))):
            row = match.phrase.row
            if row is None or (row.negatable and self._denied(words, match.start)):
                continue
            if not any(_covers(other, match) for other in kept):
                kept.append(match)
        quoted = quoted_places(words) if kept else frozenset()
        for match in sorted(kept, key=lambda m: (m.start, m.end)):
            if match.phrase.row is not None:
                yield Hit(
                    concept=match.phrase.concept,
                    row=match.phrase.row,
                    said=_said(written, match),
                    quoted=quoted.issuperset(range(match.start, match.end)),
                )

    def _denied(self, words: Sequence[str], start: int) -> bool:
        for word in reversed(words[max(0, start - _DENIED_WITHIN) : start]):
            if word in self.denials:
                return True
            if word in self.joins or (is_sign(word) and word not in "'-"):
                return False
        return False


def found_in_script(
    script: Script, table: TermTable, *, rows: Sequence[Sequence[str]] | None = None
) -> Mapping[int, Found]:
    """Give what a script's title (place 0) and sentences (from 1) say, where they say anything.

    Args:
        script: the words.
        table: what to find.
        rows: what stands between the spaces of each sentence, where somebody has it already.
    """
    texts = (script.title, *[sentence.text for sentence in script.sentences])
    every = None if rows is None else [script.title.split(), *rows]
    return table.find_all(texts, rows=every)


def _is_harmless(match: _Match, safe: set[int]) -> bool:
    """Tell whether a match says nothing.

    What is avoided must stand whole in a harmless phrase; words by which a concept is known need
    only touch one: el tráfico, in el tráfico de drogas.
    """
    span = range(match.start, match.end)
    if match.phrase.row is None:
        return match.phrase.harmless or not safe.isdisjoint(span)
    return safe.issuperset(span)


def _weight(match: _Match) -> int:
    return _WEIGHT[match.phrase.row.severity] if match.phrase.row else -1


def _covers(kept: _Match, other: _Match) -> bool:
    inside = kept.start <= other.start and other.end <= kept.end
    same = kept.phrase.concept == other.phrase.concept
    overlap = kept.start < other.end and other.start < kept.end
    return (inside and _weight(kept) >= _weight(other)) or (same and overlap)


def _signals(matches: list[_Match], words: Sequence[str]) -> tuple[dict[str, int], dict[str, str]]:
    """Count the concepts that are spoken of; the longest phrase at a place decides."""
    taken: set[int] = set()
    counts: dict[str, int] = {}
    said: dict[str, tuple[int, str]] = {}
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        span = range(match.start, match.end)
        if not taken.isdisjoint(span):
            continue
        taken.update(span)
        if match.phrase.row is not None and match.phrase.row.ambiguous:
            continue
        concept = match.phrase.concept
        counts[concept] = counts.get(concept, 0) + 1
        if concept not in said or match.start < said[concept][0]:
            said[concept] = (match.start, _said(words, match))
    return counts, {concept: words for concept, (_, words) in said.items()}


def _said(words: Sequence[str], match: _Match) -> str:
    joined = " ".join(words[match.start : match.end])
    if match.end - match.start == 1:
        return joined
    for sign in "'’-‑":
        joined = joined.replace(f" {sign} ", sign)
    return joined
