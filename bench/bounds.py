"""What is asked of a figure, and whether it holds."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 86
"""Of the column that says what is bounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One ratio or figure against what it may be at most."""

    what: str
    found: float
    most: float
    unit: str = "x"

    @property
    def holds(self) -> bool:
        """Whether it is kept."""
        return self.found <= self.most

    def line(self) -> str:
        """Give it as a line of a table."""
        verdict = "holds" if self.holds else "MISSED"
        found, most = (f"{value:.3g} {self.unit}" for value in (self.found, self.most))
        return f"{self.what:<{WIDTH}}{found:>12}{most:>12}  {verdict}"


def show_bounds(bounds: Sequence[Bound]) -> None:
    """Print what was found beside what is asked."""
    print(f"\n{'':<{WIDTH}}{'found':>12}{'at most':>12}")
    for bound in bounds:
        print(bound.line())
