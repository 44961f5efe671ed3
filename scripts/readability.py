"""Readability formulas: how hard a text is, from its words, sentences, syllables and letters.

100 is very easy, 0 very hard, unless said otherwise. Sources, with W words, S sentences, Y
syllables, L letters:

- Fernández-Huerta: 206.84 - 60 Y/W - 1.02 W/S (Consigna 214, 1959), in the form that counts words
  a sentence; the common form that counts sentences per hundred words is wrong.
- Szigriszt's perspicuity on the INFLESZ scale: 206.835 - 62.3 Y/W - W/S (Barrio-Cantalejo, 2008).
- Crawford, years of schooling: -0.205 · 100 S/W + 0.049 · 100 Y/W - 3.407 (1989).
- mu: n/(n-1) · mean/variance of letters a word · 100 (Muñoz and Muñoz, 2006).
- Gutiérrez de Polini: 95.2 - 9.7 L/W - 0.35 W/S (1972).
- Flesch: 206.835 - 1.015 W/S - 84.6 Y/W (1948); Flesch-Kincaid, years of schooling:
  0.39 W/S + 11.8 Y/W - 15.59 (1975).
- Kandel and Moles: 207 - 1.015 W/S - 73.6 Y/W (1958).
- Martins and others: 248.835 - 1.015 W/S - 84.6 Y/W (ICMC-USP, 1996).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple


class Counts(NamedTuple):
    """What the formulas are about; of a sentence or of a whole text."""

    words: int
    sentences: int
    syllables: int
    letters: int
    letters_squared: int
    """Sum of the squares of the letters of each word."""

    def without(self, other: "Counts") -> "Counts":
        """Give the text without one of its sentences."""
        return Counts(*(whole - part for whole, part in zip(self, other, strict=True)))


def add(parts: Iterable[Counts]) -> Counts:
    """Give the counts of a text from those of its sentences."""
    columns = list(zip(*parts, strict=True))
    return Counts(*map(sum, columns)) if columns else Counts(0, 0, 0, 0, 0)


def _fernandez_huerta(text: Counts) -> float:
    return 206.84 - 60 * text.syllables / text.words - 1.02 * text.words / text.sentences


def _inflesz(text: Counts) -> float:
    return 206.835 - 62.3 * text.syllables / text.words - text.words / text.sentences


def _crawford(text: Counts) -> float:
    hundreds = text.words / 100
    return -0.205 * text.sentences / hundreds + 0.049 * text.syllables / hundreds - 3.407


def _mu(text: Counts) -> float:
    if text.words < 2:
        return 0.0
    mean = text.letters / text.words
    variance = text.letters_squared / text.words - mean * mean
    # Words of one length have no variance; the formula then has no bound.
    return 0.0 if variance <= 0 else text.words / (text.words - 1) * mean / variance * 100


def _gutierrez(text: Counts) -> float:
    return 95.2 - 9.7 * text.letters / text.words - 0.35 * text.words / text.sentences


def _flesch(text: Counts) -> float:
    return 206.835 - 1.015 * text.words / text.sentences - 84.6 * text.syllables / text.words


def _flesch_kincaid(text: Counts) -> float:
    return 0.39 * text.words / text.sentences + 11.8 * text.syllables / text.words - 15.59


def _kandel_moles(text: Counts) -> float:
    return 207 - 1.015 * text.words / text.sentences - 73.6 * text.syllables / text.words


def _martins(text: Counts) -> float:
    return 248.835 - 1.015 * text.words / text.sentences - 84.6 * text.syllables / text.words


MEASURES: Mapping[str, Callable[[Counts], float]] = {
    "crawford": _crawford,
    "fernandez-huerta": _fernandez_huerta,
    "flesch": _flesch,
    "flesch-kincaid": _flesch_kincaid,
    "gutierrez": _gutierrez,
    "inflesz": _inflesz,
    "kandel-moles": _kandel_moles,
    "martins": _martins,
    "mu": _mu,
}
"""By name; each takes a text of at least one word and one sentence."""
