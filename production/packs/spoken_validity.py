"""Until when a pack may be played, said aloud in each of its languages.

Short tracks of their own: when the day changes, nothing else in the pack does. A language without
a voice has none, for nobody can record every day beforehand: its page and its papers say it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from production.announced import Remark, cast_script, station_profile, with_segments
from production.building import BuiltEdition, Workshop
from production.casting import NoVoice
from production.inputs import InputDigests
from production.notices.words import FILE, validity_script
from production.planner import plan_chosen
from production.runner import Progress
from production.selection import ChosenEdition, ChosenSlot
from programme.editions import Edition
from programme.languages import language
from programme.notices import VALIDITY
from programme.segments import Segment, SegmentKind
from programme.series import Episode
from programme.stations import Station
from programme.units import LanguageTag
from scripts.workspace import Workspace
from stations.pack_plan import PackEdition, pick_rendition


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenDays:
    """The tracks of a pack that say until when it may be played."""

    editions: tuple[PackEdition, ...]
    remarks: tuple[Remark, ...]
    """Languages in which nobody can say it."""


def validity_segment(day: date) -> Segment:
    """Give what a plan looks up of these words: no content of their own, and their last day."""
    return Segment(
        id=VALIDITY,
        kind=SegmentKind.DISCLAIMER,
        key_message="A pack may be played until a day, and not after it.",
        expires=day,
        file=FILE,
    )


def cast_validity(
    view: Workspace, tag: LanguageTag, day: date, *, brief: bool = False
) -> ChosenSlot | Remark:
    """Give the slot that says the day in a language, or why nobody can say it.

    Args:
        view: gives words and voices.
        tag: the language.
        day: the last good one.
        brief: leave out what to do after it, as loops do.
    """
    script = validity_script(view, tag, day, brief=brief)
    name = language(tag).english
    if script is None:
        return Remark(
            language=tag,
            problem=f"there are no words in {name} for until when a pack may be played",
            remedy="its page and its papers say it: show them",
        )
    cast = cast_script(view, script, recorded=None)
    if isinstance(cast, NoVoice):
        return Remark(
            language=tag,
            problem=f"nobody can say aloud until when the pack may be played: {cast.problem}",
            remedy="its page and its papers say it: show them",
        )
    return cast


def speak_validity(
    workshop: Workshop,
    workspace: Workspace,
    station: Station,
    editions: Sequence[Edition],
    day: date,
    *,
    jobs: int,
    progress: Progress,
) -> SpokenDays:
    """Make one track for each language of a pack, mastered as the station takes it.

    Args:
        workshop: of the workspace, open.
        workspace: as read, without errors.
        station: who is given the pack.
        editions: what it holds besides.
        day: the last one on which all of it may be played.
        jobs: how many worker processes; 1 works in this one.
        progress: is told of each step.

    Raises:
        ProductionError: a voice, the disk or the sound refuses.
    """
    view = with_segments(workspace, {VALIDITY: validity_segment(day)})
    profile = station_profile(station)
    chosen: list[ChosenEdition] = []
    remarks = []
    for tag in station.languages:
        first = next((one for one in editions if one.language == tag), None)
        if first is None:
            continue
        slot = cast_validity(view, tag, day)
        if isinstance(slot, ChosenSlot):
            chosen.append(_edition(view, first, slot))
        else:
            remarks.append(slot)
    digests = InputDigests(workshop.root, workshop.journal)
    plan = plan_chosen(view, [(one, profile) for one in chosen], digests=digests)
    report = workshop.make(view, plan, jobs=jobs, progress=progress)
    for failure in report.failures:
        raise failure
    return SpokenDays(
        editions=tuple(_packed(one, station) for one in report.editions), remarks=tuple(remarks)
    )


def _edition(view: Workspace, first: Edition, slot: ChosenSlot) -> ChosenEdition:
    """Give the edition of a track; its day is not in its title, so that its name stays."""
    tag, script = first.language, slot.script
    return ChosenEdition(
        series=view.series[first.series],
        episode=Episode(
            id=VALIDITY,
            series=first.series,
            number=1,
            dated=first.dated,
            title={tag: script.title if script else VALIDITY},
            slots=(slot.slot,),
            file=FILE,
        ),
        language=tag,
        slots=(slot,),
        left_out=(),
    )


def _packed(built: BuiltEdition, station: Station) -> PackEdition:
    edition = built.edition
    rendition = pick_rendition(edition.renditions, station.format)
    return PackEdition(
        edition=edition,
        rendition=rendition,
        audio=built.objects[rendition.id],
        segment_titles=dict.fromkeys(edition.segments, edition.title),
        validity=True,
    )
