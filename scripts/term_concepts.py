"""Concepts: what is meant, and in each language the words to use and to avoid (ISO 30042)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from programme.findings import Severity
from programme.units import LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidRow:
    """Phrases of one concept in one language that are not said, and what is said instead."""

    row: str
    """Names it within its concept and language, so that a workspace can change it."""
    avoid: tuple[str, ...]
    """Patterns, see scripts.term_words."""
    say: str
    severity: Severity
    unless: tuple[str, ...] = ()
    """Phrases that make a match inside them harmless."""
    negatable: bool = False
    """Silent after a word of denial: nothing is guaranteed."""
    ambiguous: bool = False
    """Whether these phrases leave open which concept is meant: no evidence in a translation."""
    bad: tuple[str, ...] = ()
    """Sentences in which it must be found."""
    good: tuple[str, ...] = ()
    """Sentences in which it must not be found."""
    off: str = ""
    """Why a workspace switched it off; empty while it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageTerms:
    """One concept in one language."""

    definition: str = ""
    reason: str = ""
    """Why the words to avoid are avoided."""
    use: tuple[str, ...] = ()
    """Patterns of the preferred terms, the best first."""
    audience_words: tuple[str, ...] = ()
    """Patterns of words that people say themselves: allowed, explained once."""
    also: tuple[str, ...] = ()
    """Patterns of shorter words by which the concept is known in a translation."""
    unless: tuple[str, ...] = ()
    """Phrases in which such a word means something else."""
    avoid: tuple[AvoidRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One concept, whatever the language."""

    id: str
    """Names the rule: ``terms.<id>``."""
    sources: tuple[str, ...] = ()
    """Who says so."""
    confusable_with: tuple[str, ...] = ()
    """Ids of concepts that a translation must not put in its place."""
    terms: Mapping[LanguageTag, LanguageTerms] = field(default_factory=dict)

    def reason(self, *readers: str) -> str:
        """Give the reason in the first of these languages that has one, else in any."""
        return _first({tag: found.reason for tag, found in self.terms.items()}, readers)

    def definition(self, *readers: str) -> str:
        """Give the definition in the first of these languages that has one, else in any."""
        return _first({tag: found.definition for tag, found in self.terms.items()}, readers)

    def spoken_in(self, language: str) -> LanguageTerms | None:
        """Give the terms of a language, or of what it is a form of: es for es-MX."""
        return self.terms.get(LanguageTag(language)) or self.terms.get(
            LanguageTag(language.partition("-")[0])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TermData:
    """Concepts by id, and of each language the words of denial, and those that end a denial."""

    concepts: Mapping[str, Concept] = field(default_factory=dict)
    denials: Mapping[LanguageTag, tuple[str, ...]] = field(default_factory=dict)
    joins: Mapping[LanguageTag, tuple[str, ...]] = field(default_factory=dict)


def _first(texts: Mapping[LanguageTag, str], readers: tuple[str, ...]) -> str:
    for reader in readers:
        for tag in (reader, reader.partition("-")[0]):
            if texts.get(LanguageTag(tag)):
                return texts[LanguageTag(tag)]
    return next((text for text in texts.values() if text), "")
