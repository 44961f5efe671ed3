"""An entry in a lexicon makes again the takes that say its word, and nothing else."""

from pathlib import Path

import pytest

from production.building import Workshop
from production.steps import TakeStep
from scripts.workspace import read_workspace
from tests.production.running import TINY, TODAY, build, built_once, copy_of, run_here
from tests.production.small import write_small

FOR_ESPEAK = '- written: "agua"\n  say: "ajua"\n  voices: [espeak]\n'
FOR_ALL = '- written: "agua"\n  say: "ajua"\n'


def takes(folder: Path) -> dict[str, TakeStep]:
    """Give every planned take by its label."""
    workspace, findings = read_workspace(folder, today=TODAY)
    assert workspace is not None
    assert not findings.has_errors
    with Workshop(workspace.root).open() as workshop:
        plan = workshop.plan(workspace, today=TODAY)
    return {
        line.take.label: line.take
        for edition in plan.editions
        for slot in edition.slots
        for line in slot.lines
    }


def text_of(take: TakeStep) -> str:
    assert take.speak is not None
    return take.speak.text


def write_lexicon(folder: Path, text: str, name: str = "es.yml") -> None:
    path = folder / "lexicon" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("entry", [FOR_ESPEAK, FOR_ALL])
def test_only_the_takes_that_say_the_word_get_another_fingerprint(
    tmp_path: Path, entry: str
) -> None:
    write_small(tmp_path)
    before = takes(tmp_path)
    write_lexicon(tmp_path, entry)
    after = takes(tmp_path)
    assert before.keys() == after.keys()
    changed = {label for label in before if before[label].fingerprint != after[label].fingerprint}
    assert changed == {label for label in before if "agua con" in text_of(before[label])}
    assert changed
    assert {text_of(after[label]) for label in changed} == {"Lleve ajua con usted."}


def test_an_entry_for_another_voice_changes_nothing(tmp_path: Path) -> None:
    write_small(tmp_path)
    before = takes(tmp_path)
    write_lexicon(tmp_path, FOR_ESPEAK.replace("espeak", "gtts"))
    assert {label: one.fingerprint for label, one in takes(tmp_path).items()} == {
        label: one.fingerprint for label, one in before.items()
    }


def test_what_one_voice_needs_leaves_the_words_as_they_are(tmp_path: Path) -> None:
    write_small(tmp_path)
    write_lexicon(tmp_path, FOR_ESPEAK)
    workspace, _ = read_workspace(tmp_path, today=TODAY)
    assert workspace is not None
    script = workspace.translations["agua", workspace.network.source_language].script
    assert script is not None
    assert script.sentences[0].spoken == "Lleve agua con usted."


@pytest.fixture(scope="session")
def built_tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "tiny-lexicon", TINY)


def test_a_build_after_a_new_entry_speaks_one_sentence_and_taking_it_back_none(
    built_tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy_of(built_tiny, tmp_path / "tiny")
    page = next((folder / "build").rglob("*.vtt"))
    captions = page.read_bytes()
    write_lexicon(folder, FOR_ESPEAK)
    report = build(folder)
    spoken = [label for label, _ in report.run.reasons if label.startswith("take ")]
    assert [label.split(" line ")[0] for label in spoken] == ["take agua es-419"]
    assert b"agua con usted" in page.read_bytes()
    (folder / "lexicon/es.yml").unlink()
    again = build(folder)
    assert not [label for label, _ in again.run.reasons if label.startswith("take ")]
    assert page.read_bytes() == captions
    assert run_here("build", "-w", folder, capture=capsys).out.startswith("Nothing to do")


def test_a_fault_in_a_lexicon_stops_the_build_and_names_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_small(tmp_path, TINY)
    write_lexicon(tmp_path, '- written: "agua"\n  say: "911"\n')
    done = run_here("build", "-w", tmp_path, capture=capsys)
    assert done.code == 3
    assert "lexicon/es.yml:2: error:" in done.said
