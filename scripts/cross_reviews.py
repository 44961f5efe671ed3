"""Checks of reviews: what is open, and alerts that stay for too long."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from programme.findings import Findings, Severity
from programme.reviews import Need, ReviewPolicy, ReviewState
from programme.segments import SegmentKind
from programme.wording import counted
from scripts.read_segments import SegmentFiles

if TYPE_CHECKING:
    from scripts.review_board import ReviewBoard
    from scripts.workspace import Workspace

_NAMED = 3
"""Reviews that a finding names before it counts the rest."""


def check_signatures(workspace: "Workspace", findings: Findings) -> None:
    """Report open reviews, once for each segment; once in all where nobody uses reviews."""
    policy = workspace.network.reviews
    gated = policy.required and any(not one.demo for one in workspace.network.targets.values())
    signed = workspace.reviews.by_segment
    if not signed and not gated:
        return
    from scripts.review_board import board_of  # where nothing is signed nor asked for: not needed

    board = board_of(workspace)
    used = {slot.segment for episode in workspace.episodes for slot in episode.slots} - {""}
    if not signed:
        waiting = sum(1 for name in sorted(used) if any(board.needs([name])))
        if waiting:
            _report_none(waiting, findings)
        return
    for name in sorted(used | (set(signed) & set(workspace.segments))):
        needs = [need for need in board.needs([name]) if need.is_open]
        if needs:
            _report_open(board, name, needs, findings, gated=gated and name in used)


def _report_none(waiting: int, findings: Findings) -> None:
    findings.add(
        file="altavoz.toml",
        line=0,
        rule="review.none",
        severity=Severity.INFO,
        problem=f"{counted(waiting, 'segment')} must be reviewed before a publish to a real "
        "target, and nothing is signed yet",
        remedy="see: altavoz review list; where reviews are kept elsewhere, write "
        "required = false under [reviews]",
    )


def _report_open(
    board: "ReviewBoard", name: str, needs: list[Need], findings: Findings, *, gated: bool
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
    files: SegmentFiles,
    policy: ReviewPolicy,
    *,
    today: date,
    findings: Findings,
) -> None:
    """Report alerts that stay valid for longer than an alert should."""
    latest = today + timedelta(days=policy.alert_days)
    for segment in files.segments.values():
        expires = segment.expires
        if segment.kind is SegmentKind.ALERT and expires is not None and expires > latest:
            findings.add(
                file=segment.file,
                line=files.line(segment.id, "expires"),
                rule="review.alert-expiry",
                severity=Severity.WARNING,
                problem=f"this alert is valid until {expires}, more than {policy.alert_days} days",
                remedy=f"let it expire by {latest} and renew it while it holds, or make it a "
                "segment of another kind",
            )
