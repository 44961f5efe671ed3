"""Pictures that producers give: judged by ExifTool, which also writes what must not go out."""

import io
import struct
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.artwork.drawing import opaque_picture, picture
from scripts.picture_files import PictureFile, read_picture, without_remarks
from tests.production.pictures import pixels, png_chunk, small_png

ROOT = Path(__file__).resolve().parents[2]
CAMINO = (ROOT / "examples/camino/artwork/camino.jpg").read_bytes()
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" fill="#248">'


def jpeg(side: int = 64) -> bytes:
    """Give a JPEG as FFmpeg writes it."""
    codec = av.CodecContext.create("mjpeg", "w")
    codec.width = codec.height = side
    codec.pix_fmt = "yuvj420p"
    codec.time_base = Fraction(1, 25)
    plane = np.arange(side * side * 3, dtype=np.uint32).reshape(side, side, 3) % 251
    frame = av.VideoFrame.from_ndarray(plane.astype(np.uint8), format="rgb24")
    packets = [*codec.encode(frame.reformat(format="yuvj420p")), *codec.encode(None)]
    return b"".join(bytes(packet) for packet in packets)


FILES = {
    "a.jpg": jpeg(),
    "camino.jpg": CAMINO,
    "a.png": small_png("#248"),
    "alpha.png": picture(f'{SVG}<circle r="40"/></svg>'),
}
TOLD = (
    "-Artist=Somebody",
    "-GPSLatitude=14.6",
    "-GPSLongitude=-90.5",
    "-GPSLatitudeRef=N",
    "-GPSLongitudeRef=W",
    "-XMP:Creator=Somebody",
    "-XMP:GPSLatitude=14.6",
    "-Comment=By somebody",
)


