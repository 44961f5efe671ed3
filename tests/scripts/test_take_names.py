"""Names of takes: whatever telephones and mail do to them, and never a guess."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.identifiers import is_id
from programme.units import LanguageTag
from scripts.take_names import WHOLE, TakeName, TakeNames

QUC, ES = LanguageTag("quc"), LanguageTag("es-419")
NAMES = TakeNames([("agua", QUC), ("agua", ES), ("agua-2", QUC), ("pedir_asilo", QUC)])

SEGMENTS = st.from_regex(r"[a-z0-9](?:[a-z0-9_-]{0,12}[a-z0-9])?", fullmatch=True).filter(is_id)
TAGS = st.sampled_from(["quc", "es-419", "fa-AF", "zh-Hant-TW", "ht"]).map(LanguageTag)
LINES = st.integers(min_value=0, max_value=2000)
ENDINGS = st.sampled_from([".wav", ".m4a", ".WAV", ".3gp", ".Opus", ".wav.m4a", ""])
MARKS = st.sampled_from(["", "(1)", " (12)", " copy", " copy 2", " - copia", " - Copy (3)"])


def stems(name: str) -> list[str]:
    return [found.stem for found in NAMES.read(name)]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("agua_quc_003.wav", "agua_quc_003"),
        ("Agua quc 3 (1).WAV", "agua_quc_003"),
        ("agua_quc_003 copy.m4a", "agua_quc_003"),
        ("Copy of agua_quc_003.m4a", "agua_quc_003"),
        ("agua_quc_003_2.ogg", "agua_quc_003"),
        ("de-Ana/agua-quc-003.amr", "agua_quc_003"),
        ("C:\\takes\\agua_quc_003.amr", "agua_quc_003"),
        ("agua%20quc%20003.m4a", "agua_quc_003"),
        ("agua_es-419_001.opus", "agua_es-419_001"),
        ("agua es 419 001.opus", "agua_es-419_001"),
        ("AGUA-2_QUC_ALL.mp3", "agua-2_quc_all"),
        ("pedir asilo quc all.m4a", "pedir_asilo_quc_all"),
    ],
)
def test_what_comes_back_is_recognised(name: str, stem: str) -> None:
    assert stems(name) == [stem]


@pytest.mark.parametrize(
    "name",
    [
        *("PTT-20261122-WA0003.opus", "agua_quc.wav", "agua_003.wav", "agua_quc_000.wav", ""),
        *(".m4a", "agua_mam_001.wav", "agua_quc_x.wav", "agua_quc_00001.wav", "a" * 400),
    ],
)
def test_what_says_nothing_is_no_guess(name: str) -> None:
    assert stems(name) == []


def test_a_name_that_fits_two_prompts_gives_both() -> None:
    names = TakeNames([("agua-1", QUC), ("agua_1", QUC)])
    found = [one.stem for one in names.read("agua 1 quc 002.m4a")]
    assert found == ["agua-1_quc_002", "agua_1_quc_002"]
    assert [one.stem for one in names.read("agua_1_quc_002.m4a")] == ["agua_1_quc_002"]


PROMPTS = st.builds(TakeName, segment=SEGMENTS, language=TAGS, line=LINES)


@given(PROMPTS, ENDINGS, MARKS, st.booleans(), st.booleans())
def test_every_stem_comes_home_through_copies_capitals_and_spaces(
    wanted: TakeName, ending: str, mark: str, loud: bool, spaced: bool
) -> None:
    name = wanted.stem.replace("_", " ") if spaced else wanted.stem
    name = unicodedata.normalize("NFD", (name.upper() if loud else name) + mark) + ending
    assert TakeNames([(wanted.segment, wanted.language)]).read(name) == (wanted,)


@given(st.text(max_size=60))
def test_no_name_breaks_the_reader_or_means_a_prompt_that_is_not_there(name: str) -> None:
    for found in NAMES.read(name):
        assert (found.segment, found.language) in {
            ("agua", QUC),
            ("agua", ES),
            ("agua-2", QUC),
            ("pedir_asilo", QUC),
        }
        assert found.line >= WHOLE
