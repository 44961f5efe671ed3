"""A workspace read whole: nothing is lost, nothing outside it is read, no file stops the reader."""

import os
from pathlib import Path

import pytest

from programme.errors import ExitCode, ProductionError
from programme.facts import PhoneType
from programme.findings import Severity
from programme.words import TranslationState
from scripts.workspace import read_workspace
from tests.scripts.sample_workspace import (
    EPISODE,
    FACT,
    FILES,
    NETWORK,
    SERIES,
    STATION,
    TODAY,
    Changes,
    Fault,
    check,
    places,
    told_badly,
    write_workspace,
)


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


FAULTS: dict[str, Fault] = {
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
    assert told_badly(findings) == []


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


def test_links_and_artwork_never_bring_out_what_lies_in_private(tmp_path: Path) -> None:
    private: Changes = {
        "private/secret.md": "# Secret\n\nA secret.\n",
        "private/voice.wav": "RIFF",
        "private/face.png": b"\x89PNG",
        "scripts/asilo/en.md": None,
        "series/serie.yml": SERIES + "artwork: private/face.png\n",
    }
    root = write_workspace(tmp_path / "ws", private)
    (root / "scripts/asilo/en.md").symlink_to("../../private/secret.md")
    (root / "sounds/voz.wav").symlink_to(root / "private/voice.wav")
    (root / "recordings").symlink_to("private", target_is_directory=True)
    workspace, findings = read_workspace(root, today=TODAY)
    escaped = [found.file for found in findings if found.rule == "file.escape"]
    assert sorted(escaped) == [
        "recordings",
        "scripts/asilo/en.md",
        "series/serie.yml",
        "sounds/voz.wav",
    ]
    assert workspace is not None
    assert workspace.translations["asilo", "en"].script is None  # type: ignore[index]
    assert "voz" not in workspace.sounds


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
