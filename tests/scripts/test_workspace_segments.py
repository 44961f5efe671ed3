"""Segments, their texts and recordings: each fault found once at its line."""

from pathlib import Path

import pytest

from tests.scripts.sample_workspace import (
    ES,
    SEGMENT,
    Fault,
    check,
    places,
    told_badly,
)

FAULTS: dict[str, Fault] = {
    "unknown key": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("expires:", "expire:")},
        [("scripts/asilo/segment.yml:12", "yaml.unknown-key")],
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
        [("scripts/asilo/segment.yml:13", "consent.missing")],
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
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_once_at_its_line(tmp_path: Path, name: str) -> None:
    changes, expected = FAULTS[name]
    _, findings = check(tmp_path, changes)
    assert places(findings) == expected
    assert told_badly(findings) == []


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("unknown kind", "did you mean procedure?"),
        ("unknown key", "did you mean expires?"),
        ("text in a wrong language", "write es-419"),
        ("country in small letters", "write MX"),
    ],
)
def test_the_remedy_names_what_was_meant(tmp_path: Path, name: str, remedy: str) -> None:
    _, findings = check(tmp_path, FAULTS[name][0])
    assert any(finding.remedy.startswith(remedy) for finding in findings)
