"""The plan of a slot: what sounds when, in whole samples at MIX_RATE; no sound is touched.

Order: a sound alone, a sting, then the lines with the bed under them. A slot opens with EDGE
of silence and ends with its pause (EDGE at least), on the grid. What the grid asks for on top
goes into the bed's fade-out, or where there is no bed into the silence at the end.

The bed's gain is planned here, not detected from the sound: it ducks before the words begin,
stays down over pauses inside the speech, and comes up where nobody speaks for long. Which part of
its sound is heard when is told in ``audio.elastic``; an outro ends where the bed does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from audio.elastic import BedLength, Piece, fitted, longest
from programme.sound import EDGE, GRID, MIX_RATE, Span, samples_of
from programme.units import Db, DurationMs, Samples

GAP = samples_of(250)
"""Silence between a sound or the body of a sting and what comes next."""
BED_LEAD = samples_of(1_200)
"""How long the bed is heard before the words, at most."""
BED_FADE_IN = samples_of(700)
BED_TAIL = samples_of(1_500)
"""How long the bed sounds after the last word, at least."""
BED_FADE_OUT = samples_of(1_000)
OWN_EDGE = samples_of(10)
"""Fade where a bed begins or ends as its maker meant it to."""
MOST_ALONE = samples_of(4_000)
"""Of an intro or an outro so much is heard without words, at most; the rest lies under them."""
SWELL = Db(6.0)
"""How far the bed comes up where nobody speaks."""
DUCK_AHEAD = samples_of(120)
"""The bed is down this long before the words begin."""
DUCK_RAMP = samples_of(400)
"""Time for SWELL on the way down: 15 dB a second, a slope that draws no attention."""
RISE_HOLD = samples_of(150)
"""The bed stays down this long after the last word."""
RISE_RAMP = samples_of(800)
HOLD_PAUSE = samples_of(1_500)
"""A pause shorter than this keeps the bed down: no pumping between sentences.

