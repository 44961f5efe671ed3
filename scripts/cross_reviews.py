"""Checks of reviews: what is open, and alerts that stay for too long."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from programme.findings import Findings, Severity
from programme.reviews import Need, ReviewPolicy, ReviewState
from programme.segments import Segment, SegmentKind
from scripts.review_board import ReviewBoard

_NAMED = 3
"""Reviews that a finding names before it counts the rest."""


def check_reviews(
    board: ReviewBoard, *, used: frozenset[str], gated: bool, findings: Findings
) -> None:
    """Report open reviews, once for each segment; once in all where nobody uses reviews.

    Args:
        board: judges them.
        used: segments that are in rundowns: the rest can wait.
        gated: whether open reviews would stop a publish to some target of the workspace.
        findings: takes the findings.
    """
    signed = board.about.reviews.by_segment
    if not signed:
        if gated and (waiting := sum(1 for name in sorted(used) if any(board.needs([name])))):
            findings.add(
                file="altavoz.toml",
                line=0,
                rule="review.none",
                severity=Severity.INFO,
                problem=f"{waiting} segments need reviews before they may go to a real target, "
                "and none is signed yet",
                remedy="see: altavoz review list; if reviews are kept elsewhere, write "
                "required = false under [reviews]",
            )
        return
    for name in sorted(used | set(signed)):
        waiting_here = [need for need in board.needs([name]) if need.is_open]
        if waiting_here:
            _report_open(board, name, waiting_here, findings, gated=gated and name in used)


def _report_open(
    board: ReviewBoard, name: str, needs: list[Need], findings: Findings, *, gated: bool
) -> None:
    told = [_told(need) for need in needs[:_NAMED]]
    more = f" and {len(needs) - _NAMED} more" if len(needs) > _NAMED else ""
    findings.add(
        file=board.about.segments[name].file,
        line=0,
        rule="review.open",
        severity=Severity.WARNING if gated else Severity.INFO,
        problem=f"open reviews: {'; '.join(told)}{more}",
        remedy=f"see: altavoz review list --segment {name}",
    )


def _told(need: Need) -> str:
    why = f" ({', '.join(need.reasons)})" if need.reasons else ""
    what = f"{need.rule.kind.value} {need.language}"
    return f"{what} {need.state.value}{why}" if need.state is not ReviewState.OPEN else what + why


def check_alerts(
    segments: Iterable[Segment],
    lines: Mapping[tuple[str, str], int],
    policy: ReviewPolicy,
    *,
    today: date,
    findings: Findings,
) -> None:
    """Report alerts that stay valid for longer than an alert should."""
    latest = today + timedelta(days=policy.alert_days)
    for segment in segments:
        expires = segment.expires
        if segment.kind is SegmentKind.ALERT and expires is not None and expires > latest:
            findings.add(
                file=segment.file,
                line=lines.get((segment.id, "expires"), 0),
                rule="review.alert-expiry",
                severity=Severity.WARNING,
                problem=f"this alert is valid until {expires}, more than {policy.alert_days} days",
                remedy=f"let it expire by {latest} and renew it while it holds, or make it a "
                "segment of another kind",
            )
