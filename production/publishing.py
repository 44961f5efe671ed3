"""Publishing: media first and read back, then pages, then the ledger, then feeds, then cleaning.

Whoever reads the feeds at any moment finds every object that they name. Interrupted anywhere,
the next publish goes on: unchanged objects are not sent again.

The ledger is the memory of a target. Where it was lost, revisions and keys are found again as
long as nothing was corrected, because they come from the content alone; a feed at the target
that tells of more than the ledger stops the publish.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from feeds.index_page import render_index
from feeds.validate import check_feed
from production.building import BuiltEdition, Workshop
from production.catalogue import (
    FEED_TYPE,
    Catalogue,
    FeedDocument,
    art_object,
    build_catalogue,
    feed_documents,
)
from production.consent_notes import note_releases
from production.consent_reach import refuse_withheld
from production.ledger import Ledger
from production.refusals import (
    History,
    compare_feeds,
    find_stale,
    judging_moment,
    stale_releases,
)
from production.release_history import releases_of
from production.release_values import Change, MediaObject, Release, ledger_line, read_release
from production.releasing import plan_releases
from production.reviewing import refuse_unreviewed
from production.steps import Plan
from production.targets import open_target
from production.targets.base import Target
from production.unfit import (
    Spoken,
    built_editions,
    planned_editions,
    published_editions,
    refuse_unfit,
)
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.series import SeriesKind
from programme.units import Key
from scripts.workspace import Workspace, read_workspace

INDEX_KEY = Key("index.html")


@dataclass(slots=True, kw_only=True)
class PublishReport:
    """What a publish did, or would do."""

    target: str
    place: str
    """Where it went, in words."""
    changes: list[tuple[Change, Release]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    """Keys whose bytes were sent, in order."""
    kept: int = 0
    """Objects that were there already."""
    removed: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    """Public addresses of all feeds."""
    stale: list[Release] = field(default_factory=list)
    """Published before, valid still, and not made now: they stay as they were."""
    dry_run: bool = False


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
) -> PublishReport:
    """Publish editions to one target, in an order that never shows anything half.

    Args:
        workshop: open, so that nobody else publishes from this workspace.
        workspace: as read, without errors.
        built: every finished edition; those of loops have no feed and are passed over.
        settings: of the target.
        now: aware, UTC, whole seconds.
        today: the operator's own day; None takes the day of ``now``.
        dry_run: say what would be done and touch nothing.

    Raises:
        ProductionError: an edition may not go there, a finished feed breaks its rules, the
            target refuses, or what stands there, or the clock, does not go with the ledger.
    """
    day = today or now.date()
    ledger = Ledger(workshop.root)
    ours = [item for item in built if _has_feed(workspace, item)]
    before = releases_of(ledger, settings.name)
    stale = _refuse_unfit(workspace, built_editions(ours), before, settings, day)
    moment = judging_moment(before, now)
    planned = plan_releases(
        ours, network=workspace.network, target=settings, ledger=ledger, now=now, today=day
    )
    target = open_target(settings, workshop.root)
    report = PublishReport(target=settings.name, place=target.describe(), dry_run=dry_run)
    news = [release for _, release in planned if not _is_known(before, release)]
    report.changes = [(release.change, release) for release in news]
    report.stale = stale
    sources = _sources(workshop, workspace, planned)
    catalogue = build_catalogue(
        workspace, ledger, news, target=settings.name, now=moment, today=day
    )
    feeds = _render(catalogue, moment)
    old = {key: target.read(key) for key in feeds}
    compare_feeds(target, old, ledger, news, settings.name)
    find_stale(target, report.stale, feeds)
    report.feeds = [channel.feed_url for channel in catalogue.channels]
    if dry_run:
        report.sent = [key for key in sources if target.size(key) is None]
        report.sent += [key for key, made in feeds.items() if old[key] != made.data]
        return report
    sent = [(release.guid, item.edition.segments) for item, release in planned]
    note_releases(workspace, settings.name, sent)
    _send_media(target, sources, report)
    _record(ledger, news, catalogue)
    for key, made in feeds.items():
        if old[key] == made.data:
            report.kept += 1
        else:
            _put(target, key, made.data, made.media_type, report)
    index = render_index(
        network_name=workspace.network.name,
        base_url=workspace.network.base_url,
        website=workspace.network.website,
        channels=catalogue.channels,
    )
    _put(target, INDEX_KEY, index, "text/html; charset=utf-8", report)
    _clean(target, ledger, settings.name, report)
    return report


def refuse_planned(
    workspace: Workspace, plan: Plan, settings: TargetSettings, *, today: date
) -> None:
    """Refuse, before an hour is spent on building it, what may not go to the target.

    Raises:
        ProductionError: code EXPIRED; names everything that is unfit.
    """
    before = releases_of(Ledger(workspace.root), settings.name)
    editions = [
        one
        for one in planned_editions(workspace, plan.editions)
        if workspace.series[one.series].kind is not SeriesKind.LOOP
    ]
    _refuse_unfit(workspace, editions, before, settings, today)


def read_again(
    workshop: Workshop,
    before: Workspace,
    plan: Plan,
    *,
    today: date,
    only: frozenset[str] = frozenset(),
) -> Workspace:
    """Read what may have changed in the hour of a build, such as a consent, before it goes out.

    Raises:
        ProductionError: words, facts, recordings or consents now ask for other editions.
    """
    workspace, findings = read_workspace(before.root, today=today)
    if workspace is None or findings.stops_build:
        raise ProductionError(
            "the workspace changed while Altavoz was building, and has errors now",
            where=str(before.root),
            remedy="see: altavoz check; then run the command again",
            code=ExitCode.FINDINGS,
        )
    old = {step.fingerprint: step.label for step in plan.editions}
    again = workshop.plan(workspace, today=today, only=only)
    new = {step.fingerprint: step.label for step in again.editions}
    changed = [label for key, label in (old | new).items() if (key in old) != (key in new)]
    if changed:
        raise ProductionError(
            f"the workspace changed while Altavoz was building: {changed[0]}",
            where=str(before.root),
            remedy="run the command again; what is finished is kept",
            code=ExitCode.INPUT,
        )
    return workspace


def _refuse_unfit(
    workspace: Workspace,
    editions: Sequence[Spoken],
    before: History,
    settings: TargetSettings,
    day: date,
) -> list[Release]:
    """Give what stays at the target as it is, once nothing that goes or stays is unfit."""
    made = {(one.series, one.episode, one.language) for one in editions}
    stale = stale_releases(before, made, day)
    spoken = [*editions, *published_editions(workspace, stale)]
    refuse_unfit(workspace, spoken, settings, day)
    refuse_withheld(workspace, spoken, settings, day)
    refuse_unreviewed(workspace, editions, settings)
    return stale


def _has_feed(workspace: Workspace, item: BuiltEdition) -> bool:
    series = workspace.series[item.edition.series]
    return (
        series.kind is not SeriesKind.LOOP
        and item.edition.profile == series.profile
        and not item.station
    )


def _is_known(before: History, release: Release) -> bool:
    """Tell whether the ledger's latest line of the edition says just this."""
    found = before.get((release.series, release.episode, release.language), ())
    return bool(found) and found[-1] == release


