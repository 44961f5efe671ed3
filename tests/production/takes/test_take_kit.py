"""A recording kit asks for what is lacking, says how it is said, and gives the same bytes."""

import csv
import io
import json
import re
import string
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from production.page_text import page_part, policy_hash
from production.takes.kit import make_take_kit
from production.takes.kit_choice import Wanted
from production.takes.kit_folder import kit_files
from production.takes.kit_pages import PROGRAM, render_recorder, render_sheet, render_table
from production.takes.kit_words import KIT, REVIEW, languages_of_words, page_words
from programme.errors import ExitCode
from programme.units import LanguageTag
from scripts.take_kit_file import parse_kit, render_kit
from tests.production.running import TODAY, edit, read, run_here, run_process
from tests.production.takes.kits import AR, ES, HOSTILE, HT, QUC, kit_of, stems, to_record

Capture = pytest.CaptureFixture[str]


class Attributes(HTMLParser):
    """The names of all attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.names |= {name for name, _ in attrs}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return to_record(tmp_path / "workspace")


def test_a_kit_asks_for_every_sentence_in_the_order_in_which_it_airs(root: Path) -> None:
    kit = kit_of(root, HT)
    assert stems(kit) == [
        "aviso_ht_001",
        "aviso_ht_002",
        "agua_ht_001",
        "agua_ht_002",
        "ayuda_ht_001",
        "ayuda_ht_002",
    ]
    assert [prompt.number for prompt in kit.prompts] == [1, 2, 3, 4, 5, 6]
    assert kit.minutes == 1


def test_numbers_stand_beside_the_text_as_they_are_said(root: Path) -> None:
    lines = {p.name.stem: p.lines[0] for p in kit_of(root, ES).prompts}
    said = lines["ayuda_es-419_001"]
    assert (said.text, said.spoken) == ("Llame al 9 1 1.", "Llame al nueve, uno, uno.")
    plain = lines["agua_es-419_002"]
    assert (plain.text, plain.spoken) == ("Beba poco a poco.", "")
    (note,) = lines["agua_es-419_001"].notes
    assert (note.written, note.ipa) == ("agua", "ˈaɣwa")


def test_a_language_that_nobody_writes_gets_the_source_to_be_said_in_it(root: Path) -> None:
    kit = kit_of(root, QUC)
    assert {part.read_from for part in kit.parts} == {ES}
    assert kit.prompts[2].lines[0].text == "Lleve agua con usted."
    sheet = render_sheet(kit).decode()
    page = render_recorder(kit).decode()
    notice = "No hay texto escrito en k&#39;iche&#39;. Lea la oración en español y dígala"
    assert notice in sheet
    assert notice in page
    written = kit_of(root, ES)
    assert "No hay texto escrito" not in render_sheet(written).decode()


def test_kit_json_says_which_words_were_handed_over_and_changes_with_a_fact(root: Path) -> None:
    kit = kit_of(root, AR)
    data = render_kit(kit.kit)
    assert parse_kit(data, where="kit.json") == kit.kit
    before = {p.name.stem: p.text for p in kit.kit.prompts}
    edit(root / "facts/cr-911.yml", '["9", "1", "1"]', '["9", "1", "2"]')
    after = {p.name.stem: p.text for p in kit_of(root, AR).kit.prompts}
    assert {stem for stem in before if before[stem] != after[stem]} == {
        "ayuda_ar_001",
        "ayuda_ar_002",
    }


def test_what_may_not_be_spoken_is_not_asked_for_and_the_reason_is_said(
    root: Path, capsys: Capture
) -> None:
    edit(root / "scripts/agua/es-419.md", "poco a poco", "muy poco a poco")
    kit = make_take_kit(read(root), LanguageTag("en"), today=TODAY)
    assert [(one.segment, one.why) for one in kit.skipped] == [
        ("agua", "its text does not match the source, or nobody has confirmed it")
    ]
    edit(root / "facts/cr-911.yml", 'expires: "2027-01-31"', 'expires: "2026-11-21"')
    edit(root / "facts/cr-911.yml", 'review_by: "2026-12-22"', 'review_by: "2026-11-20"')
    edit(root / "facts/cr-911.yml", "2026-11-22", "2026-11-19")
    kit = make_take_kit(read(root), HT, today=TODAY)
    assert [(one.segment, one.why) for one in kit.skipped] == [
        ("ayuda", "the fact cr-911 expired on 2026-11-21")
    ]
    assert not [stem for stem in stems(kit) if stem.startswith("ayuda")]
    done = run_here("takes", "kit", "-w", root, "--lang", "ht", "--dry-run", capture=capsys)
    assert "left out: ayuda: the fact cr-911 expired on 2026-11-21" in done.err


def test_a_whole_segment_is_one_prompt_with_all_its_sentences(root: Path) -> None:
    kit = kit_of(root, HT, whole=True)
    assert stems(kit) == ["aviso_ht_all", "agua_ht_all", "ayuda_ht_all"]
    assert [line.text for line in kit.prompts[1].lines] == [
        "Lleve agua con usted.",
        "Beba poco a poco.",
    ]
    # kit.json notes every sentence that a whole take speaks
    assert len(kit.kit.prompts) == 6


def test_segments_can_be_named_and_come_in_that_order(root: Path) -> None:
    kit = make_take_kit(read(root), HT, segments=["ayuda", "agua"], today=TODAY)
    assert [part.segment for part in kit.parts] == ["ayuda", "agua"]


def test_the_same_kit_is_the_same_bytes_in_any_process(root: Path, tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        place = tmp_path / f"kit-{seed}.zip"
        done = run_process(
            *("takes", "kit", "-w", root, "--lang", "ar", "--zip", "--out", place),
            cwd=tmp_path,
            env={"PYTHONHASHSEED": seed, "TZ": ("Asia/Kolkata", "America/Lima")[seed == "2"]},
        )
        assert done.code == ExitCode.OK, done.said
        made.append(place.read_bytes())
    assert made[0] == made[1]


def test_the_command_writes_a_folder_and_never_over_something_else(
    root: Path, tmp_path: Path, capsys: Capture
) -> None:
    place = tmp_path / "kit"
    command = ("takes", "kit", "-w", root, "--lang", "quc", "--out", place)
    done = run_here(*command, "--dry-run", capture=capsys)
    assert (done.code, place.exists()) == (ExitCode.OK, False)
    done = run_here(*command, "--json", capture=capsys)
    told = json.loads(done.out)
    assert told["prompts"] == stems(kit_of(root, QUC))
    assert {path.name: path.read_bytes() for path in place.iterdir()} == kit_files(
        kit_of(root, QUC)
    )
    again = run_here(*command, capture=capsys)
    assert again.code == ExitCode.USAGE
    assert "--replace" in again.err
    assert run_here(*command, "--replace", capture=capsys).code == ExitCode.OK
    (place / "kit.json").unlink()
    (place / "diary.txt").write_text("mine", encoding="utf-8")
    assert run_here(*command, "--replace", capture=capsys).code == ExitCode.USAGE
    assert (place / "diary.txt").read_text(encoding="utf-8") == "mine"


def test_replace_writes_over_the_zip_of_a_kit_and_over_no_other(
    root: Path, tmp_path: Path, capsys: Capture
) -> None:
    place = tmp_path / "kit.zip"
    command = ("takes", "kit", "-w", root, "--lang", "ht", "--zip", "--out", place, "--replace")
    place.write_bytes(b"PK\x03\x04 and no more")
    assert run_here(*command, capture=capsys).code == ExitCode.USAGE
    with zipfile.ZipFile(place, "w") as other:
        other.writestr("photos.txt", "mine")
    assert run_here(*command, capture=capsys).code == ExitCode.USAGE
    place.unlink()
    for _ in range(2):
        assert run_here(*command, capture=capsys).code == ExitCode.OK
    assert zipfile.ZipFile(place).namelist()[0] == "record.html"


def test_a_disk_that_refuses_is_told_and_leaves_nothing(
    root: Path, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    place = tmp_path / "file" / "kit"
    done = run_here("takes", "kit", "-w", root, "--lang", "ht", "--out", place, capture=capsys)
    assert done.code == ExitCode.STORAGE
    assert [path.name for path in tmp_path.iterdir() if path.name != "workspace"] == ["file"]


@pytest.mark.parametrize("name", [*PROGRAM, "review_page.js"])
def test_the_pages_programs_use_what_browsers_of_2018_know(name: str) -> None:
    # ES2017: Chrome 58 and Firefox 52 of 2017, Safari 11; what came later would stop the page
    code = re.sub(r"//.*|/\*.*?\*/|`[^`]*`|\"[^\"]*\"", "", page_part(name))
    for later in (r"\?\.\D", r"\?\?", r"\{\s*\.\.\.", r",\s*\.\.\.\w+\s*\}", r"catch\s*\{"):
        assert not re.search(later, code), later
    for later in (
        r"\bimport\b",
        r"\bfinally\b",
        r"\.flat\(",
        r"\.at\(",
        r"replaceAll",
        r"matchAll",
    ):
        assert not re.search(later, code), later
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b", code)
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource", code)


def test_an_unknown_language_or_segment_is_named_with_what_there_is(
    root: Path, capsys: Capture
) -> None:
    for wrong, remedy in (
        (("--lang", "que"), "quc"),
        (("--lang", "ht", "--segment", "agau"), "agua"),
    ):
        done = run_here("takes", "kit", "-w", root, *wrong, capture=capsys)
        assert done.code == ExitCode.USAGE
        assert remedy in done.err


def test_only_stale_asks_for_nothing_where_nothing_was_recorded(root: Path) -> None:
    kit = make_take_kit(read(root), HT, wanted=Wanted.STALE, today=TODAY)
    assert not kit.prompts


def test_the_table_is_read_by_a_spreadsheet_and_runs_nothing(root: Path) -> None:
    data = render_table(kit_of(root, ES))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0][:3] == ["N.º", "Nombre del archivo", "Mensaje"]
    assert rows[5][1] == "ayuda_es-419_001"
    assert rows[5][4] == "Llame al nueve, uno, uno."
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r")]


def test_words_from_a_stranger_stay_words(root: Path) -> None:
    for page in (render_sheet(kit_of(root, ES)), render_recorder(kit_of(root, ES))):
        text = page.decode()
        assert HOSTILE not in text
        assert "onerror=alert(2)&gt;{{ 7*7 }}" in text
        assert text.count("<script") == text.count("</script>") <= 2
        assert "<img" not in text


@pytest.mark.parametrize("tag", [ES, AR, HT, QUC])
def test_a_page_may_run_its_own_program_and_nothing_else(root: Path, tag: LanguageTag) -> None:
    for page in (render_sheet(kit_of(root, tag)), render_recorder(kit_of(root, tag))):
        text = page.decode()
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
        assert policy
        rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
        assert rules["default-src"] == "'none'"
        style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
        assert style
        assert rules["style-src"] == f"'{policy_hash(style[1])}'"
        program = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
        if program:
            assert rules["script-src"] == f"'{policy_hash(program[1])}'"
            assert rules["connect-src"] == "'none'"
        else:
            assert "script-src" not in rules
        attributes = Attributes(text).names
        assert not [name for name in attributes if name.startswith("on")]
        assert not {"style", "src", "srcset", "href", "srcdoc", "background"} & attributes


@pytest.mark.parametrize("file", [KIT, REVIEW])
def test_the_words_of_every_language_say_the_same_things(file: str) -> None:
    assert set(languages_of_words(file)) == {"es", "en", "fr", "pt", "ar", "ht"}

    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    (model,) = page_words(file, LanguageTag("en"), LanguageTag("en"))
    for tag in languages_of_words(file):
        (words,) = page_words(file, LanguageTag(tag), LanguageTag(tag))
        assert words.table.keys() == model.table.keys(), tag
        # in a template, x.clear is what a dict can do, and not what it holds
        assert words.table.keys().isdisjoint(dir(dict)), tag
        for key in model.table.keys() - model.plain().keys():
            assert len(words.several(key)) == len(model.several(key)), (tag, key)
        for key, text in words.plain().items():
            assert text.strip() == text != "", (tag, key)
            assert fields(text) == fields(str(model.table[key]))


def test_nothing_is_invented_for_a_language_without_words() -> None:
    def of(reader: str, producer: str) -> list[str]:
        return [w.language for w in page_words(KIT, LanguageTag(reader), LanguageTag(producer))]

    assert of("quc", "es-419") == ["es"]
    assert of("ar", "es-419") == ["ar", "es"]
    assert of("es-419", "es") == ["es"]
    assert of("ht", "fr") == ["ht", "fr"]
    assert of("quc", "mam") == ["en"]
