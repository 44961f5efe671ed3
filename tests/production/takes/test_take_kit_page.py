"""The page that records, in a real browser: a tone as microphone comes home in the ZIP."""

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audio.decode import decode_blocks, probe
from production.takes.kit import TakeKit
from scripts.take_kit_file import render_kit
from tests.production.chromium import Browser, browser
from tests.production.running import copy_of, edit, run_here
from tests.production.small import write_tone
from tests.production.takes.kit_page import NAME, PITCH_HZ, READY, TAKEN, give, microphone, saved
from tests.production.takes.kits import HT, QUC, kit_of, stems
from tests.production.test_recorded import record

pytestmark = pytest.mark.tools


def test_two_takes_are_recorded_survive_a_closed_page_and_come_home_in_a_zip(
    tool: Callable[[str], str],
    tmp_path: Path,
    folder: Path,
    kits: dict[str, TakeKit],
) -> None:
    heard, profile = microphone(tmp_path), tmp_path / "profile"
    place = folder / QUC / "record.html"
    with browser(tool("chromium"), profile, *heard) as page:
        page.open(place)
        page.wait(READY)
        assert page.text("#progress-words") == "0 de 6 grabadas"
        for _ in range(2):
            page.click("#record")
            page.wait("document.getElementById('status').textContent === 'Hable ahora'")
            assert page.run("document.getElementById('level').value") > 10
            time.sleep(1.0)
            page.click("#record")
            page.wait(TAKEN)
            assert page.text("#status").startswith("Guardada: ")
            page.click("#next")
        assert page.complaints() == []
    with browser(tool("chromium"), profile, *heard) as page:
        page.open(place)
        page.wait(READY)
        # it goes on where somebody left off
        assert page.text("#progress-words") == "2 de 6 grabadas"
        assert page.text("#place") == "Grabación 3 de 6"
        archive = saved(page, tmp_path)
        assert page.complaints() == []
    first, second = stems(kits[QUC])[:2]
    assert archive.namelist() == ["kit.json", f"{first}.webm", f"{second}.webm"]
    assert archive.read("kit.json") == render_kit(kits[QUC].kit)
    for entry in archive.infolist():
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert entry.flag_bits & 0x800, "the name is marked as UTF-8"
    for name in archive.namelist()[1:]:
        path = tmp_path / name
        path.write_bytes(archive.read(name))
        assert probe(path).codec == "opus"
        sound = np.concatenate(list(decode_blocks(path)))
        # the second of silence before, the second that was waited for, and the tail
        assert 2.2 < sound.size / 48_000 < 4.5
        middle = sound[48_000 : 48_000 + 32_768] * np.hanning(32_768)
        loudest = float(np.argmax(np.abs(np.fft.rfft(middle)))) * 48_000 / 32_768
        assert loudest == pytest.approx(PITCH_HZ, abs=3)


