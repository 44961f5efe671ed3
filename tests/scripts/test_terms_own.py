"""A workspace's own terms over the built-in ones, and the explanation of a term."""

import time
from pathlib import Path

import pytest

from programme.findings import Finding, Findings, Severity
from programme.units import LanguageTag
from scripts.own_terms import read_own_terms
from scripts.term_entries import explain_term
from scripts.termbase import TermBase
from scripts.tree import Tree
from scripts.workspace import read_workspace
from tests.scripts.sample_workspace import TODAY, write_workspace

BUILT_IN = TermBase()


def read(tmp_path: Path, *texts: str) -> tuple[TermBase, list[Finding]]:
    folder = tmp_path / "terms"
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number}.yml").write_text(text, "utf-8")
    findings = Findings()
    found = read_own_terms(Tree(root=tmp_path.resolve(), findings=findings), findings=findings)
    return found, list(findings)


def hits(terms: TermBase, language: str, text: str) -> list[tuple[str, Severity, str]]:
    table = terms.of(LanguageTag(language))
    assert table is not None
    return [(hit.concept, hit.row.severity, hit.row.say) for hit in table.find(text).hits]


def test_without_a_folder_the_built_in_terms_hold(tmp_path: Path) -> None:
    findings = Findings()
    found = read_own_terms(Tree(root=tmp_path.resolve(), findings=findings), findings=findings)
    assert found == BUILT_IN
    assert len(findings) == 0


NEW = """\
concepts:
  - id: cash
    sources: ["ours"]
    reason: {es: "No es limosna."}
    terms:
      es:
        use: ["ayuda en efectivo"]
        avoid:
          - patterns: ["limosna(|s)"]
            say: "ayuda en efectivo"
            severity: warning
            bad: ["Dan limosna."]
            good: ["Dan ayuda en efectivo."]
"""


def test_a_concept_is_added(tmp_path: Path) -> None:
    terms, findings = read(tmp_path, NEW)
    assert findings == []
    assert hits(terms, "es-MX", "Piden limosnas.") == [
        ("cash", Severity.WARNING, "ayuda en efectivo")
    ]
    assert hits(BUILT_IN, "es-MX", "Piden limosnas.") == []


def test_a_language_is_added_to_a_built_in_concept(tmp_path: Path) -> None:
    text = """\
concepts:
  - id: irregular-status
    terms:
      ht: {avoid: [{patterns: ["migran ilegal"], say: "migran san papye", severity: error}]}
"""
    terms, findings = read(tmp_path, text)
    assert findings == []
    assert [one[0] for one in hits(terms, "ht", "Migran ilegal yo.")] == ["irregular-status"]
    assert hits(terms, "es", "Los ilegales.") == hits(BUILT_IN, "es", "Los ilegales.")


def test_a_language_without_any_terms_gets_a_concept_check_by_data_alone(tmp_path: Path) -> None:
    text = """\
concepts:
  - {id: trafficking-in-persons, terms: {de: {use: ["Menschenhandel"]}}}
  - {id: migrant-smuggling, terms: {de: {use: ["Schleusung von Migranten"]}}}
"""
    terms, findings = read(tmp_path, text)
    assert findings == []
    table = terms.of(LanguageTag("de"))
    assert table is not None
    assert dict(table.find("Menschenhandel ist ein Verbrechen.").concepts) == {
        "trafficking-in-persons": 1
    }


def test_a_row_is_changed_and_keeps_the_rest(tmp_path: Path) -> None:
    text = """\
concepts:
  - id: irregular-status
    terms:
      es: {avoid: [{row: "1", severity: warning, say: "persona migrante", patterns: ["sin visa"]}]}
"""
    terms, findings = read(tmp_path, text)
    assert findings == []
    expected = [("irregular-status", Severity.WARNING, "persona migrante")]
    assert hits(terms, "es", "Los ilegales.") == expected
    assert hits(terms, "es", "Viaja sin visa.") == expected


def test_a_row_is_switched_off_with_a_reason_that_is_told(tmp_path: Path) -> None:
    text = """\
concepts:
  - id: stance
    terms:
      es:
        avoid:
          - row: "1"
            off: "our radio may say so"
"""
    terms, (finding,) = read(tmp_path, text)
    assert hits(terms, "es", "Quédese en su casa.") == []
    assert (finding.file, finding.line, finding.severity) == ("terms/0.yml", 7, Severity.INFO)
    assert "our radio may say so" in finding.problem


_ONE_ROW = "concepts:\n- id: a\n  terms:\n    es: {avoid: "


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("concepts:\n- id: A B\n", 2, "yaml.not-id"),
        ("concepts:\n- id: concept\n", 2, "terms.reserved"),
        ("concepts:\n- terms: {}\n", 2, "yaml.missing-key"),
        ("concepts:\n- id: a\n  colour: red\n", 3, "yaml.unknown-key"),
        ("concepts:\n- id: a\n- id: a\n", 3, "terms.twice"),
        ("concepts:\n- id: a\n  confusable_with: [smugling]\n", 3, "terms.unknown-concept"),
        ("concepts:\n- id: a\n  terms:\n    xx: {use: [a]}\n", 4, "yaml.not-language"),
        ("concepts:\n- id: a\n  terms:\n    es: {use: ['(a']}\n", 4, "terms.pattern"),
        (
            "concepts:\n- id: a\n  terms:\n    es: {avoid: [{patterns: [x], say: y}]}\n",
            4,
            "yaml.missing-key",
        ),
        (
            "concepts:\n- id: a\n  terms:\n    es: {avoid: [{say: y, severity: error}]}\n",
            4,
            "yaml.missing-key",
        ),
        (
            f"{_ONE_ROW}[{{patterns: [x], say: y, severity: error, bad: ['Nada.']}}]}}\n",
            4,
            "terms.example",
        ),
        (
            f"{_ONE_ROW}[{{patterns: [x], say: y, severity: error, good: ['Una x.']}}]}}\n",
            4,
            "terms.example",
        ),
        ("denials: {zz: [no]}\n", 1, "yaml.not-language"),
        ("concepts: [\n", 2, "yaml.syntax"),
    ],
)
def test_every_fault_has_its_line(tmp_path: Path, text: str, line: int, rule: str) -> None:
    _, findings = read(tmp_path, text)
    assert [(f.file, f.line, f.rule) for f in findings] == [("terms/0.yml", line, rule)]
    assert all(f.remedy for f in findings)


