"""What may not go into a station's folder: all that may not be published."""

from collections.abc import Iterable
from datetime import date

from production.consent_reach import refuse_withheld
from production.doors import Door
from production.reviewing import refuse_unreviewed
from production.unfit import Spoken, refuse_unfit
from programme.editions import Edition
from programme.stations import Station
from scripts.workspace import Workspace


def delivery_door(station: Station, *, demo: bool) -> Door:
    """Give the door to a station that is served by a folder."""
    return Door(
        where=f"folder of {station.id}",
        demo=demo,
        rehearse="--rehearsal delivers files whose README says that they are an example",
        again="deliver again",
        alone="is taken out of the rundowns",
        own={one.told: one.value for one in station.overrides if not one.instead},
    )


def refuse_delivery(
    workspace: Workspace,
    station: Station,
    editions: Iterable[Edition],
    *,
    rehearsal: bool,
    today: date,
) -> None:
    """Stop where a station would air what a publish refuses.

    Args:
        workspace: as read.
        station: who would air it.
        editions: what it would air.
        rehearsal: whether it says of itself that it is an example.
        today: the operator's own day.

    Raises:
        ProductionError: code EXPIRED or FINDINGS; names everything that is unfit.
    """
    spoken = [
        Spoken(
            series=one.series,
            episode=one.episode,
            language=one.language,
            segments=one.segments,
            facts=one.facts,
        )
        for one in editions
    ]
    door = delivery_door(station, demo=rehearsal)
    refuse_unfit(workspace, spoken, door, today)
    refuse_withheld(workspace, spoken, door, today)
    refuse_unreviewed(workspace, spoken, door)
