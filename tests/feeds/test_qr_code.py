"""QR codes, read by zbar from the drawing and from what a terminal shows."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import segno

from feeds.qr_code import QUIET, qr_code, terminal_code
from production.artwork.drawing import opaque_picture

ADDRESSES = [
    "https://radio.example.org/camino-seguro/ar.xml",
    "http://192.168.100.200:8000/",
    "https://radio.example.org/" + "largo-camino/" * 40 + "es-419.xml",
]
pytestmark = pytest.mark.tools


@pytest.fixture
def read(tool: Callable[[str], str]) -> Callable[[Path], str]:
    def reading(path: Path) -> str:
        command = [tool("zbarimg"), "--quiet", "--raw", "--nodbus", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    return reading


def drawn(address: str, *, side: int, dark: str = "#000", light: str = "#fff") -> bytes:
    code = qr_code(address)
    head = '<svg xmlns="http://www.w3.org/2000/svg"'
    size = f'viewBox="0 0 {code.modules} {code.modules}" width="{side}" height="{side}"'
    ground = f'<rect width="100%" height="100%" fill="{light}"/>'
    return opaque_picture(f'{head} {size}>{ground}<path d="{code.path}" fill="{dark}"/></svg>')


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_drawn_code_is_read(address: str, tmp_path: Path, read: Callable[[Path], str]) -> None:
    path = tmp_path / "code.png"
    path.write_bytes(drawn(address, side=600))
    assert read(path) == address


def test_a_small_code_is_read_as_it_is_printed(tmp_path: Path, read: Callable[[Path], str]) -> None:
    path = tmp_path / "code.png"
    path.write_bytes(drawn(ADDRESSES[0], side=41 * 3, dark="#222", light="#eee"))
    assert read(path) == ADDRESSES[0]


def test_a_stained_code_is_read(tmp_path: Path, read: Callable[[Path], str]) -> None:
    # level M puts right up to 15 % of the code words
    code = qr_code(ADDRESSES[0])
    size = f'viewBox="0 0 {code.modules} {code.modules}" width="600" height="600"'
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    stain = '<circle cx="24" cy="20" r="3" fill="#853"/>'
    path = tmp_path / "code.png"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    path.write_bytes(opaque_picture(f'{head}{ground}<path d="{code.path}"/>{stain}</svg>'))
    assert read(path) == ADDRESSES[0]


def shown(text: str) -> list[list[int]]:
    """Give the half blocks as light (1) and dark (0), as a terminal shows them in its colours."""
    lines = [re.fullmatch(r"\x1b\[97;40m([ ▀▄█]+)\x1b\[0m", line) for line in text.splitlines()]
    rows: list[list[int]] = []
    for line in lines:
        assert line is not None
        rows.append([int(block in "▀█") for block in line[1]])
        rows.append([int(block in "▄█") for block in line[1]])
    return rows


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_a_terminal_shows_is_read(
    address: str, tmp_path: Path, read: Callable[[Path], str]
) -> None:
    rows = shown(terminal_code(address))
    assert len({len(row) for row in rows}) == 1
    path = tmp_path / "code.pgm"
    grown = [
        bytes(255 * light for light in row for _ in range(6)) for row in rows for _ in range(6)
    ]
    path.write_bytes(b"P5 %d %d 255\n" % (len(grown[0]), len(grown)) + b"".join(grown))
    assert read(path) == address


def test_the_quiet_zone_is_kept() -> None:
    code = qr_code(ADDRESSES[0])
    starts = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)", code.path)]
    assert min(min(x, y) for x, y in starts) == QUIET == 4
    assert max(y for _, y in starts) == code.modules - QUIET - 1
    rows = shown(terminal_code(ADDRESSES[0]))
    assert all(all(row) for row in rows[:QUIET])
    assert all(all(row[:QUIET]) and all(row[-QUIET:]) for row in rows[: -QUIET * 2])


def test_the_same_address_gives_the_same_code() -> None:
    assert qr_code(ADDRESSES[0]) == qr_code(ADDRESSES[0])
    assert qr_code(ADDRESSES[0]) != qr_code(ADDRESSES[1])


def test_an_address_that_no_code_holds_is_refused() -> None:
    assert qr_code("h" * 2331).modules == 177 + 2 * QUIET
    with pytest.raises(segno.DataOverflowError):
        qr_code("h" * 2332)
    assert terminal_code("h" * 2953)
    with pytest.raises(segno.DataOverflowError):
        terminal_code("h" * 2954)
