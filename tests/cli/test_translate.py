"""translate status, export, import: what a producer sees, and what a program reads."""

import csv
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from programme.errors import ExitCode
from tests.production.running import ROOT, run_here
from tests.scripts.sample_workspace import ES as ES_TEXT
from tests.scripts.translating import made

STALE = {"scripts/asilo/es-419.md": ES_TEXT.replace("sin pagar.", "sin pagar nada.")}

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def red(tmp_path: Path) -> Path:
    return made(tmp_path / "red", STALE).root


def test_status_names_the_words_that_changed(red: Path, capsys: Capture) -> None:
    done = run_here("translate", "status", "-w", red, "--lang", "en", capture=capsys)
    assert done.code == ExitCode.OK
    assert "asilo en: stale\n  line 3: added «nada»\n" in done.out


def test_status_for_a_program_holds_every_language_and_line(red: Path, capsys: Capture) -> None:
    done = run_here("translate", "status", "-w", red, "--json", capture=capsys)
    found = json.loads(done.out)
    assert [(one["language"], one["name"]) for one in found["languages"]][1:3] == [
        ("en", "English"),
        ("fr", "French"),
    ]
    states = {one["language"]: one["state"] for one in found["segments"]}
    assert states == {"es-419": "source", "en": "stale", "fr": "missing", "ar": "missing"}
    (stale,) = [one for one in found["segments"] if one["state"] == "stale"]
    assert stale["changed"] == [
        {
            "line": 3,
            "before": "Pida refugio sin pagar.",
            "after": "Pida refugio sin pagar nada.",
            "words": [["", "nada"]],
        }
    ]
    totals = {one["language"]: one for one in found["languages"]}
    assert (totals["fr"]["missing"], totals["en"]["stale"]) == (1, 1)


def test_the_example_needs_people_only_where_no_voice_speaks(
    tmp_path: Path, capsys: Capture
) -> None:
    camino = tmp_path / "camino"
    shutil.copytree(ROOT / "examples" / "camino", camino)
    done = run_here("translate", "status", "-w", camino, "--json", capture=capsys)
    found = json.loads(done.out)
    waiting = {one["language"] for one in found["segments"] if one["recording"]}
    assert waiting == {"ht"}
    totals = {one["language"]: one for one in found["languages"]}
    # quc is spoken by nobody here, and nothing is written in it yet
    assert (totals["quc"]["missing"], totals["quc"]["to_record"]) == (
        totals["es-419"]["source"],
        0,
    )
    assert all(totals[tag]["fresh"] == totals["es-419"]["source"] for tag in ("en", "fr", "ar"))


def test_a_recording_of_other_words_is_told(tmp_path: Path, capsys: Capture) -> None:
    root = made(tmp_path / "red").root
    folder = root / "recordings/asilo/en"
    folder.mkdir(parents=True)
    (folder / "001.wav").write_bytes(b"RIFF")
    (folder / "take.yml").write_text(f'script: "{"0" * 64}"\nfiles: [001.wav]\nnote: ""\n')
    done = run_here("translate", "status", "-w", root, "--lang", "en", capture=capsys)
    assert "asilo en: recording stale\n" in done.out


