"""Our meter against FFmpeg's program on files: speech, music, and one channel as two speakers."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from audio.decode import decode_blocks
from audio.loudness import EnergyMeter, loudness_of
from audio.peaks import PeakMeter
from programme.profiles import profiles
from programme.sound import Loudness
from tests.audio.finished import small
from tests.audio.slot_material import spoken
from tests.strict import ToolFinder

pytestmark = pytest.mark.tools
SOUNDS = Path(__file__).parents[2] / "examples" / "camino" / "sounds"


def program(path: Path, tool: ToolFinder, *, dual_mono: bool = False) -> dict[str, float]:
    """Give what ``ffmpeg -af ebur128`` prints in its summary."""
    meter = f"ebur128=peak=true:dualmono={'true' if dual_mono else 'false'}"
    done = subprocess.run(
        [tool("ffmpeg"), "-nostdin", "-i", str(path), "-af", meter, "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    summary = done.stderr[done.stderr.rindex("Summary:") :]
    return {
        key: float(value)
        for key, value in re.findall(r"^\s+(I|Peak):\s+(-?[\d.]+)", summary, re.MULTILINE)
    }


def ours(path: Path, *, dual_mono: bool = False) -> Loudness:
    """Read a file with our meter."""
    energies, peaks = EnergyMeter(), PeakMeter()
    for block in decode_blocks(path):
        energies.push(block)
        peaks.push(block)
    return loudness_of(
        energies.finish(), peaks.finish(), dual_mono=dual_mono, momentary=energies.momentary
    )


def agree(path: Path, tool: ToolFinder, *, dual_mono: bool = False) -> None:
    found, judge = ours(path, dual_mono=dual_mono), program(path, tool, dual_mono=dual_mono)
    # The program rounds to a tenth. Over some seconds the range is one of few values: see
    # test_shipped_loudness for longer files.
    assert found.integrated == pytest.approx(judge["I"], abs=0.1)
    assert found.true_peak == pytest.approx(judge["Peak"], abs=0.2)


@pytest.mark.parametrize("language", ["es-419", "en"])
def test_speech_reads_as_in_the_program(tmp_path: Path, language: str, tool: ToolFinder) -> None:
    for line in spoken(tmp_path, language):
        agree(line.take, tool)


@pytest.mark.parametrize("name", ["apertura", "cama", "cierre", "puente"])
def test_music_reads_as_in_the_program(name: str, tool: ToolFinder) -> None:
    agree(SOUNDS / f"{name}.flac", tool)


@pytest.mark.parametrize("name", ["cama", "cierre"])
def test_one_channel_as_two_speakers_reads_as_in_the_program(name: str, tool: ToolFinder) -> None:
    path = SOUNDS / f"{name}.flac"
    agree(path, tool, dual_mono=True)
    assert ours(path, dual_mono=True).integrated - ours(path).integrated == pytest.approx(
        10 * np.log10(2), abs=1e-6
    )


@pytest.mark.parametrize("profile", ["podcast", "broadcast"])
def test_a_file_that_ships_reads_in_the_program_as_its_profile_promises(
    tmp_path: Path, profile: str, tool: ToolFinder
) -> None:
    made, wanted = small(tmp_path, profile), profiles()[profile]
    for spec in wanted.renditions:
        path = made.write(spec.id, tmp_path)
        judge = program(path, tool, dual_mono=wanted.dual_mono)
        said = made.loudness(spec)
        assert judge["I"] == pytest.approx(wanted.loudness_lufs, abs=wanted.tolerance_lu)
        assert judge["I"] == pytest.approx(said.integrated, abs=0.1)
        assert judge["Peak"] == pytest.approx(said.true_peak, abs=0.2)
        assert judge["Peak"] <= wanted.max_dbtp + 0.05
