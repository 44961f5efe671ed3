"""Publishing: media first and read back, then the ledger, then pages, then feeds, then cleaning.

Whoever reads the feeds at any moment finds every object that they name. Interrupted anywhere,
the next publish goes on: unchanged objects are not sent again. One publisher at a time: a claim in
the head of the target holds off everybody else.

The ledger is the memory of a target. A target that tells of more than the ledger stops the
publish; where both were lost, revisions and keys are found again as long as nothing was corrected,
because they come from the content alone.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from feeds.documents import json_url
from production.air_ready import with_air_ready
from production.building import BuiltEdition, Workshop
from production.catalogue import FEED, Catalogue, build_catalogue
from production.catalogue_art import WorkshopPictures
from production.consent_notes import note_releases
from production.ledger import Ledger
from production.ledger_parts import REMOVED, open_stations
from production.publish_checks import (
    has_feed,
    ran_out,
    read_again,
    refuse_planned,
    refuse_what_goes,
)
from production.publish_deeds import Doing
from production.publish_list import Listing, head_deed, kept_head
from production.publish_media import MediaPlanner
from production.publish_plan import (
    Changed,
    Event,
    PublishPlan,
    changed_documents,
    plan_ledger,
    refuse_foreign,
    refuse_unknown,
)
from production.publish_reasons import NOT_PUBLIC, WITHDRAWN, Reasons
from production.publish_sending import Carrier, PublishReport, doomed_keys
from production.publish_words import PageWords
from production.refusals import KnownGuids, judging_moment
from production.release_diff import FeedDiff, diff_feed, documents_of
from production.release_history import ReleaseHistory, read_history
from production.release_media import Sources, edition_sources
from production.release_orders import Action, Order
from production.release_values import News, ledger_line
from production.releasing import Planned, plan_releases
from production.site import site_pages
from production.site_sending import plan_pages
from production.station_takes import TAKES
from production.targets import open_target
from production.targets.base import Target
from production.targets.claims import (
    Hold,
    Place,
    Publisher,
    finished_head,
    look_at_place,
    refuse_claimed,
)
from production.targets.exposure import refuse_open
from production.targets.head import HEAD_KEY
from production.targets.sending import Sending
from production.targets.servers import is_loopback
from production.targets.standing import NOTES_FOLDER, Standing
from production.targets.websub import tell_hub
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
    publisher: Publisher,
    now: datetime,
    today: date | None = None,
    dry_run: bool = False,
    order: Order | None = None,
    reasons: Mapping[LanguageTag, str] | None = None,
    announce: Announce | None = None,
    sending: Sending | None = None,
    take_over: bool = False,
) -> PublishReport:
    """Publish editions to one target, in an order that never shows anything half.

    What is new goes up before anything names it; the ledger is written at one stroke; feeds
    follow, and what was withdrawn is taken away last, when no feed names it. So a retraction
    changes feeds first and a correction media first, and whatever was interrupted goes on when
    the command is run again. Where nothing is to be done, nothing is sent.

    Args:
        workshop: open, so that nobody else publishes from this workspace.
        workspace: as read, without errors.
        built: every finished edition; those of loops have no feed and are passed over. With an
            order, those that it does not name are passed over too.
        settings: of the target.
        publisher: who publishes, as the target's head says it in public.
        now: aware, UTC, whole seconds.
        today: the operator's own day; None takes the day of ``now``.
        dry_run: say what would be done and touch nothing.
        order: what an operator wants done to some editions; None publishes what changed.
        reasons: why something is corrected, by language; an order has its own.
        announce: makes spoken notices; None puts items out without sound.
        sending: how objects are sent; None sends one after the other.
        take_over: publish even where somebody else seems to be publishing.

    Raises:
        ProductionError: an edition may not go there, a finished feed breaks its rules, the
            target refuses, somebody else publishes there, or what stands there, or the clock,
            does not go with the ledger.
    """
    sending = sending or Sending()
    day = today or now.date()
    before = read_history(Ledger(workshop.root), settings.name)
    own = [item for item in built if has_feed(workspace, item) and _is_asked(item, order)]
    asked = with_air_ready(workspace, own, built)
    stale = refuse_what_goes(workspace, built_editions(asked), before, settings, day, order=order)
    planned = plan_releases(
        asked,
        workspace=workspace,
        target=settings,
        history=before,
        now=now,
        today=day,
        order=order,
        reasons=reasons,
    )
    target = open_target(settings, workshop.root, line=sending.line)
    try:
        run = _Run(
            workshop=workshop,
            workspace=workspace,
            settings=settings,
            target=target,
            publisher=publisher,
            sending=sending,
            before=before,
            now=now,
            moment=judging_moment(before, now),
            day=day,
            order=order,
        )
        place, taken_over = run.look(take_over=take_over)
        gone = plan_withdrawals(
            before,
            run.history(planned.news),
            planned.news,
            workspace=workspace,
            order=order,
            announce=announce,
            now=max(now, before.newest_change() or now),
            today=day,
        )
        report = _report(planned, gone, settings.name, target.describe(), dry_run=dry_run)
        report.taken_over = taken_over
        if not run.ends:
            report.stale = stale
            report.ran_out = ran_out(before, {item.edition.key for item in asked}, day)
        made = run.plan(place, planned, gone, report)
        if dry_run:
            return run.promise(made, report)
        sent = [(release.guid, item.edition.segments) for item, release in planned.releases]
        note_releases(workspace, settings.name, sent)
        return run.carry_out(made, report)
    finally:
        target.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A plan, and what it was made of."""

    place: Place
    standing: Standing
    catalogue: Catalogue
    plan: PublishPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What stays the same for the length of one publish."""

    workshop: Workshop
    workspace: Workspace
    settings: TargetSettings
    target: Target
    publisher: Publisher
    sending: Sending
    before: ReleaseHistory
    now: datetime
    moment: datetime
    """At which feeds are judged."""
    day: date
    order: Order | None

    @property
    def ends(self) -> bool:
        """Whether nothing new is put out."""
        return self.order is not None and self.order.action in _ENDING

    def history(self, news: Sequence[News] = ()) -> ReleaseHistory:
        return read_history(Ledger(self.workshop.root), self.settings.name, news)

    def look(self, *, take_over: bool) -> tuple[Place, str]:
        """Read the head, and refuse where somebody else publishes, or knows more than we do.

        What takes a message back goes out also where strangers may write: it does no harm there.
        """
        place = look_at_place(self.target, self.workspace.network.id)
        if not self.ends:
            refuse_open(self.target, self.target.describe())
        taken_over = refuse_claimed(
            self.target, place, self.publisher, self.now, take_over=take_over
        )
        ledger = Ledger(self.workshop.root)
        stations = open_stations(self.workspace)
        refuse_unknown(ledger, place, self.target, stations)
        return place, taken_over

    def catalogue(self, news: Sequence[News], pictures: WorkshopPictures) -> Catalogue:
        return build_catalogue(
            self.workspace,
            Ledger(self.workshop.root),
            news,
            target=self.settings.name,
            now=self.moment,
            today=self.day,
            pictures=pictures,
        )

    def plan(self, place: Place, planned: Planned, gone: Withdrawn, report: PublishReport) -> _Made:
        """Look at what stands there, and say what is to be done; sends nothing."""
        ledger = Ledger(self.workshop.root)
        news: list[News] = [*planned.news, *gone.withdrawals, *gone.notices]
        pictures = WorkshopPictures(self.workshop)
        catalogue = self.catalogue(news, pictures)
        report.feeds = [channel.feed_url for channel in catalogue.channels]
        report.undrawn = pictures.undrawn
        notes = self.workshop.folder / NOTES_FOLDER / f"{self.settings.name}.json"
        standing = Standing(self.target, notes)
        sources = _sources(planned, gone, pictures)
        reasons = Reasons(news, self.before)
        known = KnownGuids(ledger, news, self.settings.name)
        documents, kept = changed_documents(
            self.target,
            standing,
            catalogue,
            known,
            now=self.moment,
            is_first=not place.before.serial,
        )
        after = self.history(news)
        media = MediaPlanner(self.target, standing, self.workshop.store, reasons)
        media.add(sources, pictures.sources)
        if not self.ends:
            shown = {item.guid for one in catalogue.channels for item in one.items}
            media.heal(after, shown, sources.keys())
        report.lost = list(media.plan.lost)
        words = PageWords(self.target, self.workshop.store, sources, after)
        pages = site_pages(catalogue, after, today=self.day, words=words)
        site = plan_pages(self.target, pages, standing)
        report.wordless = words.missing
        replaced = [*(one.document.key for one in documents), *(p.page.key for p in site.changed)]
        refuse_foreign(self.target, place, standing, replaced, is_new=not self.before.editions)
        events = _events(catalogue, news)
        doomed = doomed_keys(ledger.ahead(events), after, self.day)
        removed: list[Event] = []
        if doomed:
            removed = [(REMOVED, {"target": self.settings.name, "keys": list(doomed)})]
        written = plan_ledger(
            ledger,
            place,
            self.target,
            standing,
            events=events,
            removed=removed,
            stations=open_stations(self.workspace),
        )
        deeds = Listing(
            standing=standing,
            media=media.plan,
            ledger=written,
            site=site,
            documents=documents,
            kept=kept,
            gone={WITHDRAWN: doomed, NOT_PUBLIC: catalogue.gone},
            reasons=reasons,
            past=bool(report.ran_out),
        ).deeds()
        plan = PublishPlan(
            media=media.plan,
            documents=tuple(documents),
            site=site,
            ledger=written,
            doomed=tuple(doomed),
            closed=catalogue.gone,
            deeds=deeds,
        )
        if not plan.is_empty or place.claim is not None:
            by, parts = self.publisher.by, written.parts.named
            deeds.add(head_deed(place, finished_head(place.before, by, parts, self.now)))
        elif place.data is not None:
            deeds.add(kept_head(place.data))
        return _Made(place=place, standing=standing, catalogue=catalogue, plan=plan)

    def promise(self, made: _Made, report: PublishReport) -> PublishReport:
        """Say what a run would do."""
        plan = made.plan
        report.deeds = plan.deeds
        report.sent = [deed.key for deed in plan.deeds.of(Doing.SEND, Doing.REPLACE)]
        report.removed = [deed.key for deed in plan.deeds.of(Doing.REMOVE)]
        report.kept = len(plan.deeds.of(Doing.KEEP))
        report.diffs = tuple(self._diffs(plan.documents, made.catalogue))
        return report

    def carry_out(self, made: _Made, report: PublishReport) -> PublishReport:
        """Do what was planned."""
        plan, place = made.plan, made.place
        report.deeds = plan.deeds
        report.kept = len(plan.deeds.of(Doing.KEEP))
        report.serial = place.before.serial
        if plan.is_empty:  # also without the head, which gives back a claim of ours
            made.standing.save()
            return report
        send = plan.deeds.of(Doing.SEND, Doing.REPLACE)
        progress = self.sending.progress
        progress.begin_sending(len(send), plan.deeds.sent_bytes)
        try:
            self._send(made, report)
        finally:
            progress.end_sending()
        # It only saves time, and all is published.
        with suppress(ProductionError):
            made.standing.save()
        self._tell_hub(made, report)
        return report

    def _send(self, made: _Made, report: PublishReport) -> None:
        plan = made.plan
        hold = Hold(self.target, made.place, self.publisher, self.now)
        carrier = Carrier(self.target, made.standing, hold, self.sending, report)
        carrier.media(plan.media)
        ledger = Ledger(self.workshop.root)
        ledger.append_all(plan.ledger.events)
        carrier.parts(plan.ledger)
        heads = _heads(made.catalogue)
        if self.ends:
            carrier.documents(plan.documents, heads)
            carrier.site(plan.site)
        else:
            carrier.site(plan.site)
            carrier.documents(plan.documents, heads)
        carrier.remove(plan.doomed)
        ledger.append_all(plan.ledger.removed)
        # A station that was public and is not any more: nothing of it stays.
        carrier.remove(plan.closed)
        if plan.ledger.drop:
            hold.name_parts(plan.ledger.parts.named)
            carrier.remove(plan.ledger.drop)
        report.serial = hold.finish(plan.ledger.parts.named, self.now)
        carrier.note_sent(HEAD_KEY)

    def _tell_hub(self, made: _Made, report: PublishReport) -> None:
        network = self.workspace.network
        changed = {one.document.key for one in made.plan.documents}
        feeds = [network.base_url + key for key in _heads(made.catalogue) if key in changed]
        # A rehearsal is nobody's business but this machine's.
        if network.websub and feeds and (not self.settings.demo or is_loopback(network.websub)):
            report.hub = tell_hub(network.websub, feeds)

    def _diffs(self, changed: Sequence[Changed], catalogue: Catalogue) -> list[FeedDiff]:
        """Say what listeners would find in each document that is to be sent."""
        base = self.workspace.network.base_url
        told = self.catalogue((), WorkshopPictures(self.workshop))
        feeds = documents_of(told.channels, base), documents_of(catalogue.channels, base)
        return [
            diff_feed(one.document.key, one.there, one.document.data, *feeds) for one in changed
        ]


def _is_asked(item: BuiltEdition, order: Order | None) -> bool:
    return order is None or item.edition.key in order.editions


def _events(catalogue: Catalogue, news: Sequence[News]) -> list[Event]:
    return [
        # A feed's guid is that of its first address, and stays when the address changes.
        *((FEED, feed.plain()) for feed in catalogue.new_feeds),
        *((TAKES, line.plain()) for line in catalogue.new_takes),
        *(ledger_line(one) for one in news),
    ]


def _heads(catalogue: Catalogue) -> list[Key]:
    """Give the key of each feed's own document, in both formats."""
    base = catalogue.network.base_url
    publisher = [catalogue.publisher] if catalogue.publisher else []
    urls = [channel.feed_url for channel in (*catalogue.channels, *publisher)]
    return [Key(one.removeprefix(base)) for url in urls for one in (url, json_url(url))]


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
