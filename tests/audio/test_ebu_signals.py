"""The meter reads the EBU's minimum requirement signals: Tech 3341 (v4, 2023) and 3342 (v4).

Which cases of table 1 of Tech 3341 are here, and which are not:

- 1 to 6: tones; 6 has five channels. Our meter takes one channel, so the test adds up the
  channels' energies with the weights of BS.1770-4 table 3 before it reads them.
- 7 and 8, and 5 and 6 of Tech 3342: authentic programmes; they cannot be made from a
  description, and the EBU's files are not ours to copy.
- 9 and 12: tones in steps; every window after the first must read the same.
- 10 and 13: for meters of files, tones after silences of different length; each is a file.
- 11 and 14: for live meters, the same at rising levels one after another; the highest reading
  of each segment is taken.
- 15 to 19: tones whose peaks lie between samples.
- 20 to 23: a tone with one burst at full scale, made at four times the rate and decimated with
  an offset of 0 to 3 samples. The published files' exact burst is not described in words; ours
  rises and falls as a raised cosine over eight cycles, so that it is band-limited and its peak
  is known: 1.0.

All tones are 1 kHz, 48 kHz, the same in both channels. Tolerances are the documents': 0.1 LU,
+0.2 and -0.4 dB, 1 LU for the range.
"""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from audio.loudness import Energies, EnergyMeter, energies_of, loudness_of
from audio.peaks import PeakMeter
from programme.sound import Loudness
from programme.units import Dbtp, Hz
from tests.audio.slot_material import RATE

Steps = Sequence[tuple[float, float]]
"""Peak level in dBFS and seconds; -inf is silence."""
SILENCE = float("-inf")


def tone(steps: Steps, rate_hz: int = RATE) -> NDArray[np.float64]:
    """Give a 1 kHz sine in steps, without a break in phase."""
    levels = np.concatenate([np.full(round(s * rate_hz), 10 ** (db / 20)) for db, s in steps])
    wave: NDArray[np.float64] = levels * np.sin(2000 * np.pi * np.arange(len(levels)) / rate_hz)
    return wave


def stereo(steps: Steps, rate_hz: int = RATE) -> Loudness:
    """Read a tone that is the same in both channels: its energies, twice."""
    meter = EnergyMeter(Hz(rate_hz))
    meter.push(tone(steps, rate_hz))
    return loudness_of(
        2 * meter.finish(), Dbtp(0.0), momentary=2 * meter.momentary, dual_mono=False
    )


def windows(energies: Energies, steps: int) -> NDArray[np.float64]:
    """Give the loudness of every window of so many steps of 100 ms."""
    means = np.lib.stride_tricks.sliding_window_view(energies, steps).mean(axis=1)
    levels: NDArray[np.float64] = -0.691 + 10 * np.log10(means)
    return levels


@pytest.mark.parametrize("rate_hz", [48_000, 44_100, 24_000, 8_000])
@pytest.mark.parametrize("level", [-23.0, -33.0], ids=["3341-1", "3341-2"])
def test_a_steady_tone_reads_its_level_on_every_scale(level: float, rate_hz: int) -> None:
    found = stereo([(level, 20)], rate_hz)
    assert found.integrated == pytest.approx(level, abs=0.1)
    assert found.short_term_max == pytest.approx(level, abs=0.1)
    assert found.momentary_max == pytest.approx(level, abs=0.1)


@pytest.mark.parametrize(
    "steps",
    [
        [(-36, 10), (-23, 60), (-36, 10)],
        [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)],
        [(-26, 20), (-20, 20.1), (-26, 20)],
    ],
    ids=["3341-3", "3341-4", "3341-5"],
)
def test_the_gates_leave_out_what_the_ebu_leaves_out(steps: Steps) -> None:
    assert stereo(steps).integrated == pytest.approx(-23, abs=0.1)


def test_five_channels_add_up_with_their_weights() -> None:
    # 3341-6: left and right at -28, centre at -24, surrounds at -30 dBFS; surrounds weigh 1.41.
    front, centre, rear = (energies_of([tone([(level, 20)])]) for level in (-28, -24, -30))
    found = loudness_of(2 * front + centre + 2 * 1.41 * rear, Dbtp(0.0))
    assert found.integrated == pytest.approx(-23, abs=0.1)


def test_every_short_term_window_over_steps_of_its_period_reads_the_same() -> None:
    # 3341-9: constant after three seconds.
    energies = 2 * energies_of([tone([(-20, 1.34), (-30, 1.66)] * 5)])
    np.testing.assert_allclose(windows(energies, 30), -23, atol=0.1)


