"""One publish to one target: look, plan without touching anything, and carry the plan out."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from feeds.documents import json_url
from production.building import Workshop
from production.catalogue.art import WorkshopPictures
from production.catalogue.catalogue import FEED, Catalogue, build_catalogue
from production.catalogue.document_notes import NOTES_SUFFIX, DocumentNotes
from production.catalogue.site import site_pages
from production.catalogue.site_sending import plan_pages
from production.catalogue.station_takes import TAKES
from production.ledger.ledger import Ledger
from production.ledger.parts import REMOVED, open_stations
from production.publish.deeds import Doing
from production.publish.documents import Changed, changed_documents
from production.publish.listing import Listing, head_deed, kept_head
from production.publish.media import MediaPlanner
from production.publish.plan import (
    Event,
    PublishPlan,
    plan_ledger,
    refuse_foreign,
    refuse_unknown,
)
from production.publish.reasons import NOT_PUBLIC, WITHDRAWN, Reasons
from production.publish.refusals import KnownGuids
from production.publish.sending import Carrier, PublishReport, doomed_keys
from production.publish.words import PageWords
from production.releases.diff import FeedDiff, diff_feed, documents_of
from production.releases.history import ReleaseHistory, TargetLines, history_of
from production.releases.media import Sources, edition_sources
from production.releases.orders import Action, Order
from production.releases.releasing import Planned
from production.releases.values import News, ledger_line
from production.releases.withdrawing import Withdrawn
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
from programme.errors import ProductionError
from programme.network import TargetSettings
from programme.units import Key
from scripts.workspace import Workspace

_ENDING = frozenset({Action.RETRACT, Action.EXPIRE})
"""What puts nothing new out: it waits for nothing, and feeds, which programs read, come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishMade:
    """A plan, and what it was made of."""

    place: Place
    standing: Standing
    notes: DocumentNotes
    catalogue: Catalogue
    plan: PublishPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishRun:
    """What stays the same for the length of one publish."""

    workshop: Workshop
    workspace: Workspace
    settings: TargetSettings
    target: Target
    publisher: Publisher
    sending: Sending
    ledger: Ledger
    """As it was when the run began; looked at again before anything is written into it."""
    lines: TargetLines
    """What the ledger says of the target."""
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
        """Give the history of the target, with what is about to be told."""
        return history_of(self.lines.ahead(news))

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
        refuse_unknown(self.ledger, place, self.target, open_stations(self.workspace))
        return place, taken_over

    def catalogue(self, history: ReleaseHistory, pictures: WorkshopPictures) -> Catalogue:
        """Give every feed of a history."""
        return build_catalogue(
            self.workspace,
            self.ledger,
            (),
            target=self.settings.name,
            now=self.moment,
            today=self.day,
            pictures=pictures,
            history=history,
        )

    def plan(
        self, place: Place, planned: Planned, gone: Withdrawn, report: PublishReport
    ) -> PublishMade:
        """Look at what stands there, and say what is to be done; sends nothing."""
        ledger = self.ledger
        news: list[News] = [*planned.news, *gone.withdrawals, *gone.notices]
        pictures = WorkshopPictures(self.workshop)
        lines = self.lines.ahead(news)
        after = history_of(lines)
        catalogue = self.catalogue(after, pictures)
        report.feeds = [channel.feed_url for channel in catalogue.channels]
        report.undrawn = pictures.undrawn
        folder = self.workshop.folder / NOTES_FOLDER
        standing = Standing(self.target, folder / f"{self.settings.name}.json")
        notes = DocumentNotes(folder / f"{self.settings.name}{NOTES_SUFFIX}")
        sources = _sources(planned, gone, pictures)
        reasons = Reasons(news, self.before)
        known = KnownGuids(self.lines, news)
        documents, kept = changed_documents(
            self.target,
            standing,
            catalogue,
            known,
            notes,
            now=self.moment,
            is_first=not place.before.serial,
        )
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
        doomed = doomed_keys(ledger, lines, after, self.day)
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
        return PublishMade(
            place=place, standing=standing, notes=notes, catalogue=catalogue, plan=plan
        )

    def plan_alone(
        self, place: Place, planned: Planned, gone: Withdrawn, report: PublishReport
    ) -> PublishMade:
        """Plan; where that fails because somebody published meanwhile, say who it was.

        Raises:
            ProductionError: as ``plan`` and ``look``.
        """
        try:
            return self.plan(place, planned, gone, report)
        except ProductionError:
            if look_at_place(self.target, self.workspace.network.id).data != place.data:
                self.look(take_over=False)
            raise

    def promise(self, made: PublishMade, report: PublishReport) -> PublishReport:
        """Say what a run would do."""
        plan = made.plan
        report.deeds = plan.deeds
        report.sent = [deed.key for deed in plan.deeds.of(Doing.SEND, Doing.REPLACE)]
        report.removed = [deed.key for deed in plan.deeds.of(Doing.REMOVE)]
        report.kept = len(plan.deeds.of(Doing.KEEP))
        report.diffs = tuple(self._diffs(plan.documents, made.catalogue))
        return report

    def carry_out(self, made: PublishMade, report: PublishReport) -> PublishReport:
        """Do what was planned."""
        plan, place = made.plan, made.place
        report.deeds = plan.deeds
        report.kept = len(plan.deeds.of(Doing.KEEP))
        report.serial = place.before.serial
        if plan.is_empty:  # also without the head, which gives back a claim of ours
            made.standing.save()
            made.notes.save()
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
            made.notes.save()
        self._tell_hub(made, report)
        return report

    def _send(self, made: PublishMade, report: PublishReport) -> None:
        plan = made.plan
        hold = Hold(self.target, made.place, self.publisher, self.now)
        carrier = Carrier(self.target, made.standing, hold, self.sending, report)
        carrier.media(plan.media)
        ledger = self.ledger.fresh()
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

    def _tell_hub(self, made: PublishMade, report: PublishReport) -> None:
        network = self.workspace.network
        changed = {one.document.key for one in made.plan.documents}
        feeds = [network.base_url + key for key in _heads(made.catalogue) if key in changed]
        # A rehearsal is nobody's business but this machine's.
        if network.websub and feeds and (not self.settings.demo or is_loopback(network.websub)):
            from production.targets.websub import tell_hub  # where there is one: it loads http

            report.hub = tell_hub(network.websub, feeds)

    def _diffs(self, changed: Sequence[Changed], catalogue: Catalogue) -> list[FeedDiff]:
        """Say what listeners would find in each document that is to be sent."""
        base = self.workspace.network.base_url
        told = self.catalogue(self.before, WorkshopPictures(self.workshop))
        feeds = documents_of(told.channels, base), documents_of(catalogue.channels, base)
        return [
            diff_feed(one.document.key, one.there, one.document.data, *feeds) for one in changed
        ]


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
