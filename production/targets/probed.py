"""What a check of a target found: one line each, with what it means for listeners."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """How one thing stands."""

    OK = "ok"
    WARNING = "warning"
    """Publishing works; something is worse for listeners or publishers than it could be."""
    FAILED = "failed"
    """Listeners or publishers are harmed until it is put right."""
    SKIPPED = "skipped"
    """Not tried; ``found`` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """One thing that was tried at a target."""

    about: str
    """What was tried, as a short name that stays: ``write``, ``range``, ``strangers-write``."""
    verdict: Verdict
    found: str
    """What was seen, as a short sentence."""
    means: str = ""
    """What that is for listeners or publishers; empty where all is well."""
    remedy: str = ""
    """What to change, and where; empty where nothing has to be."""
    stops: bool = False
    """Whether nothing may be published there until it is put right."""

    def plain(self) -> dict[str, str | bool]:
        """Give it for programs."""
        return {
            "about": self.about,
            "verdict": self.verdict.value,
            "found": self.found,
            "means": self.means,
            "remedy": self.remedy,
            "stops": self.stops,
        }


@dataclass(slots=True, kw_only=True)
class Probes:
    """Everything that a check found, in the order in which it was tried."""

    told: list[Probed] = field(default_factory=list)

    def __iter__(self) -> Iterator[Probed]:
        """Give what was found, in order."""
        return iter(self.told)

    def ok(self, about: str, found: str) -> None:
        """Note what is as it should be."""
        self.told.append(Probed(about=about, verdict=Verdict.OK, found=found))

    def warn(self, about: str, found: str, *, means: str, remedy: str) -> None:
        """Note what is worse than it could be."""
        self.told.append(
            Probed(about=about, verdict=Verdict.WARNING, found=found, means=means, remedy=remedy)
        )

    def fail(self, about: str, found: str, *, means: str, remedy: str, stops: bool = False) -> None:
        """Note what does harm until it is put right."""
        self.told.append(
            Probed(
                about=about,
                verdict=Verdict.FAILED,
                found=found,
                means=means,
                remedy=remedy,
                stops=stops,
            )
        )

    def skip(self, about: str, why: str) -> None:
        """Note what was not tried."""
        self.told.append(Probed(about=about, verdict=Verdict.SKIPPED, found=why))

    @property
    def worst(self) -> Verdict:
        """Give the gravest verdict; OK where nothing was found."""
        return gravest(self.told)


def gravest(told: Sequence[Probed]) -> Verdict:
    """Give the gravest verdict of some; OK for none."""
    for verdict in (Verdict.FAILED, Verdict.WARNING):
        if any(one.verdict is verdict for one in told):
            return verdict
    return Verdict.OK
