"""The commands for voices, as somebody at a terminal meets them."""

import json
from pathlib import Path

import pytest
from piper import download_voices

from programme.errors import ExitCode
from tests.audio.voice_package import only_own_voices, write_package
from tests.production.running import ROOT, run_here

TINY = ROOT / "tests" / "audio" / "piper"
NAME = "es_MX-tiny-low"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give this machine no voices but the built-in one."""
    only_own_voices(monkeypatch, tmp_path / "voices")
    return tmp_path / "voices"


def test_a_voice_without_a_network_ends_in_words(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(download_voices, "URL_FORMAT", "http://127.0.0.1:1/{voice_name}{extension}")
    done = run_here("voices", "install", "es_MX-claude-high", capture=capsys)
    assert done.code == ExitCode.VOICE
    assert done.out == ""
    assert "could not be fetched: there is no network" in done.err
    assert "altavoz voices install es_MX-claude-high --from FOLDER" in done.err
    assert not list(home.iterdir())


def test_a_voice_from_a_folder_is_installed_listed_and_speaks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_here("voices", "install", NAME, "--from", TINY, "--json", capture=capsys)
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["voice"], told["language"]) == (f"piper/{NAME}", "es-MX")
    listed = run_here("voices", "--lang", "es-419", "--json", capture=capsys)
    [row] = [row for row in json.loads(listed.out)["voices"] if row["voice"] == NAME]
    assert (row["quality"], row["state"], row["to_do"]) == ("draft", "ready", "")
    assert NAME in run_here("voices", capture=capsys).out
    out = tmp_path / "line.wav"
    options = ("--lang", "es-419", "--voice", f"piper/{NAME}", "-o", out)
    said = run_here("say", "Pida ayuda.", *options, capture=capsys)
    assert said.code == 0, said.err
    assert f"piper/{NAME} (draft)" in said.out
    assert out.stat().st_size > 20_000
    doctor = run_here("doctor", "--json", capture=capsys)
    assert [c["state"] for c in json.loads(doctor.out) if c["name"] == f"piper/{NAME}"] == ["good"]


def test_a_rehearsal_of_an_installation_changes_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_here("voices", "install", NAME, "--from", TINY, "--dry-run", capture=capsys)
    assert done.code == 0
    assert str(home / NAME) in done.out
    assert not home.exists()


def test_a_model_that_was_changed_is_a_finding_of_the_doctor(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_here("voices", "install", NAME, "--from", TINY, capture=capsys)
    with (home / NAME / f"{NAME}.onnx").open("ab") as file:
        file.write(b"x")
    done = run_here("doctor", "--json", capture=capsys)
    assert done.code == ExitCode.INPUT
    [check] = [c for c in json.loads(done.out) if c["name"] == f"piper/{NAME}"]
    assert check["state"] == "bad"
    assert "voices install" in check["remedy"]
    # And the list still stands.
    assert run_here("voices", "--lang", "es", capture=capsys).code == 0


def test_a_broken_package_is_a_finding_and_never_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "packages").mkdir()
    module = "raise ImportError('libacme.so is missing')"
    monkeypatch.syspath_prepend(write_package(tmp_path / "packages", module=module))
    done = run_here("doctor", capture=capsys)
    assert done.code == ExitCode.INPUT
    assert "libacme.so is missing" in done.out
    assert "libacme.so is missing" in run_here("voices", capture=capsys).out
    one = run_here("voices", "--lang", "es", capture=capsys)
    assert "acme of acme-voices 1.2 cannot be used" in one.out
    assert "Traceback" not in done.said


def test_the_voice_of_another_package_is_measured_and_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "packages").mkdir()
    monkeypatch.syspath_prepend(write_package(tmp_path / "packages"))
    before = run_here("voices", "--lang", "es", "--json", capture=capsys)
    [row] = [row for row in json.loads(before.out)["voices"] if row["engine"] == "acme"]
    assert row["state"] == "not here"
    assert row["to_do"] == "measure it once: altavoz voices measure acme/una"
    done = run_here("voices", "measure", "acme/una", capture=capsys)
    assert done.code == 0, done.err
    # Words of 0.4 s with 0.05 s of quiet between them; the last word's quiet is trimmed.
    assert "pace:     13" in done.out
    after = run_here("voices", "--lang", "es", "--json", capture=capsys)
    [row] = [row for row in json.loads(after.out)["voices"] if row["engine"] == "acme"]
    assert (row["state"], row["quality"]) == ("ready", "draft")


@pytest.mark.parametrize("voice", ["espeak/es", "gtts/es", "acme/una", "espeak", "mbrola/mb-mx2"])
def test_what_cannot_be_measured_is_told(voice: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = run_here("voices", "measure", voice, capture=capsys)
    assert done.code == ExitCode.VOICE
    assert "Traceback" not in done.said


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("arguments", [(), ("--lang", "es-419"), ("--lang", "fa-AF")])
def test_the_lists_fit_a_terminal(
    width: int,
    arguments: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("commands.terminal.room", lambda: width)
    monkeypatch.setattr("commands.voices.room", lambda: width)
    done = run_here("voices", *arguments, capture=capsys)
    assert done.code == 0
    assert max(len(line.rstrip()) for line in done.out.splitlines()) <= width


@pytest.mark.parametrize("tag", ["es-419", "ht", "ar", "zh", "de", "quc"])
def test_every_language_says_what_to_do(tag: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = run_here("voices", "--lang", tag, capture=capsys)
    assert done.code == 0
    told = json.loads(run_here("voices", "--lang", tag, "--json", capture=capsys).out)
    for row in told["voices"]:
        assert row["state"] in {"ready", "online", "not here", "-"}
        assert bool(row["to_do"]) == (row["state"] == "not here")
    if tag != "es-419":
        assert "altavoz takes kit" in done.out


def test_a_fact_of_no_voice_at_all_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "No voice speaks Mam (mam)." in run_here("voices", "--lang", "mam", capture=capsys).out
