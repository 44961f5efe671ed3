"""What is said of each file that ships is what FFmpeg's meter reads of that very file."""

from pathlib import Path

import pytest

from audio.editions import write_rendition
from audio.loudness import EnergyMeter, loudness_of
from audio.peaks import PeakMeter
from production.loudness_limits import judge_loudness
from programme.profiles import profiles
from programme.sound import Loudness
from programme.units import Hz
from tests.audio.finished import Small, small
from tests.audio.slot_material import decoded, decoded_for_reading, ebur128

DUAL_MONO = 3.01
"""FFmpeg reads a mono file as one channel."""
FILES = [(name, spec.id) for name, profile in profiles().items() for spec in profile.renditions]


class Files:
    """Renders a profile's slots once, and each of its files once."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        self._small: dict[str, Small] = {}
        self._said: dict[Path, Loudness] = {}

    def get(self, profile: str, rendition: str) -> tuple[Path, Loudness]:
        """Give a file and what is said of it."""
        if profile not in self._small:
            self._small[profile] = small(self._factory.mktemp(profile), profile)
        job = self._small[profile].job(rendition, self._factory.getbasetemp() / rendition)
        out = job.out.with_name(f"{profile}.{rendition}{job.spec.suffix}")
        if out not in self._said:
            job.out.unlink(missing_ok=True)
            self._said[out] = write_rendition(job)
            job.out.replace(out)
        return out, self._said[out]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory)


@pytest.mark.parametrize(("profile", "rendition"), FILES)
def test_ffmpeg_reads_of_a_file_what_is_said_of_it(
    files: Files, profile: str, rendition: str
) -> None:
    path, said = files.get(profile, rendition)
    sound, rate = decoded(path)
    judge = ebur128(sound, rate)
    extra = DUAL_MONO if profiles()[profile].dual_mono else 0.0
    assert said.integrated == pytest.approx(judge.integrated + extra, abs=0.1)
    assert said.true_peak == pytest.approx(judge.true_peak, abs=0.2)
    assert said.range_lu == pytest.approx(judge.range_lu, abs=0.3)


@pytest.mark.parametrize(("profile", "rendition"), FILES)
def test_our_meter_over_a_decoded_file_reads_what_is_said_of_it(
    files: Files, profile: str, rendition: str
) -> None:
    path, said = files.get(profile, rendition)
    sound, rate = decoded_for_reading(path)
    energies, peaks = EnergyMeter(Hz(rate)), PeakMeter()
    energies.push(sound)
    peaks.push(sound.astype("float32"))
    found = loudness_of(
        energies.finish(),
        peaks.finish(),
        dual_mono=profiles()[profile].dual_mono,
        momentary=energies.momentary,
    )
    assert found.integrated == pytest.approx(said.integrated, abs=0.002)
    assert found.range_lu == pytest.approx(said.range_lu, abs=0.002)
    assert found.momentary_max == pytest.approx(said.momentary_max, abs=0.002)
    assert found.short_term_max == pytest.approx(said.short_term_max, abs=0.002)
    assert found.true_peak == pytest.approx(said.true_peak, abs=0.01)


@pytest.mark.parametrize(("profile", "rendition"), FILES)
def test_a_file_is_within_what_its_profile_promises(
    files: Files, profile: str, rendition: str
) -> None:
    path, said = files.get(profile, rendition)
    judge_loudness(said, profiles()[profile], where=path.name)
