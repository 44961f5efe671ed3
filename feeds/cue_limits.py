"""How much a caption may show, and for how long: what broadcasters found that people can read.

Figures: Netflix Partner Help Center, "Timed Text Style Guide: General Requirements" (two lines,
at most 7 s, two frames between) and the guides of each language (42 letters a line, 17 to 20
letters a second for adults; Chinese 16 and 9); BBC, "Subtitle Guidelines" (37 letters on
teletext, about 0.3 s a word, breaks at the ends of phrases). The least time is a second, a little
more than Netflix's five sixths. Two frames are those of 25 a second (EBU).

Captions here say every word that is heard, so the voice sets the pace: where it is quicker than
people read, the cue says so, and stays on screen through the pause that follows.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from programme.units import DurationMs, LanguageTag

ROWS = 2


class CueFault(StrEnum):
    """Why a cue is not within the limits."""

    WIDE = "a word or number is longer than a line, or there is no time for two cues"
    FAST = "it is said faster than people read"
    SHORT = "the next words begin before it has been seen for a second"
    LONG = "one word or value is said for longer than seven seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class CueLimits:
    """What a cue keeps to where the words let it."""

    width: int
    """Letters in a line; see ``letters``."""
    letters_per_s: int


SHORTEST = DurationMs(1_000)
LONGEST = DurationMs(7_000)
GAP = DurationMs(80)
"""Nothing is shown for so long before the next cue: two frames of 25 a second."""


_WIDE_SCRIPTS = {"zh": (16, 9), "yue": (16, 9), "cmn": (16, 9), "ja": (13, 4), "ko": (16, 12)}
"""Letters in a line and in a second where letters are as wide as high."""


def limits_for(language: LanguageTag, width: int = 42) -> CueLimits:
    """Give the limits of a language's captions; ``width`` is that of Latin letters."""
    lines, speed = _WIDE_SCRIPTS.get(language.partition("-")[0], (width, 20))
    return CueLimits(width=lines, letters_per_s=speed)


@lru_cache(maxsize=4096)
def is_letter(character: str) -> bool:
    """Tell whether a character takes a place of its own: marks and joiners take none."""
    return character.isascii() or unicodedata.category(character) not in {"Mn", "Me", "Mc", "Cf"}


@lru_cache(maxsize=8192)
def letters(text: str) -> int:
    """Count what a reader sees as letters, spaces too (grapheme clusters, Unicode UAX #29)."""
    # Asked for every stretch of every sentence, and for each width of a line again.
    return len(text) if text.isascii() else sum(map(is_letter, text))
