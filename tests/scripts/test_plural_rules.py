"""Plural rules as Unicode writes them, judged by Babel's reading of CLDR."""

from decimal import Decimal

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from scripts.plural_rules import PluralRuleError, parse_rules
from scripts.spoken_tables import languages, table

RUSSIAN = {
    "one": "v = 0 and i % 10 = 1 and i % 100 != 11",
    "few": "v = 0 and i % 10 = 2..4 and i % 100 != 12..14",
    "many": "v = 0 and i % 10 = 0 or v = 0 and i % 10 = 5..9 or v = 0 and i % 100 = 11..14",
}
"""CLDR 45, ru: the rules of a language that is not here yet."""

numbers = st.one_of(
    st.integers(min_value=0, max_value=1_000_000).map(Decimal),
    st.decimals(min_value=0, max_value=1000, places=2),
)


@pytest.mark.parametrize("language", [tag for tag in languages() if tag != "ht"])
@given(number=numbers)
def test_each_language_counts_as_cldr_says(language: str, number: Decimal) -> None:
    words = table(language)
    assert words is not None
    wanted = str(Locale.parse(language).plural_form(number))
    if wanted not in words.plural.categories:
        # Zero is not counted (none), nor are millions a form of their own: they take a word
        # before the noun (de), which is data beside the rules.
        wanted = "other"
        assert number == 0 or int(number) % 1_000_000 == 0
    assert words.plural.category(number) == wanted


@given(number=numbers)
def test_the_rules_of_another_language_can_be_typed_in(number: Decimal) -> None:
    rules = parse_rules(RUSSIAN)
    assert rules.categories == ("one", "few", "many", "other")
    assert rules.category(number) == Locale.parse("ru").plural_form(number)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"single": "n = 1"}, "single"),
        ({"other": "n = 1"}, "other"),
        ({"one": ""}, "«»"),
        ({"one": "n is 1"}, "n is 1"),
        ({"one": "n = 1 and"}, "«»"),
        ({"one": "x = 1"}, "x = 1"),
        ({"one": "n % 10 = 1.."}, "1.."),
    ],
)
def test_what_is_no_rule_is_refused(rules: dict[str, str], told: str) -> None:
    with pytest.raises(PluralRuleError, match=told.replace(".", r"\.")):
        parse_rules(rules)
