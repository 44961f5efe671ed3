"""RGB pictures without alpha: the same pixels as another program decodes them, the same bytes."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.artwork.drawing import opaque_picture, picture
from production.artwork.opaque_png import _deflate, without_alpha
from programme.digests import digest_bytes
from tests.production.pictures import chunks, pixels

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">'


def drawing(colours: list[str]) -> str:
    shapes = [
        f'<circle cx="{7 * at % 64}" cy="{11 * at % 48}" r="{3 + at % 9}" fill="{colour}"/>'
        for at, colour in enumerate(colours)
    ]
    return f'{HEAD}<rect width="64" height="48" fill="#246"/>{"".join(shapes)}</svg>'


@given(st.lists(st.sampled_from(["#fff", "#000", "#c31", "#246", "#25f0a7"]), max_size=40))
def test_the_pixels_stay_and_the_alpha_goes(colours: list[str]) -> None:
    with_alpha = picture(drawing(colours))
    without = without_alpha(with_alpha)
    assert np.array_equal(pixels(without), pixels(with_alpha))
    assert [name for name, _ in chunks(without)] == ["IHDR", "IDAT", "IEND"]
    assert dict(chunks(without))["IHDR"][8:] == bytes([8, 2, 0, 0, 0])


@given(
    st.binary(max_size=3000) | st.lists(st.binary(max_size=9), max_size=30).map((b"\0" * 400).join)
)
def test_what_is_packed_is_unpacked_by_zlib(data: bytes) -> None:
    packed = _deflate(data)
    assert zlib.decompress(packed, wbits=-15) == data


@pytest.mark.parametrize(
    "length", [*range(270), 258 * 2, 258 * 2 + 1, 258 * 2 + 2, 258 * 3 + 3, 9001]
)
def test_runs_of_any_length_are_packed(length: int) -> None:
    for data in (b"\0" * length, b"a" + b"\0" * length + b"b"):
        assert zlib.decompress(_deflate(data), wbits=-15) == data


def test_bytes_of_very_uneven_number_have_codes_that_are_short_enough() -> None:
    data = b"".join(bytes([n]) * (1 << n) for n in range(1, 21))  # a code of 20 bits, unless kept
    assert zlib.decompress(_deflate(data), wbits=-15) == data


def test_the_bytes_are_the_same_on_every_python() -> None:
    # Python's own packing differs from zlib to zlib; this one is ours.
    found = without_alpha(picture(drawing(["#fff", "#c31", "#25f0a7"] * 9)))
    assert digest_bytes(found)[:12] == "fba80aa83494"
    assert digest_bytes(_deflate(bytes(range(256)) * 20))[:12] == "e6e32f160311"


def test_a_picture_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no RGBA picture"):
        without_alpha(without_alpha(picture(drawing([]))))


def test_what_was_drawn_lately_is_not_drawn_again() -> None:
    assert opaque_picture(drawing(["#000"])) is opaque_picture(drawing(["#000"]))
