"""Times of day in words, always with the part of the day: two in the afternoon is never two.

A time is written with 24 hours and said with twelve, as people say it in the languages here.
"""

from datetime import time
from decimal import Decimal

from scripts.counted import spell_counted
from scripts.spoken_numbers import fill, spell_whole
from scripts.spoken_words import SpokenTable, TimeWords


def spell_time(at: time, words: SpokenTable, how: TimeWords) -> str:
    """Say a time of day; seconds are not said."""
    key = f"{at:%H:%M}"
    if key in how.special:
        return how.special[key]
    hour, part = how.hours[at.hour], how.parts[at.hour]
    if not at.minute:
        return _said(how.exact, hour, part, "")
    own = how.at.get(str(at.minute))
    if own is not None:
        return _said(own, hour, part, "")
    if how.minute_form:
        minutes = spell_whole(at.minute, words, how.minute_form)
    else:
        minutes = spell_counted(Decimal(at.minute), words.units["minutes"], words)
    return _said(how.below_ten if at.minute < 10 else how.minutes, hour, part, minutes)


def print_time(at: time, how: TimeWords) -> tuple[str, str]:
    """Give the figures of a time, and the pattern with {figures} that they stand in."""
    key = f"{at:%H:%M}"
    if key in how.printed_special:
        return how.printed_special[key], "{figures}"
    twelve = at.hour % 12 or 12
    figures = fill(
        how.figures if at.minute else how.figures_exact,
        h24=str(at.hour),
        hh=f"{at.hour:02}",
        h12=str(twelve),
        mm=f"{at.minute:02}",
        half=how.halves[at.hour // 12],
    )
    shown = twelve if "{h12}" in how.figures else at.hour
    return figures, how.printed_one if shown == 1 else how.printed


def _said(pattern: str, hour: str, part: str, minutes: str) -> str:
    return " ".join(fill(pattern, hour=hour, part=part, minutes=minutes).split())
