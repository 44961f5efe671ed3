"""Line by line: what became of a source, and which lines of a translation say it."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from programme.findings import Findings
from programme.units import LanguageTag
from programme.words import Script, TranslationState
from scripts.script_layout import compose, read_layout, sentences_of
from scripts.translation_alignment import align, pair
from scripts.translation_lines import (
    Provenance,
    changed_words,
    compare_lines,
    groups_of,
    parse_provenance,
    render_provenance,
)
from scripts.translations import assess
from tests.scripts.translating import EN, ES, parsed

FRESH, STALE, NEW, COSMETIC = (
    TranslationState.FRESH,
    TranslationState.STALE,
    TranslationState.MISSING,
    TranslationState.COSMETIC,
)

LINES = ["Pida refugio sin pagar.", "Vaya hoy.", "No firme nada.", "Lleve agua."]


def script(lines: list[str], title: str = "Asilo", language: LanguageTag = ES) -> Script:
    return parsed(f"# {title}\n\n" + "\n".join(lines) + "\n", language)


def states(before: list[str], after: list[str]) -> list[TranslationState]:
    made_from = parse_provenance(render_provenance(script(before)))
    return [line.state for line in compare_lines(script(after), made_from).lines[1:]]


def test_each_line_is_told_apart() -> None:
    after = ["Pida refugio sin pagar.", "¡Vaya, hoy!", "Nunca firme.", "Lleve agua.", "Y pan."]
    assert states(LINES, after) == [FRESH, COSMETIC, STALE, FRESH, NEW]


def test_a_line_taken_away_is_kept_in_words() -> None:
    made_from = parse_provenance(render_provenance(script(LINES)))
    found = compare_lines(script([LINES[0], LINES[3]]), made_from)
    assert found.gone == ("Vaya hoy.", "No firme nada.")
    assert [line.was for line in found.lines] == [0, 1, 4]


def test_a_changed_line_finds_the_old_one_that_it_came_from() -> None:
    # Two new lines stand where one was: the one that shares its words is the changed one.
    after = [LINES[0], "Es muy cerca.", "Vaya hoy mismo.", LINES[2], LINES[3]]
    made_from = parse_provenance(render_provenance(script(LINES)))
    found = compare_lines(script(after), made_from).lines
    assert [line.before for line in found[1:]] == ["", "", "Vaya hoy.", "", ""]
    assert [line.state for line in found[1:]] == [FRESH, NEW, STALE, FRESH, FRESH]


def test_a_line_that_was_only_moved_keeps_its_translation() -> None:
    made_from = parse_provenance(render_provenance(script(LINES)))
    found = compare_lines(script([LINES[3], LINES[0], LINES[1], "Firme todo."]), made_from)
    assert [line.state for line in found.lines[1:]] == [COSMETIC, FRESH, FRESH, STALE]
    assert [line.was for line in found.lines] == [0, 4, 1, 2, 3]
    assert found.gone == ()


def test_a_changed_title_is_a_changed_line() -> None:
    made_from = parse_provenance(render_provenance(script(LINES)))
    title = compare_lines(script(LINES, "Refugio"), made_from).lines[0]
    assert (title.state, title.before, title.text) == (STALE, "Asilo", "Refugio")


def test_without_a_copy_every_line_is_unconfirmed() -> None:
    assert {line.state for line in compare_lines(script(LINES), None).lines} == {
        TranslationState.UNCONFIRMED
    }


def test_the_words_that_changed_are_named() -> None:
    assert changed_words("Vaya antes del {{date:2026-12-01}}.", "Vaya hasta el lunes.") == [
        ("antes del {{date:2026-12-01}}", "hasta el lunes")
    ]
    assert changed_words("Vaya hoy.", "Vaya hoy mismo.") == [("", "mismo")]
    assert changed_words("Hay agua.", "¿Hay agua?") == [("", "?")]


def test_how_many_lines_each_became_is_written_and_read_back() -> None:
    text = render_provenance(script(LINES), [1, 2, 0, 1])
    assert text.startswith("altavoz translation of es-419 as 1 2 0 1\n")
    found = parse_provenance(text)
    assert found is not None
    assert (found.language, found.counts) == ("es-419", (1, 2, 0, 1))
    assert parse_provenance(render_provenance(script(LINES), [1, 1, 1, 1])) == Provenance(
        language="es-419", lines=found.lines
    )


def test_counts_that_do_not_fit_the_lines_say_nothing() -> None:
    found = parse_provenance("altavoz translation of es-419 as 1 2\n# T\nVaya.\n")
    assert found is not None
    assert found.counts == ()


def test_a_noted_split_is_no_warning_of_another_number_of_sentences() -> None:
    source, target = script(["Vaya hoy y lleve agua."]), script(["Go.", "Bring water."], "T", EN)
    findings = Findings()
    found = assess(
        segment="x",
        language=EN,
        source=source,
        target=target,
        target_exists=True,
        provenance=render_provenance(source, [2]),
        file="scripts/x/en.md",
        findings=findings,
    )
    assert found.state is TranslationState.FRESH
    assert not len(findings)


def test_a_split_that_nobody_noted_is_found_by_length() -> None:
    source = [
        "Vaya hoy.",
        "Si no responde o habla confuso, pida ayuda médica enseguida.",
        "Vuelva.",
    ]
    target = ["Go today.", "They may not answer.", "Then ask for a doctor at once.", "Return."]
    assert align(source, target) == [1, 2, 1]


def test_a_placeholder_holds_its_line_whatever_the_lengths() -> None:
    source = ["Llame al {{phone:linea}}.", "Es gratis y nadie le va a preguntar nada nunca."]
    target = ["Ring.", "The number of the line is this: {{phone:linea}}.", "It is free."]
    assert align(source, target) == [2, 1]


def test_two_sentences_said_as_one_leave_an_empty_place() -> None:
    source = ["Vaya hoy a la oficina.", "Está cerca.", "Lleve sus papeles y los de sus hijos."]
    target = ["Go to the office today, it is near.", "Bring your papers and your children's."]
    assert align(source, target) == [1, 0, 1]


@given(
    st.lists(st.text("abc {}:", max_size=12), max_size=12),
    st.lists(st.text("abc {}:", max_size=12), max_size=20),
)
def test_aligned_lines_are_all_there_and_in_order(source: list[str], target: list[str]) -> None:
    counts = align(source, target)
    assert len(counts) == len(source)
    if source:
        assert sum(counts) == len(target)
        assert min(counts) >= 0
        assert target == [] or counts[0] >= 1
        groups = groups_of(None, source, target)
        assert [line for group in groups for line in group] == target


@given(
    st.lists(st.sampled_from(["a b", "b c", "x"]), max_size=8),
    st.lists(st.sampled_from(["a b", "b c", "x"]), max_size=8),
)
def test_pairs_are_in_order_and_as_many_as_the_shorter_has(old: list[str], new: list[str]) -> None:
    pairs = pair(old, new)
    assert len(pairs) == min(len(old), len(new))
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(pairs))


WORDS = st.sampled_from("pedir refugio es gratis nadie cobra vaya hoy ayuda cerca".split())  # noqa: SIM905
SENTENCES = st.lists(WORDS, min_size=1, max_size=5).map(lambda words: " ".join(words) + ".")


@given(
    st.lists(SENTENCES, min_size=1, max_size=10, unique=True),
    st.lists(SENTENCES, min_size=1, max_size=10, unique=True),
)
def test_lines_and_assessment_never_disagree(before: list[str], after: list[str]) -> None:
    source = script(after)
    copy = render_provenance(script(before))
    found = assess(
        segment="x",
        language=EN,
        source=source,
        target=script(["Go."], "T", EN),
        target_exists=True,
        provenance=copy,
        file="scripts/x/en.md",
        findings=Findings(),
    )
    lines = compare_lines(source, parse_provenance(copy)).lines
    changed = tuple(line.line for line in lines if line.state in {STALE, NEW})
    moved = {line.line for line in lines if line.state is COSMETIC}
    if found.state is STALE:
        # what was only moved counts as changed for the whole, and is known line by line
        assert tuple(line for line in found.changed_lines if line not in moved) == changed
    else:
        assert not moved
        assert changed == ()


def test_a_laid_out_file_composes_to_the_same_bytes() -> None:
    text = (
        "<!-- of 2026 -->\n# Agua\n\nTome agua.\n<!-- slowly -->\n"
        'Poco a poco. {{allow plain.address reason="a song"}}\n\nDescanse.\n<!-- end -->\n'
    )
    layout = read_layout(text, ES)
    assert compose(layout).text == text
    assert sentences_of(layout.lines) == ["Tome agua.", "Poco a poco.", "Descanse."]
    assert [line.number for line in layout.lines] == [4, 6, 8]


@given(st.lists(st.one_of(SENTENCES, st.just(""), st.just("<!-- x -->")), max_size=12))
def test_the_lines_of_a_layout_are_those_of_the_script(lines: list[str]) -> None:
    text = "# T\n\n" + "\n".join([*lines, "Fin."]) + "\n"
    parsed = script([*lines, "Fin."], "T")
    layout = read_layout(text, ES)
    assert [(s.line, s.raw, s.paragraph) for s in parsed.sentences] == [
        (line.number, line.words, line.paragraph) for line in layout.lines
    ]
    again = read_layout(compose(layout).text, ES)
    assert [(x.words, x.paragraph) for x in again.lines] == [
        (x.words, x.paragraph) for x in layout.lines
    ]
