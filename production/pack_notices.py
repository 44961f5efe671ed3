"""The spoken notices of a pack: for each message that earlier packs held, said before all else."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from production.building import Workshop
from production.ledger import Event, Ledger
from production.notices import NoticeWanted, Unspoken, spoken_notices, unspoken_notices
from production.pack_recall import Recalled
from production.runner import Progress
from programme.digests import canonical_json
from programme.editions import EditionKey
from programme.facts import Contact, Fact
from programme.notices import NoticeKind
from programme.stations import Station, StationKind
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


Given = Mapping[str, Collection[tuple[str, int]]]
"""Name and serial of every pack that each station was given, by the station's id."""


def packs_given(root: Path, ledger: Ledger) -> Given:
    """Read who was given what, once for all stations."""
    given: dict[str, set[tuple[str, int]]] = {}
    for notes in (ledger, Ledger(root / PRIVATE)):
        for event in notes.events(PACKED):
            pack = (str(event.facts["pack"]), int(event.facts["serial"]))
            given.setdefault(str(event.facts["station"]), set()).add(pack)
    return given


def earlier_packs(given: Given, ledger: Ledger, peers: Sequence[str], pack_id: str) -> list[Event]:
    """Give the ``pack`` lines of every pack that a station was given, under whatever name.

    Private stations that take the same share one pack, and so one history: its bytes must not
    depend on which of them it is made for.

    Args:
        given: as it was before any pack of this run was made.
        ledger: of the workspace.
        peers: ids of the stations that share the pack.
        pack_id: its name; all of its own serials count, whoever was given them.
    """
    had = {pack for station in peers for pack in given.get(station, ())}
    # By name, and not all of them: five hundred stations look through the lines of all the others.
    found = [
        event
        for name in {pack_id, *(pack for pack, _ in had)}
        for event in ledger.events("pack", pack=name)
        if name == pack_id or (name, event.facts["serial"]) in had
    ]
    return sorted(found, key=lambda event: event.line)


class Peers:
    """Which stations share a pack: private ones that take the same."""

    def __init__(self, workspace: Workspace) -> None:
        """Look at every station once."""
        self._alike: dict[str, list[Station]] = {}
        for station in workspace.stations.values():
            if station.takes_packs and not station.publish_identity:
                self._alike.setdefault(_needs(station), []).append(station)

    def of(self, station: Station) -> tuple[str, ...]:
        """Give the ids of the stations that share one's pack, itself among them."""
        if station.publish_identity:
            return (station.id,)
        own = _own(station)
        return tuple(one.id for one in self._alike[_needs(station)] if _own(one) == own)


def _needs(station: Station) -> str:
    return canonical_json(station_needs(station))


def _own(station: Station) -> tuple[tuple[str, Fact | Contact], ...]:
    return tuple((one.replaces, one.value) for one in station.overrides)


def make_pack_notices(
    workshop: Workshop,
    workspace: Workspace,
    station: Station,
    recalled: Sequence[Recalled],
    *,
    present: Collection[EditionKey],
    jobs: int,
    progress: Progress,
) -> PackNotices:
    """Speak of what was taken back or put right, mastered as the station takes it.

    Args:
        workshop: of the workspace, open.
        workspace: as read.
        station: who gets the pack.
        recalled: what earlier packs held.
        present: the editions that the pack holds.
        jobs: how many worker processes; 1 works in this one.
        progress: is told of each step.

    Raises:
        ProductionError: a voice, the disk or the sound refuses.
    """
    wanted = [_wanted(workspace, station, one, present) for one in recalled if one.aloud]
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


def _wanted(
    workspace: Workspace, station: Station, one: Recalled, present: Collection[EditionKey]
) -> NoticeWanted:
    recall = one.recall
    series = workspace.series.get(recall.series)
    # That the corrected message comes next is said only where it does.
    follows = (recall.series, recall.episode, recall.language) in present
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
        aloud=station.kind is not StationKind.RADIO
        and (follows or recall.kind is not NoticeKind.CORRECTED),
    )
