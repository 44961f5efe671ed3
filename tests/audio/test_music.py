"""The house's own sounds: clean, calm, in tune, never an alert; what nobody hears is measured."""

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audio.decode import decode_blocks, probe
from audio.instruments import RATE, _noise, bell, marimba, nylon, pitch_hz
from audio.music import LICENCE, NAMES, compose

HOUSE = Path(__file__).parents[2]
SECONDS = {
    "apertura": (6, 8),
    "puente": (1.5, 2.5),
    "cama": (60, 90),
    "cierre": (7, 9),
    "campana": (2, 3),
}


@cache
def sound(name: str) -> Any:
    made = compose(name)
    made.flags.writeable = False
    return made


def band_db(samples: Any, low: float, high: float) -> float:
    """Give a band's share of the energy."""
    power = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(10 * np.log10(power[(hz >= low) & (hz < high)].sum() / power.sum()))


def strongest_hz(samples: Any) -> float:
    size = 1 << 19
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size))
    return float(power.argmax() * RATE / size)


def test_the_five_sounds_have_their_names() -> None:
    assert sorted(NAMES) == sorted(SECONDS)


@pytest.mark.parametrize("name", NAMES)
def test_a_sound_has_its_length(name: str) -> None:
    shortest, longest = SECONDS[name]
    assert shortest <= len(sound(name)) / RATE <= longest


@pytest.mark.parametrize("name", NAMES)
def test_the_peak_is_three_decibels_below_full_scale(name: str) -> None:
    assert 20 * np.log10(np.abs(sound(name)).max()) == pytest.approx(-3, abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_there_is_no_constant_offset(name: str) -> None:
    assert abs(float(sound(name).mean(dtype=np.float64))) < 1e-5


@pytest.mark.parametrize("name", NAMES)
def test_no_step_is_larger_than_its_own_tones_make(name: str) -> None:
    # A full-scale tone of 1,100 Hz steps by 0.144 at 48 kHz; a click of 10 % would show.
    assert np.abs(np.diff(sound(name))).max() < 0.11


@pytest.mark.parametrize("name", NAMES)
def test_a_click_would_show_as_a_burst_of_high_tones(name: str) -> None:
    whole = sound(name)
    frames = whole[: len(whole) // 480 * 480].reshape(-1, 480) * np.hanning(480)
    high = np.abs(np.fft.rfft(frames, axis=1))[:, 80:].max(axis=1) / 120  # above 8 kHz
    assert high.max() < 10 ** (-50 / 20)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "cama"])
def test_a_sound_begins_and_ends_at_nothing(name: str) -> None:
    whole = sound(name)
    assert abs(whole[0]) < 1e-4
    assert abs(whole[-1]) < 1e-4
    assert np.abs(whole[-480:]).max() < 1e-3


@pytest.mark.parametrize("name", [name for name in NAMES if name != "cama"])
def test_a_sound_does_not_keep_people_waiting(name: str) -> None:
    loud = np.flatnonzero(np.abs(sound(name)) > 0.05)
    assert loud[0] < 0.1 * RATE
    heard = np.flatnonzero(np.abs(sound(name)) > 0.002)
    assert heard[-1] > len(sound(name)) - 1.5 * RATE


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("apertura", 250, 900),
        ("puente", 250, 900),
        ("cierre", 250, 900),
        ("cama", 150, 400),
        ("campana", 600, 1300),
    ],
)
def test_the_colour_is_warm(name: str, lowest: float, highest: float) -> None:
    power = np.abs(np.fft.rfft(sound(name).astype(np.float64))) ** 2
    hz = np.fft.rfftfreq(len(sound(name)), 1 / RATE)
    assert lowest < (hz * power).sum() / power.sum() < highest


@pytest.mark.parametrize("name", NAMES)
def test_there_are_no_harsh_highs_and_no_rumble(name: str) -> None:
    assert band_db(sound(name), 4_000, RATE / 2) < -35
    assert band_db(sound(name), 0, 50) < -35


def test_the_bed_leaves_the_band_of_speech_free() -> None:
    assert band_db(sound("cama"), 1_000, 4_000) < -25


def test_the_bed_is_calm() -> None:
    # Short-term level (1 s) stays within 12 dB: it neither calls nor stops.
    whole = sound("cama")
    level = 10 * np.log10((whole.reshape(-1, RATE).astype(np.float64) ** 2).mean(axis=1))
    assert level.max() - level.min() < 12


