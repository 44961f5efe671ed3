"""Which lines of a translation belong to which lines of its source, and which of them changed.

The provenance file ``<language>.from`` holds a copy of every source line as it was when its
translation was confirmed. Where one source line became several lines, or one of two became one,
its first line says how many each became: ``altavoz translation of es-419 as 1 2 0 1``.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from programme.words import Script, TranslationState
from scripts.placeholders import PLACEHOLDER, fold_spaces
from scripts.rules_words import words_of
from scripts.translation_alignment import align, equal_ends, pair

_HEADER = re.compile(r"altavoz translation of (\S+?)(?: as ([0-9]+(?: [0-9]+)*))?\Z")
_QUESTION = frozenset("?؟？")
_MOST_PAIRED = 40_000
"""Old lines times new lines up to which changed stretches are paired by their words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The contents of a provenance file."""

    language: str
    lines: tuple[str, ...]
    """``# title`` first, then the sentences; spaces folded, NFC."""
    counts: tuple[int, ...] = ()
    """How many lines of the translation each sentence became; empty where nobody noted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One line of the present source, and what became of it since it was translated."""

    place: int
    """0 is the title, 1 the first sentence."""
    line: int
    """Line of the source file, counted from 1."""
    text: str
    """As it is now; the title without its ``#``."""
    state: TranslationState
    """FRESH, COSMETIC (also where it was only moved), STALE, MISSING (new) or UNCONFIRMED."""
    before: str = ""
    """As it was when it was translated; empty where it is the same, new, or nobody knows."""
    was: int = -1
    """Its place in the copy; -1 where it was not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The present source against the copy that a translation was made from."""

    lines: tuple[SourceLine, ...]
    gone: tuple[str, ...] = ()
    """Lines of the copy that the source no longer says."""


def render_provenance(source: Script, counts: Sequence[int] = ()) -> str:
    """Write what a translation confirmed now was made from: the text of its ``.from`` file.

    Args:
        source: the present source.
        counts: how many lines each sentence became; empty, or all 1, says nothing of it.
    """
    return render_lines(
        source.language, source.title, [sentence.raw for sentence in source.sentences], counts
    )


def render_lines(
    language: str, title: str, lines: Sequence[str], counts: Sequence[int] = ()
) -> str:
    """Write a provenance file for lines that were confirmed at different times."""
    special = any(count != 1 for count in counts)
    header = f"altavoz translation of {language}"
    if special:
        header += " as " + " ".join(str(count) for count in counts)
    return "\n".join([header, f"# {title}", *lines]) + "\n"


@lru_cache(maxsize=16)
def parse_provenance(text: str) -> Provenance | None:
    """Read a ``.from`` file; None when it is none, so that the translation is unconfirmed.

    The last answers are kept: a segment's translations were mostly made from one source.
    """
    lines = [normal_line(line) for line in text.removeprefix("\ufeff").split("\n")]
    lines = [line for line in lines if line]
    header = _HEADER.match(lines[0]) if lines else None
    if header is None or len(lines) < 2 or not lines[1].startswith("# "):
        return None
    counts = tuple(int(count[:6]) for count in header[2].split()) if header[2] else ()
    return Provenance(
        language=header[1],
        lines=tuple(lines[1:]),
        counts=counts if len(counts) == len(lines) - 2 else (),
    )


@lru_cache(maxsize=8192)
def normal_line(line: str) -> str:
    """Give a line in NFC with single spaces: as it is compared."""
    return fold_spaces(unicodedata.normalize("NFC", line))


@lru_cache(maxsize=8192)
def essence(line: str) -> str:
    """Give what must be translated: words in lower case, placeholders, whether it is a question.

    Every other sign becomes a space, never nothing, so that we're and were differ.
    """
    parts, at = [], 0
    for match in PLACEHOLDER.finditer(line):
        parts += [_words_only(line[at : match.start()]), "".join(match[0].split())]
        at = match.end()
    parts.append(_words_only(line[at:]))
    question = "?" if _QUESTION.intersection(PLACEHOLDER.sub("", line)) else ""
    return fold_spaces(" ".join([*parts, question]))


def _words_only(text: str) -> str:
    return "".join(
        char if unicodedata.category(char)[0] in "LMN" else " " for char in text.casefold()
    )


def compare_lines(source: Script, made_from: Provenance | None) -> Comparison:
    """Say of each line of the source what became of it since its translation was confirmed.

    Args:
        source: the present source.
        made_from: the copy; None, or one of another language, leaves every line unconfirmed.
    """
    now = [source.title, *(sentence.raw for sentence in source.sentences)]
    at = [source.title_line, *(sentence.line for sentence in source.sentences)]
    if made_from is None or made_from.language != source.language:
        state = TranslationState.UNCONFIRMED
        return Comparison(
            lines=tuple(
                SourceLine(place=place, line=line, text=text, state=state)
                for place, (line, text) in enumerate(zip(at, now, strict=True))
            )
        )
    then = [made_from.lines[0].removeprefix("# "), *made_from.lines[1:]]
    origins = _origins(then, now)
    lines = tuple(
        _source_line(place, line, text, then, origins[place])
        for place, (line, text) in enumerate(zip(at, now, strict=True))
    )
    kept = {was for was, _ in origins}
    return Comparison(
        lines=lines, gone=tuple(text for place, text in enumerate(then) if place not in kept)
    )


