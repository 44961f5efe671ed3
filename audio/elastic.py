"""Beds of any length: which part of a sound is heard when, in whole samples; no sound is touched.

A producer may mark where a bed's intro ends and its outro begins. What lies between repeats for
as long as is needed. Where there is an outro, everything is reckoned backwards from the end, so
that the sound's own ending falls on it and leads there without a seam; the one place where music
is joined out of time is then behind the intro, or, without one, the faded beginning.
"""

from dataclasses import dataclass, replace

from programme.sound import MIX_RATE
from programme.units import Samples

_NONE = Samples(0)
SEAM = Samples(MIX_RATE // 10)
"""Length of the crossfade where two parts of a sound are joined: 100 ms, equal power."""
LEAST_MIDDLE = Samples(MIX_RATE // 2)
"""Less than 500 ms does not repeat: it would be heard as a hum, not as music."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BedLength:
    """A bed as the timeline sees it."""

    samples: Samples
    intro: Samples = _NONE
    """Heard once, at the beginning; 0 where the sound has none."""
    outro: Samples = _NONE
    """Heard once, at the end; 0 where the sound has none."""
    seamless: bool = False
    """Whether its middle may follow itself as it is."""

    def __post_init__(self) -> None:
        """Refuse marks that are not within the sound.

        Raises:
            ValueError: there is no sound, or intro and outro are longer than all of it.
        """
        if self.samples < 1 or min(self.intro, self.outro) < 0:
            raise ValueError("a bed needs a length, and no part of it is less than nothing")
        if self.middle < 0:
            raise ValueError("intro and outro are longer than the sound")

    @property
    def middle(self) -> Samples:
        """What may repeat."""
        return Samples(self.samples - self.intro - self.outro)

    @property
    def repeats(self) -> bool:
        """Whether it can be made longer than it is."""
        return self.middle >= LEAST_MIDDLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a sound on a bed's own timeline."""

    at: Samples
    """From the start of the bed."""
    source: Samples
    """Its first sample in the sound."""
    samples: Samples
    fade_in: Samples = _NONE
    """Crossfade with the piece before, which fades out over the same samples; 0 for none."""
    fade_out: Samples = _NONE

    @property
    def end(self) -> Samples:
        """The first sample of the bed after it."""
        return Samples(self.at + self.samples)


def fitted(bed: BedLength, needed: Samples) -> tuple[Piece, ...]:
    """Give the pieces that make a bed exactly as long as is needed, in order.

    A bed that cannot repeat, because its marks leave no middle, gives as much as it has: with an
    outro its end, else its beginning. The caller asks for no more than that, see ``longest``.

    Raises:
        ValueError: nothing is needed, or more than there is.
    """
    if not 0 < needed <= longest(bed, needed):
        raise ValueError(f"a bed of {bed.samples} samples cannot be made {needed} long")
    if not bed.repeats:
        first = bed.samples - needed if bed.outro else 0
        return (Piece(at=Samples(0), source=Samples(first), samples=needed),)
    return _backwards(bed, needed) if bed.outro else _forwards(bed, needed)


def longest(bed: BedLength, needed: Samples) -> Samples:
    """Give how much of what is needed a bed can be."""
    return needed if bed.repeats else min(needed, bed.samples)


def _seam(bed: BedLength) -> Samples:
    return Samples(0) if bed.seamless else _join(bed)


def _join(bed: BedLength) -> Samples:
    # Both crossfades of a piece, and what is cut from it, always fit into the middle.
    return Samples(min(SEAM, bed.middle // 4))


def _forwards(bed: BedLength, needed: Samples) -> tuple[Piece, ...]:
    """Play from the start, and the middle again and again."""
    seam = _seam(bed)
    pieces = [Piece(at=Samples(0), source=Samples(0), samples=bed.samples)]
    while pieces[-1].end < needed:
        pieces.append(
            Piece(
                at=Samples(pieces[-1].end - seam),
                source=bed.intro,
                samples=bed.middle,
                fade_in=seam,
            )
        )
        pieces[-2] = replace(pieces[-2], fade_out=seam)
    pieces[-1] = replace(pieces[-1], samples=Samples(needed - pieces[-1].at))
    return tuple(pieces)


def _backwards(bed: BedLength, needed: Samples) -> tuple[Piece, ...]:
    """Play so that the sound's own end falls on the end."""
    seam, join = _seam(bed), _join(bed)
    start = Samples(min(bed.intro, max(0, needed - bed.outro)))
    last = Samples(bed.middle + bed.outro)
    pieces = [Piece(at=Samples(needed - last), source=bed.intro, samples=last)]
    while pieces[0].at > start:
        end = Samples(pieces[0].at + seam)
        pieces[0] = replace(pieces[0], fade_in=seam)
        pieces.insert(
            0,
            Piece(
                at=Samples(end - bed.middle),
                source=bed.intro,
                samples=bed.middle,
                fade_out=seam,
            ),
        )
    # The first piece begins too early. Where the intro finds so little of it that two crossfades
    # do not fit, the intro plays on until the next.
    if start and len(pieces) > 1 and pieces[0].end - start < seam + join:
        del pieces[0]
        start = pieces[0].at
    pieces[0] = _cut_before(pieces[0], start)
    if not start:
        return tuple(pieces)
    if pieces[0].source == start:
        # The intro leads into it as it was played.
        samples = Samples(start + pieces[0].samples)
        return (replace(pieces[0], at=Samples(0), source=Samples(0), samples=samples), *pieces[1:])
    join = Samples(min(join, pieces[0].samples))
    opening = Piece(at=Samples(0), source=Samples(0), samples=Samples(start + join), fade_out=join)
    return (opening, replace(pieces[0], fade_in=join), *pieces[1:])


def _cut_before(piece: Piece, start: Samples) -> Piece:
    late = start - piece.at
    return replace(
        piece,
        at=start,
        source=Samples(piece.source + late),
        samples=Samples(piece.samples - late),
    )
