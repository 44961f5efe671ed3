"""Filling a day: clocks and breaks with spots, episodes and presenter texts.

Pure: the same station, items, day and history give the same plan. Nothing is ever cut: what is
longer than its window is left out and reported with both lengths. A back-timed window ends to the
millisecond when it ends; what a presenter says live is only reckoned.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from programme.editions import EditionKey
from programme.languages import SPACELESS
from programme.schedules import SpotRule, WindowKind
from programme.series import SeriesKind
from programme.stations import Station
from programme.units import DurationMs, LanguageTag
from stations.airing import AirItem
from stations.day_plan import (
    DayPlan,
    NotPlaced,
    OpenTime,
    PlannedPlay,
    PresenterText,
    Unplaced,
    Why,
)
from stations.day_windows import Room, rooms_of
from stations.play_history import NO_HISTORY, PlayHistory
from stations.rotation import URGENT_TIMES, Asked, Turns

WORDS_A_MINUTE = 130
"""How fast a presenter is taken to speak: 120 to 140 words a minute are asked for (field.md,
section 6)."""

LETTERS_A_MINUTE = 240
"""The same for languages that are written without spaces between words."""

_ATTEMPTS = 4
"""How often a day is begun anew without those who found no room in it."""


def plan_day(
    station: Station, items: Sequence[AirItem], day: date, *, history: PlayHistory = NO_HISTORY
) -> DayPlan:
    """Plan all that a station plays of ours on one day.

    Args:
        station: whose schedule is followed; without one the plan is empty.
        items: what it may be given, in any order, each edition once; nothing withdrawn. What is
            past its last day or not yet of its day is reported and left out.
        day: in the station's own calendar.
        history: of the days before.

    Raises:
        ValueError: an edition is given twice.
    """
    if len({one.key for one in items}) < len(items):
        raise ValueError(f"{station.id}: an edition is given twice")
    rooms = rooms_of(station.schedule, station.languages, day)
    ordered = sorted(items, key=lambda one: (one.series, one.number, one.episode, one.language))
    heard = [one for one in ordered if one.language in station.languages]
    fresh = [one for one in heard if one.may_be_played(day)]
    spots, refused = _asked(station, fresh, rooms)
    turns, filling = _fill(station, rooms, spots, fresh, history)
    unheard = turns.unheard()
    for _ in range(_ATTEMPTS if unheard else 0):
        turns, filling = _fill(station, rooms, spots, fresh, history, unheard=unheard)
        if turns.unheard() <= unheard:
            break
        unheard |= turns.unheard()
    return DayPlan(
        station=station.id,
        day=day,
        plays=tuple(filling.plays),
        unplaced=(
            *_past(heard, station, day),
            *refused,
            *_short(spots, turns.counts()),
            *filling.unplaced,
        ),
    )


def _fill(
    station: Station,
    rooms: Sequence[Room],
    spots: Sequence[Asked],
    fresh: Sequence[AirItem],
    history: PlayHistory,
    *,
    unheard: frozenset[EditionKey] = frozenset(),
) -> "tuple[Turns, _Filling]":
    turns = Turns(spots, station.languages, history, unheard=unheard)
    filling = _Filling(turns, fresh, history)
    for number, room in enumerate(rooms):
        filling.fill(number, room)
    return turns, filling


def reading_ms(text: str, language: LanguageTag) -> DurationMs:
    """Reckon how long a presenter takes for a text, in whole seconds, rounded up."""
    if language.partition("-")[0] in SPACELESS:
        count, pace = sum(char.isalnum() for char in text), LETTERS_A_MINUTE
    else:
        count, pace = len(text.split()), WORDS_A_MINUTE
    return DurationMs(-(-count * 60 // pace) * 1000)


def _asked(
    station: Station, fresh: Sequence[AirItem], rooms: Sequence[Room]
) -> tuple[list[Asked], list[Unplaced]]:
    """Say what rules ask for of each spot, and what has no rule or no room."""
    rules = {rule.series: rule for rule in station.schedule.rotation}
    places = _Places(rooms)
    asked: list[Asked] = []
    refused: list[Unplaced] = []
    for item in fresh:
        rule = rules.get(item.series)
        if rule is None:
            if item.kind is SeriesKind.SPOTS:
                refused.append(Unplaced(why=NotPlaced.NO_RULE, item=item, wanted=0))
            continue
        times = URGENT_TIMES if item.urgent else 1
        wanted = rule.plays_per_day * times
        where, longest = places.of(item, rule)
        if where:
            apart_ms = rule.minutes_apart * 60_000 // times
            asked.append(Asked(item=item, plays=wanted, apart_ms=apart_ms, rooms=where))
        elif longest:
            refused.append(
                Unplaced(why=NotPlaced.TOO_LONG, item=item, wanted=wanted, room_ms=longest)
            )
        else:
            refused.append(Unplaced(why=NotPlaced.NOT_HEARD, item=item, wanted=wanted))
    return asked, refused


class _Places:
    """Which rooms of a day a spot fits; reckoned once for each rule and language."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        self._rooms = [
            (number, room) for number, room in enumerate(rooms) if room.kind is WindowKind.SPOTS
        ]
        self._known: dict[tuple[str, LanguageTag], tuple[tuple[int, ...], list[int]]] = {}
        self._fitting: dict[tuple[int, ...], tuple[int, ...]] = {}

    def of(self, item: AirItem, rule: SpotRule) -> tuple[tuple[int, ...], DurationMs | None]:
        """Give the numbers of the rooms that it fits, and the longest in which it is heard."""
        key = (item.series, item.language)
        if key not in self._known:
            self._known[key] = self._heard_in(item, rule)
        numbers, lengths = self._known[key]
        if not numbers:
            return (), None
        if item.duration_ms <= min(lengths):
            return numbers, DurationMs(max(lengths))
        fitting = tuple(
            number
            for number, length in zip(numbers, lengths, strict=True)
            if item.duration_ms <= length
        )
        return self._fitting.setdefault(fitting, fitting), DurationMs(max(lengths))

    def _heard_in(self, item: AirItem, rule: SpotRule) -> tuple[tuple[int, ...], list[int]]:
        found = [
            (number, room.length_ms)
            for number, room in self._rooms
            if item.language in room.languages
            and (not rule.day_parts or room.day_part in rule.day_parts)
            and (not room.series or item.series in room.series)
        ]
        numbers = tuple(number for number, _ in found)
        return self._fitting.setdefault(numbers, numbers), [length for _, length in found]


