"""The K filter is judged by its frequency response, and what bounds peaks by looking everywhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.peaks import (
    BEFORE,
    BENT,
    CHUNK,
    STRAIGHT,
    TAPS,
    PeakMeter,
    between,
    chunked,
    highest_in,
    sharpest_in,
)
from audio.resampling import Block
from audio.weighting import KFilter, biquads


def response(frequencies: NDArray[np.floating], rate_hz: int) -> NDArray[np.complex128]:
    """Give what two biquads do to sines, by their transfer functions."""
    z = np.exp(-2j * np.pi * frequencies / rate_hz)
    whole = np.ones(len(z), dtype=np.complex128)
    for top, bottom in biquads(rate_hz):
        whole *= np.polyval(top[::-1], z) / np.polyval(bottom[::-1], z)
    return whole


def test_the_coefficients_at_48_khz_are_those_of_the_standard() -> None:
    # ITU-R BS.1770-4 annex 1, tables 1 and 2.
    shelf, high_pass = biquads(48_000)
    np.testing.assert_allclose(shelf[0], [1.53512485958697, -2.69169618940638, 1.19839281085285])
    np.testing.assert_allclose(shelf[1][1:], [-1.69065929318241, 0.73248077421585])
    np.testing.assert_allclose(high_pass[0], [1.0, -2.0, 1.0])
    np.testing.assert_allclose(high_pass[1][1:], [-1.99004745483398, 0.99007225036621], rtol=1e-9)


@pytest.mark.parametrize("rate_hz", [48_000, 44_100, 24_000, 16_000, 8_000])
def test_a_stream_comes_out_as_its_frequency_response_says(rate_hz: int) -> None:
    block = rate_hz * 3 // 10
    noise = np.random.default_rng(3).standard_normal(20 * block)
    noise[10 * block : 12 * block] = 0.0
    # A strong hum that the high-pass takes away again must cost no precision.
    noise += 3 * np.sin(2 * np.pi * 12 * np.arange(len(noise)) / rate_hz)
    size = 4 * len(noise)
    spectrum = np.fft.rfft(noise, size) * response(np.fft.rfftfreq(size, 1 / rate_hz), rate_hz)
    wanted = np.fft.irfft(spectrum)[: len(noise)]
    weighting = KFilter(rate_hz, block)
    found = np.concatenate(
        [weighting.weighted(part) for part in np.split(noise.astype(np.float32), 20)]
    )
    np.testing.assert_allclose(found, wanted, atol=3e-5)


def test_silence_becomes_digital_silence_again() -> None:
    weighting = KFilter(48_000, 14_400)
    weighting.weighted(np.full(14_400, 0.5, dtype=np.float32))
    quiet = np.zeros(14_400, dtype=np.float32)
    heard = [weighting.weighted(quiet) for _ in range(10)]
    assert heard[0].any()
    assert not heard[-1].any()


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 2, 5, 20, 80]),
    st.floats(0.0, 1.0),
)
def test_no_value_between_samples_is_above_its_chunks_bound(
    seed: int, smooth: int, hum: float
) -> None:
    count = 8
    source = np.random.default_rng(seed).standard_normal(count * CHUNK + TAPS + smooth)
    even = np.convolve(source, np.ones(smooth) / smooth, mode="same")
    signal: Block = (even + hum * np.sin(np.arange(len(even)) / 30)).astype(np.float32)
    chunks = chunked(signal, count)
    found = np.maximum(between(chunks.around).max(axis=1), highest_in(chunks.around))
    bounds = chunks.highest * STRAIGHT + sharpest_in(chunks.around) * BENT
    assert (found <= bounds * 1.000_01).all()
    assert (bounds <= chunks.highest * (STRAIGHT + 4 * BENT) * 1.000_01).all()
    assert (chunks.highest >= highest_in(chunks.around)).all()
    for level in np.quantile(found, [0.0, 0.3, 0.7, 0.95]):
        assert set(np.flatnonzero(found > level * 1.000_01)) <= set(chunks.above(float(level)))


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 12, 60]))
def test_skipping_what_cannot_be_higher_finds_the_same_peak(seed: int, smooth: int) -> None:
    source = np.random.default_rng(seed).standard_normal(40 * CHUNK)
    signal = np.convolve(source, np.ones(smooth) / smooth, mode="same").astype(np.float32)
    signal *= np.linspace(0.2, 1.0, len(signal), dtype=np.float32)
    meter = PeakMeter()
    for part in np.split(signal, 7 * [0] + [500, 3_000, 9_000]):
        meter.push(part)
    padded = np.concatenate([np.zeros(BEFORE), signal, np.zeros(2 * CHUNK)]).astype(np.float32)
    every = between(chunked(padded, 41).around).max()
    wanted = 20 * np.log10(max(float(every), float(np.abs(signal).max())))
    assert meter.finish() == pytest.approx(wanted, abs=1e-4)
