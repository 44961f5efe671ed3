"""Typed reading: every kind of value, what it takes and what it refuses, and its line."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from programme.findings import Findings, Severity
from programme.languages import known_tags, language
from scripts.countries import COUNTRIES
from scripts.fields import NO_DATE, Fields, parse_day
from scripts.language_maps import tag_fault
from scripts.nodes import Table
from scripts.toml_text import parse_toml
from scripts.wording import nearest, shown
from scripts.yaml_text import parse_yaml


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def fields(text: str) -> Fields:
    findings = Findings()
    table = parse_yaml(text, file="a.yml", findings=findings)
    assert isinstance(table, Table)
    return Fields(table, file="a.yml", findings=findings)


READERS: dict[str, tuple[Callable[[Fields], object], str, object, str]] = {
    # how it is read, good text and its value, bad text
    "text": (lambda f: f.text("a"), "' café '", "café", "[x]"),
    "decomposed text": (lambda f: f.text("a"), "cafe\u0301", "café", "{x: y}"),
    "one line": (lambda f: f.text("a"), ">\n  one\n  line\n", "one line", "|\n  two\n  lines\n"),
    "paragraphs": (lambda f: f.text("a", paragraphs=True), "|\n  b\n\n  c\n", "b\n\nc", "[b]"),
    "id": (lambda f: f.id("a"), "mx-1", "mx-1", "../mx"),
    "date": (lambda f: f.day("a"), "2026-11-22", date(2026, 11, 22), "22.11.2026"),
    "leap day": (lambda f: f.day("a"), "2028-02-29", date(2028, 2, 29), "2026-02-29"),
    "short date": (lambda f: f.day("a"), "2026-01-02", date(2026, 1, 2), "20260102"),
    "week": (lambda f: f.day("a"), "2026-01-02", date(2026, 1, 2), "2026-W01-5"),
    "arabic digits": (lambda f: f.day("a"), "2026-01-02", date(2026, 1, 2), "٢٠٢٦-٠١-٠٢"),
    "yes": (lambda f: f.flag("a"), "yes", True, "1"),
    "no": (lambda f: f.flag("a", default=True), "No", False, "nope"),
    "number": (lambda f: f.integer("a", least=1, most=9), "9", 9, "10"),
    "number with a zero": (lambda f: f.integer("a", least=1, most=99), "12", 12, "012"),
    "number with a sign": (lambda f: f.integer("a", least=0, most=9), "0", 0, "-1"),
    "half": (lambda f: f.integer("a", least=0, most=9), "1", 1, "1.5"),
    "choice": (lambda f: f.choice("a", Colour), "blue", Colour.BLUE, "bleu"),
    "word": (lambda f: f.word("a", ("x", "y")), "y", "y", "z"),
    "address": (lambda f: f.url("a"), "https://a.org/b?c", "https://a.org/b?c", "ftp://a.org"),
    "script": (lambda f: f.url("a"), "http://a.org", "http://a.org", "javascript:alert(1)"),
    "address with a name": (lambda f: f.url("a"), "https://a.org", "https://a.org", "https://u@a"),
    "markup": (lambda f: f.url("a"), "https://a.org", "https://a.org", 'https://a.org/"><b>'),
    "country": (lambda f: f.country("a"), "GT", "GT", "UK"),
    "ids": (lambda f: f.ids("a"), "[b, c]", ("b", "c"), "[b, {c: d}]"),
    "one id": (lambda f: f.ids("a"), "b", ("b",), "B"),
    "same id twice": (lambda f: f.ids("a"), "[b]", ("b",), "[b, b]"),
    "countries": (lambda f: f.countries("a"), "[MX, GT]", ("MX", "GT"), "[MX, XX]"),
    "table": (lambda f: f.table_at("a") is not None, "{b: c}", True, "[b]"),
    "tables": (lambda f: len(f.tables("a")), "[{b: c}, {d: e}]", 2, "{b: c}"),
}


@pytest.mark.parametrize("name", READERS)
def test_a_good_value_is_read_without_a_word(name: str) -> None:
    read, good, value, _ = READERS[name]
    found = fields(f"a: {good}\n")
    assert read(found) == value
    assert found.done()
    assert not len(found.findings)


@pytest.mark.parametrize("name", READERS)
def test_a_bad_value_is_one_finding_at_its_line(name: str) -> None:
    read, _, _, bad = READERS[name]
    found = fields(f"# first\na: {bad}\n")
    read(found)
    found.done()
    assert [(f.line, f.file) for f in found.findings] == [(2, "a.yml")]


@pytest.mark.parametrize(
    "read",
    [
        lambda f: f.text("b", required=True),
        lambda f: f.id("b", required=True),
        lambda f: f.required_day("b"),
        lambda f: f.integer("b", least=0, most=1),
        lambda f: f.choice("b", Colour),
        lambda f: f.url("b", required=True),
        lambda f: f.country("b", required=True),
        lambda f: f.texts("b", required=True),
        lambda f: f.tables("b", required=True),
        lambda f: f.table_at("b", required=True),
    ],
)
@pytest.mark.parametrize("text", ["a: x\n", "a: x\nb:\n", 'a: x\nb: ""\n'])
def test_what_is_missing_or_empty_is_one_finding(
    read: Callable[[Fields], object], text: str
) -> None:
    found = fields(text)
    found.known.add("a")
    read(found)
    assert not found.done()
    assert [f.rule for f in found.findings] == ["yaml.missing-key"]


def test_a_missing_date_is_long_past() -> None:
    assert fields("a: x\n").required_day("b") == NO_DATE < date(1970, 1, 1)


def test_unknown_keys_are_errors_that_leave_the_values_sound() -> None:
    found = fields("exprires: x\nb: y\n")
    found.text("expires")
    found.text("b")
    assert found.done()
    assert [(f.line, f.rule, f.severity, f.remedy) for f in found.findings] == [
        (1, "yaml.unknown-key", Severity.ERROR, "did you mean expires?")
    ]


@given(st.text(st.sampled_from("0123456789-/.TWZ ٣"), max_size=12))
@example("0000-01-01")
@example("9999-12-31")
def test_a_day_is_read_back_as_it_was_written(text: str) -> None:
    day = parse_day(text)
    if day is not None:
        assert day.isoformat() == text


@given(st.dates())
def test_every_day_can_be_read(day: date) -> None:
    assert parse_day(day.isoformat()) == day


def test_countries_are_those_of_the_standard() -> None:
    # ISO 3166-1 has 249 officially assigned codes; UK, EU and XK are not among them
    assert len(COUNTRIES) == 249
    assert {"MX", "GT", "HN", "SV", "NI", "CR", "PA", "BZ", "HT", "US"} <= COUNTRIES
    assert not {"UK", "EU", "XK", "XX"} & COUNTRIES


# --- languages -----------------------------------------------------------------


@given(st.one_of(st.text(), st.sampled_from(known_tags()).map(str.upper)))
@example("es_MX")
@example("x" * 100_000)
def test_every_tag_is_right_or_named_with_a_remedy(tag: str) -> None:
    fault = tag_fault(tag, None)
    if fault is None:
        assert language(tag).tag == tag
    else:
        assert fault.problem.isprintable()
        assert fault.remedy
        assert len(fault.problem) < 200


@pytest.mark.parametrize(
    ("written", "meant"),
    [("es_MX", "es-MX"), ("kiche", "quc"), ("garifuna", "cab"), ("spanish", "es"), ("árabe", "ar")],
)
def test_a_name_in_place_of_a_tag_is_understood(written: str, meant: str) -> None:
    fault = tag_fault(written, None)
    assert fault is not None
    assert fault.remedy.startswith(f"did you mean {meant} ")


# --- TOML ----------------------------------------------------------------------


def toml_lines(text: str) -> tuple[Table | None, list[tuple[int, str]]]:
    findings = Findings()
    table = parse_toml(text, file="a.toml", findings=findings)
    return table, [(f.line, f.rule) for f in findings]


def test_toml_values_have_the_lines_of_an_editor() -> None:
    text = '# x\n[a]\nb = "c"\nd = [\n  "e",\n  "f",\n]\n\n[g.h]\n"i.j" = true\nk.l = "m"\n'
    table, findings = toml_lines(text)
    assert findings == []
    assert table is not None
    a = table.entries["a"]
    assert isinstance(a, Table)
    assert dict(a.key_lines) == {"b": 3, "d": 4}
    items = a.entries["d"]
    assert [item.line for item in getattr(items, "items", ())] == [5, 6]
    g = table.entries["g"]
    assert isinstance(g, Table)
    h = g.entries["h"]
    assert isinstance(h, Table)
    assert dict(h.key_lines) == {"i.j": 10, "k": 11}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('a = "b"\nc = d\n', (2, "toml.syntax")),
        ('a = "b"\na = "c"\n', (2, "toml.syntax")),
        ("a = 1\n", (1, "toml.not-text")),
        ("a = 2026-11-22\n", (1, "toml.not-text")),
        ('a = "b\x07"\n', (1, "text.control")),
        ('a = "\\u0007"\n', (1, "text.control")),
        ('a = "\u202e"\n', (1, "text.hidden")),
        ("a = " + "[" * 100_000, (0, "toml.depth")),
    ],
)
def test_faulty_toml_is_one_finding(text: str, place: tuple[int, str]) -> None:
    assert toml_lines(text)[1] == [place]


@given(st.text())
@example("[[a]]\nb=1\n[a]\n")
@example('[voices."fa-AF"]\nengine="x"\n')
def test_no_toml_raises(text: str) -> None:
    table, findings = toml_lines(text)
    assert table is not None or findings


# --- wording -------------------------------------------------------------------


@given(st.text())
def test_somebodys_text_is_harmless_in_a_message(text: str) -> None:
    told = shown(text)
    assert told.isprintable()
    assert len(told) < 700
    told.encode("utf-8")


def test_nothing_near_is_nothing_meant() -> None:
    assert nearest("zzz", ["asilo", "campana"]) == ""
    assert nearest("Asilo", ["asilo", "campana"]) == "asilo"
    assert nearest("a" * 1_000_000, ["asilo"]) == ""
