"""Terminology: what is found, with what to say instead, and what is left in peace."""

import time
import tomllib
from pathlib import Path

import pytest

from programme.findings import Finding, Findings, Severity
from programme.units import Digest, LanguageTag
from programme.words import Script, Sentence
from scripts.read_terms import built_in_terms
from scripts.rules_terms import check_terms
from scripts.term_concepts import AvoidRow
from scripts.term_matching import TermTable
from scripts.term_words import as_regex, check_pattern, expand, first_form, words_and_signs
from scripts.termbase import TermBase

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
TERMS = TermBase()
TABLE = tomllib.loads((Path(__file__).parent / "data/terms_harmless.toml").read_text("utf-8"))
CAMINO = Path(__file__).parents[2] / "examples/camino/scripts"


def table(language: str) -> TermTable:
    found = TERMS.of(LanguageTag(language))
    assert found is not None
    return found


def script(*lines: str, language: str = "es-419", title: str = "Un título") -> Script:
    return Script(
        segment="x",
        language=LanguageTag(language),
        title=title,
        sentences=tuple(
            Sentence(line=number, raw=line, text=line, spoken=line, paragraph=0)
            for number, line in enumerate(lines, start=3)
        ),
        file="scripts/x/x.md",
        words_digest=Digest(""),
    )


def check(*lines: str, language: str = "es-419", title: str = "Un título") -> list[Finding]:
    findings = Findings()
    check_terms(script(*lines, language=language, title=title), TERMS, findings)
    return list(findings)


def told(findings: list[Finding]) -> list[tuple[str, int, Severity]]:
    return [(f.rule, f.line, f.severity) for f in findings]


ROWS = [
    pytest.param(language, concept.id, row, id=f"{concept.id}-{language}-{row.row}")
    for concept in built_in_terms().concepts.values()
    for language, terms in concept.terms.items()
    for row in terms.avoid
]


@pytest.mark.parametrize(("language", "concept", "row"), ROWS)
def test_every_row_finds_its_bad_sentences_once_and_leaves_its_good_ones(
    language: str, concept: str, row: AvoidRow
) -> None:
    assert row.bad
    assert row.good
    for sentence in row.bad:
        hits = table(language).find(sentence).hits
        assert [(hit.concept, hit.row) for hit in hits] == [(concept, row)], sentence
    for sentence in row.good:
        assert table(language).find(sentence).hits == (), sentence


@pytest.mark.parametrize("language", ["es", "en", "fr", "pt", "ar"])
def test_every_form_of_every_pattern_is_found_under_its_own_concept(language: str) -> None:
    for concept in built_in_terms().concepts.values():
        terms = concept.terms.get(LanguageTag(language))
        for row in terms.avoid if terms else ():
            for pattern in row.avoid:
                for form in expand(pattern):
                    hits = table(language).find(form).hits
                    assert concept.id in {hit.concept for hit in hits}, form


@pytest.mark.parametrize(("language", "line"), TABLE["harmless"])
def test_what_only_looks_dangerous_stays_in_peace(language: str, line: str) -> None:
    assert check(line, language=language) == []


@pytest.mark.parametrize(("language", "line", "concept"), TABLE["harmful"])
def test_what_is_harmful_is_found_in_other_words_than_its_examples(
    language: str, line: str, concept: str
) -> None:
    assert {f.rule for f in check(line, language=language)} == {f"terms.{concept}"}


@pytest.mark.parametrize(("language", "line", "concept"), TABLE["quoted"])
def test_a_quotation_is_information(language: str, line: str, concept: str) -> None:
    findings = check(line, language=language)
    assert {(f.rule, f.severity) for f in findings} == {(f"terms.{concept}", INFO)}


def test_the_harmless_table_is_long_enough_to_tell_the_precision() -> None:
    languages = {"es-419", "en", "fr", "pt-BR"}
    assert len([row for row in TABLE["harmless"] if row[0] in languages]) >= 60


def test_the_example_says_nothing_that_is_to_be_avoided() -> None:
    lines = 0
    for path in sorted(CAMINO.glob("*/*.md")):
        found = TERMS.of(LanguageTag(path.stem))
        for line in path.read_text("utf-8").splitlines():
            lines += 1
            hits = found.find(line.removeprefix("# ")).hits if found else ()
            assert [hit for hit in hits if hit.row.severity is not INFO] == [], (path, line)
    assert lines > 1000


