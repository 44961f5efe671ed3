r"""Looking words up in a line: whole words only, in any script, fast where nothing is found.

Words stand between spaces; punctuation around them is not theirs. ``\w`` is not used: it breaks
words at the marks of many scripts and at the apostrophes of Mayan languages. In languages
without spaces the longest entry is taken wherever it stands.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

EDGES = "\"'«»“”‘’„‹›¿¡()[],;:!?…،؛؟—–-"
"""Around a word, and not of it; a full stop may be either."""
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´ʻ′ꞌ", "'"))
_MOST_KEPT = 65_536
"""Words whose answer is kept; texts repeat their words."""
_MOST_QUIET = 1024
"""Lines in which nothing was found that are kept: those of some files, as several rules ask."""
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


class _Node:
    """Where entries stand after some of their words.

    A trie, so that many entries that begin alike cost no more than one.
    """

    __slots__ = ("entry", "following")

    def __init__(self) -> None:
        self.entry: Spoken | None = None
        self.following: dict[str, _Node] = {}


class _Start(NamedTuple):
    """What may begin at one word as it stands in a line."""

    head: str
    node: _Node | None
    """None for capitals that nobody listed."""
    exact: bool
    tail: str
    written: str


def key_of(written: str, *, exact: bool) -> tuple[str, ...]:
    """Give a written form as it is looked up: one key for each of its words."""
    return tuple(_key(word, exact=exact) for word in written.split())


class WordTable:
    """The words of one language (and voice) that are said otherwise than they are written."""

    def __init__(self, rows: Iterable[Spoken], habits: Habits, *, spaced: bool = True) -> None:
        self.habits = habits
        everything = list(rows)
        root = _Node()
        for row in everything:
            node = root
            for key in key_of(row.written, exact=row.exact):
                node = node.following.setdefault(key, _Node())
            if node is not root:
                node.entry = row
        self._starts = _Starts(root, habits)
        self.spaced = spaced
        """Whether words stand between spaces."""
        self._inside = None if spaced else _inside(everything)
        self._quiet: set[str] = set()
        words = (w for row in everything for w in row.written.split() if w.endswith("."))
        self.dotted = frozenset(word for w in words for word in (w, w.casefold()))
        """Words whose full stop is their own."""

    def spoken(self, text: str) -> str:
        """Give a line with every listed word as it is said."""
        if self._inside is not None:
            return self._inside(text)
        if self.is_quiet(text):
            return text
        words = text.split()
        out: list[str] = []
        at = 0
        for match in self.matches(words):
            if match.entry is None or not match.entry.say:
                continue
            out += words[at : match.start]
            at = match.start + match.width
            say = self.said(match.entry, words, match.start)
            if match.start == 0:  # a line that began with a capital still does
                say = say[:1].upper() + say[1:]
            ends_line = at == len(words) and match.written.endswith(".")
            # The full stop of an abbreviation also ends the sentence.
            stop = "." if ends_line and not say.endswith(".") else ""
            out.append(f"{match.head}{say}{stop}{match.tail}")
        return " ".join([*out, *words[at:]])

    def is_quiet(self, text: str) -> bool:
        """Tell whether nothing listed begins in a line: true of most, and asked by each rule."""
        if text in self._quiet:
            return True
        if not self.is_silent(text):
            return False
        if len(self._quiet) >= _MOST_QUIET:
            self._quiet.clear()
        self._quiet.add(text)
        return True

    def is_silent(self, text: str) -> bool:
        """Tell the same of a text that nobody will ask of again, such as a whole file."""
        return not any(map(self._starts.__getitem__, text.split()))

    def matches(self, words: list[str]) -> list[Match]:
        """Give what is found in a line, in order; the longest entry wherever several begin."""
        starts = self._starts
        found: list[Match] = []
        at = 0
        while at < len(words):
            several = [m for s in starts[words[at]] if (m := self._match(s, words, at))]
            match = max(several, key=lambda one: one.width, default=None)
            if match is not None:
                found.append(match)
            at += match.width if match else 1
        return found

    def _match(self, start: _Start, words: list[str], at: int) -> Match | None:
        """Follow the words of a line as far as an entry goes."""
        if start.node is None:
            return Match(at, 1, "", "", None, start.written)
        node, entry = start.node, start.node.entry
        best = Match(at, 1, start.head, start.tail, entry, start.written) if entry else None
        spare, written = start.tail, [start.written]
        while not spare and node.following and at + len(written) < len(words):
            onward = None
            for parts in _parts(words[at + len(written)], self.habits):
                child = node.following.get(parts.key(exact=start.exact))
                if parts.head or child is None:
                    continue
                if child.entry is not None:
                    whole = " ".join([*written, parts.core])
                    width = len(written) + 1
                    best = Match(at, width, start.head, parts.tail, child.entry, whole)
                if not parts.tail:
                    onward = child, parts.core
            if onward is None:
                break
            node = onward[0]
            written.append(onward[1])
        return best

    def said(self, entry: Spoken, words: list[str], at: int) -> str:
        """Give how an entry is said at its place in a line: un kilómetro, dos kilómetros."""
        if entry.one and at and _key(words[at - 1], exact=False) in self.habits.ones:
            return entry.one
        return entry.say


class _Parts(NamedTuple):
    """A word as it stands in a line, taken apart."""

    head: str
    core: str
    tail: str

    def key(self, *, exact: bool) -> str:
        return _key(self.core, exact=exact)


class _Starts(dict[str, tuple[_Start, ...]]):
    """What may begin at a word; the answer for every word that was asked for is kept."""

    def __init__(self, root: _Node, habits: Habits) -> None:
        super().__init__()
        self.root = root
        self.habits = habits

    def __missing__(self, word: str) -> tuple[_Start, ...]:
        """Judge a word that comes for the first time."""
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[word] = self._judge(word)
        return found

    def _judge(self, word: str) -> tuple[_Start, ...]:
        found: list[_Start] = []
        for parts in _parts(word, self.habits):
            for exact in (True, False):
                node = self.root.following.get(parts.key(exact=exact))
                if node is None:
                    continue
                tail = parts.tail
                if node.entry and node.entry.written.translate(_APOSTROPHES).endswith("'"):
                    # Typed as a quotation mark, it is still of the word: K'iche'.
                    tail = tail.translate(_APOSTROPHES).removeprefix("'")
                found.append(_Start(parts.head, node, exact, tail, parts.core))
        if not any(start.node and start.node.entry for start in found):
            capitals = unlisted_capitals(word, self.habits)
            if capitals:
                found.append(_Start(head="", node=None, exact=False, tail="", written=capitals))
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
