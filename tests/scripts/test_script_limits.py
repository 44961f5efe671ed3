"""Script files of any size and any letters: read in time, and never a hazard."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import script_file
from scripts.script_file import MOST_FINDINGS
from tests.scripts.script_reading import read


@pytest.mark.parametrize("text", ["x" * 1_000_001, "é" * 500_001, "Hola.\n" * 2_002])
def test_a_file_beyond_the_limits_is_one_finding(text: str) -> None:
    script, findings = read(text)
    assert script is None
    assert [(f.rule, f.line) for f in findings] == [("script.size", 0)]


def test_two_thousand_lines_are_still_read() -> None:
    script, _ = read("# T\n" + "Hola.\n" * 1_999)
    assert script is not None
    assert len(script.sentences) == 1_999


def test_a_file_of_faults_ends_early_and_says_so() -> None:
    line = " ".join(["{{fact:asylum-fre}}"] * 19)
    start = time.process_time()
    script, findings = read("# T\n" + f"{line}\n" * 1_900)
    assert script is None
    assert [f.rule for f in findings].count("script.too-many") == 1
    assert len(findings) < MOST_FINDINGS + 25
    assert time.process_time() - start < 5


@given(
    text=st.one_of(
        st.text(max_size=300),
        st.text(alphabet=st.sampled_from(list("# {}:/<!->.\nAa1é\u202e\u0301'fact")), max_size=300),
    ),
    language=st.sampled_from(["es-419", "ar", "quc", "fa", "zh", "xx-unknown"]),
)
def test_reading_never_raises_and_a_script_holds_no_hazard(text: str, language: str) -> None:
    script, findings = read(text, language)
    assert (script is None) == findings.has_errors
    assert all(f.problem.isprintable() and f.remedy.isprintable() for f in findings)
    if script is not None:
        for sentence in script.sentences:
            assert sentence.spoken == " ".join(sentence.spoken.split())
            assert sentence.spoken.isprintable() or "\u200c" in sentence.spoken
            assert not any(char.isdigit() or char in "{}<>[]" for char in sentence.spoken)


def test_a_message_cannot_command_the_terminal() -> None:
    _, findings = read("# T\n\nDiga {{fact:\x1b[2J}} ya.\n")
    assert "\\u001b[2J" in findings.items[0].problem


def test_a_second_sentence_after_an_abbreviation_is_found() -> None:
    _, findings = read("# T\n\nHable con la Lic. Ana Paz. Ella sabe.\n")
    assert [f.rule for f in findings] == ["script.two-sentences", "words.abbreviation"]
    assert "Ella sabe." in findings.items[-1].problem


@pytest.mark.parametrize("word", ["x", "X", ".", "{{", "«", "\u0301", "¿"])
def test_lines_of_one_long_word_are_read_in_time(word: str) -> None:
    start = time.process_time()
    read("# T\n" + (word * 390 + "\n") * 150)
    assert time.process_time() - start < 2


@given(st.lists(st.sampled_from(["Uno.", "Dos.", "", "<!-- c -->"]), max_size=12))
def test_paragraphs_count_up_by_one(lines: list[str]) -> None:
    script, _ = read("# T\n" + "\n".join([*lines, "Fin."]))
    assert script is not None
    numbers = [sentence.paragraph for sentence in script.sentences]
    assert numbers[0] == 0
    assert all(after - before in {0, 1} for before, after in zip(numbers, numbers[1:]))  # noqa: B905, RUF007
    assert [s.line for s in script.sentences] == sorted({s.line for s in script.sentences})


PARTS = st.sampled_from(
    [
        *(
            "Hola",
            "gratis",
            "no pague",
            "EE. UU.",
            "COMAR",
            "Sr.",
            "км",
            "12",
            "«vaya»",
            "x\u200bx",
        ),
        *("{{phone:mx-lnctp}}", "{{fact:asylum-free}}", "{{date:2026-12-01}}", "{{fact:no}}"),
        *("{", "}", "{{a", "{{}}", "{{{fact:asylum-free}}}", "{{allow plain.address reason='x'}}"),
        *(".", ". ", "? ", ".{{phone:mx-lnctp}}", ":", " ", "\u00a0", "y" * 390),
    ]
)


@given(st.lists(st.lists(PARTS, max_size=6).map(" ".join), max_size=5))
def test_a_line_that_is_passed_over_is_read_as_one_that_is_looked_at(lines: list[str]) -> None:
    text = "# Título\n\n" + "\n".join(lines)
    script, findings = read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_file, "may_hold_two", lambda _: True)  # each line is looked at
        looked, found = read(text)
    assert (script, list(findings)) == (looked, list(found))
