"""Script files: a title, then one spoken sentence per line, judged all at once.

The form::

    # Pedir refugio es gratis

    Pedir refugio es gratis.
    Llame al {{phone:mx-lnctp}}.
    <!-- a whole-line comment, not spoken -->

A blank line begins a new paragraph; a label such as ``LOCUTORA:`` says who speaks, see dialogue.
What is read on a page and what a voice says differ only where placeholders are filled in.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from programme.digests import Plain, canonical_json, canonical_texts, digest_text
from programme.findings import Finding, Findings, Severity
from programme.speakers import USUAL
from programme.units import Digest, LanguageTag
from programme.words import Script, Sentence
from scripts.allowances import silence
from scripts.character_faults import character_finding
from scripts.dialogue import part_speakers
from scripts.factbook import FactBook
from scripts.house_style import HouseStyle
from scripts.normal_text import normal
from scripts.placeholders import (
    PLACEHOLDER,
    find_placeholders,
    fold_spaces,
    resolve,
    told_once,
)
from scripts.rules_forms import STAND_IN, may_hold_two, second_sentence, short_forms, unexplained
from scripts.rules_letters import Sieve, clean_sieve
from scripts.script_lines import ScriptDesk, ScriptLine, lines_of, sentence_of, split_title
from scripts.speakers import may_have_heads
from scripts.token_looks import token_looks
from scripts.wording import printable

MOST_BYTES = 1_000_000
_MOST_OF_CHARACTER = 4
"""Bytes of one character in UTF-8."""
MOST_LINES = 2_000
MOST_CHARACTERS = 400
"""In one line: a sentence that long cannot be followed by ear."""
MOST_FINDINGS = 200
"""In one file: after that many faults something else is wrong, and reading stops."""

_IN_LINE = re.compile(r"\{\{[^{}\n]*\}\}")
"""A placeholder within one line, as each line is read by itself."""

_HALF = re.compile("[\ud800-\udfff]")
"""Half of a pair: it was reported, and has no bytes of which a digest could be made."""


def parse_script(
    text: str,
    *,
    file: str,
    segment: str,
    language: LanguageTag,
    book: FactBook,
    style: HouseStyle,
    findings: Findings,
) -> Script | None:
    """Read a script; None when it has errors, every one of which is among the findings.

    Byte order mark, CRLF, tabs and decomposed letters are put right without a word; in Mayan
    languages every apostrophe after a letter becomes U+02BC.
    """
    return read_script(
        text,
        file=file,
        segment=segment,
        language=language,
        book=book,
        style=style,
        findings=findings,
    ).script


class ScriptReading(NamedTuple):
    """What was read of a script file."""

    script: Script | None
    """The script; None when it has errors."""
    draft: Script | None
    """The script with the lines that can be read, errors or not, so that its style can be judged
    in the same round. Never spoken. None when there is nothing to judge."""


def read_script(
    text: str,
    *,
    file: str,
    segment: str,
    language: LanguageTag,
    book: FactBook,
    style: HouseStyle,
    findings: Findings,
) -> ScriptReading:
    """Read a script as ``parse_script`` does, and keep what can be judged where it has errors."""
    own = Findings()
    desk = ScriptDesk(
        file=file,
        language=language,
        book=book,
        style=style,
        table=style.lexicon.table(language),
        findings=own,
        allowed=[],
    )
    draft = _read(text, segment, desk) if _is_of_size(text, desk) else None
    if own.items:
        own = Findings(silence(told_once(own.items), desk.allowed))
        findings.extend(map(_told, own.items))
    return ScriptReading(script=None if own.has_errors else draft, draft=draft)


def _told(found: Finding) -> Finding:
    if found.problem.isprintable() and found.remedy.isprintable():
        return found
    return replace(found, problem=printable(found.problem), remedy=printable(found.remedy))


def _is_of_size(text: str, desk: ScriptDesk) -> bool:
    # Every character takes one byte to four: few texts have to be encoded to be measured.
    if len(text) > MOST_BYTES or (
        len(text) * _MOST_OF_CHARACTER > MOST_BYTES
        and len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES
    ):
        desk.note(
            0,
            "script.size",
            f"the file is larger than {MOST_BYTES // 1000} kB",
            "a script is one item of a few minutes: split it into segments",
        )
        return False
    count = text.count("\n") + 1
    if count > MOST_LINES + 1:
        desk.note(
            0,
            "script.size",
            f"the file has {count} lines, and {MOST_LINES} is the most",
            "split it into segments",
        )
        return False
    return True


def _read(text: str, segment: str, desk: ScriptDesk) -> Script | None:
    text = normal(text.removeprefix("\ufeff"), desk.language)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = lines_of(text, desk)
    title, body = split_title(lines, desk)
    if may_have_heads(text):
        body = part_speakers(body, desk)
    said = "\n".join([line.raw for line in ([title, *body] if title else body)])
    # what stands in placeholders is not said: its figures and Latin letters are no reason to look
    bare = _IN_LINE.sub(" ", said) if "{{" in said else said
    look = token_looks(desk.language, desk.table).over(bare)
    sieve = clean_sieve(desk.language) if look.is_clean else Sieve.over(bare, desk.language)
    is_quiet = desk.table.spaced and look.is_silent
    heading = _title(title, sieve, desk) if title else None
    sentences: list[Sentence] = []
    paragraphs: dict[int, int] = {}
    is_calm = is_quiet and sieve.is_clean and not may_hold_two(said)
    has_braces = "{" in said or "}" in said
    found = desk.findings.items
    for line in body:
        raw = line.raw
        braced = has_braces and ("{" in raw or "}" in raw)
        quiet = is_quiet and not (braced and "{{" in raw)
        if is_calm and len(raw) <= MOST_CHARACTERS and not (braced and _has_stray_brace(raw)):
            # nothing is to be found here: most lines are made into sentences without a look
            sentence = _filled(line, desk, paragraphs, is_quiet=quiet)
        else:
            sentence = _sentence(line, sieve, desk, paragraphs, is_quiet=quiet)
        if sentence is not None:
            sentences.append(sentence)
        if len(found) >= MOST_FINDINGS:
            desk.note(
                line.number,
                "script.too-many",
                f"{MOST_FINDINGS} findings up to here; the rest of the file was not read",
                "put these right first, then check again",
            )
            return None
    _check_explained(sentences, desk, is_quiet=is_quiet)
    if not body:
        desk.note(0, "script.empty", "the script says nothing", "write one sentence per line")
    if not sentences or (desk.findings.has_errors and _HALF.search(text)):
        return None
    ordered = tuple(sentences)
    return Script(
        segment=segment,
        language=desk.language,
        title=heading or "",
        title_line=title.number if title else 1,
        sentences=ordered,
        file=desk.file,
        words_digest=words_digest(heading or "", ordered),
        allowances=tuple(desk.allowed),
    )


def words_digest(title: str, sentences: Sequence[Sentence]) -> Digest:
    """Give what recordings and reviews are bound to: title, words as spoken, and who says them."""
    speakers = {s.speaker for s in sentences}
    if speakers <= {USUAL}:
        return digest_text(canonical_texts([title, *[s.spoken for s in sentences]]))
    said: list[Plain] = [[s.speaker, s.spoken] if s.speaker else s.spoken for s in sentences]
    return digest_text(canonical_json([title, *said]))


def _check_explained(sentences: list[Sentence], desk: ScriptDesk, *, is_quiet: bool) -> None:
    """Note acronyms never said in full; in a quiet file only what placeholders said can be one."""
    loud = [one for one in sentences if "{{" in one.raw] if is_quiet else sentences
    if all(desk.table.is_quiet(one.text) for one in loud):
        return
    said = [(one.line, one.text) for one in sentences]
    among = [(one.line, one.text) for one in loud]
    for number, form in unexplained(said, desk.language, desk.style.lexicon, among=among):
        desk.note(number, form.rule.value, form.problem, form.remedy(desk.language), form.severity)


def _title(line: ScriptLine, sieve: Sieve, desk: ScriptDesk) -> str | None:
    if not line.raw:
        desk.note(
            line.number,
            "script.no-title",
            "the title is empty",
            "write the title after the #, for example: # Pedir refugio es gratis",
        )
        return None
    residue = _check_characters(line, sieve, desk)
    for mark in find_placeholders(line.raw):
        if mark.refers:
            # Titles go into feeds and pages where nothing tells which facts they hold.
            desk.note(
                line.number,
                "script.title-fact",
                f"{mark.written} in the title",
                "say it in a sentence; a title takes words, {{date:...}} and {{number:...}}",
            )
            return None
    if residue is None:
        return None
    if "{{" not in line.raw:
        return fold_spaces(line.raw)
    resolved = resolve(
        line.raw,
        file=desk.file,
        line=line.number,
        language=desk.language,
        book=desk.book,
        findings=desk.findings,
    )
    return resolved.text if resolved else None


def _sentence(
    line: ScriptLine,
    sieve: Sieve,
    desk: ScriptDesk,
    paragraphs: dict[int, int],
    *,
    is_quiet: bool,
) -> Sentence | None:
    """Read one line; only paragraphs in which something is said are counted, from 0.

    Args:
        line: the line.
        sieve: for faulty characters.
        desk: what every check needs.
        paragraphs: their numbers, by that of ``line``; grows.
        is_quiet: whether it is known that no word of the line is in the lexicon.
    """
    residue = _check_characters(line, sieve, desk)
    if residue is None:
        return None
    _check_forms(line, residue, desk, is_quiet=is_quiet)
    return _filled(line, desk, paragraphs, is_quiet=is_quiet)


def _has_stray_brace(raw: str) -> bool:
    """Tell whether a brace of a line belongs to no placeholder: each of those has two and two."""
    own = 2 * len(find_placeholders(raw))
    return raw.count("{") != own or raw.count("}") != own


def _filled(
    line: ScriptLine, desk: ScriptDesk, paragraphs: dict[int, int], *, is_quiet: bool
) -> Sentence | None:
    """Give the sentence of a line with its placeholders filled in; arguments as ``_sentence``."""
    raw = line.raw
    facts: tuple[str, ...] = ()
    if "{{" in raw:
        resolved = resolve(
            raw,
            file=desk.file,
            line=line.number,
            language=desk.language,
            book=desk.book,
            findings=desk.findings,
        )
        if resolved is None:
            return None
        text, spoken, facts = resolved
        raw = fold_spaces(raw)
    else:
        raw = text = spoken = " ".join(raw.split())  # one text, looked at once
    if not any(map(str.isalnum, spoken)):
        desk.note(
            line.number,
            "script.no-words",
            f"nothing can be said here: {line.raw}",
            "write a sentence, or delete the line",
        )
        return None
    return sentence_of(
        line,
        raw=raw,
        text=text,
        spoken=spoken if is_quiet else desk.table.spoken(spoken),
        paragraph=paragraphs.setdefault(line.paragraph, len(paragraphs)),
        facts=facts,
    )


def _check_characters(line: ScriptLine, sieve: Sieve, desk: ScriptDesk) -> str | None:
    """Give the line with its placeholders taken out; None when it is too long to be looked at."""
    if len(line.raw) > MOST_CHARACTERS:
        desk.note(
            line.number,
            "script.long-line",
            f"a line of {len(line.raw)} characters, and {MOST_CHARACTERS} is the most",
            "write one spoken sentence per line",
        )
        return None
    raw = line.raw
    is_clean = sieve.is_clean
    if is_clean and "{" not in raw and "}" not in raw:
        return raw
    residue, bare = raw, raw
    if "{{" in raw:
        residue = PLACEHOLDER.sub(STAND_IN, raw)
        bare = residue.replace(STAND_IN, " ")
    if not is_clean:
        desk.findings.extend([character_finding(found, line, desk) for found in sieve.faults(bare)])
    if "{" in residue or "}" in residue:
        desk.note(
            line.number,
            "placeholder.brace",
            "a brace that belongs to no placeholder",
            "write {{kind:id}} with two braces on both sides, or delete the brace",
        )
    return residue


def _check_forms(line: ScriptLine, residue: str, desk: ScriptDesk, *, is_quiet: bool) -> None:
    lexicon = desk.style.lexicon
    if not is_quiet and not desk.table.is_quiet(residue):
        for form in short_forms(residue, desk.language, lexicon):
            remedy = form.remedy(desk.language)
            desk.note(line.number, form.rule.value, form.problem, remedy, form.severity)
    second = second_sentence(residue, desk.language, lexicon)
    if second:
        desk.note(
            line.number,
            "script.two-sentences",
            f"a second sentence on the line: {second}",
            "begin a new line before it: every line is spoken and translated as one sentence",
            Severity.WARNING,
        )
