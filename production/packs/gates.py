"""What may not go into a pack that is handed out: all that may not be published."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial

from production.consent_reach import refuse_withheld
from production.publish.doors import pack_door
from production.publish.unfit import refuse_unfit, spoken_by
from production.reviewing import refuse_unreviewed
from programme.errors import ExitCode, ProductionError
from programme.stations import Station
from scripts.workspace import Workspace
from stations.pack_plan import PackEdition


def refuse_packs(
    workspace: Workspace,
    packs: Mapping[str, Iterable[PackEdition]],
    *,
    rehearsal: bool,
    today: date,
) -> None:
    """Stop where packs would hold what a publish refuses; a stick cannot be called back.

    All of them are looked at before any is made, so that nobody puts right one thing after the
    other. A rehearsal may hold demo facts and texts without their reviews, but nothing past its
    date.

    Args:
        workspace: as read.
        packs: what each would play, without its notices, by the id of its station.
        rehearsal: whether it says of itself that it is an example.
        today: the operator's own day.

    Raises:
        ProductionError: code EXPIRED or FINDINGS; names everything that is unfit.
    """
    refused: dict[tuple[str, str, ExitCode], list[str]] = {}
    for name, editions in packs.items():
        station = workspace.stations[name]
        for error in _refusals(workspace, station, editions, rehearsal=rehearsal, today=today):
            key = (error.problem, error.remedy, error.code)
            refused.setdefault(key, []).append(error.where)
    if not refused:
        return
    if len(refused) == 1:
        [((problem, remedy, code), places)] = refused.items()
        raise ProductionError(problem, where=", ".join(places), remedy=remedy, code=code)
    codes = {code for _, _, code in refused}
    raise ProductionError(
        "packs would hold what may not go out:"
        + "".join(f"\n{', '.join(places)}: {one}" for (one, _, _), places in refused.items()),
        where=f"packs for {len({place for places in refused.values() for place in places})} "
        "stations",
        remedy="; ".join(dict.fromkeys(remedy for _, remedy, _ in refused)),
        code=ExitCode.EXPIRED if ExitCode.EXPIRED in codes else ExitCode.FINDINGS,
    )


def _refusals(
    workspace: Workspace,
    station: Station,
    editions: Iterable[PackEdition],
    *,
    rehearsal: bool,
    today: date,
) -> list[ProductionError]:
    spoken = spoken_by(one.edition for one in editions)
    door = pack_door(station, demo=rehearsal)
    gates: tuple[Callable[[], None], ...] = (
        partial(refuse_unfit, workspace, spoken, door, today),
        partial(refuse_withheld, workspace, spoken, door, today),
        partial(refuse_unreviewed, workspace, spoken, door),
    )
    found = []
    for gate in gates:
        try:
            gate()
        except ProductionError as error:
            found.append(error)
    return found
