"""What a structured file holds before it is typed: texts, lists and tables with their lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Text(NamedTuple):
    """One value as it was written; numbers, dates and yes/no are text too.

    A tuple, because there are hundreds of thousands of them and these are made in half the time.
    """

    value: str
    line: int
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: "tuple[Node, ...]"
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values in the order of the file; a key given twice keeps its first value."""

    entries: "Mapping[str, Node]"
    key_lines: Mapping[str, int]
    line: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was reported where it was read; nothing more is said of it."""

    line: int


Node = Text | Items | Table | Refused
