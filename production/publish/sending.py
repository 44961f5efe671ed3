"""Carrying out the plan of a publish, in the order that listeners need."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.pages.addresses import OPML, PUBLISHER
from production.catalogue.site_sending import PagePlan, SitePlan, send_pages
from production.ledger.ledger import Ledger
from production.ledger.parts import PART_TYPE
from production.publish.deeds import Deeds
from production.publish.documents import Changed
from production.publish.media import MediaPlan
from production.publish.plan import LedgerPlan
from production.releases.diff import FeedDiff
from production.releases.history import ReleaseHistory, TargetLines, last_day_of, media_of
from production.releases.values import Change, MediaObject, Notice, Release, Withdrawal
from production.targets.base import Target
from production.targets.claims import Hold
from production.targets.sending import Job, Sending, send_jobs
from production.targets.standing import Standing
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.units import Key

if TYPE_CHECKING:
    from production.targets.websub import HubReport


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
    deeds: Deeds = field(default_factory=Deeds)
    """Every object with what was planned for it, and why."""
    sent: list[str] = field(default_factory=list)
    """Keys whose bytes were sent, in order, each once."""
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
    lost: list[str] = field(default_factory=list)
    """Files of spoken notices that are not at the target any more, and not here either."""
    wordless: list[str] = field(default_factory=list)
    """Transcripts that are not at the target, so that pages went out without their words."""
    diffs: tuple[FeedDiff, ...] = ()
    """What every document would say, for a dry run."""
    undrawn: Mapping[str, str] = field(default_factory=dict)
    """Drawn artwork in which words are left out, with the letters that no font holds."""
    taken_over: str = ""
    """Whose publish this one goes on with or takes the place of, in words; empty for nobody's."""
    serial: int = 0
    """How many publishes have changed something there, this one too."""
    hub: "HubReport | None" = None
    """What became of telling a hub; None where there is none, or nothing to tell."""
    dry_run: bool = False


