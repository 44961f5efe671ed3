"""How a script speaks to its listener: always formally, and in words that a voice can say."""

from programme.findings import Severity
from programme.segments import SegmentKind
from scripts.address_words import Address, addresses
from scripts.reading import Reading
from scripts.rules_words import SentenceWords, fold
from scripts.term_words import quoted_places, words_and_signs
from scripts.word_looks import Use

OTHER_VOICES = frozenset({SegmentKind.TESTIMONY, SegmentKind.DRAMA, SegmentKind.INTERVIEW})
"""Kinds in which people speak to one another as they do in life."""

_VOWELS = frozenset("aeiouáéíóúy")


def check_address(reading: Reading) -> None:
    """Note the first sentence that speaks to the listener as one speaks to a friend."""
    if reading.shapes is not None and reading.shapes.x_endings:
        _check_endings(reading)
    if reading.segment.kind in OTHER_VOICES:
        return
    row = addresses().get(reading.language)
    near = () if row is None else reading.those_with(Use.INFORMAL)
    if row is None or not near:
        return
    first = next((found for one in near if (found := _informal(one, row))), None)
    if first is None:
        return
    one, word = first
    polite = any(not row.formal.isdisjoint(other.lower) for other in reading.sentences)
    mixed = f" beside {row.formal_name}" if polite else ""
    reading.note(
        one.sentence.line,
        "plain.address",
        f"«{word}» speaks to the listener as {row.informal_name}{mixed}",
        f"say {row.formal_name} throughout",
        Severity.WARNING,
    )


def _informal(one: SentenceWords, row: Address) -> tuple[SentenceWords, str] | None:
    word = next((word for word in one.lower if word in row.informal), "")
    return None if not word or _is_quoted(one.sentence.text, word) else (one, word)


def _is_quoted(text: str, word: str) -> bool:
    """Tell whether the word stands in a quotation wherever the sentence says it."""
    said = fold(word)
    words = words_and_signs(text)
    quoted = quoted_places(words)
    return bool(quoted) and all(at in quoted for at, other in enumerate(words) if other == said)


def _check_endings(reading: Reading) -> None:
    for one in reading.sentences:
        if "x" not in one.sentence.text:
            continue
        for word in one.words:
            if _has_x_ending(word) and not _is_told(reading, one.sentence.line, word):
                reading.note(
                    one.sentence.line,
                    "plain.x-ending",
                    f"«{word}»: a voice cannot say this ending",
                    "name the people: personas migrantes, las niñas y los niños",
                    Severity.WARNING,
                )


def _is_told(reading: Reading, line: int, word: str) -> bool:
    """Tell whether the terms have named this word already, with what to say instead."""
    told = fold(f"«{word}»")
    return any(f.line == line and fold(f.problem).startswith(told) for f in reading.findings)


def _has_x_ending(word: str) -> bool:
    """Tell migrantxs and todx from tórax and unisex: an x for a vowel follows a consonant."""
    stem = word.removesuffix("s")
    return (
        len(stem) > 2
        and stem.endswith("x")
        and stem[-2].isalpha()
        and stem[-2].lower() not in _VOWELS
        and not word.isupper()
    )
