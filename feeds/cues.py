"""Cuts spoken sentences into cues that a person can read: two short lines, ended at a clause.

A sentence is as long as its sound; a cue is what fits on a screen. A cue begins when its first
word is heard, where a voice told that; else the time between what is known is shared out by
letters. It stays until the next one, or through the pause after the sentence for as long as it
takes to read.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, zip_longest
from typing import NamedTuple

from feeds.cue_limits import (
    GAP,
    LONGEST,
    ROWS,
    SHORTEST,
    CueFault,
    CueLimits,
    is_letter,
    letters,
)
from feeds.cue_words import Part, split_parts
from programme.editions import Caption
from programme.units import DurationMs

_IMPOSSIBLE = 1_000.0
"""What a cue costs that must not be, if another way is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What is shown at once."""

    start_ms: DurationMs
    end_ms: DurationMs
    lines: tuple[str, ...]
    """One or two; longer than asked for only where a single word is."""
    speaker: str
    """As in its caption."""
    faults: tuple[CueFault, ...] = ()
    """Which limits it does not keep, and why; empty for none."""


def cues(
    captions: Sequence[Caption], limits: CueLimits, *, length_ms: DurationMs | None = None
) -> list[Cue]:
    """Give the cues of captions in order; a caption without words gives none.

    Args:
        captions: in order, not overlapping.
        limits: what a cue keeps to.
        length_ms: of the sound; no cue ends after it. None for the end of the last caption.

    Raises:
        ValueError: a caption ends before it begins, or begins before the last one ended, or ends
            after the sound.
    """
    now_ms = DurationMs(0)
    last_ms = captions[-1].end_ms if captions and length_ms is None else length_ms
    found: list[Cue] = []
    for caption in captions:
        if caption.start_ms < now_ms or caption.end_ms <= caption.start_ms:
            raise ValueError(f"caption at {caption.start_ms} ms is out of order")
        now_ms = caption.end_ms
        found += _of_sentence(caption, limits)
    if last_ms is not None and now_ms > last_ms:
        raise ValueError(f"a caption ends at {now_ms} ms, after the sound")
    return list(_timed(found, limits, last_ms if last_ms is not None else now_ms))


def _of_sentence(caption: Caption, limits: CueLimits) -> Iterator[Cue]:
    """Cut one sentence; each cue ends where the next one begins."""
    parts = split_parts(caption.text, caption.kept, longest=limits.width)
    if not parts:
        return
    starts = _starts(caption, parts)
    for first, end in _best_cut(parts, starts, limits):
        yield Cue(
            start_ms=starts[first],
            end_ms=starts[end],
            lines=_lines(parts[first:end], limits.width),
            speaker=caption.speaker,
        )


def _starts(caption: Caption, parts: Sequence[Part]) -> list[DurationMs]:
    """Give when each part begins, and last when the sentence ends; never falling.

    Between two words whose time is known, time is shared out by letters.
    """
    ahead = list(accumulate(map(is_letter, caption.text), initial=0))
    known = [(0, caption.start_ms)]
    for word in caption.words:
        at, before = ahead[word.offset], known[-1]
        if at > before[0] and before[1] <= word.start_ms < caption.end_ms:
            known.append((at, word.start_ms))
    known.append((max(ahead[-1], known[-1][0] + 1), caption.end_ms))
    starts: list[DurationMs] = []
    index = 0
    for part in parts:
        at = ahead[part.start] if part is not parts[0] else 0
        while index + 2 < len(known) and known[index + 1][0] <= at:
            index += 1
        (left, left_ms), (right, right_ms) = known[index], known[index + 1]
        share = round((right_ms - left_ms) * min(1, (at - left) / (right - left)))
        starts.append(DurationMs(left_ms + share))
    return [*starts, caption.end_ms]


class _Lengths:
    """Lengths of stretches of a sentence's parts, in letters with the spaces between."""

    def __init__(self, parts: Sequence[Part]) -> None:
        # Summed up once: the way through a sentence asks for thousands of stretches.
        letters_to = [0, *accumulate(part.letters for part in parts)]
        spaces_to = [*accumulate((part.is_spaced for part in parts), initial=0), 0]
        self._ends = [a + b for a, b in zip(letters_to, spaces_to, strict=False)]
        """Up to the end of so many parts; never falling."""
        self._starts = [a + b for a, b in zip(letters_to, spaces_to[1:], strict=True)]
        """Up to the start of each part, behind the space before it."""

    def of(self, first: int, end: int) -> int:
        """Give the length of ``parts[first:end]``; 0 for none."""
        return self._ends[end] - self._starts[first] if end > first else 0

    def earliest(self, end: int, room: int) -> int:
        """Give the first part from which a stretch up to ``end`` has room; at least one part."""
        return min(bisect_left(self._starts, self._ends[end] - room, 0, end), end - 1)

    def fit(self, first: int, end: int, width: int) -> bool:
        """Tell whether a stretch fits on a line, or on two."""
        if self.of(first, end) <= width:
            return True
        # The fuller the upper line, the shorter the lower one.
        upper = bisect_right(self._ends, width + self._starts[first], first + 1, end) - 1
        return upper > first and self.of(upper, end) <= width


