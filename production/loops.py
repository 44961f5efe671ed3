"""A station's loudspeaker loops: joined from the slots of its editions, which are coded once.

Only what no edition holds is made for them: the name of each language, where listeners are, until
when it is valid, and silence. See ``stations.loops`` for what is heard when.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from production.announced import Remark, station_profile, with_segments
from production.building import BuiltEdition, Workshop
from production.formats import profiles_for
from production.inputs import InputDigests
from production.journal import Result
from production.locators import cast_locator, cast_name, opening_segments
from production.planner import Planner
from production.runner import Progress
from production.selection import ChosenEdition, ChosenSlot, Selector
from production.spoken_validity import cast_validity, validity_segment
from production.steps import EditionStep, Plan, SlotStep
from production.work import slot_samples, slot_spans
from programme.editions import EditionKey
from programme.notices import VALIDITY
from programme.profiles import Profile, profiles
from programme.schedules import LoopSettings
from programme.segments import FURNITURE
from programme.series import Episode, Slot
from programme.sound import EDGE, MIX_RATE
from programme.stations import Station
from programme.units import DurationMs, LanguageTag, Samples
from scripts.station_facts import own_editions, station_view
from scripts.workspace import Workspace
from stations.loops import (
    LANGUAGE_S,
    LanguageSound,
    LoopNote,
    LoopStep,
    Messages,
    Note,
    PlannedLoop,
    PlannedPart,
    Sounding,
    plan_loops,
)
from stations.pack_plan import LoopPart, PackEdition, PackRequest, pick_rendition


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
        request: with these editions; notices are none of them.
        settings: the station's.
        day: the last one on which the pack may be played.
        jobs: how many worker processes; 1 works in this one.
        progress: is told of each step.

    Raises:
        ProductionError: a voice, the disk or the sound refuses.
    """
    return _Maker(workshop, workspace, request, settings, day).make(jobs, progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A slot that loops are made of."""

    item: ChosenSlot
    step: SlotStep


@dataclass(slots=True, kw_only=True)
class _Wanted:
    """What is to be heard in one language, by the numbers of its pieces."""

    language: LanguageTag
    chime: int | None
    opening: list[int]
    messages: list[tuple[int, list[int], list[tuple[int, int]], list[int]]]
    """Number of the edition; what is said before; messages and how often; what is said after."""
    closing: list[int]


class _Maker:
    def __init__(
        self,
        workshop: Workshop,
        workspace: Workspace,
        request: PackRequest,
        settings: LoopSettings,
        day: date,
    ) -> None:
        self.workshop = workshop
        self.workspace = workspace
        self.station: Station = request.station
        self.settings = settings
        self.day = day
        self.today = request.issued
        self.own = {one.id: own_editions(workspace, one) for one in workspace.stations.values()}
        heard = station_view(workspace, self.station)
        ours = {**opening_segments(self.station), VALIDITY: validity_segment(day)}
        self.view = with_segments(heard, ours)
        digests = InputDigests(workshop.root, workshop.journal)
        self.general = Planner(workspace, digests)
        self.planner = Planner(
            self.view, digests, station=self.station.id, takes=self.general.takes
        )
        self.profile = station_profile(self.station)
        self.told = [one for one in request.editions if one.notice is None]
        self.pieces: list[_Piece] = []
        self.remarks: list[Remark] = []

    def make(self, jobs: int, progress: Progress) -> Loops:
        wanted = list(self._wanted())
        self._make_slots(jobs, progress)
        sounds = [self._sound(one) for one in wanted]
        planned = plan_loops(sounds, self.settings)
        steps = [self._edition(n, one) for n, one in enumerate(planned.loops, start=1)]
        plan = Plan(editions=tuple(steps), left_out=())
        report = self.workshop.make(self.view, plan, jobs=jobs, progress=progress)
        for failure in report.failures:
            raise failure
        remarks = [self._remark(note) for note in planned.notes]
        return Loops(
            editions=tuple(
                self._packed(built, loop)
                for built, loop in zip(report.editions, planned.loops, strict=True)
            ),
            remarks=(*self.remarks, *remarks),
        )

    def _wanted(self) -> Iterator[_Wanted]:
        """Choose, in the station's order of languages, what is heard in each."""
        chosen = self._chosen()
        place = {name: n for n, name in enumerate(self.station.series)}
        for tag in self.station.languages:
            numbers = [n for n, one in enumerate(self.told) if one.edition.language == tag]
            numbers.sort(key=lambda n: self._order(n, place))
            editions = [(n, chosen[self.told[n].edition.key]) for n in numbers]
            if editions:
                yield _Wanted(
                    language=tag,
                    chime=self._chime(editions[0][1]),
                    opening=self._opening(tag),
                    messages=[self._messages(n, one) for n, one in editions],
                    closing=self._closing(tag),
                )

    def _order(self, number: int, place: Mapping[str, int]) -> tuple[int, int, str]:
        edition = self.told[number].edition
        return place[edition.series], edition.number, edition.episode

    def _chosen(self) -> dict[EditionKey, ChosenEdition]:
        """Give the editions as they were chosen for building: their slots are wanted."""
        mine = self.own[self.station.id]
        keys = {one.edition.key for one in self.told}
        everybody = Selector(self.workspace, today=self.today).select(keys - mine)
        alone = Selector(self.view, today=self.today, station=self.station.id).select(keys & mine)
        return {
            (one.series.id, one.episode.id, one.language): one
            for one in (*everybody.editions, *alone.editions)
        }

    def _add(self, item: ChosenSlot, step: SlotStep) -> int:
        self.pieces.append(_Piece(item=item, step=step))
        return len(self.pieces) - 1

    def _chime(self, first: ChosenEdition) -> int | None:
        """Give the station's chime, or else the sound with which the rundown opens.

        A rundown's other sounds are not played: the station's silences stand in their place.
        """
        opens = first.slots[0].slot
        name = self.settings.chime or (opens.sound if not opens.segment else "")
        if not name:
            return None
        slot = Slot(id="chime", sound=name, line=0)
        item = ChosenSlot(slot=slot, script=None, basis=None, speaker=None)
        return self._add(item, self.planner.slot(first, item, self.profile))

    def _opening(self, tag: LanguageTag) -> list[int]:
        said = (cast_name(self.view, tag), cast_locator(self.view, self.station, tag))
        return [self._ours(one, tag) for one in self._spoken(said)]

    def _closing(self, tag: LanguageTag) -> list[int]:
        said = (cast_validity(self.view, tag, self.day),)
        return [self._ours(one, tag) for one in self._spoken(said)]

    def _spoken(self, said: Sequence[ChosenSlot | Remark | None]) -> list[ChosenSlot]:
        self.remarks += [one for one in said if isinstance(one, Remark)]
        return [one for one in said if isinstance(one, ChosenSlot)]

    def _ours(self, item: ChosenSlot, tag: LanguageTag) -> int:
        item = replace(item, language=tag)
        return self._add(item, self.planner.slot(self._edition_of([item], tag), item, self.profile))

    def _messages(
        self, number: int, chosen: ChosenEdition
    ) -> tuple[int, list[int], list[tuple[int, int]], list[int]]:
        """Part an edition into its messages and what is said once before and after them."""
        key = (chosen.series.id, chosen.episode.id, chosen.language)
        mine = key in self.own[self.station.id]
        planner = self.planner if mine else self.general
        profile = self._profile_of(chosen, mine=mine)
        before: list[int] = []
        said: list[tuple[int, int]] = []
        after: list[int] = []
        for item in chosen.slots:
            if item.basis is None:
                continue
            piece = replace(item, language=chosen.language)
            if self.view.segments[item.slot.segment].kind in FURNITURE:
                once = self._add(piece, planner.slot(chosen, piece, profile))
                (after if said else before).append(once)
                continue
            piece, times = self._repeated(piece, profile)
            said.append((self._add(piece, planner.slot(chosen, piece, profile)), times))
        return number, before, said, after

    def _repeated(self, item: ChosenSlot, profile: Profile) -> tuple[ChosenSlot, int]:
        """Give a message's slot, and how often it is played to be said as often as asked.

        A slot that the rundown repeats is taken as it is where that is what the station asks for:
        it is coded already.
        """
        asked, repeat = self.settings.repeat, item.slot.repeat
        long_enough = profile.repeat_pause_ms >= self.settings.between_repeats_ms
        if repeat > 1 and (asked % repeat or not long_enough):
            return replace(item, slot=replace(item.slot, repeat=1)), asked
        return item, asked // repeat

    def _profile_of(self, chosen: ChosenEdition, *, mine: bool) -> Profile:
        """Give the profile in which an edition's slots are made anyway."""
        if mine:
            return profiles()[self.station.profile].made_for([self.station.format])
        made = profiles_for(self.workspace, chosen, self.own)
        return next(one for one in made if one.id == self.station.profile)

    def _make_slots(self, jobs: int, progress: Progress) -> None:
        """Make the slots that were never made; of the others the lengths are known."""
        journal = self.workshop.journal
        steps = (one.step for one in self.pieces)
        fresh = tuple(step for step in steps if journal.result(step.fingerprint) is None)
        if fresh:
            plan = Plan(editions=(), left_out=(), slots=fresh)
            report = self.workshop.make(self.view, plan, jobs=jobs, progress=progress)
            for failure in report.failures:
                raise failure

    def _sound(self, wanted: _Wanted) -> LanguageSound:
        known = {n: self._sounding(n) for n in range(len(self.pieces))}
        return LanguageSound(
            language=wanted.language,
            chime=None if wanted.chime is None else known[wanted.chime],
            opening=tuple(known[n] for n in wanted.opening),
            messages=tuple(
                Messages(
                    edition=number,
                    before=tuple(known[n] for n in before),
                    said=tuple((known[n], times) for n, times in said),
                    after=tuple(known[n] for n in after),
                )
                for number, before, said, after in wanted.messages
            ),
            closing=tuple(known[n] for n in wanted.closing),
        )

    def _sounding(self, number: int) -> Sounding:
        step = self.pieces[number].step
        result = self.workshop.journal.result(step.fingerprint)
        if result is None:
            raise LookupError(f"{step.label} has no result")
        samples = slot_samples(result)
        head, tail = _edges(step, result, samples)
        return Sounding(slot=number, samples=samples, head=head, tail=tail)

    def _edition(self, number: int, loop: PlannedLoop) -> EditionStep:
        tag = loop.parts[0].language
        items, steps = [], []
        for one in loop.steps:
            item, step = self._step(one, tag)
            items.append(item)
            steps.append(step)
        numbers = [n for part in loop.parts for n in part.editions]
        chosen = self._edition_of(items, tag, number=number, editions=numbers)
        title = self._title(loop.parts[0])
        chosen = replace(chosen, episode=replace(chosen.episode, title={tag: title}))
        return self.planner.edition(chosen, self.profile, tuple(steps))

    def _step(self, step: LoopStep, tag: LanguageTag) -> tuple[ChosenSlot, SlotStep]:
        if not step.is_silence:
            piece = self.pieces[step.slot]
            return replace(piece.item, again=step.again), piece.step
        slot = Slot(id=f"silence-{step.samples * 1000 // MIX_RATE}-ms", line=0)
        item = ChosenSlot(slot=slot, script=None, basis=None, speaker=None, silence=step.samples)
        return item, self.planner.slot(self._edition_of([item], tag), item, self.profile)

    def _edition_of(
        self,
        items: Sequence[ChosenSlot],
        tag: LanguageTag,
        *,
        number: int = 1,
        editions: Sequence[int] = (),
    ) -> ChosenEdition:
        """Give slots as an edition; its series is that of the first that it says."""
        told = [self.told[n].edition for n in editions] or [one.edition for one in self.told]
        series = self.workspace.series[told[0].series]
        return ChosenEdition(
            series=series,
            episode=Episode(
                id=f"loop-{number}",
                series=series.id,
                number=number,
                dated=max(one.dated for one in told),
                title={tag: series.title[tag]},
                slots=tuple(one.slot for one in items),
                file=self.station.file,
            ),
            language=tag,
            slots=tuple(items),
            left_out=(),
        )

    def _title(self, part: PlannedPart) -> str:
        """Give what a part is called in its language."""
        editions = [self.told[n].edition for n in part.editions]
        if len({one.episode for one in editions}) == 1:
            return editions[0].title
        return self.workspace.series[editions[0].series].title[part.language]

    def _packed(self, built: BuiltEdition, loop: PlannedLoop) -> PackEdition:
        edition = built.edition
        rendition = pick_rendition(edition.renditions, self.station.format)
        numbers = {n for part in loop.parts for n in part.editions}
        titles = {
            segment: title
            for n in sorted(numbers, reverse=True)
            for segment, title in self.told[n].segment_titles.items()
        }
        return PackEdition(
            edition=edition,
            rendition=rendition,
            audio=built.objects[rendition.id],
            segment_titles=titles,
            parts=tuple(
                LoopPart(
                    language=part.language,
                    start_ms=_ms(part.start),
                    end_ms=_ms(part.end),
                    title=self._title(part),
                    editions=tuple(self.told[n].edition for n in part.editions),
                )
                for part in loop.parts
            ),
            together=self.settings.form == "one",
        )

    def _remark(self, note: LoopNote) -> Remark:
        problem, remedy = _NOTES[note.kind]
        values = {
            "loop": note.loop,
            "seconds": f"{note.length_ms / 1000:.1f}",
            "longest": self.settings.longest_s,
            "language_s": LANGUAGE_S,
        }
        return Remark(
            language=note.language,
            problem=problem.format(**values),
            remedy=remedy.format(**values),
        )


_NOTES = {
    Note.LONG_LANGUAGE: (
        "loop {loop} speaks {seconds} s in this language; people listen {language_s} s at most",
        "make the message shorter, or let the loop say it once (repeat: 1)",
    ),
    Note.LONG_ROUND: (
        "loop {loop} speaks {seconds} s in this language, longer than a round of {longest} s",
        "make the message shorter, or let the loop say it once (repeat: 1)",
    ),
    Note.NO_CLOSING: (
        "loop {loop} does not say until when it is valid: the round would pass {longest} s",
        "make the message shorter; until then the page and the papers say it",
    ),
    Note.LATER: (
        "it is heard in loop {loop}: the rounds before it are full",
        "play all files of the folder one after another",
    ),
}


def _edges(step: SlotStep, result: Result, samples: Samples) -> tuple[Samples, Samples]:
    """Give the silence at both ends of a slot, as far as it is known."""
    pause = max(EDGE, _samples(step.profile.slot_pause_ms))
    spans = slot_spans(result)
    if not spans or step.bed is not None:
        return EDGE, Samples(pause)
    head = EDGE if step.sting is not None else _samples(spans[0].start_ms)
    return Samples(head), Samples(max(0, samples - _samples(spans[-1].end_ms)))


def _samples(ms: int) -> int:
    return ms * (MIX_RATE // 1000)


def _ms(samples: Samples) -> DurationMs:
    return DurationMs(round(samples * 1000 / MIX_RATE))
