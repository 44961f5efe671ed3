"""Fetching a Piper voice: whole and checked in its place, or told in words and nothing left."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from piper import download_voices

from audio.voices import piper_install
from audio.voices.measuring import calibration_sentences, heard_pace
from audio.voices.models import RECORD, installed_names, installed_voice
from audio.voices.piper_install import install
from audio.voices.speaking import open_voice
from audio.voices.versions import voice_version
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag

NAME = "es_MX-tiny-low"
TINY = Path(__file__).parent / "piper"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder of voices."""
    folder = tmp_path / "voices"
    monkeypatch.setenv("ALTAVOZ_VOICES", str(folder))
    return folder


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Serve voices on loopback as Piper's are; give the folder of the tiny one."""
    folder = tmp_path / "shelf" / "es" / "es_MX" / "tiny" / "low"
    shutil.copytree(TINY, folder)
    with _served(tmp_path / "shelf") as address:
        path = "{lang_family}/{lang_code}/{voice_name}/{voice_quality}/"
        file = "{lang_code}-{voice_name}-{voice_quality}{extension}"
        monkeypatch.setattr(download_voices, "URL_FORMAT", f"{address}/{path}{file}")
        yield folder


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def refusal(name: str = NAME, *, source: Path | None = None) -> ProductionError:
    with pytest.raises(ProductionError) as caught:
        install(name, source=source)
    assert caught.value.remedy
    return caught.value


def left(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir()) if home.exists() else []


@pytest.mark.usefixtures("shelf")
def test_a_voice_is_fetched_by_pipers_own_downloader_checked_and_measured(home: Path) -> None:
    folder = install(NAME)
    assert folder == home / NAME
    assert left(home) == [NAME]
    assert installed_names() == (NAME,)
    found = installed_voice(NAME)
    assert found.language == "es-MX"
    assert found.rate_hz == 22_050
    assert (folder / f"{NAME}.onnx").read_bytes() == (TINY / f"{NAME}.onnx").read_bytes()
    voice = open_voice("piper", NAME, LanguageTag("es-419"))
    sentences = calibration_sentences(LanguageTag("es"))
    heard = heard_pace(lambda text: voice.speak(text, words_per_minute=130), sentences)
    # The tiny voice's tones are twelve frames long: its speeds go by steps of a twelfth.
    assert heard == pytest.approx(130, rel=0.05)


def test_a_voice_from_a_stick_needs_no_network(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_voices, "urlopen", None)
    install(NAME, source=TINY)
    assert left(home) == [NAME]


def test_without_a_network_it_says_so_and_what_else_can_be_done(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "http://127.0.0.1:1/{voice_name}{extension}"
    monkeypatch.setattr(download_voices, "URL_FORMAT", address)
    told = refusal()
    assert told.code is ExitCode.VOICE
    assert "there is no network" in told.problem
    assert "--from FOLDER" in told.remedy
    assert left(home) == []


def test_a_voice_that_nobody_has_is_told(home: Path, shelf: Path) -> None:
    (shelf / f"{NAME}.onnx").unlink()
    assert "there is no voice of this name" in refusal().problem
    assert left(home) == []


@pytest.mark.parametrize(
    "name", ["", "tiny", "es-MX-tiny-low", "es_MX-tiny-low/..", "../x", "es_MX-tugão-low", "a\nb"]
)
def test_what_is_no_name_is_refused_before_anything_is_asked(home: Path, name: str) -> None:
    assert refusal(name).code is ExitCode.USAGE
    assert not home.exists()


@pytest.mark.parametrize(
    ("ending", "data"),
    [
        (".onnx", b""),
        (".onnx", b"<html>Log in to this network</html>"),
        (".onnx.json", b"<html>Log in to this network</html>"),
        (".onnx.json", b""),
        (".onnx.json", b"[]"),
        (".onnx.json", b'{"espeak": {"voice": "es"}}'),
        (".onnx.json", b"\xff\xfe"),
    ],
)
def test_what_is_no_voice_leaves_nothing(home: Path, shelf: Path, ending: str, data: bytes) -> None:
    (shelf / f"{NAME}{ending}").write_bytes(data)
    assert refusal().code is ExitCode.VOICE
    assert left(home) == []


def test_a_model_that_was_cut_off_leaves_nothing(home: Path, shelf: Path) -> None:
    whole = (shelf / f"{NAME}.onnx").read_bytes()
    for length in (1, 100, len(whole) // 2, len(whole) - 1):
        (shelf / f"{NAME}.onnx").write_bytes(whole[:length])
        assert refusal().code is ExitCode.VOICE
        assert left(home) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"language": {"code": "fr_FR"}}, "settings are for fr-FR"),
        ({"phoneme_type": "pinyin"}, "needs more downloads"),
        ({"audio": {"sample_rate": 96_000}}, "no usable rate"),
        ({"inference": {"length_scale": 0}}, ""),
        ({"espeak": {"voice": "no-such"}, "language": {"code": "es_MX"}}, ""),
    ],
)
def test_settings_that_do_not_fit_are_told(
    home: Path, shelf: Path, change: dict[str, object], words: str
) -> None:
    path = shelf / f"{NAME}.onnx.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    told = refusal()
    assert told.code is ExitCode.VOICE
    assert words in told.problem
    assert left(home) == []


def test_a_failed_fetch_leaves_the_older_copy_as_it_was(home: Path, shelf: Path) -> None:
    install(NAME)
    before = voice_version("piper", NAME)
    (shelf / f"{NAME}.onnx").write_bytes(b"broken")
    refusal()
    assert left(home) == [NAME]
    assert voice_version("piper", NAME) == before


@pytest.mark.usefixtures("shelf")
def test_another_model_is_another_version_and_one_that_was_changed_does_not_speak(
    home: Path,
) -> None:
    install(NAME)
    voice = open_voice("piper", NAME, LanguageTag("es-419"))
    assert len(voice.speak("Hola.", words_per_minute=130).pcm)
    model = home / NAME / f"{NAME}.onnx"
    data = bytearray(model.read_bytes())
    data[-1] ^= 1
    model.write_bytes(bytes(data))
    with pytest.raises(ProductionError, match="not those that were checked"):
        voice.speak("Hola.", words_per_minute=130)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"version": 9}', "\x00"])
def test_a_damaged_record_is_told_and_mended_by_installing_again(home: Path, text: str) -> None:
    install(NAME, source=TINY)
    (home / NAME / RECORD).write_text(text)
    with pytest.raises(ProductionError, match="not those that were checked"):
        installed_voice(NAME)
    install(NAME, source=TINY)
    assert installed_voice(NAME).language == "es-MX"


def test_a_model_that_was_merely_put_there_does_not_speak(home: Path) -> None:
    shutil.copytree(TINY, home / NAME)
    with pytest.raises(ProductionError, match="is not installed on this machine"):
        voice_version("piper", NAME)
    assert installed_names() == ()


def test_a_full_disk_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(piper_install, "sync_folder", full)
    assert refusal(source=TINY).code is ExitCode.STORAGE
    assert [name for name in left(home) if not name.startswith(".")] == []


def test_a_folder_without_the_files_is_told(home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    told = refusal(source=tmp_path / "empty")
    assert told.code is ExitCode.INPUT
    assert f"no {NAME}.onnx" in told.problem
    assert left(home) == []
