"""File names of takes: what a kit asks for, and what comes back from telephones and mail.

A take of line 3 of the segment ``agua`` in K'iche' is ``agua_quc_003.m4a``; one file for the
whole segment is ``agua_quc_all.m4a``. Lines are sentences, counted from 1 as they are spoken.

What comes back may be ``Agua quc 3 (1).M4A``. Every name is read in all ways that make sense;
one that fits two prompts belongs to neither until somebody has renamed it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from programme.units import LanguageTag

WHOLE = 0
"""In the place of a line's number: the take holds the whole segment."""

_ALL = "all"
_MOST_CHARACTERS = 300
"""No disk gives a file a longer name."""

_JOINERS = re.compile(r"(?:%20|[\s_.+-])+")
_COPY = re.compile(
    r"(?:\s*\(\d{1,3}\)|[\s_-]+\(?(?:copy|copia|copie|kopie|cópia)(?:[\s_-]*\(?\d{1,3}\)?)?\)?)\Z"
)
_COPY_OF = re.compile(r"\A(?:copy of|copia de|copie de)\s+")
_ENDING = re.compile(r"(?<=.)\.[a-z][a-z0-9]{1,4}\Z|(?<=.)\.3gpp?\Z")
_NUMBER = re.compile(r"[0-9]{1,4}\Z")
_COUNTED = re.compile(r"[0-9]{1,2}\Z")
"""A last part that a program may have added to a name that was there already."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TakeName:
    """What a file of a take holds."""

    segment: str
    language: LanguageTag
    line: int
    """The sentence, counted from 1; WHOLE for the whole segment."""

    @property
    def stem(self) -> str:
        """The file's name without ending."""
        number = f"{self.line:03d}" if self.line else _ALL
        return f"{self.segment}_{self.language}_{number}"


class TakeNames:
    """Reads names of files against the prompts that there are."""

    def __init__(self, prompts: Collection[tuple[str, LanguageTag]]) -> None:
        """Take what may be recorded: pairs of segment and language."""
        self._exact: dict[str, list[tuple[str, LanguageTag]]] = defaultdict(list)
        self._loose: dict[str, list[tuple[str, LanguageTag]]] = defaultdict(list)
        for segment, language in prompts:
            name = f"{segment}_{language}".casefold()
            self._exact[name].append((segment, language))
            self._loose[_joined(name)].append((segment, language))

    def read(self, name: str) -> tuple[TakeName, ...]:
        """Give what a file may be, by its name alone.

        Args:
            name: the file's name with its ending, or its path in a folder or ZIP.

        Returns:
            One where the name is plain; none where it says nothing; several, sorted, where it
            fits more than one prompt. A line that the text does not have is given too: whoever
            asks can say that there is no such line.
        """
        if len(name) > _MOST_CHARACTERS:
            return ()
        stem = _stem(name)
        exact = _found(stem, self._exact)
        if len(exact) == 1:
            return tuple(exact)
        joined = _joined(stem)
        found = _found(joined, self._loose)
        if not found:
            # "agua_quc_003_2" is the second download of "agua_quc_003"
            first, _, last = joined.rpartition("_")
            if _COUNTED.match(last):
                found = _found(first, self._loose)
        return tuple(sorted(found))


def name_key(name: str) -> str:
    """Give what two names have in common that most people and disks take for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _found(stem: str, known: Mapping[str, list[tuple[str, LanguageTag]]]) -> set[TakeName]:
    first, _, last = stem.rpartition("_")
    if last == _ALL:
        line = WHOLE
    elif _NUMBER.match(last) and int(last):
        line = int(last)
    else:
        return set()
    return {TakeName(segment=one, language=tag, line=line) for one, tag in known.get(first, ())}


def _stem(name: str) -> str:
    """Give a name without folder, ending, and what a program says of a copy."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFKC", name))[-1]
    stem = last.casefold().strip()
    while True:
        shorter = _ENDING.sub("", _COPY_OF.sub("", _COPY.sub("", stem))).strip()
        if shorter == stem or not shorter:
            return stem
        stem = shorter


def _joined(stem: str) -> str:
    """Give a name whose parts are joined by ``_`` alone."""
    return _JOINERS.sub("_", stem).strip("_")
