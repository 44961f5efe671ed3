"""Which characters may go to a voice: letters of the language, and marks that a voice knows.

Voices cut at NUL, change speed at control characters, take ``[[`` for phonemes, skip or name
symbols, and spell look-alike letters of another script one by one; the page would then show
other words than the ones heard. So everything is refused that is not plainly a letter of the
language's script or a mark of punctuation. Character classes are those of the Unicode
Character Database (UAX 44); scripts are read from character names.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from programme.languages import language as known_language
from programme.units import LanguageTag


class Fault(StrEnum):
    """What is wrong with a character; the value is the rule that says so."""

    CONTROL = "words.control"
    BIDI = "words.bidi"
    INVISIBLE = "words.invisible"
    DIGIT = "words.raw-digits"
    MARKUP = "words.markup"
    ASIDE = "words.aside"
    """Parentheses and slashes: a warning, because a voice gets past them."""
    SYMBOL = "words.symbol"
    LETTER = "words.letter"
    MARKS = "words.marks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Characters of one kind of fault in one line."""

    fault: Fault
    shown: str
    """The characters, as a person can read them in a message."""


class _Writing(NamedTuple):
    """How a language is written."""

    scripts: frozenset[str]
    """First words of the names of its characters, such as LATIN or ARABIC."""
    joiners: bool
    """Whether ZWJ and ZWNJ are part of the spelling."""
    mixes: bool
    """Whether a word may hold letters of two scripts, as in Japanese."""


_NAMES = {
    "Adlm": ("ADLAM",),
    "Arab": ("ARABIC",),
    "Armn": ("ARMENIAN",),
    "Beng": ("BENGALI",),
    "Cans": ("CANADIAN",),
    "Cher": ("CHEROKEE",),
    "Cyrl": ("CYRILLIC",),
    "Deva": ("DEVANAGARI",),
    "Ethi": ("ETHIOPIC",),
    "Geor": ("GEORGIAN",),
    "Grek": ("GREEK",),
    "Gujr": ("GUJARATI",),
    "Guru": ("GURMUKHI",),
    "Hang": ("HANGUL", "CJK"),
    "Hani": ("CJK", "BOPOMOFO"),
    "Hans": ("CJK", "BOPOMOFO"),
    "Hant": ("CJK", "BOPOMOFO"),
    "Hebr": ("HEBREW",),
    "Jpan": ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"),
    "Khmr": ("KHMER",),
    "Knda": ("KANNADA",),
    "Kore": ("HANGUL", "CJK"),
    "Laoo": ("LAO",),
    "Mlym": ("MALAYALAM",),
    "Mong": ("MONGOLIAN",),
    "Mymr": ("MYANMAR",),
    "Nkoo": ("NKO",),
    "Orya": ("ORIYA",),
    "Sinh": ("SINHALA",),
    "Syrc": ("SYRIAC",),
    "Taml": ("TAMIL",),
    "Telu": ("TELUGU",),
    "Tfng": ("TIFINAGH",),
    "Thaa": ("THAANA",),
    "Thai": ("THAI",),
    "Tibt": ("TIBETAN",),
}
_JOIN = frozenset(
    {"Arab", "Syrc", "Mong", "Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda"}
    | {"Mlym", "Sinh", "Khmr", "Mymr"}
)
_MIX = frozenset({"Hang", "Hani", "Hans", "Hant", "Jpan", "Kore", "Thai", "Laoo", "Khmr", "Mymr"})
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")
_MARKUP = frozenset("<>[]*_`#|~^\\")
_ASIDE = frozenset("()/")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
"""Markup of a page: a slash in it is no aside."""
_PLAIN = frozenset(" \t\u00a0\u2009\u202f\u3000.,;:!?¡¿…'’‘\u02bc\"“”„«»‹›-‐‑–—{}")
"""Common to every language; braces are judged with the placeholders."""
_SIGNS = frozenset("ªºµ")
"""Letters by category, signs to a voice."""
_IN_FIGURES = " .,:/+-–\u00a0"
_HIDDEN_MARKS = frozenset("\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f")
_ASCII_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_MOST_MARKS = 4
"""Marks that one letter may carry: two in Arabic, three in Vietnamese typed apart."""


def _writing_of(language: LanguageTag) -> _Writing:
    try:
        script = known_language(language).script
    except KeyError:
        script = "Latn"
    return _Writing(
        scripts=frozenset(_NAMES.get(script, ())) | {"LATIN"},
        joiners=script in _JOIN,
        mixes=script in _MIX,
    )


