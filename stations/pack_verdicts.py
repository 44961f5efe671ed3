"""The verdicts about a pack by name, and one thing that is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a pack is; in the order in which the worst of several is told first."""

    UNSAFE = "unsafe"
    """Its names, links or sizes could harm this computer; nothing of it was looked at."""
    UNSIGNED = "unsigned"
    """There is no signature: nobody can say who made it."""
    FORGED = "forged"
    """Its signature is wrong: somebody else made it, or changed its list of files."""
    MIXED = "mixed"
    """Files of two packs lie together."""
    ALTERED = "altered"
    """Something in it is not as it was signed."""
    TRUNCATED = "truncated"
    """A part of it is missing: a copy that broke off."""
    UNTRUSTED_KEY = "untrusted-key"
    """It is whole and signed, with a key that nobody here has said to trust."""
    ROLLED_BACK = "rolled-back"
    """A newer one was verified here before."""
    FUTURE_DATED = "future-dated"
    """It was issued after today: this computer's clock is wrong, or the publisher's."""
    WITHDRAWN = "withdrawn"
    """It holds a message that a newer pack of its publisher calls back."""
    EXPIRED = "expired"
    """The last day on which it may be played is over."""
    GENUINE = "genuine"
    """It is as it was signed, by a key that is trusted for its publisher, and may be played."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFault:
    """One thing that is wrong with a pack."""

    verdict: Verdict
    where: str
    """A path inside the pack; empty for the pack as a whole."""
    problem: str
    remedy: str


class RefusedPackError(Exception):
    """A pack that is not read any further.

    Attributes:
        faults: what was found until then; at least one.
    """

    def __init__(self, faults: Iterable[PackFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].problem)


THROW_AWAY = "do not open or copy it; ask whoever gave it to you for it again"
COPY_AGAIN = "copy or fetch it again, whole, from where it came from"
"""What to do about a copy that broke off."""


def unsafe(where: str, problem: str) -> PackFault:
    """Give the fault of something that could harm this computer, or that two programs would read
    as two different things.
    """  # noqa: D205
    return PackFault(verdict=Verdict.UNSAFE, where=where, problem=problem, remedy=THROW_AWAY)


def truncated(where: str, problem: str) -> PackFault:
    """Give the fault of something that is not there, or not all of it."""
    return PackFault(verdict=Verdict.TRUNCATED, where=where, problem=problem, remedy=COPY_AGAIN)
