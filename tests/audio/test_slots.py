"""Slots end to end: real speech in, coded frames out; and everything that must be refused."""

import dataclasses
import errno
import itertools
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from audio.chains import active_level
from audio.coders import CODERS, HEADROOM, limited_together
from audio.decoded import Decoded
from audio.jobs import Line, SlotResult
from audio.loudness import read_energies
from audio.mp3 import join_mp3
from audio.mp3_slots import Mp3SlotCoder
from audio.opus_slots import OpusSlotCoder
from audio.peaks import Over
from audio.slots import render_slot
from audio.version import sound_version
from programme.errors import ExitCode, ProductionError
from programme.profiles import RenditionSpec, profiles
from programme.sound import GRID
from programme.units import Db, Dbtp, Lufs, Samples
from tests.audio.slot_material import RATE, decoded, music, slot_job, spec_of, spoken, take, tone


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    return [*spoken(tmp_path_factory.mktemp("takes"))]


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return music(tmp_path_factory.mktemp("sounds"))


@pytest.mark.parametrize("profile", ["podcast", "broadcast", "loudspeaker"])
def test_a_slot_comes_to_its_loudness_under_its_ceiling(
    tmp_path: Path, lines: list[Line], sounds: dict[str, Path], profile: str
) -> None:
    job = slot_job(
        tmp_path,
        "slot",
        profile=profile,
        lines=lines[:3],
        sting=sounds["sting"],
        bed=sounds["bed"],
    )
    found = render_slot(job)
    assert found.samples % GRID == 0
    for spec in job.profile.renditions:
        loudness = found.loudness[spec.id]
        assert loudness.integrated == pytest.approx(job.profile.loudness_lufs, abs=0.3)
        assert loudness.true_peak <= job.profile.max_dbtp
        assert len(read_energies(job.energies[spec.id])) == found.samples // 4_800
    for path in job.coded.values():
        assert path.stat().st_size > 0
    # Nothing else is left in the folder.
    assert len(list(tmp_path.iterdir())) == len(job.coded) + len(job.energies)


def test_lines_are_heard_when_the_result_says(tmp_path: Path, lines: list[Line]) -> None:
    job = slot_job(tmp_path, "slot", lines=lines)
    found = render_slot(job)
    out = tmp_path / "slot.mp3"
    out.write_bytes(b"".join(join_mp3(spec_of("podcast"), [job.coded["mp3"]], found.samples)))
    sound, rate = decoded(out)
    heard = np.abs(sound)
    spans = [(span.start_ms, span.end_ms) for span in found.lines]
    assert len(spans) == len(lines)
    for start, end in spans:
        low, high = start * rate // 1000, end * rate // 1000
        # Speech begins and ends within the span, to 60 ms of its edges.
        assert heard[low : low + 2_880].max() > 0.01
        assert heard[high - 4_800 : high].max() > 0.003
    for (_, end), (start, _) in itertools.pairwise(spans):
        pause = heard[end * 48 + 480 : start * 48 - 960]
        assert pause.max() < 0.01


def test_takes_of_very_different_levels_come_to_the_same_loudness(tmp_path: Path) -> None:
    loud = take(tmp_path / "loud.flac", 0.9 * np.sign(tone(300, 4)) * np.abs(tone(3, 4, 1.0)))
    quiet = take(tmp_path / "quiet.flac", tone(300, 4, 0.01) * np.abs(tone(3, 4, 1.0)))
    for name, line in (("loud", loud), ("quiet", quiet)):
        found = render_slot(slot_job(tmp_path, name, lines=[line]))
        for loudness in found.loudness.values():
            assert loudness.integrated == pytest.approx(-16.0, abs=0.3)


def test_a_jingle_alone_lies_a_little_under_speech(tmp_path: Path, sounds: dict[str, Path]) -> None:
    found = render_slot(slot_job(tmp_path, "jingle", sound=sounds["jingle"]))
    for loudness in found.loudness.values():
        assert loudness.integrated == pytest.approx(-17.0, abs=0.3)
    assert found.lines == ()


