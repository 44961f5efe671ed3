r"""Looking words up in a line: whole words only, in any script, fast where nothing is found.

Words stand between spaces; punctuation around them is not theirs. ``\w`` is not used: it breaks
words at the marks of many scripts and at the apostrophes of Mayan languages. In languages
without spaces the longest entry is taken wherever it stands.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

EDGES = "\"'«»“”‘’„‹›¿¡()[],;:!?…،؛؟—–-"
"""Around a word, and not of it; a full stop may be either."""
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´ʻ′ꞌ", "'"))
_MOST_KEPT = 65_536
"""Words whose answer is kept; texts repeat their words."""
_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A written form and how it is said."""

    written: str
    say: str
    one: str = ""
    """How it is said after a word for one: un km; empty where that is the same."""
    exact: bool = False
    """Whether capitals must agree."""
    kind: str = "name"
    full: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How words lean on one another in a language."""

    ones: frozenset[str] = frozenset()
    """Words for one."""
    elisions: tuple[str, ...] = ()
    """What stands before an apostrophe and is not of the word: l, d, qu."""
    endings: tuple[str, ...] = ()
    """What stands after an apostrophe and is not of the word: s."""
    accepted: frozenset[str] = frozenset()
    """Capitals that every listener knows and every voice reads rightly."""


class Match(NamedTuple):
    """Words of a line that mean something here."""

    start: int
    """Number of its first word in the line."""
    width: int
    """How many words it takes."""
    head: str
    """What stands before it in its first word."""
    tail: str
    entry: Spoken | None
    """None for capitals that nobody listed."""
    written: str


class _Start(NamedTuple):
    """What may begin at one word as it stands in a line."""

    head: str
    entry: Spoken | None
    rest: tuple[str, ...]
    """Keys of the words that must follow."""
    tail: str
    written: str


def key_of(written: str, *, exact: bool) -> tuple[str, ...]:
    """Give a written form as it is looked up: one key for each of its words."""
    return tuple(_key(word, exact=exact) for word in written.split())


class WordTable:
    """The words of one language (and voice) that are said otherwise than they are written."""

    def __init__(self, rows: Iterable[Spoken], habits: Habits, *, spaced: bool = True) -> None:
        self.habits = habits
        by_first: dict[str, list[tuple[tuple[str, ...], Spoken]]] = {}
        everything = list(rows)
        for row in everything:
            key = key_of(row.written, exact=row.exact)
            if key:
                by_first.setdefault(key[0], []).append((key[1:], row))
        for entries in by_first.values():
            entries.sort(key=lambda found: (-len(found[0]), not found[1].exact))
        self._starts = _Starts(by_first, habits)
        words = (w for row in everything for w in row.written.split() if w.endswith("."))
        self.dotted = frozenset(word for w in words for word in (w, w.casefold()))
        """Words whose full stop is their own."""
        self._inside = None if spaced else _inside(everything)

    def spoken(self, text: str) -> str:
        """Give a line with every listed word as it is said."""
        if self._inside is not None:
            return self._inside(text)
        words = text.split()
        if not any(map(self._starts.__getitem__, words)):
            return text
        out: list[str] = []
        at = 0
        for match in self.matches(words):
            if match.entry is None or not match.entry.say:
                continue
            out += words[at : match.start]
            at = match.start + match.width
            say = self._said(match.entry, words, match.start)
            ends_line = at == len(words) and match.written.endswith(".")
            # The full stop of an abbreviation also ends the sentence.
            stop = "." if ends_line and not say.endswith(".") else ""
            out.append(f"{match.head}{say}{stop}{match.tail}")
        return " ".join([*out, *words[at:]])

    def matches(self, words: list[str]) -> list[Match]:
        """Give what is found in a line, in order; the longest entry wherever several begin."""
        starts = self._starts
        if not any(map(starts.__getitem__, words)):
            return []
        found: list[Match] = []
        at = 0
        while at < len(words):
            match = next((m for s in starts[words[at]] if (m := self._match(s, words, at))), None)
            if match is not None:
                found.append(match)
            at += match.width if match else 1
        return found

    def _match(self, start: _Start, words: list[str], at: int) -> Match | None:
        if not start.rest:
            return Match(at, 1, start.head, start.tail, start.entry, start.written)
        following = words[at + 1 : at + 1 + len(start.rest)]
        if start.tail or len(following) < len(start.rest) or start.entry is None:
            return None
        tail = ""
        for number, (word, key) in enumerate(zip(following, start.rest, strict=True), start=1):
            parts = next(
                (p for p in _parts(word, self.habits) if p.key(exact=start.entry.exact) == key),
                None,
            )
            last = number == len(start.rest)
            if parts is None or parts.head or (parts.tail and not last):
                return None
            tail = parts.tail
        written = " ".join([start.written, *following])
        whole = written[: len(written) - len(tail)] if tail else written
        return Match(at, 1 + len(start.rest), start.head, tail, start.entry, whole)

    def _said(self, entry: Spoken, words: list[str], at: int) -> str:
        if entry.one and at and _key(words[at - 1], exact=False) in self.habits.ones:
            return entry.one
        # A line that began with a capital still does.
        return entry.say[:1].upper() + entry.say[1:] if at == 0 else entry.say


class _Parts(NamedTuple):
    """A word as it stands in a line, taken apart."""

    head: str
    core: str
    tail: str

    def key(self, *, exact: bool) -> str:
        return _key(self.core, exact=exact)


class _Starts(dict[str, tuple[_Start, ...]]):
    """What may begin at a word; the answer for every word that was asked for is kept."""

    def __init__(
        self, by_first: Mapping[str, list[tuple[tuple[str, ...], Spoken]]], habits: Habits
    ) -> None:
        super().__init__()
        self.by_first = by_first
        self.habits = habits

    def __missing__(self, word: str) -> tuple[_Start, ...]:
        """Judge a word that comes for the first time."""
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[word] = self._judge(word)
        return found

    def __reduce__(self) -> tuple[object, ...]:
        """Cross to a worker process without the answers."""
        return (_Starts, (self.by_first, self.habits))

    def _judge(self, word: str) -> tuple[_Start, ...]:
        found: list[_Start] = []
        for parts in _parts(word, self.habits):
            for exact in (True, False):
                for rest, row in self.by_first.get(parts.key(exact=exact), ()):
                    if row.exact == exact:
                        tail = parts.tail
                        if row.written.translate(_APOSTROPHES).endswith("'"):
                            # Typed as a quotation mark, it is still of the word: K'iche'.
                            tail = tail.translate(_APOSTROPHES).removeprefix("'")
                        found.append(_Start(parts.head, row, rest, tail, parts.core))
        found.sort(key=lambda start: -len(start.rest))
        if not any(not start.rest for start in found):
            capitals = unlisted_capitals(word, self.habits)
            if capitals:
                found.append(_Start("", None, (), "", capitals))
        return tuple(found)


def unlisted_capitals(word: str, habits: Habits) -> str:
    """Give the capitals of a word that would be read letter by letter; empty where there are none.

    Two capitals or more, perhaps with a plural s, or letters with full stops.
    """
    for parts in _parts(word, habits):
        bare = parts.core
        core = bare.rstrip(".")
        if not core[:1].isupper() or core in habits.accepted:
            continue
        if _DOTTED.match(bare):
            return bare
        stem = core[:-1] if core.endswith("s") and len(core) > 2 else core
        if len(stem) > 1 and stem.isupper() and stem.isalpha():
            return core
    return ""


def _key(word: str, *, exact: bool) -> str:
    bare = word.translate(_APOSTROPHES).strip(EDGES)
    # The mark keeps exact entries and others apart in one table.
    return f"={bare}" if exact else bare.casefold()


def _parts(word: str, habits: Habits) -> list[_Parts]:
    """Take a word apart in the ways that it may be meant, the likeliest first."""
    core = word.strip(EDGES)
    if not core:
        return []
    begin = word.index(core)
    head, tail = word[:begin], word[begin + len(core) :]
    found = [_Parts(head, core, tail)]
    bare = core.rstrip(".")
    if bare and bare != core:
        found.append(_Parts(head, bare, core[len(bare) :] + tail))
    straight = core.translate(_APOSTROPHES)
    before, mark, after = straight.partition("'")
    if mark and before.casefold() in habits.elisions and after:
        cut = len(before) + 1
        found += [p._replace(head=head + core[:cut], core=p.core[cut:]) for p in found[:2]]
    before, mark, after = straight.rstrip(".").rpartition("'")
    if mark and after in habits.endings and before:
        found.append(_Parts(head, core[: len(before)], core[len(before) :] + tail))
    return found


class _inside:  # noqa: N801 - stands where a function would
    """Replaces entries wherever they stand, for languages without spaces."""

    def __init__(self, rows: list[Spoken]) -> None:
        self.say = {row.written: row.say for row in rows if row.say}
        longest_first = sorted(self.say, key=lambda written: (-len(written), written))
        pattern = "|".join(map(re.escape, longest_first))
        self.pattern = re.compile(pattern) if pattern else None

    def __call__(self, text: str) -> str:
        """Give the text with every entry as it is said."""
        if self.pattern is None:
            return text
        return self.pattern.sub(lambda match: self.say[match[0]], text)
