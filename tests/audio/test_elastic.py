"""Beds made to a length: judged by what is heard, sample by sample, with nothing but numbers."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.elastic import LEAST_MIDDLE, SEAM, BedLength, Piece, fitted, longest
from programme.units import Samples
from tests.audio.bed_lengths import BEDS, elastic

NEEDED = st.integers(1, 90 * 48_000)


@given(BEDS, NEEDED)
def test_the_pieces_together_are_as_long_as_was_asked_for(bed: BedLength, needed: int) -> None:
    pieces = fitted(bed, longest(bed, Samples(needed)))
    assert pieces[0].at == 0
    assert pieces[-1].end == longest(bed, Samples(needed))
    overlaps = sum(piece.fade_in for piece in pieces)
    assert sum(piece.samples for piece in pieces) - overlaps == pieces[-1].end


@given(BEDS, NEEDED)
def test_every_piece_and_its_fades_lie_within_the_sound(bed: BedLength, needed: int) -> None:
    for piece in fitted(bed, longest(bed, Samples(needed))):
        assert piece.source >= 0
        assert piece.source + piece.samples <= bed.samples
        assert piece.samples > 0
        assert min(piece.fade_in, piece.fade_out) >= 0
        # No sample fades in and out at once: power stays what it is.
        assert piece.fade_in + piece.fade_out <= piece.samples


@given(BEDS, NEEDED)
def test_each_piece_fades_into_the_next_and_none_is_left_alone(bed: BedLength, needed: int) -> None:
    pieces = fitted(bed, longest(bed, Samples(needed)))
    assert pieces[0].fade_in == 0
    assert pieces[-1].fade_out == 0
    for before, after in itertools.pairwise(pieces):
        assert before.end - after.at == before.fade_out == after.fade_in <= SEAM
        if not after.fade_in:
            # Without a crossfade only a middle that follows itself.
            assert bed.seamless
            assert (before.source + before.samples, after.source) == (
                bed.samples - bed.outro,
                bed.intro,
            )


@given(BEDS, NEEDED)
def test_an_outro_is_heard_whole_and_ends_with_the_bed(bed: BedLength, needed: int) -> None:
    if not bed.outro:
        return
    pieces = fitted(bed, longest(bed, Samples(needed)))
    last = pieces[-1]
    assert last.source + last.samples == bed.samples
    heard = min(bed.outro, last.end)
    assert last.samples >= heard
    # Nothing of it is heard anywhere else.
    for piece in pieces[:-1]:
        assert piece.source + piece.samples <= bed.samples - bed.outro


@given(elastic(), NEEDED)
def test_an_intro_is_heard_once_at_the_beginning(bed: BedLength, needed: int) -> None:
    pieces = fitted(bed, Samples(needed))
    room = needed - bed.outro
    if bed.intro and (not bed.outro or room > 0):
        assert pieces[0].source == 0
        assert pieces[0].samples >= min(bed.intro, room)
    for piece in pieces[1:]:
        assert piece.source >= bed.intro or piece.source >= bed.samples - bed.outro


@given(elastic(), NEEDED)
def test_music_is_joined_out_of_time_once_at_most(bed: BedLength, needed: int) -> None:
    # A seam goes from the end of the middle to its start; anything else is out of time.
    pieces = fitted(bed, Samples(needed))
    end = bed.samples - bed.outro
    odd = [
        after
        for before, after in itertools.pairwise(pieces)
        if (before.source + before.samples, after.source) != (end, bed.intro)
    ]
    assert len(odd) <= (1 if bed.intro and bed.outro else 0)
    assert not odd or odd[0] is pieces[1]


def test_a_loop_is_repeated_as_reckoned_by_hand() -> None:
    bed = BedLength(samples=Samples(96_000))
    assert fitted(bed, Samples(200_000)) == (
        Piece(at=Samples(0), source=Samples(0), samples=Samples(96_000), fade_out=Samples(4_800)),
        Piece(
            at=Samples(91_200),
            source=Samples(0),
            samples=Samples(96_000),
            fade_in=Samples(4_800),
            fade_out=Samples(4_800),
        ),
        Piece(
            at=Samples(182_400), source=Samples(0), samples=Samples(17_600), fade_in=Samples(4_800)
        ),
    )


def test_an_outro_is_reached_without_a_seam_as_reckoned_by_hand() -> None:
    # Two seconds to repeat, one to end with; five seconds are needed.
    bed = BedLength(samples=Samples(144_000), outro=Samples(48_000), seamless=True)
    assert fitted(bed, Samples(240_000)) == (
        Piece(at=Samples(0), source=Samples(0), samples=Samples(96_000)),
        Piece(at=Samples(96_000), source=Samples(0), samples=Samples(144_000)),
    )
    # Half a second less: it begins half a second later in the music.
    assert fitted(bed, Samples(216_000))[0] == Piece(
        at=Samples(0), source=Samples(24_000), samples=Samples(72_000)
    )


def test_an_intro_and_an_outro_that_fit_are_played_as_they_were_made() -> None:
    bed = BedLength(samples=Samples(200_000), intro=Samples(50_000), outro=Samples(40_000))
    assert fitted(bed, Samples(200_000)) == (
        Piece(at=Samples(0), source=Samples(0), samples=Samples(200_000)),
    )


def test_closing_music_that_does_not_repeat_gives_its_end() -> None:
    bed = BedLength(samples=Samples(200_000), outro=Samples(200_000))
    assert longest(bed, Samples(500_000)) == 200_000
    assert fitted(bed, Samples(120_000)) == (
        Piece(at=Samples(0), source=Samples(80_000), samples=Samples(120_000)),
    )
    with pytest.raises(ValueError, match="cannot be made"):
        fitted(bed, Samples(200_001))


@pytest.mark.parametrize(
    ("samples", "intro", "outro"), [(0, 0, 0), (10, 11, 0), (10, 6, 5), (10, -1, 0)]
)
def test_marks_outside_the_sound_are_refused(samples: int, intro: int, outro: int) -> None:
    with pytest.raises(ValueError, match=r"bed|intro"):
        BedLength(samples=Samples(samples), intro=Samples(intro), outro=Samples(outro))


def test_what_is_shorter_than_half_a_second_is_not_repeated() -> None:
    assert not BedLength(samples=Samples(LEAST_MIDDLE - 1)).repeats
    assert BedLength(samples=Samples(LEAST_MIDDLE)).repeats
