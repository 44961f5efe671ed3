"""Whether a translation gives each line of a dialogue to the speaker whom the source gives it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from programme.findings import Findings, Severity
from programme.units import LanguageTag
from programme.words import Script, Sentence
from scripts.speakers import Speakers
from scripts.translation_lines import Provenance

_MOST_TOLD = 5
"""Lines of one text that are told; whoever reads so many looks at all."""


def check_speakers(
    source: Script,
    target: Script,
    made_from: Provenance | None,
    speakers: Speakers,
    findings: Findings,
) -> None:
    """Note the lines that somebody else says than in the source, and labels that are lacking.

    Args:
        source: the present source.
        target: the translation.
        made_from: the copy of the source, for how many lines each sentence became; None where
            nobody confirmed the translation.
        speakers: who is declared.
        findings: takes the findings.
    """
    if not any(one.speaker for script in (source, target) for one in script.sentences):
        return
    lacking = _note_lacking(source, target, speakers, findings)
    if not any(one.speaker for one in target.sentences):
        if any(one.speaker for one in source.sentences if one.speaker not in lacking):
            findings.add(
                file=target.file,
                line=0,
                rule="translation.speaker",
                severity=Severity.WARNING,
                problem=f"{source.file} is a dialogue, and no line here says who speaks",
                remedy="begin lines with " + _labels(source, speakers, target.language),
            )
        return
    wrong = [
        (one, its)
        for one, its in _pairs(source, target, made_from)
        if one.speaker != its.speaker and one.speaker not in lacking
    ]
    for one, its in _firsts(wrong)[:_MOST_TOLD]:
        label = speakers.label(one.speaker, target.language)
        says = speakers.label(its.speaker, target.language) or "the usual voice"
        wanted = speakers.label(one.speaker, source.language) or "the usual voice"
        findings.add(
            file=target.file,
            line=its.line,
            rule="translation.speaker",
            severity=Severity.WARNING,
            problem=f"{says} says this; in {source.file}:{one.line} it is {wanted}",
            remedy=f"begin the line with {label}:"
            if label
            else "put a blank line before it, and no label",
        )


def _note_lacking(
    source: Script, target: Script, speakers: Speakers, findings: Findings
) -> frozenset[str]:
    """Give the speakers of the source who have no label in the translation's language."""
    used = [name for name in source.speakers if name]
    lacking = [name for name in used if not speakers.label(name, target.language)]
    for name in lacking:
        shown = speakers.label(name, source.language)
        findings.add(
            file=target.file,
            line=0,
            rule="speaker.no-label",
            severity=Severity.WARNING,
            problem=f"{shown} has no label in {target.language}",
            remedy=f"write it in altavoz.toml, [speakers], {name}: "
            f'{target.language.partition("-")[0]} = "..."',
        )
    return frozenset(lacking)


def _labels(source: Script, speakers: Speakers, tag: LanguageTag) -> str:
    names = [speakers.label(name, tag) for name in source.speakers]
    return ", ".join(f"{name}:" for name in names if name)


def _pairs(
    source: Script, target: Script, made_from: Provenance | None
) -> Iterator[tuple[Sentence, Sentence]]:
    """Give lines that say the same; none where nobody knows which belong together."""
    counts: Sequence[int] = made_from.counts if made_from is not None else ()
    if len(source.sentences) == len(target.sentences) and not counts:
        counts = [1] * len(source.sentences)
    if len(counts) != len(source.sentences) or sum(counts) != len(target.sentences):
        return
    at = 0
    for sentence, count in zip(source.sentences, counts, strict=True):
        for line in target.sentences[at : at + count]:
            yield sentence, line
        at += count


def _firsts(wrong: list[tuple[Sentence, Sentence]]) -> list[tuple[Sentence, Sentence]]:
    """Give the first of neighbours that are wrong in the same way: one label was forgotten."""
    numbered = enumerate(wrong)
    runs = groupby(
        numbered, key=lambda item: (item[1][1].line - item[0], _who(item[1][0]), _who(item[1][1]))
    )
    return [next(run)[1] for _, run in runs]


def _who(sentence: Sentence) -> str:
    return sentence.speaker
