"""What tests do on the page that records: hear, choose, and take home."""

import io
import time
import wave
import zipfile
from pathlib import Path

import numpy as np

from tests.production.chromium import Browser

PITCH_HZ = 440.0
READY = "document.getElementById('controls').hidden === false"
TAKEN = "document.getElementById('taken').hidden === false"


def microphone(tmp_path: Path) -> tuple[str, ...]:
    """Give the options by which a tone is what the microphone hears."""
    tone = tmp_path / "tone.wav"
    with wave.open(str(tone), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        times = np.arange(48_000 * 4) / 48_000
        samples = np.sin(2 * np.pi * PITCH_HZ * times) * 9_000
        file.writeframes(samples.astype("<i2").tobytes())
    return (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={tone}",
    )


NAME = "altavoz_small_quc_takes.zip"


def saved(page: Browser, tmp_path: Path) -> zipfile.ZipFile:
    """Put everything into one file, download it and read it whole."""
    downloads = tmp_path / "downloads"
    page.ask(
        "Browser.setDownloadBehavior",
        {"behavior": "allow", "downloadPath": str(downloads)},
        session="",
    )
    page.click("#save")
    page.wait("document.getElementById('made').hidden === false")
    page.click("#download")
    deadline = time.monotonic() + 10
    while not list(downloads.glob("*.zip")):
        assert time.monotonic() < deadline, "nothing was downloaded"
        time.sleep(0.05)
    (path,) = downloads.glob("*.zip")
    assert path.name == NAME
    archive = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    assert archive.testzip() is None
    return archive


def give(page: Browser, selector: str, path: Path) -> None:
    """Choose a file, as somebody does in the browser's own window."""
    document = page.ask("DOM.getDocument")["root"]["nodeId"]
    node = page.ask("DOM.querySelector", {"nodeId": document, "selector": selector})["nodeId"]
    page.ask("DOM.setFileInputFiles", {"files": [str(path)], "nodeId": node})