def _past(heard: Sequence[AirItem], station: Station, day: date) -> Iterator[Unplaced]:
    """Report what a rule asks for and its dates forbid; old programmes are nobody's concern."""
    ruled = {rule.series for rule in station.schedule.rotation}
    for item in heard:
        if item.series in ruled and not item.may_be_played(day):
            why = NotPlaced.EXPIRED if item.expires < day else NotPlaced.NOT_YET
            yield Unplaced(why=why, item=item, wanted=0)


def _short(spots: Sequence[Asked], counts: Mapping[EditionKey, int]) -> Iterator[Unplaced]:
    for one in spots:
        placed = counts[one.item.key]
        if placed < one.plays:
            yield Unplaced(why=NotPlaced.NO_ROOM, item=one.item, wanted=one.plays, placed=placed)


class _Filling:
    """One attempt at a day: what was placed so far, and what was not."""

    def __init__(self, turns: Turns, fresh: Sequence[AirItem], history: PlayHistory) -> None:
        self.plays: list[PlannedPlay] = []
        self.unplaced: list[Unplaced] = []
        self._turns = turns
        self._programmes = [one for one in fresh if one.kind is SeriesKind.PROGRAMME]
        self._fresh = fresh
        self._played: set[EditionKey] = set()
        self._told_long: set[tuple[str, int, str, LanguageTag]] = set()
        self._by_language = Counter(history.by_language)

    def fill(self, number: int, room: Room) -> None:
        """Fill one room."""
        match room.kind:
            case WindowKind.SPOTS:
                self._spots(number, room)
            case WindowKind.EPISODE:
                self._episode(room)
            case WindowKind.TEXT:
                self._texts(room)
            case WindowKind.OPEN:
                self._place(room, [OpenTime(length_ms=room.length_ms)], Why.CLOCK)
                self._turns.interrupt()

    def _spots(self, number: int, room: Room) -> None:
        before = _text_before(room, room.languages)
        said = before.length_ms if before is not None else 0
        if said >= room.length_ms:
            self._no_room(room, before)
            before, said = None, 0
        chosen = self._turns.fill(number, room, room.begin_ms + said)
        if not chosen:
            if room.window is not None:
                self.unplaced.append(Unplaced(why=NotPlaced.NOTHING, window=room.window))
            return
        if room.back_timed:
            at, last = chosen[-1]
            self._turns.shift(chosen, room.end_ms - (at + last.duration_ms))
        airs = [item for _, item in chosen]
        self._place(room, airs if before is None else [before, *airs], Why.ROTATION)

    def _episode(self, room: Room) -> None:
        series = room.series
        pool = [
            one
            for one in (self._fresh if series else self._programmes)
            if one.language in room.languages
            and (not series or one.series in series)
            and one.key not in self._played
        ]
        need = {tag: place for place, tag in enumerate(room.languages)}
        rank = {name: place for place, name in enumerate(series)}

        def standing(one: AirItem) -> tuple[bool, int, int, int, int, int, str]:
            heard = self._by_language[one.series, one.language]
            newest = (-one.dated.toordinal(), -one.number)
            place = rank.get(one.series, 0)
            return not one.urgent, heard, need[one.language], place, *newest, one.episode

        pool.sort(key=standing)
        for item in pool:
            if item.duration_ms <= room.length_ms:
                self._play_episode(room, item)
                return
            self._too_long(room, item)
        self.unplaced.append(Unplaced(why=NotPlaced.NOTHING, window=room.window))

    def _too_long(self, room: Room, item: AirItem) -> None:
        """Report it once for each window of a clock, and of a series in a language the newest."""
        number = room.window.number if room.window is not None else 0
        clock = room.window.clock if room.window is not None else ""
        mark = (clock, number, item.series, item.language)
        if mark not in self._told_long:
            self._told_long.add(mark)
            self.unplaced.append(
                Unplaced(
                    why=NotPlaced.TOO_LONG,
                    item=item,
                    window=room.window,
                    room_ms=room.length_ms,
                )
            )

    def _play_episode(self, room: Room, item: AirItem) -> None:
        before = _text_before(room, (item.language,))
        if before is not None and before.length_ms + item.duration_ms > room.length_ms:
            self._no_room(room, before, room.length_ms - item.duration_ms)
            before = None
        self._place(room, [item] if before is None else [before, item], Why.CLOCK)
        self._played.add(item.key)
        self._by_language[item.series, item.language] += 1
        self._turns.interrupt()

    def _texts(self, room: Room) -> None:
        left = room.length_ms
        said: list[PresenterText] = []
        for language in room.languages:
            text = _text_before(room, (language,))
            if text is None:
                continue
            if text.length_ms > left:
                self._no_room(room, text, left)
                continue
            said.append(text)
            left = DurationMs(left - text.length_ms)
        if said:
            self._place(room, said, Why.CLOCK)
        else:
            self.unplaced.append(Unplaced(why=NotPlaced.NOTHING, window=room.window))

    def _no_room(self, room: Room, text: PresenterText | None, left_ms: int | None = None) -> None:
        left = room.length_ms if left_ms is None else DurationMs(left_ms)
        why = NotPlaced.TOO_LONG if left == room.length_ms else NotPlaced.NO_ROOM
        self.unplaced.append(Unplaced(why=why, text=text, window=room.window, room_ms=left))

    def _place(
        self, room: Room, airs: Sequence[AirItem | PresenterText | OpenTime], why: Why
    ) -> None:
        lengths = [one.duration_ms if isinstance(one, AirItem) else one.length_ms for one in airs]
        at = room.end_ms - sum(lengths) if room.back_timed else room.begin_ms
        for one, length in zip(airs, lengths, strict=True):
            reason = why if isinstance(one, AirItem) else Why.CLOCK
            if isinstance(one, AirItem) and one.urgent:
                reason = Why.URGENT
            self.plays.append(
                PlannedPlay(
                    at_ms=DurationMs(at),
                    airs=one,
                    day_part=room.day_part,
                    window=room.window,
                    why=reason,
                )
            )
            at += length


def _text_before(room: Room, languages: Sequence[LanguageTag]) -> PresenterText | None:
    """Give what the presenter says there, in the first of these languages that has words."""
    texts = room.window.plan.text if room.window is not None else {}
    for language in languages:
        if texts.get(language):
            text = texts[language]
            return PresenterText(language=language, text=text, length_ms=reading_ms(text, language))
    return None
