"""A workspace read whole: each deliberate fault is found once, at its line, and nothing is lost."""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from programme.errors import ExitCode, ProductionError
from programme.facts import PhoneType
from programme.findings import Finding, Severity
from programme.words import TranslationState
from scripts.workspace import Workspace, read_workspace
from tests.scripts.sample_workspace import (
    CONTACT,
    EN,
    EPISODE,
    ES,
    FACT,
    FILES,
    NETWORK,
    SEGMENT,
    SERIES,
    STATION,
    TODAY,
    write_workspace,
)

Changes = Mapping[str, str | bytes | None]


def check(root: Path, changes: Changes | None = None) -> tuple[Workspace | None, list[Finding]]:
    workspace, findings = read_workspace(write_workspace(root, changes), today=TODAY)
    return workspace, list(findings)


def places(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.place, finding.rule) for finding in findings]


def test_a_workspace_without_fault_has_no_finding(tmp_path: Path) -> None:
    workspace, findings = check(tmp_path)
    assert places(findings) == []
    assert workspace is not None
    assert workspace.network.languages == ("es-419", "en")
    assert list(workspace.segments) == ["asilo"]
    assert {key: t.state for key, t in workspace.translations.items()} == {
        ("asilo", "es-419"): TranslationState.SOURCE,
        ("asilo", "en"): TranslationState.FRESH,
    }
    phone = workspace.factbook.contacts["linea"].phones[0]
    assert (phone.groups, phone.number) == (("800", "55", "33", "000"), "+528005533000")
    assert phone.type is PhoneType.VOICE
    assert workspace.stations["radio"].publish_identity is False
    assert workspace.sounds["cama"].name == "cama.wav"
    first, second, third = workspace.episodes[0].slots
    assert (first.id, first.sound, first.bed) == ("campana", "campana", "")
    assert (second.id, second.bed, second.required, second.line) == ("asilo", "cama", True, 8)
    assert (third.id, third.bed, third.required, third.line) == ("asilo-2", "", False, 10)


