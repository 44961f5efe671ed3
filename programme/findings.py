"""What a check found: file, line, what is wrong, what to do; all at once, in a fixed order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum


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


@dataclass(slots=True)
class Findings:
    """A growing list of findings; readers add, the command line prints."""

    items: list[Finding] = field(default_factory=list)

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
        self.items.append(
            Finding(
                file=file, line=line, rule=rule, severity=severity, problem=problem, remedy=remedy
            )
        )

    def extend(self, more: Iterable[Finding]) -> None:
        """Take over findings from another list."""
        self.items.extend(more)

    def __iter__(self) -> Iterator[Finding]:
        """Give the findings by file, line, weight and rule, whatever order they came in."""
        return iter(
            sorted(
                self.items,
                key=lambda f: (f.file, f.line, _ORDER[f.severity], f.rule, f.problem),
            )
        )

    def __len__(self) -> int:
        """Count the findings of every severity."""
        return len(self.items)

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return sum(1 for f in self.items if f.severity is severity and not f.allowed)

    @property
    def has_errors(self) -> bool:
        """Whether a check fails."""
        return any(f.severity is Severity.ERROR and not f.allowed for f in self.items)

    @property
    def stops_build(self) -> bool:
        """Whether anything stops a build: any error but those that only leave segments out."""
        return any(
            f.severity is Severity.ERROR and not f.allowed and f.rule not in LEFT_OUT_RULES
            for f in self.items
        )