def test_the_beds_end_leads_into_its_beginning() -> None:
    whole = sound("cama")
    twice = np.concatenate((whole[-RATE:], whole[:RATE]))
    assert abs(float(whole[0]) - float(whole[-1])) <= np.abs(np.diff(whole)).max()
    # Curvature at the seam is like anywhere else: no corner.
    bend = np.abs(np.diff(twice, 2))
    assert bend[RATE - 3 : RATE + 1].max() <= np.quantile(bend, 0.999)
    # Nor is there anything above 6 kHz that the rest does not have.
    frames = np.stack([twice[start : start + 960] for start in range(0, len(twice) - 960, 480)])
    high = np.abs(np.fft.rfft(frames * np.hanning(960), axis=1))[:, 120:].max(axis=1)
    at_seam = high[(RATE - 960) // 480 : RATE // 480 + 1].max()
    assert at_seam <= 2 * np.quantile(high, 0.99) + 1e-3


def test_the_bed_is_whole_bars() -> None:
    assert len(sound("cama")) % round(6 * 0.3 * RATE) == 0


def test_the_chime_is_two_tones_within_what_horns_carry_well() -> None:
    whole = sound("campana")
    first, second = whole[: RATE // 2], whole[round(0.6 * RATE) :]
    assert strongest_hz(first) == pytest.approx(pitch_hz("G5"), rel=0.01)
    assert strongest_hz(second) == pytest.approx(pitch_hz("C6"), rel=0.01)
    assert band_db(whole, 500, 2_000) > -0.5


@pytest.mark.parametrize("name", NAMES)
def test_no_sound_holds_the_tones_of_an_alert(name: str) -> None:
    # 853 and 960 Hz together are the attention signal of 47 CFR 11.31; 1,050 Hz is weather
    # radio's. A steady alert tone is far above its neighbours for a second and more.
    whole = sound(name).astype(np.float64)
    size = RATE // 2
    hz = np.fft.rfftfreq(size, 1 / RATE)
    for start in range(0, len(whole) - size, size // 2):
        power = np.abs(np.fft.rfft(whole[start : start + size] * np.hanning(size))) ** 2
        both = [power[np.abs(hz - tone) < 6].sum() / (power.sum() + 1e-9) for tone in (853, 960)]
        assert min(both) < 0.05


@pytest.mark.parametrize("name", [name for name in NAMES if name != "cama"])
def test_composing_twice_gives_the_same(name: str) -> None:
    assert np.array_equal(compose(name), sound(name))


@pytest.mark.parametrize("play", [marimba, nylon, bell])
@pytest.mark.parametrize("note", ["A3", "C5", "G5"])
def test_every_instrument_is_in_tune(play: Any, note: str) -> None:
    tone = play(pitch_hz(note), 0.7)
    cents = 1200 * np.log2(strongest_hz(tone[2_400:]) / pitch_hz(note))
    assert abs(cents) < 8


@pytest.mark.parametrize("play", [marimba, nylon, bell])
def test_a_tone_begins_softly_rings_and_ends_in_silence(play: Any) -> None:
    tone = play(pitch_hz("C4"), 0.7)
    assert abs(tone[0]) < 1e-6
    assert np.abs(tone[:24]).max() < 0.25 * np.abs(tone).max()
    assert abs(tone[-1]) < 1e-4


@pytest.mark.parametrize(
    ("name", "hz"), [("A4", 440.0), ("C4", 261.6256), ("F#3", 184.9972), ("Bb5", 932.3275)]
)
def test_notes_have_their_frequency(name: str, hz: float) -> None:
    assert pitch_hz(name) == pytest.approx(hz, abs=1e-3)


@pytest.mark.parametrize("name", ["H4", "C", "Cx4", "4C"])
def test_what_is_no_note_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no such note"):
        pitch_hz(name)


def test_noise_is_that_of_splitmix64() -> None:
    # Reference output of splitmix64 for the states gamma x 1, 2, 3 (seed 0; Steele et al. 2014).
    known = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert _noise(4, seed=0)[1:] == pytest.approx([v / 2**63 - 1 for v in known], abs=1e-12)


def test_the_files_of_the_example_are_these_sounds() -> None:
    folder = HOUSE / "examples" / "camino" / "sounds"
    for name in NAMES:
        path = folder / f"{name}.flac"
        claim = probe(path)
        assert (claim.container, claim.rate_hz, claim.channels) == ("FLAC", 48_000, 1)
        # Another processor's sine may differ in the last bit.
        ours = np.concatenate(list(decode_blocks(path)))
        assert np.abs(ours - sound(name)).max() < 2 / 32_768
    assert (folder / "LICENCE.txt").read_text(encoding="utf-8") == LICENCE
    assert sum(path.stat().st_size for path in folder.glob("*.flac")) < 6_000_000


def test_the_tool_writes_the_same_files_into_any_folder(tmp_path: Path) -> None:
    tool = HOUSE / "tools" / "make_sounds.py"
    folder = tmp_path / "new" / "sounds"
    subprocess.run([sys.executable, tool, folder], check=True, capture_output=True, cwd=tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["LICENCE.txt", *(f"{name}.flac" for name in NAMES)]
    )
    for name in NAMES:
        made = np.concatenate(list(decode_blocks(folder / f"{name}.flac")))
        assert np.abs(made - sound(name)).max() < 2 / 32_768


def test_the_tool_needs_a_folder_and_says_so() -> None:
    tool = HOUSE / "tools" / "make_sounds.py"
    result = subprocess.run([sys.executable, tool], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "folder" in result.stderr