class Carrier:
    """Carries out a plan, step by step, and reports."""

    def __init__(
        self,
        target: Target,
        standing: Standing,
        hold: Hold,
        sending: Sending,
        report: PublishReport,
    ) -> None:
        self._target = target
        self._standing = standing
        self._hold = hold
        self._sending = sending
        self._report = report
        self._sent: set[str] = set()

    def media(self, plan: MediaPlan) -> None:
        """Compare what is there, send what is not, and read each back.

        Raises:
            ProductionError: code TARGET; what was sent reads back as other bytes.
        """
        # What cannot stay stops the publish before anything is sent.
        self._jobs([self._media_job(*source) for source in plan.compare.values()])
        self._jobs([self._media_job(*source) for source in plan.send.values()])

    def parts(self, ledger: LedgerPlan) -> None:
        """Send the new parts of the ledger, and read each back."""
        for part, data in ledger.write:
            self._put(part.key, data, PART_TYPE)
            if not self._target.verify(part.key, part.digest):
                raise _damaged(self._report.place, part.key)

    def documents(self, changed: Iterable[Changed], heads: Collection[Key]) -> None:
        """Replace feeds and lists, those that name others after them.

        Args:
            changed: in their order.
            heads: keys of feeds that name pages of older items.

        Raises:
            ProductionError: code TARGET; somebody else replaced one, or the place is taken over.
        """
        waves: tuple[list[Changed], ...] = ([], [], [])
        for one in changed:
            key = one.document.key
            last = key in {OPML, PUBLISHER, PUBLISHER.replace(".xml", ".json")}
            waves[2 if last else 1 if key in heads else 0].append(one)
        if any(waves):
            self._hold.check()
        for wave in waves:
            self._jobs(self._document_job(one) for one in wave)

    def site(self, plan: SitePlan) -> None:
        """Send the pages, and take away those that are no more."""
        if plan.changed or plan.gone or plan.notes != plan.told:
            self._hold.check()
            removed = send_pages(self._target, plan, self._put, self._put_pages)
            self._note_removed(removed)

    def remove(self, keys: Iterable[Key]) -> None:
        """Take away what no feed names any more."""
        wanted = list(keys)
        if wanted:
            self._hold.check()
        self._note_removed([key for key in wanted if self._target.remove(key)])

    def note_sent(self, key: Key) -> None:
        """Report an object that was sent; each once, however often it was."""
        if key not in self._sent:
            self._sent.add(key)
            self._report.sent.append(key)

    def _note_removed(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self._report.removed.append(key)
            self._standing.removed(key)

    def _put(self, key: Key, data: bytes, media_type: str) -> None:
        if self._target.put(key, data, media_type=media_type):
            self.note_sent(key)
        self._standing.put(key, digest_bytes(data), len(data))

    def _put_pages(self, pages: Iterable[PagePlan]) -> None:
        self._jobs(self._page_jobs(pages))

    def _page_jobs(self, pages: Iterable[PagePlan]) -> Iterator[Job]:
        for one in pages:
            # Rendered here, in one thread: what renders is not made for more.
            key, data, media_type = one.page.key, one.data(), one.page.media_type

            def run(key: Key = key, data: bytes = data, media_type: str = media_type) -> bool:
                return self._target.put(key, data, media_type=media_type)

            yield Job(key=key, digest=one.digest, length_bytes=len(data), run=run)

    def _document_job(self, changed: Changed) -> Job:
        key, media_type, data = changed.document

        def run() -> bool:
            return self._target.swap(key, data, media_type=media_type, seen=changed.there)

        return Job(key=key, digest=digest_bytes(data), length_bytes=len(data), run=run)

    def _media_job(self, thing: MediaObject, path: Path) -> Job:
        key, digest = thing.key, thing.digest

        def run() -> bool:
            target = self._target
            if not target.put_new(key, path, media_type=thing.media_type, digest=digest):
                return False
            if not target.verify(key, digest):
                target.remove(key)  # nothing names it yet, and it would stand in the way
                raise _damaged(self._report.place, key)
            return True

        return Job(key=key, digest=digest, length_bytes=thing.length_bytes, run=run)

    def _jobs(self, jobs: Iterable[Job]) -> None:
        send_jobs(jobs, self._sending, done=self._done, meanwhile=self._sign_of_life)

    def _done(self, job: Job, sent: bool) -> None:  # noqa: FBT001 - what came of it
        if sent:
            self.note_sent(job.key)
            self._standing.put(job.key, job.digest, job.length_bytes)
        else:
            self._standing.learn(job.key, job.digest, job.length_bytes)

    def _sign_of_life(self) -> None:
        if self._hold.is_due():
            self._hold.check()


def _damaged(place: str, key: Key) -> ProductionError:
    return ProductionError(
        "what was sent reads back as other bytes",
        where=f"{place} {key}",
        remedy="publish again; if it happens again, check the target's disk or service",
        code=ExitCode.TARGET,
    )


def doomed_keys(
    ledger: Ledger, lines: TargetLines, history: ReleaseHistory, today: date
) -> list[Key]:
    """Give everything of withdrawn revisions that no feed names any more.

    Also what was replaced before it was withdrawn: its words are the same. And spoken notices
    whose items have left their feeds. Not what the ledger notes as gone: later publishes need not
    ask again.

    Args:
        ledger: tells what is gone already.
        lines: of the target, as they are once everything is told.
        history: as the lines tell it.
        today: the operator's day.
    """
    live = {thing.key for thing in media_of(history, today)}
    gone = {
        key
        for event in ledger.events("removed", target=history.target)
        for key in event.facts["keys"]
    }
    return sorted(_dead(lines, history, today) - live - gone)


def _dead(lines: TargetLines, history: ReleaseHistory, today: date) -> set[Key]:
    out = {
        (one.release.edition, one.release.revision)
        for one in history.standings()
        if one.withdrawal is not None
    }
    current = {one.release.guid: one.withdrawal for one in history.standings()}
    past = {one.release.guid for one in history.standings() if one.last_day < today}
    dead: set[Key] = set()
    for release in lines.releases:
        if (release.edition, release.revision) in out:
            dead |= {thing.key for thing in release.media}
    for withdrawal in lines.withdrawals:
        # One that became a retraction later has another notice than it had.
        other = withdrawal != current.get(withdrawal.guid)
        if withdrawal.sound and (withdrawal.guid in past or other):
            dead |= {thing.key for thing in withdrawal.sound.media}
    for notice in history.notices:
        if notice.sound and last_day_of(notice) < today:
            dead |= {thing.key for thing in notice.sound.media}
    return dead
