"""Translations: how each language stands against the source that it was made from.

Beside every translation lies a provenance file: a copy of the source's title and sentences as
they were when somebody last confirmed the translation. Comparing that copy with the present
source tells which lines changed, whoever changed them and however the files were moved.
"""

from collections import Counter
from typing import NamedTuple

from programme.findings import Findings, Severity
from programme.units import LanguageTag
from programme.words import Script, Translation, TranslationState
from scripts.placeholders import find_placeholders
from scripts.speakers import NO_SPEAKERS, Speakers
from scripts.translation_alignment import equal_ends
from scripts.translation_lines import Provenance, essence, normal_line, parse_provenance
from scripts.translation_speakers import check_speakers

_MOST_COMPARED = 100_000
"""Old lines times new lines above which a changed stretch is not aligned line by line: repeated
lines would make that take seconds."""


class _Change(NamedTuple):
    """What became of the source since the translation was confirmed."""

    state: TranslationState
    lines: tuple[int, ...] = ()
    gone: int = 0


def assess(
    *,
    segment: str,
    language: LanguageTag,
    source: Script | None,
    target: Script | None,
    target_exists: bool,
    provenance: str | None,
    file: str,
    findings: Findings,
    speakers: Speakers = NO_SPEAKERS,
) -> Translation:
    """Say how a segment stands in one language, and note what a translator must look at.

    Args:
        segment: id of the segment.
        language: tag of the translation; that of the source gives the state SOURCE.
        source: the present source; None when it is missing or faulty.
        target: the translation; None when it is missing or faulty.
        target_exists: whether there is a file for it.
        provenance: text of its ``.from`` file; None when there is none.
        file: the translation's file inside the workspace, for messages.
        findings: takes the findings.
        speakers: who speaks in dialogues.

    Returns:
        The state, with the words where they may be read. A translation that lost or gained a
        placeholder is FAULTY: a telephone number may be missing.
    """

    def stands(state: TranslationState, change: _Change | None = None) -> Translation:
        return Translation(
            segment=segment,
            language=language,
            state=state,
            script=target,
            changed_lines=change.lines if change else (),
            gone=change.gone if change else 0,
        )

    if target is None:
        return stands(TranslationState.FAULTY if target_exists else TranslationState.MISSING)
    if source is None:
        # Its errors are among the findings already; nothing can be compared with it.
        return stands(TranslationState.UNCONFIRMED)
    if source.language == language:
        return stands(TranslationState.SOURCE)
    made_from = parse_provenance(provenance) if provenance is not None else None
    change = _compare(source, made_from)
    _note_state(change, source, segment=segment, language=language, file=file, findings=findings)
    if change.state is TranslationState.STALE:
        # The translator must open it anyway; what the source gained is not yet a fault here.
        return stands(TranslationState.STALE, change)
    confirmed = change.state is not TranslationState.UNCONFIRMED
    whole = _check_placeholders(source, target, confirmed=confirmed, findings=findings)
    if confirmed and not whole:
        return Translation(
            segment=segment, language=language, state=TranslationState.FAULTY, script=None
        )
    check_speakers(source, target, made_from, speakers, findings)
    noted = sum(made_from.counts) if made_from is not None else 0
    if len(target.sentences) not in {len(source.sentences), noted}:
        findings.add(
            file=file,
            line=0,
            rule="translation.line-count",
            severity=Severity.WARNING,
            problem=f"{len(target.sentences)} sentences, and {source.file} has "
            f"{len(source.sentences)}",
            remedy="look whether a sentence was lost; splitting a long one is fine",
        )
    return stands(change.state, change)


def _compare(source: Script, made_from: Provenance | None) -> _Change:
    """Hold the copy against the present source."""
    if made_from is None or made_from.language != source.language:
        return _Change(state=TranslationState.UNCONFIRMED)
    now = [f"# {source.title}", *[sentence.raw for sentence in source.sentences]]
    then = list(made_from.lines)
    if then == now or then == [normal_line(line) for line in now]:
        return _Change(state=TranslationState.FRESH)
    old, new = [essence(line) for line in then], [essence(line) for line in now]
    if old == new:
        return _Change(state=TranslationState.COSMETIC)
    at = [source.title_line, *(sentence.line for sentence in source.sentences)]
    changed, gone = _changed(old, new)
    return _Change(
        state=TranslationState.STALE, lines=tuple(at[index] for index in changed), gone=gone
    )


