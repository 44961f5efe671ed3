"""The spoken notices of a pack: for each message that earlier packs held, said before all else."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from production.building import Workshop
from production.notices.notices import NoticeWanted, Unspoken, spoken_notices, unspoken_notices
from production.packs.recall import Recalled
from production.runner import Progress
from programme.editions import EditionKey
from programme.notices import NoticeKind
from programme.stations import Station, StationKind
from scripts.workspace import Workspace
from stations.pack_plan import PackEdition, pick_rendition


@dataclass(frozen=True, slots=True, kw_only=True)
class PackNotices:
    """What a pack says of messages that earlier ones held."""

    editions: tuple[PackEdition, ...]
    unspoken: tuple[Unspoken, ...]
    """Those that stand in its papers alone, because nobody can say them yet."""


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
