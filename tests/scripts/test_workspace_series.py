"""Series, their episodes, stations and sounds: each fault found once at its line."""

from pathlib import Path

import pytest

from programme.findings import Severity
from programme.sound import Cues
from programme.units import DurationMs
from programme.words import TranslationState
from scripts.workspace import read_workspace
from tests.scripts.sample_workspace import (
    EPISODE,
    NETWORK,
    SERIES,
    STATION,
    TODAY,
    Fault,
    check,
    places,
    told_badly,
    write_workspace,
)

FAULTS: dict[str, Fault] = {
    "series without an English title": (
        {"series/serie.yml": SERIES.replace(', en: "The way"', "")},
        [("series/serie.yml:2", "language.lacking")],
    ),
    "unknown profile": (
        {"series/serie.yml": SERIES.replace("podcast", "podcasts")},
        [("series/serie.yml:5", "yaml.not-choice")],
    ),
    **{
        f"series called {name}": (
            {
                "series/serie.yml": None,
                f"series/{name}.yml": SERIES,
                "episodes/uno.yml": EPISODE.replace("series: serie", f"series: {name}"),
                "stations/radio.yml": STATION.replace("[serie]", f"[{name}]"),
            },
            [(f"series/{name}.yml", "series.address")],
        )
        for name in ("all", "topic", "station", "m", "publisher", "index", "feeds", "es-419", "ht")
    },
    "a title with HTML": (
        {"series/serie.yml": SERIES.replace("The way", "The <b>way</b>")},
        [("series/serie.yml:2", "text.markup")],
    ),
    "a title with a character reference": (
        {"episodes/uno.yml": EPISODE.replace("One", "One &lt;b")},
        [("episodes/uno.yml:4", "text.markup")],
    ),
    "a title with the end of CDATA": (
        {"series/serie.yml": SERIES.replace("The way", "The ]]> way")},
        [("series/serie.yml:2", "text.markup")],
    ),
    "a title with a tab": (
        {"series/serie.yml": SERIES.replace("The way", "The\\tway")},
        [("series/serie.yml:2", "yaml.one-line")],
    ),
    "a title of 256 letters": (
        {"series/serie.yml": SERIES.replace("The way", "w" * 256)},
        [("series/serie.yml:2", "text.long")],
    ),
    "a description of 5,000 bytes in Amharic": (
        {"series/serie.yml": SERIES.replace("Information.", "ውኃ " * 714)},
        [("series/serie.yml:3", "text.long")],
    ),
    "a category that no directory has": (
        {"series/serie.yml": SERIES.replace('["Government"]', "[Governments]")},
        [("series/serie.yml:6", "feed.category")],
    ),
    "a subcategory of another category": (
        {"series/serie.yml": SERIES.replace('["Government"]', "[News, Courses]")},
        [("series/serie.yml:6", "feed.category")],
    ),
    "three categories": (
        {"series/serie.yml": SERIES.replace('["Government"]', "[News, Daily News, Politics]")},
        [("series/serie.yml:6", "feed.category")],
    ),
    "a title of letters that show nothing": (
        {"series/serie.yml": SERIES.replace('en: "The way"', 'en: "\u3164\u115f"')},
        [("series/serie.yml:2", "text.hidden")] * 2,
    ),
    "a title with what is no character": (
        {"series/serie.yml": SERIES.replace("The way", "The way \\U0001ffff")},
        [("series/serie.yml:2", "text.control")],
    ),
    "bounds the wrong way round": (
        {"series/serie.yml": SERIES.replace("min_s: 10", "min_s: 1000")},
        [("series/serie.yml:7", "series.bounds")],
    ),
    "length in words": (
        {"series/serie.yml": SERIES.replace("min_s: 10", "min_s: ten")},
        [("series/serie.yml:7", "yaml.not-number")],
    ),
    "artwork that climbs": (
        {"series/serie.yml": SERIES + "artwork: ../../etc/passwd.png\n"},
        [("series/serie.yml:9", "file.escape")],
    ),
    "artwork that is missing": (
        {"series/serie.yml": SERIES + "artwork: artwork/a.png\n"},
        [("series/serie.yml:9", "series.artwork")],
    ),
    "unknown series": (
        {"episodes/uno.yml": EPISODE.replace("series: serie", "series: seri")},
        [("episodes/uno.yml:1", "episode.series")],
    ),
    "unknown segment": (
        {"episodes/uno.yml": EPISODE.replace("segment: asilo\n    req", "segment: asil\n    req")},
        [("episodes/uno.yml:8", "episode.segment")],
    ),
    "id that climbs": (
        {"episodes/uno.yml": EPISODE.replace("sound: campana", "sound: ../../campana")},
        [("episodes/uno.yml:7", "yaml.not-id")],
    ),
    "unknown sound": (
        {"episodes/uno.yml": EPISODE.replace("sound: campana", "sound: campanas")},
        [("episodes/uno.yml:7", "episode.sound")],
    ),
    "unknown bed": (
        {"episodes/uno.yml": EPISODE.replace("bed: cama", "bed: came")},
        [("episodes/uno.yml:5", "episode.sound")],
    ),
    "empty slot": (
        {"episodes/uno.yml": EPISODE + "  - required: yes\n"},
        [("episodes/uno.yml:12", "episode.slot")],
    ),
    "bed under a sound": (
        {"episodes/uno.yml": EPISODE + "  - sound: campana\n    bed: cama\n"},
        [("episodes/uno.yml:13", "episode.slot")],
    ),
    "slot id twice": (
        {"episodes/uno.yml": EPISODE + "  - segment: asilo\n    id: campana\n"},
        [("episodes/uno.yml:13", "id.duplicate")],
    ),
    "number zero": (
        {"episodes/uno.yml": EPISODE.replace("number: 1", "number: 0")},
        [("episodes/uno.yml:2", "yaml.not-number")],
    ),
    "same number twice": (
        {"episodes/zwei.yml": EPISODE},
        [
            ("episodes/zwei.yml:2", "episode.number"),
            ("episodes/zwei.yml:4", "episode.title-twice"),
        ],
    ),
    "same title on the same day": (
        {
            "episodes/zwei.yml": EPISODE.replace("number: 1", "number: 2").replace(
                'en: "One"', 'en: " ONE"'
            )
        },
        [("episodes/zwei.yml:4", "episode.title-twice")],
    ),
    "episode without an English title": (
        {"episodes/uno.yml": EPISODE.replace(', en: "One"', "")},
        [("episodes/uno.yml:4", "language.lacking")],
    ),
    "episode with a bad name": (
        {"episodes/Dos.yml": EPISODE.replace("number: 1", "number: 2")},
        [("episodes/Dos.yml", "file.name")],
    ),
    "station of an unknown series": (
        {"stations/radio.yml": STATION.replace("[serie]", "[series]")},
        [("stations/radio.yml:4", "station.series")],
    ),
    "station in a wrong language": (
        {"stations/radio.yml": STATION.replace("[es-419, en]", "[es, en]")},
        [("stations/radio.yml:3", "language.other-form")],
    ),
    "maybe": (
        {"stations/radio.yml": STATION.replace("publish_identity: no", "publish_identity: maybe")},
        [("stations/radio.yml:7", "yaml.not-flag")],
    ),
    # sounds and names
    "sound with a bad name": (
        {"sounds/Campana 2.wav": "RIFF"},
        [("sounds/Campana 2.wav", "sound.name")],
    ),
    "two sounds of one name": (
        {"sounds/cama.mp3": "x"},
        [("sounds/cama.wav", "sound.name")],
    ),
    "marks without a sound": (
        {"sounds/camma.yml": "intro_ms: 2000\n"},
        [("sounds/camma.yml", "sound.cues")],
    ),
    "marks that are no numbers": (
        {"sounds/cama.yml": "intro_ms: 2,5\noutro_ms: -3\noutr: 1\n"},
        [
            ("sounds/cama.yml:1", "yaml.not-number"),
            ("sounds/cama.yml:2", "yaml.not-number"),
            ("sounds/cama.yml:3", "yaml.unknown-key"),
        ],
    ),
    "marks longer than any bed": (
        {"sounds/cama.yml": "intro_ms: 100000\noutro_ms: 90000\n"},
        [("sounds/cama.yml:1", "sound.cues")],
    ),
    "names that differ in case": (
        {"sounds/readme.txt": "x", "sounds/README.txt": "y"},
        [("sounds/readme.txt", "file.case-clash")],
    ),
}