def _source_line(
    place: int, line: int, text: str, then: list[str], origin: tuple[int, bool]
) -> SourceLine:
    was, moved = origin
    if was < 0:
        return SourceLine(place=place, line=line, text=text, state=TranslationState.MISSING)
    old = then[was]
    if old == normal_line(text) and not moved:
        return SourceLine(place=place, line=line, text=text, state=TranslationState.FRESH, was=was)
    same = essence(old) == essence(text)
    state = TranslationState.COSMETIC if same else TranslationState.STALE
    return SourceLine(place=place, line=line, text=text, state=state, before=old, was=was)


def _origins(then: list[str], now: list[str]) -> list[tuple[int, bool]]:
    """Give, for each line now, its place then, and whether it was moved; -1 for a new one.

    The title is always the title. What was moved is found before what was changed, so that no
    line's words are taken for those of another.
    """
    old, new = [essence(line) for line in then[1:]], [essence(line) for line in now[1:]]
    head, tail = equal_ends(old, new)
    found = {place: place for place in range(head)}
    found |= {len(new) - n: len(old) - n for n in range(1, tail + 1)}
    was, is_now = old[head : len(old) - tail], new[head : len(new) - tail]
    inner, moved = _inside(was, is_now)
    found |= {head + j: head + i for j, i in inner.items()}
    return [
        (0, False),
        *((found[j] + 1 if j in found else -1, j - head in moved) for j in range(len(new))),
    ]


def _inside(was: list[str], is_now: list[str]) -> tuple[dict[int, int], set[int]]:
    """Match changed stretches: new place to old, and which of the new ones were moved."""
    if len(was) * len(is_now) > _MOST_PAIRED:
        return {n: n for n in range(min(len(was), len(is_now)))}, set()
    from difflib import SequenceMatcher  # as in translations: costs start-up time

    codes = SequenceMatcher(None, was, is_now, autojunk=False).get_opcodes()
    found = {
        j: i
        for tag, i1, i2, j1, j2 in codes
        if tag == "equal"
        for i, j in zip(range(i1, i2), range(j1, j2), strict=True)
    }
    free: dict[str, list[int]] = {}
    for i in sorted(set(range(len(was))) - set(found.values()), reverse=True):
        free.setdefault(was[i], []).append(i)
    moved = set()
    for j, line in enumerate(is_now):
        if j not in found and free.get(line):
            found[j] = free[line].pop()
            moved.add(j)
    left = {i for places in free.values() for i in places}
    for _, i1, i2, j1, j2 in codes:
        olds = [i for i in range(i1, i2) if i in left]
        news = [j for j in range(j1, j2) if j not in found]
        for i, j in pair([was[i] for i in olds], [is_now[j] for j in news]):
            found[news[j]] = olds[i]
    return found, moved


def groups_of(
    made_from: Provenance | None, source_lines: Sequence[str], target_lines: Sequence[str]
) -> list[list[str]]:
    """Give, for each source sentence, the lines of the translation that say it.

    Exact where there are as many lines as sentences, or where the copy says how many each
    became; else guessed from lengths and placeholders. Joined again they are the translation.

    Args:
        made_from: the copy, for its counts; None where there is none.
        source_lines: the sentences that the translation was made from, without the title.
        target_lines: the sentences of the translation.
    """
    counts: Sequence[int] = made_from.counts if made_from is not None else ()
    if len(counts) != len(source_lines) or sum(counts) != len(target_lines):
        counts = align(source_lines, target_lines)
    groups, at = [], 0
    for count in counts:
        groups.append(list(target_lines[at : at + count]))
        at += count
    return groups


def changed_words(before: str, after: str) -> list[tuple[str, str]]:
    """Give the words that were replaced, left out (second empty) or added (first empty)."""
    old, new = _tokens(before), _tokens(after)
    folded = [[word.casefold() for word in words] for words in (old, new)]
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, folded[0], folded[1], autojunk=False)
    return [
        (" ".join(old[i1:i2]), " ".join(new[j1:j2]))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]


def _tokens(text: str) -> list[str]:
    """Give words without the signs around them, placeholders whole, and question marks."""
    found, at = [], 0
    for match in PLACEHOLDER.finditer(text):
        found += [*words_of(text[at : match.start()]), match[0]]
        at = match.end()
    found += words_of(text[at:])
    return [*found, "?"] if _QUESTION.intersection(PLACEHOLDER.sub("", text)) else found
