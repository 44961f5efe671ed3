"""Names of a station's files: short, plain, unique, and other where other words are said."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from programme.units import LanguageTag
from stations.delivery_names import air_stem, language_folder, latest_stem

DAY = date(2026, 11, 22)
IDS = st.from_regex(r"[a-z][a-z0-9]*(-[a-z0-9]+){0,12}", fullmatch=True)
TAGS = st.sampled_from(["es-419", "en", "fa-AF", "zh-Hant-TW", "quc", "sr-Latn-RS-ijekavsk"])
PLAIN = re.compile(r"[a-z0-9_-]{1,48}")


def test_a_name_says_series_language_number_date_and_version() -> None:
    stem = air_stem("camino-breves", LanguageTag("es-419"), 3, DAY, "1a2b3c4d5e6f7a8b")
    assert stem == "camino-breves_es-419_003_2026-11-22_v1a2b3c"
    assert latest_stem("camino-breves", LanguageTag("es-419")) == "camino-breves_es-419"
    assert language_folder(LanguageTag("pt-BR")) == "pt-br"


@given(IDS, TAGS, st.integers(1, 99_999), st.dates(), st.text("0123456789abcdef", min_size=16))
def test_every_name_fits_a_database_that_keeps_48_characters(
    series: str, tag: str, number: int, day: date, version: str
) -> None:
    stem = air_stem(series, LanguageTag(tag), number, day, version)
    assert PLAIN.fullmatch(stem)
    assert stem.endswith(f"_{number:03d}_{day.isoformat()}_v{version[:6]}")
    assert PLAIN.fullmatch(latest_stem(series, LanguageTag(tag)))


@given(st.lists(st.tuples(IDS, TAGS, st.integers(1, 500)), unique=True, max_size=30))
def test_no_two_editions_have_one_name(rows: list[tuple[str, str, int]]) -> None:
    stems = {air_stem(s, LanguageTag(tag), number, DAY, "ab" * 8) for s, tag, number in rows}
    assert len(stems) == len(rows)


def test_long_ids_that_begin_alike_stay_apart() -> None:
    one = latest_stem("informacion-para-personas-en-camino-norte", LanguageTag("es-419"))
    two = latest_stem("informacion-para-personas-en-camino-sur", LanguageTag("es-419"))
    both = {
        air_stem(f"informacion-para-personas-{end}", LanguageTag("es-419"), 1, DAY, "ab" * 8)
        for end in ("norte", "sur")
    }
    assert one != two
    assert len(both) == 2


def test_other_words_give_another_name() -> None:
    names = {air_stem("s", LanguageTag("en"), 1, DAY, text * 8) for text in ("1f", "2f")}
    assert len(names) == 2