def _best_cut(
    parts: Sequence[Part], starts: Sequence[DurationMs], limits: CueLimits
) -> list[tuple[int, int]]:
    """Give first and end part of each cue: the way of least cost through the sentence."""
    count = len(parts)
    room = ROWS * limits.width
    lengths = _Lengths(parts)
    total = lengths.of(0, count)
    # A text of signs that take no room, such as a soft hyphen, has no letters at all.
    ideal = max(1.0, total / max(1, -(-total // room)))
    costs, came = [0.0, *[float("inf")] * count], [0] * (count + 1)
    for end in range(1, count + 1):
        last = parts[end - 1]
        behind = 0.0 if end == count or last.is_clause_end else 0.3 + 0.2 * last.leans
        way = _Way(costs, behind, end)
        costs[end], came[end] = _last_cue(way, starts, lengths, limits, ideal)
    cut: list[tuple[int, int]] = []
    end = count
    while end:
        cut.append((came[end], end))
        end = came[end]
    if any(starts[end] <= starts[first] for first, end in cut):
        return [(0, count)]  # too short to be parted: shown whole
    return cut[::-1]


class _Way(NamedTuple):
    """A way through the first parts of a sentence."""

    costs: Sequence[float]
    """Of the best way to each part before its end."""
    behind: float
    """What ending here costs."""
    end: int


def _last_cue(
    way: _Way,
    starts: Sequence[DurationMs],
    lengths: _Lengths,
    limits: CueLimits,
    ideal: float,
) -> tuple[float, int]:
    """Give what a way costs at best, and at which part its last cue begins then."""
    costs, behind, end = way
    best, came = float("inf"), 0
    # From the longest cue on: the best are among the first, and most others are passed over.
    for first in range(lengths.earliest(end, ROWS * limits.width), end):
        if costs[first] + 1.0 + behind > best:
            continue  # a cue costs 1 at least
        shown_ms = starts[end] - starts[first]
        own = _cost(lengths.of(first, end), shown_ms, ideal)
        if costs[first] + own + behind > best:
            continue
        if shown_ms < 1 or not lengths.fit(first, end, limits.width):
            own += _IMPOSSIBLE
        if costs[first] + own + behind <= best:  # of two alike, the one with the shorter last cue
            best, came = costs[first] + own + behind, first
    return best, came


def _cost(length: int, shown_ms: int, ideal: float) -> float:
    """Weigh one cue: 1 for itself, less is better. Tuned by eye on the example programme."""
    cost = 1.0 + (length - ideal) ** 2 / ideal**2 / 2
    if shown_ms < SHORTEST:
        cost += 1.5 * (1 - shown_ms / SHORTEST)
    if shown_ms > LONGEST:
        cost += 1.5 + 3 * (shown_ms / LONGEST - 1)
    return cost


def _lines(parts: Sequence[Part], width: int) -> tuple[str, ...]:
    """Lay parts out on one line, or on two of about the same length, ended at a phrase."""
    lengths = _Lengths(parts)
    if lengths.of(0, len(parts)) <= width or len(parts) == 1:
        return (_text(parts),)

    def badness(middle: int) -> float:
        upper, lower = lengths.of(0, middle), lengths.of(middle, len(parts))
        over = max(0, upper - width) + max(0, lower - width)
        last = parts[middle - 1]
        phrase = -0.4 if last.is_clause_end else 0.15 * last.leans
        return over * _IMPOSSIBLE + abs(upper - lower) / (upper + lower) + phrase

    middle = min(range(1, len(parts)), key=badness)
    return _text(parts[:middle]), _text(parts[middle:])


def _text(parts: Sequence[Part]) -> str:
    first, *rest = parts
    return first.text + "".join(" " * part.is_spaced + part.text for part in rest)


def _timed(found: Sequence[Cue], limits: CueLimits, last_ms: DurationMs) -> Iterator[Cue]:
    """Set the ends: time to read where there is a pause, and a gap before the next cue."""
    for cue, after in zip_longest(found, found[1:]):
        shown = sum(map(letters, cue.lines))
        readable_ms = max(SHORTEST, -(-shown * 1_000 // limits.letters_per_s))
        room_ms = last_ms
        if after is not None:
            between_ms = after.start_ms - cue.start_ms
            gap_ms = GAP if between_ms > 2 * GAP else 0
            room_ms = DurationMs(after.start_ms - gap_ms)
        wished_ms = max(cue.end_ms, cue.start_ms + readable_ms)
        end_ms = DurationMs(min(wished_ms, room_ms))
        yield replace(cue, end_ms=end_ms, faults=_faults(cue, end_ms, shown, limits))


def _faults(cue: Cue, end_ms: DurationMs, shown: int, limits: CueLimits) -> tuple[CueFault, ...]:
    shown_ms = end_ms - cue.start_ms
    faults = []
    if any(letters(line) > limits.width for line in cue.lines):
        faults.append(CueFault.WIDE)
    if shown * 1_000 > limits.letters_per_s * shown_ms:
        faults.append(CueFault.FAST)
    if shown_ms < SHORTEST:
        faults.append(CueFault.SHORT)
    if shown_ms > LONGEST:
        faults.append(CueFault.LONG)
    return tuple(faults)