writing_of = cache(_writing_of)
"""How a tag is written; a language that is not listed counts as written in Latin letters."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """Finds the faulty characters of one text, line by line, after one look at the whole."""

    writing: _Writing
    suspects: re.Pattern[str] | None
    """Every character of the text that may be at fault; None when there is none."""
    mixed: bool
    """Whether the text holds letters of more than one script."""

    @property
    def is_clean(self) -> bool:
        """Whether no line of the text can hold anything faulty."""
        return self.suspects is None and not self.mixed

    @classmethod
    def over(cls, text: str, language: LanguageTag) -> "Sieve":
        """Look at a whole text once, so that clean lines cost next to nothing."""
        writing = writing_of(language)
        # ASCII letters are at fault nowhere; lines are looked at one by one, without their ends
        innocent = _INNOCENT[writing]
        odd = {*text} - innocent
        if not odd and len(writing.scripts) == 1:
            return _clean(writing)
        chars = [*map(_looks(writing).__getitem__, odd)]
        innocent.update([seen.char for seen in chars if seen.tells_nothing(writing)])
        bad = "".join(sorted([seen.char for seen in chars if seen.is_faulty]))
        marks = any(seen.is_mark for seen in chars)
        scripts = {seen.script for seen in chars} & writing.scripts
        if not _ASCII_LETTERS.isdisjoint(text):
            scripts |= {"LATIN"} & writing.scripts
        stacked = marks and _stacks().search(text) is not None
        pattern = "|".join(
            ([f"[{re.escape(bad)}]"] if bad else []) + ([_stacked_marks()] if stacked else [])
        )
        return cls(
            writing=writing,
            suspects=re.compile(pattern) if pattern else None,
            mixed=len(scripts) > 1 and not writing.mixes,
        )

    def faults(self, line: str) -> Iterable[Found]:
        """Give what is wrong in one line, one entry for each kind."""
        if not self.mixed and (self.suspects is None or self.suspects.search(line) is None):
            return ()
        return self._faults(line)

    def _faults(self, line: str) -> Iterator[Found]:
        found: dict[Fault, list[str]] = {}
        if self.suspects is not None:
            for match in self.suspects.finditer(line):
                fault = self._judge(line, match)
                if fault is not None:
                    found.setdefault(fault, []).append(match.group())
        for fault, chars in found.items():
            if fault is Fault.DIGIT:
                yield Found(fault=fault, shown=_figures(line))
            else:
                yield Found(fault=fault, shown=_shown(chars))
        if self.mixed and Fault.LETTER not in found:
            words = [word for word in line.split() if _is_mixed(word, self.writing.scripts)]
            if words:
                yield Found(fault=Fault.LETTER, shown=", ".join(words[:3]))

    def _judge(self, line: str, match: re.Match[str]) -> Fault | None:
        char = match.group()
        if len(char) > 1:
            return Fault.MARKS
        if char in _JOINERS and self.writing.joiners:
            before, after = line[match.start() - 1 : match.start()], line[match.end() :][:1]
            inside = _of_script(before, self.writing) and _of_script(after, self.writing)
            return None if inside else Fault.INVISIBLE
        if char == "/" and any(tag.end() > match.start() for tag in _tags_before(line, match)):
            return None
        return fault_of(char, self.writing)


def _tags_before(line: str, match: re.Match[str]) -> list[re.Match[str]]:
    return [tag for tag in _TAG.finditer(line) if tag.start() < match.start()]


class _Seen(NamedTuple):
    """What a look at one character tells."""

    char: str
    is_faulty: bool
    is_mark: bool
    script: str
    """Of a letter; empty for anything else."""

    def tells_nothing(self, writing: _Writing) -> bool:
        """Whether nothing follows from the character, in whatever text it stands."""
        if self.is_faulty or self.is_mark:
            return False
        return len(writing.scripts) == 1 or self.script not in writing.scripts


_INNOCENT: defaultdict[_Writing, set[str]] = defaultdict(lambda: {*_ASCII_LETTERS, "\n"})
"""Characters from which nothing follows; grows as texts are looked at."""


@cache
def _clean(writing: _Writing) -> Sieve:
    """The sieve of a text with nothing in it to look for."""
    return Sieve(writing=writing, suspects=None, mixed=False)


def clean_sieve(language: LanguageTag) -> Sieve:
    """Give the sieve of a text of which it is known already that no line holds anything faulty."""
    return _clean(writing_of(language))


class _Looks(dict[str, _Seen]):
    """What looks at characters told, for one way of writing; every answer is kept."""

    def __init__(self, writing: _Writing) -> None:
        super().__init__()
        self.writing = writing

    def __missing__(self, char: str) -> _Seen:
        """Look at a character that comes for the first time."""
        found = self[char] = _Seen(
            char=char,
            is_faulty=fault_of(char, self.writing) is not None,
            is_mark=unicodedata.category(char)[0] == "M",
            script=script_of(char) if char.isalpha() else "",
        )
        return found


_looks = cache(_Looks)


@lru_cache(maxsize=8192)
def fault_of(char: str, writing: _Writing) -> Fault | None:
    """Judge one character by itself; None when a voice may have it."""
    if char in _PLAIN:
        return None
    category = unicodedata.category(char)
    hidden = _unseen(char, category)
    if hidden is not None:
        return hidden
    if category[0] in "LM" and char not in _SIGNS:
        native = script_of(char) in writing.scripts | {"COMBINING", "MODIFIER"}
        return None if native else Fault.LETTER
    return _fault_of_sign(char, category, writing)


def _fault_of_sign(char: str, category: str, writing: _Writing) -> Fault | None:
    """Judge figures, punctuation and symbols."""
    if category[0] == "N":
        return Fault.DIGIT
    if char in _MARKUP:
        return Fault.MARKUP
    if char in _ASIDE:
        return Fault.ASIDE
    return None if category[0] == "P" and _native_mark(char, writing) else Fault.SYMBOL


def _unseen(char: str, category: str) -> Fault | None:
    """Judge what nobody can see: controls, direction marks, characters without width."""
    if char in _BIDI:
        return Fault.BIDI
    if category in {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"}:
        return Fault.CONTROL
    hidden_letter = char in _HIDDEN_MARKS or "FILLER" in unicodedata.name(char, "")
    if category in {"Cf", "Zs"} or hidden_letter or _is_variation(char):
        return Fault.INVISIBLE
    return None


def _is_variation(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _native_mark(char: str, writing: _Writing) -> bool:
    script = script_of(char)
    wide = writing.mixes and script in {"IDEOGRAPHIC", "FULLWIDTH", "LEFT", "RIGHT"}
    return script in writing.scripts or wide


@lru_cache(maxsize=8192)
def script_of(char: str) -> str:
    """Give the first word of a character's name, such as LATIN or ARABIC."""
    return unicodedata.name(char, "").partition(" ")[0]


