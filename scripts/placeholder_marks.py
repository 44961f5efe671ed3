"""Placeholders as they stand in a line: found by one regex in one pass, not yet filled in.

The form is ``{{kind:id}}``, with a variant after a slash and one more word where the kind takes
one: ``{{phone:mx-lnctp/whatsapp twice}}``, ``{{number:21 days}}``, ``{{number:200/f}}``.
"""

import re
from functools import lru_cache
from typing import NamedTuple

PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")

FACT_KINDS = ("fact", "phone", "org", "service", "verified")
"""Kinds that speak a fact or a contact."""

VALUE_KINDS = ("number", "money", "time", "ordinal", "date")
"""Kinds that need no fact: the value stands in the placeholder."""

KINDS = (*FACT_KINDS, *VALUE_KINDS)
"""Every kind of placeholder."""

NUMBER_KINDS = frozenset({"phone", "date", "verified", "number", "money", "time"})
"""Kinds that say a number; an ordinal (the third step) is no burden to an ear."""

TWICE = "twice"
"""The word that has a telephone number said two times."""

_INSIDE = re.compile(r"\s*([a-z]+)\s*:\s*([^\s/{}]+)(?:/([^\s/{}]*))?(?:\s+([^\s/{}]+))?\s*\Z")
_AGREES = frozenset({"number", "ordinal"})
"""Kinds whose variant is a gender: another language needs another one, so it is not compared."""


class Placeholder(NamedTuple):
    """One placeholder as it stands in a line.

    A tuple, because a large workspace has ten thousands of them.
    """

    kind: str
    """One of KINDS; empty when it has not the form ``{{kind:id}}``."""
    id: str
    """Id of a fact or contact; the value itself for the kinds that need none."""
    variant: str
    """What follows a slash: a type of telephone number, or the gender of the noun that a number
    stands before; empty for neither."""
    word: str
    """What follows a space: a unit, a currency, twice, weekday; empty for nothing."""
    written: str
    key: str
    """What it says in any language, however it was spaced.

    Gender is left out, and whether a telephone number is said twice: a translator may choose.
    """
    refers: bool
    """Whether it speaks a fact or a contact."""
    start: int
    end: int

    @property
    def twice(self) -> bool:
        """Whether a telephone number is said two times in its sentence."""
        return _is_twice(self.kind, self.word)


class PlaceholderError(Exception):
    """A placeholder that cannot be filled in: rule, problem, remedy."""

    def __init__(self, rule: str, problem: str, remedy: str) -> None:
        """Keep what a finding says."""
        super().__init__(problem)
        self.rule = rule
        self.problem = problem
        self.remedy = remedy


def find_placeholders(raw: str) -> tuple[Placeholder, ...]:
    """Give the placeholders of a line in order; badly formed ones have an empty kind."""
    return _found(raw) if "{{" in raw else ()


@lru_cache(maxsize=2048)
def _found(raw: str) -> tuple[Placeholder, ...]:
    # Several checks look at the same line one after the other.
    return tuple(_read(match) for match in PLACEHOLDER.finditer(raw))


def _read(match: re.Match[str]) -> Placeholder:
    return Placeholder(*_parted(match[0]), *match.span())


_Parted = tuple[str, str, str, str, str, str, bool]
"""Of a placeholder all but its place, in the order of its fields."""


@lru_cache(maxsize=2048)
def _parted(written: str) -> _Parted:
    # The same facts are spoken in many lines, and in every language.
    inside = _INSIDE.match(written[2:-2])
    kind, name, variant, word = inside.groups(default="") if inside else ("", "", "", "")
    key = f"{kind}:{name}"
    if variant and kind not in _AGREES:
        key += f"/{variant}"
    if word and not _is_twice(kind, word):
        key += f" {word}"
    return kind, name, variant, word, written, key, kind in FACT_KINDS


def _is_twice(kind: str, word: str) -> bool:
    return kind == "phone" and word == TWICE


def fold_spaces(text: str) -> str:
    """Give the text in one line with single spaces."""
    return " ".join(text.split())


def cut(text: str) -> str:
    """Shorten what a stranger wrote, for a message."""
    return text if len(text) <= 60 else text[:60] + "…"
