"""Sheets that come back: what is taken, what is refused at which row, and what is written."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.errors import ProductionError
from programme.findings import Findings
from programme.words import TranslationState
from scripts.sheet_files import read_sheet
from scripts.translation_import import plan_import, write_import
from scripts.workspace_edit import confirm_translation
from tests.scripts.sample_workspace import EN as EN_TEXT
from tests.scripts.sample_workspace import ES as ES_TEXT
from tests.scripts.sample_workspace import FROM
from tests.scripts.translating import (
    EN,
    FR,
    ID,
    STALE_ES,
    TRANSLATION,
    Cells,
    back,
    contents,
    exported,
    imported,
    made,
    planned,
    put,
    read,
    rows,
    save,
    state,
    table,
    told,
)

MOVED = (
    "# Pedir refugio es gratis\n\nLlame al {{phone:linea}}.\nPida refugio sin pagar.\n"
    "En México, {{fact:asylum-free}}.\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made(tmp_path / "red")
    return tmp_path / "red"


@pytest.mark.parametrize("form", ["csv", "xlsx", "po"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"scripts/asilo/es-419.md": STALE_ES},
        {"scripts/asilo/en.from": None},
        {"scripts/asilo/es-419.md": ES_TEXT.replace("Pida refugio sin pagar.\n", "")},
        {"scripts/asilo/es-419.md": ES_TEXT.replace("Pida", "¡Pida")},
        {"scripts/asilo/es-419.md": MOVED},
        {"scripts/asilo/en.md": EN_TEXT.replace("# Asking", "<!-- x -->\r\n# Asking")},
        {"scripts/asilo/en.md": EN_TEXT.replace("Ask for", "Ask\n\nfor") + "Now.\n<!-- end -->"},
    ],
)
def test_a_sheet_that_nobody_touched_leaves_every_byte_as_it_is(
    form: str, changes: dict[str, str | None], tmp_path: Path
) -> None:
    workspace = made(tmp_path / "red", changes)
    before = contents(workspace.root)
    found = imported(workspace, exported(workspace, tmp_path / f"sheet.{form}"))
    assert not [f for f in found if f.severity == "error"]
    assert contents(workspace.root) == before


def test_a_new_translation_is_written_in_the_paragraphs_of_its_source(tmp_path: Path) -> None:
    source = ES_TEXT.replace("\nEn México", "\n\nEn México")
    workspace = made(tmp_path / "red", {"scripts/asilo/es-419.md": source})
    cells = table(workspace, FR)
    for number, text in enumerate(
        ["Demander asile", "Demandez l’asile.", "Au Mexique, {{fact:asylum-free}}.",
         "Appelez {{phone:linea}}."],
        start=1,
    ):  # fmt: skip
        cells[number][TRANSLATION] = text
    plan = planned(workspace, save(cells, tmp_path / "sheet.csv"))
    # the sample's fact has no French yet: the row is told, and nothing would be written
    assert told(list(plan.findings)) == [(4, "fact.language")]
    assert plan.to_write == ()
    cells[3][TRANSLATION] = ""
    plan = planned(workspace, save(cells, tmp_path / "sheet.csv"))
    write_import(workspace, plan)
    assert (workspace.root / "scripts/asilo/fr.md").read_text("utf-8") == (
        "# Demander asile\n\nDemandez l’asile.\n\nAppelez {{phone:linea}}.\n"
    )
    assert state(workspace.root, FR) is TranslationState.STALE
    assert read(workspace.root).translations["asilo", FR].changed_lines == (5,)


def test_a_returned_row_is_the_translators_word_and_makes_it_fresh(tmp_path: Path) -> None:
    root = made(tmp_path / "red", {"scripts/asilo/es-419.md": STALE_ES}).root
    assert state(root) is TranslationState.STALE

    def work(cells: Cells) -> None:
        assert [line[8] for line in cells[1:]] == ["fresh", "stale", "fresh", "missing", "fresh"]
        assert cells[2][5] == "Pida refugio sin pagar."
        cells[2][TRANSLATION] = "Ask for asylum without paying anything."
        cells[4][TRANSLATION] = "Wait."

    assert back(root, EN, work) == []
    assert state(root) is TranslationState.FRESH
    assert (root / "scripts/asilo/en.md").read_text("utf-8") == (
        "# Asking for asylum is free\n\nAsk for asylum without paying anything.\n"
        "In Mexico, {{fact:asylum-free}}.\nWait.\nCall {{phone:linea}}.\n"
    )


def test_what_was_left_as_it_was_is_not_confirmed_unless_somebody_says_so(tmp_path: Path) -> None:
    root = made(tmp_path / "red", {"scripts/asilo/es-419.md": STALE_ES}).root
    workspace = read(root)
    cells = table(workspace)
    cells[4][TRANSLATION] = "Wait."
    path = save(cells, tmp_path / "sheet.csv")
    assert told(imported(workspace, path)) == [(3, "translation.row-untouched")]
    # the new line is in; the line that nobody looked at is still stale
    assert read(root).translations["asilo", EN].changed_lines == (3,)
    workspace = read(root)
    path = save(table(workspace), tmp_path / "sheet.csv")
    assert told(imported(workspace, path, confirm=True)) == []
    assert state(root) is TranslationState.FRESH


def test_a_line_that_the_source_took_away_goes(tmp_path: Path) -> None:
    root = made(
        tmp_path / "red",
        {"scripts/asilo/es-419.md": ES_TEXT.replace("Pida refugio sin pagar.\n", "")},
    ).root
    assert back(root, EN, put(2, "Asylum is free")) == [(2, "translation.line-gone")]
    assert (root / "scripts/asilo/en.md").read_text("utf-8") == (
        "# Asylum is free\n\nIn Mexico, {{fact:asylum-free}}.\nCall {{phone:linea}}.\n"
    )
    assert state(root) is TranslationState.FRESH


def test_a_line_that_was_moved_moves_with_its_translation(tmp_path: Path) -> None:
    root = made(tmp_path / "red", {"scripts/asilo/es-419.md": MOVED}).root
    assert back(root, EN, put(4, "Ask for asylum. Pay nothing.")) == [(4, "script.two-sentences")]
    assert (root / "scripts/asilo/en.md").read_text("utf-8") == (
        "# Asking for asylum is free\n\nCall {{phone:linea}}.\n"
        "Ask for asylum. Pay nothing.\nIn Mexico, {{fact:asylum-free}}.\n"
    )
    assert state(root) is TranslationState.FRESH


def test_one_sentence_becomes_two_and_stays_two(root: Path) -> None:
    assert back(root, EN, put(3, "Ask for asylum.\nDo not pay.")) == []
    assert (root / "scripts/asilo/en.from").read_text("utf-8").splitlines()[0] == (
        "altavoz translation of es-419 as 2 1 1"
    )
    assert state(root) is TranslationState.FRESH
    cells = [row.last for row in rows(read(root))]
    assert cells[1] == "Ask for asylum.\nDo not pay."
    before = contents(root)
    assert back(root, EN, lambda cells: cells) == []
    assert contents(root) == before


def test_two_sentences_become_one(root: Path) -> None:
    def work(cells: Cells) -> None:
        cells[2][TRANSLATION] = "Ask for asylum: in Mexico, {{fact:asylum-free}}."
        cells[3][TRANSLATION] = "^"

    assert back(root, EN, work) == []
    assert "as 1 0 1" in (root / "scripts/asilo/en.from").read_text("utf-8")
    assert state(root) is TranslationState.FRESH
    assert [row.last for row in rows(read(root))][2:] == ["^", "Call {{phone:linea}}."]


def test_confirming_by_hand_keeps_what_is_known_of_the_lines(root: Path) -> None:
    assert back(root, EN, put(3, "Ask for asylum.\nDo not pay.")) == []
    confirm_translation(read(root), "asilo", "en")
    assert "as 2 1 1" in (root / "scripts/asilo/en.from").read_text("utf-8")


def test_comments_and_marks_stay_with_the_words_that_stay(tmp_path: Path) -> None:
    text = (
        "# Asking for asylum is free\n\n<!-- slowly -->\nAsk for asylum without paying.\n"
        'In Mexico, {{fact:asylum-free}}. {{allow terms.irregular-status reason="a law"}}\n'
        "<!-- twice -->\nCall {{phone:linea}}.\n<!-- end -->\n"
    )
    root = made(tmp_path / "red", {"scripts/asilo/en.md": text}).root
    assert all("allow" not in cell for line in table(read(root)) for cell in line)
    told_now = back(root, EN, put(3, "Ask for it without paying."))
    assert {rule for _, rule in told_now} <= {"allow.unused"}
    assert (root / "scripts/asilo/en.md").read_text("utf-8") == text.replace(
        "Ask for asylum", "Ask for it"
    )


def test_a_mark_that_goes_with_its_words_is_told(tmp_path: Path) -> None:
    text = EN_TEXT.replace("paying.", 'paying. {{allow terms.irregular-status reason="a law"}}')
    root = made(tmp_path / "red", {"scripts/asilo/en.md": text}).root
    assert (0, "translation.mark-dropped") in back(root, EN, put(3, "Ask for it."))
    assert "allow" not in (root / "scripts/asilo/en.md").read_text("utf-8")


def test_only_the_lines_that_were_asked_for_are_needed(tmp_path: Path) -> None:
    root = made(tmp_path / "red", {"scripts/asilo/es-419.md": STALE_ES}).root
    workspace = read(root)
    only = rows(workspace, EN, "stale", "missing")
    assert [row.line for row in only] == [3, 5]
    ids = {row.id for row in only}

    def change(cells: Cells) -> None:
        cells[1:] = [line for line in cells[1:] if line[ID] in ids]
        cells[1][TRANSLATION], cells[2][TRANSLATION] = "Ask and pay nothing.", "Wait."

    assert back(root, EN, change) == []
    assert state(root) is TranslationState.FRESH


def test_a_sheet_may_be_sorted(root: Path) -> None:
    def change(cells: Cells) -> None:
        cells[2][TRANSLATION] = "Ask for it without paying."
        cells[1:] = sorted(cells[1:], key=lambda line: line[TRANSLATION])

    assert back(root, EN, change) == []
    assert (root / "scripts/asilo/en.md").read_text("utf-8") == EN_TEXT.replace(
        "Ask for asylum", "Ask for it"
    )


def test_an_entry_that_is_still_fuzzy_is_not_taken(tmp_path: Path) -> None:
    root = made(tmp_path / "red", {"scripts/asilo/es-419.md": STALE_ES}).root
    workspace = read(root)
    path = exported(workspace, tmp_path / "sheet.po")
    text = path.read_text("utf-8")
    path.write_text(text.replace('without paying."', 'without any payment."'), "utf-8")
    before = contents(root)
    imported(workspace, path)
    assert contents(root) == before
    done = text.replace('#, fuzzy\n#| msgid "Pida refugio sin pagar."\n', "")
    path.write_text(done.replace('msgstr ""\n', 'msgstr "Wait."\n').replace(
        'msgid ""\nmsgstr "Wait."\n', 'msgid ""\nmsgstr ""\n'), "utf-8")  # fmt: skip
    imported(workspace, path)
    # what is not fuzzy was looked at, also where the words are as before
    assert state(root) is TranslationState.FRESH


def test_a_faulty_translation_can_be_put_right_by_a_sheet(tmp_path: Path) -> None:
    broken = {"scripts/asilo/en.md": EN_TEXT.replace("paying.", "paying 5 coins.")}
    root = made(tmp_path / "red", broken).root
    assert state(root) is TranslationState.FAULTY
    assert back(root, EN, put(3, "Ask for asylum without paying.")) == []
    assert state(root) is TranslationState.FRESH


def test_a_segment_with_errors_does_not_hold_up_the_others(tmp_path: Path) -> None:
    workspace = made(
        tmp_path / "red",
        {
            "scripts/otro/segment.yml": 'kind: bumper\nkey_message: "Otro."\n',
            "scripts/otro/es-419.md": "# Otro\n\nHola.\n",
            "scripts/otro/en.md": "# Other\n\nHello.\n",
            "scripts/otro/en.from": FROM.split("\n")[0] + "\n# Otro\nHola.\n",
        },
    )
    cells = table(workspace)
    place = {line[ID].partition("/")[0]: n for n, line in enumerate(cells)}
    cells[place["asilo"]][TRANSLATION] = "Call."
    cells[place["otro"]][TRANSLATION] = "Welcome."
    plan = planned(workspace, save(cells, tmp_path / "sheet.csv"))
    assert plan.findings.has_errors
    assert [one.segment for one in plan.to_write] == ["otro"]
    write_import(workspace, plan)
    assert (workspace.root / "scripts/otro/en.md").read_text("utf-8") == "# Other\n\nWelcome.\n"
    assert (workspace.root / "scripts/asilo/en.md").read_text("utf-8") == EN_TEXT


def test_a_disk_that_refuses_leaves_each_file_old_or_new(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = read(root)
    cells = table(workspace)
    cells[2][TRANSLATION] = "Ask for asylum.\nDo not pay."
    plan = planned(workspace, save(cells, root.parent / "sheet.csv"))
    before = contents(root)
    real = os.fsync
    for limit in range(4):
        calls = iter(range(limit))

        def refuse(handle: int, calls: Iterator[int] = calls) -> None:
            if next(calls, None) is None:
                raise OSError(28, "No space left on device")
            real(handle)

        monkeypatch.setattr("os.fsync", refuse)
        with pytest.raises(ProductionError, match="the disk is full"):
            write_import(workspace, plan)
        monkeypatch.undo()
        after = contents(root)
        assert after.keys() == before.keys()
        # never a new copy of the source beside old words
        if after["scripts/asilo/en.from"] != before["scripts/asilo/en.from"]:
            assert after["scripts/asilo/en.md"] != before["scripts/asilo/en.md"]
        assert state(root) in {TranslationState.FRESH, TranslationState.STALE}


SPOKEN = st.text("abc Kʼicheʼéñاب😀\n'’«»,.;-?!\"", max_size=40)


@settings(max_examples=60)
@given(texts=st.tuples(SPOKEN, SPOKEN, SPOKEN), form=st.sampled_from(["csv", "po"]))
def test_whatever_is_imported_is_what_a_second_export_says(
    tmp_path_factory: pytest.TempPathFactory, texts: tuple[str, str, str], form: str
) -> None:
    folder = tmp_path_factory.mktemp("round")
    workspace = made(folder / "red")
    cells = table(workspace)
    for number, text in enumerate(texts, start=2):
        mark = {3: " {{fact:asylum-free}}", 4: " {{phone:linea}}"}.get(number, "")
        cells[number][TRANSLATION] = text + mark
    path = save(cells, folder / "sheet.csv")
    findings = Findings()
    sheet = read_sheet(path, findings=findings)
    assert sheet is not None
    plan = plan_import(workspace, sheet, EN, findings=findings)
    write_import(workspace, plan)
    after = contents(workspace.root)
    again = read(workspace.root)
    second = exported(again, folder / f"second.{form}")
    assert not [f for f in imported(again, second) if f.severity == "error"]
    assert contents(workspace.root) == after
    if not plan.findings.has_errors and plan.to_write:
        assert again.translations["asilo", EN].state is TranslationState.FRESH
