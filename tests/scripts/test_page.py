"""A page in the style of an administration, and the same page rewritten by the advice alone.

The page is composed for the test: the procedure, the office and the figures are no country's.
What it says was written anew sentence by sentence from what the findings told, and nothing else.
"""

import shutil
from datetime import date
from pathlib import Path

from programme.findings import Finding, Severity
from programme.units import LanguageTag
from scripts.readability import MEASURES, Counts, add
from scripts.rules_readability import count_sentence
from scripts.rules_words import words_of
from scripts.syllables import count_syllables
from scripts.workspace import Workspace, read_workspace

PAGES = Path(__file__).parent / "data" / "pages"
TODAY = date(2026, 11, 22)
FILE = "scripts/constancia/es-419.md"

ERRORS = [
    (4, "plain.sentence-length", "En virtud de lo dispuesto"),
    (5, "plain.sentence-length", "A efectos de la presente diligencia"),
    (6, "plain.readability", "El interesado deberá personarse"),
    (9, "plain.sentence-length", "Se adjuntará asimismo"),
    (15, "terms.irregular-status", "inmigrantes ilegales"),
    (27, "safety.consulate", "su consulado"),
    (32, "words.raw-digits", "800 5533 000"),
    (36, "terms.promises", "garantizada"),
]
"""Line, rule, and words of the sentence that the finding must name."""


def check_page(page: str, root: Path) -> tuple[Workspace, list[Finding]]:
    shutil.copytree(PAGES / "workspace", root, dirs_exist_ok=True)
    shutil.copyfile(PAGES / page, root / FILE)
    workspace, findings = read_workspace(root, today=TODAY)
    assert workspace is not None
    return workspace, list(findings)


def counts_of(workspace: Workspace) -> Counts:
    """Count the page as it is shown, what its placeholders say and all."""
    script = workspace.translations["constancia", LanguageTag("es-419")].script
    assert script is not None
    sentences = [words_of(sentence.text) for sentence in script.sentences]
    return add(
        count_sentence(words, [count_syllables(word.lower(), "es") for word in words])
        for words in sentences
    )


def test_the_administrative_page_fails_and_the_sentences_are_named(tmp_path: Path) -> None:
    _, findings = check_page("administrative.md", tmp_path)
    errors = [found for found in findings if found.severity is Severity.ERROR]
    assert [(found.line, found.rule) for found in errors] == [row[:2] for row in ERRORS]
    for found, (_, _, words) in zip(errors, ERRORS, strict=True):
        assert words in found.problem
    assert {found.file for found in findings} == {FILE}


def test_every_finding_about_the_administrative_page_says_what_to_write(tmp_path: Path) -> None:
    _, findings = check_page("administrative.md", tmp_path)
    assert all(found.remedy for found in findings)
    sentences = {found.line for found in findings if found.severity is not Severity.INFO}
    title = 2  # after a comment that says where the page is from
    assert title in sentences
    assert len(sentences - {0, title}) == 31, "of 32 sentences"


def test_the_administrative_page_is_beyond_six_years_of_school(tmp_path: Path) -> None:
    _, findings = check_page("administrative.md", tmp_path)
    (found,) = [one for one in findings if one.rule == "plain.readability"]
    assert "Fernández-Huerta 46, INFLESZ 41" in found.problem


def test_the_page_rewritten_by_the_advice_alone_has_no_error_and_no_warning(
    tmp_path: Path,
) -> None:
    _, findings = check_page("plain.md", tmp_path)
    assert not [found for found in findings if found.severity is not Severity.INFO]
    assert not [found for found in findings if found.allowed], "nothing was silenced"


def test_the_plain_page_reaches_the_aim_of_both_scales(tmp_path: Path) -> None:
    workspace, _ = check_page("plain.md", tmp_path)
    counts = counts_of(workspace)
    assert MEASURES["fernandez-huerta"](counts) >= 90
    assert MEASURES["inflesz"](counts) >= 85
    assert counts.words / counts.sentences < 8


def test_the_plain_page_still_says_what_the_procedure_asks(tmp_path: Path) -> None:
    workspace, _ = check_page("plain.md", tmp_path)
    script = workspace.translations["constancia", LanguageTag("es-419")].script
    assert script is not None
    said = " ".join(sentence.text for sentence in script.sentences)
    for words in (
        "pedir la constancia es gratis",  # what it costs
        "en la oficina de constancias",  # where
        "no se alarga",  # until when
        "Lleve los originales y una copia",  # what to bring
        "Si le falta un papel, dígalo",  # what if a paper is missing
        "10 días para corregir",
        "La oficina decide en 90 días",
        "puede pedir que revisen la decisión",  # appeal
        "Pida una nueva antes del último día",  # renewal
        "Si no huye de su gobierno, pida en su consulado",
        "800 5533 000",
    ):
        assert words in said, words