def _of_script(char: str, writing: _Writing) -> bool:
    return char != "" and script_of(char) in writing.scripts - {"LATIN"}


def _is_mixed(word: str, scripts: Iterable[str]) -> bool:
    own = {script_of(char) for char in word if char.isalpha()}
    return len(own.intersection(scripts)) > 1


@cache
def _stacks() -> re.Pattern[str]:
    return re.compile(_stacked_marks())


@cache
def _stacked_marks() -> str:
    """A pattern for more marks on one letter than any spelling has."""
    ranges: list[list[int]] = []
    # one call for each character: this is the costliest table of a check after one changed line
    kinds = map(unicodedata.category, map(chr, range(0x300, 0x1F000)))
    for code in [0x300 + at for at, kind in enumerate(kinds) if kind in {"Mn", "Mc", "Me"}]:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    inner = "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)
    return f"[{inner}]{{{_MOST_MARKS + 1},}}"


def _figures(line: str) -> str:
    """The first figure of a line with the signs inside it, as written."""
    figure = ""
    for char in line:
        if unicodedata.category(char)[0] == "N" or (figure and char in _IN_FIGURES):
            figure += char
        elif figure:
            break
    figure = figure.strip(_IN_FIGURES)
    return figure if len(figure) <= 30 else figure[:30] + "…"


def _shown(chars: list[str]) -> str:
    names = []
    for char in dict.fromkeys(chars):
        visible = char[0] if len(char) > 1 else char
        name = unicodedata.name(visible, "no character")
        code = f"U+{ord(visible):04X}"
        if visible.isascii() and visible.isprintable():
            names.append(visible)
        elif unicodedata.category(visible)[0] in "LPS":
            names.append(f"{visible} ({code} {name})")
        else:
            names.append(f"{code} {name}")
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
