"""Words that a listener will not know: office language, idioms, and long words; data/plain."""

from programme.findings import Severity
from scripts.reading import Reading
from scripts.rules_sentences import named_places
from scripts.rules_words import fold
from scripts.syllables import count_syllables

_MOST_SYLLABLES = 4
"""Longer words are listed, so that somebody looks at them."""


def check_hard_words(reading: Reading) -> None:
    """Note words and phrases for which there is a plainer one."""
    for one, said in reading.hits("hard-word"):
        reading.note(
            one.sentence.line,
            "plain.hard-word",
            f"«{one.written(said.start, said.end)}»: a word that many listeners do not know",
            f"say: {said.say}",
            Severity.WARNING,
        )
    for one, said in reading.hits("idiom"):
        reading.note(
            one.sentence.line,
            "plain.idiom",
            f"«{one.written(said.start, said.end)}»: a saying that many take at its word",
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
    return [[count_syllables(word, language) for word in one.lower] for one in reading.sentences]
