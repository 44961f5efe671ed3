"""Numbers keep their groups in order; no text breaks its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.plain_text import crlf, directed, keep_numbers, length, one_line, parts


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Llame al 800 5533 000, gratis", ["800 5533 000"]),
        ("al +52 55 1234-5678.", ["+52 55 1234-5678"]),
        ("(800) 5533 o 110", ["(800) 5533", "110"]),
        ("110, 122. 123", ["110", "122", "123"]),
        ("اتصلوا بالرقم ٨٠٠ ٥٥٣٣ الآن", ["٨٠٠ ٥٥٣٣"]),
        ("camino_98b0cf8e10b0 v2 99_INFO", []),
        ("1 de cada 3, de 9-17", []),
    ],
)
def test_telephone_numbers_are_told_from_words(text: str, numbers: list[str]) -> None:
    found = parts(text)
    assert [part.text for part in found if part.number] == numbers
    assert "".join(part.text for part in found) == text


def test_groups_in_a_right_to_left_line_are_isolated_and_never_broken() -> None:
    assert keep_numbers("اتصلوا 800 5533", "rtl") == "اتصلوا \u2066800\u00a05533\u2069"
    assert keep_numbers("Llame al 800 5533", "ltr") == "Llame al 800\u00a05533"
    assert keep_numbers("في \u206605_AR/1 2\u2069 110", "rtl") == "في \u206605_AR/1 2\u2069 110"


def test_a_line_is_laid_out_as_its_language_runs_whatever_it_begins_with() -> None:
    assert directed("Camino: حزمة", "rtl") == "\u200fCamino: حزمة"
    assert directed("\u206605_AR\u2069 ملف", "rtl") == "\u206605_AR\u2069 ملف"
    assert directed("العربية: Salud", "ltr") == "\u200eالعربية: Salud"
    assert directed("- Salud", "ltr") == "- Salud"
    assert directed("12", "rtl") == "\u200f12"


@given(text=st.text(st.characters(), max_size=80))
def test_parting_numbers_loses_no_character(text: str) -> None:
    assert "".join(part.text for part in parts(text)) == text


@given(text=st.text(st.characters(), max_size=80))
def test_any_text_becomes_one_line_that_utf8_can_hold(text: str) -> None:
    line = one_line(text)
    assert len(f"x{line}x".splitlines()) == 1
    assert line == line.strip()
    assert not set(line) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b")
    line.encode("utf-8")


@pytest.mark.parametrize(
    ("duration_ms", "written"),
    [(0, "0:01"), (59_499, "0:59"), (59_500, "1:00"), (754_000, "12:34"), (3_661_000, "1:01:01")],
)
def test_lengths_are_written_as_people_read_them(duration_ms: int, written: str) -> None:
    assert length(duration_ms) == written


def test_lines_end_as_windows_expects() -> None:
    assert crlf(["a", "ñ"]) == b"a\r\n\xc3\xb1\r\n"
