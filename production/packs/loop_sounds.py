"""What can be heard in a station's loops: slots of its editions, and the few made for it alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from production.announced import Remark, station_profile, with_segments
from production.building import Workshop
from production.formats import profiles_for
from production.inputs import InputDigests
from production.journal import Result
from production.packs.locators import cast_locator, cast_name, name_script, opening_segments
from production.packs.spoken_validity import cast_validity, validity_segment
from production.planner import Planner
from production.runner import Progress
from production.selection import ChosenEdition, ChosenSlot, Selector
from production.slot_work import slot_samples, slot_spans
from production.steps import Plan, SlotStep
from programme.editions import EditionKey
from programme.notices import VALIDITY
from programme.profiles import Profile, profiles
from programme.schedules import LoopSettings
from programme.segments import FURNITURE
from programme.series import Slot
from programme.sound import EDGE, samples_of
from programme.units import LanguageTag, Samples
from scripts.station_facts import own_editions, station_view
from scripts.workspace import Workspace
from stations.loops import LanguageSound, Messages, Sounding
from stations.pack_plan import PackEdition, PackRequest

_LAST_LINES = 2
"""In which an announcement says until when it is valid (the rule announcement.valid-until)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
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


class LoopSounds:
    """Gathers, by number, every slot that a station's loops may hold."""

    def __init__(
        self,
        workshop: Workshop,
        workspace: Workspace,
        request: PackRequest,
        settings: LoopSettings,
        day: date,
    ) -> None:
        """Take what ``production.packs.loops.make_loops`` takes."""
        self.workshop = workshop
        self.workspace = workspace
        self.station = request.station
        self.settings = settings
        self.day = day
        self.today = request.issued
        self.own = {one.id: own_editions(workspace, one) for one in workspace.stations.values()}
        heard = station_view(workspace, self.station)
        ours = {**opening_segments(self.station), VALIDITY: validity_segment(day)}
        self.view = with_segments(heard, ours)
        """The workspace as this station hears it, with what only its pack says."""
        digests = InputDigests(workshop.root, workshop.journal)
        self.general = Planner(workspace, digests)
        self.planner = Planner(
            self.view, digests, station=self.station.id, takes=self.general.takes
        )
        self.profile = station_profile(self.station)
        self.told: tuple[PackEdition, ...] = tuple(
            one for one in request.editions if one.notice is None
        )
        """The editions whose messages are said; loops know them by number."""
        self.pieces: list[Piece] = []
        self.remarks: list[Remark] = []
        self._first: dict[LanguageTag, ChosenEdition] = {}

    def gather(self, *, jobs: int, progress: Progress) -> list[LanguageSound]:
        """Make the slots that are not made yet; give what there is in each language, in order.

        Raises:
            ProductionError: a voice, the disk or the sound refuses.
        """
        wanted = list(self._wanted())
        self._make_slots(jobs, progress)
        known = [self._sounding(n) for n in range(len(self.pieces))]
        return [_sound(one, known) for one in wanted]

    def _wanted(self) -> Iterator[_Wanted]:
        """Choose, in the station's order of languages, what is heard in each."""
        chosen = self._chosen()
        place = {name: n for n, name in enumerate(self.station.series)}
        for tag in self.station.languages:
            numbers = [n for n, one in enumerate(self.told) if one.edition.language == tag]
            numbers.sort(key=lambda n: self._order(n, place))
            editions = [(n, chosen[self.told[n].edition.key]) for n in numbers]
            if editions:
                self._first[tag] = editions[0][1]
                yield _Wanted(
                    language=tag,
                    chime=self._chime(editions[0][1]),
                    opening=self._opening(tag, [one for _, one in editions]),
                    messages=[self._messages(n, one) for n, one in editions],
                    closing=self._closing(tag, [one for _, one in editions]),
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
        self.pieces.append(Piece(item=item, step=step))
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

    def _opening(self, tag: LanguageTag, editions: Sequence[ChosenEdition]) -> list[int]:
        """Give the name of the language, where the words do not open with it, and the locator."""
        place = cast_locator(self.view, self.station, tag)
        named = all(map(self._opens_with_name, editions)) and not isinstance(place, ChosenSlot)
        said = (None if named else cast_name(self.view, tag), place)
        return [self._ours(one, tag) for one in self._spoken(said)]

    def _opens_with_name(self, chosen: ChosenEdition) -> bool:
        """Tell whether an edition's own words begin with the name of their language."""
        name = name_script(self.view, chosen.language)
        first = next((one.script for one in chosen.slots if one.basis is not None), None)
        if first is None or name is None:
            return False
        return first.sentences[0].spoken == name.sentences[0].spoken

    def _closing(self, tag: LanguageTag, editions: Sequence[ChosenEdition]) -> list[int]:
        """Give until when it is valid, where the words themselves do not end with that day."""
        if all(map(self._ends_with_day, editions)):
            return []
        said = (cast_validity(self.view, tag, self.day, brief=True),)
        return [self._ours(one, tag) for one in self._spoken(said)]

    def _ends_with_day(self, chosen: ChosenEdition) -> bool:
        """Tell whether each message of an edition says the pack's last day at its end."""
        day = f"{{{{date:{self.day.isoformat()}}}}}"
        scripts = [one.script for one in chosen.slots if self._is_message(one)]
        return all(
            script is not None and any(day in one.raw for one in script.sentences[-_LAST_LINES:])
            for script in scripts
        )

    def _is_message(self, item: ChosenSlot) -> bool:
        if item.basis is None:
            return False
        return self.view.segments[item.slot.segment].kind not in FURNITURE

    def _spoken(self, said: Sequence[ChosenSlot | Remark | None]) -> list[ChosenSlot]:
        self.remarks += [one for one in said if isinstance(one, Remark)]
        return [one for one in said if isinstance(one, ChosenSlot)]

    def _ours(self, item: ChosenSlot, tag: LanguageTag) -> int:
        item = replace(item, language=tag)
        return self._add(item, self.planner.slot(self._first[tag], item, self.profile))

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
            if not self._is_message(item):
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

    def _sounding(self, number: int) -> Sounding:
        step = self.pieces[number].step
        result = self.workshop.journal.result(step.fingerprint)
        if result is None:
            raise LookupError(f"{step.label} has no result")
        samples = slot_samples(result)
        head, tail = _edges(step, result, samples)
        return Sounding(slot=number, samples=samples, head=head, tail=tail)


def _sound(wanted: _Wanted, known: Sequence[Sounding]) -> LanguageSound:
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


def _edges(step: SlotStep, result: Result, samples: Samples) -> tuple[Samples, Samples]:
    """Give the silence at both ends of a slot, as far as it is known."""
    pause = max(EDGE, samples_of(step.profile.slot_pause_ms))
    spans = slot_spans(result)
    if not spans or step.bed is not None:
        return EDGE, Samples(pause)
    head = EDGE if step.sting is not None else samples_of(spans[0].start_ms)
    return Samples(head), Samples(max(0, samples - samples_of(spans[-1].end_ms)))
