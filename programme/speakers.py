"""Who speaks in a dialogue: an id, and the label by which each language's scripts name it."""

from collections.abc import Mapping
from dataclasses import dataclass

from programme.units import LanguageTag

USUAL = ""
"""Stands for nobody in particular: the usual voice of the language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A role that speaks in scripts, such as the presenter; never a person's name."""

    id: str
    labels: Mapping[LanguageTag, str]
    """What stands before the colon, by tag; one for ``es`` holds for every Spanish."""
    line: int = 0
    """Line in altavoz.toml, counted from 1."""

    def label(self, tag: LanguageTag) -> str:
        """Give the label in a language; empty where it has none."""
        return self.labels.get(tag) or self.labels.get(LanguageTag(tag.partition("-")[0]), "")
