"""Translations: the state of each language, and that nothing is lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.findings import Findings, Severity
from programme.words import Script, Translation, TranslationState
from scripts.translation_lines import render_provenance
from scripts.translations import assess
from tests.scripts.translating import EN, ES, parsed


def judge(
    source: Script | None,
    target: Script | None,
    provenance: str | None,
    *,
    exists: bool = True,
) -> tuple[Translation, Findings]:
    findings = Findings()
    found = assess(
        segment="x",
        language=EN,
        source=source,
        target=target,
        target_exists=exists,
        provenance=provenance,
        file="scripts/x/en.md",
        findings=findings,
    )
    return found, findings


SOURCE = "# Pedir refugio\n\nPedir refugio es gratis.\n\nNadie puede cobrarle.\nVaya hoy.\n"
TARGET = "# Asking for refuge\n\nAsking is free.\nNobody may charge you.\nGo today.\n"


def test_a_confirmed_translation_of_the_present_source_is_fresh() -> None:
    source, target = parsed(SOURCE), parsed(TARGET, EN)
    found, findings = judge(source, target, render_provenance(source))
    assert found == Translation(
        segment="x", language=EN, state=TranslationState.FRESH, script=target
    )
    assert not len(findings)


def test_the_provenance_is_a_plain_copy_of_title_and_sentences() -> None:
    assert render_provenance(parsed(SOURCE)) == (
        "altavoz translation of es-419\n"
        "# Pedir refugio\n"
        "Pedir refugio es gratis.\n"
        "Nadie puede cobrarle.\n"
        "Vaya hoy.\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "lines", "gone"),
    [
        ("Nadie puede cobrarle.", "Nadie le cobra.", (5,), 0),
        ("# Pedir refugio\n", "# Pedir asilo\n", (1,), 0),
        ("Vaya hoy.\n", "Vaya hoy.\nEs cerca.\n", (7,), 0),
        ("Vaya hoy.\n", "Es cerca.\nVaya hoy.\n", (6,), 0),
        ("Nadie puede cobrarle.\n", "", (), 1),
        ("Pedir refugio es gratis.\n\nNadie puede cobrarle.\n", "Es gratis.\n", (3,), 1),
        ("Vaya hoy.", "¿Vaya hoy?", (6,), 0),
    ],
)
def test_what_changed_in_the_source_is_named_by_its_lines(
    before: str, after: str, lines: tuple[int, ...], gone: int
) -> None:
    source = parsed(SOURCE.replace(before, after))
    found, findings = judge(source, parsed(TARGET, EN), render_provenance(parsed(SOURCE)))
    assert (found.state, found.changed_lines, found.gone) == (TranslationState.STALE, lines, gone)
    assert not found.state.may_air
    assert found.script is not None
    assert [(f.rule, f.severity) for f in findings] == [("translation.stale", Severity.WARNING)]
    for line in lines:
        assert str(line) in findings.items[0].problem


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Nadie puede cobrarle.", "Nadie puede cobrarle…"),
        ("Nadie puede cobrarle.", "nadie puede, cobrarle"),
        ("Vaya hoy.", "¡VAYA hoy!"),
        ("# Pedir refugio", "# Pedir «refugio»"),
    ],
)
def test_punctuation_and_case_make_no_translation_stale(before: str, after: str) -> None:
    source = parsed(SOURCE.replace(before, after))
    found, findings = judge(source, parsed(TARGET, EN), render_provenance(parsed(SOURCE)))
    assert found.state is TranslationState.COSMETIC
    assert found.state.may_air
    assert [f.severity for f in findings] == [Severity.INFO]


def test_spaces_and_comments_and_paragraphs_change_nothing() -> None:
    moved = parsed("<!-- x -->\n" + SOURCE.replace("\n\n", "\n\n\n").replace("Vaya ", "Vaya  "))
    found, _ = judge(moved, parsed(TARGET, EN), render_provenance(parsed(SOURCE)))
    assert found.state is TranslationState.FRESH


def test_two_words_made_one_are_no_cosmetic_change() -> None:
    old, new = parsed("# T\n\nWe're here.\n", ES), parsed("# T\n\nWere here.\n", ES)
    found, _ = judge(new, parsed("# T\n\nHere.\n", EN), render_provenance(old))
    assert found.state is TranslationState.STALE


def test_another_placeholder_is_no_cosmetic_change() -> None:
    old = parsed("# T\n\nHasta {{date:2026-12-01}}.\n")
    new = parsed("# T\n\nHasta {{date:2026-12-02}}.\n")
    target = parsed("# T\n\nUntil {{date:2026-12-01}}.\n", EN)
    found, findings = judge(new, target, render_provenance(old))
    assert found.state is TranslationState.STALE
    assert not findings.has_errors


@pytest.mark.parametrize(
    "provenance",
    [
        None,
        "",
        "\n\n",
        "altavoz translation of fr\n# Pedir refugio\nPedir refugio es gratis.\n",
        "altavoz translation of es-419\n",
        "altavoz translation of es-419\nPedir refugio es gratis.\n",
        "# Pedir refugio\nPedir refugio es gratis.\n",
    ],
)
def test_a_translation_of_nobody_knows_what_is_left_out(provenance: str | None) -> None:
    found, findings = judge(parsed(SOURCE), parsed(TARGET, EN), provenance)
    assert found.state is TranslationState.UNCONFIRMED
    assert found.script is not None
    assert [f.severity for f in findings] == [Severity.WARNING]
    assert "altavoz translate done x en" in findings.items[0].remedy


def test_a_provenance_saved_by_another_editor_still_counts() -> None:
    source = parsed(SOURCE)
    saved = "\ufeff" + render_provenance(source).replace("\n", "\r\n") + "\r\n"
    assert judge(source, parsed(TARGET, EN), saved)[0].state is TranslationState.FRESH


def test_missing_faulty_and_source_are_told_apart() -> None:
    source = parsed(SOURCE)
    copy = render_provenance(source)
    assert judge(source, None, None, exists=False)[0].state is TranslationState.MISSING
    assert judge(source, None, copy)[0].state is TranslationState.FAULTY
    assert judge(None, parsed(TARGET, EN), copy)[0].state is TranslationState.UNCONFIRMED
    own = parsed(TARGET, EN)
    assert judge(own, own, None)[0].state is TranslationState.SOURCE


def test_a_lost_number_makes_a_translation_faulty() -> None:
    source = parsed("# T\n\nHasta {{date:2026-12-01}}.\nRepito: {{date:2026-12-01}}.\n")
    target = parsed("# T\n\nUntil {{date:2026-12-01}}.\nI repeat.\n", EN)
    found, findings = judge(source, target, render_provenance(source))
    assert (found.state, found.script) == (TranslationState.FAULTY, None)
    assert [(f.rule, f.line, f.severity) for f in findings] == [
        ("translation.placeholder-lost", 0, Severity.ERROR)
    ]
    assert "{{date:2026-12-01}}" in findings.items[0].problem


def test_an_added_number_is_told_at_its_line() -> None:
    source = parsed("# T\n\nHasta {{date:2026-12-01}}.\nVaya.\n")
    target = parsed("# T\n\nUntil {{date:2026-12-01}}.\nOr {{date:2026-12-02}}.\n", EN)
    found, findings = judge(source, target, render_provenance(source))
    assert found.state is TranslationState.FAULTY
    assert [(f.rule, f.line) for f in findings] == [("translation.placeholder-added", 4)]


def test_placeholders_in_another_order_are_all_there() -> None:
    source = parsed("# T\n\nDe {{date:2026-12-01}}.\nA {{date:2026-12-02}}.\n")
    target = parsed("# T\n\nTo {{date:2026-12-02}}.\nFrom {{ date:2026-12-01 }}.\n", EN)
    found, findings = judge(source, target, render_provenance(source))
    assert found.state is TranslationState.FRESH
    assert not len(findings)


def test_an_unconfirmed_draft_is_warned_of_a_lost_number_and_stops_nothing() -> None:
    source = parsed("# T\n\nHasta {{date:2026-12-01}}.\n")
    _, findings = judge(source, parsed("# T\n\nSoon.\n", EN), None)
    assert not findings.has_errors
    assert "translation.placeholder-lost" in {f.rule for f in findings}


def test_another_number_of_sentences_is_a_warning_with_both_counts() -> None:
    source, target = parsed(SOURCE), parsed("# T\n\nAsking is free.\nGo today.\n", EN)
    found, findings = judge(source, target, render_provenance(source))
    assert found.state is TranslationState.FRESH
    assert [f.rule for f in findings] == ["translation.line-count"]
    assert "2 sentences" in findings.items[0].problem
    assert findings.items[0].problem.endswith("has 3")


WORDS = st.sampled_from("pedir refugio es gratis nadie cobra vaya hoy ayuda cerca".split())  # noqa: SIM905
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: " ".join(words) + ".")


def laid_out(lines: list[str]) -> str:
    return "# T\n\n" + "\n".join(lines) + "\n"


@given(st.lists(SENTENCES, min_size=1, max_size=15))
def test_a_script_is_fresh_against_its_own_provenance(lines: list[str]) -> None:
    source = parsed(laid_out(lines))
    found, _ = judge(source, parsed(laid_out(lines), EN), render_provenance(source))
    assert found.state is TranslationState.FRESH


@given(lines=st.lists(SENTENCES, min_size=1, max_size=15), data=st.data())
def test_one_changed_line_is_the_one_that_is_marked(lines: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    changed = [*lines[:at], "algo muy distinto.", *lines[at + 1 :]]
    found, _ = judge(
        parsed(laid_out(changed)),
        parsed(laid_out(lines), EN),
        render_provenance(parsed(laid_out(lines))),
    )
    assert (found.state, found.changed_lines, found.gone) == (TranslationState.STALE, (at + 3,), 0)


@given(st.text(max_size=200))
def test_no_provenance_makes_it_stumble(provenance: str) -> None:
    found, _ = judge(parsed(SOURCE), parsed(TARGET, EN), provenance)
    assert found.state in {TranslationState.UNCONFIRMED, TranslationState.STALE}


def test_a_long_script_changed_everywhere_is_compared_in_time() -> None:
    old = parsed(laid_out(["hola a todos.", "vaya hoy."] * 900))
    new = parsed(laid_out(["vaya hoy.", "hola a todas."] * 900))
    found, _ = judge(new, parsed(laid_out(["x."] * 10), EN), render_provenance(old))
    assert found.state is TranslationState.STALE
