"""What the drawn artwork looks like, measured on its pixels and read by another program."""

import itertools
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from production.artwork.drawing import letters, opaque_picture, picture
from production.artwork.looks import PATTERNS, SHAPES, Look, look_of, pattern_path
from production.artwork.sketch import CARD, SIDE, draw_artwork, draw_card
from production.artwork.words import Room, fit, language_words
from programme.languages import known_tags, language
from programme.units import LanguageTag
from tests.production.pictures import Pixels, chunks, contrast, light, pixels, shrunk, written

AR, ES, QUC = LanguageTag("ar"), LanguageTag("es-419"), LanguageTag("quc")
TITLES = {
    ES: "Camino seguro: información para personas en movimiento",
    AR: "الطريق الآمن: معلومات للأشخاص المتنقلين 2026",
}
LOOKS = [look_of(str(number)) for number in range(3000)]
ONE_EACH = {(look.shape, look.pattern): look for look in LOOKS}


@pytest.fixture(scope="module")
def drawn() -> dict[LanguageTag, bytes]:
    return {
        tag: opaque_picture(draw_artwork("camino", title, tag).svg) for tag, title in TITLES.items()
    }


@pytest.mark.parametrize("tag", TITLES)
def test_artwork_is_what_directories_take(drawn: dict[LanguageTag, bytes], tag: str) -> None:
    # Apple: square, 1400 to 3000 pixels, RGB; no transparency; nothing beside the pixels
    found = list(chunks(drawn[LanguageTag(tag)]))
    assert [name for name, _ in found] == ["IHDR", "IDAT", "IEND"]
    assert found[0][1] == (SIDE).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    assert len(drawn[LanguageTag(tag)]) < 500_000
    assert pixels(drawn[LanguageTag(tag)]).shape == (3000, 3000, 3)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_pattern_makes_a_picture_too_large(pattern: str) -> None:
    name = next(str(n) for n in range(3000) if look_of(str(n)).pattern == pattern)
    title = f"{TITLES[ES]}: salud, refugio y derechos en Centroamérica y México"
    assert len(opaque_picture(draw_artwork(name, title, ES).svg)) < 500_000


@pytest.fixture
def read(tmp_path: Path, tool: Callable[[str], str]) -> Callable[[Pixels, str, int], str]:
    """Give what a program for reading scanned pages finds in a picture."""

    def reading(found: Pixels, model: str, layout: int) -> str:
        path = tmp_path / "page.ppm"
        height, width, _ = found.shape
        path.write_bytes(b"P6 %d %d 255\n" % (width, height) + found.tobytes())
        command = [tool("tesseract"), str(path), "-", "-l", model, "--psm", str(layout)]
        said = subprocess.run(command, capture_output=True, check=True, text=True)
        return " ".join(said.stdout.split())

    return reading


@pytest.mark.tools
@pytest.mark.parametrize(("tag", "model", "name"), [(ES, "spa", "español"), (AR, "ara", "العربية")])
def test_another_program_reads_the_language_at_60_pixels(
    drawn: dict[LanguageTag, bytes],
    tag: LanguageTag,
    model: str,
    name: str,
    read: Callable[[Pixels, str, int], str],
) -> None:
    small = shrunk(pixels(drawn[tag]), 60)[36:48].astype(np.float64)
    larger = np.kron(small, np.ones((10, 10, 1)))
    for axis in (0, 1):  # smoothed, as screens and eyes do
        shifted = [np.roll(larger, step, axis) for step in range(-6, 7)]
        larger = np.mean(shifted, axis=0)
    padded = np.pad(larger, ((60, 60), (60, 60), (0, 0)), constant_values=255)
    assert read(padded.astype(np.uint8), model, 7) == name


@pytest.mark.tools
def test_another_program_reads_an_arabic_title_joined_and_in_order(
    drawn: dict[LanguageTag, bytes], read: Callable[[Pixels, str, int], str]
) -> None:
    assert read(shrunk(pixels(drawn[AR]), 600)[490:], "ara", 6) == TITLES[AR]


