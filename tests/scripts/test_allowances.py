"""Silencing a rule at its line: with a reason, kept in sight, and without touching the words."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from programme.findings import Findings, Severity
from programme.units import LanguageTag
from scripts.allowances import part_allowances
from scripts.house_style import built_in_style
from scripts.script_file import parse_script
from tests.scripts.checking import BOOK, check_lines

ASIDE = "El agua (si la hay) es gratis."
MARK = '{{allow words.aside reason="cita textual"}}'


def read(lines: str) -> tuple[object, Findings]:
    findings = Findings()
    script = parse_script(
        f"# T\n\n{lines}\n",
        file="x.md",
        segment="x",
        language=LanguageTag("es"),
        book=BOOK,
        style=built_in_style(),
        findings=findings,
    )
    return script, findings


def test_a_silenced_finding_stays_with_its_reason_and_counts_no_more() -> None:
    (found,) = check_lines(f"{ASIDE} {MARK}")
    assert (found.rule, found.line, found.allowed) == ("words.aside", 3, "cita textual")
    assert found.severity is Severity.WARNING
    assert Findings([found]).count(Severity.WARNING) == 0


def test_a_mark_silences_its_own_line_only() -> None:
    found = check_lines(f"{ASIDE} {MARK}\n{ASIDE}")
    assert [(f.line, f.allowed) for f in found] == [(3, "cita textual"), (4, "")]


def test_a_silenced_error_stops_nothing() -> None:
    line = "Los migrantes ilegales llegan."
    (error,) = check_lines(line)
    assert Findings([error]).has_errors
    found = check_lines(f'{line} {{{{allow {error.rule} reason="título de una ley"}}}}')
    assert [f.allowed for f in found] == ["título de una ley"]
    assert not Findings(found).has_errors


def test_a_mark_on_a_line_of_its_own_is_for_the_text_as_a_whole() -> None:
    long = "Va" + " va" * 13 + "."
    lines = "\n".join([long] * 3)
    (found,) = [f for f in check_lines(lines) if f.rule == "plain.mean-length"]
    assert found.line == 0
    mark = '{{allow plain.mean-length reason="texto de la ley"}}'
    allowed = [f for f in check_lines(f"{lines}\n{mark}") if f.rule == "plain.mean-length"]
    assert [f.allowed for f in allowed] == ["texto de la ley"]


def test_marks_change_neither_the_words_nor_their_digest() -> None:
    bare, _ = read(f"{ASIDE}\nBeba.")
    marked, _ = read(f"{ASIDE} {MARK}\nBeba.")
    assert replace(marked, allowances=()) == bare  # type: ignore[type-var]


def test_two_marks_stand_on_one_line() -> None:
    mark = '{{allow script.two-sentences reason="así lo dijo"}}'
    found = check_lines(f"{ASIDE} Beba. {MARK} {mark}")
    assert {f.rule: f.allowed for f in found} == {
        "words.aside": "cita textual",
        "script.two-sentences": "así lo dijo",
    }


def test_a_mark_in_the_title_is_for_the_title() -> None:
    found = check_lines("Beba.", title=f"Agua (gratis) {MARK}")
    assert [(f.rule, f.line, f.allowed) for f in found] == [("words.aside", 1, "cita textual")]


def test_curly_and_angular_quotation_marks_hold_a_reason_too() -> None:
    for mark in ("“cita textual”", "«cita textual»"):
        (found,) = check_lines(f"{ASIDE} {{{{allow words.aside reason={mark}}}}}")
        assert found.allowed == "cita textual"


@given(st.text(alphabet='alowreasn.-="“ {}x:', max_size=60))
def test_any_text_parts_into_words_and_marks_without_losing_a_fault(text: str) -> None:
    findings = Findings()
    raw = "{{allow " + text + "}}"
    parted = part_allowances(raw, file="x", line=1, findings=findings)
    if parted.words == raw:
        assert not parted.allowed
    else:
        assert parted.allowed or findings.has_errors
