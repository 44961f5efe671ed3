"""Takes by people: what was heard in them, and whether somebody accepted them."""

from enum import StrEnum


class Verdict(StrEnum):
    """What measuring a recording says of it; a person may decide otherwise."""

    GOOD = "good"
    """Fit for air as it is."""
    USABLE = "usable"
    """Understood, with faults that are heard."""
    AGAIN = "again"
    """To be recorded again."""


class TakeReview(StrEnum):
    """What a person who listened decided of a take."""

    NEW = "new"
    """Nobody has decided."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"


def may_air(review: TakeReview, verdict: Verdict | None, *, must_be_heard: bool) -> bool:
    """Tell whether a take may air, as far as its sound goes.

    A take that measures well airs before anybody has accepted it: a correction must not wait
    for the desk, and its words were checked before they were read. What measures badly waits
    for an ear, and a workspace can ask for an ear every time.

    Args:
        review: what a person decided.
        verdict: what was measured; None for what was added by hand before there were verdicts.
        must_be_heard: whether the workspace says ``review = true`` under ``[recordings]``.
    """
    if review is not TakeReview.NEW:
        return review is TakeReview.ACCEPTED
    return not must_be_heard and verdict in {Verdict.GOOD, None}