def test_every_momentary_window_over_steps_of_its_period_reads_the_same() -> None:
    # 3341-12: constant after one second.
    energies = 2 * energies_of([tone([(-20, 0.18), (-30, 0.22)] * 25)])
    np.testing.assert_allclose(windows(energies, 4)[6:], -23, atol=0.1)


@pytest.mark.parametrize("segment", range(20))
def test_three_seconds_read_their_level_wherever_they_begin(segment: int) -> None:
    # 3341-10
    found = stereo([(SILENCE, 0.15 * segment), (-23, 3), (SILENCE, 1)])
    assert found.short_term_max == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("segment", range(20))
def test_four_hundred_milliseconds_read_their_level_wherever_they_begin(segment: int) -> None:
    # 3341-13
    found = stereo([(SILENCE, 0.02 * segment), (-23, 0.4), (SILENCE, 1)])
    assert found.momentary_max == pytest.approx(-23, abs=0.1)


def test_short_term_maxima_follow_rising_segments() -> None:
    # 3341-11: the highest reading so far, after each segment.
    steps: list[tuple[float, float]] = []
    for segment in range(20):
        late = 0.15 * segment
        steps += [(SILENCE, late), (-38 + segment, 3), (SILENCE, 3 - late)]
    energies = 2 * energies_of([tone(steps)])
    for segment in range(20):
        found = loudness_of(energies[: 60 * (segment + 1)], Dbtp(0.0))
        assert found.short_term_max == pytest.approx(-38 + segment, abs=0.1)


def test_momentary_maxima_follow_rising_segments() -> None:
    # 3341-14
    steps: list[tuple[float, float]] = []
    for segment in range(20):
        late = 0.02 * segment
        steps += [(SILENCE, late), (-38 + segment, 0.4), (SILENCE, 0.4 - late)]
        found = stereo([*steps, (SILENCE, 1)])
        assert found.momentary_max == pytest.approx(-38 + segment, abs=0.1)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(-20, 20), (-30, 20)], 10),
        ([(-20, 20), (-15, 20)], 5),
        ([(-40, 20), (-20, 20)], 20),
        ([(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)], 15),
    ],
    ids=["3342-1", "3342-2", "3342-3", "3342-4"],
)
def test_the_range_is_what_the_ebu_says(steps: Steps, expected: float) -> None:
    assert stereo(steps).range_lu == pytest.approx(expected, abs=1.0)


def peak_of(signal: NDArray[np.float64]) -> float:
    meter = PeakMeter()
    for start in range(0, len(signal), 4_800):
        meter.push(signal[start : start + 4_800].astype(np.float32))
    return meter.finish()


def faded(signal: NDArray[np.float64], rate_hz: int = RATE) -> NDArray[np.float64]:
    """Ramp the first and the last ten milliseconds."""
    ramp = np.minimum(1.0, np.arange(len(signal)) / (rate_hz // 100))
    return signal * ramp * ramp[::-1]


@pytest.mark.parametrize(
    ("divisor", "degrees", "amplitude", "expected"),
    [
        (4, 0.0, 0.5, -6.0),
        (4, 45.0, 0.5, -6.0),
        (6, 60.0, 0.5, -6.0),
        (8, 67.5, 0.5, -6.0),
        (4, 45.0, 1.41, 3.0),
    ],
    ids=["3341-15", "3341-16", "3341-17", "3341-18", "3341-19"],
)
def test_peaks_between_samples_are_found(
    divisor: int, degrees: float, amplitude: float, expected: float
) -> None:
    at = np.arange(RATE)
    signal = amplitude * np.sin(2 * np.pi * at / divisor + np.deg2rad(degrees))
    assert expected - 0.4 <= peak_of(faded(signal)) <= expected + 0.2


@pytest.mark.parametrize(
    "offset", range(4), ids=["like 3341-20", "like 3341-21", "like 3341-22", "like 3341-23"]
)
@pytest.mark.parametrize("divisor", [4, 6])
def test_a_burst_at_full_scale_is_found_wherever_the_samples_lie(divisor: int, offset: int) -> None:
    rate = 4 * RATE
    at = np.arange(rate)
    length = 8 * 4 * divisor
    swell = np.zeros(rate)
    swell[rate // 2 - length // 2 : rate // 2 + length // 2] = 0.5 - 0.5 * np.cos(
        2 * np.pi * np.arange(length) / length
    )
    # A cosine about the middle of the swell: its highest point is there, and is 1.0.
    signal = (0.5 + 0.5 * swell) * np.cos(2 * np.pi * (at - rate // 2) / (4 * divisor))
    assert -0.4 <= peak_of(faded(signal, rate)[offset::4]) <= 0.2


def test_a_rate_at_which_ten_milliseconds_are_not_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="11025"):
        EnergyMeter(Hz(11_025))
