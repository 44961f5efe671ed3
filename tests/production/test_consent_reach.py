"""Consent through the real command: what airs, what is left out, and where a testimony went."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from commands.building import build_all
from production.ledger.ledger import LEDGER_FILE, Ledger
from production.selection import Selector
from programme.errors import ExitCode
from programme.left_out import Cause
from scripts.take_edit import add_recording
from tests.production.running import (
    TODAY,
    Done,
    copy_of,
    edit,
    known_sound,
    read,
    run_here,
    run_process,
)
from tests.production.small import FILES, write_small

TELLTALES = ("Telltale-Form-0417", "Telltale-Office-0417")
"""Stand for what a record says of a person."""

RECORD = f"""\
form_version: "{TELLTALES[0]}"
language: es-419
obtained_on: "2026-10-01"
by: "{TELLTALES[1]}"
purposes: [public-information]
channels: [feed, radio, pack]
until: "2027-10-01"
anonymity: alias
risks_explained: yes
"""

VOICE: dict[str, str | None] = {
    **dict.fromkeys(name for name in FILES if "bucle" in name or name.endswith("terminal.yml")),
    "scripts/voz/segment.yml": (
        'kind: testimony\nkey_message: "Llegué."\nexpires: "2027-01-15"\nconsent: c-7\n'
    ),
    "scripts/voz/es-419.md": "# Una voz\n\nCaminé mucho.\nLlegué bien.\n",
    "episodes/corta-1.yml": FILES["episodes/corta-1.yml"] + "  - segment: voz\n",
    "private/consent/c-7.yml": RECORD,
}


def with_recording(root: Path) -> Path:
    """Let a person say the testimony: a tone stands for them."""
    add_recording(read(root), "voz", "es-419", [root / "sounds" / "tono.wav"])
    return root


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose testimony was recorded, published and packed; never change it."""
    root = write_small(tmp_path_factory.mktemp("consent"), VOICE)
    with_recording(known_sound(root, tmp_path_factory))
    for command in (["publish"], ["pack", "--rehearsal"]):
        done = run_process(*command, "-j1", cwd=root)
        assert done.code == 0, done.said
    return root


@pytest.fixture
def here(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = copy_of(published, tmp_path / "small")
    monkeypatch.chdir(folder)
    return folder


def revoke(capture: pytest.CaptureFixture[str], *more: str) -> Done:
    return run_here("consent", "revoke", "c-7", *more, capture=capture)


def test_with_a_live_consent_it_airs(published: Path) -> None:
    segments = [set(e.facts["segments"]) for e in Ledger(published).events("released")]
    assert any("voz" in found for found in segments)


def test_nothing_of_the_record_leaves_private(published: Path) -> None:
    looked = 0
    for path in sorted(published.rglob("*")):
        if not path.is_file() or (published / "private") in path.parents:
            continue
        texts = [path.read_bytes()]
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                texts += [archive.read(name) for name in archive.namelist()]
                assert not [name for name in archive.namelist() if "private" in name]
        looked += len(texts)
        for text in texts:
            for told in (*TELLTALES, "c-7"):
                allowed = told == "c-7" and path.name == "segment.yml"
                assert allowed or told.encode() not in text, path
                assert told.encode("utf-16-le") not in text, path
    assert looked > 30


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[feed, radio, pack]", "[feed, radio]", "does not cover the channel pack"),
        ("2027-10-01", "2026-11-21", "has run out"),
        ("risks_explained: yes", "risks_explained: no", "risks were explained"),
        ("by:", "bi:", "has faults"),
    ],
)
def test_without_one_the_build_leaves_it_out_and_says_why(
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    old: str,
    new: str,
    why: str,
) -> None:
    changes = {**VOICE, "private/consent/c-7.yml": RECORD.replace(old, new)}
    root = write_small(tmp_path_factory.mktemp("without"), changes)
    known_sound(root, tmp_path_factory)
    checked = run_here("check", "-w", root, capture=capsys)
    assert checked.code == ExitCode.FINDINGS
    assert why in checked.out
    done = run_here("build", "-j1", "-w", root, "--json", capture=capsys)
    assert done.code == 0, done.said
    report = json.loads(done.out)
    [left] = [o for o in report["left_out"] if (o["segment"], o["language"]) == ("voz", "es-419")]
    assert left["cause"] == Cause.CONSENT
    assert why in left["problem"]
    assert report["editions"]
    assert not any("voz" in edition["segments"] for edition in report["editions"])


