"""The spoken notices of a pack: for each message that earlier packs held, said before all else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from production.building import Workshop
from production.ledger import Event, Ledger
from production.notices import NoticeWanted, Unspoken, spoken_notices, unspoken_notices
from production.pack_recall import Recalled
from production.runner import Progress
from programme.stations import Station
from scripts.tree import PRIVATE
from scripts.workspace import Workspace
from stations.pack_naming import station_needs
from stations.pack_plan import PackEdition, pick_rendition

PACKED = "packed"
"""Event of the ledger: a pack was made for a station."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackNotices:
    """What a pack says of messages that earlier ones held."""

    editions: tuple[PackEdition, ...]
    unspoken: tuple[Unspoken, ...]
    """Those that stand in its papers alone, because nobody can say them yet."""


def earlier_packs(root: Path, ledger: Ledger, peers: Sequence[str], pack_id: str) -> list[Event]:
    """Give the ``pack`` lines of every pack that a station was given, under whatever name.

    Private stations that take the same share one pack, and so one history: its bytes must not
    depend on which of them it is made for.
    """
    noted = [*ledger.events(PACKED), *Ledger(root / PRIVATE).events(PACKED)]
    given = {
        (event.facts["pack"], event.facts["serial"])
        for event in noted
        if event.facts["station"] in set(peers)
    }
    return [
        event
        for event in ledger.events("pack")
        if event.facts["pack"] == pack_id or (event.facts["pack"], event.facts["serial"]) in given
    ]


def peers_of(workspace: Workspace, station: Station) -> tuple[str, ...]:
    """Give the ids of the stations that share a pack with one: itself, and its like if private."""
    if station.publish_identity:
        return (station.id,)
    return tuple(
        other.id
        for other in workspace.stations.values()
        if other.takes_packs and not other.publish_identity and _needs(other) == _needs(station)
    )


def _needs(station: Station) -> tuple[object, ...]:
    own = tuple((one.replaces, one.value) for one in station.overrides)
    return station_needs(station), own


def make_pack_notices(
    workshop: Workshop,
    workspace: Workspace,
    station: Station,
    recalled: Sequence[Recalled],
    *,
    jobs: int,
    progress: Progress,
) -> PackNotices:
    """Speak of what was taken back or put right, mastered as the station takes it.

    Raises:
        ProductionError: a voice, the disk or the sound refuses.
    """
    wanted = [_wanted(workspace, station, one) for one in recalled if one.aloud]
    spoken = spoken_notices(workshop, workspace, wanted, jobs=jobs, progress=progress)

    def editions() -> Iterator[PackEdition]:
        for one in wanted:
            notice = spoken[one]
            if notice is not None:
                edition = notice.built.edition
                rendition = pick_rendition(edition.renditions, station.format)
                yield PackEdition(
                    edition=edition,
                    rendition=rendition,
                    audio=notice.built.objects[rendition.id],
                    segment_titles=dict.fromkeys(edition.segments, edition.title),
                    notice=one.kind,
                )

    silent = [one for one in wanted if spoken[one] is None]
    return PackNotices(editions=tuple(editions()), unspoken=unspoken_notices(workspace, silent))


def _wanted(workspace: Workspace, station: Station, one: Recalled) -> NoticeWanted:
    recall = one.recall
    series = workspace.series.get(recall.series)
    return NoticeWanted(
        kind=recall.kind,
        language=recall.language,
        series=recall.series,
        series_title=series.title.get(recall.language, "") if series else "",
        episode=recall.episode,
        title=recall.title,
        number=one.number,
        dated=one.dated,
        profile=station.profile,
        format=station.format,
    )