def test_a_sheet_goes_out_and_comes_back(red: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "for-the-translator.xlsx"
    done = run_here(
        *("translate", "export", "-w", red, "--lang", "en", "--only", "stale,missing", "-o", path),
        capture=capsys,
    )
    assert (done.code, done.out) == (0, f"{path}: 1 line of 1 segment\n")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert sheet["C2"].value == "Pida refugio sin pagar nada."
    assert sheet["F2"].value == "Pida refugio sin pagar."
    sheet["E2"] = "Ask for asylum and pay nothing."
    book.save(path)
    before = (red / "scripts/asilo/en.md").read_bytes()
    dry = run_here("translate", "import", "-w", red, path, "--dry-run", capture=capsys)
    assert dry.out.endswith("1 segment would be written, 0 unchanged, 0 with errors.\n")
    assert (red / "scripts/asilo/en.md").read_bytes() == before
    done = run_here("translate", "import", "-w", red, path, capture=capsys)
    assert done.out == (
        "scripts/asilo/en.md: 1 new line; is now fresh\n"
        "1 segment written, 0 unchanged, 0 with errors.\n"
    )
    assert "Ask for asylum and pay nothing.\n" in (red / "scripts/asilo/en.md").read_text("utf-8")
    status = run_here("translate", "status", "-w", red, "--lang", "en", capture=capsys)
    assert "stale\n" not in status.out


def test_a_fault_stops_the_import_and_is_told_as_a_compiler_does(
    red: Path, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "en.csv"
    run_here("translate", "export", "-w", red, "--lang", "en", "-o", path, capture=capsys)
    text = path.read_text("utf-8-sig").replace('"Call {{phone:linea}}."', '"Call us."', 2)
    text = text.replace('"Call us."', '"Call {{phone:linea}}."', 1)
    path.write_text(text, "utf-8")
    done = run_here("translate", "import", "-w", red, path, capture=capsys)
    assert done.code == ExitCode.FINDINGS
    assert "en.csv:5: error: {{phone:linea}} is missing\n" in done.said
    assert "Nothing was written." in done.err
    as_json = run_here("translate", "import", "-w", red, path, "--json", capture=capsys)
    found = json.loads(as_json.out)
    assert (found["written"], found["segments"][0]["errors"]) == (False, True)
    assert ("translation.row-placeholder", 5) in {
        (one["rule"], one["line"]) for one in found["findings"]
    }


def test_the_ending_of_the_file_says_the_form(red: Path, tmp_path: Path, capsys: Capture) -> None:
    for name, begins in (("x.csv", b"\xef\xbb\xbf"), ("x.po", b"msgid"), ("x.xlsx", b"PK")):
        path = tmp_path / name
        run_here("translate", "export", "-w", red, "--lang", "en", "-o", path, capture=capsys)
        assert path.read_bytes().startswith(begins)
    done = run_here(
        *("translate", "export", "-w", red, "--lang", "en", "--format", "csv"),
        *("-o", tmp_path / "x.txt"),
        capture=capsys,
    )
    assert done.code == 0
    rows = list(csv.reader((tmp_path / "x.txt").read_text("utf-8-sig").splitlines()))
    assert [row[8] for row in rows[1:]] == ["fresh", "stale", "fresh", "fresh"]


def test_an_export_never_lies_over_a_translators_work(
    red: Path, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "en.csv"
    path.write_text("work of a week")
    export = ("translate", "export", "-w", red, "--lang", "en", "-o", path)
    done = run_here(*export, capture=capsys)
    assert done.code == ExitCode.USAGE
    assert "it may be a translator's work" in done.err
    assert path.read_text() == "work of a week"
    assert run_here(*export, "--replace", capture=capsys).code == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("status", "--lang", "eng"), "eng is not a language of this network"),
        (("status", "--segment", "asil"), "there is no segment asil"),
        (("export", "--lang", "es-419"), "is the source language"),
        (("export", "--lang", "en", "--only", "stal"), "there is no state stal"),
    ],
)
def test_what_cannot_be_asked_is_told_with_what_can(
    arguments: tuple[str, ...], says: str, red: Path, capsys: Capture
) -> None:
    done = run_here("translate", *arguments[:1], "-w", red, *arguments[1:], capture=capsys)
    assert done.code == ExitCode.USAGE
    assert says in done.err


def test_errors_elsewhere_in_the_workspace_do_not_hold_up_a_translator(
    tmp_path: Path, capsys: Capture
) -> None:
    root = made(tmp_path / "red", {**STALE, "series/serie.yml": "kind: nothing\n"}).root
    done = run_here("translate", "status", "-w", root, "--lang", "en", capture=capsys)
    assert done.code == 0
    assert "asilo en: stale" in done.out
    assert "This workspace has errors" in done.err
