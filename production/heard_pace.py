"""The pace of a finished edition: words a minute, counted on the takes as they are heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from programme.languages import SPACELESS
from programme.sound import Span
from programme.units import LanguageTag

TOLERANCE = 0.10
"""An edition that is off its profile's pace by more than this part of it is named."""

SHORTEST_WORDS = 20
"""Fewer words than this tell nothing: one long word more is a tenth."""

NAMED_WORDS = 100
"""In an edition of fewer words than this a telephone number, which is said slowly and has pauses
of its own, decides the pace: it is measured, and not complained of."""


class _Words(Protocol):
    """What must be known of a slot's words."""

    @property
    def sentences(self) -> Sequence[object]: ...
    @property
    def lines(self) -> Sequence[Sequence[int]]: ...
    @property
    def spoken(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Words a minute; 0 where nothing could be counted."""

    speaking: int = 0
    """While somebody speaks: the pauses between takes are left out."""
    overall: int = 0
    """With the pauses, from the first take of each slot to its last."""

    @property
    def known(self) -> bool:
        """Whether anything was measured."""
        return self.speaking > 0


def measure_pace(
    language: LanguageTag, slots: Sequence[_Words], spans: Sequence[Sequence[Span]]
) -> Pace:
    """Count words against the time in which they are heard.

    Args:
        language: of the edition.
        slots: words as given to a voice, and which of them each line of a slot holds. A recording
            without a text in its language has none, and is not counted.
        spans: for each slot, when each of its lines is heard.
    """
    if language.partition("-")[0] in SPACELESS:
        return Pace()
    words = speaking_ms = overall_ms = 0
    for slot, heard in zip(slots, spans, strict=True):
        counted = [
            (sum(len(slot.spoken[index].split()) for index in line), span)
            for line, span in zip(slot.lines, heard, strict=True)
            if line and slot.sentences
        ]
        if not counted:
            continue
        words += sum(count for count, _ in counted)
        speaking_ms += sum(span.end_ms - span.start_ms for _, span in counted)
        overall_ms += counted[-1][1].end_ms - counted[0][1].start_ms
    if words < SHORTEST_WORDS or not speaking_ms:
        return Pace()
    return Pace(
        speaking=round(words * 60_000 / speaking_ms), overall=round(words * 60_000 / overall_ms)
    )


def off_pace(heard: int, asked: int) -> float:
    """Give how far a pace is off what was asked for, as a part of it: 0.2 is a fifth too fast.

    0 within TOLERANCE, and where one of the two is not known.
    """
    if not heard or not asked:
        return 0.0
    off = round(heard / asked - 1, 6)
    return off if abs(off) > TOLERANCE else 0.0