def test_a_file_of_a_million_forms_is_refused_in_no_time(tmp_path: Path) -> None:
    pattern = "(a|b|c|d|e|f|g|h|i|j)" * 3
    many = ", ".join(f'"{pattern}{number}"' for number in range(5000))
    text = f"concepts: [{{id: a, terms: {{es: {{use: [{many}]}}}}}}]\n"
    start = time.process_time()
    _, findings = read(tmp_path, text)
    assert time.process_time() - start < 10
    assert {f.rule for f in findings} == {"terms.pattern"}
    assert "50000 forms" in findings[0].problem


def test_the_digest_follows_the_files(tmp_path: Path) -> None:
    first, _ = read(tmp_path, NEW)
    again, _ = read(tmp_path, NEW)
    changed, _ = read(tmp_path, NEW.replace("warning", "error"))
    assert first.digest == again.digest
    assert len({BUILT_IN.digest, first.digest, changed.digest}) == 3


def test_a_workspace_is_judged_by_its_own_terms(tmp_path: Path) -> None:
    root = write_workspace(tmp_path, {"terms/ours.yml": NEW})
    source = next((root / "scripts").iterdir()) / "es-419.md"
    source.write_text(source.read_text("utf-8") + "Aquí dan limosna.\n", "utf-8")
    _, findings = read_workspace(root, today=TODAY)
    found = [f for f in findings if f.rule == "terms.cash"]
    assert [(f.severity, f.remedy) for f in found] == [(Severity.WARNING, "say: ayuda en efectivo")]


@pytest.mark.parametrize(
    ("asked", "reader", "concept", "language"),
    [
        ("ilegales", "es", "irregular-status", "es"),
        ("Ilegal", "es", "irregular-status", "es"),
        ("unos migrantes ilegales en la calle", "es", "irregular-status", "es"),
        ("MIGRANTES ILEGALES", "en", "irregular-status", "es"),
        ("inmigrante ilegál", "fr", "irregular-status", "es"),
        ("illegal alien", "pt-BR", "irregular-status", "en"),
        ("trata de personas", "fr", "trafficking-in-persons", "es"),
        ("irregular-status", "pt-BR", "irregular-status", "pt"),
        ("terms.irregular-status", "ht", "irregular-status", "en"),
        ("coyotes", "es-419", "smuggler", "es"),
        ("traite des êtres humains", "fr", "trafficking-in-persons", "fr"),
        ("تهريب المهاجرين", "ar", "migrant-smuggling", "ar"),
        ("una palabra", "es", None, ""),
        ("", "es", None, ""),
        ("...", "es", None, ""),
    ],
)
def test_a_term_is_explained_by_any_of_its_forms(
    asked: str, reader: str, concept: str | None, language: str
) -> None:
    found = explain_term(BUILT_IN, asked, reader=LanguageTag(reader))
    if concept is None:
        assert found == []
    else:
        assert (found[0].concept, found[0].language) == (concept, language)
        assert found[0].definition
        assert found[0].reason
        assert found[0].sources


def test_an_explanation_speaks_the_readers_language_else_english() -> None:
    def told(reader: str) -> str:
        return explain_term(BUILT_IN, "los ilegales", reader=LanguageTag(reader))[0].reason

    assert told("es-419").startswith("Ninguna persona es ilegal")
    assert told("fr").startswith("Aucune personne n’est illégale")
    assert told("quc") == told("en")
    assert told("en").startswith("No person is illegal")


def test_an_explanation_tells_what_to_say_and_what_is_confused() -> None:
    (entry,) = explain_term(BUILT_IN, "trata de blancas", reader=LanguageTag("es"))
    assert entry.severity is Severity.ERROR
    assert entry.say == "trata de personas"
    assert entry.use[0] == "trata de personas"
    assert entry.confusable_with == ("migrant-smuggling",)
    (good,) = explain_term(BUILT_IN, "trata de personas", reader=LanguageTag("es"))
    assert good.severity is None
    assert good.say == ""


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("trata", [("trata de personas", None), ("trata de migrantes", Severity.ERROR)]),
        ("ilegal", [("migrante ilegal", Severity.ERROR)]),
    ],
)
def test_part_of_a_term_is_told_with_the_whole_of_it_and_what_to_say_comes_first(
    asked: str, found: list[tuple[str, Severity | None]]
) -> None:
    entries = explain_term(BUILT_IN, asked, reader=LanguageTag("es"))
    assert [(entry.found, entry.severity) for entry in entries][: len(found)] == found
