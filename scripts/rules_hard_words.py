"""Words that a listener will not know: office language, idioms, and long words; data/plain."""

from collections.abc import Set as AbstractSet
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

_MOST_KEPT = 65_536
"""Short words of one language that are kept."""

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


def check_long_words(reading: Reading) -> None:
    """List the words of more than four syllables that are not known to everybody."""
    if reading.shapes is None:
        return
    known = reading.shapes.known_long
    long = _long_words(reading)
    found: dict[str, int] = {}
    for one in reading.sentences if long else ():
        for part in one.parts:
            if part.lower not in long or "{" in part.written or "}" in part.written:
                continue  # with a brace, of a placeholder with a fault, which was told
            # A name cannot be replaced by a shorter one.
            if part.written == part.lower or part.written is one.parts[0].written:
                found.setdefault(part.lower, one.sentence.line)
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


def _long_words(reading: Reading) -> AbstractSet[str]:
    short = _short(reading.language)
    words = [*(reading.lower - short)]
    counts = count_all(words, reading.language)
    long = {word for word, count in zip(words, counts, strict=True) if count > _MOST_SYLLABLES}
    if len(short) >= _MOST_KEPT:
        short.clear()
    short.update({*words} - long)
    return long


@cache
def _short(language: str) -> set[str]:
    """Words of a language that were found to be short; texts repeat their words."""
    del language
    return set()


def count_words(reading: Reading) -> list[list[int]]:
    """Count the syllables of every word of every sentence."""
    language = reading.language
    return [count_all(one.lower, language) for one in reading.sentences]
