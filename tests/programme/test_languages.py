"""Judged by the IANA registry, the ISO 639 code tables and Unicode CLDR, read by hand.

Names and three-letter codes: ISO 639-3 and 639-2. Own names and scripts: CLDR.
"""

import re
import unicodedata
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from programme.languages import canonical, is_known, known_tags, language

# tag, own name (CLDR), script (CLDR likely subtags), right to left, ISO 639-2/T or 639-3
EXPECTED = [
    ("es", "español", "Latn", False, "spa"),
    ("en", "English", "Latn", False, "eng"),
    ("fr", "français", "Latn", False, "fra"),
    ("pt", "português", "Latn", False, "por"),
    ("ar", "العربية", "Arab", True, "ara"),
    ("fa", "فارسی", "Arab", True, "fas"),
    ("ur", "اردو", "Arab", True, "urd"),
    ("ps", "پښتو", "Arab", True, "pus"),
    ("ckb", "کوردیی ناوەندی", "Arab", True, "ckb"),
    ("am", "አማርኛ", "Ethi", False, "amh"),
    ("ti", "ትግርኛ", "Ethi", False, "tir"),
    ("hi", "हिन्दी", "Deva", False, "hin"),
    ("pa", "ਪੰਜਾਬੀ", "Guru", False, "pan"),
    ("bn", "বাংলা", "Beng", False, "ben"),
    ("ru", "русский", "Cyrl", False, "rus"),
    ("zh", "中文", "Hans", False, "zho"),
    ("yue", "粵語", "Hant", False, "yue"),
    ("vi", "Tiếng Việt", "Latn", False, "vie"),
    ("my", "မြန်မာ", "Mymr", False, "mya"),
    ("ka", "ქართული", "Geor", False, "kat"),
    ("hy", "հայերեն", "Armn", False, "hye"),
    ("quc", "Kʼicheʼ", "Latn", False, "quc"),
    ("arn", "Mapudungun", "Latn", False, "arn"),
    ("srn", "Sranantongo", "Latn", False, "srn"),
]


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row[0])
def test_names_scripts_and_codes_are_those_of_the_registries(
    row: tuple[str, str, str, bool, str],
) -> None:
    found = language(row[0])
    assert (found.tag, found.endonym, found.script, found.rtl, found.iso639_2) == row


# ISO 639-3 reference names of the codes that are easiest to mix up.
ENGLISH = {
    "quc": "K'iche'",
    "kek": "Q'eqchi'",
    "mam": "Mam",
    "cab": "Garifuna",
    "bzj": "Belize Kriol",
    "bzk": "Nicaraguan Creole",
    "mxe": "Mele-Fila",
    "emb": "Embaloh",
    "fur": "Friulian",
    "cuk": "Guna (San Blas)",
    "kmr": "Northern Kurdish (Kurmanji)",
    "mix": "Mixtepec Mixtec",
    "prs": "Dari",
    "cr": "Cree",
}


@pytest.mark.parametrize(("tag", "name"), ENGLISH.items())
def test_codes_that_look_alike_show_their_own_name(tag: str, name: str) -> None:
    assert language(tag).english == name


TIERS = re.split(
    r"\s+",
    """
    es-419 es-MX es-GT en en-BZ pt-BR fr ht
    quc kek cak mam kjb ixl cac knj jac acr poh tzj caa tzo tzh ctu yua
    nhe trc mto mir mco mxp mxq neq pxm
    cab miq yan bzj bzk jam gym emp cmi noa cuk bzd
    qu gn pap quz quy qvi qug ay ayr guc wba arn srn
    zh cmn yue hi pa bn ne ur ar ru uk tr vi ro id my sw am ha fil
    fa uz az ky ka hy om prs fa-AF ps ckb so ti ln wo ff yo ig pcm wes rw rn tg kmr
    mix nah zap mxe
    tig bm dyu snk sus srr din ku kar rom ber ar-SD ku-Arab zgh tzm nus apd rhg kri mnk mdg zza
    ksw rmy
""".strip(),
)


@pytest.mark.parametrize("tag", TIERS)
def test_every_language_of_the_field_is_known(tag: str) -> None:
    assert is_known(tag)
    assert language(tag).tag == tag


# The W3C feed validator knows ISO 639-1 and 639-2 (measured); everything else gets the
# nearest form that it knows, or its own code with an expected complaint.
FEED = {
    "es-419": "es-419",
    "fa-AF": "fa-AF",
    "ku-Arab": "ku-Arab",
    "ckb": "ku",
    "kmr": "ku",
    "prs": "fa-AF",
    "apd": "ar-SD",
    "zgh": "ber",
    "tzm": "ber",
    "quc": "quc",
    "quc-GT": "quc-GT",
    "mam": "mam",
    "kmr-TR": "ku",
    "ht": "ht",
    "srr": "srr",
}


@pytest.mark.parametrize(("tag", "feed"), FEED.items())
def test_feeds_get_the_nearest_form_that_validators_know(tag: str, feed: str) -> None:
    assert language(tag).feed_tag == feed


