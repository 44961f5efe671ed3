"""How loops open and what they leave out: names, locators, recordings, private places, notices."""

from dataclasses import replace
from pathlib import Path

import pytest

from production.announced import Remark
from production.casting import CastRecording, CastVoice
from production.packs.locators import PLACE, cast_locator, cast_name, opening_segments
from production.selection import ChosenSlot
from programme.network import VoiceChoice
from programme.units import LanguageTag
from tests.production.packs.looping import EN, ES, items, pack, unpacked, write_loops
from tests.production.packs.test_overrides import OWN
from tests.production.running import edit, read, run_here
from tests.production.test_recorded import record

HT, QUC = LanguageTag("ht"), LanguageTag("quc")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_loops(tmp_path_factory.mktemp("openings") / "workspace")


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("es-419", "Español."),
        ("en", "English."),
        ("fr", "Français."),
        ("pt-BR", "Português."),
        ("ar", "العربية."),
    ],
)
def test_a_language_is_named_in_itself(root: Path, tag: str, name: str) -> None:
    workspace = read(root)
    voices = {
        LanguageTag("ar"): VoiceChoice(
            language=LanguageTag("ar"), engine="espeak", accept_draft=True
        )
    }
    network = replace(workspace.network, voices=voices)
    slot = cast_name(replace(workspace, network=network), LanguageTag(tag))
    assert isinstance(slot, ChosenSlot)
    assert slot.script is not None
    assert [sentence.text for sentence in slot.script.sentences] == [name]


def test_who_has_no_voice_is_asked_to_record_the_name(root: Path) -> None:
    found = cast_name(read(root), HT)
    assert isinstance(found, Remark)
    assert "altavoz takes kit --lang ht --segment language-name" in found.remedy


