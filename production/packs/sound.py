"""All that is heard of a pack: its editions or the loops made of them, and until when it is valid.

In loops each language ends with that; everywhere else it is a short track, last in its folder.
"""

from dataclasses import dataclass

from production.announced import Remark
from production.building import Workshop
from production.packs.spoken_validity import speak_validity
from production.runner import Progress
from scripts.workspace import Workspace
from stations.pack_plan import PackEdition, PackRequest, pack_valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSound:
    """All the sound of a pack."""

    editions: tuple[PackEdition, ...]
    remarks: tuple[Remark, ...] = ()


def complete_sound(
    workshop: Workshop,
    workspace: Workspace,
    request: PackRequest,
    *,
    jobs: int,
    progress: Progress,
) -> PackSound:
    """Give everything that a pack plays.

    Args:
        workshop: of the workspace, open.
        workspace: as read, without errors.
        request: with the editions and notices that were chosen.
        jobs: how many worker processes; 1 works in this one.
        progress: is told of each step.

    Raises:
        ProductionError: there is nothing to pack, or something in it is past its date on the day
            of issue; a voice, the disk or the sound refuses.
    """
    valid_until = pack_valid_until(request)
    told = [one for one in request.editions if one.notice is None]
    if not any(one.last_day for one in told):
        # Of a pack that holds notices alone, the last day moves with the day of issue.
        return PackSound(editions=request.editions)
    loop = request.station.loop
    if loop is not None:
        from production.packs.loops import make_loops

        loops = make_loops(
            workshop, workspace, request, loop, valid_until, jobs=jobs, progress=progress
        )
        notices = tuple(one for one in request.editions if one.notice is not None)
        return PackSound(editions=(*notices, *loops.editions), remarks=loops.remarks)
    spoken = speak_validity(
        workshop,
        workspace,
        request.station,
        [one.edition for one in told],
        valid_until,
        jobs=jobs,
        progress=progress,
    )
    return PackSound(editions=(*request.editions, *spoken.editions), remarks=spoken.remarks)
