"""The term base: words that hurt, mislead or promise, by concept and language."""

from dataclasses import dataclass

from programme.units import LanguageTag
from scripts.rules_terms import Terms, terms


@dataclass(frozen=True, slots=True)
class TermBase:
    """The built-in concepts, with a workspace's own over them."""

    def of(self, language: LanguageTag) -> Terms | None:
        """Give the terms of a language; None where nothing is known of it."""
        return terms(language.partition("-")[0])
