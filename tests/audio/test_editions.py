"""Whole editions as players meet them: measured decoded, by our meter and by FFmpeg's."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from audio.editions import measure_slots, write_rendition
from audio.jobs import RenditionJob
from audio.loudness import EnergyMeter, energies_of, integrated, loudness_of
from audio.peaks import PeakMeter
from audio.slots import render_slot
from programme.digests import digest_file
from programme.editions import Chapter
from programme.errors import ExitCode, ProductionError
from programme.profiles import profiles
from programme.sound import Loudness
from programme.units import Dbtp, DurationMs, Hz, Samples
from tests.audio.slot_material import (
    LOUDNESS,
    decoded,
    decoded_for_reading,
    ebur128,
    edition_tags,
    music,
    slot_job,
    spoken,
)
from tests.strict import ToolFinder


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """An edition in one profile."""

    files: dict[str, Path]
    samples: Samples
    loudness: dict[str, Loudness]


def produce(folder: Path, material: Path, profile: str) -> Finished:
    """Render an edition of four slots: jingle, speech with sting and bed, speech, English."""
    sounds = music(material)
    spanish, english = spoken(material), spoken(material, "en")
    jobs = [
        slot_job(folder, "a", profile=profile, sound=sounds["jingle"]),
        slot_job(
            folder,
            "b",
            profile=profile,
            lines=spanish[:3],
            sting=sounds["sting"],
            bed=sounds["bed"],
        ),
        slot_job(folder, "c", profile=profile, lines=spanish[3:]),
        slot_job(folder, "d", profile=profile, lines=english, sound=sounds["sting"]),
    ]
    results = [render_slot(job) for job in jobs]
    samples = Samples(sum(result.samples for result in results))
    files, loudness = {}, {}
    for spec in profiles()[profile].renditions:
        loudness[spec.id] = measure_slots(
            [job.energies[spec.id] for job in jobs],
            [result.loudness[spec.id] for result in results],
            dual_mono=profiles()[profile].dual_mono,
        )
        out = folder / f"edition{spec.suffix}"
        write_rendition(
            RenditionJob(
                spec=spec,
                slots=tuple(job.coded[spec.id] for job in jobs),
                samples=samples,
                tags=edition_tags(
                    chapters=(
                        Chapter(start_ms=DurationMs(0), end_ms=DurationMs(3_600), title="Uno"),
                        Chapter(start_ms=DurationMs(3_600), end_ms=DurationMs(9_000), title="Dos"),
                    )
                ),
                loudness=loudness[spec.id],
                dual_mono=profiles()[profile].dual_mono,
                max_dbtp=profiles()[profile].max_dbtp,
                out=out,
            )
        )
        files[spec.id] = out
    return Finished(files=files, samples=samples, loudness=loudness)


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finished]:
    material = tmp_path_factory.mktemp("material")
    return {
        profile: produce(tmp_path_factory.mktemp(profile), material, profile)
        for profile in ("podcast", "broadcast", "loudspeaker")
    }


def peak_of(sound: NDArray[np.floating]) -> Dbtp:
    meter = PeakMeter()
    meter.push(sound.astype(np.float32))
    return meter.finish()


RENDITIONS = pytest.mark.parametrize(
    ("profile", "rendition"),
    [
        ("podcast", "mp3"),
        ("podcast", "opus"),
        ("broadcast", "mp3-128"),
        ("loudspeaker", "mp3-old-player"),
    ],
)


@RENDITIONS
def test_what_a_player_decodes_is_as_loud_as_promised(
    editions: dict[str, Finished], profile: str, rendition: str
) -> None:
    wanted = profiles()[profile]
    sound, rate = decoded(editions[profile].files[rendition])
    judge = ebur128(sound, rate)
    # FFmpeg's meter reads a mono file as one channel.
    extra = 3.01 if wanted.dual_mono else 0.0
    assert judge.integrated + extra == pytest.approx(wanted.loudness_lufs, abs=wanted.tolerance_lu)
    assert judge.true_peak <= wanted.max_dbtp
    assert peak_of(sound) <= wanted.max_dbtp
    whole = sound if rate == 48_000 else soxr.resample(sound, rate, 48_000)
    ours = integrated(energies_of([whole]), dual_mono=wanted.dual_mono)
    assert ours == pytest.approx(wanted.loudness_lufs, abs=wanted.tolerance_lu)
    assert ours == pytest.approx(judge.integrated + extra, abs=0.1)


@RENDITIONS
def test_the_edition_reads_as_its_slots_say(
    editions: dict[str, Finished], profile: str, rendition: str
) -> None:
    wanted, edition = profiles()[profile], editions[profile]
    said = edition.loudness[rendition]
    assert said.integrated == pytest.approx(wanted.loudness_lufs, abs=wanted.tolerance_lu)
    assert said.true_peak <= wanted.max_dbtp
    sound, rate = decoded(edition.files[rendition])
    judge = ebur128(sound, rate)
    extra = 3.01 if wanted.dual_mono else 0.0
    assert judge.integrated + extra == pytest.approx(said.integrated, abs=0.1)
    assert judge.range_lu == pytest.approx(said.range_lu, abs=0.3)
    assert judge.true_peak == pytest.approx(said.true_peak, abs=0.2)


@RENDITIONS
def test_our_meter_over_the_whole_decoded_file_reads_what_its_slots_say(
    editions: dict[str, Finished], profile: str, rendition: str
) -> None:
    said = editions[profile].loudness[rendition]
    sound, rate = decoded_for_reading(editions[profile].files[rendition])
    meter = EnergyMeter(Hz(rate))
    meter.push(sound)
    whole = loudness_of(
        meter.finish(),
        peak_of(sound),
        dual_mono=profiles()[profile].dual_mono,
        momentary=meter.momentary,
    )
    assert whole.integrated == pytest.approx(said.integrated, abs=0.001)
    assert whole.momentary_max == pytest.approx(said.momentary_max, abs=0.001)
    assert whole.short_term_max == pytest.approx(said.short_term_max, abs=0.001)
    assert whole.range_lu == pytest.approx(said.range_lu, abs=0.001)
    assert whole.true_peak == pytest.approx(said.true_peak, abs=0.01)


@RENDITIONS
def test_the_decoded_length_is_exact(
    editions: dict[str, Finished], profile: str, rendition: str
) -> None:
    edition = editions[profile]
    sound, rate = decoded(edition.files[rendition])
    expected = edition.samples * rate // 48_000
    # Files for old players carry no Info frame: the codec's delay is heard as silence.
    spare = 1_105 + 47 if rendition == "mp3-old-player" else 0
    assert len(sound) == expected + spare


@pytest.mark.parametrize(
    ("profile", "rendition"),
    [("podcast", "mp3"), ("broadcast", "mp3-128"), ("loudspeaker", "mp3-old-player")],
)
@pytest.mark.tools
def test_mp3val_and_mpg123_have_nothing_to_say(
    editions: dict[str, Finished], profile: str, rendition: str, tool: ToolFinder
) -> None:
    path = str(editions[profile].files[rendition])
    mp3val = subprocess.run([tool("mp3val"), path], capture_output=True, text=True, check=True)
    assert "WARNING" not in mp3val.stdout
    assert "CBR" in mp3val.stdout
    mpg123 = subprocess.run(
        [tool("mpg123"), "-q", "-t", path], capture_output=True, text=True, check=True
    )
    assert mpg123.stderr == ""


@pytest.mark.tools
def test_opusinfo_has_nothing_to_say(editions: dict[str, Finished], tool: ToolFinder) -> None:
    path = str(editions["podcast"].files["opus"])
    found = subprocess.run([tool("opusinfo"), path], capture_output=True, text=True, check=True)
    report = found.stdout + found.stderr
    assert "WARNING" not in report
    assert "CHAPTER002NAME=Dos" in report


@pytest.mark.tools
@pytest.mark.parametrize("rendition", ["mp3", "opus"])
def test_ffprobe_reads_chapters_and_duration(
    editions: dict[str, Finished], rendition: str, tool: ToolFinder
) -> None:
    edition = editions["podcast"]
    found = subprocess.run(
        [
            tool("ffprobe"),
            *("-v", "error", "-show_entries", "format=duration:chapter_tags=title"),
            *("-of", "default=noprint_wrappers=1:nokey=1", str(edition.files[rendition])),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    *titles, duration = found.stdout.split()
    assert titles == ["Uno", "Dos"]
    assert float(duration) == pytest.approx(edition.samples / 48_000, abs=0.05)


def test_a_second_run_elsewhere_gives_the_same_bytes(
    editions: dict[str, Finished], tmp_path: Path
) -> None:
    again = produce(tmp_path, tmp_path, "podcast")
    for name, path in editions["podcast"].files.items():
        assert digest_file(path) == digest_file(again.files[name])
    assert again.loudness == editions["podcast"].loudness


def test_a_damaged_slot_leaves_the_file_that_was_there(
    editions: dict[str, Finished], tmp_path: Path
) -> None:
    folder = editions["podcast"].files["mp3"].parent
    slot = tmp_path / "slot"
    slot.write_bytes((folder / "a.podcast.mp3").read_bytes()[:-1])
    out = tmp_path / "edition.mp3"
    out.write_bytes(b"earlier")
    with pytest.raises(ProductionError, match="is cut") as caught:
        write_rendition(
            RenditionJob(
                spec=profiles()["podcast"].renditions[0],
                slots=(slot,),
                samples=Samples(172_800),
                tags=edition_tags(),
                loudness=LOUDNESS,
                dual_mono=False,
                max_dbtp=Dbtp(-1.0),
                out=out,
            )
        )
    assert caught.value.code is ExitCode.SOUND
    assert out.read_bytes() == b"earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["edition.mp3", "slot"]