def test_what_the_page_packed_is_imported_and_stale_where_the_words_changed_meanwhile(
    page: Browser, tmp_path: Path, folder: Path, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page.open(folder / QUC / "record.html")
    page.wait(READY)
    root = copy_of(workspace, tmp_path / "workspace")
    for line, said in enumerate(("Esto es un ejemplo.", "Verifique antes de transmitir."), start=1):
        give(page, "#chosen", record(tmp_path / f"{line}.wav", said))
        page.wait(TAKEN)
        page.click("#next")
    saved(page, tmp_path)
    home = tmp_path / "downloads" / NAME
    edit(root / "scripts/aviso/es-419.md", "Verifique antes", "Pregunte antes")
    done = run_here("takes", "import", "-w", root, home, "--json", capture=capsys)
    told = json.loads(done.out)
    took = {one["line"]: one for one in told["takes"]}
    assert took.keys() == {1, 2}
    assert (took[1]["stale"], took[2]["stale"]) == (False, True)
    # the kit that follows asks for the sentence that changed, and not for the other
    assert stems(kit_of(root, QUC))[0] == "aviso_quc_002"


def test_stopping_before_the_count_is_over_keeps_nothing(
    tool: Callable[[str], str], tmp_path: Path, folder: Path
) -> None:
    with browser(tool("chromium"), tmp_path / "profile", *microphone(tmp_path)) as page:
        page.open(folder / HT / "record.html")
        page.wait(READY)
        page.click("#record")
        page.wait("document.getElementById('status').textContent === '2'")
        page.click("#record")
        page.wait("document.getElementById('record').textContent === 'Anrejistre'")
        time.sleep(1.5)
        assert page.text("#progress-words") == "0 sou 6 anrejistre"
        assert page.complaints() == []


def test_a_recording_made_by_the_phone_is_packed_as_it_is(
    page: Browser, tmp_path: Path, folder: Path, kits: dict[str, TakeKit]
) -> None:
    made, other = tmp_path / "Voz 001.wav", tmp_path / "letter.pdf"
    write_tone(made, seconds=1.5, pitch_hz=330.0)
    other.write_bytes(b"%PDF-1.4")
    page.open(folder / QUC / "record.html")
    page.wait(READY)
    give(page, "#chosen", other)
    page.wait(
        "document.getElementById('status').textContent === 'Ese archivo no es una grabación.'"
    )
    give(page, "#phone", made)
    page.wait(TAKEN)
    assert page.text("#status") == "Guardada: 1.5 segundos."
    page.click("#next")
    give(page, "#chosen", made)
    page.wait(TAKEN)
    archive = saved(page, tmp_path)
    first, second = stems(kits[QUC])[:2]
    assert archive.namelist() == ["kit.json", f"{first}.wav", f"{second}.wav"]
    assert archive.read(f"{first}.wav") == made.read_bytes()
    assert page.complaints() == []


def test_where_a_page_has_neither_microphone_nor_storage_it_says_so_and_still_packs(
    page: Browser, tmp_path: Path, folder: Path
) -> None:
    # A data: page is as poor as a page that another app hands over: no origin, not secure.
    html = (folder / QUC / "record.html").read_bytes()
    page.ask("Page.navigate", {"url": f"data:text/html;base64,{base64.b64encode(html).decode()}"})
    page.wait(READY)
    assert page.run("window.isSecureContext") is False
    assert "no deja que la página use el micrófono" in page.text("#status")
    assert "No la cierre antes de entregar" in page.text("#keeping")
    assert page.run("document.getElementById('record').hidden") is True
    assert page.run("document.getElementById('other').open") is True
    made = tmp_path / "a.wav"
    write_tone(made, seconds=1.0, pitch_hz=330.0)
    give(page, "#phone", made)
    page.wait(TAKEN)
    assert saved(page, tmp_path).namelist()[1].endswith("_quc_001.wav")


def test_a_full_phone_keeps_the_take_on_the_page_and_says_so(
    page: Browser, tmp_path: Path, folder: Path
) -> None:
    page.ask(
        "Page.addScriptToEvaluateOnNewDocument",
        {
            "source": "IDBObjectStore.prototype.put = () => {"
            " throw new DOMException('full', 'QuotaExceededError'); };"
        },
    )
    page.open(folder / QUC / "record.html")
    page.wait(READY)
    made = tmp_path / "a.wav"
    write_tone(made, seconds=1.0, pitch_hz=330.0)
    give(page, "#chosen", made)
    page.wait(TAKEN)
    assert "el teléfono no tiene espacio" in page.text("#status")
    assert "No la cierre" in page.text("#keeping")
    assert saved(page, tmp_path).read("aviso_quc_001.wav") == made.read_bytes()


def test_a_take_that_a_call_cut_short_is_not_kept(
    tool: Callable[[str], str], tmp_path: Path, folder: Path
) -> None:
    with browser(tool("chromium"), tmp_path / "profile", *microphone(tmp_path)) as page:
        page.open(folder / QUC / "record.html")
        page.wait(READY)
        page.click("#record")
        page.wait("document.getElementById('status').textContent === 'Hable ahora'")
        page.run(
            "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        page.wait("document.getElementById('record').textContent === 'Grabar'")
        time.sleep(0.5)
        assert page.text("#status") == "No se grabó nada. Grabe otra vez."
        assert page.text("#progress-words") == "0 de 6 grabadas"


def test_a_refused_microphone_opens_the_other_way(page: Browser, folder: Path) -> None:
    page.ask(
        "Browser.setPermission",
        {"permission": {"name": "microphone"}, "setting": "denied"},
        session="",
    )
    page.open(folder / HT / "record.html")
    page.wait(READY)
    page.click("#record")
    page.wait("document.getElementById('other').open")
    assert page.text("#record") == "Anrejistre"
    assert page.text("#status") in {
        "Mikwo a bloke. Bay pèmisyon epi eseye ankò, oswa sèvi ak anrejistrè telefòn nan, anba a.",
        "Navigatè sa a pa kite paj la sèvi ak mikwo a. Sèvi ak anrejistrè telefòn nan, anba a.",
    }


def test_everything_is_erased_when_somebody_says_so(
    page: Browser, tmp_path: Path, folder: Path
) -> None:
    made = tmp_path / "a.wav"
    write_tone(made, seconds=1.0, pitch_hz=330.0)
    page.ask(
        "Page.addScriptToEvaluateOnNewDocument",
        {"source": "window.confirm = (text) => { window.asked = text; return true; };"},
    )
    page.open(folder / QUC / "record.html")
    page.wait(READY)
    give(page, "#chosen", made)
    page.wait(TAKEN)
    page.click("#clear")
    page.wait("document.getElementById('status').textContent === 'Se borró todo.'")
    assert page.run("window.asked").startswith("¿Ya entregó el archivo?")
    page.open(folder / QUC / "record.html")
    page.wait(READY)
    assert page.text("#progress-words") == "0 de 6 grabadas"
