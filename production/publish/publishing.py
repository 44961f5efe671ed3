"""Publishing: media first and read back, then the ledger, then pages, then feeds, then cleaning.

Whoever reads the feeds at any moment finds every object that they name. Interrupted anywhere,
the next publish goes on: unchanged objects are not sent again. One publisher at a time: a claim in
the head of the target holds off everybody else.

The ledger is the memory of a target. A target that tells of more than the ledger stops the
publish; where both were lost, revisions and keys are found again as long as nothing was corrected,
because they come from the content alone.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from production.building import BuiltEdition, Workshop
from production.catalogue.air_ready import with_air_ready
from production.consent_notes import note_releases
from production.ledger.ledger import Ledger
from production.publish.checks import (
    has_feed,
    ran_out,
    read_again,
    refuse_planned,
    refuse_what_goes,
)
from production.publish.refusals import judging_moment
from production.publish.run import PublishRun
from production.publish.sending import PublishReport
from production.publish.unfit import spoken_by
from production.releases.history import history_of, read_lines
from production.releases.orders import Order
from production.releases.releasing import Planned, plan_releases
from production.releases.withdrawing import Announce, Withdrawn, plan_withdrawals
from production.targets import open_target
from production.targets.claims import (
    Publisher,
)
from production.targets.sending import Sending
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import LanguageTag
from scripts.workspace import Workspace

__all__ = [
    "PublishReport",
    "choose_target",
    "publish",
    "read_again",
    "refuse_planned",
]


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
        remedy=f"known: {known}; add one with: altavoz targets add {name or 'public'}",
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
    ledger = Ledger(workshop.root)
    lines = read_lines(ledger, settings.name)
    before = history_of(lines)
    own = [item for item in built if has_feed(workspace, item) and _is_asked(item, order)]
    asked = with_air_ready(workspace, own, built)
    spoken = spoken_by(one.edition for one in asked)
    stale = refuse_what_goes(workspace, spoken, before, settings, day, order=order)
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
        run = PublishRun(
            workshop=workshop,
            workspace=workspace,
            settings=settings,
            target=target,
            publisher=publisher,
            sending=sending,
            ledger=ledger,
            lines=lines,
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
        made = run.plan_alone(place, planned, gone, report)
        if dry_run:
            return run.promise(made, report)
        sent = [(release.guid, item.edition.segments) for item, release in planned.releases]
        note_releases(workspace, settings.name, sent)
        return run.carry_out(made, report)
    finally:
        target.close()


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
