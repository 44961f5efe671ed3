"""Whose turn it is: a fair rotation of spots over the rooms of a day, without chance.

Each spot in each language is due so many times, spread evenly over the rooms in which it may be
heard. Of those that are due, alerts go first, then who had the smallest part of its plays, then
who came short on the days before, then the more needed language. Two spots of one rule that may be
heard in the same rooms never differ by more than one play, however short room is: who is one ahead
waits, even where a gap stays empty. Only a spot that finds no room all day, because alerts leave
none that is long enough, holds nobody up.

A message never follows itself, in any language, unless an episode or the station's own time was
heard between, or its rule's minutes apart have passed, and at least IN_A_ROW_MS.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from programme.editions import EditionKey
from programme.units import LanguageTag
from stations.airing import AirItem, Message
from stations.day_windows import Room
from stations.play_history import PlayHistory

IN_A_ROW_MS = 5 * 60 * 1000
"""The least between two plays of one message when no other is heard between them."""

URGENT_TIMES = 2
"""How many times as often an alert is played as its rule says, with as many times fewer minutes
apart."""

_SPREAD = 0.75
"""The last spot of a round is due after this part of it: rooms are left for who had to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A spot in a language, with what its rule asks for on a day."""

    item: AirItem
    plays: int
    """At least 1; of an alert more than the rule says."""
    apart_ms: int
    """At least so long from the beginning of a play to that of the next."""
    rooms: tuple[int, ...]
    """Numbers of the rooms in which it may be heard and that are long enough; ascending, and at
    least one."""


class Turns:
    """The state of one day's rotation; rooms are filled in order of time."""

    def __init__(
        self,
        asked: Sequence[Asked],
        languages: Sequence[LanguageTag],
        history: PlayHistory,
        *,
        unheard: frozenset[EditionKey] = frozenset(),
    ) -> None:
        """Begin a day.

        Args:
            asked: every spot that has a room; each once.
            languages: of the station, the most needed first.
            history: of the days before.
            unheard: spots that found no room in an attempt before: they hold nobody up.
        """
        need = {tag: place for place, tag in enumerate(languages)}

        def order(one: Asked) -> tuple[bool, int, int, str, int, str]:
            item = one.item
            owed = -history.owed.get(item.key, 0)
            place = need.get(item.language, len(need))
            return not item.urgent, owed, place, item.series, item.number, item.episode

        self._turns: list[_Turn] = []
        self._due: dict[int, list[_Turn]] = {}
        self._ready: dict[EditionKey, _Turn] = {}
        self._last: Message | None = history.last_message
        self._last_ms = history.last_message_at_ms
        groups: dict[object, _Group] = {}
        room_sets: dict[tuple[int, ...], frozenset[int]] = {}
        for rank, one in enumerate(sorted(asked, key=order)):
            key = one.item.key
            mark: object = (one.item.series, one.item.urgent, one.plays, one.rooms)
            group = groups.setdefault(key if key in unheard else mark, _Group())
            turn = _Turn(
                asked=one,
                rank=rank,
                phase=_SPREAD * rank / len(asked),
                group=group,
                owed=history.owed.get(key, 0),
                last_ms=history.last_at_ms.get(key),
                room_set=room_sets.setdefault(one.rooms, frozenset(one.rooms)),
            )
            group.join()
            self._turns.append(turn)
            self._wait_for_turn(turn, after=-1)

    def fill(self, number: int, room: Room, begin_ms: int) -> list[tuple[int, AirItem]]:
        """Choose what a room plays, from a moment in it on.

        Args:
            number: of the room in its day.
            room: which room.
            begin_ms: after midnight, where the first spot would begin.

        Returns:
            When each begins and what it is, one directly after the other; a spot once at most.
        """
        for turn in self._due.pop(number, ()):
            self._ready[turn.key] = turn
        series = room.series
        queue = [
            turn
            for turn in self._ready.values()
            if number in turn.room_set and (not series or turn.item.series in series)
        ]
        if not queue:
            return []
        need = {tag: place for place, tag in enumerate(room.languages)}
        queue.sort(key=lambda turn: turn.standing(need))
        shortest = min(turn.item.duration_ms for turn in queue)
        chosen: list[tuple[int, AirItem]] = []
        at = begin_ms
        while at + shortest <= room.end_ms:
            next_one = next((one for one in queue if self._may_begin(one, at, room.end_ms)), None)
            if next_one is None:
                _note_squeezed(queue, room.end_ms - at)
                break
            chosen.append((at, next_one.item))
            queue.remove(next_one)
            self._play(next_one, at, number)
            at += next_one.item.duration_ms
        return chosen

    def shift(self, chosen: Sequence[tuple[int, AirItem]], by_ms: int) -> None:
        """Note that what was chosen last begins later, because it ends with its room."""
        keys = {item.key for _, item in chosen}
        for turn in self._turns:
            if turn.key in keys and turn.last_ms is not None:
                turn.last_ms += by_ms
        if chosen:
            self._last_ms += by_ms

    def interrupt(self) -> None:
        """Note that an episode or the station's own time was heard: nothing follows itself."""
        self._last = None

    def counts(self) -> Mapping[EditionKey, int]:
        """Give how often each spot has been played so far."""
        return {turn.key: turn.count for turn in self._turns}

    def unheard(self) -> frozenset[EditionKey]:
        """Give the spots that had no play and held up a shorter equal of theirs."""
        return frozenset(turn.key for turn in self._turns if turn.squeezed and not turn.count)

    def _may_begin(self, turn: "_Turn", at: int, end_ms: int) -> bool:
        item = turn.item
        if at + item.duration_ms > end_ms or turn.group.holds_up(turn.count):
            return False
        if turn.last_ms is not None and at - turn.last_ms < turn.asked.apart_ms:
            return False
        apart = max(turn.asked.apart_ms, IN_A_ROW_MS)
        return item.message != self._last or at - self._last_ms >= apart

    def _play(self, turn: "_Turn", at: int, number: int) -> None:
        turn.group.move(turn.count)
        turn.count += 1
        turn.last_ms = at
        self._last, self._last_ms = turn.item.message, at
        del self._ready[turn.key]
        self._wait_for_turn(turn, after=number)

    def _wait_for_turn(self, turn: "_Turn", *, after: int) -> None:
        number = turn.next_room(after)
        if number is not None:
            self._due.setdefault(number, []).append(turn)


