"""Names hold on a FAT stick, on cheap players and in station software, whatever the titles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.identifiers import is_id
from programme.units import LanguageTag
from stations.names import INFO_FOLDER, folder_names, radio_stems, slug, track_name

TAG = st.from_regex(r"\A[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\Z").map(LanguageTag)
ID = st.from_regex(r"\A[a-z0-9]([a-z0-9_-]{0,62}[a-z0-9])?\Z").filter(is_id)
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|\Z)")


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ("Pedir asilo es gratis: ¿qué más?", "pedir-asilo-es-gratis-que-mas"),
        ("El niño y la niña, mañana", "el-nino-y-la-nina-manana"),
        ("Demander l’asile à l'œuvre", "demander-l-asile-a-l-oeuvre"),
        ("Informações sobre saúde", "informacoes-sobre-saude"),
        ("K’iche’ wuj", "k-iche-wuj"),
        ("Straße, Łódź, Đà Nẵng", "strasse-lodz-da-nang"),
        ("２４ horas / 24ª", "24-horas-24a"),
        # Another script, half another script, or nothing to read: the id speaks.
        ("طلب اللجوء مجاني", "asilo"),
        ("VIH التهاب", "asilo"),
        ("Убежище", "asilo"),
        ("!!! …", "asilo"),
        ("", "asilo"),
    ],
)
def test_a_title_is_written_in_plain_latin_letters_or_gives_way_to_its_id(
    title: str, made: str
) -> None:
    assert slug(title, "asilo", longest=40) == made


def test_a_long_title_is_cut_between_words() -> None:
    assert slug("Cuando el número no contesta", "x", longest=22) == "cuando-el-numero-no"
    assert slug("a" * 40, "x", longest=22) == "a" * 22


def test_a_fallback_that_is_no_id_is_refused() -> None:
    with pytest.raises(ValueError, match="no id"):
        slug("طلب", "../etc", longest=20)


def test_folders_carry_order_and_language() -> None:
    tags = [LanguageTag(tag) for tag in ("es-419", "en", "pt-BR", "quc")]
    assert list(folder_names(tags).values()) == ["01_ES", "02_EN", "03_PT", "04_QUC"]


def test_two_kinds_of_one_language_get_the_whole_tag() -> None:
    tags = [LanguageTag(tag) for tag in ("es-419", "es-ES", "en")]
    assert list(folder_names(tags).values()) == ["01_ES_419", "02_ES_ES", "03_EN"]


@given(tags=st.lists(TAG, min_size=1, max_size=98, unique=True))
def test_any_languages_give_folders_that_sort_as_needed_before_the_info_folder(
    tags: list[LanguageTag],
) -> None:
    names = list(folder_names(tags).values())
    assert len({name.casefold() for name in names}) == len(tags)
    assert [*names, INFO_FOLDER] == sorted([*names, INFO_FOLDER])
    for name in names:
        assert re.fullmatch(r"[A-Z0-9_]{4,30}", name)
        assert not RESERVED.match(name)


@given(titles=st.lists(st.tuples(st.text(max_size=80), ID), min_size=1, max_size=99))
def test_any_titles_give_tracks_that_fat_and_players_take_in_play_order(
    titles: list[tuple[str, str]],
) -> None:
    names = [
        track_name(place, title, fallback, suffix=".mp3")
        for place, (title, fallback) in enumerate(titles, start=1)
    ]
    assert len({name.casefold() for name in names}) == len(names)
    assert names == sorted(names)
    for place, name in enumerate(names, start=1):
        assert re.fullmatch(r"[0-9]{3}_[a-z0-9][a-z0-9_-]*[a-z0-9]?\.mp3", name)
        assert len(name) <= 30
        assert name.startswith(f"{place:03d}_")
        assert name[-5] not in "-_. "


def test_radio_stems_say_series_language_and_number() -> None:
    es, pt = LanguageTag("es-419"), LanguageTag("pt-BR")
    items = [("camino-seguro", es, 1, "uno"), ("camino-seguro", pt, 1, "uno")]
    assert radio_stems(items) == ("camino-seguro_es-419_001", "camino-seguro_pt-br_001")


def test_radio_stems_that_would_clash_are_both_marked_whichever_comes_first() -> None:
    es = LanguageTag("es")
    one, two = ("avisos", es, 1, "a"), ("avisos", es, 1, "b")
    first, second = radio_stems([one, two])
    assert radio_stems([two, one]) == (second, first)
    assert first != second
    assert re.fullmatch(r"avisos_es_001_[0-9a-f]{6}", first)


def test_an_edition_named_twice_is_refused() -> None:
    item = ("avisos", LanguageTag("es"), 1, "a")
    with pytest.raises(ValueError, match="the same edition"):
        radio_stems([item, item])


@given(
    items=st.lists(
        st.tuples(ID, TAG, st.integers(min_value=1, max_value=9_999), ID),
        min_size=1,
        max_size=60,
        unique=True,
    )
)
def test_any_radio_stems_are_unique_and_within_what_libretime_keeps(
    items: list[tuple[str, LanguageTag, int, str]],
) -> None:
    stems = radio_stems(items)
    assert len({stem.casefold() for stem in stems}) == len(items)
    for stem in stems:
        assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,47}", stem)
        assert not RESERVED.match(stem)
