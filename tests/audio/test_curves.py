"""The shape of a finished sound, against tones whose figures are known beforehand."""

from pathlib import Path

import numpy as np
import pytest

from audio.curves import measure_curves
from audio.takes import write_take
from programme.errors import ExitCode, ProductionError
from programme.sound import MIX_RATE
from programme.units import Dbtp
from tests.audio.slot_material import decoded, ebur128, tone


def written(path: Path, *parts: np.ndarray) -> Path:
    sound = np.concatenate(parts)
    write_take(path, np.rint(sound * 32_767).astype(np.int16), MIX_RATE)
    return path


def nothing(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * MIX_RATE))


def test_a_tone_has_the_loudness_over_time_that_tech_3341_gives_it(tmp_path: Path) -> None:
    # Case 1: -23 dBFS in both channels reads -23 LUFS; one channel alone is 3.01 LU less.
    path = written(tmp_path / "tone.flac", tone(1_000, 10, 10 ** (-20 / 20)))
    one = measure_curves(path, most=Dbtp(-1.0), dual_mono=False)
    two = measure_curves(path, most=Dbtp(-1.0), dual_mono=True)
    assert one.duration_ms == 10_000
    assert one.short_term[29:] == pytest.approx([-23.01] * 71, abs=0.1)
    assert one.momentary[3:] == pytest.approx([-23.01] * 97, abs=0.1)
    assert set(one.short_term[:29]) == {-70.0}
    assert two.short_term[29:] == pytest.approx([-20.0] * 71, abs=0.1)
    assert two.loudness.integrated == pytest.approx(-20.0, abs=0.1)


def test_the_whole_agrees_with_ffmpegs_meter(tmp_path: Path) -> None:
    parts = [tone(440, 4, 0.1), tone(880, 3, 0.4), nothing(1), tone(220, 5, 0.05)]
    path = written(tmp_path / "steps.flac", *parts)
    found = measure_curves(path, most=Dbtp(-1.0), dual_mono=False).loudness
    judged = ebur128(decoded(path)[0])
    assert found.integrated == pytest.approx(judged.integrated, abs=0.1)


def test_the_waveform_reaches_as_far_as_the_tone(tmp_path: Path) -> None:
    path = written(tmp_path / "tone.flac", tone(1_000, 2, 0.5), nothing(0.005))
    curves = measure_curves(path, most=Dbtp(-1.0), dual_mono=False)
    assert len(curves.high) == len(curves.low) == 201, "what is left over is a step of its own"
    assert curves.high[:200] == pytest.approx([0.5] * 200, abs=0.002)
    assert curves.low[5:195] == pytest.approx([-0.5] * 190, abs=0.002)
    assert curves.high[200] == 0.0


def test_a_peak_over_what_is_allowed_is_found_where_it_is(tmp_path: Path) -> None:
    loud = tone(1_000, 0.05, 0.99)
    path = written(tmp_path / "peak.flac", tone(1_000, 4, 0.3), loud, tone(1_000, 2, 0.3))
    curves = measure_curves(path, most=Dbtp(-1.0), dual_mono=False)
    assert curves.overs
    assert all(3_990 <= at <= 4_060 for at in curves.overs)
    assert not measure_curves(path, most=Dbtp(0.5), dual_mono=False).overs


def test_silence_is_found_where_it_is_and_a_breath_is_none(tmp_path: Path) -> None:
    path = written(
        tmp_path / "gaps.flac", tone(300, 2), nothing(2.5), tone(300, 1), nothing(0.2), tone(300, 1)
    )
    (gap,) = measure_curves(path, most=Dbtp(-1.0), dual_mono=False).silences
    assert gap.start_ms == pytest.approx(2_000, abs=20)
    assert gap.end_ms == pytest.approx(4_500, abs=20)


def test_a_file_that_is_no_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.mp3"
    path.write_text("not a sound at all", encoding="utf-8")
    with pytest.raises(ProductionError) as refused:
        measure_curves(path, most=Dbtp(-1.0), dual_mono=False, where="words.mp3")
    assert refused.value.code is ExitCode.INPUT
    assert refused.value.where == "words.mp3"
