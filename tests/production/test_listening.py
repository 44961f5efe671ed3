"""Looking at an edition: its picture, and the page that plays it, in a real browser."""

import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from lxml import etree

from audio.takes import write_take
from production.edition_picture import draw_edition, rows_of, short_title
from production.edition_view import file_view
from production.listening import look_at_edition, render_page, write_page
from programme.errors import ExitCode
from programme.sound import MIX_RATE
from tests.production.chromium import browser
from tests.production.running import TINY, Done, built_once, copy_of, run_here
from tests.production.small import write_small

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # The command writes its pages into build/listen.
    return copy_of(
        built_once(tmp_path_factory, "tiny", TINY), tmp_path_factory.mktemp("listening") / "w"
    )


def listen(root: Path, capture: pytest.CaptureFixture[str], *arguments: str | Path) -> Done:
    return run_here("listen", *arguments, "-w", root, capture=capture)


def tone_file(folder: Path, *parts: tuple[float, float]) -> Path:
    """Write a FLAC file of stretches of tone, each so many seconds at an amplitude."""
    sound = [a * np.sin(2 * np.pi * 440 * np.arange(round(48_000 * s)) / 48_000) for s, a in parts]
    path = folder / "tone.flac"
    write_take(path, np.rint(np.concatenate(sound) * 32_767).astype(np.int16), MIX_RATE)
    return path


def test_the_picture_of_an_edition_is_a_png_of_a_screens_width(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    png = tmp_path / "edition.png"
    done = listen(built, capsys, "corta-1", "es-419", "--png", png)
    assert done.code == 0, done.said
    assert done.out.strip() == str(png)
    data = png.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height > 300) == (1600, True)
    assert listen(built, capsys, "corta-1/es-419", "--png", tmp_path / "again.png").code == 0
    assert (tmp_path / "again.png").read_bytes() == data, "the same edition, the same picture"


def test_the_figures_are_those_of_the_edition_that_was_built(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = listen(built, capsys, "corta-1", "--json", "--no-open")
    assert done.code == 0, done.said
    shown = json.loads(done.out)
    assert shown["integrated_lufs"] == pytest.approx(-16.0, abs=0.5)
    assert shown["true_peak_dbtp"] <= -1.0
    assert shown["faults"] == []
    assert Path(shown["written"]).is_file()


def test_what_cannot_be_listened_to_is_named_with_what_there_is(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = listen(built, capsys, "larga-1")
    assert (unknown.code, "corta-1" in unknown.err) == (ExitCode.USAGE, True)
    language = listen(built, capsys, "corta-1", "fr")
    assert (language.code, "es-419 podcast" in language.err) == (ExitCode.USAGE, True)
    rendition = listen(built, capsys, "corta-1", "--format", "wax")
    assert (rendition.code, "opus" in rendition.err) == (ExitCode.USAGE, True)


def test_an_edition_that_is_not_built_yet_says_how_to_build_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_small(tmp_path / "workspace", TINY)
    done = listen(root, capsys, "corta-1")
    assert done.code == ExitCode.INPUT
    assert "altavoz build corta-1" in done.err


def test_faults_are_named_and_drawn(tmp_path: Path) -> None:
    path = tone_file(tmp_path, (4, 0.2), (3, 0.0), (0.1, 0.99), (4, 0.2))
    look = look_at_edition(file_view(path, "podcast"))
    said = [fault.text for fault in look.faults]
    assert any(text.startswith("loudness ") for text in said)
    assert any(text.startswith("true peak ") for text in said)
    assert "3.0 s of silence at 0:04" in said
    (peak,) = (text for text in said if text.startswith("peak too high at 0:0"))
    drawing = etree.fromstring(draw_edition(look.view, look.curves, look.faults).encode())
    told = [title.text for title in drawing.iter(f"{SVG}title")]
    assert {"3.0 s of silence at 0:04", peak} <= set(told)


def test_a_long_edition_is_drawn_in_rows_of_at_most_a_dozen() -> None:
    assert [rows_of(s * 1000) for s in (1, 240, 241, 12 * 240, 3 * 3600)] == [1, 1, 2, 12, 12]


def test_names_of_files_cannot_write_markup_into_drawing_or_page(tmp_path: Path) -> None:
    path = tone_file(tmp_path, (2, 0.2)).rename(tmp_path / "a<script>alert(1)<&'\".flac")
    look = look_at_edition(file_view(path, "podcast"))
    etree.fromstring(draw_edition(look.view, look.curves, look.faults).encode())
    assert "<script>alert" not in render_page(look, "x.flac")
    # what an address would read as its end, or as another address, is part of the name
    assert 'src="a%231%3F%2520.wav"' in render_page(look, "a#1?%20.wav")


@pytest.mark.tools
def test_the_page_plays_jumps_and_follows(
    built: Path,
    tool: Callable[[str], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page_file = Path(listen(built, capsys, "corta-1", "--no-open").out.strip())
    with browser(tool("chromium"), tmp_path / "profile") as page:
        page.open(page_file)
        page.wait("sound = document.getElementById('sound'), sound.readyState >= 1")
        start = page.run("Number(document.querySelectorAll('[data-from]')[1].dataset.from)")
        page.click("ol.sentences li:nth-child(2) button")
        page.wait(f"!sound.paused && sound.currentTime * 1000 >= {start}")
        page.wait("document.querySelector('li.heard')")
        page.run("sound.pause()")
        before = page.run("document.querySelector('.now').style.left")
        page.click("#picture svg")
        page.wait(f"document.querySelector('.now').style.left !== {json.dumps(before)}")
        assert page.complaints() == []
        names = [name for role, name in page.nodes() if role == "button"]
        assert all(names)


@pytest.mark.tools
def test_a_file_that_is_no_edition_has_a_page_too(
    tool: Callable[[str], str], tmp_path: Path
) -> None:
    look = look_at_edition(file_view(tone_file(tmp_path, (2, 0.2), (3, 0.0), (2, 0.2)), "podcast"))
    page_file = write_page(look, tmp_path)
    with browser(tool("chromium"), tmp_path / "profile") as page:
        page.open(page_file)
        page.click(".faults button[data-at]")
        page.wait("document.getElementById('sound').currentTime >= 1.9")
        assert page.complaints() == []


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Agua y sombra", "Agua y…"),
        ("كامينو عبر مكبرات الصوت", "كامينو ع…\N{RIGHT-TO-LEFT MARK}"),
        ("Agua", "Agua"),
    ],
)
def test_a_shortened_title_ends_where_its_reader_stops(title: str, shown: str) -> None:
    assert short_title(title, 9 if title[0] == "ك" else 7) == shown
