"""A new station is checked whole before its file is written; a stranger's file decides little."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from cli import altavoz
from commands.workspace import read_and_check
from production.stations.adding import plan_station
from programme.errors import ExitCode, ProductionError
from programme.stations import Automation, Delivery, StationKind
from scripts.station_draft import Draft
from scripts.workspace import Workspace, read_workspace
from tests.scripts.sample_workspace import CONTACT, SERIES, STATION, TODAY, write_workspace

FILES = {
    "series/avisos.yml": SERIES.replace("kind: programme", "kind: spots"),
    "series/lazo.yml": SERIES.replace("kind: programme", "kind: loop").replace(
        "profile: podcast", "profile: loudspeaker"
    ),
    "facts/otra.yml": CONTACT,
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace, findings = read_workspace(
        write_workspace(tmp_path_factory.mktemp("ws"), FILES), today=TODAY
    )
    assert workspace is not None
    assert not findings.has_errors
    return workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "ws", FILES)


def add(root: Path, *words: str) -> Result:
    return CliRunner().invoke(altavoz, ["station", "add", "-w", str(root), *words])


def code_of(run: Result) -> int:
    return run.exception.code if isinstance(run.exception, ProductionError) else run.exit_code


def held(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "stations").iterdir()}


NEEDS: dict[Automation, dict[str, str]] = {
    **{one: {"drive_path": "D:\\Altavoz"} for one in Automation if one.is_windows},
    Automation.LIQUIDSOAP: {"drive_path": "/srv/altavoz"},
    Automation.RIVENDELL: {"group": "ALTAVOZ", "carts": "10000-10999"},
}


@pytest.mark.parametrize("kind", StationKind)
@pytest.mark.parametrize("automation", Automation)
def test_what_follows_for_a_new_station_has_no_fault(
    shared: Workspace, kind: StationKind, automation: Automation
) -> None:
    draft = Draft(id="nueva", kind=kind, automation=automation, **NEEDS.get(automation, {}))  # type: ignore[arg-type]
    new = plan_station(shared, draft, today=TODAY)
    assert [(one.place, one.problem) for one in new.findings] == []
    assert new.station is not None
    assert new.station.automation is automation
    assert not new.station.publish_identity
    assert new.station.languages == ("es-419", "en")
    loud = kind is not StationKind.RADIO
    assert (new.station.loop is not None) == loud
    assert new.station.series == (("lazo",) if loud else ("avisos", "serie"))


def test_a_station_is_written_as_it_was_asked_for(root: Path) -> None:
    run = add(
        root,
        *("radio-uno", "--kind", "radio", "--lang", "en", "--lang", "es-419", "--series", "serie"),
        *("--automation", "zararadio", "--delivery", "folder", "--drive-path", "D:\\nueva voz"),
        *("--name", 'Radio "Uno": la voz', "--country", "NO", "--share"),
    )
    assert run.exit_code == 0, run.output
    workspace, findings = read_and_check(root, today=TODAY)
    assert workspace is not None
    found = workspace.stations["radio-uno"]
    assert found.name == 'Radio "Uno": la voz'
    assert (found.languages, found.series) == (("en", "es-419"), ("serie",))
    assert (found.automation, found.delivery) == (Automation.ZARARADIO, Delivery.FOLDER)
    assert found.settings.drive_path == "D:\\nueva voz"
    assert found.country == "NO"
    assert not found.publish_identity
    assert [one.rule for one in findings] == ["station.share"]


@given(
    name=st.text(max_size=60),
    place=st.text(max_size=60),
    contact=st.text(max_size=60),
    path=st.text(max_size=30),
)
def test_whatever_is_asked_for_is_written_as_it_is_or_refused(
    shared: Workspace, name: str, place: str, contact: str, path: str
) -> None:
    draft = Draft(
        id="nueva",
        kind=StationKind.RADIO,
        name=name,
        place=place,
        contact=contact,
        automation=Automation.ZARARADIO,
        drive_path=f"D:\\{path}",
    )
    new = plan_station(shared, draft, today=TODAY)
    assert (new.station is None) == new.findings.has_errors
    if new.station is not None:
        assert new.station.settings.drive_path == f"D:\\{path}".strip()
        assert new.station.series == ("avisos", "serie")
        assert not new.station.publish_identity


def test_a_dry_run_prints_the_file_and_writes_nothing(root: Path) -> None:
    before = held(root)
    run = add(root, "radio-uno", "--dry-run")
    assert "profile: podcast" in run.stdout
    assert held(root) == before
    assert add(root, "radio-uno").exit_code == 0
    assert (root / "stations/radio-uno.yml").read_text("utf-8") == run.stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["radio"], ExitCode.USAGE, "the name radio is taken"),
        (["vieja"], ExitCode.USAGE, "the name vieja is taken"),
        (["../radio"], ExitCode.USAGE, "cannot be an id"),
        (["Radio-Uno"], ExitCode.USAGE, "cannot be an id"),
        (["con"], ExitCode.USAGE, "cannot be an id"),
        (["nueva", "--lang", "quc"], ExitCode.FINDINGS, "gets nothing at all"),
        (["nueva", "--series", "series"], ExitCode.FINDINGS, "did you mean serie?"),
        (["nueva", "--automation", "zararadio"], ExitCode.FINDINGS, "drive_path"),
        (["nueva", "--carts", "1-2"], ExitCode.FINDINGS, "only Rivendell"),
        (["nueva", "--profile", "podcats"], ExitCode.FINDINGS, "did you mean podcast?"),
        (["nueva", "--name", "a\u202eb"], ExitCode.FINDINGS, "U+202E"),
        (["nueva", "--with-overrides"], ExitCode.USAGE, "goes with --from"),
        (["nueva", "--from", "x.yml", "--kind", "radio"], ExitCode.USAGE, "--kind cannot go"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    root: Path, words: list[str], code: ExitCode, told: str
) -> None:
    (root / "stations/Vieja.yaml").write_text("name: x\n", "utf-8")
    before = held(root)
    run = add(root, *words)
    assert code_of(run) == code, run.output
    assert told in f"{run.output}{run.exception}"
    assert held(root) == before


OVERRIDE = """\
overrides:
  linea:
    contact: otra
    reason: "Aqui es otro numero."
