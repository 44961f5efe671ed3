"""What plays at a station, and how its loop repeats: read whole, or told at its line."""

from pathlib import Path

import pytest

from programme.findings import Severity
from programme.schedules import LoopSettings
from programme.stations import Automation, AutomationSettings, Station
from programme.units import LanguageTag
from tests.scripts.sample_workspace import NETWORK, SERIES, STATION, check, told_badly

RADIO = STATION.replace("delivery: pack", "delivery: folder")
LOUDSPEAKER = STATION.replace("kind: radio", "kind: transit")


def station(tmp_path: Path, text: str) -> Station:
    workspace, findings = check(tmp_path, {"stations/radio.yml": text})
    assert [(one.place, one.problem) for one in findings] == []
    assert workspace is not None
    return workspace.stations["radio"]


@pytest.mark.parametrize(
    ("text", "automation", "settings"),
    [
        ("automation: libretime\n", Automation.LIBRETIME, AutomationSettings()),
        (
            "automation: zararadio\ndrive_path: 'D:\\Altavoz'\n",
            Automation.ZARARADIO,
            AutomationSettings(drive_path="D:\\Altavoz"),
        ),
        (
            "automation: radiodj\ndrive_path: \\\\servidor\\avisos al aire\n",
            Automation.RADIODJ,
            AutomationSettings(drive_path="\\\\servidor\\avisos al aire"),
        ),
        (
            "automation: liquidsoap\ndrive_path: /srv/altavoz\n",
            Automation.LIQUIDSOAP,
            AutomationSettings(drive_path="/srv/altavoz"),
        ),
        (
            "automation: rivendell\ngroup: ALTAVOZ\ncarts: 10000-10999\n",
            Automation.RIVENDELL,
            AutomationSettings(group="ALTAVOZ", first_cart=10000, last_cart=10999),
        ),
        (
            "automation: rivendell\ncarts: 77\n",
            Automation.RIVENDELL,
            AutomationSettings(first_cart=77, last_cart=77),
        ),
    ],
    ids=["libretime", "drive", "share", "from the root", "carts", "one cart"],
)
def test_a_program_is_told_what_it_needs(
    tmp_path: Path, text: str, automation: Automation, settings: AutomationSettings
) -> None:
    found = station(tmp_path, RADIO + text)
    assert (found.automation, found.settings) == (automation, settings)


ZARA = "automation: zararadio\n"
RIVENDELL = "automation: rivendell\n"
WRONG_PROGRAMS = {
    "an unknown program": ("automation: zara\n", 9, "zara is not known here"),
    "no path": (ZARA, 1, "needs whole paths"),
    "a path from the root": (ZARA + "drive_path: /srv\n", 10, "no Windows path"),
    "a path that climbs": (ZARA + "drive_path: 'D:\\..\\x'\n", 10, "no Windows path"),
    "a name that Windows refuses": (ZARA + "drive_path: 'D:\\a:b'\n", 10, "no Windows path"),
    "a name that is a command": (ZARA + "drive_path: 'D:\\a & b'\n", 10, "holds &"),
    "a letter that lists lack": (ZARA + "drive_path: 'D:\\ع'\n", 10, "cannot find it"),
    "a line break from quotes": (ZARA + 'drive_path: "D:\\nuevo"\n', 10, "line break or tab"),
    "a tab from quotes": (ZARA + 'drive_path: "D:\\todo"\n', 10, "line break or tab"),
    "a path from nowhere": ("automation: mpd\ndrive_path: musica\n", 10, "no whole path"),
    "a path that climbs here": ("automation: mpd\ndrive_path: /a/../b\n", 10, "no whole path"),
    "a group elsewhere": ("automation: mpd\ngroup: X\n", 10, "only Rivendell has group"),
    "carts elsewhere": ("carts: 1-2\n", 9, "only Rivendell has carts"),
    "a long group": (RIVENDELL + "group: ALTAVOZ-RED\n", 10, "no group of Rivendell"),
    "a range backwards": (RIVENDELL + "carts: 20-10\n", 10, "no range of carts"),
    "a cart of seven digits": (RIVENDELL + "carts: 1-1000000\n", 10, "no range of carts"),
    "no cart": (RIVENDELL + "carts: 0\n", 10, "no range of carts"),
    "a contact with markup": ('contact: "<b>x</b>"\n', 9, "markup"),
}


@pytest.mark.parametrize("name", WRONG_PROGRAMS)
def test_a_program_that_would_play_nothing_is_told_at_its_line(tmp_path: Path, name: str) -> None:
    more, line, words = WRONG_PROGRAMS[name]
    _, findings = check(tmp_path, {"stations/radio.yml": RADIO + more})
    (found,) = findings
    assert (found.line, found.severity) == (line, Severity.ERROR)
    assert words in found.problem
    assert told_badly(findings) == []


def test_a_path_in_double_quotes_is_told_how_to_be_written(tmp_path: Path) -> None:
    _, (found,) = check(tmp_path, {"stations/radio.yml": f'{RADIO}drive_path: "D:\\Altavoz"\n'})
    assert (found.line, found.rule) == (9, "yaml.syntax")
    assert "single quotes" in found.remedy