def test_a_small_drawing_is_the_shrunk_large_one(drawn: dict[LanguageTag, bytes]) -> None:
    small = pixels(picture(draw_artwork("camino", TITLES[ES], ES).svg, width=60)).astype(int)
    apart = np.abs(small - shrunk(pixels(drawn[ES]), 60))
    assert apart.mean() < 4
    assert apart.max() < 80  # where an edge lies between two pixels


@pytest.mark.parametrize("tag", known_tags())
def test_every_languages_name_stands_out_at_60_pixels(tag: LanguageTag) -> None:
    drawing = draw_artwork("camino", "Camino", tag)
    assert drawing.undrawn == ""
    band = light(pixels(picture(drawing.svg, width=60)))[36:49]
    # WCAG 1.4.6 between the strongest stroke and the paper, though it is a pixel or two wide
    assert (band.max() + 0.05) / (band.min() + 0.05) >= 7
    assert band.max() == pytest.approx(1.0)
    ink = band < 0.4
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    assert rows[-1] - rows[0] >= 4
    assert 10 <= columns[-1] - columns[0] + 1 <= 56  # nothing is cut off at the sides
    assert ink.sum() >= 45


def test_every_colour_reaches_seven_to_one() -> None:
    assert len({look.dark for look in LOOKS}) == 12
    for look in LOOKS:
        assert contrast(look.dark, "#ffffff") >= 7
        assert contrast(look.dark, look.bright) >= 7


def test_any_two_looks_differ_in_at_least_two_ways() -> None:
    assert len(ONE_EACH) == len(SHAPES) * len(PATTERNS) == 144
    for one, other in itertools.combinations(ONE_EACH.values(), 2):
        same = [one.shape == other.shape, one.pattern == other.pattern, one.dark == other.dark]
        assert sum(same) <= 1


def _mask(svg: str) -> np.ndarray:
    return light(pixels(picture(svg, width=60))) > 0.2


def test_any_two_shapes_are_told_apart_at_60_pixels() -> None:
    found = {}
    for name, shape in SHAPES.items():
        path = f'<path transform="translate(30 18) scale(16)" d="{shape.path}" fill="#fff"/>'
        ground = '<rect width="60" height="36"/>'
        head = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="36">'
        found[name] = _mask(f"{head}{ground}{path}</svg>")
        assert 250 < found[name].sum() < 1300
    for one, other in itertools.combinations(found, 2):
        assert (found[one] != found[other]).sum() >= 60, (one, other)


def test_any_two_patterns_are_told_apart() -> None:
    found = {}
    for name in PATTERNS:
        path = f'<path d="{pattern_path(name, width=3000, height=1800)}" fill="#fff"/>'
        head = '<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="1800">'
        mask = light(
            pixels(picture(f'{head}<rect width="3000" height="1800"/>{path}</svg>', width=600))
        )
        found[name] = mask > 0.2
        assert 0.1 < found[name].mean() < 0.6, name
    for one, other in itertools.combinations(found, 2):
        assert (found[one] != found[other]).mean() > 0.1, (one, other)


def test_a_series_keeps_its_look() -> None:
    # What listeners know a series by; a change here changes every picture.
    assert look_of("camino-seguro") == Look(
        dark="#5c1a7d", bright="#f3cfff", middle="#82479e", shape="triangle", pattern="checks"
    )
    assert (look_of("salud").shape, look_of("salud").pattern) == ("hexagon", "poles")


# --- Words -------------------------------------------------------------------------------


def test_a_region_stands_apart_from_the_name_of_its_language() -> None:
    assert language_words(ES) == ("español", "latinoamericano", "")
    assert language_words(LanguageTag("zh-TW")) == ("中文", "台灣", "")
    assert language_words(LanguageTag("es-GT")) == ("español", "Guatemala", "")
    assert language_words(LanguageTag("mul")) == ("", "", "")


