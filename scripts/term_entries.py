"""Explaining a term: what it means, why it is avoided, who says so, and what to say instead."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from programme.findings import Severity
from programme.units import LanguageTag
from scripts.term_concepts import AvoidRow, Concept, LanguageTerms
from scripts.term_words import expand, first_form, is_sign, phrases, words_and_signs
from scripts.termbase import TermBase

Words: TypeAlias = tuple[str, ...]
"""Folded."""

_SHORTEST = 3
"""Letters that the longest word asked for must have: articles are part of too many terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEntry:
    """One concept as somebody is told of it."""

    concept: str
    language: LanguageTag
    """Of the words below."""
    found: str
    """The term that was asked for, or that the words are part of; empty where the id was."""
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
    bad: tuple[str, ...]
    """Sentences of that row in which the words are found; of every row where none is meant."""
    good: tuple[str, ...]
    """Sentences that are left in peace."""


def explain_term(termbase: TermBase, text: str, *, reader: LanguageTag) -> list[TermEntry]:
    """Give every entry that a text asks for: a concept's id, or words to use or to avoid.

    Accents, case and inflection do not matter. Where no term is exactly these words, terms that
    stand within them are told, else terms that hold them: ilegal is part of migrante ilegal. Words
    in the reader's own language come first, then those that weigh most; the same words may belong
    to several concepts. Where they are only a part of terms, the terms to use come first: whoever
    asks for trata is told of trata de personas before trata de migrantes.

    Args:
        termbase: whose terms.
        text: what somebody typed; ``terms.<id>`` too.
        reader: the language of definition and reason: asked, else English, else any.
    """
    id_ = text.strip().removeprefix("terms.").lower()
    concepts = termbase.everything.concepts
    if id_ in concepts:
        return [_of_concept(concepts[id_], reader)]
    asked = tuple(word for word in words_and_signs(text) if not is_sign(word) or word in "'-@")
    if not any(len(word) >= _SHORTEST for word in asked):
        return []
    found: list[TermEntry] = []
    in_part = False
    for fits in (_is, _holds, _is_part_of):
        in_part = fits is _is_part_of
        found = [entry for one in concepts.values() for entry in _entries(one, asked, reader, fits)]
        if found:
            break
    return sorted(
        found,
        key=lambda e: (
            not _same(e.language, reader),
            in_part and e.found not in e.use,
            _order(e.severity),
            e.language,
            e.concept,
        ),
    )


def _order(severity: Severity | None) -> int:
    return len(Severity) if severity is None else list(Severity).index(severity)


def _same(one: str, other: str) -> bool:
    return one.partition("-")[0] == other.partition("-")[0]


def _of_concept(concept: Concept, reader: LanguageTag) -> TermEntry:
    """Give a concept in the reader's language, else in English, else in its first."""
    tags = [tag for tag in (reader, reader.partition("-")[0], "en") if tag in concept.terms]
    tag = LanguageTag(tags[0]) if tags else next(iter(concept.terms), reader)
    return _entry(concept, tag, concept.terms.get(tag, LanguageTerms()), reader)


def _entries(
    concept: Concept, asked: Words, reader: LanguageTag, fits: Callable[[Words, Words], bool]
) -> Iterator[TermEntry]:
    for tag, terms in concept.terms.items():
        row, told = None, ""
        if fits is _is_part_of:
            told = _fitting(terms.use, asked, fits)
        for one in () if told else terms.avoid:
            told = _fitting(one.avoid, asked, fits)
            if told:
                row = one
                break
        told = told or _fitting((*terms.use, *terms.audience_words, *terms.also), asked, fits)
        if told:
            yield _entry(concept, tag, terms, reader, found=told, row=row)


def _fitting(patterns: tuple[str, ...], asked: Words, fits: Callable[[Words, Words], bool]) -> str:
    """Give the form of a pattern that is asked for, as it is written; empty where none is."""
    folded = next((words for words in phrases(patterns) if fits(asked, words)), None)
    if folded is None:
        return ""
    forms = (" ".join(form.split()) for pattern in patterns for form in expand(pattern))
    written = (form for form in forms if fits(asked, tuple(words_and_signs(form))))
    return next(written, " ".join(folded))


def _is(asked: Words, term: Words) -> bool:
    return asked == term


def _holds(asked: Words, term: Words) -> bool:
    """Tell whether the term stands within the words."""
    return any(asked[at : at + len(term)] == term for at in range(len(asked) - len(term) + 1))


def _is_part_of(asked: Words, term: Words) -> bool:
    return _holds(term, asked)


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
    rows = (row,) if row else terms.avoid
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
        bad=tuple(text for one in rows for text in one.bad),
        good=tuple(text for one in rows for text in one.good),
    )