@pytest.mark.parametrize(
    ("tag", "own", "spanish"),
    [
        ("es-GT", "español (Guatemala)", "español (Guatemala)"),
        ("es-419", "español latinoamericano", "español latinoamericano"),
        ("pt-BR", "português (Brasil)", "portugués (Brasil)"),
        ("en-BZ", "English (Belize)", "inglés (Belice)"),
        ("fr-HT", "français (Haïti)", "francés (Haití)"),
        ("uz-Cyrl", "oʻzbek (Cyrl)", "uzbeko (Cyrl)"),
        ("fr-ZZ", "français (ZZ)", "francés (ZZ)"),
    ],
)
def test_regional_forms_take_the_names_of_their_language(tag: str, own: str, spanish: str) -> None:
    assert (language(tag).endonym, language(tag).spanish) == (own, spanish)


@pytest.mark.parametrize(
    ("tag", "rtl"), [("uz-Arab", True), ("ff-Adlm", True), ("ur-Latn", False), ("zh-TW", False)]
)
def test_a_script_in_the_tag_decides_the_direction(tag: str, *, rtl: bool) -> None:
    assert language(tag).rtl is rtl


def test_taiwan_writes_in_traditional_letters() -> None:
    assert language("zh-TW").script == "Hant"


@pytest.mark.parametrize("tag", ["nah", "zap", "qu", "ay", "mix", "mxe", "ku", "myn", "qu-PE"])
def test_groups_and_traps_carry_a_note(tag: str) -> None:
    assert language(tag).note


@pytest.mark.parametrize("tag", ["es-419", "quc", "nhe", "mto", "fa-AF", "fil"])
def test_ordinary_languages_carry_no_note(tag: str) -> None:
    assert not language(tag).note


@pytest.mark.parametrize(
    ("given_tag", "usual"),
    [
        ("ES-419", "es-419"),
        ("es-gt", "es-GT"),
        ("FA-af", "fa-AF"),
        ("UZ-CYRL-uz", "uz-Cyrl-UZ"),
        ("ca-VALENCIA", "ca-valencia"),
        ("de-1996", "de-1996"),
    ],
)
def test_tags_are_put_into_the_usual_case(given_tag: str, usual: str) -> None:
    # RFC 5646 section 2.1.1: language lower, script title, region upper case
    assert canonical(given_tag) == usual


@pytest.mark.parametrize(
    "tag",
    [
        *("", "e", "es_419", "es-", "-es", "spanish", "es-41", "es-419 ", "es\n", "es/419"),
        *("../es", "x-private", "en-x-own", "en-u-ca", "éa", "ｅｓ", "es--GT", "es-GT-GT"),
    ],
)
def test_what_is_no_tag_is_refused(tag: str) -> None:
    assert canonical(tag) is None
    assert not is_known(tag)
    with pytest.raises(KeyError):
        language(tag)


@pytest.mark.parametrize("tag", ["xx", "kiche", "iw", "in", "ES", "es-gt", "zzz"])
def test_unlisted_languages_and_unusual_case_are_not_known(tag: str) -> None:
    assert not is_known(tag)
    with pytest.raises(KeyError):
        language(tag)


@given(st.text())
@example("es-419")
@example("a" * 5000)
def test_the_usual_form_stays_as_it_is(tag: str) -> None:
    usual = canonical(tag)
    if usual is not None:
        assert canonical(usual) == usual
        assert usual.lower() == tag.lower()
        assert re.fullmatch(r"[A-Za-z0-9-]+", usual)


@given(st.sampled_from(known_tags()), st.sampled_from(["", "-GT", "-419", "-ZZ"]))
def test_every_listed_language_can_be_named_with_any_region(tag: str, region: str) -> None:
    full = tag if "-" in tag else tag + region
    found = language(full)
    assert found.endonym
    assert found.english
    assert found.spanish
    assert re.fullmatch(r"[a-z]{3}", found.iso639_2)
    assert re.fullmatch(r"[A-Z][a-z]{3}", found.script)
    assert canonical(found.feed_tag) == found.feed_tag


def test_the_table_is_written_in_normal_form_and_with_the_mayan_apostrophe() -> None:
    for tag in known_tags():
        own = language(tag).endonym
        assert unicodedata.is_normalized("NFC", own), tag
        assert "'" not in own, tag
        assert "\u2019" not in own, tag


def test_a_language_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        language("es").endonym = "castellano"  # type: ignore[misc]


def test_no_tag_looks_like_a_page_of_a_feed() -> None:
    # corta/es-p0001.xml is the oldest page of corta/es.xml
    assert [canonical(tag) for tag in ("es-p0001", "es-419-p0001", "es-p12345-valencia")] == [
        None
    ] * 3
    assert canonical("ca-valencia") == "ca-valencia"
    assert canonical("es-pinyin1") == "es-pinyin1"
