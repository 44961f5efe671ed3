"""The phrases of one language: expanded into all their forms, and kept by their rarest word.

As text, of which only those are taken out whose word a sentence holds: a language has thousands,
and most sentences need none. So they can also be kept from one command to the next.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from scripts.phrase_index import Form
from scripts.term_concepts import AvoidRow, Concept, LanguageTerms
from scripts.term_words import fold, phrases, words_and_signs

_SHORT = 3
"""Letters up to which a word is likely an article or a preposition."""


class Meaning(NamedTuple):
    """What phrases are: to be avoided, words of a concept, or harmless."""

    concept: str
    row: AvoidRow | None
    """None for words by which a concept is known."""
    harmless: bool


class Phrase(NamedTuple):
    """One form of a phrase."""

    words: tuple[str, ...]
    concept: str
    row: AvoidRow | None
    harmless: bool


class PhraseLists(NamedTuple):
    """Everything that matching needs of one language."""

    denials: tuple[str, ...]
    joins: tuple[str, ...]
    """Folded, as all words here."""
    meanings: tuple[Meaning, ...]
    by_word: Mapping[str, str]
    """By the rarest word of each a line for every phrase: its number among all, the place of that
    word in it, the place of its meaning, and its words."""


def phrase_lists(
    concepts: Iterable[tuple[Concept, LanguageTerms]], denials: Iterable[str], joins: Iterable[str]
) -> PhraseLists:
    """Give the phrases of one language."""
    known = list(concepts)
    meanings: list[Meaning] = []
    found: list[tuple[int, tuple[str, ...]]] = []
    for at, (meaning, forms) in enumerate(_meant(known)):
        meanings.append(meaning)
        found += [(at, words) for words in forms]
    return PhraseLists(
        denials=tuple(sorted({fold(word) for word in denials})),
        joins=tuple(sorted({fold(word) for word in joins})),
        meanings=tuple(meanings),
        by_word=_by_rarest_word(found, _ordinary_words(known)),
    )


def phrases_of(lines: str, meanings: Sequence[Meaning]) -> Iterator[Form[Phrase]]:
    """Give the phrases of one word."""
    for line in lines.split("\n"):
        number, offset, meaning, *said = line.split(" ")  # a word holds no space of any kind
        words = tuple(said)
        phrase = Phrase(words, *meanings[int(meaning)])
        yield Form(int(number), words, int(offset), phrase)


def every_phrase(lists: PhraseLists) -> list[Phrase]:
    """Give all phrases by their numbers."""
    forms = [form for lines in lists.by_word.values() for form in phrases_of(lines, lists.meanings)]
    return [form.meant for form in sorted(forms, key=lambda form: form.number)]


def _meant(
    concepts: Iterable[tuple[Concept, LanguageTerms]],
) -> Iterator[tuple[Meaning, list[tuple[str, ...]]]]:
    """Give each meaning with the folded words of its phrases."""
    for concept, terms in concepts:
        harmless = Meaning(concept.id, None, harmless=True)
        for row in terms.avoid:
            if not row.off:
                yield Meaning(concept.id, row, harmless=False), phrases(row.avoid)
                yield harmless, phrases(row.unless)
        if concept.confusable_with:
            known_by = (*terms.use, *terms.audience_words, *terms.also)
            yield Meaning(concept.id, None, harmless=False), phrases(known_by)
            yield harmless, phrases(terms.unless)


def _ordinary_words(concepts: Iterable[tuple[Concept, LanguageTerms]]) -> Counter[str]:
    """Count the words of what is written about the concepts: a sample of ordinary text."""
    texts = [text for _, terms in concepts for text in (terms.definition, terms.reason)]
    texts += [text for _, terms in concepts for row in terms.avoid for text in row.good]
    return Counter(word for text in texts for word in words_and_signs(text))


def _by_rarest_word(
    found: Sequence[tuple[int, tuple[str, ...]]], ordinary: Counter[str]
) -> dict[str, str]:
    counts = Counter(word for _, words in found for word in words)
    # a short word may be rare here, and still stand in every other sentence
    rank = {
        word: (len(word) <= _SHORT, ordinary[word], count, -len(word))
        for word, count in counts.items()
    }
    lines: dict[str, list[str]] = {}
    for number, (meaning, words) in enumerate(found):
        rarest = min(words, key=rank.__getitem__)
        line = f"{number} {words.index(rarest)} {meaning} {' '.join(words)}"
        lines.setdefault(rarest, []).append(line)
    return {word: "\n".join(some) for word, some in lines.items()}
