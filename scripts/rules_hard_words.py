"""Words that a listener will not know: office language, idioms, and long words; data/plain."""

from functools import cache

from programme.findings import Severity
from programme.words import Sentence
from scripts.phrases import PhraseTable, Said
from scripts.reading import Reading
from scripts.rules_sentences import named_places
from scripts.rules_words import SentenceWords, fold_words, words_of
from scripts.word_looks import MOST_SYLLABLES, Use

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
    # a title all of whose words mean nothing to the rules says no phrase
    if not reading.looks.over({*script.title.split()}):
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
            _note(reading, SentenceWords(sentence), said)


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
    found: dict[str, int] = {}
    for one in reading.those_with(Use.LONG):
        for part in one.parts:
            if "{" in part.written or "}" in part.written or not reading.looks.is_long(part):
                continue  # with a brace, of a placeholder with a fault, which was told
            # A name cannot be replaced by a shorter one.
            if part.written == part.lower or part.written is one.parts[0].written:
                found.setdefault(part.lower, one.sentence.line)
    places = [(line, word) for word, line in found.items()]
    if places:
        reading.note(
            places[0][0],
            "plain.long-words",
            f"words of more than {MOST_SYLLABLES} syllables: {named_places(places)}",
            "say a shorter word where there is one",
            Severity.INFO,
        )
