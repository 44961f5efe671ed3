"""What may not go into a station's folder: all that may not be published."""

from collections.abc import Iterable
from datetime import date

from production.consent_reach import refuse_withheld
from production.publish.doors import delivery_door
from production.publish.unfit import refuse_unfit, spoken_by
from production.reviewing import refuse_unreviewed
from programme.editions import Edition
from programme.stations import Station
from scripts.workspace import Workspace


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
    spoken = spoken_by(editions)
    door = delivery_door(station, demo=rehearsal)
    refuse_unfit(workspace, spoken, door, today)
    refuse_withheld(workspace, spoken, door, today)
    refuse_unreviewed(workspace, spoken, door)
