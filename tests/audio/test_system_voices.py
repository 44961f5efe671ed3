"""Programs of the system: given words safely, held to limits, and looked at."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from audio.voices import catalogue, system_voice
from audio.voices.pacing import Pacing, keep_pacing
from audio.voices.system_voice import SystemVoice, run_bounded
from audio.voices.versions import not_installed, not_ready, program_of, voice_version
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag
from tests.audio.voice_programs import install_programs, write_program

SPANISH = LanguageTag("es-419")
TEXT = "Pedir refugio es gratis."


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put stand-ins in place of every program, and measure nothing."""
    folder, data = install_programs(tmp_path, shutil.which("espeak-ng") or "/bin/false")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("ALTAVOZ_VOICES", str(tmp_path / "home"))
    for engine in ("pico", "mbrola", "rhvoice"):
        monkeypatch.setitem(catalogue._table()[engine], "roots", [str(data)])
    return folder


def pico() -> SystemVoice:
    return SystemVoice(engine="pico", name="es-ES", language=SPANISH)


def refusal(body: str, programs: Path) -> ProductionError:
    write_program(programs / "pico2wave", body)
    with pytest.raises(ProductionError) as caught:
        pico().at_speed(TEXT, 1.0)
    assert caught.value.code is ExitCode.VOICE
    assert caught.value.remedy
    return caught.value


def test_a_program_that_hangs_is_ended_with_all_it_started(
    programs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(system_voice, "LONGEST_S", 0.5)
    mark = tmp_path / "late"
    start = time.monotonic()
    told = refusal(f"(sleep 3; echo late > {mark}) & sleep 60", programs)
    assert time.monotonic() - start < 5
    assert "took too long" in told.problem
    time.sleep(3)
    assert not mark.exists()


@pytest.mark.parametrize("body", ["yes", "yes >&2", 'head -c 50000000 /dev/zero > "$4"; sleep 60'])
def test_a_flood_is_cut_off(programs: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    monkeypatch.setattr(system_voice, "LARGEST_BYTES", 200_000)
    assert "wrote more" in refusal(body, programs).problem


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("exit 0", "wrote no sound"),
        ('echo hello > "$4"', "wrote no sound that can be read"),
        (': > "$4"', "wrote no sound that can be read"),
        ('ln -s /etc/passwd "$4"', "wrote no sound"),
        ('mkdir "$4"', "wrote no sound"),
        ("echo broken >&2; exit 7", "failed (status 7)"),
        ("kill -9 $$", "failed (status -9)"),
    ],
)
def test_what_is_no_sound_is_told(programs: Path, body: str, words: str) -> None:
    assert words in refusal(body, programs).problem


def test_what_a_program_says_cannot_move_the_terminal(programs: Path) -> None:
    told = refusal("printf '\\033[2Jgone\\n' >&2; exit 1", programs)
    assert "gone" in told.problem
    assert told.problem.isprintable()


def test_a_program_sees_neither_locale_nor_home_nor_secrets(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "shown to nobody")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    names = "env | sed 's/=.*//' | grep -v -e PWD -e SHLVL -e ^_ | sort | tr '\\n' ' '"
    told = refusal(f"({names}; echo $LC_ALL) >&2; exit 1", programs)
    assert told.problem.endswith('"LC_ALL PATH C.UTF-8"')


def test_the_words_are_one_argument_that_no_shell_reads(programs: Path, tmp_path: Path) -> None:
    write_program(programs / "pico2wave", f'printf "%s\\n" "$@" > {tmp_path}/asked; exit 1')
    with pytest.raises(ProductionError):
        pico().at_speed("$(touch x); `y` 'z' -w {out} {rate}", 1.5)
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert asked[:3] == ["-l", "es-ES", "-w"]
    assert asked[4] == "--"
    assert asked[5] == "<speed level=\"150\">$(touch x); `y` 'z' -w {out} {rate}</speed>"
    assert len(asked) == 6


def test_a_program_that_is_not_there_is_told_with_its_package(programs: Path) -> None:
    (programs / "mbrola").unlink()
    error = not_installed("mbrola", "mb-mx2")
    assert error is not None
    assert "mbrola is not installed" in error.problem
    assert "mbrola-mx2" in error.remedy


@pytest.mark.usefixtures("programs")
def test_espeak_without_the_mbrola_voice_never_speaks_in_its_place() -> None:
    # espeak-ng has the name mb-vz1 and would, in other versions, speak it with its own sounds.
    error = not_ready("mbrola", "mb-vz1")
    assert error is not None
    assert "voice mb-vz1 of mbrola is not installed" in error.problem


@pytest.mark.usefixtures("programs")
def test_a_voice_whose_pace_nobody_measured_does_not_speak() -> None:
    with pytest.raises(ProductionError, match="has not been measured") as caught:
        pico().speak(TEXT, words_per_minute=140)
    assert caught.value.remedy == "measure it once: altavoz voices measure pico/es-ES"


def test_another_program_is_another_voice_and_must_be_measured_again(programs: Path) -> None:
    pacing = Pacing(points=((1.0, 150.0),))
    keep_pacing("pico", "es-ES", program_of("pico", "es-ES"), pacing)
    before = voice_version("pico", "es-ES")
    write_program(programs / "pico2wave", "exit 1")
    with pytest.raises(ProductionError, match="has not been measured"):
        voice_version("pico", "es-ES")
    keep_pacing("pico", "es-ES", program_of("pico", "es-ES"), pacing)
    assert voice_version("pico", "es-ES") != before


@pytest.mark.usefixtures("programs")
def test_another_pace_is_another_version() -> None:
    program = program_of("pico", "es-ES")
    versions = set()
    for heard in (150.0, 151.0):
        keep_pacing("pico", "es-ES", program, Pacing(points=((1.0, heard),)))
        versions.add(voice_version("pico", "es-ES"))
    assert len(versions) == 2


@pytest.mark.tools
def test_espeak_of_the_system_speaks_through_the_same_door(
    tmp_path: Path, tool: Callable[[str], str]
) -> None:
    out = tmp_path / "out.wav"
    arguments = [tool("espeak-ng"), "-v", "es-419", "-w", str(out), "--stdin"]
    run_bounded(arguments, stdin=TEXT.encode(), folder=tmp_path, text=TEXT)
    pcm, rate_hz = system_voice._read_wave(out, "espeak-ng", TEXT)
    assert rate_hz == 22_050
    assert 1.0 < len(pcm) / rate_hz < 3.0
