"""What a tag means: judged by the names in the code tables, and by look-alikes met for real."""

import pytest

from programme.languages import known_tags
from scripts.language_maps import tag_fault
from scripts.language_names import describe_tag, name_lines

NAMES = [
    ("ht", "ht: Haitian Creole (kreyòl ayisyen)"),
    ("quc", "quc: K'iche' (Kʼicheʼ)"),
    ("en", "en: English"),
    ("hat", "hat: Haitian; its tag is ht"),
    ("fre", "fre: French; its tag is fr"),
    ("spa-MX", "spa-MX: Spanish; its tag is es-MX"),
    ("xpu", "xpu: Punic; a historical language"),
    ("tlh", "tlh: Klingon; a constructed language"),
    ("mis", "mis: Uncoded languages; a code for special use, no language"),
    ("sgn", "sgn: sign languages; a group of languages; name the one that people speak"),
    ("zzz", "zzz: no language of ISO 639"),
]


@pytest.mark.parametrize(("tag", "line"), NAMES)
def test_a_tag_is_named(tag: str, line: str) -> None:
    assert name_lines([tag]) == [line]


@pytest.mark.parametrize("tag", ["mxe", "emb", "kun", "gar", "cr", "fur"])
def test_a_look_alike_is_told_from_what_was_meant(tag: str) -> None:
    found = describe_tag(tag)
    assert found is not None
    assert "not " in found.note
    assert not found.group


@pytest.mark.parametrize("tag", ["nah", "zap", "myn", "qu", "ay", "aym", "hmn", "sit"])
def test_a_group_is_told_from_a_language(tag: str) -> None:
    found = describe_tag(tag)
    assert found is not None
    assert found.exists
    assert found.group or "its tag is" in found.note


def test_what_is_no_tag_is_no_language() -> None:
    assert describe_tag("kreyòl") is None
    assert describe_tag("../x") is None
    assert name_lines(["a b"]) == ["a b: no language tag"]


def test_the_listed_names_are_those_of_the_code_tables_or_say_more() -> None:
    """Every listed tag of three letters is one of ISO 639, so that no tag was invented."""
    from pycountry import language_families, languages

    for tag in known_tags():
        base = tag.partition("-")[0]
        if len(base) == 2:
            assert languages.get(alpha_2=base), tag
        else:
            assert languages.get(alpha_3=base) or language_families.get(alpha_3=base), tag


@pytest.mark.parametrize(
    ("tag", "problem", "remedy"),
    [
        ("aaa", "aaa is Ghotuo", 'aaa = { own = "its own name", en = "Ghotuo"'),
        ("fre", "fre: French", "write fr"),
        ("spa-MX", "spa-MX: Spanish", "write es-MX"),
        ("xpu", "historical", "name a language that people speak"),
        ("hmx", "a group", "name a language that people speak"),
    ],
)
def test_a_language_that_exists_and_is_not_listed_is_named(
    tag: str, problem: str, remedy: str
) -> None:
    fault = tag_fault(tag, None)
    assert fault is not None
    assert fault.rule == "language.unlisted"
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_what_exists_nowhere_stays_unknown() -> None:
    fault = tag_fault("zzz", None)
    assert fault is not None
    assert fault.rule == "language.unknown"