def test_revoking_says_where_it_went_and_what_to_do(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (here / "private/consent/c-7.yml").read_bytes()
    done = revoke(capsys)
    assert done.code == 0, done.said
    after = (here / "private/consent/c-7.yml").read_bytes()
    assert after == before + b'revoked_on: "2026-11-22"\n'
    assert "published: public: corta corta-1 es-419, on 2026-11-22, still there" in done.out
    assert "packed: packs: small_" in done.out
    [take] = (here / "recordings" / "voz" / "es-419").glob("*.wav")
    assert f"recording: recordings/voz/es-419/{take.name}" in done.out
    for step in ("altavoz publish public", "delete their packs", "episodes/corta-1.yml"):
        assert step in done.out
    assert not [told for told in TELLTALES if told in done.said]


def test_after_revoking_the_next_publish_is_made_without_it(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = set((here / "public" / "m").glob("*-es-419-*.mp3"))
    revoke(capsys)
    done = run_here("publish", "-j1", capture=capsys)
    assert done.code == 0, done.said
    assert not sound & set((here / "public" / "m").glob("*"))  # the sound is gone from the target
    done = run_here("consent", "show", "c-7", capture=capsys)
    assert "c-7: the consent c-7 was revoked" in done.out
    assert "replaced since" in done.out
    assert "still there" not in done.out
    done = run_here("pack", "--rehearsal", "-j1", capture=capsys)
    assert done.code == 0, done.said
    [event] = [e for e in Ledger(here).events("pack") if e.facts["serial"] == 2]
    assert "voz" not in event.facts["segments"]
    [path] = (here / "build" / "packs").rglob("*.zip")
    with zipfile.ZipFile(path) as archive:
        assert not [n for n in archive.namelist() if b"Una voz" in archive.read(n)]


def test_a_private_station_is_named_in_private_alone(published: Path) -> None:
    assert '"packs"' not in (published / LEDGER_FILE).read_text(encoding="utf-8")
    [event] = Ledger(published / "private").events("packed")
    assert event.facts["station"] == "packs"
    assert "voz" in event.facts["segments"]


def test_where_private_is_not_at_hand_the_pack_is_known_all_the_same(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "private" / LEDGER_FILE).unlink()
    done = run_here("consent", "show", "c-7", "--json", capture=capsys)
    [pack] = json.loads(done.out)["packed"]
    assert (pack["station"], pack["serial"]) == ("", 1)


def test_a_second_pack_of_the_same_content_is_noted_once(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (here / "private" / LEDGER_FILE).read_bytes()
    assert run_here("pack", "--rehearsal", "-j1", capture=capsys).code == 0
    assert (here / "private" / LEDGER_FILE).read_bytes() == before


def test_a_consent_is_revoked_whatever_is_wrong_elsewhere(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(here / "series" / "corta.yml", "kind: spots", "kind: sports")
    edit(here / "altavoz.toml", 'licence = "cc-by-4.0"', "licence = 4")
    done = revoke(capsys, "--on", "2026-11-20")
    assert done.code == ExitCode.FINDINGS
    assert b'revoked_on: "2026-11-20"' in (here / "private/consent/c-7.yml").read_bytes()


def test_a_dry_run_changes_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (here / "private/consent/c-7.yml").read_bytes()
    done = revoke(capsys, "--dry-run")
    assert done.code == 0
    assert "still there" in done.out
    assert (here / "private/consent/c-7.yml").read_bytes() == before


@pytest.mark.usefixtures("here")
def test_the_list_shows_ids_and_how_they_stand(capsys: pytest.CaptureFixture[str]) -> None:
    done = run_here("consent", "list", "--json", capture=capsys)
    assert json.loads(done.out) == [
        {"consent": "c-7", "stands": "live", "until": "2027-10-01", "segments": "voz"}
    ]
    assert run_here("consent", "show", "c-8", capture=capsys).code == ExitCode.USAGE


def test_words_told_under_a_consent_never_go_to_an_online_voice(tmp_path: Path) -> None:
    network = FILES["altavoz.toml"] + '\n[voices.es-419]\nengine = "gtts"\naccept_draft = true\n'
    told = str(VOICE["scripts/voz/segment.yml"]).replace("testimony", "interview")
    changes = {**VOICE, "altavoz.toml": network, "scripts/voz/segment.yml": told}
    root = write_small(tmp_path, changes)
    [left] = [
        item
        for item in Selector(read(root), today=TODAY).select().left_out
        if item.segment == "voz" and item.language == "es-419"
    ]
    assert left.cause is Cause.NO_VOICE
    assert "online" in left.problem


def test_an_edition_that_cannot_be_made_without_it_does_not_stay_unseen(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rundown = here / "episodes" / "corta-1.yml"
    edit(rundown, "  - segment: voz\n", "  - segment: voz\n    required: yes\n")
    revoke(capsys)
    done = run_here("publish", "-j1", capture=capsys)
    assert done.code == ExitCode.FINDINGS
    assert "corta corta-1 es-419: voz: the consent c-7 was revoked" in done.err
    edit(rundown, "  - segment: voz\n    required: yes\n", "")
    assert run_here("publish", "-j1", capture=capsys).code == 0
    done = run_here("consent", "show", "c-7", capture=capsys)
    assert "still there" not in done.out


def test_where_a_testimony_went_is_known_when_its_folder_is_gone(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its words may be renamed, deleted or given to another consent: what went out went out."""
    edit(here / "episodes" / "corta-1.yml", "  - segment: voz\n", "")
    for folder in ("scripts", "recordings"):
        shutil.rmtree(here / folder / "voz")
    done = revoke(capsys)
    assert done.code == 0, done.said
    assert "published: public: corta corta-1 es-419, on 2026-11-22, still there" in done.out
    assert "packed: packs: small_" in done.out


def test_an_edition_of_a_deleted_episode_does_not_stay_with_a_revoked_testimony(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rundown = here / "episodes" / "corta-1.yml"
    other = rundown.read_text(encoding="utf-8").replace("  - segment: voz\n", "")
    rundown.unlink()
    for folder in ("scripts", "recordings"):
        shutil.rmtree(here / folder / "voz")
    revoke(capsys)
    done = run_here("publish", "-j1", capture=capsys)
    assert done.code == ExitCode.FINDINGS
    assert "corta corta-1 es-419: the consent c-7 was revoked" in done.err
    assert "put an episode that was deleted back" in done.err
    rundown.write_text(other, encoding="utf-8")
    assert run_here("publish", "-j1", capture=capsys).code == 0
    assert "still there" not in run_here("consent", "show", "c-7", capture=capsys).out


@pytest.mark.parametrize(
    ("command", "module"),
    [(["publish"], "publishing"), (["pack", "--rehearsal"], "packing")],
    ids=["publish", "pack"],
)
def test_a_consent_revoked_during_the_build_counts(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    module: str,
) -> None:
    """A build may take an hour, and the record is read before it."""
    # the moment between the last sound and the first byte that leaves
    record = here / "private" / "consent" / "c-7.yml"

    def build_and_revoke(*arguments: Any, **options: Any) -> Any:
        done = build_all(*arguments, **options)
        record.write_text(RECORD + 'revoked_on: "2026-11-22"\n', encoding="utf-8")
        return done

    edit(here / "scripts" / "agua" / "es-419.md", "Lleve agua", "Lleve mucha agua")
    before = (here / LEDGER_FILE).read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(f"commands.{module}.build_all", build_and_revoke)
        done = run_here(*command, "-j1", capture=capsys)
    assert done.code == ExitCode.INPUT
    assert "the workspace changed while Altavoz was building: edition corta" in done.err
    assert (here / LEDGER_FILE).read_bytes() == before
    assert run_here(*command, "-j1", capture=capsys).code == 0
    last = list(Ledger(here).events("released" if command == ["publish"] else "pack"))[-1]
    assert "voz" not in last.facts["segments"]


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_no_report_quotes_a_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    broken = RECORD.replace("until:", f"{TELLTALES[0]}:").replace("risks_explained: yes", "- x")
    root = write_small(tmp_path, {**VOICE, "private/consent/c-7.yml": broken})
    done = run_here("check", "-w", root, "--all", "--format", form, capture=capsys)
    assert done.code == ExitCode.FINDINGS
    assert "private/consent/c-7.yml" in done.out
    assert not [told for told in TELLTALES if told in done.said]


def test_no_machine_voice_speaks_for_a_witness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_small(tmp_path / "w", VOICE)
    monkeypatch.chdir(root)
    left = Selector(read(root), today=TODAY).select().left_out
    (cause,) = {one.cause for one in left if (one.segment, one.language) == ("voz", "es-419")}
    assert cause is Cause.NO_VOICE
    done = run_here("translate", "status", "--lang", "es-419", capture=capsys)
    assert "voz es-419: needs recording" in done.out
    with_recording(root)
    left = Selector(read(root), today=TODAY).select().left_out
    assert not [one for one in left if (one.segment, one.language) == ("voz", "es-419")]
