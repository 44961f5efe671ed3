"""Explaining a term: what it means, why it is avoided, who says so, and what to say instead."""

from collections.abc import Iterator
from dataclasses import dataclass

from programme.findings import Severity
from programme.units import LanguageTag
from scripts.term_concepts import AvoidRow, Concept, LanguageTerms
from scripts.term_words import first_form, fold, phrases, words_and_signs
from scripts.termbase import TermBase


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEntry:
    """One concept as somebody is told of it."""

    concept: str
    language: LanguageTag
    """Of the words below."""
    found: str
    """The words that were asked for, in their first form; empty where the id was."""
    definition: str
    """In the reader's language, else in English, else in any."""
    reason: str
    """The same."""
    sources: tuple[str, ...]
    severity: Severity | None
    """Of the row that avoids the words; None where they are good ones, or nobody avoids any."""
    say: str
    """What to say instead of these words; empty where they are good ones."""
    use: tuple[str, ...]
    avoid: tuple[str, ...]
    """Every pattern of the language in its first form."""
    audience_words: tuple[str, ...]
    confusable_with: tuple[str, ...]


def explain_term(termbase: TermBase, text: str, *, reader: LanguageTag) -> list[TermEntry]:
    """Give every entry that a text asks for: a concept's id, or words to use or to avoid.

    Accents, case and inflection do not matter. Words in the reader's own language come first, then
    in alphabetical order of language and concept; the same words may belong to several.

    Args:
        termbase: whose terms.
        text: what somebody typed; ``terms.<id>`` too.
        reader: the language of definition and reason: asked, else English, else any.
    """
    id_ = text.strip().removeprefix("terms.").lower()
    concepts = termbase.everything.concepts
    if id_ in concepts:
        return [_of_concept(concepts[id_], reader)]
    asked = tuple(words_and_signs(text))
    found = [entry for one in concepts.values() for entry in _entries(one, asked, reader)]
    return sorted(found, key=lambda e: (not _same(e.language, reader), e.language, e.concept))


def _same(one: str, other: str) -> bool:
    return one.partition("-")[0] == other.partition("-")[0]


def _of_concept(concept: Concept, reader: LanguageTag) -> TermEntry:
    """Give a concept in the reader's language, else in English, else in its first."""
    tags = [tag for tag in (reader, reader.partition("-")[0], "en") if tag in concept.terms]
    tag = LanguageTag(tags[0]) if tags else next(iter(concept.terms), reader)
    return _entry(concept, tag, concept.terms.get(tag, LanguageTerms()), reader)


def _entries(concept: Concept, asked: tuple[str, ...], reader: LanguageTag) -> Iterator[TermEntry]:
    for tag, terms in concept.terms.items():
        row = next((row for row in terms.avoid if _holds(row.avoid, asked)), None)
        known = (*terms.use, *terms.audience_words, *terms.also)
        if row is not None or _holds(known, asked):
            yield _entry(concept, tag, terms, reader, found=" ".join(asked), row=row)


def _holds(patterns: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    # only patterns that could hold the words are expanded: a term base has thousands of forms
    letters = asked[0][:1] if asked else ""
    return bool(letters) and any(
        letters in fold(pattern) and asked in phrases([pattern]) for pattern in patterns
    )


def _entry(
    concept: Concept,
    tag: LanguageTag,
    terms: LanguageTerms,
    reader: LanguageTag,
    *,
    found: str = "",
    row: AvoidRow | None = None,
) -> TermEntry:
    told = row or (terms.avoid[0] if terms.avoid and not found else None)
    return TermEntry(
        concept=concept.id,
        language=tag,
        found=found.replace(" ' ", "'"),
        definition=concept.definition(reader, "en"),
        reason=concept.reason(reader, "en"),
        sources=concept.sources,
        severity=told.severity if told else None,
        say=told.say if told else "",
        use=tuple(first_form(pattern) for pattern in terms.use),
        avoid=tuple(
            first_form(pattern) for row in terms.avoid if not row.off for pattern in row.avoid
        ),
        audience_words=tuple(first_form(pattern) for pattern in terms.audience_words),
        confusable_with=concept.confusable_with,
    )
