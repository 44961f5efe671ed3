"""What may not go into a pack that is handed out: all that may not be published."""

from collections.abc import Iterable
from datetime import date

from production.consent_reach import refuse_withheld
from production.doors import pack_door
from production.reviewing import refuse_unreviewed
from production.unfit import Spoken, refuse_unfit
from programme.stations import Station
from scripts.workspace import Workspace
from stations.pack_plan import PackEdition


def refuse_pack(
    workspace: Workspace,
    station: Station,
    editions: Iterable[PackEdition],
    *,
    rehearsal: bool,
    today: date,
) -> None:
    """Stop where a pack would hold what a publish refuses; a stick cannot be called back.

    A rehearsal may hold demo facts and texts without their reviews, but nothing past its date.

    Args:
        workspace: as read.
        station: who would get it.
        editions: what it would play, without its notices.
        rehearsal: whether it says of itself that it is an example.
        today: the operator's own day.

    Raises:
        ProductionError: code EXPIRED or FINDINGS; names everything that is unfit.
    """
    spoken = [
        Spoken(
            series=one.edition.series,
            episode=one.edition.episode,
            language=one.edition.language,
            segments=one.edition.segments,
            facts=one.edition.facts,
        )
        for one in editions
    ]
    door = pack_door(station, demo=rehearsal)
    refuse_unfit(workspace, spoken, door, today)
    refuse_withheld(workspace, spoken, door, today)
    refuse_unreviewed(workspace, spoken, door)
