"""Words that a listener will not know: office language, idioms, and long words; data/plain."""

from functools import cache

from programme.findings import Severity
from programme.words import Sentence
from scripts.phrases import PhraseTable, Said
from scripts.reading import Reading
from scripts.rules_sentences import named_places
from scripts.rules_words import SentenceWords, fold, fold_words, read_words, words_of
from scripts.syllables import count_all

_MOST_SYLLABLES = 4
"""Longer words are listed, so that somebody looks at them."""


_RULES = {
    "hard-word": ("plain.hard-word", "a word that many listeners do not know"),
    "idiom": ("plain.idiom", "a saying that many take at its word"),
}
"""By group of phrases: the rule, and what is told."""


def check_hard_words(reading: Reading) -> None:
    """Note words and phrases for which there is a plainer one."""
    for group in _RULES:
        for one, said in reading.hits(group):
            _note(reading, one, said)
    _check_title(reading)


def _check_title(reading: Reading) -> None:
    """Judge the title like a sentence: feeds show it, and many read it to decide."""
    script = reading.script
    if reading.words is None or not script.title:
        return
    phrases = reading.words.phrases
    folded = fold_words(words_of(script.title))
    if _words_of_rules(phrases).isdisjoint(folded):
        return
    for said in phrases.find(folded, script.title):
        if said.group in _RULES:
            sentence = Sentence(
                line=script.title_line,
                raw=script.title,
                text=script.title,
                spoken=script.title,
                paragraph=0,
                facts=(),
            )
            _note(reading, read_words(sentence), said)


@cache
def _words_of_rules(phrases: PhraseTable) -> frozenset[str]:
    return phrases.rarest_words(_RULES)


def _note(reading: Reading, one: SentenceWords, said: Said) -> None:
    rule, problem = _RULES[said.group]
    reading.note(
        one.sentence.line,
        rule,
        f"«{one.written(said.start, said.end)}»: {problem}",
        f"say: {said.say}",
        Severity.WARNING,
    )


def check_long_words(reading: Reading, counts: list[list[int]]) -> None:
    """List the words of more than four syllables that are not known to everybody.

    Args:
        reading: the script.
        counts: syllables of every word of every sentence.
    """
    if reading.shapes is None:
        return
    known = reading.shapes.known_long
    found: dict[str, int] = {}
    for one, syllables in zip(reading.sentences, counts, strict=True):
        if max(syllables, default=0) <= _MOST_SYLLABLES:
            continue
        for word, lower, count in zip(one.words, one.lower, syllables, strict=True):
            if "{" in word or "}" in word:
                continue  # of a placeholder with a fault, which was told
            # A name cannot be replaced by a shorter one.
            if count > _MOST_SYLLABLES and (word == lower or word is one.words[0]):
                found.setdefault(lower, one.sentence.line)
    places = [(line, word) for word, line in found.items() if not _is_known(word, known)]
    if places:
        reading.note(
            places[0][0],
            "plain.long-words",
            f"words of more than {_MOST_SYLLABLES} syllables: {named_places(places)}",
            "say a shorter word where there is one",
            Severity.INFO,
        )


def _is_known(word: str, known: frozenset[str]) -> bool:
    return fold(word).rpartition("'")[2] in known


def count_words(reading: Reading) -> list[list[int]]:
    """Count the syllables of every word of every sentence."""
    language = reading.language
    return [count_all(one.lower, language) for one in reading.sentences]