It is longer than RISE_HOLD + RISE_RAMP + DUCK_RAMP + DUCK_AHEAD, so every ramp is whole.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One sound on the timeline, in samples at MIX_RATE."""

    start: Samples
    samples: Samples

    @property
    def end(self) -> Samples:
        """The first sample after it."""
        return Samples(self.start + self.samples)

    @property
    def span(self) -> Span:
        """The same in milliseconds."""
        per_ms = MIX_RATE // 1000
        return Span(
            start_ms=DurationMs(round(self.start / per_ms)),
            end_ms=DurationMs(round(self.end / per_ms)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BedPlan:
    """Where the bed lies and how loud it is."""

    placed: Placed
    fade_in: Samples
    fade_out: Samples
    curve: tuple[tuple[Samples, Db], ...]
    """Corners of its gain, from the start of the slot; straight lines in dB between them.

    0 dB is its level under speech.
    """
    pieces: tuple[Piece, ...]
    """What of the sound is heard, from the bed's start; together as long as the bed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPlan:
    """When everything in a slot sounds."""

    total: Samples
    """A multiple of GRID."""
    sound: Placed | None
    sting: Placed | None
    lines: tuple[Placed, ...]
    bed: BedPlan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLength:
    """A line as the timeline sees it."""

    samples: Samples
    pause: Samples
    """Silence after it; ignored after the last line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StingLength:
    """A sting as the timeline sees it."""

    samples: Samples
    body: Samples
    """How long it is loud; its tail may ring on under the words."""


def plan_slot(
    *,
    lines: Sequence[LineLength],
    sound: Samples | None = None,
    sting: StingLength | None = None,
    bed: BedLength | None = None,
    pause: Samples,
) -> SlotPlan:
    """Place everything in a slot.

    Args:
        lines: takes in order with the silences between them.
        sound: length of a sound that is heard alone, before all else.
        sting: a sting before the words; ignored where there are no lines.
        bed: the bed under the lines, None for none; ignored where there are none.
        pause: silence at the end of the slot, at least; EDGE where it is less.

    Raises:
        ValueError: there is nothing to play.
    """
    if not lines and sound is None:
        raise ValueError("a slot needs a sound or lines")
    cursor = EDGE
    placed_sound = None
    if sound is not None:
        placed_sound = Placed(start=cursor, samples=sound)
        cursor = placed_sound.end
    last = max(EDGE, pause)
    if not lines:
        return SlotPlan(
            total=_on_grid(cursor + last), sound=placed_sound, sting=None, lines=(), bed=None
        )
    opening = Samples(cursor + GAP) if placed_sound else cursor
    placed_sting, words = None, opening
    if sting is not None:
        placed_sting = Placed(start=opening, samples=sting.samples)
        words = Samples(opening + sting.body + GAP)
    if bed is not None:
        words = max(words, Samples(_first_bed(opening, sting, bed) + _lead(bed)))
    placed_lines = _place_lines(lines, words)
    heard = max(placed_lines[-1].end, placed_sting.end if placed_sting else Samples(0))
    if bed is not None:
        heard = max(heard, Samples(placed_lines[-1].end + _tail(bed)))
    total = _on_grid(heard + last)
    planned = None
    if bed is not None:
        start = words - _lead(bed)
        room = Placed(start=Samples(start), samples=Samples(total - last - start))
        planned = _plan_bed(bed, room, placed_lines)
    return SlotPlan(
        total=total, sound=placed_sound, sting=placed_sting, lines=placed_lines, bed=planned
    )


def _lead(bed: BedLength) -> Samples:
    return max(BED_LEAD, min(bed.intro, MOST_ALONE))


def _tail(bed: BedLength) -> Samples:
    return max(BED_TAIL, min(bed.outro, MOST_ALONE))


def _first_bed(opening: Samples, sting: StingLength | None, bed: BedLength) -> int:
    """Give the earliest start of a bed: an intro waits until a sting is no longer loud."""
    return opening + sting.body if sting is not None and bed.intro else opening


def _plan_bed(bed: BedLength, room: Placed, lines: Sequence[Placed]) -> BedPlan:
    """Lay the bed into its room; one that cannot repeat ends with it, or begins with it."""
    samples = longest(bed, room.samples)
    start = Samples(room.end - samples) if bed.outro else room.start
    placed = Placed(start=start, samples=samples)
    pieces = fitted(bed, samples)
    own_start = (bed.intro or bed.outro) and pieces[0].source == 0
    half = Samples(samples // 2)
    return BedPlan(
        placed=placed,
        fade_in=min(half, OWN_EDGE if own_start else BED_FADE_IN),
        fade_out=min(half, OWN_EDGE if bed.outro else BED_FADE_OUT),
        curve=_within(_ducking(lines, room), placed),
        pieces=pieces,
    )


def _on_grid(samples: int) -> Samples:
    return Samples(-(-samples // GRID) * GRID)


def _place_lines(lines: Sequence[LineLength], start: Samples) -> tuple[Placed, ...]:
    placed = []
    for line in lines:
        placed.append(Placed(start=start, samples=line.samples))
        start = Samples(placed[-1].end + line.pause)
    return tuple(placed)


def _ducking(lines: Sequence[Placed], bed: Placed) -> tuple[tuple[Samples, Db], ...]:
    """Give the corners of the bed's gain: down over runs of speech, up in long pauses."""
    corners = [(bed.start, SWELL)]
    for first, last in _runs(lines):
        down = Samples(first - DUCK_AHEAD)
        up = Samples(last + RISE_HOLD)
        corners += [
            (Samples(down - DUCK_RAMP), SWELL),
            (down, Db(0.0)),
            (up, Db(0.0)),
            (Samples(up + RISE_RAMP), SWELL),
        ]
    corners.append((bed.end, SWELL))
    return tuple(corners)


def _within(curve: Sequence[tuple[Samples, Db]], placed: Placed) -> tuple[tuple[Samples, Db], ...]:
    """Cut a curve to where its bed is heard."""
    inside = [(at, level) for at, level in curve if placed.start < at < placed.end]
    return (
        (placed.start, _level(curve, placed.start)),
        *inside,
        (placed.end, _level(curve, placed.end)),
    )


def _level(curve: Sequence[tuple[Samples, Db]], at: Samples) -> Db:
    for (start, before), (end, after) in pairwise(curve):
        if start <= at <= end and start < end:
            return Db(before + (after - before) * (at - start) / (end - start))
    raise ValueError(f"no gain is planned at {at}")


def _runs(lines: Sequence[Placed]) -> list[tuple[Samples, Samples]]:
    """Join lines with short pauses between them: start of the first, end of the last."""
    runs = [(lines[0].start, lines[0].end)]
    for line in lines[1:]:
        if line.start - runs[-1][1] < HOLD_PAUSE:
            runs[-1] = (runs[-1][0], line.end)
        else:
            runs.append((line.start, line.end))
    return runs
