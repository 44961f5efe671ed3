"""The kit's pages are for everybody: keys, contrast, small screens, two languages, and paper."""

import base64
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from production.takes.kit import TakeKit
from tests.production.chromium import Browser, browser
from tests.production.page_checks import (
    CONTRAST,
    CONTROLS,
    DOUBLE_IDS,
    SMALL_TARGETS,
    TOO_WIDE,
)
from tests.production.takes.kit_page import READY, TAKEN, microphone
from tests.production.takes.kits import AR, QUC, stems

pytestmark = pytest.mark.tools


A4, LETTER = (8.27, 11.69), (8.5, 11.0)


def test_the_page_speaks_the_reader_s_language_and_the_producer_s(
    page: Browser, folder: Path
) -> None:
    page.open(folder / AR / "record.html")
    page.wait(READY)
    assert page.run("document.documentElement.dir") == "rtl"
    assert page.text("#record") == "تسجيل"
    page.click("#language")
    assert page.run("[document.documentElement.dir, document.documentElement.lang]") == [
        "ltr",
        "es",
    ]
    assert page.text("#record") == "Grabar"
    # the prompt stays Arabic, and from right to left
    assert (
        page.run("getComputedStyle(document.querySelector('#agua_ar_001 .text')).direction")
        == "rtl"
    )
    page.click("#language")
    assert page.text("#record") == "تسجيل"


def test_keys_alone_are_enough(tool: Callable[[str], str], tmp_path: Path, folder: Path) -> None:
    with browser(tool("chromium"), tmp_path / "profile", *microphone(tmp_path)) as page:
        page.open(folder / QUC / "record.html")
        page.wait(READY)
        reached = []
        for _ in range(4):
            page.press("Tab", 9)
            reached.append(page.run("document.activeElement.id || document.activeElement.tagName"))
        assert "record" in reached
        page.run("document.getElementById('record').focus()")
        page.press("Enter", 13)
        page.wait("document.getElementById('status').textContent === 'Hable ahora'")
        page.press("Enter", 13)
        page.wait(TAKEN)
        # the key stays where it was: the next Enter records again
        assert page.run("document.activeElement.id") == "record"


@pytest.mark.parametrize("tag", [QUC, AR])
@pytest.mark.parametrize("name", ["record.html", "prompts.html"])
def test_a_page_is_for_everybody(page: Browser, folder: Path, tag: str, name: str) -> None:
    for dark in (False, True):
        page.size(320, 640, dark=dark)
        page.open(folder / tag / name)
        if name == "record.html":
            page.wait(READY)
            page.run("document.getElementById('other').open = true")
            page.run("document.getElementById('how').open = true")
        assert page.run("document.documentElement.scrollWidth") == 320
        assert page.run(TOO_WIDE) == []
        assert page.run(CONTRAST) == []
        assert page.run(SMALL_TARGETS) == []
        assert page.run(DOUBLE_IDS) == []
        nameless = [role for role, said in page.nodes() if role in CONTROLS and not said]
        assert nameless == []
        assert page.complaints() == []


def test_the_sheet_prints_every_prompt_with_its_file_name(
    page: Browser,
    tool: Callable[[str], str],
    tmp_path: Path,
    folder: Path,
    kits: dict[str, TakeKit],
) -> None:
    pdf = tmp_path / "sheet.pdf"
    for tag, (width, height) in product((QUC, AR), (A4, LETTER)):
        page.open(folder / tag / "prompts.html")
        printed = page.ask("Page.printToPDF", {"paperWidth": width, "paperHeight": height})
        pdf.write_bytes(base64.b64decode(printed["data"]))
        text = subprocess.run(
            [tool("pdftotext"), "-raw", "-enc", "UTF-8", str(pdf), "-"],
            check=True, capture_output=True, text=True, encoding="utf-8",
        ).stdout  # fmt: skip
        joined = text.replace("\n", "").replace(" ", "")
        for stem in stems(kits[tag]):
            assert stem in joined
        if tag == QUC:
            assert "Se dice: Llame al nueve, uno, uno." in " ".join(text.split())
