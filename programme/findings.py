"""What a check found: file, line, what is wrong, what to do; all at once, in a fixed order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from programme.kept_findings import KeptFindings


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """Not fit for air; nothing is built until it is put right, but see LEFT_OUT_RULES."""
    WARNING = "warning"
    """Built, but a person should look."""
    INFO = "info"
    """Worth knowing."""


LEFT_OUT_RULES = frozenset({"expired", "consent.missing", "consent.record", "consent.withheld"})
"""Rules whose errors keep only the segments concerned off the air. The build leaves those out
and says so, and a publish refuses what still speaks them: the rest need not wait."""

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a reader or a check found."""

    file: str
    """Path inside the workspace, with forward slashes."""
    line: int
    """Counted from 1; 0 means the file as a whole."""
    rule: str
    """Stable id such as ``yaml.unknown-key``, for silencing and for programs."""
    severity: Severity = Severity.ERROR
    problem: str
    """What is wrong, with the words concerned."""
    remedy: str
    """What to do; never empty."""
    allowed: str = ""
    """Why somebody silenced it at its line; empty where nobody did. An allowed finding stops
    nothing and is kept, so that a reader can see what was silenced and why."""

    @property
    def place(self) -> str:
        """``file:line``, or the file alone where no line is meant."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Tally(NamedTuple):
    """How many findings there are of each weight; those that somebody silenced apart."""

    errors: int = 0
    stopping: int = 0
    """Errors that stop a build: all but LEFT_OUT_RULES."""
    warnings: int = 0
    infos: int = 0
    silenced: int = 0


def tally_of(findings: Iterable[Finding]) -> Tally:
    """Count findings by what they mean for a command."""
    errors = stopping = warnings = infos = silenced = 0
    for one in findings:
        if one.allowed:
            silenced += 1
        elif one.severity is Severity.ERROR:
            errors += 1
            stopping += one.rule not in LEFT_OUT_RULES
        elif one.severity is Severity.WARNING:
            warnings += 1
        else:
            infos += 1
    return Tally(errors, stopping, warnings, infos, silenced)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Give findings by file, line, weight and rule, whatever order they came in."""
    return sorted(findings, key=lambda f: (f.file, f.line, _ORDER[f.severity], f.rule, f.problem))


class Findings:
    """A growing list of findings; readers add, the command line prints.

    Those that an earlier command found stay as they were kept until somebody asks for values: a
    large workspace has ten thousand of them, and most commands only count them.
    """

    __slots__ = ("_items", "_kept")

    def __init__(self, items: list[Finding] | None = None) -> None:
        """Begin with some findings, or with none."""
        self._items: list[Finding] = [] if items is None else items
        self._kept: list[tuple[int, KeptFindings]] = []
        """Each with the number of items that came before it."""

    @property
    def items(self) -> list[Finding]:
        """Every finding in the order in which it came; the list itself, which may be changed."""
        if self._kept:
            found: list[Finding] = []
            start = 0
            for at, kept in self._kept:
                found += self._items[start:at]
                found += kept.read()
                start = at
            self.items = found + self._items[start:]
        return self._items

    @items.setter
    def items(self, items: list[Finding]) -> None:
        self._items = items
        self._kept = []

    def add(
        self,
        *,
        file: str,
        line: int,
        rule: str,
        problem: str,
        remedy: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one finding."""
        self._items.append(
            Finding(
                file=file, line=line, rule=rule, severity=severity, problem=problem, remedy=remedy
            )
        )

    def extend(self, more: Iterable[Finding]) -> None:
        """Take over findings from another list."""
        self._items.extend(more)

    def extend_kept(self, kept: "KeptFindings") -> None:
        """Take over findings of an earlier command as they were kept."""
        if len(kept):
            self._kept.append((len(self._items), kept))

    def take_over(self, more: "Findings") -> None:
        """Take over all of another list, what was kept as it was kept."""
        before = len(self._items)
        kept, items = more.parted()
        self._kept += [(before + at, one) for at, one in kept]
        self._items += items

    def leave_out(self, rule: str) -> None:
        """Forget the findings of a rule, of which nothing is ever kept."""
        rest: list[Finding] = []
        places: list[tuple[int, KeptFindings]] = []
        start = 0
        for at, kept in self._kept:
            rest += [found for found in self._items[start:at] if found.rule != rule]
            places.append((len(rest), kept))
            start = at
        rest += [found for found in self._items[start:] if found.rule != rule]
        self._items, self._kept = rest, places

    def parted(self) -> "tuple[list[tuple[int, KeptFindings]], list[Finding]]":
        """Give what is as it was kept, each with the number of others before it; and the others."""
        return self._kept, self._items

    @property
    def tally(self) -> Tally:
        """How many there are of each weight."""
        tallies = [tally_of(self._items), *(kept.tally for _, kept in self._kept)]
        return Tally(*map(sum, zip(*tallies, strict=True)))

    def __iter__(self) -> Iterator[Finding]:
        """Give the findings by file, line, weight and rule, whatever order they came in."""
        return iter(in_order(self.items))

    def __len__(self) -> int:
        """Count the findings of every severity."""
        return len(self._items) + sum(len(kept) for _, kept in self._kept)

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        tally = self.tally
        if severity is Severity.ERROR:
            return tally.errors
        return tally.warnings if severity is Severity.WARNING else tally.infos

    @property
    def has_errors(self) -> bool:
        """Whether a check fails."""
        if any(one.severity is Severity.ERROR and not one.allowed for one in self._items):
            return True
        return any(kept.tally.errors for _, kept in self._kept)

    @property
    def stops_build(self) -> bool:
        """Whether anything stops a build: any error but those that only leave segments out."""
        return self.tally.stopping > 0
