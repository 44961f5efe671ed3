"""Publishing: media first and read back, then pages, then the ledger, then feeds, then cleaning.

Whoever reads the feeds at any moment finds every object that they name. Interrupted anywhere,
the next publish goes on: unchanged objects are not sent again.

The ledger is the memory of a target. Where it was lost, revisions and keys are found again as
long as nothing was corrected, because they come from the content alone; a feed at the target
that tells of more than the ledger stops the publish.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from feeds.validate import check_feed
from production.air_ready import with_air_ready
from production.building import BuiltEdition, Workshop
from production.catalogue import FEED, Catalogue, build_catalogue
from production.catalogue_art import WorkshopPictures
from production.catalogue_documents import FEED_TYPE, FeedDocument, feed_documents
from production.consent_notes import note_releases
from production.ledger import Ledger
from production.publish_checks import (
    has_feed,
    ran_out,
    read_again,
    refuse_planned,
    refuse_what_goes,
)
from production.publish_sending import PublishReport, clean, put, send_media
from production.refusals import KnownGuids, find_stale, judging_moment
from production.release_diff import FeedDiff, diff_feed, documents_of
from production.release_history import ReleaseHistory, read_history
from production.release_media import Sources, edition_sources
from production.release_orders import Action, Order
from production.release_values import News, Release, ledger_line
from production.releasing import Planned, plan_releases
from production.site import SitePage, site_pages
from production.site_sending import pages_to_send, send_pages
from production.station_takes import TAKES
from production.targets import open_target
from production.targets.base import Target
from production.unfit import built_editions
from production.withdrawing import Announce, Withdrawn, plan_withdrawals
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Key, LanguageTag
from scripts.workspace import Workspace

__all__ = [
    "PublishReport",
    "choose_target",
    "publish",
    "read_again",
    "refuse_planned",
]

_ENDING = frozenset({Action.RETRACT, Action.EXPIRE})
"""What puts nothing new out: it waits for nothing, and feeds, which programs read, come first."""

_MEANT = frozenset({"feed-enclosure.missing", "feed-podcast.moved"})
"""Rules that a feed of ours may break. Where nobody speaks a language, a withdrawn item goes out
without sound, and the operator is told: not to say it would be worse. And a feed keeps its guid
when it moves."""


def choose_target(workspace: Workspace, name: str | None) -> TargetSettings:
    """Give the named target, or the first of altavoz.toml.

    Raises:
        ProductionError: there is none, or none of that name.
    """
    targets = workspace.network.targets
    if name is None and targets:
        return next(iter(targets.values()))
    if name is not None and name in targets:
        return targets[name]
    known = ", ".join(targets) or "none"
    raise ProductionError(
        f"there is no target {name}" if name else "no target to publish to",
        where="altavoz.toml",
        remedy=f"add a table [targets.{name or 'public'}] with kind and path; known: {known}",
        code=ExitCode.TARGET,
    )


def publish(
    workshop: Workshop,
    workspace: Workspace,
    built: Sequence[BuiltEdition],
    settings: TargetSettings,
    *,
    now: datetime,
    today: date | None = None,
    dry_run: bool = False,
    order: Order | None = None,
    reasons: Mapping[LanguageTag, str] | None = None,
    announce: Announce | None = None,
) -> PublishReport:
    """Publish editions to one target, in an order that never shows anything half.

    What is new goes up before anything names it; the ledger is written at one stroke; feeds
    follow, and what was withdrawn is taken away last, when no feed names it. So a retraction
    changes feeds first and a correction media first, and whatever was interrupted goes on when
    the command is run again.

    Args:
        workshop: open, so that nobody else publishes from this workspace.
        workspace: as read, without errors.
        built: every finished edition; those of loops have no feed and are passed over. With an
            order, those that it does not name are passed over too.
        settings: of the target.
        now: aware, UTC, whole seconds.
        today: the operator's own day; None takes the day of ``now``.
        dry_run: say what would be done and touch nothing.
        order: what an operator wants done to some editions; None publishes what changed.
        reasons: why something is corrected, by language; an order has its own.
        announce: makes spoken notices; None puts items out without sound.

    Raises:
        ProductionError: an edition may not go there, a finished feed breaks its rules, the
            target refuses, or what stands there, or the clock, does not go with the ledger.
    """
    run = _Run(
        workshop=workshop,
        workspace=workspace,
        settings=settings,
        ledger=Ledger(workshop.root),
        now=now,
        day=today or now.date(),
    )
    own = [item for item in built if has_feed(workspace, item) and _is_asked(item, order)]
    asked = with_air_ready(workspace, own, built)
    before = run.history()
    stale = refuse_what_goes(
        workspace, built_editions(asked), before, settings, run.day, order=order
    )
    moment = judging_moment(before, now)
    planned = plan_releases(
        asked,
        workspace=workspace,
        target=settings,
        history=before,
        now=now,
        today=run.day,
        order=order,
        reasons=reasons,
    )
    gone = plan_withdrawals(
        before,
        run.history(planned.news),
        planned.news,
        workspace=workspace,
        order=order,
        announce=announce,
        now=max(now, before.newest_change() or now),
        today=run.day,
    )
    target = open_target(settings, workshop.root)
    report = _report(planned, gone, settings.name, target.describe(), dry_run=dry_run)
    news: list[News] = [*planned.news, *gone.withdrawals, *gone.notices]
    pictures = WorkshopPictures(workshop)
    catalogue = run.catalogue(news, moment, pictures)
    report.feeds = [channel.feed_url for channel in catalogue.channels]
    report.undrawn = pictures.undrawn
    known = KnownGuids(run.ledger, news, settings.name)
    changed, unchanged = _changed(target, catalogue, known, moment)
    # A retraction waits for nothing: what stays is named by the feeds that are out already.
    if order is None or order.action not in _ENDING:
        report.stale = stale
        report.ran_out = ran_out(before, {item.edition.key for item in asked}, run.day)
        _find_stale(target, stale, catalogue)
    sources = _sources(planned, gone, pictures)
    if dry_run:
        report.sent = [key for key in sources if target.size(key) is None]
        report.sent += [document.key for document, _ in changed]
        pages = run.pages(catalogue, news, sources, target, report)
        report.sent += [page.key for page in pages_to_send(target, pages)]
        report.diffs = tuple(run.diffs(changed, catalogue, moment))
        return report
    sent = [(release.guid, item.edition.segments) for item, release in planned.releases]
    note_releases(workspace, settings.name, sent)
    send_media(target, sources, report)
    run.record(catalogue, news)
    report.kept += unchanged
    ends = order is not None and order.action in _ENDING
    if not ends:
        run.send_pages(target, catalogue, sources, report)
    for document, _ in changed:
        put(target, document.key, document.data, document.media_type, report)
    if ends:
        run.send_pages(target, catalogue, sources, report)
    clean(target, run.ledger, run.history(), report, run.day)
    # A station that was public and is not any more: nothing of it stays.
    report.removed += [key for key in catalogue.gone if target.remove(key)]
    return report


Changed = Sequence[tuple[FeedDocument, bytes | None]]
"""Documents that are to be sent, each with what stands at the target; None for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What stays the same for the length of one publish."""

    workshop: Workshop
    workspace: Workspace
    settings: TargetSettings
    ledger: Ledger
    now: datetime
    day: date

    def history(self, news: Sequence[News] = ()) -> ReleaseHistory:
        return read_history(self.ledger, self.settings.name, news)

    def catalogue(
        self, news: Sequence[News], moment: datetime, pictures: WorkshopPictures
    ) -> Catalogue:
        return build_catalogue(
            self.workspace,
            self.ledger,
            news,
            target=self.settings.name,
            now=moment,
            today=self.day,
            pictures=pictures,
        )

    def diffs(self, changed: Changed, catalogue: Catalogue, moment: datetime) -> Iterator[FeedDiff]:
        """Say what listeners would find in each document that is to be sent."""
        base = self.workspace.network.base_url
        told = self.catalogue((), moment, WorkshopPictures(self.workshop))
        feeds = documents_of(told.channels, base), documents_of(catalogue.channels, base)
        for document, there in changed:
            yield diff_feed(document.key, there, document.data, *feeds)

    def record(self, catalogue: Catalogue, news: Sequence[News]) -> None:
        self.ledger.append_all(
            [
                # A feed's guid is that of its first address, and stays when the address changes.
                *((FEED, feed.plain()) for feed in catalogue.new_feeds),
                *((TAKES, line.plain()) for line in catalogue.new_takes),
                *(ledger_line(one) for one in news),
            ]
        )

    def pages(
        self,
        catalogue: Catalogue,
        news: Sequence[News],
        sources: Sources,
        target: Target,
        report: PublishReport,
    ) -> Iterator[SitePage]:
        """Give every page; words that it shows are read where they lie, here or at the target."""

        def words(key: Key) -> bytes:
            if key in sources:
                return sources[key][1].read_bytes()
            found = target.read(key)
            if found is None:
                # A retraction does not wait for it, and the page still says what is withdrawn.
                report.wordless.append(key)
            return found or b""

        history = self.history(news)
        return site_pages(catalogue, history, today=self.day, words=words)

    def send_pages(
        self, target: Target, catalogue: Catalogue, sources: Sources, report: PublishReport
    ) -> None:
        def send(key: Key, data: bytes, media_type: str) -> None:
            put(target, key, data, media_type, report)

        pages = self.pages(catalogue, (), sources, target, report)
        report.removed += send_pages(target, pages, send)


def _is_asked(item: BuiltEdition, order: Order | None) -> bool:
    return order is None or item.edition.key in order.editions


def _report(
    planned: Planned, gone: Withdrawn, target: str, place: str, *, dry_run: bool
) -> PublishReport:
    return PublishReport(
        target=target,
        place=place,
        changes=[(release.change, release) for release in planned.news],
        withdrawn=gone.withdrawals,
        notices=gone.notices,
        silent=gone.silent,
        kept_out=[standing.release for standing in planned.kept_out],
        dry_run=dry_run,
    )


def _sources(planned: Planned, gone: Withdrawn, pictures: WorkshopPictures) -> Sources:
    """Give every object that is needed: sound first, then what goes beside it."""
    media: Sources = {}
    texts: Sources = {}
    found = [edition_sources(item, release) for item, release in planned.releases]
    for sources in (*found, gone.sources):
        for key, (thing, path) in sources.items():
            group = media if thing.kbps else texts
            group[key] = (thing, path)
    return {**media, **texts, **pictures.sources}


def _changed(
    target: Target, catalogue: Catalogue, known: KnownGuids, now: datetime
) -> tuple[Changed, int]:
    """Render everything as it will be, judge it by our own strict rules, and give what differs.

    What stays as it is is taken away at once, and counted: there may be thousands of pages.

    Raises:
        ProductionError: a finished feed breaks a rule, or the target tells of more than the
            ledger does.
    """
    changed: list[tuple[FeedDocument, bytes | None]] = []
    kept = 0
    for document in feed_documents(catalogue):
        there = target.read(document.key)
        if there == document.data:
            kept += 1
            continue
        if document.media_type == FEED_TYPE:
            _judge(document, catalogue.network.base_url, now)
            known.compare(target, document.key, there)
        changed.append((document, there))
    return changed, kept


def _find_stale(target: Target, stale: Sequence[Release], catalogue: Catalogue) -> None:
    shown = {item.guid for channel in catalogue.channels for item in channel.items}
    find_stale(target, stale, shown)


def _judge(document: FeedDocument, base_url: str, now: datetime) -> None:
    faults = [one for one in check_feed(document.data, now=now) if one.rule not in _MEANT]
    if faults:
        first = faults[0]
        raise ProductionError(
            f"the feed would break a rule: {first.problem}",
            where=base_url + document.key,
            remedy=first.remedy,
        )
