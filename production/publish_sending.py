"""Sending: media that are read back, documents that replace what was there, and taking away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from production.ledger import Ledger
from production.release_diff import FeedDiff
from production.release_history import ReleaseHistory, last_day_of, media_of
from production.release_media import Sources
from production.release_values import (
    RELEASED,
    WITHDRAWN,
    Change,
    Notice,
    Release,
    Withdrawal,
    read_release,
    read_withdrawal,
)
from production.targets.base import Target
from programme.errors import ExitCode, ProductionError
from programme.units import Key


@dataclass(slots=True, kw_only=True)
class PublishReport:
    """What a publish did, or would do."""

    target: str
    place: str
    """Where it went, in words."""
    changes: list[tuple[Change, Release]] = field(default_factory=list)
    withdrawn: list[Withdrawal] = field(default_factory=list)
    """Revisions that are not to be used any more, or that got their spoken notice now."""
    notices: list[Notice] = field(default_factory=list)
    silent: list[Withdrawal] = field(default_factory=list)
    """Withdrawn without a spoken notice: nobody speaks the language."""
    kept_out: list[Release] = field(default_factory=list)
    """Retracted or ended before, finished now, and not put out again without an order."""
    sent: list[str] = field(default_factory=list)
    """Keys whose bytes were sent, in order."""
    kept: int = 0
    """Objects that were there already."""
    removed: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    """Public addresses of all feeds."""
    stale: list[Release] = field(default_factory=list)
    """Published before, valid still, and not made now: they stay as they were."""
    ran_out: list[Release] = field(default_factory=list)
    """Past their last day since something was published last: they leave their feeds, and nobody
    who has them is told; an operator may order that."""
    wordless: list[str] = field(default_factory=list)
    """Transcripts that are not at the target, so that pages went out without their words."""
    diffs: tuple[FeedDiff, ...] = ()
    """What every document would say, for a dry run."""
    undrawn: Mapping[str, str] = field(default_factory=dict)
    """Drawn artwork in which words are left out, with the letters that no font holds."""
    dry_run: bool = False


def send_media(target: Target, sources: Sources, report: PublishReport) -> None:
    """Send what is not there yet, and read each back.

    Raises:
        ProductionError: code TARGET; what was sent reads back as other bytes.
    """
    for key, (thing, content) in sources.items():
        if target.put_new(key, content, media_type=thing.media_type, digest=thing.digest):
            report.sent.append(key)
            if not target.verify(key, thing.digest):
                raise ProductionError(
                    "what was sent reads back as other bytes",
                    where=f"{report.place} {key}",
                    remedy="publish again; if it happens again, check the target's disk or service",
                    code=ExitCode.TARGET,
                )
        else:
            report.kept += 1


def put(target: Target, key: Key, data: bytes, media_type: str, report: PublishReport) -> None:
    """Replace a document, unless the same bytes are there."""
    if target.put(key, data, media_type=media_type):
        report.sent.append(key)
    else:
        report.kept += 1


def clean(
    target: Target, ledger: Ledger, history: ReleaseHistory, report: PublishReport, today: date
) -> None:
    """Take away everything of withdrawn revisions, once no feed names it any more.

    Also what was replaced before it was withdrawn: its words are the same. And spoken notices
    whose items have left their feeds. The ledger notes what is gone, so that a publish that was
    stopped here is finished by the next, and later ones need not ask again.
    """
    live = {thing.key for thing in media_of(history, today)}
    gone = {
        key
        for event in ledger.events("removed", target=history.target)
        for key in event.facts["keys"]
    }
    doomed = sorted(_dead(ledger, history, today) - live - gone)
    report.removed += [key for key in doomed if target.remove(key)]
    if doomed:
        ledger.append("removed", {"target": history.target, "keys": list(doomed)})


def _dead(ledger: Ledger, history: ReleaseHistory, today: date) -> set[Key]:
    out = {
        (one.release.edition, one.release.revision)
        for one in history.standings()
        if one.withdrawal is not None
    }
    current = {one.release.guid: one.withdrawal for one in history.standings()}
    past = {one.release.guid for one in history.standings() if one.last_day < today}
    dead: set[Key] = set()
    for event in ledger.events(RELEASED, target=history.target):
        release = read_release(event.facts)
        if (release.edition, release.revision) in out:
            dead |= {thing.key for thing in release.media}
    for event in ledger.events(WITHDRAWN, target=history.target):
        withdrawal = read_withdrawal(event.facts)
        # One that became a retraction later has another notice than it had.
        other = withdrawal != current.get(withdrawal.guid)
        if withdrawal.sound and (withdrawal.guid in past or other):
            dead |= {thing.key for thing in withdrawal.sound.media}
    for notice in history.notices:
        if notice.sound and last_day_of(notice) < today:
            dead |= {thing.key for thing in notice.sound.media}
    return dead
