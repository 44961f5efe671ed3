"""The catalogue of rules: whole, in four languages, and true to its own examples."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from programme.languages import is_known
from programme.segments import SegmentKind
from scripts.rule_catalogue import READERS, Example, Rule, in_words, read_rules, rules
from tests.scripts.checking import check_lines

ROOT = Path(__file__).parents[2]
EXAMPLES = [(rule.id, example) for rule in rules().values() for example in rule.examples]


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_every_rule_explains_itself_in_four_languages(rule: object) -> None:
    for texts in (rule.title, rule.reason, rule.advice):  # type: ignore[attr-defined]
        assert set(READERS) <= set(texts)
        assert all(text.strip() for text in texts.values())
    assert rule.source.strip()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("rule", "example"), EXAMPLES, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(EXAMPLES)]
)
def test_a_rule_finds_its_bad_examples_once_and_leaves_the_good_ones(
    rule: str, example: Example
) -> None:
    assert is_known(example.language)
    found = [
        finding
        for finding in check_lines(
            example.text,
            language=example.language,
            kind=SegmentKind(example.kind).value,
            audiences=example.audiences,
        )
        if finding.rule == rule
    ]
    assert len(found) == (1 if example.is_bad else 0), [f.problem for f in found]
    assert not found or example.says in found[0].problem


def test_a_rule_with_examples_has_one_that_is_found_and_one_that_is_not() -> None:
    for rule in rules().values():
        if rule.examples:
            assert {example.is_bad for example in rule.examples} == {True, False}, rule.id


RULE = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
NAME = re.compile(r"[a-z]+(-[a-z]+)*")
NO_RULES = {
    *("altavoz.toml", "check.jsonl", "content.xml", "folders.jsonl", "kit.json"),
    *("decisions.json", "desktop.ini", "segment.yml", "take.yml", "thumbs.db"),
    "consent.id",  # retold as consent.record, which quotes nothing
    "translation.placeholder",  # the head of several
}
"""What is written like a rule and is none."""
OF_TOML = {"fields.py", "read_network.py", "review_policy.py"}
"""Modules whose names of faults are of TOML files, too."""


@cache
def literal_rules() -> frozenset[str]:
    """Give every rule that stands in the modules that check, and those built from a form."""
    found: set[str] = set()
    for file in (*(ROOT / "scripts").glob("*.py"), ROOT / "stations/check.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if RULE.fullmatch(node.value) else set()
            elif isinstance(node, ast.Call):
                forms = ("yaml", "toml") if file.name in OF_TOML else ("yaml",)
                found |= {f"{form}.{name}" for name in names_of_faults(node) for form in forms}
    return frozenset(found) - NO_RULES


def names_of_faults(call: ast.Call) -> set[str]:
    """Give the last part of a rule that a reader of YAML or TOML reports by it, if it is one."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "rule"]
    if called in {"fault", "report", "lack", "refuse"}:
        given += call.args[1:2]
    texts = [one.value for one in given if isinstance(one, ast.Constant) and called != "add"]
    return {text for text in texts if isinstance(text, str) and NAME.fullmatch(text)}


def test_every_rule_that_a_module_reports_can_be_explained() -> None:
    assert len(literal_rules()) > 200
    assert sorted(literal_rules() - rules().keys()) == []


@cache
def reported() -> frozenset[str]:
    """Give every string constant of the modules that check something."""
    files = [*(ROOT / "scripts").glob("*.py"), *(ROOT / "production").rglob("*.py")]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    return frozenset(
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@pytest.mark.parametrize("rule", rules())
def test_every_rule_of_the_catalogue_is_one_that_some_check_reports(rule: str) -> None:
    # A rule whose last part comes from data is built from its head and a full stop.
    head = f"{rule.rpartition('.')[0]}."
    told = reported() | literal_rules()
    assert rule in told or head in reported(), f"no module reports {rule}"


def _rules_of(text: str) -> tuple[Rule, ...]:
    return read_rules(tomllib.loads(text))


def test_a_file_of_rules_is_read_as_it_stands() -> None:
    (rule,) = _rules_of(
        '[[rule]]\nid = "a.b"\nseverity = "warning"\nsource = "s"\nallow = true\n'
        'title = {en = "t"}\nreason = {en = "r", es = "m"}\nadvice = {en = "a"}\n'
        '[[rule.example]]\nlanguage = "es"\nbad = "x"\nsays = "y"\n'
    )
    assert (rule.id, rule.allow, rule.examples[0].is_bad) == ("a.b", True, True)
    assert in_words(rule.reason, "es-419") == "m"
    assert in_words(rule.reason, "fr") == "r"


def test_an_example_that_is_neither_bad_nor_good_is_refused() -> None:
    with pytest.raises(ValueError, match="either bad or good"):
        _rules_of(
            '[[rule]]\nid = "a.b"\nseverity = "info"\nsource = "s"\nallow = true\n'
            'title = {}\nreason = {}\nadvice = {}\n[[rule.example]]\nlanguage = "es"\n'
        )


def test_rules_that_share_an_entry_are_each_explained() -> None:
    first, second = _rules_of(
        '[[rule]]\nids = ["a.b", "c.b"]\nseverity = "error"\nsource = "s"\nallow = false\n'
        'title = {en = "t"}\nreason = {en = "r"}\nadvice = {en = "a"}\n'
    )
    assert (first.id, second.id, second.title) == ("a.b", "c.b", first.title)
