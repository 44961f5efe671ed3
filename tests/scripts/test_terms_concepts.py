"""The concept check: a translation that names another thing than its source is found."""

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from programme.findings import Finding, Findings
from programme.units import Digest, LanguageTag
from programme.words import Script, Sentence
from scripts.concept_check import check_concepts
from scripts.term_words import fold
from scripts.termbase import TermBase
from scripts.workspace import read_workspace
from tests.scripts.sample_workspace import write_workspace

TERMS = TermBase()
TABLE = tomllib.loads((Path(__file__).parent / "data/terms_concepts.toml").read_text("utf-8"))
CAMINO = Path(__file__).parents[2] / "examples/camino/scripts"
TODAY = date(2026, 11, 22)


def script(language: str, *lines: str, title: str = "T") -> Script:
    return Script(
        segment="x",
        language=LanguageTag(language),
        title=title,
        sentences=tuple(
            Sentence(line=number, raw=line, text=line, spoken=line, paragraph=0)
            for number, line in enumerate(lines, start=3)
        ),
        file=f"scripts/x/{language}.md",
        words_digest=Digest(""),
    )


def check(source: Script, target: Script) -> list[Finding]:
    findings = Findings()
    check_concepts(source, target, TERMS, findings)
    return list(findings)


@pytest.mark.parametrize(("language", "source", "other", "target", "words"), TABLE["mistaken"])
def test_a_word_for_another_concept_is_an_error_at_its_line(
    language: str, source: str, other: str, target: str, words: str
) -> None:
    (finding,) = check(script(language, "Uno.", source), script(other, "Um.", target))
    assert (finding.rule, finding.file, finding.line) == (
        "terms.concept",
        f"scripts/x/{other}.md",
        4,
    )
    assert finding.severity == "error"
    assert f"«{fold(words)}»" in fold(finding.problem)
    assert f"scripts/x/{language}.md:4" in finding.problem
    assert finding.remedy.startswith("say: ")


@pytest.mark.parametrize(("language", "source", "other", "target"), TABLE["right"])
def test_what_says_the_same_is_in_order(
    language: str, source: str, other: str, target: str
) -> None:
    assert check(script(language, source), script(other, target)) == []


BOTH_ES = ("Una es la trata de personas.", "La otra es el tráfico ilícito de migrantes.")
BOTH_EN = ("One is trafficking in persons.", "The other is migrant smuggling.")


def test_both_concepts_in_their_own_sentences_are_in_order() -> None:
    assert check(script("es", *BOTH_ES), script("en", *BOTH_EN)) == []


def test_definitions_that_changed_places_are_found_sentence_by_sentence() -> None:
    swapped = script("en", "One is migrant smuggling.", "The other is trafficking in persons.")
    assert [f.line for f in check(script("es", *BOTH_ES), swapped)] == [3, 4]


def test_where_the_counts_differ_the_words_as_a_whole_are_compared() -> None:
    source = script("es", *BOTH_ES)
    assert check(source, script("en", "First.", *BOTH_EN)) == []
    only = script("en", "First.", "One is migrant smuggling.", "The other is smuggling too.")
    (finding,) = check(source, only)
    assert (finding.rule, finding.line) == ("terms.concept", 4)


def test_a_title_is_held_against_its_title() -> None:
    source = script("es", "Uno.", title="La trata de personas")
    (finding,) = check(source, script("en", "One.", title="Migrant smuggling"))
    assert finding.line == 1


def texts(language: str) -> dict[str, Sequence[str]]:
    return {
        path.parent.name: [line for line in path.read_text("utf-8").splitlines() if line]
        for path in sorted(CAMINO.glob(f"*/{language}.md"))
    }


@pytest.mark.parametrize("language", ["en", "fr", "pt-BR", "ar", "ht"])
def test_the_example_says_the_same_in_every_language_both_ways(language: str) -> None:
    there = texts(language)
    for segment, lines in texts("es-419").items():
        source = script("es-419", *lines[1:], title=lines[0])
        target = script(language, *there[segment][1:], title=there[segment][0])
        assert check(source, target) == []
        assert check(target, source) == []


def test_a_workspace_is_told_of_a_mistaken_concept(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    segment = next((root / "scripts").iterdir())
    source, target = segment / "es-419.md", segment / "en.md"
    for path, line in ((source, "La trata es un delito."), (target, "Smuggling is a crime.")):
        path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    (segment / "en.from").unlink()
    _, findings = read_workspace(root, today=TODAY)
    found = [f for f in findings if f.rule == "terms.concept"]
    assert [(f.file, f.line) for f in found] == [
        (f"scripts/{segment.name}/en.md", len(target.read_text("utf-8").splitlines()))
    ]
