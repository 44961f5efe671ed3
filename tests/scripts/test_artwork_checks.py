"""What a check says of the pictures that series name."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from production.artwork.drawing import opaque_picture
from programme.findings import Severity
from scripts.workspace import read_workspace
from tests.production.pictures import png_chunk, small_png
from tests.scripts.sample_workspace import SERIES, TODAY, write_workspace

Told = list[tuple[str, str, Severity]]


@pytest.fixture
def told(tmp_path: Path) -> Callable[[bytes, str], Told]:
    """Give rule, problem and severity of every finding about a picture."""

    def check(data: bytes, name: str = "artwork/a.png") -> Told:
        changes = {"series/serie.yml": SERIES + f"artwork: {name}\n"}
        root = write_workspace(tmp_path / "ws", changes)
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        _, findings = read_workspace(root, today=TODAY)
        found = [
            one for one in findings if one.file == "series/serie.yml" and "artwork" in one.rule
        ]
        assert all(one.line == 9 and one.remedy for one in found)
        return [(one.rule, one.problem, one.severity) for one in found]

    return check


def png(width: int, height: int, colour: int = 2, bits: int = 8, *more: bytes) -> bytes:
    ihdr = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    parts = [png_chunk("IHDR", ihdr), *more, png_chunk("IDAT", b""), png_chunk("IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("side", [1400, 3000])
def test_a_picture_that_directories_take_is_left_in_peace(
    side: int, told: Callable[..., Told]
) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">'
    assert told(opaque_picture(f'{svg}<rect width="100%" height="100%" fill="#246"/></svg>')) == []


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (png(3000, 2000), "3000 x 2000 pixels, not square"),
        (png(1399, 1399), "1399 x 1399 pixels, not 1400 to 3000"),
        (png(3001, 3001), "3001 x 3001 pixels, not 1400 to 3000"),
        (png(2000, 2000, 0), "grey in place of RGB"),
        (png(2000, 2000, 3), "a palette in place of RGB"),
        (png(2000, 2000, 6), "transparency"),
        (png(2000, 2000, 2, 16), "16 bits a channel, not 8"),
        (png(2000, 2000, 2, 8, png_chunk("acTL", b"")), "it moves"),
        (png(2000, 2000, 2, 8, png_chunk("bKGD", bytes(1_100_000))), "1.1 MB"),
    ],
)
def test_what_directories_may_refuse_is_a_warning(
    data: bytes, what: str, told: Callable[..., Told]
) -> None:
    [(rule, problem, severity)] = told(data)
    assert (rule, severity) == ("artwork.form", Severity.WARNING)
    assert what in problem


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("artwork/a.png", b"x", "no JPG and no PNG"),
        ("artwork/a.png", b"", "no JPG and no PNG"),
        ("artwork/a.png", small_png("#246")[:50], "cut short"),
        ("artwork/a.jpg", small_png("#246"), "is a PNG by another name"),
        ("artwork/a.png", bytes(20_000_001), "has 20 MB"),
    ],
)
def test_a_file_that_is_no_such_picture_stops_a_build(
    name: str, data: bytes, what: str, told: Callable[..., Told]
) -> None:
    [(rule, problem, severity)] = told(data, name)
    assert (rule, severity) == ("artwork.file", Severity.ERROR)
    assert what in problem


def test_what_a_picture_tells_on_people_is_a_warning(told: Callable[..., Told]) -> None:
    exif = b"II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, 0x8825, 4, 1, 26, 0)
    data = png(2000, 2000, 2, 8, png_chunk("eXIf", exif), png_chunk("tEXt", b"Author\0somebody"))
    [(rule, problem, severity)] = told(data)
    assert (rule, severity) == ("artwork.remarks", Severity.WARNING)
    assert "the place where it was taken" in problem
    assert "Exif" in problem
    assert "text" in problem
    assert "somebody" not in problem


@pytest.mark.parametrize("sides", [(0, 0), (1400, 0), (100_000, 100_000), (3000, 10_001)])
def test_a_picture_that_shows_nothing_or_fills_a_telephone_stops_a_build(
    sides: tuple[int, int], told: Callable[..., Told]
) -> None:
    ((rule, problem, severity),) = told(png(*sides))
    assert (rule, severity) == ("artwork.file", Severity.ERROR)
    assert f"{sides[0]} x {sides[1]} pixels" in problem
