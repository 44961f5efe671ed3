"""Readability of a whole script, judged by the thresholds of data/readability.toml."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from programme.findings import Severity
from programme.tables import package_file, read_toml
from scripts.readability import MEASURES, Counts, add
from scripts.reading import Reading
from scripts.rules_sentences import shortened
from scripts.syllables import count_all

_MOST_NAMED = 3
"""Sentences that a message names as the hardest."""
_FEWEST_LEFT = 1
_MOST_KEPT = 65_536
"""Words of one language whose counts are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One measure with its thresholds."""

    measure: str
    name: str
    error: float | None
    """Below this nobody with six years of school follows; None where no such bound is known."""
    warn: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """How the scripts of one language are judged."""

    gates: tuple[Gate, ...]
    shows: tuple[tuple[str, str], ...]
    """Measures given as information: id and name."""
    target: int
    fewest_words: int


@cache
def standard(language: str) -> Standard | None:
    """Give the standard of a primary language subtag; None where there is none."""
    data = read_toml(package_file("scripts", "data/readability.toml"))
    row = data.get(language)
    if row is None:
        return None
    return Standard(
        gates=tuple(
            Gate(
                measure=gate["measure"],
                name=gate["name"],
                error=gate.get("error"),
                warn=gate["warn"],
            )
            for gate in row["gates"]
        ),
        shows=tuple((show["measure"], show["name"]) for show in row["shows"]),
        target=row["target"],
        fewest_words=data["fewest_words"],
    )


def count_sentence(words: Sequence[str], syllables: Sequence[int]) -> Counts:
    """Count what the formulas need; words that hold figures are left out."""
    total, letters, squared, count = 0, 0, 0, 0
    for word, of_word in zip(words, syllables, strict=True):
        length = len(word)
        if not word.isalpha():
            if any(map(str.isdigit, word)):
                continue
            length = sum(map(str.isalpha, word))
        count += 1
        total += of_word
        letters += length
        squared += length * length
    return Counts(count, 1 if count else 0, total, letters, squared)


class _WordCounts(dict[str, Counts]):
    """What each word of one language counts for; texts repeat their words: all are kept."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, word: str) -> Counts:
        """Count a word that comes for the first time."""
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[word] = count_sentence((word,), count_all((word,), self.language))
        return found


_word_counts = cache(_WordCounts)


def count_words(words: Sequence[str], language: str) -> Counts:
    """Count a sentence as ``count_sentence`` does, each of its words once for all sentences."""
    if not words:
        return count_sentence((), ())
    columns = zip(*map(_word_counts(language).__getitem__, words), strict=True)
    count, _, syllables, letters, squared = map(sum, columns)
    return Counts(count, 1 if count else 0, syllables, letters, squared)


def check_readability(reading: Reading) -> None:
    """Judge the script as a whole, and name the sentences that pull its score down most."""
    judged_by = standard(reading.language)
    if judged_by is None or sum(reading.counts) < judged_by.fewest_words:
        return  # a score would mean nothing
    parts = [count_words(one.lower, reading.language) for one in reading.sentences]
    text = add(parts)
    if text.words < judged_by.fewest_words:
        return
    scores = [(gate, MEASURES[gate.measure](text)) for gate in judged_by.gates]
    if all(score >= gate.warn for gate, score in scores):
        return
    is_hard = any(gate.error is not None and score < gate.error for gate, score in scores)
    hardest = _hardest(parts, text, judged_by.gates[0].measure)
    named = [reading.sentences[at].sentence for at in hardest]
    shown = ", ".join(f"{gate.name} {score:.0f}" for gate, score in scores)
    more = ", ".join(f"{name} {MEASURES[key](text):.0f}" for key, name in judged_by.shows)
    reading.note(
        named[0].line,
        "plain.readability",
        f"{'hard' if is_hard else 'demanding'} for people with six years of school: {shown}"
        + (f" ({more})" if more else "")
        + "; hardest: "
        + ", ".join(f"line {one.line} «{shortened(one.text)}»" for one in named),
        "shorten words and sentences, these first; the least is "
        + ", ".join(f"{gate.name} {gate.warn:.0f}" for gate in judged_by.gates)
        + f", aim at {judged_by.target}",
        Severity.ERROR if is_hard else Severity.WARNING,
    )


def _hardest(parts: Sequence[Counts], text: Counts, measure: str) -> list[int]:
    """Give the places of the sentences without which the text would score best."""
    score = MEASURES[measure]
    rises = []
    for at, part in enumerate(parts):
        rest = text.without(part)
        if part.words and rest.sentences >= _FEWEST_LEFT:
            rises.append((-score(rest), at))
    return [at for _, at in sorted(rises)[:_MOST_NAMED]] or [0]
