"""Readability of Spanish: how hard a script is for people with six years of school.

Fernández-Huerta, 206.84 - 60 Y/W - 1.02 W/S (Consigna 214, 1959, in the form that counts words
per sentence; the common form that counts sentences per hundred words is wrong), and Szigriszt's
perspicuity on the INFLESZ scale, 206.835 - 62.3 Y/W - W/S (Barrio-Cantalejo, 2008). Y syllables,
W words, S sentences. Below a hundred words the scores are noise and nothing is said.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_FEWEST_WORDS = 100
_STRONG = frozenset("aeoáéó")
_SOUNDED = frozenset("íú")
_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_SILENT_U = re.compile(r"(?<=q)u(?=[eiéí])|(?<=g)u(?=[eiéí])")
_FINAL_Y = re.compile(r"y(?![a-zñáéíóúü])")
_BETWEEN = re.compile(r"(?<=[aeiouáéíóúü])h(?=[aeiouáéíóúü])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readability:
    """Two scores of one Spanish text; 100 is very easy, below 60 and 55 hard."""

    fernandez_huerta: float
    inflesz: float
    words: int

    @property
    def is_hard(self) -> bool:
        """Whether people with six years of school will not follow."""
        return self.fernandez_huerta < 60 or self.inflesz < 55

    @property
    def is_demanding(self) -> bool:
        """Whether it is above plain language, though not yet hard."""
        return self.fernandez_huerta < 70 or self.inflesz < 65


@lru_cache(maxsize=65536)
def count_syllables(word: str) -> int:
    """Count the syllables of a Spanish word.

    Two strong vowels are two syllables, an accented í or ú beside a strong one too; the same
    weak vowel twice as well; h between vowels is not heard, nor the u of que, qui, gue, gui;
    y at the end is a vowel.
    """
    plain = _SILENT_U.sub("", _FINAL_Y.sub("i", word.lower()))
    plain = _BETWEEN.sub("", plain)
    return max(1, sum(_syllables_of_run(run) for run in _VOWELS.findall(plain)))


def _syllables_of_run(run: str) -> int:
    count = 1
    for before, vowel in pairwise(run):
        both_strong = before in _STRONG and vowel in _STRONG
        sounded = before in _SOUNDED or vowel in _SOUNDED
        strong_beside = before in _STRONG or vowel in _STRONG
        if both_strong or (sounded and strong_beside) or before == vowel:
            count += 1
    return count


def score_spanish(sentences: list[list[str]]) -> Readability | None:
    """Score a text given as the words of its sentences; None below a hundred words."""
    words = [word for sentence in sentences for word in sentence if word.isalpha()]
    if len(words) < _FEWEST_WORDS:
        return None
    syllables = sum(count_syllables(word) for word in words) / len(words)
    length = len(words) / len(sentences)
    return Readability(
        fernandez_huerta=206.84 - 60 * syllables - 1.02 * length,
        inflesz=206.835 - 62.3 * syllables - length,
        words=len(words),
    )