def test_a_script_without_a_font_is_told_and_left_out_never_drawn_as_boxes() -> None:
    santali = "ᱥᱟᱱᱛᱟᱲᱤ"
    drawing = draw_artwork("camino", f"Radio {santali}", ES)
    assert drawing.undrawn == "".join(dict.fromkeys(santali))
    assert drawing.svg == draw_artwork("camino", "", ES).svg
    assert drawing.undrawn == draw_card("camino", santali, ES).undrawn


def test_no_letter_of_a_languages_name_is_drawn_as_a_box() -> None:
    names = "".join(language(tag).endonym for tag in known_tags())
    found = ["ᱥ", *sorted({letter for letter in names if letter.isalpha()})]
    assert len(found) > 200
    texts = [
        f'<text x="{100 * (at % 30) + 20}" y="{100 * (at // 30) + 70}">{letter}</text>'
        for at, letter in enumerate(found)
    ]
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="3000" font-size="50"'
    ground = '<rect width="3000" height="3000" fill="#fff"/>'
    svg = f'{head} font-family="Noto Sans" font-weight="bold">{ground}{"".join(texts)}</svg>'
    sheet = light(pixels(picture(svg, width=1500)))  # half as large: each is a tile of 50 pixels
    tiles = [sheet[50 * (at // 30) :, 50 * (at % 30) :][:50, :50] for at in range(len(found))]
    pairs = list(zip(found, tiles, strict=True))
    assert [letter for letter, tile in pairs if tile.min() > 0.5] == []
    assert [letter for letter, tile in pairs if np.array_equal(tile, tiles[0])] == ["ᱥ"]


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "]]>&amp;\x00\x0b", "\u202e\ufeff"]
)
def test_a_title_is_never_markup(hostile: str) -> None:
    drawing = draw_artwork("camino", hostile, ES)
    assert "<script" not in drawing.svg
    assert pixels(picture(drawing.svg, width=60)).shape == (60, 60, 3)


@pytest.mark.parametrize("title", ["", "x", "palabra " * 60, "x" * 255, "信" * 3, "a b c d e f g"])
def test_any_title_stays_in_its_room(title: str) -> None:
    for drawing, side in (
        (draw_artwork("camino", title, ES), 300),
        (draw_card("c", title, ES), 600),
    ):
        found = light(pixels(picture(drawing.svg, width=side)))
        edges = [found[-3:, -10:], found[-10:, -3:]]
        assert all(edge.min() > 0.99 for edge in edges)


def test_a_long_title_is_cut_behind_a_word_and_says_so() -> None:
    room = Room(left=0, top=0, width=2760, height=470, largest=200)
    lines, size = fit("palabra " * 60, room)
    assert size >= 90
    assert lines[-1].endswith("palabra…")
    assert max(letters().width(line) for line in lines) * size <= room.width
    assert fit("Camino seguro", room) == (["Camino seguro"], 200)


def test_a_letters_width_is_what_is_drawn() -> None:
    for text in ("Camino seguro", "русский", "አማርኛ", "中文"):
        ink = np.flatnonzero((light(pixels(picture(written(text)))) < 0.5).any(axis=0))
        assert ink[-1] - ink[0] == pytest.approx(100 * letters().width(text), abs=22)
    arabic = np.flatnonzero((light(pixels(picture(written("العربية")))) < 0.5).any(axis=0))
    assert 50 < arabic[-1] - arabic[0] <= 100 * letters().width("العربية")


def test_the_card_has_the_size_that_programs_ask_for() -> None:
    found = opaque_picture(draw_card("camino", TITLES[AR], AR).svg)
    assert pixels(found).shape == (CARD[1], CARD[0], 3)
    assert len(found) < 100_000


def test_a_feed_in_several_languages_shows_its_title_alone() -> None:
    drawing = draw_artwork("red", "Camino Altavoz", LanguageTag("mul"))
    assert re.findall("<text[^>]*>([^<]*)<", drawing.svg) == ["Camino", "Altavoz"]
