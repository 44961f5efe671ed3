"""What every voice gives, and what no voice may be given."""

import unicodedata
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from programme.errors import ExitCode, ProductionError
from programme.sound import WordTime
from programme.units import DurationMs, Hz, LanguageTag

LONGEST_TEXT = 1_000
"""Characters in one sentence; a longer text is a page that lost its line breaks."""

LONGEST_SOUND_S = 180
"""A sentence that sounds longer than three minutes is no sentence."""

RATES = range(8_000, 48_001)
"""Samples a second that a voice may give."""

KEPT_MS = 10
"""What a take keeps of the quiet before its first and after its last sound."""

FLOOR = 33
"""Samples up to this size are silence: -60 dBFS of 16 bit."""

_SHORTEST_MS = 40
"""A take with less sound than this said nothing: the shortest vowel lasts longer."""

_JOINERS = frozenset("\u200c\u200d")
"""Zero-width joiners, which Persian, Sorani and the scripts of India need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One sentence as sound, trimmed; never silent."""

    pcm: NDArray[np.int16]
    """Mono, full scale 32767."""
    rate_hz: Hz
    words: tuple[WordTime, ...]
    """In the order of the text; empty where the engine cannot tell."""


class Voice(Protocol):
    """One engine speaking one language with one voice."""

    @property
    def engine(self) -> str:
        """The engine's name in the catalogue, such as ``espeak``."""
        ...

    @property
    def name(self) -> str:
        """The engine's own name of the voice."""
        ...

    @property
    def language(self) -> LanguageTag:
        """The language that it was opened for."""
        ...

    @property
    def version(self) -> str:
        """Everything that makes two outputs comparable: program, data, settings, pace table."""
        ...

    def speak(self, text: str, *, words_per_minute: int) -> Spoken:
        """Speak one sentence at the pace that a listener should hear.

        Raises:
            ProductionError: the text must not be given to a voice, holds nothing that can
                be spoken, or the engine failed; code VOICE.
        """
        ...


class Paced(Voice, Protocol):
    """A voice that can be set to a speed, so that its pace can be measured."""

    def at_speed(self, text: str, speed: float) -> Spoken:
        """Speak one sentence at a speed against the voice's usual one, which is 1.

        Raises:
            ProductionError: as for ``speak``.
        """
        ...


def refuse_unspeakable(text: str) -> None:
    """Refuse text that a voice would skip, obey or read as something else.

    Control characters change an engine's settings or end the text, ``[[`` and tags are
    engine commands, bidirectional controls make the page show other words than are said.

    Raises:
        ProductionError: with the character or sign concerned; code VOICE.
    """
    for position, letter in enumerate(text):
        category = unicodedata.category(letter)
        if category in {"Cc", "Cf", "Cs", "Co", "Cn"} and letter not in _JOINERS:
            raise _refused(
                f"the sentence holds the invisible character U+{ord(letter):04X}"
                f" (character {position + 1})",
                "delete it and type the words around it again",
                text,
            )
    for sign in ("[[", "]]", "<", ">", "{{", "}}"):
        if sign in text:
            raise _refused(
                f'the sentence holds "{sign}", which is a command and not a word',
                "write the words that should be heard",
                text,
            )
    if not any(unicodedata.category(letter)[0] in "LN" for letter in text):
        raise _refused("the sentence holds nothing to say", "write words, or remove the line", text)
    if len(text) > LONGEST_TEXT:
        raise _refused(
            f"the sentence has {len(text)} characters, more than {LONGEST_TEXT}",
            "write one short sentence on each line",
            text,
        )


def trimmed(pcm: NDArray[np.int16], rate_hz: Hz, text: str) -> tuple[NDArray[np.int16], DurationMs]:
    """Cut the quiet at both ends; give the sound and how much was cut before it.

    Raises:
        ProductionError: there is no sound in it; code VOICE.
    """
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > FLOOR)
    if not loud.size or (loud[-1] - loud[0]) * 1000 < _SHORTEST_MS * rate_hz:
        raise _refused(
            "the voice gave no sound for this sentence",
            "write it in the letters of its language, or record it",
            text,
        )
    kept = rate_hz * KEPT_MS // 1000
    first = max(0, int(loud[0]) - kept)
    last = min(len(pcm), int(loud[-1]) + 1 + kept)
    return np.ascontiguousarray(pcm[first:last]), DurationMs(round(first * 1000 / rate_hz))


def _refused(problem: str, remedy: str, text: str) -> ProductionError:
    return ProductionError(problem, where=quoted(text), remedy=remedy, code=ExitCode.VOICE)


def quoted(text: str) -> str:
    """Give the beginning of a text, safe to print on a terminal."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text[:60])
    return f'"{shown}{"…" if len(text) > 60 else ""}"'