def test_a_station_that_takes_the_feed_needs_no_path(tmp_path: Path) -> None:
    text = STATION.replace("delivery: pack", "delivery: feed").replace("broadcast", "podcast")
    assert station(tmp_path, text + ZARA).settings == AutomationSettings()


LOOP = """\
loop:
  form: one
  chime: campana
  repeat: 3
  between_repeats_ms: 1500
  between_languages_ms: 2500
  end_silence_ms: 60000
  longest_s: 90
  locator:
    en: "You are in the bus terminal."
    es-419: "Usted está en la terminal de autobuses."
"""


def test_a_loop_is_read_as_it_is_written(tmp_path: Path) -> None:
    assert station(tmp_path, LOUDSPEAKER + LOOP).loop == LoopSettings(
        chime="campana",
        form="one",
        repeat=3,
        between_repeats_ms=1500,
        between_languages_ms=2500,
        end_silence_ms=60000,
        longest_s=90,
        locator={
            LanguageTag("en"): "You are in the bus terminal.",
            LanguageTag("es-419"): "Usted está en la terminal de autobuses.",
        },
        line=9,
    )


def test_a_language_in_which_nothing_is_said_yet_needs_no_locator(tmp_path: Path) -> None:
    files = {
        "altavoz.toml": NETWORK.replace('"en"]', '"en", "quc"]'),
        "series/serie.yml": SERIES.replace("[es-419, en]", "[es-419, en, quc]"),
        "stations/radio.yml": LOUDSPEAKER.replace("[es-419, en]", "[es-419, en, quc]") + LOOP,
    }
    _, findings = check(tmp_path, files)
    assert [one.rule for one in findings] == ["language.silent"]


def test_a_locator_may_name_a_platform(tmp_path: Path) -> None:
    loop = station(tmp_path, LOUDSPEAKER + LOOP.replace("bus terminal", "terminal 2, gate 14")).loop
    assert loop is not None
    assert loop.locator[LanguageTag("en")] == "You are in the terminal 2, gate 14."


def test_a_loop_needs_no_settings(tmp_path: Path) -> None:
    assert station(tmp_path, LOUDSPEAKER + "loop: {}\n").loop == LoopSettings(line=9)


WRONG_LOOPS = {
    "a radio": (STATION + LOOP, [(9, "a radio plays no loudspeaker loop")]),
    "a feed": (
        LOUDSPEAKER.replace("pack", "feed") + LOOP,
        [(9, "a loop comes in packs, and this is delivered by feed")],
    ),
    "a folder": (
        LOUDSPEAKER.replace("pack", "folder") + LOOP,
        [(9, "a loop comes in packs, and this is delivered by folder")],
    ),
    "no sound": (
        LOUDSPEAKER + LOOP.replace("campana", "campanna"),
        [(11, "there is no sound campanna")],
    ),
    "a language that the station has not": (
        LOUDSPEAKER.replace("[es-419, en]", "[es-419]") + LOOP,
        [(18, "en is no language of this station")],
    ),
    "a language that nobody has": (
        LOUDSPEAKER + LOOP.replace("    en:", "    enn:"),
        [(17, "locator lacks en"), (18, "enn is Engenni")],
    ),
    "a language without": (
        LOUDSPEAKER + LOOP.replace('    en: "You are in the bus terminal."\n', ""),
        [(17, "locator lacks en")],
    ),
    "a telephone number": (
        LOUDSPEAKER + LOOP.replace("bus terminal.", "bus terminal. Call 22 33-44."),
        [(18, "locator: en holds 22 33-44")],
    ),
    "a web address": (
        LOUDSPEAKER + LOOP.replace("bus terminal.", "terminal. See www.example.org"),
        [(18, "locator: en holds www.")],
    ),
    "an endless loop": (
        LOUDSPEAKER + LOOP.replace("longest_s: 90", "longest_s: 900"),
        [(16, "from 20 to 600")],
    ),
    "a form that is none": (
        LOUDSPEAKER + LOOP.replace("form: one", "form: both"),
        [(10, "both is not known here")],
    ),
    "a key that nobody knows": (
        LOUDSPEAKER + LOOP.replace("chime:", "chimes:"),
        [(11, "nobody knows the key chimes")],
    ),
    "a loop that says nothing": (LOUDSPEAKER + "loop:\n", [(9, "loop: says nothing")]),
}


@pytest.mark.parametrize("name", WRONG_LOOPS)
def test_a_loop_that_cannot_be_is_told_at_its_line(tmp_path: Path, name: str) -> None:
    text, expected = WRONG_LOOPS[name]
    _, findings = check(tmp_path, {"stations/radio.yml": text})
    assert len(findings) == len(expected), findings
    for one, (line, words) in zip(findings, expected, strict=True):
        assert one.line == line
        assert words in one.problem
    assert told_badly(findings) == []