def test_every_concept_of_the_core_tells_what_it_is_and_why_in_four_languages() -> None:
    for concept in built_in_terms().concepts.values():
        assert concept.sources, concept.id
        for language in ("es", "en", "fr", "pt"):
            terms = concept.terms[LanguageTag(language)]
            assert terms.definition, (concept.id, language)
            assert terms.reason, (concept.id, language)
            assert terms.use or terms.audience_words, (concept.id, language)


def test_a_finding_says_where_what_why_and_what_instead() -> None:
    (finding,) = check("Va bien.", "Un Migrante Ilegal llegó.")
    assert finding.line == 4
    assert finding.problem.startswith("«Migrante Ilegal»: No person is illegal")
    assert finding.remedy == "say: persona migrante en situación irregular"


def test_a_title_is_judged_at_its_own_line() -> None:
    assert told(check("Va bien.", title="Los ilegales")) == [("terms.irregular-status", 1, ERROR)]


def test_words_that_a_placeholder_puts_in_are_judged() -> None:
    filled = Sentence(
        line=3, raw="{{fact:x}}.", text="Vienen los ilegales.", spoken="…", paragraph=0
    )
    whole = script()
    findings = Findings()
    check_terms(
        Script(
            segment="x",
            language=whole.language,
            title="T",
            sentences=(filled,),
            file="x.md",
            words_digest=Digest(""),
        ),
        TERMS,
        findings,
    )
    assert told(list(findings)) == [("terms.irregular-status", 3, ERROR)]


def test_a_heavier_word_inside_a_lighter_phrase_is_told_too() -> None:
    assert [f.rule for f in check("Vino una ola de migrantes ilegales.")] == [
        "terms.irregular-status",
        "terms.metaphors",
    ]


@pytest.mark.parametrize(
    ("line", "denied"),
    [
        ("Nada está garantizado.", True),
        ("No dude, su permiso está garantizado.", False),
        ("No le digo que eso ya esté desde hoy bien garantizado.", False),
    ],
)
def test_a_denial_reaches_seven_words_and_no_comma(line: str, *, denied: bool) -> None:
    assert (check(line) == []) is denied


def test_a_language_that_nobody_wrote_terms_for_has_none() -> None:
    assert TERMS.of(LanguageTag("quc")) is None
    assert check("Jun winaq.", language="quc") == []


def test_arabic_is_matched_with_and_without_its_vowel_signs() -> None:
    for line in ("الاتجار بالمهاجرين جريمة.", "الاتِّجار بالمُهاجرين جريمة.", "الإتجار بالمهاجرين"):
        assert [f.rule for f in check(line, language="ar")] == ["terms.migrant-smuggling"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’asile, c’est gratuit.", ["l", "'", "asile", ",", "c", "'", "est", "gratuit", "."]),
        ("Kʼicheʼ tzij", ["kʼicheʼ", "tzij"]),
        ("यह मुफ़्त है।", ["यह", "मुफ़्त", "है", "।"]),
        ("sans-papiers", ["sans", "-", "papiers"]),
        ("«Él»", ["«", "el", "»"]),
    ],
)
def test_words_are_told_apart_in_every_script(text: str, words: list[str]) -> None:
    assert words_and_signs(text) == [words_and_signs(word)[0] for word in words]


@pytest.mark.parametrize(
    "pattern", ["a (b", "a b)", "a | b", "((((((a))))))", "(a|b)" * 12, "a" * 1001, "(|,)", ""]
)
def test_a_broken_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"brackets|forms"):
        check_pattern(pattern)


def test_a_pattern_gives_all_its_forms_the_first_for_people() -> None:
    pattern = "(|in)migrante(|s) (ilegal(|es)|sin papeles)"
    assert len(list(expand(pattern))) == 12
    assert first_form(pattern) == "migrante ilegal"
    assert as_regex("(los|las) niñ(o|a)s, d’ici") == r"(?:los|las) ni[ñn](?:o|a)s, d['’]ici"


def test_ordinary_lines_cost_a_few_microseconds() -> None:
    lines = [
        line.removeprefix("# ")
        for path in sorted(CAMINO.glob("*/es-419.md"))
        for line in path.read_text("utf-8").splitlines()
        if line
    ]
    found = table("es-419")
    start = time.process_time()
    for number in range(50):
        for line in lines:
            found.find(f"{line} {number}")  # never the same line twice: nothing is remembered
    each = (time.process_time() - start) / (50 * len(lines))
    assert each < 40e-6  # 8 are measured alone; a busy machine is given five times as much
