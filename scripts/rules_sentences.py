"""Sentence rules: what an ear can follow, in every language, whatever its readability score.

Below a hundred words no score means anything, so these rules decide: length, one idea, one
number, and no constructions that hide who does what.
"""

from collections.abc import Sequence

from programme.findings import Severity
from scripts.placeholders import NUMBER_KINDS, find_placeholders
from scripts.plain_words import Shapes
from scripts.reading import Reading
from scripts.rules_words import SentenceWords, counts_words
from scripts.word_looks import Use

LONG_SENTENCE = 15
"""Words from which a sentence is hard to follow by ear."""
LONGEST_SENTENCE = 20
"""Words that a sentence may have at most."""
MEAN_SENTENCE = 12
"""Words that sentences may have on average."""
_FEWEST_FOR_MEAN = 3
"""Sentences below which an average says nothing that the single sentences do not."""
_MOST_CLAUSES = 2
"""Words in a sentence that open a clause inside another: more is more than one idea."""
_MOST_NAMED = 4
"""Places that one message names."""
_AFTER_VERB = 4
"""Words after an empty verb among which its noun stands."""


def check_sentences(reading: Reading) -> None:
    """Check every sentence by itself, and their average length."""
    if counts_words(reading.script.language):
        _check_lengths(reading)
    _check_numbers(reading)
    if reading.shapes is not None:
        _check_ideas(reading, reading.shapes)
        _check_passives(reading, reading.shapes)
        _check_nouns(reading, reading.shapes)


def _check_lengths(reading: Reading) -> None:
    are_long = max(reading.counts, default=0) > LONG_SENTENCE
    for one, count in zip(reading.sentences, reading.counts, strict=True) if are_long else ():
        if count > LONG_SENTENCE:
            reading.note(
                one.sentence.line,
                "plain.sentence-length",
                f"a sentence of {count} words: «{shortened(one.sentence.text)}»",
                f"make two sentences of it: {LONG_SENTENCE} words or fewer are understood, "
                f"{LONGEST_SENTENCE} is the most",
                Severity.ERROR if count > LONGEST_SENTENCE else Severity.WARNING,
            )
    mean = sum(reading.counts) / max(1, len(reading.sentences))
    if mean > MEAN_SENTENCE and len(reading.sentences) >= _FEWEST_FOR_MEAN:
        reading.note(
            0,
            "plain.mean-length",
            f"sentences have {mean:.1f} words on average",
            f"shorten the longest ones: an ear follows {MEAN_SENTENCE} words on average",
            Severity.WARNING,
        )


def _check_numbers(reading: Reading) -> None:
    for one in reading.sentences:
        if one.sentence.raw.count("{{") < 2:
            continue
        marks = [m for m in find_placeholders(one.sentence.raw) if m.kind in NUMBER_KINDS]
        # opening and closing time, on one day of the week, are one piece of news
        if len(marks) > 1 and any(mark.kind != "time" for mark in marks):
            reading.note(
                one.sentence.line,
                "plain.numbers",
                "more than one number in a sentence: " + ", ".join(mark.written for mark in marks),
                "say each number in a sentence of its own",
                Severity.WARNING,
            )


def _check_ideas(reading: Reading, shapes: Shapes) -> None:
    near = reading.those_with(Use.SUBORDINATE)
    if not near:
        return
    harmless: dict[int, int] = {}
    for one, _ in reading.hits("not-subordinate"):
        harmless[one.sentence.line] = harmless.get(one.sentence.line, 0) + 1
    for one in near:
        # A word that begins the sentence opens no clause inside another: Cuando llegue, pida ...
        found = [word for word in one.lower[1:] if word in shapes.subordinate]
        if len(found) - harmless.get(one.sentence.line, 0) > _MOST_CLAUSES:
            reading.note(
                one.sentence.line,
                "plain.one-idea",
                f"{len(found)} clauses in one sentence: " + ", ".join(f"«{w}»" for w in found),
                "say one idea in each sentence",
                Severity.WARNING,
            )


def _check_passives(reading: Reading, shapes: Shapes) -> None:
    found = [(one, one.written(said.start, said.end)) for one, said in reading.hits("passive")]
    for one in reading.those_with(Use.AUXILIARY):
        found += [(one, words) for words in _participles(one.lower, shapes)]
    _note_places(
        reading,
        found,
        "plain.passive",
        "sentences that do not say who acts",
        "say who does it, or speak to the listener",
    )


def _participles(words: Sequence[str], shapes: Shapes) -> list[str]:
    found = []
    auxiliaries = shapes.auxiliaries
    for at in [at for at, word in enumerate(words[:-1]) if word in auxiliaries]:
        word, following, *third = words[at : at + 3]
        if following in shapes.no_participles or not shapes.agents.isdisjoint(third):
            continue
        if following in shapes.irregular or (
            len(following) > 4 and following.endswith(shapes.participles)
        ):
            found.append(f"{word} {following}")
    return found


def _check_nouns(reading: Reading, shapes: Shapes) -> None:
    found = []
    for one in reading.those_with(Use.NOMINAL_VERB):
        for at, word in enumerate(one.lower):
            if word in shapes.nominal_verbs:
                near = one.lower[at + 1 : at + 1 + _AFTER_VERB]
                noun = next((w for w in near if w.endswith(shapes.nominal_endings)), "")
                if noun:
                    found.append((one, f"{word} … {noun}"))
    _note_places(
        reading,
        found,
        "plain.noun-for-verb",
        "an action hidden in a noun",
        "say it with the verb alone",
    )


def _note_places(
    reading: Reading,
    found: Sequence[tuple[SentenceWords, str]],
    rule: str,
    problem: str,
    remedy: str,
) -> None:
    """Note once a script what is worth knowing and no fault by itself."""
    if not found:
        return
    places = sorted((one.sentence.line, words) for one, words in found)
    reading.note(places[0][0], rule, f"{problem}: {named_places(places)}", remedy, Severity.INFO)


def named_places(places: Sequence[tuple[int, str]]) -> str:
    """Name words with their lines, the first few of them."""
    shown = ", ".join(f"«{words}» (line {line})" for line, words in places[:_MOST_NAMED])
    more = len(places) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def shortened(text: str) -> str:
    """Give the beginning of a sentence, to be known by."""
    return text if len(text) <= 50 else text[:50] + "…"
