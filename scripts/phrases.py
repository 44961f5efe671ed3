"""Phrases of one language, found in a sentence in a microsecond or two.

Patterns are expanded once into all their forms (scripts/term_words) and kept by their longest
word, so that a sentence costs one look-up a word however many phrases there are. They are kept as
text, of which only those are taken out whose word a sentence holds: so they can also be kept from
one command to the next.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from scripts.near_words import NearWords
from scripts.phrase_index import Form, PhraseIndex
from scripts.rules_words import fold_words, folded_words, pauses, words_of
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


class PhraseForms(NamedTuple):
    """The forms of all phrases of one language."""

    phrases: tuple[Phrase, ...]
    by_word: Mapping[str, str]
    """By the longest word of each a line for every form, the longest form first: the place of its
    phrase among ``phrases``, the place of that word in it, and its words, folded."""


def phrase_forms(rows: Iterable[tuple[str, Phrase]]) -> PhraseForms:
    """Expand patterns with what they mean; the first meaning of a form in a group holds."""
    places: dict[Phrase, int] = {}
    by_word: dict[str, list[Form[Phrase]]] = {}
    known: set[tuple[tuple[str, ...], str]] = set()
    for pattern, phrase in rows:
        places.setdefault(phrase, len(places))
        for form in expand(pattern):
            words = fold_words(words_of(form))
            if not words or (words, phrase.group) in known:
                continue
            known.add((words, phrase.group))
            offset = words.index(max(words, key=len))
            by_word.setdefault(words[offset], []).append(Form(0, words, offset, phrase))
    for forms in by_word.values():
        forms.sort(key=lambda form: (-len(form.words), form.words, form.meant.group))
    return PhraseForms(
        phrases=tuple(places),
        by_word={
            word: "\n".join(
                f"{places[form.meant]} {form.offset} {' '.join(form.words)}" for form in forms
            )
            for word, forms in by_word.items()
        },
    )


class PhraseTable:
    """Every phrase that the rules of one language look for."""

    def __init__(
        self,
        forms: PhraseForms,
        *,
        denials: Mapping[str, Collection[str]] | None = None,
        joins: Collection[str] = (),
    ) -> None:
        """Prepare the table.

        Args:
            forms: what to find.
            denials: by group, folded words that silence a phrase which follows them closely.
            joins: folded words for "and" and "but": a denial before them ends there.
        """
        self._joins = frozenset(joins)
        self._denials = {group: frozenset(words) for group, words in (denials or {}).items()}
        self._forms = forms
        self._wanted: frozenset[str] | None = None
        """Places of the phrases that are looked for, as lines have them; None for all."""
        self._holds: dict[str, bool] = {}
        """Whether a word keeps a form of a phrase that is looked for, as far as it was asked."""
        self._index = PhraseIndex(forms.by_word, self._read)
        self._near = NearWords(folded_words, self._index.kept)

    def only(self, groups: Collection[str]) -> "PhraseTable":
        """Give a table of some groups only: no group changes what is found of another."""
        own = PhraseTable(self._forms)
        own._joins, own._denials = self._joins, self._denials
        own._wanted = self._places(groups)
        return own

    def _places(self, groups: Collection[str]) -> frozenset[str]:
        phrases = enumerate(self._forms.phrases)
        found = frozenset(str(at) for at, phrase in phrases if phrase.group in groups)
        return found if self._wanted is None else found & self._wanted

    def _lines(self, word: str, wanted: Collection[str] | None) -> list[str]:
        """Give the forms that are kept by a word; the lines of most words are never parted."""
        lines = self._forms.by_word[word].split("\n")
        if wanted is None:
            return lines
        return [one for one in lines if one.partition(" ")[0] in wanted]

    def _keeps(self, word: str) -> bool:
        if self._wanted is None:
            return True
        found = self._holds.get(word)
        if found is None:
            found = self._holds[word] = bool(self._lines(word, self._wanted))
        return found

    @property
    def groups(self) -> frozenset[str]:
        """The groups of which there are phrases."""
        phrases, wanted = enumerate(self._forms.phrases), self._wanted
        return frozenset(one.group for at, one in phrases if wanted is None or str(at) in wanted)

    @property
    def every_form(self) -> list[tuple[str, ...]]:
        """The words of all forms."""
        return sorted({one.words for word in self._forms.by_word for one in self._read(word)})

    def may_find(self, folded: Collection[str]) -> bool:
        """Tell from some words, such as all those of a text, whether a phrase can be with them."""
        by_word = self._forms.by_word
        if by_word.keys().isdisjoint(folded):
            return False
        return self._wanted is None or any(self._keeps(one) for one in folded if one in by_word)

    def rarest_words(self, groups: Collection[str]) -> frozenset[str]:
        """Give the folded words without which no phrase of these groups can be said."""
        wanted = self._places(groups)
        return frozenset(word for word in self._forms.by_word if self._lines(word, wanted))

    def may_say(self, row: Sequence[str], telling: AbstractSet[str]) -> bool:
        """Tell whether a phrase can be said in a sentence; False is certain.

        Args:
            row: what stands between its spaces.
            telling: the tokens with whose words a phrase can be, see ``may_find``.
        """
        return self._near.may_say(row, telling)

    def find(self, folded: Sequence[str], text: str) -> list[Said]:
        """Give what a sentence says, in order; in each group the longest phrase at a place.

        Args:
            folded: the sentence's words.
            text: the sentence as written, with its commas.
        """
        found = [
            Said(form.meant.group, form.meant.say, " ".join(form.words), start, end)
            for start, end, form in self._index.find(folded)
        ]
        return self._longest(found, folded, text) if found else found

    def _read(self, word: str) -> Iterator[Form[Phrase]]:
        for number, line in enumerate(self._lines(word, self._wanted)):
            phrase, offset, said = line.split(" ", 2)
            meant = self._forms.phrases[int(phrase)]
            yield Form(number, tuple(said.split(" ")), int(offset), meant)

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