Sources = dict[Key, tuple[MediaObject, Path]]


def _sources(
    workshop: Workshop, workspace: Workspace, planned: Sequence[tuple[BuiltEdition, Release]]
) -> Sources:
    """Give every object that the editions need: sound first, then what goes beside it."""
    media: Sources = {}
    texts: Sources = {}
    for item, release in planned:
        for thing in release.media:
            group = media if thing.kbps else texts
            group[thing.key] = (thing, item.objects[thing.name])
    for series in workspace.series.values():
        art = art_object(workshop.root, series)
        if art is not None:
            texts[art.key] = (art, workshop.root / series.artwork)
    return {**media, **texts}


def _send_media(target: Target, sources: Sources, report: PublishReport) -> None:
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


def _render(catalogue: Catalogue, now: datetime) -> Mapping[Key, FeedDocument]:
    """Render every feed as it will be, and judge it by our own strict rules."""
    rendered = {}
    for document in feed_documents(catalogue):
        if document.media_type == FEED_TYPE:
            _judge(document, catalogue.network.base_url, now)
        rendered[document.key] = document
    return rendered


def _judge(document: FeedDocument, base_url: str, now: datetime) -> None:
    faults = check_feed(document.data, now=now)
    if faults:
        first = faults[0]
        raise ProductionError(
            f"the feed would break a rule: {first.problem}",
            where=base_url + document.key,
            remedy=first.remedy,
        )


def _record(ledger: Ledger, news: Sequence[Release], catalogue: Catalogue) -> None:
    # A feed's guid is that of its first address, and stays when the address changes.
    for feed in catalogue.new_feeds:
        ledger.append("feed", feed.plain())
    for release in news:
        ledger.append(*ledger_line(release))


def _put(target: Target, key: Key, data: bytes, media_type: str, report: PublishReport) -> None:
    if target.put(key, data, media_type=media_type):
        report.sent.append(key)
    else:
        report.kept += 1


def _clean(target: Target, ledger: Ledger, name: str, report: PublishReport) -> None:
    """Take away everything of corrected revisions, once no feed names it any more.

    Also what was replaced before it was corrected: its words are the same. The ledger notes what
    is gone, so that a publish that was stopped here is finished by the next, and later ones
    need not ask again.
    """
    latest = {edition: found[-1].revision for edition, found in releases_of(ledger, name).items()}
    live: set[Key] = set()
    dead: set[Key] = set()
    for event in ledger.events("released", target=name):
        release = read_release(event.facts)
        edition = (release.series, release.episode, release.language)
        keys = {thing.key for thing in release.media}
        if release.revision < latest[edition]:
            dead |= keys
        else:
            live |= keys
    gone = {key for event in ledger.events("removed", target=name) for key in event.facts["keys"]}
    doomed = sorted(dead - live - gone)
    report.removed = [key for key in doomed if target.remove(key)]
    if doomed:
        ledger.append("removed", {"target": name, "keys": list(doomed)})