def _changed(old: list[str], new: list[str]) -> tuple[list[int], int]:
    """Give the indexes of new or altered lines, and how many old ones have nothing in their place.

    What is equal at both ends is set aside first: one altered line then costs nothing to find.
    """
    head, tail = equal_ends(old, new)
    was, now = old[head : len(old) - tail], new[head : len(new) - tail]
    if not was or not now or len(was) * len(now) > _MOST_COMPARED:
        return list(range(head, head + len(now))), max(0, len(was) - len(now))
    from difflib import SequenceMatcher  # only where something changed: it costs start-up time

    changed: list[int] = []
    gone = 0
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            changed += range(head + j1, head + j2)
            gone += max(0, (i2 - i1) - (j2 - j1))
    return changed, gone


def _note_state(
    change: _Change,
    source: Script,
    *,
    segment: str,
    language: LanguageTag,
    file: str,
    findings: Findings,
) -> None:
    command = f"altavoz translate done {segment} {language}"
    if change.state is TranslationState.UNCONFIRMED:
        findings.add(
            file=file,
            line=0,
            rule="translation.unconfirmed",
            severity=Severity.WARNING,
            problem=f"nobody has confirmed that this is a translation of {source.file} as it is "
            "now: it is left out",
            remedy=f"compare the two, then run: {command}",
        )
    elif change.state is TranslationState.STALE:
        findings.add(
            file=file,
            line=0,
            rule="translation.stale",
            severity=Severity.WARNING,
            problem=f"{source.file} changed since this was translated: {_tell(change)}; "
            "it is left out",
            remedy=f"translate what changed, then run: {command}",
        )
    elif change.state is TranslationState.COSMETIC:
        findings.add(
            file=file,
            line=0,
            rule="translation.cosmetic",
            severity=Severity.INFO,
            problem=f"{source.file} changed in punctuation, case or spaces only",
            remedy=f"if nothing needs to follow here, run: {command}",
        )


def _tell(change: _Change) -> str:
    parts = []
    if change.lines:
        shown = ", ".join(str(line) for line in change.lines[:8])
        more = f" and {len(change.lines) - 8} more" if len(change.lines) > 8 else ""
        parts.append(f"{'line' if len(change.lines) == 1 else 'lines'} {shown}{more}")
    if change.gone:
        parts.append(f"{change.gone} taken away")
    return ", ".join(parts)


def _check_placeholders(
    source: Script, target: Script, *, confirmed: bool, findings: Findings
) -> bool:
    """Note placeholders that were lost or added; True when there are as many of each as before."""
    if sorted(_keys(source)) == sorted(_keys(target)):
        return True
    wanted = Counter(_keys(source))
    severity = Severity.ERROR if confirmed else Severity.WARNING
    whole = True
    for sentence in target.sentences:
        for mark in find_placeholders(sentence.raw):
            wanted[mark.key] -= 1
            if wanted[mark.key] < 0:
                whole = False
                findings.add(
                    file=target.file,
                    line=sentence.line,
                    rule="translation.placeholder-added",
                    severity=severity,
                    problem=f"{mark.written} is not in {source.file}, or not so often",
                    remedy="take it out, or say it in the source first",
                )
    lost = sorted(key for key, count in wanted.items() if count > 0)
    for key in lost:
        where = next(
            s.line
            for s in source.sentences
            if key in {mark.key for mark in find_placeholders(s.raw)}
        )
        findings.add(
            file=target.file,
            line=0,
            rule="translation.placeholder-lost",
            severity=severity,
            problem=f"{{{{{key}}}}} is missing, or not said as often as in {source.file}:{where}",
            remedy="put it back into the sentence that says it",
        )
    return whole and not lost


def _keys(script: Script) -> list[str]:
    """Give what each placeholder of a script says in any language."""
    raws = [sentence.raw for sentence in script.sentences]
    return [mark.key for raw in raws if "{{" in raw for mark in find_placeholders(raw)]