FAULTS: dict[str, tuple[Changes, list[tuple[str, str]]]] = {
    # altavoz.toml
    "toml syntax": (
        {"altavoz.toml": NETWORK.replace('name = "Red"', "name = Red")},
        [("altavoz.toml:3", "toml.syntax")],
    ),
    "unknown key in toml": (
        {"altavoz.toml": NETWORK.replace("licence_url", "license_url")},
        [("altavoz.toml:10", "toml.unknown-key")],
    ),
    "number in toml": (
        {"altavoz.toml": NETWORK.replace('"Red"', "7")},
        [("altavoz.toml:3", "toml.not-text")],
    ),
    "plain http": (
        {"altavoz.toml": NETWORK.replace('base_url = "https', 'base_url = "http')},
        [("altavoz.toml:5", "network.base-url")],
    ),
    "no final slash": (
        {"altavoz.toml": NETWORK.replace('org/"\nwebsite', 'org"\nwebsite')},
        [("altavoz.toml:5", "network.base-url")],
    ),
    "address with a query": (
        {"altavoz.toml": NETWORK.replace('org/"\nwebsite', 'org/?a=/"\nwebsite')},
        [("altavoz.toml:5", "network.base-url")],
    ),
    "no mailbox": (
        {"altavoz.toml": NETWORK.replace("radio@", "radio at ")},
        [("altavoz.toml:4", "toml.not-form")],
    ),
    "source not among the languages": (
        {"altavoz.toml": NETWORK.replace('source_language = "es-419"', 'source_language = "fr"')},
        [("altavoz.toml:7", "network.source-language")],
    ),
    "malformed language": (
        {"altavoz.toml": NETWORK.replace('"en"]', '"en", "kiche"]')},
        [("altavoz.toml:8", "language.malformed")],
    ),
    "unknown language": (
        {"altavoz.toml": NETWORK.replace('"en"]', '"en", "xqq"]')},
        [("altavoz.toml:8", "language.unknown")],
    ),
    "language in another case": (
        {"altavoz.toml": NETWORK.replace('"en"]', '"en", "PT-br"]')},
        [("altavoz.toml:8", "language.case")],
    ),
    "a tag of Vanuatu for Mixe": (
        {"altavoz.toml": NETWORK.replace('"en"]', '"en",\n  "mxe"\n]')},
        [("altavoz.toml:9", "language.look-again")],
    ),
    "voice of no language here": (
        {"altavoz.toml": NETWORK.replace("[voices.en]", "[voices.es]")},
        [("altavoz.toml:12", "language.other-form")],
    ),
    "unknown engine": (
        {"altavoz.toml": NETWORK.replace('"espeak"', '"espaek"')},
        [("altavoz.toml:13", "toml.not-choice")],
    ),
    "secret in the workspace": (
        {"altavoz.toml": NETWORK + 'secret_access_key = "abc"\n'},
        [("altavoz.toml:20", "network.secret")],
    ),
    "publishing into the scripts": (
        {"altavoz.toml": NETWORK.replace('path = "public"', 'path = "scripts/x"')},
        [("altavoz.toml:18", "network.target-path")],
    ),
    "credentials over plain http": (
        {
            "altavoz.toml": NETWORK
            + '[targets.s]\nkind = "s3"\nbucket = "abc"\nendpoint_url = "http://s3.example.org"\n'
        },
        [("altavoz.toml:23", "network.endpoint")],
    ),
    "endpoint inside the machine": (
        {
            "altavoz.toml": NETWORK
            + '[targets.s]\nkind = "s3"\nbucket = "abc"\nendpoint_url = "https://169.254.1.1/"\n'
        },
        [("altavoz.toml:23", "network.endpoint")],
    ),
    "no network table": (
        {"altavoz.toml": '[other]\na = "b"\n'},
        [("altavoz.toml", "toml.missing-key"), ("altavoz.toml:1", "toml.unknown-key")],
    ),
    "no altavoz.toml": ({"altavoz.toml": None}, [("altavoz.toml", "network.missing")]),
    # segments
    "unknown key": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("expires:", "expire:")},
        [
            ("scripts/asilo/segment.yml:1", "segment.expires"),
            ("scripts/asilo/segment.yml:12", "yaml.unknown-key"),
        ],
    ),
    "unknown kind": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("procedure", "procedur")},
        [("scripts/asilo/segment.yml:1", "yaml.not-choice")],
    ),
    "procedure without an action": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("Llame a la línea.", "")},
        [("scripts/asilo/segment.yml:3", "segment.call-to-action")],
    ),
    "awareness without a source": (
        {
            "scripts/asilo/segment.yml": SEGMENT.replace("procedure", "awareness").replace(
                "sources:\n  - {title", "topics2:\n  - {title"
            ),
            "scripts/asilo/es-419.md": "# Refugio\n\nPida refugio sin pagar.\n",
            "scripts/asilo/en.md": None,
        },
        [
            ("scripts/asilo/segment.yml", "segment.sources"),
            ("scripts/asilo/segment.yml:9", "yaml.unknown-key"),
            ("series/serie.yml:4", "language.silent"),
        ],
    ),
    "impossible date": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("2027-01-31", "2027-02-30")},
        [("scripts/asilo/segment.yml:12", "yaml.not-date")],
    ),
    "unknown stage": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("[transit]", "[transito]")},
        [("scripts/asilo/segment.yml:5", "yaml.not-choice")],
    ),
    "unusual audience": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("[refugees]", "[refugee]")},
        [("scripts/asilo/segment.yml:6", "segment.audience")],
    ),
    "country in small letters": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("[MX]", "[mx]")},
        [("scripts/asilo/segment.yml:7", "yaml.not-country")],
    ),
    "source without a title": (
        {"scripts/asilo/segment.yml": SEGMENT.replace('title: "Ley sobre Refugiados", ', "")},
        [("scripts/asilo/segment.yml:10", "yaml.missing-key")],
    ),
    "script address as source": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("https://example.org/ley", "javascript:1")},
        [("scripts/asilo/segment.yml:10", "yaml.not-url")],
    ),
    "expired segment": (
        {
            "scripts/asilo/segment.yml": SEGMENT.replace("2027-01-31", "2026-11-21").replace(
                "2026-12-20", "2026-11-20"
            )
        },
        [("scripts/asilo/segment.yml:12", "expired")],
    ),
    "review due today": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("2026-12-20", "2026-11-22")},
        [("scripts/asilo/segment.yml:11", "review-due")],
    ),
    "review after the end": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("2026-12-20", "2027-02-01")},
        [("scripts/asilo/segment.yml:11", "shelf.review-late")],
    ),
    "testimony without consent": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("procedure", "testimony")},
        [("scripts/asilo/segment.yml:1", "segment.consent")],
    ),
    "consent that is not there": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("procedure", "testimony") + "consent: c-7\n"},
        [("scripts/asilo/segment.yml:13", "segment.consent")],
    ),
    "no segment.yml": (
        {"scripts/asilo/segment.yml": None},
        [("scripts/asilo/segment.yml", "segment.missing")],
    ),
    "segment that climbs": (
        {"scripts/..asilo/segment.yml": SEGMENT},
        [],  # a name with a dot first is hidden, and is not read
    ),
    "segment with a bad name": (
        {"scripts/Mi Asilo/segment.yml": SEGMENT},
        [("scripts/Mi Asilo", "segment.name")],
    ),
    "segment named for a device": (
        {"scripts/nul/segment.yml": SEGMENT},
        [("scripts/nul", "segment.name")],
    ),
    "text in a wrong language": (
        {"scripts/asilo/es.md": ES},
        [("scripts/asilo/es.md", "language.other-form")],
    ),
    "text that is no language": (
        {"scripts/asilo/notes.md": "x"},
        [("scripts/asilo/notes.md", "language.malformed")],
    ),
    "text in a language too many": (
        {"scripts/asilo/fr.md": "# Titre\nUne phrase.\n"},
        [("scripts/asilo/fr.md", "language.unused")],
    ),
    "no source text": (
        {"scripts/asilo/es-419.md": None},
        [("scripts/asilo/es-419.md", "script.missing")],
    ),
    "text that is not UTF-8": (
        {"scripts/asilo/es-419.md": ES.encode("latin-1")},
        [("scripts/asilo/es-419.md:4", "text.encoding")],
    ),
    "unknown fact": (
        {"scripts/asilo/es-419.md": ES.replace("asylum-free", "asylum-fre")},
        [("scripts/asilo/es-419.md:4", "placeholder.id")],
    ),
    # facts
    "fact without expiry": (
        {"facts/otro.yml": FACT.replace("asylum-free", "otro").replace('expires: "2027', "# ")},
        [("facts/otro.yml:1", "yaml.missing-key")],
    ),
    "fact verified tomorrow": (
        {
            "facts/otro.yml": FACT.replace("asylum-free", "otro").replace(
                'verified_on: "2026-11-22"', 'verified_on: "2026-11-23"'
            )
        },
        [("facts/otro.yml:7", "fact.verified-later")],
    ),
    "neither fact nor contact": (
        {"facts/otro.yml": "id: otro\nvalue: x\n"},
        [("facts/otro.yml:1", "fact.kind")],
    ),
    "same id twice": (
        {"facts/zwei.yml": FACT},
        [("facts/zwei.yml:1", "id.duplicate")],
    ),
    "expired fact that is spoken": (
        {
            "facts/asylum-free.yml": FACT.replace("2027-01-31", "2026-11-21").replace(
                'review_by: "2026-12-22"\n', ""
            )
        },
        [("facts/asylum-free.yml:8", "expired")],
    ),
    "fact due for review": (
        {"facts/asylum-free.yml": FACT.replace("2026-12-22", "2026-11-22")},
        [("facts/asylum-free.yml:8", "review-due")],
    ),
    "fact in a list without an id": (
        {"facts/todos.yml": 'facts:\n  - statement: {en: "a"}\n'},
        [("facts/todos.yml:2", "yaml.missing-key")] * 5,
    ),
    "file with a bad name": (
        {"facts/La Linea.yml": CONTACT},
        [("facts/La Linea.yml:1", "yaml.not-id")],
    ),
    "groups that say another number": (
        {"facts/otra.yml": CONTACT.replace('"55", "33"', '"55", "34"')},
        [("facts/otra.yml:6", "fact.phone-differs")],
    ),
    "groups with a hyphen": (
        {"facts/otra.yml": CONTACT.replace('"55", "33"', '"55-33"')},
        [("facts/otra.yml:6", "fact.phone")],
    ),
    "digits of another script": (
        {"facts/otra.yml": CONTACT.replace('"800"', '"٨٠٠"')},
        [("facts/otra.yml:6", "fact.phone")],
    ),
    "number without a country": (
        {"facts/otra.yml": CONTACT.replace("+52", "01")},
        [("facts/otra.yml:6", "fact.phone")],
    ),
    "hotline without a number": (
        {
            "facts/otra.yml": CONTACT.replace(
                'phones:\n  - {groups: ["800", "55", "33", "000"], number: "+528005533000",'
                " cost: free}\n",
                "",
            )
        },
        [("facts/otra.yml:1", "yaml.missing-key")],
    ),
    "reachable from nowhere": (
        {"facts/otra.yml": CONTACT.replace("reachable_from: [MX]\n", "")},
        [("facts/otra.yml:4", "fact.reachable-from")],
    ),
    "other ending": (
        {"facts/otra.yaml": CONTACT},
        [("facts/otra.yaml", "file.ending")],
    ),
    # series, episodes, stations
    "series without an English title": (
        {"series/serie.yml": SERIES.replace(', en: "The way"', "")},
        [("series/serie.yml:2", "language.lacking")],
    ),
    "unknown profile": (
        {"series/serie.yml": SERIES.replace("podcast", "podcasts")},
        [("series/serie.yml:5", "yaml.not-choice")],
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
        [("episodes/zwei.yml:2", "episode.number")],
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
    "station whose language no series has": (
        {"series/serie.yml": SERIES.replace("[es-419, en]", "[es-419]")},
        [("stations/radio.yml:3", "station.languages")],
    ),
    "feed of a loop": (
        {
            "series/serie.yml": SERIES.replace("programme", "loop"),
            "stations/radio.yml": STATION.replace("pack", "feed"),
        },
        [("stations/radio.yml:6", "station.delivery")],
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
    "names that differ in case": (
        {"sounds/readme.txt": "x", "sounds/README.txt": "y"},
        [("sounds/readme.txt", "file.case-clash")],
    ),
    # recordings
    "recording of no segment": (
        {"recordings/asil/es-419/take.yml": "script: x\n"},
        [("recordings/asil", "recording.segment")],
    ),
    "recording that says nothing": (
        {"recordings/asilo/en/001.wav": "RIFF"},
        [("recordings/asilo/en", "recording.unlisted")],
    ),
    "recording of other words": (
        {
            "recordings/asilo/en/take.yml": f"script: {'0' * 64}\nfiles: [001.wav]\n",
            "recordings/asilo/en/001.wav": "RIFF",
        },
        [("recordings/asilo/en/take.yml", "recording.stale")],
    ),
    "recording whose files are gone": (
        {"recordings/asilo/en/take.yml": f"script: {'0' * 64}\nfiles:\n  - 001.wav\n"},
        [("recordings/asilo/en/take.yml:3", "recording.missing")],
    ),
    "recording from elsewhere": (
        {"recordings/asilo/en/take.yml": f"script: {'0' * 64}\nfiles: [../es-419/001.wav]\n"},
        [("recordings/asilo/en/take.yml:2", "recording.name")],
    ),
    "recording with a false digest": (
        {
            "recordings/asilo/en/take.yml": "script: abc\nfiles: [001.wav]\n",
            "recordings/asilo/en/001.wav": "RIFF",
        },
        [("recordings/asilo/en/take.yml:1", "recording.digest")],
    ),
    # two faults in one file are two findings
    "two faults in one file": (
        {
            "stations/radio.yml": STATION.replace("kind: radio", "kind: radioo").replace(
                "country: GT", "country: Guatemala"
            )
        },
        [
            ("stations/radio.yml:2", "yaml.not-choice"),
            ("stations/radio.yml:8", "yaml.not-country"),
        ],
    ),
    "faults in two files": (
        {
            "stations/radio.yml": STATION.replace("kind: radio", "kind: radioo"),
            "episodes/uno.yml": EPISODE.replace("number: 1", "number: one"),
        },
        [
            ("episodes/uno.yml:2", "yaml.not-number"),
            ("stations/radio.yml:2", "yaml.not-choice"),
        ],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_once_at_its_line(tmp_path: Path, name: str) -> None:
    changes, expected = FAULTS[name]
    _, findings = check(tmp_path, changes)
    assert places(findings) == expected
    for finding in findings:
        assert finding.problem
        assert finding.remedy
        assert "\\" not in finding.file


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("unknown key in toml", "did you mean licence_url?"),
        ("unknown kind", "did you mean procedure?"),
        ("unknown key", "did you mean expires?"),
        ("unknown segment", "did you mean asilo?"),
        ("unknown sound", "did you mean campana?"),
        ("unknown series", "did you mean serie?"),
        ("unknown profile", "did you mean podcast?"),
        ("malformed language", "did you mean quc (K'iche')?"),
        ("language in another case", "write pt-BR"),
        ("text in a wrong language", "write es-419"),
        ("country in small letters", "write MX"),
    ],
)
def test_the_remedy_names_what_was_meant(tmp_path: Path, name: str, remedy: str) -> None:
    _, findings = check(tmp_path, FAULTS[name][0])
    assert any(finding.remedy.startswith(remedy) for finding in findings)


def test_a_trap_is_a_warning_that_echoes_the_languages_name(tmp_path: Path) -> None:
    _, findings = check(tmp_path, FAULTS["a tag of Vanuatu for Mixe"][0])
    assert findings[0].severity is Severity.WARNING
    assert "Mele-Fila" in findings[0].problem
    assert "Vanuatu" in findings[0].problem


def test_what_nobody_uses_expires_with_a_warning(tmp_path: Path) -> None:
    old = FACT.replace("asylum-free", "otro").replace("2027-01-31", "2026-01-31")
    old = old.replace('review_by: "2026-12-22"\n', "")
    _, findings = check(tmp_path, {"facts/otro.yml": old})
    assert [(f.place, f.rule, f.severity) for f in findings] == [
        ("facts/otro.yml:8", "expired", Severity.WARNING)
    ]


def test_the_last_good_day_is_still_good(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    for day, expired in ((date(2027, 1, 31), False), (date(2027, 2, 1), True)):
        _, findings = read_workspace(root, today=day)
        assert any(finding.rule == "expired" for finding in findings) is expired


def test_a_consent_record_is_enough_and_is_not_read(tmp_path: Path) -> None:
    testimony = SEGMENT.replace("procedure", "testimony") + "consent: c-7\n"
    changes: Changes = {
        "scripts/asilo/segment.yml": testimony,
        "private/consent/c-7.yml": b"\xff\0 not YAML",
    }
    _, findings = check(tmp_path, changes)
    assert places(findings) == []


def test_nothing_private_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "private")  # opening it would wait for ever
    _, findings = check(tmp_path)
    assert places(findings) == []


def test_several_facts_may_stand_in_one_file(tmp_path: Path) -> None:
    entry = "\n".join(f"    {line}" for line in FACT.replace("asylum-free", "uno").splitlines())
    text = f"facts:\n  -\n{entry}\n"
    workspace, findings = check(tmp_path, {"facts/todos.yml": text})
    assert places(findings) == []
    assert workspace is not None
    assert workspace.factbook.facts["uno"].line == 3


def test_a_short_code_needs_no_international_number(tmp_path: Path) -> None:
    short = CONTACT.replace(
        'groups: ["800", "55", "33", "000"], number: "+528005533000"',
        'groups: ["9", "1", "1"], short_code: yes',
    )
    workspace, findings = check(tmp_path, {"facts/corto.yml": short})
    assert places(findings) == []
    assert workspace is not None
    assert workspace.factbook.contacts["corto"].phones[0].number == ""


def test_a_trunk_zero_is_said_but_is_not_in_the_number(tmp_path: Path) -> None:
    trunk = CONTACT.replace('"800", "55"', '"0800", "55"')
    _, findings = check(tmp_path, {"facts/tronco.yml": trunk})
    assert places(findings) == []


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


def test_links_that_leave_the_workspace_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yml").write_text(FACT.replace("asylum-free", "secret"), encoding="utf-8")
    (outside / "en.md").write_text("# Secret\n\nA secret.\n", encoding="utf-8")
    root = write_workspace(tmp_path / "ws", {"scripts/asilo/en.md": None})
    (root / "facts/secret.yml").symlink_to(outside / "secret.yml")
    (root / "scripts/asilo/en.md").symlink_to(outside / "en.md")
    (root / "scripts/geheim").symlink_to(outside, target_is_directory=True)
    (root / "recordings").symlink_to(outside, target_is_directory=True)
    (root / "sounds/gone.wav").symlink_to(root / "sounds/nowhere.wav")
    workspace, findings = read_workspace(root, today=TODAY)
    found = [place for place in places(list(findings)) if place[1] != "language.silent"]
    assert found == [
        ("facts/secret.yml", "file.escape"),
        ("recordings", "file.escape"),
        ("scripts/asilo/en.md", "file.escape"),
        ("scripts/geheim", "file.escape"),
        ("sounds/gone.wav", "file.dead-link"),
    ]
    assert workspace is not None
    assert "secret" not in workspace.factbook.facts
    assert workspace.translations["asilo", "en"].script is None  # type: ignore[index]


def test_a_settings_file_from_outside_is_refused(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "ws")
    (root / "altavoz.toml").rename(tmp_path / "other.toml")
    (root / "altavoz.toml").symlink_to(tmp_path / "other.toml")
    workspace, findings = read_workspace(root, today=TODAY)
    assert workspace is None
    assert places(list(findings)) == [("altavoz.toml", "file.escape")]


def test_links_inside_the_workspace_are_fine(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "ws", {"sounds/cama.wav": None, "music/larga.wav": "RIFF"})
    (root / "sounds/cama.wav").symlink_to(root / "music/larga.wav")
    link = tmp_path / "link"
    link.symlink_to(root, target_is_directory=True)
    workspace, findings = read_workspace(link, today=TODAY)
    assert places(list(findings)) == []
    assert workspace is not None
    assert workspace.root == root.resolve()


def test_hidden_files_and_editors_copies_are_passed_over(tmp_path: Path) -> None:
    changes: Changes = {
        "facts/.DS_Store": b"\0",
        "facts/linea.yml~": "old: [",
        "facts/._linea.yml": b"\0",
        "sounds/LICENCE.txt": "CC0",
        "facts/README.md": "x",
    }
    assert check(tmp_path, changes)[1] == []


def test_names_that_a_terminal_would_obey_are_shown_harmlessly(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    (root / "scripts" / "a\x1b[31m").mkdir()
    (root / "scripts" / os.fsdecode(b"b\xff")).mkdir()
    _, findings = read_workspace(root, today=TODAY)
    assert len(findings) == 2
    for finding in findings:
        text = finding.file + finding.problem + finding.remedy
        assert text.isprintable()
        text.encode("utf-8")


def test_order_does_not_depend_on_the_disk(tmp_path: Path) -> None:
    changes: Changes = {
        **{f"facts/f{n}.yml": FACT.replace("asylum-free", f"f{n}") for n in (3, 1, 2)},
        **{f"sounds/s{n}.wav": "RIFF" for n in (2, 3, 1)},
        "episodes/b.yml": EPISODE.replace("number: 1", "number: 3"),
        "episodes/a.yml": EPISODE.replace("number: 1", "number: 2"),
    }
    one = read_workspace(write_workspace(tmp_path / "one", changes), today=TODAY)[0]
    both = {**FILES, **changes}
    two = read_workspace(
        write_workspace(tmp_path / "two", dict(reversed(both.items()))), today=TODAY
    )[0]
    assert one is not None
    assert two is not None
    assert list(one.factbook.facts) == list(two.factbook.facts) == ["asylum-free", "f1", "f2", "f3"]
    assert list(one.sounds) == list(two.sounds) == ["cama", "campana", "s1", "s2", "s3"]
    assert [episode.id for episode in one.episodes] == ["uno", "a", "b"]
    assert one.episodes == two.episodes


def test_a_workspace_with_errors_still_lists_what_is_sound(tmp_path: Path) -> None:
    workspace, findings = check(tmp_path, {"facts/linea.yml": "kind: [\n"})
    assert any(finding.severity is Severity.ERROR for finding in findings)
    assert workspace is not None
    assert list(workspace.factbook.facts) == ["asylum-free"]
    assert workspace.translations["asilo", "es-419"].state is TranslationState.FAULTY  # type: ignore[index]


def test_without_the_network_the_other_files_are_still_checked(tmp_path: Path) -> None:
    changes = {"altavoz.toml": "[network\n", "facts/linea.yml": CONTACT.replace("hotline", "line")}
    workspace, findings = check(tmp_path, changes)
    assert workspace is None
    assert places(findings) == [
        ("altavoz.toml:1", "toml.syntax"),
        ("facts/linea.yml:2", "yaml.not-choice"),
    ]


def test_an_empty_workspace_says_what_is_needed(tmp_path: Path) -> None:
    (tmp_path / "altavoz.toml").write_text(NETWORK, encoding="utf-8")
    workspace, findings = read_workspace(tmp_path, today=TODAY)
    assert workspace is not None
    assert [(f.place, f.rule, f.severity.value) for f in findings] == [
        ("episodes", "workspace.empty", "warning"),
        ("scripts", "workspace.empty", "error"),
        ("series", "workspace.empty", "warning"),
    ]


@pytest.mark.parametrize("kind", ["missing", "empty", "file"])
def test_no_workspace_at_all_names_altavoz_init(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "ws"
    if kind == "empty":
        root.mkdir()
    elif kind == "file":
        root.write_text("x", encoding="utf-8")
    with pytest.raises(ProductionError) as caught:
        read_workspace(root, today=TODAY)
    assert "altavoz init" in caught.value.remedy
    assert caught.value.code is ExitCode.INPUT
    assert str(root) in caught.value.where


HOSTILE = {
    "long": b"a: b\n" * 10_000_000,
    "nested toml": b"a = " + b"[" * 400_000,
    "nul": b"\0" * 1000,
    "alias bomb": b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n",
    "nothing": b"",
    "blank": b"\n\n",
    "binary": bytes(range(256)) * 100,
    "list": b"- a\n- b\n",
    "list of tables": b"facts: [{}, {id: x}]\nrundown: [{}, x]\n",
    "tables for texts": b"kind: {a: b}\ntitle: [x]\nlanguages: {a: b}\nsources: x\nphones: x\n",
}


READ = [name for name in FILES if name.endswith((".yml", ".toml", ".md", ".from"))]
ONE_OF_EACH_KIND = ("altavoz.toml", "scripts/asilo/es-419.md", "facts/linea.yml")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (file, name)
        for file in READ
        for name in HOSTILE
        if name != "long" or file in ONE_OF_EACH_KIND
    ],
)
def test_no_file_makes_the_reader_raise(tmp_path: Path, file: str, name: str) -> None:
    _, findings = check(tmp_path, {file: HOSTILE[name]})
    assert findings or file.endswith(".from")
    for finding in findings:
        (finding.file + finding.problem + finding.remedy).encode("utf-8")


def test_english_words_are_read_as_they_were_written(tmp_path: Path) -> None:
    workspace, _ = check(tmp_path)
    assert workspace is not None
    script = workspace.translations["asilo", "en"].script  # type: ignore[index]
    assert script is not None
    assert [s.raw for s in script.sentences] == EN.splitlines()[2:]
    assert "800 55 33 000" in script.sentences[2].text
