"""Takes are heard with their words; what is decided holds for those bytes and for no others."""

import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest

from production.takes.kit_pages import render_recorder, render_sheet
from production.takes.review import TakeToHear, takes_to_hear
from production.takes.review_page import render_review, wave_path
from programme.digests import digest_file
from programme.errors import ExitCode
from programme.takes import TakeReview, Verdict
from scripts.take_edit import merge_takes
from scripts.take_files import NewTake, spoken_facts, spoken_texts
from scripts.take_kit_file import script_to_read
from tests.production.chromium import Browser, browser
from tests.production.page_checks import (
    CONTRAST,
    CONTROLS,
    DOUBLE_IDS,
    SMALL_TARGETS,
    TOO_WIDE,
)
from tests.production.running import copy_of, edit, read, run_here
from tests.production.takes.kits import HOSTILE, QUC, kit_of, stems, to_record
from tests.production.test_recorded import record

Capture = pytest.CaptureFixture[str]


def keep(root: Path, segment: str, *lines: int, words: str = "", verdict: Verdict | None) -> None:
    """Keep takes of lines in K'iche', as an import does."""
    workspace = read(root)
    script = script_to_read(workspace, segment, QUC)
    assert script is not None
    for line in lines:
        sentence = words or script.sentences[line - 1].spoken
        take = NewTake(
            source=record(root.parent / "came" / f"{segment}-{line}.wav", sentence),
            line=line,
            texts=spoken_texts(script, line),
            facts=spoken_facts(workspace, script, line),
            verdict=verdict,
            faults=("noisy", "fast") if verdict is Verdict.AGAIN else (),
        )
        merge_takes(read(root), segment, QUC, [take])


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace in which three sentences wait to be heard: never change it."""
    root = to_record(tmp_path_factory.mktemp("heard") / "workspace")
    keep(root, "agua", 1, 2, verdict=Verdict.GOOD)
    keep(root, "ayuda", 2, verdict=Verdict.AGAIN)
    return root


@pytest.fixture
def root(recorded: Path, tmp_path: Path) -> Path:
    return copy_of(recorded, tmp_path / "workspace")


def heard(root: Path, *, everything: bool = False) -> list[TakeToHear]:
    return list(takes_to_hear(read(root), everything=everything))


def reviews(root: Path) -> dict[str, tuple[TakeReview, str]]:
    """Give what was decided of each take."""
    return {
        f"{segment} {row.line}": (row.review, row.reason)
        for (segment, _), take in read(root).recordings.items()
        for row in take.rows
    }


def decisions(root: Path, *decided: tuple[int, str, str]) -> dict[str, object]:
    """Give decisions.json, as the page writes it, on takes by their place on it."""
    takes = heard(root)
    return {
        "altavoz_decisions": 1,
        "network": "small",
        "decisions": [
            {
                "segment": takes[place].segment,
                "language": "quc",
                "line": takes[place].line,
                "heard": takes[place].digest,
                "decision": word,
                "reason": reason,
            }
            for place, word, reason in decided
        ],
    }


def test_each_take_stands_with_the_sentence_that_it_should_speak(root: Path) -> None:
    takes = heard(root)
    assert [(take.segment, take.line, take.lines[0].text) for take in takes] == [
        ("agua", 1, "Lleve agua con usted."),
        ("agua", 2, "Beba poco a poco."),
        ("ayuda", 2, "Repito: 9 1 1."),
    ]
    assert takes[2].lines[0].spoken == "Repito: nueve, uno, uno."
    assert (takes[2].verdict, takes[2].faults) == (Verdict.AGAIN, ("noisy", "fast"))
    for take in takes:
        with av.open(io.BytesIO(take.copy.mp3), "r") as file:
            assert file.streams.audio[0].codec_context.name.startswith("mp3")
            seconds = sum(frame.samples / frame.sample_rate for frame in file.decode(audio=0))
        assert seconds == pytest.approx(take.copy.length_ms / 1000, abs=0.15)
        assert 0.1 < max(take.copy.shape) <= 1.0
        assert take.copy.quality.speech_s > 0.5


def test_a_take_of_words_that_changed_is_not_heard_and_one_that_moved_is(root: Path) -> None:
    edit(root / "scripts/agua/es-419.md", "Beba poco a poco.", "Beba agua muchas veces.")
    assert [(t.segment, t.line) for t in heard(root)] == [("agua", 1), ("ayuda", 2)]
    edit(root / "scripts/agua/es-419.md", "Lleve agua", "Hola.\nLleve agua")
    moved = heard(root)[0]
    assert (moved.line, moved.lines[0].text) == (1, "Lleve agua con usted.")


def test_only_takes_that_nobody_decided_wait_to_be_heard(root: Path, capsys: Capture) -> None:
    run_here("takes", "accept", "-w", root, "agua", "quc", "1", capture=capsys)
    assert [(take.segment, take.line) for take in heard(root)] == [("agua", 2), ("ayuda", 2)]
    assert len(heard(root, everything=True)) == 3


def test_decisions_come_into_take_yml_and_a_kit_asks_again_for_what_was_rejected(
    root: Path, tmp_path: Path, capsys: Capture
) -> None:
    before = stems(kit_of(root, QUC))
    assert before == ["aviso_quc_001", "aviso_quc_002", "ayuda_quc_001"]
    file = tmp_path / "decisions.json"
    said = "Falta el final: hable más despacio"
    plain = decisions(root, (0, "accepted", ""), (1, "rejected", said), (2, "accepted", ""))
    file.write_text(json.dumps(plain), encoding="utf-8")
    trial = run_here("takes", "decide", "-w", root, file, "--dry-run", capture=capsys)
    assert trial.out.splitlines()[0] == "would be accepted: agua quc 1"
    assert {review for review, _ in reviews(root).values()} == {TakeReview.NEW}
    done = run_here("takes", "decide", "-w", root, file, capture=capsys)
    assert (done.code, done.out.splitlines()) == (
        ExitCode.OK,
        ["accepted: agua quc 1", "accepted: ayuda quc 2", "rejected: agua quc 2"],
    )
    assert reviews(root) == {
        "agua 1": (TakeReview.ACCEPTED, ""),
        "agua 2": (TakeReview.REJECTED, said),
        "ayuda 2": (TakeReview.ACCEPTED, ""),
    }
    kit = kit_of(root, QUC)
    assert stems(kit) == [*before[:2], "agua_quc_002", before[2]]
    # whoever records is told why
    assert [prompt.reason for prompt in kit.prompts] == ["", "", said, ""]
    for shown in (render_sheet(kit).decode(), render_recorder(kit).decode()):
        assert f"<bdi>{said}</bdi>" in shown


def test_a_kit_tells_which_sentences_changed_since_they_were_recorded(root: Path) -> None:
    edit(root / "scripts/agua/es-419.md", "Beba poco a poco.", "Beba agua muchas veces.")
    kit = kit_of(root, QUC)
    changed = [prompt.name.stem for prompt in kit.prompts if prompt.changed]
    assert changed == ["agua_quc_002"]
    assert "El texto o un dato cambió." in render_sheet(kit).decode()


def test_a_decision_on_a_take_that_was_recorded_again_is_refused(
    root: Path, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "decisions.json"
    plain = decisions(root, (0, "accepted", ""), (1, "accepted", ""))
    file.write_text(json.dumps(plain), encoding="utf-8")
    keep(root, "agua", 2, words="Beba otra cosa.", verdict=Verdict.GOOD)
    done = run_here("takes", "decide", "-w", root, file, capture=capsys)
    assert done.code == ExitCode.FINDINGS
    assert done.out == "accepted: agua quc 1\n"
    assert "refused: agua quc 2: it was recorded again since" in done.err
    assert reviews(root)["agua 2"][0] is TakeReview.NEW


def test_decisions_of_another_network_change_nothing(
    root: Path, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "decisions.json"
    plain = {**decisions(root, (0, "accepted", "")), "network": "other"}
    file.write_text(json.dumps(plain), encoding="utf-8")
    done = run_here("takes", "decide", "-w", root, file, capture=capsys)
    assert done.code == ExitCode.USAGE
    assert "network other" in done.err.replace("«", "").replace("»", "").replace('"', "")
    assert {review for review, _ in reviews(root).values()} == {TakeReview.NEW}


def test_accept_and_reject_by_hand_need_a_take_and_a_reason(root: Path, capsys: Capture) -> None:
    for wrong, told in (
        (("accept", "agua", "quc", "7"), "no take of line 7"),
        (("accept", "aviso", "quc"), "no take"),
        (("accept", "agua", "quc", "x"), "no line"),
        (("reject", "agua", "quc", "1", "--reason", "  "), "without a reason"),
    ):
        done = run_here("takes", *wrong, "-w", root, capture=capsys)
        assert done.code == ExitCode.USAGE, wrong
        assert told in done.err
    done = run_here(
        "takes", "reject", "agua", "quc", "--reason", "ruido", "-w", root, capture=capsys
    )
    assert done.out == "rejected: agua quc 1\nrejected: agua quc 2\n"
    again = run_here("takes", "accept", "agua", "quc", "-w", root, capture=capsys)
    assert (again.code, "decided already" in again.err) == (ExitCode.USAGE, True)
    done = run_here("takes", "accept", "agua", "quc", "1", "-w", root, capture=capsys)
    assert done.out == "accepted: agua quc 1\n"
    assert reviews(root)["agua 1"] == (TakeReview.ACCEPTED, "")


def test_the_page_is_the_same_bytes_again_and_holds_every_take(recorded: Path) -> None:
    takes = heard(recorded)
    page = render_review(read(recorded), takes)
    assert page == render_review(read(recorded), heard(recorded))
    text = page.decode()
    assert HOSTILE not in text
    sounds = re.findall(r'src="data:audio/mpeg;base64,([^"]+)"', text)
    assert [base64.b64decode(one) for one in sounds] == [take.copy.mp3 for take in takes]
    for take in takes:
        file = next((recorded / f"recordings/{take.segment}/quc").glob(f"{take.line:03d}-*"))
        assert take.digest == digest_file(file)
        assert take.digest in text
    assert "Mal sonido" in text


def test_a_wave_is_drawn_within_its_box() -> None:
    assert wave_path((0.0, 0.5, 1.0)) == "M0 49h1v2h-1zM1 25h1v50h-1zM2 0h1v100h-1z"


def test_a_page_is_written_over_a_page_and_over_nothing_else(
    root: Path, tmp_path: Path, capsys: Capture
) -> None:
    place = tmp_path / "review.html"
    command = ("takes", "review", "-w", root, "--segment", "ayuda", "--out", place)
    place.write_text("my notes", encoding="utf-8")
    assert run_here(*command, capture=capsys).code == ExitCode.USAGE
    assert place.read_text(encoding="utf-8") == "my notes"
    place.unlink()
    for _ in range(2):
        assert run_here(*command, capture=capsys).code == ExitCode.OK


def test_nothing_to_hear_makes_no_page(tmp_path: Path, capsys: Capture) -> None:
    root = to_record(tmp_path / "workspace")
    place = tmp_path / "review.html"
    done = run_here("takes", "review", "-w", root, "--out", place, capture=capsys)
    assert (done.code, done.out) == (ExitCode.OK, "No take waits to be heard.\n")
    assert not place.exists()


@pytest.fixture
def page(tool: Callable[[str], str], tmp_path: Path) -> Iterator[Browser]:
    with browser(
        tool("chromium"), tmp_path / "profile", "--autoplay-policy=no-user-gesture-required"
    ) as opened:
        yield opened


@pytest.mark.tools
def test_somebody_listens_decides_closes_the_page_and_hands_the_file_over(
    page: Browser, root: Path, tmp_path: Path, capsys: Capture
) -> None:
    place, downloads = tmp_path / "review.html", tmp_path / "downloads"
    done = run_here("takes", "review", "-w", root, "--lang", "quc", "--out", place, capture=capsys)
    assert done.out == f"3 takes to be heard in {place}\n"
    page.ask(
        "Browser.setDownloadBehavior",
        {"behavior": "allow", "downloadPath": str(downloads)},
        session="",
    )
    page.open(place)
    page.run("document.querySelector('#take-1 audio').play()")
    page.wait("document.querySelector('#take-1 audio').currentTime > 0.2")
    page.click("#take-1 .accept")
    page.click("#take-2 .reject")
    # nothing is rejected without a reason, nor for one that nobody chose
    assert page.text("#progress-words") == "1 de 3 decididas"
    assert page.text("#status") == "Diga qué hacer mejor."
    page.run(
        "(() => { const s = document.querySelector('#take-2 .reason'); s.value = '6';"
        " s.dispatchEvent(new Event('change')); })()"
    )
    # another reason must be said in words
    assert page.text("#status") == "Diga qué hacer mejor."
    assert page.run("document.getElementById('download').hidden") is True
    page.run("document.querySelector('#take-2 .more').focus()")
    page.ask("Input.insertText", {"text": "Se oye un perro"})
    page.open(place)
    # nothing was lost
    assert page.text("#progress-words") == "2 de 3 decididas"
    assert page.text("#take-2 .state") == "Rechazada"
    page.click("#download")
    page.wait("true")
    file = downloads / "decisions.json"
    for _ in range(100):
        if file.exists():
            break
        page.run("new Promise((done) => setTimeout(done, 50))")
    decided = run_here("takes", "decide", "-w", root, file, capture=capsys)
    assert decided.out == "accepted: agua quc 1\nrejected: agua quc 2\n"
    assert reviews(root)["agua 2"] == (TakeReview.REJECTED, "Se oye un perro")
    assert page.complaints() == []


@pytest.mark.tools
def test_the_page_of_review_is_for_everybody(page: Browser, root: Path, tmp_path: Path) -> None:
    place = tmp_path / "review.html"
    place.write_bytes(render_review(read(root), heard(root)))
    for dark in (False, True):
        page.size(320, 640, dark=dark)
        page.open(place)
        page.run("document.querySelector('#take-1 .reject').click()")
        assert page.run("document.documentElement.scrollWidth") == 320
        assert page.run(TOO_WIDE) == []
        assert page.run(CONTRAST) == []
        assert page.run(SMALL_TARGETS) == []
        assert page.run(DOUBLE_IDS) == []
        assert [role for role, said in page.nodes() if role in CONTROLS and not said] == []
        assert page.complaints() == []
