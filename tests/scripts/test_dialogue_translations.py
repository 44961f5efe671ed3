"""Dialogues on their way to a translator and back: the words travel, the labels are put by us."""

from pathlib import Path

import pytest

from programme.findings import Finding
from scripts.workspace import read_workspace
from tests.scripts.sample_workspace import NETWORK, SEGMENT, TODAY, write_workspace
from tests.scripts.translating import (
    EN,
    back,
    exported,
    imported,
    put,
    read,
    rows,
    state,
)

SPEAKERS = """
[speakers]
presenter = { es = "LOCUTORA", en = "PRESENTER" }
voice2 = { es = "VOZ 2", en = "VOICE 2", fr = "VOIX 2" }
"""
SOURCE = """\
# ¿Cuesta dinero pedir refugio?

LOCUTORA: Hoy respondemos una pregunta.
VOZ 2: ¿Cuesta dinero?
LOCUTORA: En México, {{fact:asylum-free}}.
Nadie puede cobrarle.

VOZ 2: Llame a la línea de ayuda: {{phone:linea}}.
"""
ENGLISH = """\
# Does it cost money to ask for asylum?

PRESENTER: Today we answer a question.
VOICE 2: Does it cost money?
PRESENTER: In Mexico, {{fact:asylum-free}}.
Nobody may charge you.

VOICE 2: Call the help line: {{phone:linea}}.
"""


def dialogue(root: Path, english: str | None = None, more: str = "") -> Path:
    changes: dict[str, str | None] = {
        "altavoz.toml": NETWORK + SPEAKERS + more,
        "scripts/asilo/segment.yml": SEGMENT.replace("kind: procedure", "kind: self-care"),
        "scripts/asilo/es-419.md": SOURCE,
        "scripts/asilo/en.md": english,
        "scripts/asilo/en.from": None,
    }
    write_workspace(root, changes)
    return root


def told(root: Path, prefix: tuple[str, ...] = ("speaker", "translation.speaker")) -> list[Finding]:
    _, findings = read_workspace(root, today=TODAY)
    return [found for found in findings if found.rule.startswith(prefix)]


def confirmed(root: Path) -> None:
    text = "\n".join(line for line in SOURCE.replace("LOCUTORA: ", "").splitlines() if line)
    copy = "altavoz translation of es-419\n" + text.replace("VOZ 2: ", "") + "\n"
    (root / "scripts/asilo/en.from").write_text(copy, "utf-8")


def test_a_translation_with_the_labels_of_its_language_is_in_order(tmp_path: Path) -> None:
    root = dialogue(tmp_path / "red", ENGLISH)
    confirmed(root)
    assert state(root).value == "fresh"
    assert told(root) == []


def test_the_copy_of_the_source_holds_words_and_no_labels(tmp_path: Path) -> None:
    # Who speaks is compared line by line, so that a translation does not go stale by a label.
    root = dialogue(tmp_path / "red", ENGLISH)
    confirmed(root)
    path = root / "scripts/asilo/es-419.md"
    path.write_text(SOURCE.replace("VOZ 2: ¿", "LOCUTORA: ¿"), "utf-8")
    assert state(root).value == "fresh"
    assert [(found.line, found.rule) for found in told(root)] == [(4, "translation.speaker")]
    assert "VOICE 2 says this" in told(root)[0].problem
    assert told(root)[0].remedy == "begin the line with PRESENTER:"


def test_a_forgotten_label_is_told_once_for_the_lines_that_it_would_hold_for(
    tmp_path: Path,
) -> None:
    english = ENGLISH.replace("PRESENTER: In", "In")
    root = dialogue(tmp_path / "red", english)
    confirmed(root)
    assert [(found.line, found.rule) for found in told(root)] == [(5, "translation.speaker")]


def test_a_translation_without_any_label_is_told_once(tmp_path: Path) -> None:
    english = ENGLISH.replace("PRESENTER: ", "").replace("VOICE 2: ", "")
    root = dialogue(tmp_path / "red", english)
    confirmed(root)
    (found,) = told(root)
    assert (found.line, found.rule) == (0, "translation.speaker")
    assert found.remedy == "begin lines with PRESENTER:, VOICE 2:"


