"""Put a Piper voice on this machine: fetched, checked, measured, and only then in its place.

Nothing of a voice that failed a check stays. The two files may also come from a folder, such as a
USB stick, where there is no network.
"""

import json
import os
import shutil
import socket
import ssl
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audio.voices import piper_voice
from audio.voices.measuring import calibration_sentences, measure_pacing
from audio.voices.models import RECORD, RECORD_VERSION, voice_language
from audio.voices.pacing import Pacing
from audio.voices.places import voices_folder
from programme.digests import digest_file
from programme.errors import ExitCode, ProductionError
from programme.storage import put_folder, storage_errors, sync_folder
from programme.units import LanguageTag

SILENT_S = 30.0
"""How long the line may be silent before a download is given up."""

ROOM_BYTES = 500_000_000
"""Free space that a download needs: the largest voices have some 120 MB."""

LARGEST_BYTES = 400_000_000
"""A model that is larger is no voice of Piper."""


def install(name: str, *, source: Path | None = None) -> Path:
    """Install a voice, in place of an older copy; give its folder.

    Args:
        name: as Piper calls it, such as es_MX-claude-high.
        source: a folder that holds its two files; None fetches them by Piper's downloader.

    Raises:
        ProductionError: no such name, no network, a file that is no voice or another language's
            (code VOICE); the disk refuses (code STORAGE).
    """
    language = voice_language(name)
    if language is None:
        raise ProductionError(
            f"{name} is no name of a Piper voice",
            where="altavoz voices install",
            remedy="write it like es_MX-claude-high; altavoz voices --lang es lists known ones",
            code=ExitCode.USAGE,
        )
    home = voices_folder()
    part = home / f".{name}.part"
    with storage_errors(home):
        home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
    try:
        with storage_errors(home):
            _bring(name, part, source)
        record = _check(name, language, part)
        with storage_errors(home):
            text = json.dumps(record, indent=1, sort_keys=True) + "\n"
            (part / RECORD).write_text(text, encoding="utf-8")
            return _put(part, home / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _bring(name: str, part: Path, source: Path | None) -> None:
    files = (f"{name}.onnx", f"{name}.onnx.json")
    if source is None:
        if shutil.disk_usage(part).free < ROOM_BYTES:
            raise ProductionError(
                "there is not enough room on the disk for a voice",
                where=str(part.parent),
                remedy=f"free {ROOM_BYTES // 1_000_000} MB",
                code=ExitCode.STORAGE,
            )
        _fetch(name, part)
    else:
        missing = [file for file in files if not (source / file).is_file()]
        if missing:
            raise ProductionError(
                f"there is no {missing[0]} in this folder",
                where=str(source),
                remedy="a voice has two files: NAME.onnx and NAME.onnx.json",
                code=ExitCode.INPUT,
            )
        for file in files:
            _small_enough(name, source / file)
            shutil.copyfile(source / file, part / file)
    for file in files:
        _small_enough(name, part / file)


def _small_enough(name: str, path: Path) -> None:
    if not path.is_file() or path.stat().st_size > LARGEST_BYTES:
        raise _no_voice(name, "a file is missing or far too large")


def _fetch(name: str, part: Path) -> None:
    """Let Piper fetch; its downloader waits for ever unless it is told not to."""
    try:
        with _impatient():
            piper_voice.download(name, part)
    except urllib.error.HTTPError as error:
        error.close()
        known = "there is no voice of this name" if error.code == 404 else f"HTTP {error.code}"
        raise ProductionError(
            f"the voice {name} could not be fetched: {known}",
            where="Piper's voices",
            remedy="see the names: altavoz voices --lang TAG; or try again later",
            code=ExitCode.VOICE,
        ) from error
    except (urllib.error.URLError, TimeoutError, ConnectionError, EOFError) as error:
        cause = getattr(error, "reason", error)
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise ProductionError(
                "the server of the voices did not prove who it is: its certificate is not valid",
                where=name,
                remedy="do not go on in this network; somebody may stand between",
                code=ExitCode.VOICE,
            ) from error
        raise ProductionError(
            f"the voice {name} could not be fetched: there is no network, or it ended early",
            where=str(cause),
            remedy=f"try again with a network; or fetch {name}.onnx and {name}.onnx.json on another"
            f" machine, and: altavoz voices install {name} --from FOLDER",
            code=ExitCode.VOICE,
        ) from error


@contextmanager
def _impatient() -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SILENT_S)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _check(name: str, language: LanguageTag, part: Path) -> dict[str, Any]:
    """Load the voice, let it speak, measure it; give its record.

    Raises:
        ProductionError: it is no voice, another language's, or not the same twice; code VOICE.
    """
    model, config = part / f"{name}.onnx", part / f"{name}.onnx.json"
    says = _language_of(name, config)
    if says.partition("-")[0] != language.partition("-")[0]:
        raise _no_voice(name, f"its settings are for {says or 'no language'}")
    digest = digest_file(model)
    loaded = piper_voice.load_model(model, config, digest)
    sentences = calibration_sentences(language)
    first, again = (piper_voice.speak_with(loaded, sentences[0], 1.0) for _ in range(2))
    if first.pcm.tobytes() != again.pcm.tobytes():
        raise _no_voice(name, "it does not say the same words twice alike")
    pacing: Pacing = measure_pacing(
        lambda text, speed: piper_voice.speak_with(loaded, text, speed), sentences, where=name
    )
    return {
        "version": RECORD_VERSION,
        "name": name,
        "language": language,
        "rate_hz": first.rate_hz,
        "model_sha256": digest,
        "config_sha256": digest_file(config),
        "pace": pacing.plain(),
    }


def _language_of(name: str, config: Path) -> str:
    """Give the language that a voice's settings say; a page of a network's login is none."""
    try:
        row = json.loads(config.read_text(encoding="utf-8"))
        code = row.get("language", {}).get("code") or row["espeak"]["voice"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_voice(name, "its settings cannot be read") from error
    return str(code).replace("_", "-")


def _put(part: Path, place: Path) -> Path:
    """Flush everything and rename it into place; an older copy stays until then."""
    for path in part.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(part)
    put_folder(part, place, aside=place.with_name(f".{place.name}.old"))
    return place


def _no_voice(name: str, why: str) -> ProductionError:
    return ProductionError(
        f"what was fetched is not the voice {name}: {why}",
        where=name,
        remedy="try again in another network, or take another voice",
        code=ExitCode.VOICE,
    )