def test_the_same_job_gives_the_same_bytes_elsewhere(
    tmp_path: Path, lines: list[Line], sounds: dict[str, Path]
) -> None:
    contents = []
    for name in ("here", "there"):
        folder = tmp_path / name
        folder.mkdir()
        job = slot_job(folder, "slot", lines=lines[:2], bed=sounds["bed"])
        result = render_slot(job)
        files = [path.read_bytes() for path in (*job.coded.values(), *job.energies.values())]
        contents.append((result, files))
    assert contents[0] == contents[1]


def test_the_same_job_gives_the_same_bytes_in_another_process(
    tmp_path: Path, lines: list[Line]
) -> None:
    job = slot_job(tmp_path, "slot", lines=lines[:2])
    here = render_slot(job)
    before = job.coded["mp3"].read_bytes()
    program = (
        "import pickle, sys; from audio.slots import render_slot;"
        "sys.stdout.buffer.write(pickle.dumps(render_slot(pickle.load(sys.stdin.buffer))))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(job),
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    there: SlotResult = pickle.loads(ran.stdout)  # noqa: S301 - our own process wrote it
    assert there == here
    assert job.coded["mp3"].read_bytes() == before


def failing(job_path: Path, line: Line, **kwargs: object) -> ProductionError:
    job = slot_job(job_path, "slot", lines=[line])
    with pytest.raises(ProductionError) as caught:
        render_slot(dataclasses.replace(job, **kwargs))  # type: ignore[arg-type]
    assert not any(path.exists() for path in (*job.coded.values(), *job.energies.values()))
    assert not list(job_path.glob(".*"))
    return caught.value


def test_a_silent_take_is_refused_by_name(tmp_path: Path) -> None:
    line = take(tmp_path / "silent.flac", np.zeros(RATE))
    error = failing(tmp_path, line)
    assert (error.code, error.where) == (ExitCode.SOUND, str(line.take))


def test_a_missing_and_a_damaged_take_are_refused_by_name(tmp_path: Path) -> None:
    line = take(tmp_path / "take.flac", tone(300, 1.0))
    data = line.take.read_bytes()
    line.take.write_bytes(data[: len(data) // 2])
    assert failing(tmp_path, line).where == str(line.take)
    line.take.unlink()
    assert failing(tmp_path, line).where == str(line.take)


def test_a_take_of_another_length_than_said_is_refused(tmp_path: Path) -> None:
    line = take(tmp_path / "take.flac", tone(300, 1.0))
    longer = dataclasses.replace(line.info, samples=Samples(2 * RATE))
    error = failing(tmp_path, dataclasses.replace(line, info=longer))
    assert error.code is ExitCode.SOUND


def test_a_click_in_silence_cannot_be_made_loud(tmp_path: Path) -> None:
    click = np.zeros(3 * RATE)
    click[RATE : RATE + 5] = 0.9
    assert failing(tmp_path, take(tmp_path / "click.flac", click)).code is ExitCode.SOUND


def test_a_folder_that_is_not_there_is_an_error_of_storage(
    tmp_path: Path, lines: list[Line]
) -> None:
    job = slot_job(tmp_path / "none", "slot", lines=lines[:1])
    with pytest.raises(ProductionError) as caught:
        render_slot(job)
    assert caught.value.code is ExitCode.STORAGE


def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    job = slot_job(tmp_path, "slot", lines=lines[:1])
    for path in job.coded.values():
        path.write_bytes(b"earlier")
    monkeypatch.setattr("programme.storage.Path.replace", full)
    with pytest.raises(ProductionError, match="the disk is full") as caught:
        render_slot(job)
    assert caught.value.code is ExitCode.STORAGE
    assert [path.read_bytes() for path in job.coded.values()] == [b"earlier"] * 2
    assert len(list(tmp_path.iterdir())) == 2


def test_a_rendition_that_is_over_is_coded_again_alone(
    tmp_path: Path, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    class Once(Mp3SlotCoder):
        def __init__(
            self, spec: RenditionSpec, samples: Samples, file: BinaryIO, *, most: Dbtp
        ) -> None:
            opened.append("mp3")
            super().__init__(spec, samples, file, most=most)

    class OverAtFirst(OpusSlotCoder):
        def __init__(
            self, spec: RenditionSpec, samples: Samples, file: BinaryIO, *, most: Dbtp
        ) -> None:
            opened.append("opus")
            super().__init__(spec, samples, file, most=most)

        def finish(self) -> Decoded:
            decoded = super().finish()
            first = opened.count("opus") == 1
            over = Over(at=Samples(48_000), excess=Db(6.0))
            return dataclasses.replace(decoded, overs=(over,)) if first else decoded

    for name in ("alone", "again"):
        (tmp_path / name).mkdir()
    alone = slot_job(tmp_path / "alone", "slot", lines=lines[:1])
    render_slot(alone)
    monkeypatch.setitem(CODERS, "mp3", Once)
    monkeypatch.setitem(CODERS, "opus", OverAtFirst)
    job = slot_job(tmp_path / "again", "slot", lines=lines[:1])
    render_slot(job)
    assert opened[:3] == ["mp3", "opus", "opus"]
    assert opened.count("mp3") == 1
    assert job.coded["mp3"].read_bytes() == alone.coded["mp3"].read_bytes()
    assert job.coded["opus"].read_bytes() != alone.coded["opus"].read_bytes()
    assert job.energies["mp3"].read_bytes() == alone.energies["mp3"].read_bytes()
    assert job.energies["opus"].read_bytes() != alone.energies["opus"].read_bytes()
    assert len(list((tmp_path / "again").iterdir())) == 4


def test_a_small_opus_takes_no_peaks_from_the_mp3_beside_it(
    tmp_path: Path, lines: list[Line]
) -> None:
    # Opus at 24 kbit/s needs 1.5 dB more below the peak than MP3 at 64, so with equal loudness
    # the MP3's peaks stand higher above its speech.
    podcast = profiles()["podcast"]
    mp3, opus = limited_together(podcast)
    assert [spec.id for spec in (*mp3.renditions, *opus.renditions)] == ["mp3", "opus"]
    assert mp3.ceiling > opus.ceiling + 1.5
    job = slot_job(tmp_path, "slot", lines=lines)
    found = render_slot(job)
    together = dataclasses.replace(podcast, ceiling_dbtp=opus.ceiling)
    shared = slot_job(tmp_path, "shared", profile=together, lines=lines)
    before = render_slot(shared)
    for loudness in (*found.loudness.values(), *before.loudness.values()):
        assert loudness.integrated == pytest.approx(-16.0, abs=0.3)
        assert loudness.true_peak < -1.0
    crests = []
    for name, coded in (("alone", job.coded), ("shared", shared.coded)):
        out = tmp_path / f"{name}.mp3"
        out.write_bytes(b"".join(join_mp3(spec_of("podcast"), [coded["mp3"]], found.samples)))
        crests.append(active_level([decoded(out)[0].astype(np.float32)]).crest)
    assert crests[0] > crests[1] + 1


def test_renditions_whose_codecs_need_about_the_same_share_a_master() -> None:
    broadcast = profiles()["broadcast"]
    (group,) = limited_together(broadcast)
    assert group.ceiling == broadcast.ceiling_dbtp
    assert set(group.renditions) == set(broadcast.renditions)
    for profile in profiles().values():
        groups = limited_together(profile)
        assert sorted(s.id for g in groups for s in g.renditions) == sorted(
            spec.id for spec in profile.renditions
        )
        for one in groups:
            for spec in one.renditions:
                own = min(profile.ceiling_dbtp, profile.max_dbtp - HEADROOM[spec.codec](spec))
                assert own - 0.5 <= one.ceiling <= own


def test_a_loudness_that_no_limiter_allows_is_refused(tmp_path: Path, lines: list[Line]) -> None:
    absurd = dataclasses.replace(
        profiles()["podcast"], loudness_lufs=Lufs(2.0), ceiling_dbtp=Dbtp(-20.0)
    )
    job = slot_job(tmp_path, "slot", profile=absurd, lines=lines[:1])
    with pytest.raises(ProductionError, match="loud enough"):
        render_slot(job)


def test_the_version_names_what_the_bytes_depend_on() -> None:
    program = (
        "import sys; from audio.version import sound_version; import audio.jobs;"
        "print(sound_version(), 'numpy' in sys.modules or 'av' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert ran.stdout.strip() == f"{sound_version()} False"
    for name in ("numpy", "av", "lameenc", "soxr", "dsp"):
        assert f"{name}-" in sound_version()