def test_a_language_without_a_label_is_told_what_to_declare(tmp_path: Path) -> None:
    root = dialogue(tmp_path / "red", ENGLISH.replace("VOICE 2: ", ""))
    toml = root / "altavoz.toml"
    toml.write_text(toml.read_text("utf-8").replace(', en = "VOICE 2"', ""), "utf-8")
    confirmed(root)
    lacking = [found for found in told(root) if found.rule == "speaker.no-label"]
    assert [found.problem for found in lacking] == ["VOZ 2 has no label in en"]
    assert 'voice2: en = "..."' in lacking[0].remedy


@pytest.mark.parametrize("form", ["csv", "xlsx", "po"])
def test_a_sheet_carries_words_and_says_who_speaks_them(tmp_path: Path, form: str) -> None:
    root = dialogue(tmp_path / "red", ENGLISH)
    confirmed(root)
    workspace = read(root)
    sheet = rows(workspace)
    assert [row.source for row in sheet][1:3] == [
        "Hoy respondemos una pregunta.",
        "¿Cuesta dinero?",
    ]
    assert [row.last for row in sheet][1:3] == [
        "Today we answer a question.",
        "Does it cost money?",
    ]
    assert sheet[2].note.startswith("speaker: VOZ 2 = VOICE 2")
    before = (root / "scripts/asilo/en.md").read_bytes()
    assert [
        f
        for f in imported(workspace, exported(workspace, tmp_path / f"s.{form}"))
        if f.severity.value != "info"
    ] == []
    assert (root / "scripts/asilo/en.md").read_bytes() == before


def test_words_that_come_back_are_put_behind_their_labels(tmp_path: Path) -> None:
    root = dialogue(tmp_path / "red")
    words = [
        line.partition(": ")[2] if ":" in line.split(" ")[0] or line.startswith("VOICE") else line
        for line in ENGLISH.removeprefix("# ").splitlines()
        if line
    ]

    def fill(cells: list[list[str]]) -> None:
        for row, text in zip(cells[1:], words, strict=True):
            row[4] = text

    assert back(root, EN, fill) == []
    assert (root / "scripts/asilo/en.md").read_text("utf-8") == ENGLISH
    assert state(root).value == "fresh"
    assert told(root) == []


def test_one_new_row_leaves_the_other_labels_as_they_are(tmp_path: Path) -> None:
    root = dialogue(tmp_path / "red", ENGLISH)
    confirmed(root)
    assert back(root, EN, put(4, "Does that cost any money?")) == []
    assert (root / "scripts/asilo/en.md").read_text("utf-8") == ENGLISH.replace(
        "Does it cost money?", "Does that cost any money?"
    )


def test_a_line_that_became_two_has_one_label(tmp_path: Path) -> None:
    root = dialogue(tmp_path / "red", ENGLISH)
    confirmed(root)
    assert back(root, EN, put(4, "Tell me.\nDoes it cost money?")) == []
    assert "VOICE 2: Tell me.\nDoes it cost money?\nPRESENTER: In" in (
        root / "scripts/asilo/en.md"
    ).read_text("utf-8")
    assert told(root) == []


def test_the_right_label_in_a_cell_is_taken_off_and_a_wrong_one_refused(tmp_path: Path) -> None:
    root = dialogue(tmp_path / "red", ENGLISH)
    confirmed(root)
    assert back(root, EN, put(4, "VOICE 2: Does that cost money?")) == []
    assert "\nVOICE 2: Does that cost money?\n" in (root / "scripts/asilo/en.md").read_text("utf-8")
    assert back(root, EN, put(4, "PRESENTER: Is it free?")) == [(4, "translation.row-speaker")]
    assert back(root, EN, put(4, "VOICE 2:")) == [(4, "translation.row-speaker")]