@pytest.fixture
def exiftool(tmp_path: Path, tool: Callable[[str], str]) -> Callable[..., str]:
    def run(data: bytes, name: str, *arguments: str) -> str:
        (tmp_path / name).write_bytes(data)
        command = [tool("exiftool"), "-overwrite_original", *arguments, str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.tools
@pytest.mark.parametrize("name", FILES)
def test_nothing_that_tells_on_people_is_left_and_every_pixel_is(
    name: str, tmp_path: Path, exiftool: Callable[..., str]
) -> None:
    iptc = ["-IPTC:By-line=Somebody"] if name.endswith(".jpg") else []
    exiftool(FILES[name], name, *TOLD, *iptc)
    told = (tmp_path / name).read_bytes()
    assert b"Somebody" in told
    found = read_picture(told)
    assert found.has_place
    assert set(found.remarks) >= {"Exif", "XMP"}
    clean = without_remarks(told)
    assert b"omebody" not in clean
    groups = exiftool(clean, name, "-G1", "-a", "-s", "-All:All")
    assert not [
        line for line in groups.splitlines() if line.startswith(("[IFD", "[GPS", "[XMP", "[IPTC"))
    ]
    assert "omment" not in groups
    assert np.array_equal(pixels(clean), pixels(FILES[name]))
    assert read_picture(clean).remarks == ()
    assert without_remarks(clean) == clean


@pytest.mark.tools
@pytest.mark.parametrize("name", FILES)
def test_size_and_colours_are_those_that_another_program_reads(
    name: str, exiftool: Callable[..., str]
) -> None:
    found = read_picture(FILES[name])
    said = exiftool(FILES[name], name, "-s3", "-ImageWidth", "-ImageHeight", "-FileType").split()
    assert said == [str(found.width), str(found.height), found.kind.upper()]
    assert (found.colour, found.bits) == ("rgb", 8)
    assert found.has_alpha == (name == "alpha.png")


@pytest.mark.tools
@pytest.mark.parametrize(("turn", "is_turned"), [("1", False), ("6", True), ("3", True)])
@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_picture_that_is_to_be_turned_says_so(
    name: str, turn: str, is_turned: bool, tmp_path: Path, exiftool: Callable[..., str]
) -> None:
    exiftool(FILES[name], name, "-n", f"-Orientation={turn}")
    assert read_picture((tmp_path / name).read_bytes()).is_turned is is_turned


def head(width: int, height: int, bits: int, colour: int, *more: bytes) -> bytes:
    ihdr = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    parts = [png_chunk("IHDR", ihdr), *more, png_chunk("IDAT", b""), png_chunk("IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (head(10, 20, 8, 0), {"colour": "grey", "height": 20}),
        (head(10, 20, 16, 2), {"colour": "rgb", "bits": 16}),
        (head(10, 20, 8, 3), {"colour": "palette"}),
        (head(10, 20, 8, 4), {"colour": "grey", "has_alpha": True}),
        (head(10, 20, 8, 2, png_chunk("tRNS", b"123456")), {"has_alpha": True}),
        (head(10, 20, 8, 2, png_chunk("acTL", b"12345678")), {"is_animated": True}),
        (head(10, 20, 8, 2, png_chunk("tIME", b"1234567")), {"remarks": ()}),
        (head(10, 20, 8, 2, png_chunk("zTXt", b"x\0\0")), {"remarks": ("text",)}),
        (jpeg(side=48), {"colour": "rgb", "width": 48}),
    ],
)
def test_each_form_is_told(data: bytes, said: dict[str, object]) -> None:
    found = read_picture(data)
    assert {name: getattr(found, name) for name in said} == said


@pytest.mark.parametrize(("channels", "colour"), [(1, "grey"), (4, "cmyk"), (2, "unknown")])
def test_a_jpegs_colours_are_told_by_its_channels(channels: int, colour: str) -> None:
    data = bytearray(FILES["a.jpg"])
    data[FILES["a.jpg"].index(b"\xff\xc0") + 9] = channels
    assert read_picture(bytes(data)).colour == colour


def test_what_lies_behind_the_picture_is_left_out() -> None:
    for data in FILES.values():
        assert without_remarks(data + b"a film of somebody") == without_remarks(data)


def test_a_scan_may_hold_bytes_that_look_like_markers() -> None:
    # progressive: several scans, with tables between; restart markers inside
    tables, scan = (
        b"\xff\xc4\0\x03\0",
        b"\xff\xda\0\x08\1\1\0\0\x3f\0" + b"\x12\xff\0\x34\xff\xd0\x56",
    )
    frame = b"\xff\xc2\0\x0b\x08\0\x10\0\x10\1\1\x11\0"
    comment = b"\xff\xfe\0\x05abc"
    data = b"\xff\xd8" + frame + tables + scan + comment + tables + scan + b"\xff\xff\xd9"
    assert read_picture(data).remarks == ("text",)
    clean = without_remarks(data)
    assert clean == b"\xff\xd8" + frame + tables + scan + tables + scan + b"\xff\xd9"


@pytest.mark.parametrize(
    "data", [b"", b"x", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"<svg/>", b"\xff\xd8\xff"]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"JPG|cut short"):
        read_picture(data)


@given(st.sampled_from(["a.jpg", "a.png"]), st.data())
def test_a_damaged_picture_is_refused_or_read_and_never_more(
    name: str, data: st.DataObject
) -> None:
    harmed = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(0, 4))):
        harmed[data.draw(st.integers(0, len(harmed) - 1))] = data.draw(st.integers(0, 255))
    del harmed[data.draw(st.integers(1, len(harmed))) :]
    try:
        found = read_picture(bytes(harmed))
    except ValueError:
        return
    assert isinstance(found, PictureFile)
    assert len(without_remarks(bytes(harmed))) <= len(harmed)


def test_our_own_pictures_tell_nothing() -> None:
    drawn = opaque_picture(f'{SVG}<rect width="64" height="64"/></svg>')
    assert without_remarks(drawn) == drawn
    assert read_picture(io.BytesIO(drawn).read()).remarks == ()
