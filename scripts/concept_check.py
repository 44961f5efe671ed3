"""The concept check: a translation must speak of the same thing as its source.

Tráfico de pessoas and tráfico de personas look alike and name two crimes; a translation word for
word sends a victim to the wrong help.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from programme.findings import Findings
from programme.words import Script
from scripts.term_concepts import Concept
from scripts.term_matching import Found, found_in_script
from scripts.term_words import first_form
from scripts.termbase import TermBase


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spoken:
    """What a stretch of text speaks of: by concept how often, in which words, and where first."""

    counts: Mapping[str, int]
    said: Mapping[str, str]
    lines: Mapping[str, int]


_SILENT = _Spoken(counts={}, said={}, lines={})
"""A stretch that speaks of no concept: true of most."""


def check_concepts(source: Script, target: Script, terms: TermBase, findings: Findings) -> None:
    """Note every concept of the source in whose place the translation puts a confusable one.

    Title against title, and sentence against sentence where both have the same number, else the
    words as a whole. What speaks of both concepts in both languages is in order.
    """
    # the translation first: where it speaks of nothing, the source's phrases need not be read
    of_target = terms.of(target.language)
    by_target = {} if of_target is None else found_in_script(target, of_target)
    of_source = terms.of(source.language) if by_target else None
    by_source = {} if of_source is None else found_in_script(source, of_source)
    if not by_source:
        return
    by_sentence = len(source.sentences) == len(target.sentences)
    stretches = zip(
        _stretches(source, by_source, by_sentence=by_sentence),
        _stretches(target, by_target, by_sentence=by_sentence),
        strict=True,
    )
    for said, meant in stretches:
        if not said.counts or not meant.counts:
            continue
        for concept, other in _mistaken(said, meant, terms):
            own = concept.spoken_in(target.language)
            known = (*own.use, *own.also) if own else ()
            if not known:
                continue  # nobody has written how this language says it
            findings.add(
                file=target.file,
                line=meant.lines[other],
                rule="terms.concept",
                problem=f"«{meant.said[other]}» means {other}; "
                f"{source.file}:{said.lines[concept.id]} says «{said.said[concept.id]}», "
                f"which means {concept.id}",
                remedy=f"say: {first_form(known[0])}",
            )


def _stretches(
    script: Script, found: Mapping[int, Found], *, by_sentence: bool
) -> Iterator[_Spoken]:
    """Give what the title speaks of, then each sentence, or all of them together."""
    yield _together([(script.title_line, found[0])] if 0 in found else [])
    lines = ((at, sentence.line) for at, sentence in enumerate(script.sentences, start=1))
    if by_sentence:
        for at, line in lines:
            yield _together([(line, found[at])]) if at in found else _SILENT
    else:
        yield _together([(line, found[at]) for at, line in lines if at in found])


def _together(found: list[tuple[int, Found]]) -> _Spoken:
    if not any(one.concepts for _, one in found):
        return _SILENT
    counts: dict[str, int] = {}
    said: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, one in found:
        for concept, count in one.concepts.items():
            counts[concept] = counts.get(concept, 0) + count
            said.setdefault(concept, one.said[concept])
            lines.setdefault(concept, line)
    return _Spoken(counts=counts, said=said, lines=lines)


def _mistaken(said: _Spoken, meant: _Spoken, terms: TermBase) -> Iterator[tuple[Concept, str]]:
    """Give each concept that the translation lost, with the one that it gained instead."""
    for id_ in said.counts:
        if id_ in meant.counts:
            continue
        concept = terms.concept(id_)
        for other, count in meant.counts.items():
            confusable = other in concept.confusable_with
            confusable = confusable or id_ in terms.concept(other).confusable_with
            if confusable and count > said.counts.get(other, 0):
                yield concept, other
                break
