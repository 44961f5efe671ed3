"""The agenda: which of the steps that are needed may run now, the dearest first.

Pure: it is told what has ended, and knows neither workers nor the journal. An edition may be
joined as soon as its slots are there, while other slots are still mixed.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from production.steps import EditionStep, SlotStep, Step, TakeStep
from programme.units import Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The steps that must run now."""

    takes: tuple[TakeStep, ...]
    """Of quick voices too, which are spoken within their slots: those that were never spoken."""
    slots: tuple[SlotStep, ...]
    editions: tuple[EditionStep, ...]
    alone: frozenset[Fingerprint] = frozenset()
    """Slots that are wanted by themselves, whatever becomes of the editions."""

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.takes) + len(self.slots) + len(self.editions)

    @property
    def stored(self) -> tuple[TakeStep, ...]:
        """The takes that are steps of their own, because they go into the store."""
        return tuple(take for take in self.takes if not take.quick)


class Agenda:
    """Steps in the order in which they may and should begin."""

    def __init__(self, needs: Needs) -> None:
        slots = sorted(needs.slots, key=slot_weight, reverse=True)
        takes = {take.fingerprint: take for take in needs.stored}
        # Takes of the longest slots first, so that these are not the last to begin.
        heard = dict.fromkeys(part for slot in slots for part in _parts(slot) if part in takes)
        steps: list[Step] = [takes[part] for part in heard]
        steps += [*needs.editions, *slots]
        self._steps = {step.fingerprint: step for step in steps}
        self._order = {key: number for number, key in enumerate(self._steps)}
        self._alone = needs.alone
        self._waits: dict[Fingerprint, set[Fingerprint]] = {}
        self._wanted_by: dict[Fingerprint, set[Fingerprint]] = {key: set() for key in self._steps}
        for key, step in self._steps.items():
            parts = {part for part in _parts(step) if part in self._steps}
            self._waits[key] = parts
            for part in parts:
                self._wanted_by[part].add(key)
        self._ready = [self._order[key] for key, parts in self._waits.items() if not parts]
        self._keys = tuple(self._steps)
        self._running: set[Fingerprint] = set()

    @property
    def steps(self) -> Sequence[Step]:
        """What has not ended, whether it has begun or not."""
        return tuple(self._steps.values())

    def begin(self) -> Step | None:
        """Give the next step to begin; None where all others wait for what runs, or are over."""
        while self._ready:
            key = self._keys[heapq.heappop(self._ready)]
            if key in self._steps:
                self._running.add(key)
                return self._steps[key]
        return None

    def end(self, key: Fingerprint) -> Step:
        """Note that a step was made; what waited for nothing else may begin."""
        step = self._remove(key)
        for user in self._wanted_by[key]:
            self._waits[user].discard(key)
            if user in self._steps and not self._waits[user]:
                heapq.heappush(self._ready, self._order[user])
        return step

    def fail(self, key: Fingerprint) -> tuple[Step, ...]:
        """Note that a step cannot be made; give it and all that rests on it, which fail with it.

        What only they wanted does not begin any more.
        """
        failed = [self._remove(key)]
        for step in failed:  # grows on the way
            users = [one for one in self._wanted_by[step.fingerprint] if one in self._steps]
            failed += [self._remove(one) for one in sorted(users, key=self._order.__getitem__)]
        for step in failed:
            self._abandon(_parts(step), step.fingerprint)
        return tuple(failed)

    def _abandon(self, parts: Iterable[Fingerprint], user: Fingerprint) -> None:
        for part in parts:
            if part not in self._steps:
                continue
            self._wanted_by[part].discard(user)
            if self._wanted_by[part] or part in self._running or part in self._alone:
                continue
            self._abandon(_parts(self._remove(part)), part)

    def _remove(self, key: Fingerprint) -> Step:
        self._running.discard(key)
        return self._steps.pop(key)


def _parts(step: Step) -> tuple[Fingerprint, ...]:
    if isinstance(step, EditionStep):
        return tuple(slot.fingerprint for slot in step.slots)
    if isinstance(step, SlotStep):
        return tuple(line.take.fingerprint for line in step.lines)
    return ()


_SECOND = 15
"""Letters that are said in a second, about."""
_UNKNOWN = 60 * _SECOND
"""What a recording or a sound alone counts, whose length nobody knows before it is read."""


def slot_weight(slot: SlotStep) -> int:
    """Give about what a slot costs, to put slots in order: letters to say, in every rendition."""
    said = [len(line.take.speak.text) if line.take.speak else _UNKNOWN for line in slot.lines]
    return (sum(said) or _UNKNOWN) * len(slot.profile.renditions)