def test_marks_of_a_sound_are_read_by_its_name(tmp_path: Path) -> None:
    marks = {"sounds/cama.yml": "intro_ms: 4200\noutro_ms: 3500\n"}
    workspace, _ = read_workspace(write_workspace(tmp_path / "ws", marks), today=TODAY)
    assert workspace is not None
    assert workspace.cues == {
        "cama": Cues(intro_ms=DurationMs(4200), outro_ms=DurationMs(3500)),
    }
    assert "cama" in workspace.sounds


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_once_at_its_line(tmp_path: Path, name: str) -> None:
    changes, expected = FAULTS[name]
    _, findings = check(tmp_path, changes)
    assert places(findings) == expected
    assert told_badly(findings) == []


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("unknown segment", "did you mean asilo?"),
        ("unknown sound", "did you mean campana?"),
        ("unknown series", "did you mean serie?"),
        ("unknown profile", "did you mean podcast?"),
    ],
)
def test_the_remedy_names_what_was_meant(tmp_path: Path, name: str, remedy: str) -> None:
    _, findings = check(tmp_path, FAULTS[name][0])
    assert any(finding.remedy.startswith(remedy) for finding in findings)


def test_a_language_with_nothing_in_it_needs_no_title_yet(tmp_path: Path) -> None:
    changes = {
        "altavoz.toml": NETWORK.replace('"en"]', '"en", "quc"]'),
        "series/serie.yml": SERIES.replace("[es-419, en]", "[es-419, en, quc]"),
    }
    workspace, findings = check(tmp_path, changes)
    assert [(f.place, f.rule, f.severity) for f in findings] == [
        ("series/serie.yml:4", "language.silent", Severity.INFO)
    ]
    assert workspace is not None
    assert workspace.translations["asilo", "quc"].state is TranslationState.MISSING  # type: ignore[index]


def test_a_language_with_a_text_needs_a_title(tmp_path: Path) -> None:
    changes = {
        "altavoz.toml": NETWORK.replace('"en"]', '"en", "quc"]'),
        "series/serie.yml": SERIES.replace("[es-419, en]", "[es-419, en, quc]"),
        "recordings/asilo/quc/001.wav": "RIFF",
        "scripts/asilo/quc.md": "# Asilo\n\nUtz.\n",
    }
    _, findings = check(tmp_path, changes)
    lacking = [f.place for f in findings if f.rule == "language.lacking"]
    assert lacking == ["episodes/uno.yml:4", "series/serie.yml:2", "series/serie.yml:3"]