"""
GOOD = STATION.replace("delivery: pack", "delivery: folder")

HOSTILE = {
    # a stranger's file, and what is told of it
    "another number": (GOOD + OVERRIDE, "other facts than ours: linea"),
    "an alias": ("name: &a x\nplace: *a\n", "a reference (*a)"),
    "a billion laughs": (
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n" + GOOD,
        "a reference",
    ),
    "a tag of Python": ("name: !!python/object:os.system x\n" + GOOD, "a tag"),
    "two documents": (GOOD + "---\n" + GOOD, "a second document"),
    "too deep": ("name: " + "[" * 200 + "]" * 200, "levels deep"),
    "too long": (GOOD + "# " + "x" * 70_000, "longer than 64 kB"),
    "a control character": (GOOD.replace('"Radio"', '"Ra\\edio"'), "U+001B"),
    "a turned name": (GOOD.replace("Radio", "Ra\u202edio"), "U+202E"),
    "a key that nobody knows": (GOOD + "id: ../../x\n", "nobody knows the key id"),
    "a sound elsewhere": (
        GOOD.replace("kind: radio", "kind: transit") + "loop: {chime: ../private/x}\n",
        "there is no sound",
    ),
    "a path that climbs": (
        GOOD + "automation: mpd\ndrive_path: /srv/../../etc\n",
        "no whole path",
    ),
    "a series that is a path": (GOOD.replace("[serie]", "[../serie]"), "no series ../serie"),
    "no table": ("- a\n- b\n", "does not begin with a key"),
    "nothing": ("", "empty"),
    "no text": ("\x00\x01", "U+0000"),
    "a number in spoken words": (
        GOOD.replace("kind: radio", "kind: transit")
        + 'loop: {locator: {en: "Call 800 555 000", es-419: "x"}}\n',
        "nobody corrects",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_strangers_file_is_refused_whole(root: Path, name: str) -> None:
    text, told = HOSTILE[name]
    source = root.parent / "handed.yml"
    source.write_text(text, "utf-8")
    before = held(root)
    run = add(root, "nueva", "--from", str(source))
    assert run.exit_code == ExitCode.FINDINGS, run.output
    assert told in run.output
    assert held(root) == before


def test_a_strangers_file_is_written_anew_and_stays_private(root: Path) -> None:
    source = root.parent / "handed.yml"
    text = GOOD.replace("publish_identity: no", "publish_identity: yes")
    source.write_text(text + "# ignore what follows; call me\n" + "quiet_hours: 22:00-06:00\n")
    run = add(root, "nueva", "--from", str(source))
    assert run.exit_code == 0, run.output
    assert "it stays private here" in run.output
    written = (root / "stations/nueva.yml").read_text("utf-8")
    assert "call me" not in written
    workspace, findings = read_and_check(root, today=TODAY)
    assert workspace is not None
    assert not findings.has_errors
    found = workspace.stations["nueva"]
    assert not found.publish_identity
    assert [str(span) for span in found.schedule.quiet] == ["22:00-06:00"]


def test_a_strangers_station_is_named_where_a_person_here_says_so(root: Path) -> None:
    source = root.parent / "handed.yml"
    source.write_text(GOOD + OVERRIDE, "utf-8")
    run = add(root, "nueva", "--from", str(source), "--publish-identity", "--with-overrides")
    assert run.exit_code == 0, run.output
    workspace, _ = read_workspace(root, today=TODAY)
    assert workspace is not None
    assert workspace.stations["nueva"].publish_identity
    assert [one.replaces for one in workspace.stations["nueva"].overrides] == ["linea"]


def test_a_strangers_words_are_shown_before_anybody_hears_them(root: Path) -> None:
    source = root.parent / "handed.yml"
    loop = 'loop: {locator: {en: "Trust nobody.", es-419: "No."}}\n'
    source.write_text(STATION.replace("kind: radio", "kind: transit") + loop, "utf-8")
    run = add(root, "nueva", "--from", str(source), "--dry-run")
    assert "en: Trust nobody." in run.output


def test_nothing_is_taken_out_of_private(root: Path) -> None:
    source = root / "private/nueva.yml"
    source.parent.mkdir()
    source.write_text(GOOD, "utf-8")
    assert code_of(add(root, "nueva", "--from", str(source))) == ExitCode.INPUT
    assert not (root / "stations/nueva.yml").exists()


def test_stations_that_lead_out_of_the_workspace_are_not_written(root: Path) -> None:
    elsewhere = root.parent / "elsewhere"
    (root / "stations").rename(elsewhere)
    (root / "stations").symlink_to(elsewhere)
    assert add(root, "nueva").exit_code != 0
    assert not (elsewhere / "nueva.yml").exists()


def test_list_show_and_check_tell_programs_the_same(root: Path) -> None:
    assert add(root, "nueva", "--json").exit_code == 0

    def told(*words: str) -> Any:
        run = CliRunner().invoke(altavoz, ["station", *words, "-w", str(root), "--json"])
        assert run.exit_code == 0, run.output
        return json.loads(run.stdout)

    one, two = told("list")["stations"]
    card = told("show", "nueva")
    assert (one["station"], two["station"]) == ("nueva", "radio")
    assert {key: card[key] for key in one} == one
    assert told("check", "nueva") == []
