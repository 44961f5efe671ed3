"""Vale's rules: what is written finds what the rows find, and what is read becomes terms."""

import re

import pytest

from programme.findings import Findings, Severity
from programme.units import LanguageTag
from scripts.nodes import Table
from scripts.read_terms import built_in_terms, parse_terms
from scripts.term_concepts import TermData
from scripts.term_exchange import TermFormat, chosen_concepts, render_export
from scripts.term_words import expand
from scripts.termbase import TermBase
from scripts.vale import parse_vale, pattern_of, render_vale
from scripts.yaml_text import parse_yaml


def test_vale_rules_find_what_the_rows_find() -> None:
    files = render_vale(chosen_concepts(TermBase(), languages=["es"], concept="irregular-status"))
    assert set(files) == {".vale.ini", "styles/altavoz-es/irregular-status.yml"}
    rule = parse_yaml(
        files["styles/altavoz-es/irregular-status.yml"].decode(), file="f", findings=Findings()
    )
    assert isinstance(rule, Table)
    swap = rule.entries["swap"]
    assert isinstance(swap, Table)
    row = built_in_terms().concepts["irregular-status"].terms[LanguageTag("es")].avoid[0]
    regexes = [re.compile(rf"\b(?:{key})\b", re.IGNORECASE) for key in swap.entries]
    for pattern in row.avoid:
        for form in expand(pattern):
            assert any(regex.fullmatch(form) for regex in regexes), form
    assert "BasedOnStyles = altavoz-es" in files[".vale.ini"].decode()


def test_every_vale_rule_is_one_that_vale_loads() -> None:
    files = render_export(built_in_terms().concepts.values(), TermFormat.VALE)
    assert len(files) > 80
    for name, data in files.items():
        if name.endswith(".yml"):
            rule = parse_yaml(data.decode(), file=name, findings=Findings())
            assert isinstance(rule, Table)
            assert {"extends", "message", "level", "ignorecase", "swap"} <= set(rule.entries)
            level = rule.entries["level"]
            assert getattr(level, "value", "") in {"error", "warning", "suggestion"}
            assert data.decode().count("%s") == 2


@pytest.mark.parametrize(
    ("regex", "forms"),
    [
        ("abundance", {"abundance"}),
        ("(?:give|gave) rise to", {"give rise to", "gave rise to"}),
        ("smart ?phones?", {"smart phone", "smartphone", "smart phones", "smartphones"}),
        ("niñ[oa]s", {"niños", "niñas"}),
        (r"\bfoo\sbar\b", {"foo bar"}),
        ("a|b", {"a", "b"}),
        ("(?:re)?do", {"do", "redo"}),
        (r"e\.g\.", {"e.g."}),
    ],
)
def test_simple_regular_expressions_become_patterns(regex: str, forms: set[str]) -> None:
    found = {" ".join(form.split()) for form in expand(pattern_of(regex))}
    assert {form.replace(" ", "") for form in found} == {form.replace(" ", "") for form in forms}


@pytest.mark.parametrize(
    "regex", [".*", "a+", "(?<=x)y", "[a-z]", r"\w+", "(a", "a)", "a{2}", "^a$"]
)
def test_what_says_more_than_a_pattern_is_refused(regex: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        pattern_of(regex)


VALE = """\
extends: substitution
message: "Use '%s' instead of '%s'."
link: https://example.org/style
level: error
ignorecase: true
swap:
  (?:give|gave) rise to: lead to
  utilize[sd]?: use
  a.*b: c
"""


def test_a_vale_rule_becomes_a_concept_and_what_cannot_is_told() -> None:
    findings = Findings()
    rule = parse_yaml(VALE, file="Words.yml", findings=findings)
    assert isinstance(rule, Table)
    table = parse_vale(rule, name="Words", tag="en", file="Words.yml", findings=findings)
    assert [(f.line, f.severity) for f in findings] == [(9, Severity.WARNING)]
    data, _ = parse_terms(table, file="f", base=TermData(), findings=Findings(), own=True)
    (concept,) = data.concepts.values()
    assert (concept.id, concept.sources) == ("words", ("https://example.org/style",))
    assert [
        (row.say, row.avoid, row.severity) for row in concept.terms[LanguageTag("en")].avoid
    ] == [
        ("lead to", ("(give|gave) rise to",), Severity.ERROR),
        ("use", ("utilize(|s|d)",), Severity.ERROR),
    ]
