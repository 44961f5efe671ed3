"""Chunks, ASCII texts and the telephone band: small things on which the WAV files rest."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.ascii_text import ascii_text
from audio.mixer import BLOCK
from audio.phone_band import in_phone_band
from audio.riff import PCM, chunk, format_chunk, head, tail
from programme.units import Hz
from tests.audio.slot_material import tone

CHUNKS = st.lists(st.tuples(st.sampled_from([b"cart", b"LIST", b"iXML"]), st.binary(max_size=40)))


def walk(data: bytes) -> list[tuple[bytes, bytes]]:
    """Read a whole RIFF file as the standard says; every byte must be accounted for."""
    name, size, form = struct.unpack("<4sI4s", data[:12])
    assert (name, form, size) == (b"RIFF", b"WAVE", len(data) - 8)
    found, at = [], 12
    while at < len(data):
        name, size = struct.unpack("<4sI", data[at : at + 8])
        found.append((name, data[at + 8 : at + 8 + size]))
        assert not any(data[at + 8 + size : at + 8 + size + size % 2])
        at += 8 + size + size % 2
    assert at == len(data)
    return found


@given(before=CHUNKS, sound=st.binary(max_size=33), after=CHUNKS)
def test_what_was_put_in_is_found_whatever_its_length(
    before: list[tuple[bytes, bytes]], sound: bytes, after: list[tuple[bytes, bytes]]
) -> None:
    first = b"".join(chunk(*one) for one in before)
    last = b"".join(chunk(*one) for one in after)
    samples = len(sound)
    whole = head(first, len(sound), last, samples=samples) + sound + tail(len(sound), last)
    assert walk(whole) == [*before, (b"data", sound), *after]


def test_rf64_tells_its_true_sizes_in_ds64() -> None:
    samples, after = 3 * 2**31, chunk(b"LIST", b"INFO")
    before = format_chunk(PCM, Hz(48_000), 16)
    start = head(before, 2 * samples, after, samples=samples)
    assert start[:16] == b"RF64\xff\xff\xff\xffWAVEds64"
    whole, data, count, table = struct.unpack("<QQQI", start[20:48])
    assert whole == len(start) + 2 * samples + len(after) - 8
    assert (data, count, table) == (2 * samples, samples, 0)
    assert start[-8:] == b"data\xff\xff\xff\xff"


def test_a_chunk_has_a_name_of_four_bytes() -> None:
    with pytest.raises(ValueError, match="not the name of a chunk"):
        chunk(b"cue", b"")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tus documentos: ¿qué llevar?", "Tus documentos: que llevar?"),
        ("L’eau — « gratuite »", 'L\'eau - " gratuite "'),
        ("São Paulo, Łódź, Ağrı", "Sao Paulo, Lodz, Agri"),
        ("K’iche’ q’eqchi’", "K'iche' q'eqchi'"),
        ("Straße … 5 €", "Strasse ... 5 EUR"),
        ("وثائقك 12", "stand-in"),
        ("Документы", "stand-in"),
        ("水 water", "stand-in"),
        ("\x00\x07\n", "stand-in"),
        ("", "stand-in"),
    ],
)
def test_texts_in_ascii_lose_accents_or_are_replaced_whole(text: str, wanted: str) -> None:
    assert ascii_text(text, "stand-in", longest=40) == wanted


@given(st.text(), st.integers(1, 50))
def test_an_ascii_text_is_printable_and_no_longer_than_asked(text: str, longest: int) -> None:
    found = ascii_text(text, "es-419", longest=longest)
    assert found
    assert len(found) <= longest
    assert found.isascii()
    assert found.isprintable()


@pytest.mark.parametrize(
    ("hertz", "low", "high"),
    [
        *((100, -200, -50), (200, -200, -35), (500, -0.1, 0.1), (1_000, -0.1, 0.1)),
        *((3_200, -0.2, 0.1), (3_600, -200, -35), (4_000, -200, -50), (12_000, -200, -50)),
    ],
)
def test_the_band_of_a_telephone(hertz: int, low: float, high: float) -> None:
    given_ = tone(hertz, 1.0, 0.5).astype(np.float32)
    heard = np.concatenate(list(in_phone_band([given_], len(given_))))
    middle = slice(4_800, -4_800)
    level = 20 * np.log10(heard[middle].std() / given_[middle].std() + 1e-12)
    assert low <= level <= high


@pytest.mark.parametrize("size", [1, 997, BLOCK, 48_000])
def test_the_band_is_not_late_and_does_not_depend_on_blocks(size: int) -> None:
    click = np.zeros(48_000 if size > 1 else 3_000, np.float32)
    click[2_000] = 1.0
    blocks = [click[start : start + size] for start in range(0, len(click), size)]
    found = list(in_phone_band(blocks, len(click)))
    heard = np.concatenate(found)
    assert len(heard) == len(click)
    assert int(np.argmax(np.abs(heard))) == 2_000
    assert all(len(block) == BLOCK for block in found[:-1])
    whole = np.concatenate(list(in_phone_band([click], len(click))))
    assert np.array_equal(heard, whole)
