"""Carrying out an order: build what is needed of it, speak the notices, and publish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from production.building import BuiltEdition, Workshop
from production.catalogue.air_ready import feed_profiles
from production.facts.card import find_fact
from production.facts.values import value_digest
from production.ledger.ledger import LEDGER_FILE
from production.notices.notices import NoticeWanted, SpokenNotice, spoken_notices
from production.publish.checks import read_again, refuse_planned
from production.publish.publishing import PublishReport, publish
from production.releases.history import ReleaseHistory, live
from production.releases.orders import Action, Order, find_editions, speaking
from production.releases.withdrawing import Announce
from production.runner import Progress
from production.selection import LeftOut
from production.steps import Plan
from production.targets.claims import Publisher
from production.targets.sending import Sending
from programme.digests import Plain
from programme.editions import EditionKey
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import LanguageTag
from scripts.workspace import Workspace

BUILDS = frozenset({Action.FIX_TEXT, Action.REPLACE, Action.CORRECT})
"""Actions that put something out that has to be made first."""


@dataclass(slots=True, kw_only=True)
class OrderReport:
    """What an order did, or would do."""

    action: Action
    published: PublishReport
    same: list[EditionKey] = field(default_factory=list)
    """Named, and nothing of them had to change."""
    missing: list[EditionKey] = field(default_factory=list)
    """Named, and not carried out, because they cannot be made today: listeners still have what
    is out."""
    left_out: list[LeftOut] = field(default_factory=list)
    """Why not."""
    unspoken: list[ProductionError] = field(default_factory=list)
    """Why notices could not be made, where that must not hold up a retraction."""
    packs: list[str] = field(default_factory=list)
    """Stations whose packs hold what changed."""

    @property
    def is_done(self) -> bool:
        """Whether everything that was named was carried out."""
        return not self.missing

    def next_steps(self) -> list[str]:
        """Give the commands to run after it."""
        steps = [f"altavoz release retract {'/'.join(edition)}" for edition in self.missing]
        if self.packs:
            steps.append(f"altavoz pack {' '.join(self.packs)}")
        return steps

    def plain(self) -> dict[str, Plain]:
        """Give what is told besides the publication, for --json."""
        return {
            "action": self.action.value,
            "same": ["/".join(edition) for edition in self.same],
            "missing": ["/".join(edition) for edition in self.missing],
            "next": list(self.next_steps()),
        }


def announcer(
    workshop: Workshop, workspace: Workspace, *, jobs: int, progress: Progress
) -> Announce:
    """Give what speaks notices in this workspace."""
    return partial(spoken_notices, workshop, workspace, jobs=jobs, progress=progress)


def named_editions(
    workspace: Workspace,
    history: ReleaseHistory,
    action: Action,
    names: Sequence[str],
    fact: str,
    *,
    today: date,
) -> tuple[EditionKey, ...]:
    """Give the editions that an order is for.

    Args:
        workspace: as read; a fact's value is compared with what was spoken.
        history: of the target.
        action: what is ordered.
        names: ``series/episode`` or ``series/episode/language``.
        fact: id of a fact or contact: everything live that speaks another value of it, or of
            which nobody knows which value; empty for none.
        today: for ``expire`` without names: what is past its day.

    Raises:
        ProductionError: code USAGE; nothing is named, or nothing has such a name.
    """
    found = dict.fromkeys(find_editions(history, names))
    if fact:
        found |= dict.fromkeys(_speaking_otherwise(workspace, history, action, fact))
    elif action is Action.EXPIRE and not names:
        past = (one.release for one in live(history) if one.release.expires < today)
        found |= dict.fromkeys(release.edition for release in past)
    elif not names:
        raise ProductionError(
            "no episode is named",
            where=f"altavoz release {action.value}",
            remedy="write SERIES/EPISODE, SERIES/EPISODE/LANGUAGE, or --fact ID",
            code=ExitCode.USAGE,
        )
    return tuple(found)


def _speaking_otherwise(
    workspace: Workspace, history: ReleaseHistory, action: Action, name: str
) -> list[EditionKey]:
    if action is not Action.CORRECT:
        return [one.release.edition for one in speaking(history, name)]
    thing = find_fact(workspace, name)
    found = []
    for standing in speaking(history, name):
        release = standing.release
        known = (release.fact_values or {}).get(name)
        if known != value_digest(thing, release.language):
            found.append(release.edition)
    return found


def refuse_partly_read(workspace: Workspace, history: ReleaseHistory) -> None:
    """Refuse where feeds would lose what cannot be read, for orders that need no sound workspace.

    Raises:
        ProductionError: code FINDINGS; a series that was published has errors, or is gone.
    """
    lost = sorted({series for series, _, _ in history.editions} - set(workspace.series))
    if lost:
        raise ProductionError(
            f"series that were published cannot be read: {', '.join(lost)}",
            where="series/",
            remedy="put their files right, or take them back from git; see: altavoz check",
            code=ExitCode.FINDINGS,
        )


def carry_out(
    workshop: Workshop,
    workspace: Workspace,
    settings: TargetSettings,
    order: Order,
    *,
    jobs: int,
    progress: Progress,
    now: datetime,
    today: date,
    dry_run: bool,
    publisher: Publisher,
    sending: Sending | None = None,
    take_over: bool = False,
) -> OrderReport:
    """Build what an order needs, and publish it.

    An order for nothing still brings feeds to what the ledger says: what an interrupted run had
    written there is finished.

    Raises:
        ProductionError: as of a build and of a publish.
    """
    built: Sequence[BuiltEdition] = ()
    left_out: Sequence[LeftOut] = ()
    if order.action in BUILDS and order.editions:
        made = _build(workshop, workspace, settings, order, jobs=jobs, progress=progress, day=today)
        workspace, built, left_out = made
    announce = announcer(workshop, workspace, jobs=jobs, progress=progress)
    unspoken: list[ProductionError] = []
    report = publish(
        workshop,
        workspace,
        built,
        settings,
        publisher=publisher,
        now=now,
        today=today,
        dry_run=dry_run,
        order=order,
        announce=announce if order.action in BUILDS else _unhindered(announce, unspoken),
        sending=sending,
        take_over=take_over,
    )
    changed = {
        *(release.edition for _, release in report.changes),
        *(withdrawal.edition for withdrawal in report.withdrawn),
    }
    found = {item.edition.key for item in built}
    missing = [e for e in order.editions if order.action in BUILDS and e not in found]
    return OrderReport(
        action=order.action,
        published=report,
        same=[e for e in order.editions if e not in changed and e not in missing],
        missing=missing,
        left_out=[
            one for one in left_out if (one.series, one.episode, one.language) in set(missing)
        ],
        unspoken=unspoken,
        packs=_packs(workspace, changed),
    )


def _unhindered(announce: Announce, unspoken: list[ProductionError]) -> Announce:
    """Let a retraction go out in silence where a voice fails: it cannot wait for a program.

    The next publish speaks what is silent.
    """

    def speak(wanted: Sequence[NoticeWanted]) -> Mapping[NoticeWanted, SpokenNotice | None]:
        try:
            return announce(wanted)
        except ProductionError as error:
            unspoken.append(error)
            return {}

    return speak


def _build(
    workshop: Workshop,
    workspace: Workspace,
    settings: TargetSettings,
    order: Order,
    *,
    jobs: int,
    progress: Progress,
    day: date,
) -> tuple[Workspace, Sequence[BuiltEdition], Sequence[LeftOut]]:
    known = {(episode.series, episode.id) for episode in workspace.episodes}
    only = frozenset(episode for series, episode, _ in order.editions if (series, episode) in known)
    if not only:
        return workspace, (), ()
    whole = workshop.plan(workspace, today=day, only=only)
    plan = only_ordered(workspace, whole, order)
    refuse_planned(workspace, plan, settings, today=day, order=order)
    report = workshop.build(
        workspace, plan, jobs=jobs, progress=progress, partial=True, verify=True
    )
    if report.failures:
        raise report.failures[0]
    if report.run.total:
        workspace = read_again(workshop, workspace, whole, today=day, only=only)
    return workspace, report.editions, whole.left_out


def only_ordered(workspace: Workspace, plan: Plan, order: Order) -> Plan:
    """Give the steps of what feeds carry and an order names; packs are made later."""
    wanted = set(order.editions)
    return replace(
        plan,
        editions=tuple(
            step
            for step in plan.editions
            if (step.chosen.series.id, step.chosen.episode.id, step.chosen.language) in wanted
            and step.profile.id in feed_profiles(workspace.series[step.chosen.series.id])
            and not step.station
        ),
    )


def _packs(workspace: Workspace, changed: set[EditionKey]) -> list[str]:
    pairs = {(series, tag) for series, _, tag in changed}
    return [
        station.id
        for station in workspace.stations.values()
        if station.takes_packs
        and any(series in station.series and tag in station.languages for series, tag in pairs)
    ]


def finish_lines(report: PublishReport, languages: Sequence[LanguageTag]) -> list[str]:
    """Say in which languages nobody could speak a notice, and what to do."""
    silent = {one.language for one in report.silent}
    return [
        f"{tag}: withdrawn without a spoken notice, because nobody speaks the language here; "
        f"record one: altavoz takes kit --lang {tag} --notices; then publish again. "
        f"{LEDGER_FILE} keeps it"
        for tag in languages
        if tag in silent
    ]
