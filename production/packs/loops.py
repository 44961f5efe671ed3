"""A station's loudspeaker loops: joined from the slots of its editions, which are coded once.

Only what no edition holds is made for them: the name of each language, where listeners are, until
when it is valid, and silence. See ``stations.loops`` for what is heard when.
"""

from dataclasses import dataclass, replace
from datetime import date

from production.announced import Remark
from production.building import BuiltEdition, Workshop
from production.packs.locators import PLACE
from production.packs.loop_sounds import LoopSounds
from production.runner import Progress
from production.selection import ChosenEdition, ChosenSlot
from production.steps import EditionStep, Plan, SlotStep
from programme.schedules import LoopSettings
from programme.series import Episode, Slot
from programme.sound import ms_of
from scripts.workspace import Workspace
from stations.loops import (
    LANGUAGE_S,
    LoopNote,
    LoopStep,
    Note,
    PlannedLoop,
    PlannedPart,
    plan_loops,
)
from stations.pack_plan import LoopPart, PackEdition, PackRequest, pick_rendition

_SHORTER = "make the message shorter, or let the loop say it once (repeat: 1)"
_NOTES = {
    Note.LONG_LANGUAGE: (
        "loop {loop} speaks {seconds} s in this language; people listen {language_s} s at most",
        _SHORTER,
    ),
    Note.LONG_ROUND: (
        "loop {loop} speaks {seconds} s in this language, longer than a round of {longest} s",
        _SHORTER,
    ),
    Note.NO_CLOSING: (
        "loop {loop} does not say until when it is valid: the round would pass {longest} s",
        "make the message shorter; until then the page and the papers say it",
    ),
    Note.LATER: (
        "something of it is heard in loop {loop}, for the rounds before it are full",
        "play all files of the folder, one after another",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loops:
    """What a station's pack plays in the place of its editions."""

    editions: tuple[PackEdition, ...]
    remarks: tuple[Remark, ...]


def make_loops(
    workshop: Workshop,
    workspace: Workspace,
    request: PackRequest,
    settings: LoopSettings,
    day: date,
    *,
    jobs: int,
    progress: Progress,
) -> Loops:
    """Make the loops of a station from the editions that were chosen for its pack.

    Args:
        workshop: of the workspace, open.
        workspace: as read, without errors.
        request: with these editions, issued today; notices are none of them.
        settings: the station's.
        day: the last one on which the pack may be played.
        jobs: how many worker processes; 1 works in this one.
        progress: is told of each step.

    Raises:
        ProductionError: a voice, the disk or the sound refuses.
    """
    sounds = LoopSounds(workshop, workspace, request, settings, day)
    planned = plan_loops(sounds.gather(jobs=jobs, progress=progress), settings)
    joiner = _Joiner(sounds)
    plan = Plan(editions=tuple(map(joiner.step, planned.loops)), left_out=())
    report = workshop.make(sounds.view, plan, jobs=jobs, progress=progress)
    for failure in report.failures:
        raise failure
    return Loops(
        editions=tuple(map(joiner.packed, report.editions, planned.loops)),
        remarks=(*sounds.remarks, *(_remark(note, settings) for note in planned.notes)),
    )


def _remark(note: LoopNote, settings: LoopSettings) -> Remark:
    problem, remedy = _NOTES[note.kind]
    told = problem.format(
        loop=note.loop,
        seconds=f"{note.length_ms / 1000:.1f}",
        longest=settings.longest_s,
        language_s=LANGUAGE_S,
    )
    return Remark(language=note.language, problem=told, remedy=remedy)


class _Joiner:
    """Makes editions of planned loops, as everything else that is joined from slots is one."""

    def __init__(self, sounds: LoopSounds) -> None:
        self.sounds = sounds
        self.station = sounds.station

    def step(self, loop: PlannedLoop) -> EditionStep:
        """Give what the runner joins."""
        bare = self._bare(loop)
        pairs = [self._slot(one, bare) for one in loop.steps]
        items = tuple(item for item, _ in pairs)
        rundown = tuple(item.slot for item in items)
        chosen = replace(bare, slots=items, episode=replace(bare.episode, slots=rundown))
        steps = tuple(step for _, step in pairs)
        return self.sounds.planner.edition(chosen, self.sounds.profile, steps)

    def _bare(self, loop: PlannedLoop) -> ChosenEdition:
        """Give the loop without its slots; its language is the first that is heard."""
        first, tag = loop.parts[0], loop.parts[0].language
        told = [self.sounds.told[n].edition for part in loop.parts for n in part.editions]
        series = self.sounds.workspace.series[told[0].series]
        together = self.sounds.settings.form == "one"
        name = f"loop-{loop.number}" if together else f"loop-{tag.lower()}-{loop.number}"
        return ChosenEdition(
            series=series,
            episode=Episode(
                id=name,
                series=series.id,
                number=loop.number,
                dated=max(one.dated for one in told),
                title={tag: self._title(first)},
                slots=(),
                file=self.station.file,
            ),
            language=tag,
            slots=(),
            left_out=(),
        )

    def _slot(self, step: LoopStep, bare: ChosenEdition) -> tuple[ChosenSlot, SlotStep]:
        if not step.is_silence:
            piece = self.sounds.pieces[step.slot]
            return replace(piece.item, again=step.again), piece.step
        slot = Slot(id=f"silence-{ms_of(step.samples)}-ms", line=0)
        item = ChosenSlot(slot=slot, script=None, basis=None, speaker=None, silence=step.samples)
        return item, self.sounds.planner.slot(bare, item, self.sounds.profile)

    def _title(self, part: PlannedPart) -> str:
        """Give what a part is called in its language."""
        editions = [self.sounds.told[n].edition for n in part.editions]
        if len({one.episode for one in editions}) == 1:
            return editions[0].title
        return self.sounds.workspace.series[editions[0].series].title[part.language]

    def packed(self, built: BuiltEdition, loop: PlannedLoop) -> PackEdition:
        """Give a finished loop as packs hold it."""
        edition = built.edition
        rendition = pick_rendition(edition.renditions, self.station.format)
        return PackEdition(
            edition=edition,
            rendition=rendition,
            audio=built.objects[rendition.id],
            segment_titles=self._segment_titles(loop),
            parts=tuple(
                LoopPart(
                    language=part.language,
                    start_ms=ms_of(part.start),
                    end_ms=ms_of(part.end),
                    title=self._title(part),
                    editions=tuple(self.sounds.told[n].edition for n in part.editions),
                )
                for part in loop.parts
            ),
            together=self.sounds.settings.form == "one",
        )

    def _segment_titles(self, loop: PlannedLoop) -> dict[str, str]:
        """Give the title of each segment in the first language that says it."""
        found: dict[str, str] = {}
        for step in loop.steps:
            script = None if step.is_silence else self.sounds.pieces[step.slot].item.script
            if script is not None:
                place = script.segment == PLACE
                title = script.sentences[0].text if place else script.title
                found.setdefault(script.segment, title)
        return found