def _note_squeezed(queue: Sequence["_Turn"], left_ms: int) -> None:
    """Note who is too long for what is left of a room, while a shorter equal could fill it."""
    short = {id(one.group) for one in queue if one.item.duration_ms <= left_ms}
    for one in queue:
        if one.item.duration_ms > left_ms and id(one.group) in short:
            one.squeezed = True


class _Group:
    """Spots that may be heard in the same rooms under one rule: none gets ahead by two."""

    __slots__ = ("_at_count",)

    def __init__(self) -> None:
        self._at_count = [0]

    def join(self) -> None:
        """Take in one more spot, with no play yet."""
        self._at_count[0] += 1

    def move(self, count: int) -> None:
        """Note that a spot with so many plays has one more."""
        self._at_count[count] -= 1
        if count + 1 == len(self._at_count):
            self._at_count.append(0)
        self._at_count[count + 1] += 1

    def holds_up(self, count: int) -> bool:
        """Tell whether somebody in it has fewer plays than so many."""
        return any(self._at_count[:count])


class _Turn:
    """How one spot stands in the rotation."""

    __slots__ = (
        "asked",
        "count",
        "group",
        "item",
        "key",
        "last_ms",
        "owed",
        "phase",
        "rank",
        "room_set",
        "squeezed",
    )

    def __init__(
        self,
        *,
        asked: Asked,
        rank: int,
        phase: float,
        group: _Group,
        owed: int,
        last_ms: int | None,
        room_set: frozenset[int],
    ) -> None:
        self.asked = asked
        self.item = asked.item
        self.key = asked.item.key
        self.rank = rank
        self.phase = phase
        self.group = group
        self.owed = owed
        self.last_ms = last_ms
        self.room_set = room_set
        self.count = 0
        self.squeezed = False

    def standing(self, need: Mapping[LanguageTag, int]) -> tuple[bool, float, int, int, int]:
        """Give what decides whose turn it is, the smallest first."""
        return (
            not self.item.urgent,
            self.count / self.asked.plays,
            -self.owed,
            need.get(self.item.language, len(need)),
            self.rank,
        )

    def next_room(self, after: int) -> int | None:
        """Give the room from which on it is due again; None where it has all its plays."""
        rooms, plays = self.asked.rooms, self.asked.plays
        if self.count == plays:
            return None
        due = int((self.count + self.phase) * len(rooms) / plays)
        later = bisect_right(rooms, after)
        place = max(due, later)
        return rooms[place] if place < len(rooms) else None