def test_people_record_a_name_and_a_place_as_they_record_notices(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_loops(tmp_path / "workspace")
    station = root / "stations/terminal.yml"
    edit(station, "languages: [en, es-419]", "languages: [en, es-419, ht]")
    with station.open("a", encoding="utf-8") as file:
        file.write('    ht: "Ou nan tèminal otobis la."\n')
    out = tmp_path / "kit"
    names = ["--segment", "language-name", "--segment", "locator-terminal"]
    done = run_here("takes", "kit", "-w", root, "--lang", "ht", *names, "-o", out, capture=capsys)
    assert done.code == 0, done.said
    assert "tèminal" in (out / "prompts.html").read_text("utf-8")
    take = record(tmp_path / "take.wav", "Una frase dicha por alguien.")
    for name in ("language-name", "locator-terminal"):
        done = run_here("takes", "add", "-w", root, name, "ht", take, capture=capsys)
        assert done.code == 0, done.said
    done = run_here("check", "-w", root, capture=capsys)
    assert "language-name" not in done.said
    assert "locator-terminal" not in done.said
    workspace = read(root)
    named = cast_name(workspace, HT)
    placed = cast_locator(workspace, workspace.stations["terminal"], HT)
    for slot in (named, placed):
        assert isinstance(slot, ChosenSlot)
        assert isinstance(slot.speaker, CastRecording)
    assert isinstance(placed, ChosenSlot)
    assert placed.slot.segment == PLACE
    # The words change: the take is of others.
    edit(station, "Ou nan tèminal otobis la.", "Ou nan estasyon otobis la.")
    workspace = read(root)
    stale = cast_locator(workspace, workspace.stations["terminal"], HT)
    assert isinstance(stale, Remark)
    assert "other words" in stale.problem


def test_where_a_private_station_is_no_online_voice_is_told(root: Path) -> None:
    workspace = read(root)
    station = workspace.stations["terminal"]
    assert not station.publish_identity
    assert opening_segments(station)[PLACE].sensitivity == "protected"
    public = replace(station, publish_identity=True)
    assert opening_segments(public)[PLACE].sensitivity == "normal"
    slot = cast_locator(workspace, station, ES)
    assert isinstance(slot, ChosenSlot)
    assert isinstance(slot.speaker, CastVoice)


def test_a_place_that_cannot_be_said_is_told_and_the_rest_stands(root: Path) -> None:
    workspace = read(root)
    station = workspace.stations["terminal"]
    assert station.loop is not None
    odd = replace(station, loop=replace(station.loop, locator={EN: "You are in hall 1234567890."}))
    found = cast_locator(workspace, odd, EN)
    assert isinstance(found, Remark)
    assert station.file in found.remedy
    assert cast_locator(workspace, odd, ES) is None


def test_words_that_say_the_language_and_the_day_themselves_do_not_hear_them_again(
    tmp_path: Path,
) -> None:
    root = write_loops(tmp_path / "workspace")
    spanish = ("Llame al", "Español.\nVale hasta el {{date:2027-01-15}}.\nLlame al")
    edit(root / "scripts/ayuda/es-419.md", *spanish)
    edit(root / "scripts/ayuda/en.from", *spanish)
    english = "English.\nValid until {{date:2027-01-15}}.\nCall"
    edit(root / "scripts/ayuda/en.md", "Call", english)
    packs = pack(root, "terminal", "plaza").packs
    texts = {}
    for name, one in packs.items():
        texts[name] = (unpacked(one, tmp_path / name) / "data/script_en.txt").read_text("utf-8")
    # Once for each time that the message is said; where the place comes first, before that too.
    assert texts["plaza"].count("English.") == 2
    assert texts["terminal"].count("English.") == 3
    # The day stands too early in it to be its end: what follows is a telephone number twice.
    assert texts["plaza"].count("Valid until January 15, 2027.") == 3
    edit(root / "scripts/ayuda/en.md", "\nAgain: {{phone:cr-911}}.", "")
    edit(root / "scripts/ayuda/en.from", "\nRepito: {{phone:cr-911}}.", "")
    edit(root / "scripts/ayuda/es-419.md", "\nRepito: {{phone:cr-911}}.", "")
    (plaza,) = pack(root, "plaza").packs.values()
    ended = unpacked(plaza, tmp_path / "ended")
    text = (ended / "data/script_en.txt").read_text("utf-8")
    assert text.count("Valid until January 15, 2027.") == 2


def test_what_earlier_packs_said_wrongly_is_told_in_files_of_their_own(
    tmp_path: Path,
) -> None:
    root = write_loops(tmp_path / "workspace")
    pack(root, "terminal", "plaza")
    edit(root / "facts/cr-911.yml", 'groups: ["9", "1", "1"]', 'groups: ["9", "1", "2"]')
    packs = pack(root, "terminal", "plaza").packs
    paths = {
        name: [one["path"] for one in items(unpacked(one, tmp_path / name))]
        for name, one in packs.items()
    }
    assert paths == {
        "terminal": [
            "01_LOOP/001_help.mp3",
            "02_EN/000_notice_en_01.mp3",
            "03_ES/000_notice_es_02.mp3",
        ],
        "plaza": [
            "01_EN/000_notice_en_01.mp3",
            "01_EN/001_help.mp3",
            "02_ES/000_notice_es_02.mp3",
            "02_ES/001_ayuda.mp3",
        ],
    }
    assert all(len(one.recalls) == 2 for one in packs.values())
    # The loop's messages are known: it is no new file, it says something else.
    page = (tmp_path / "terminal/index.html").read_text("utf-8")
    assert '"fresh":"changed"' in page
    assert '"fresh":"new"' not in page


def test_a_station_with_a_number_of_its_own_says_it_in_its_loops_and_nobody_else_does(
    tmp_path: Path,
) -> None:
    root = write_loops(tmp_path / "workspace")
    with (root / "stations/terminal.yml").open("a", encoding="utf-8") as file:
        file.write(OWN)
    packs = pack(root, "terminal", "plaza").packs
    texts = {
        name: (unpacked(one, tmp_path / name) / "data/script_en.txt").read_text("utf-8")
        for name, one in packs.items()
    }
    assert texts["terminal"].count("Call 7\xa07\xa00\xa00.") == 2
    assert "9\xa01\xa01" not in texts["terminal"]
    assert texts["plaza"].count("Call 9\xa01\xa01.") == 2
