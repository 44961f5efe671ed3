"""Words in a station's file that people hear: a locator, or what a presenter says."""

import re
from collections.abc import Mapping, Sequence

from programme.units import LanguageTag
from scripts.fields import Fields
from scripts.language_maps import language_map
from scripts.wording import listed, shown

_FIGURES = re.compile(r"\d(?:[\s.()/-]{0,2}\d){2,}")
"""Three figures or more: a gate or a platform has fewer, a telephone, a price or a year has not."""
_ADDRESS = re.compile(r"https?:|www\.|\w@\w", re.IGNORECASE)


def spoken_map(
    part: Fields,
    key: str,
    *,
    languages: Sequence[LanguageTag],
    network: Sequence[LanguageTag] | None,
    letters: int,
) -> Mapping[LanguageTag, str]:
    """Give words by language; those that a station has not, and long figures, are faults.

    Args:
        part: the table that holds the words.
        key: their key.
        languages: the station's; empty where they could not be read: then none is missed.
        network: languages of altavoz.toml; None where that could not be read.
        letters: the most that one text may have.
    """
    found = language_map(part, key, network, letters=letters)
    table = part.table_at(key)
    for tag, words in found.items():
        line = part.line(key) if table is None else table.key_lines[tag]
        check_heard(part, line, tag, languages)
        figures = _FIGURES.search(words) or _ADDRESS.search(words)
        if figures:
            part.fault(
                line,
                "station.figures",
                f"{key}: {tag} holds {shown(figures.group())}, which nobody corrects here",
                "leave it to a segment, which speaks numbers and addresses by reference to facts",
            )
    return found


def check_heard(
    part: Fields, line: int, tag: LanguageTag, languages: Sequence[LanguageTag]
) -> None:
    """Report a language that the station has not; where its own are not known, none is."""
    if languages and tag not in languages:
        part.fault(
            line,
            "station.not-heard",
            f"{tag} is no language of this station",
            f"add it to languages: above, or take one of: {listed(languages)}",
        )
