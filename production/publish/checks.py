"""What is looked at before anything goes out: what is unfit, and what changed since the build."""

from collections.abc import Collection, Sequence
from datetime import date

from production.building import BuiltEdition, Workshop
from production.consent_reach import refuse_withheld
from production.ledger.ledger import LEDGER_FILE, Ledger
from production.publish.doors import target_door
from production.publish.refusals import stale_releases
from production.publish.unfit import Spoken, planned_editions, published_editions, refuse_unfit
from production.releases.history import ReleaseHistory, live, read_history
from production.releases.orders import Action, Order
from production.releases.values import Release
from production.reviewing import refuse_unreviewed
from production.steps import Plan
from programme.editions import EditionKey
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.series import SeriesKind
from scripts.workspace import Workspace, read_workspace


def refuse_planned(
    workspace: Workspace,
    plan: Plan,
    settings: TargetSettings,
    *,
    today: date,
    order: Order | None = None,
) -> None:
    """Refuse, before an hour is spent on building it, what may not go to the target.

    Raises:
        ProductionError: code EXPIRED; names everything that is unfit.
    """
    editions = [
        one
        for one in planned_editions(workspace, plan.editions)
        if workspace.series[one.series].kind is not SeriesKind.LOOP
        and (order is None or (one.series, one.episode, one.language) in order.editions)
    ]
    history = read_history(Ledger(workspace.root), settings.name)
    refuse_what_goes(workspace, editions, history, settings, today, order=order)


def refuse_what_goes(
    workspace: Workspace,
    editions: Sequence[Spoken],
    history: ReleaseHistory,
    settings: TargetSettings,
    day: date,
    *,
    order: Order | None,
) -> list[Release]:
    """Give what stays at the target as it is, once nothing that goes or stays is unfit.

    An order is for some editions, and cannot wait until all others are in order: of those that
    stay, nothing stops it.

    Raises:
        ProductionError: something is past its date, withheld or not reviewed, or two branches
            put different messages out under one guid.
    """
    refuse_disputed(history, order)
    made = {(one.series, one.episode, one.language) for one in editions}
    stale = stale_releases(history, made, day)
    stays = published_editions(workspace, stale) if order is None else []
    door = target_door(settings)
    refuse_unfit(workspace, [*editions, *stays], door, day)
    refuse_withheld(workspace, [*editions, *stays], door, day)
    refuse_unreviewed(workspace, editions, door)
    return stale


def refuse_disputed(history: ReleaseHistory, order: Order | None) -> None:
    """Let nobody go on where two messages share a guid; what withdraws them both is let through.

    Nor stops it an order for other editions: a retraction must not wait for it.

    Raises:
        ProductionError: code INPUT; names the editions and the command that settles them.
    """
    found = {"/".join(one[0].edition): one[0] for one in history.disputed.values()}
    if order is not None:
        named = {"/".join(edition) for edition in order.editions}
        ends = order.action not in {Action.FIX_TEXT, Action.REPLACE}
        found = {name: one for name, one in found.items() if name in named and not ends}
    if found:
        raise ProductionError(
            "two branches that were merged put different messages out under one number: "
            + ", ".join(f"{name} (revision {one.revision})" for name, one in found.items()),
            where=LEDGER_FILE,
            remedy="who has the one is never given the other: listen to what it says now, then "
            f"altavoz release correct {' '.join(found)}; it takes the place of both",
            code=ExitCode.INPUT,
        )


def ran_out(history: ReleaseHistory, made: Collection[EditionKey], day: date) -> list[Release]:
    """Give what ran out since something was published last, and is not made anew.

    It told its last day itself, and leaves its feeds on it. Those who have the sound are told only
    where an operator says so: a feed of daily messages would else begin with three months of what
    is over, and nobody would find a correction among it.

    Args:
        history: before the publish.
        made: editions that are finished today.
        day: the operator's own.
    """
    last = history.newest_change()
    if last is None:
        return []
    return [
        one.release
        for one in live(history)
        if last.date() <= one.release.expires < day and one.release.edition not in made
    ]


def has_feed(workspace: Workspace, item: BuiltEdition) -> bool:
    """Tell whether an edition goes into feeds: not loops, stations' own, other profiles."""
    series = workspace.series[item.edition.series]
    return (
        series.kind is not SeriesKind.LOOP
        and item.edition.profile == series.profile
        and not item.station
    )


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
