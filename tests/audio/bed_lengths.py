"""Beds as producers make them, for the tests of timelines: loops, intros, outros, closing music."""

from hypothesis import strategies as st

from audio.elastic import LEAST_MIDDLE, BedLength
from programme.units import Samples

LOOP = BedLength(samples=Samples(4 * 48_000), seamless=True)
_PARTS = st.sampled_from([0, 1, 700]) | st.integers(0, 12 * 48_000)
_MIDDLES = st.integers(LEAST_MIDDLE, LEAST_MIDDLE + 9_700) | st.integers(LEAST_MIDDLE, 40 * 48_000)


@st.composite
def elastic(draw: st.DrawFn) -> BedLength:
    intro, outro, middle = draw(_PARTS), draw(_PARTS), draw(_MIDDLES)
    return BedLength(
        samples=Samples(intro + middle + outro),
        intro=Samples(intro),
        outro=Samples(outro),
        seamless=draw(st.booleans()),
    )


@st.composite
def rigid(draw: st.DrawFn) -> BedLength:
    """Give a bed whose marks leave nothing to repeat."""
    samples = draw(st.integers(LEAST_MIDDLE, 40 * 48_000))
    middle = draw(st.integers(0, LEAST_MIDDLE - 1))
    outro = draw(st.sampled_from([0, samples - middle]) | st.integers(0, samples - middle))
    return BedLength(
        samples=Samples(samples),
        intro=Samples(samples - middle - outro),
        outro=Samples(outro),
    )


REPEATING = st.just(LOOP) | elastic()
BEDS = REPEATING | rigid()
