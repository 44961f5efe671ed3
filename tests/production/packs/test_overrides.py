"""A station's own facts: its pack says them, everybody else's editions stay as they are."""

import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from production.building import BuildReport, Workshop
from production.facts.card import fact_card
from production.facts.impact import fact_impact
from production.facts.report import list_due
from production.ledger.ledger import Ledger
from production.packs.packing import BuiltPack, PackOrder, build_packs
from programme.errors import ExitCode
from programme.left_out import Cause
from programme.units import LanguageTag
from tests.production.running import (
    TODAY,
    Quiet,
    build,
    built_once,
    copy_of,
    edit,
    read,
    run_here,
    tree,
)
from tests.production.small import FILES
from tests.production.test_recorded import record

ES, EN = LanguageTag("es-419"), LanguageTag("en")
OWN = """overrides:
  cr-911:
    phones:
      - {groups: ["7", "7", "0", "0"], type: voice, cost: free, short_code: yes}
    reachable_from: [CR]
    reason: "In Puntarenas the port answers."
    sources: [{title: "Port", url: "https://port.example.org/"}]
    verified_on: "2026-11-20"
    expires: "2026-12-31"
    status: demo
"""
OTHER = """
id: cr-110
organization: {es-419: "la policía", en: "the police", ht: "lapolis"}
kind: hotline
country: CR
reachable_from: [CR]
phones:
  - {groups: ["1", "1", "0"], type: voice, cost: free, short_code: yes}
sources: [{title: "Police", url: "https://police.example.org/"}]
verified_on: "2026-11-22"
expires: "2027-01-31"
status: demo
owner: "Verification desk"
"""
BY_ID = 'overrides:\n  cr-911:\n    contact: cr-110\n    reason: "Nearer."\n'
TWIN = FILES["stations/packs.yml"].replace("Radio B", "Radio C")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small workspace with a second station that takes just what the first does."""
    return built_once(tmp_path_factory, "twins", {"stations/twin.yml": TWIN}, known=True)


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return copy_of(built, tmp_path / "small")


def override(root: Path, text: str, station: str = "twin") -> None:
    (root / "facts/cr-110.yml").write_text(OTHER.lstrip(), encoding="utf-8")
    with (root / f"stations/{station}.yml").open("a", encoding="utf-8") as file:
        file.write(text)


def pack(root: Path, *names: str, day: date = TODAY) -> tuple[dict[str, BuiltPack], BuildReport]:
    workspace = read(root, day)
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=day)
        report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
        assert not report.failures
        packs = build_packs(
            shop, workspace, report, names=names, order=PackOrder(today=day, rehearsal=True)
        )
    return {one.station: one for one in packs}, report


def words(pack: BuiltPack) -> str:
    """Give all that a pack says in text."""
    with ZipFile(pack.path) as archive:
        return "\n".join(
            archive.read(name).decode("utf-8")
            for name in archive.namelist()
            if not name.endswith((".mp3", ".wav"))
        )


def unwrapped(text: str) -> str:
    return " ".join(text.split())


def manifest(pack: BuiltPack) -> dict[str, object]:
    with ZipFile(pack.path) as archive:
        found: dict[str, object] = json.loads(archive.read("pack.json"))
    return found


def labels(report: BuildReport) -> list[str]:
    return sorted(label for label, _ in report.run.reasons)


def test_only_what_the_station_says_otherwise_is_built_for_it(root: Path) -> None:
    before = tree(root / "build")
    override(root, OWN)
    report = build(root)
    assert labels(report) == [
        "edition corta corta-1 en broadcast for twin",
        "edition corta corta-1 es-419 broadcast for twin",
        "slot corta-1/ayuda en broadcast for twin",
        "slot corta-1/ayuda es-419 broadcast for twin",
        "take ayuda en line 3 mixed for twin",
        "take ayuda en line 4 mixed for twin",
        "take ayuda es-419 line 3 mixed for twin",
        "take ayuda es-419 line 4 mixed for twin",
    ]
    # What listeners of feeds get is not touched, and a second build does nothing.
    assert tree(root / "build") == before
    assert labels(build(root)) == []


def test_the_pack_of_the_station_says_its_number_and_no_other_pack_does(root: Path) -> None:
    override(root, OWN)
    packs, _ = pack(root)
    assert packs["twin"].path.name != packs["packs"].path.name
    own, general = words(packs["twin"]), words(packs["packs"])
    assert "7 7 0 0" in own
    assert "7 7 0 0" not in general
    assert "9 1 1" in general
    # The paper names the general number once for each language it is written in, and whose the
    # own one is; no edition says it.
    assert (
        "Costa Rica Emergencies: 7 7 0 0, in the place of Costa Rica Emergencies: 9 1 1"
        in unwrapped(own)
    )
    assert "Port" in own
    assert "Llame al 9 1 1" not in own
    told: dict[str, object]
    (told,) = manifest(packs["twin"])["overrides"]  # type: ignore[misc]
    assert told["fact"] == "cr-911"
    assert told["sources"] == [{"title": "Port", "url": "https://port.example.org/"}]
    assert "overrides" not in manifest(packs["packs"])
    # Its last good day is that of the own number.
    assert packs["twin"].valid_until == date(2026, 12, 31)
    # Nothing in the pack tells where a private station is.
    assert "Puntarenas" not in own
    assert "reason" not in told
    again, _ = pack(root)
    assert all(one.unchanged for one in again.values())


def test_a_public_station_tells_the_reason(root: Path) -> None:
    override(root, "publish_identity: yes\n" + OWN)
    packs, _ = pack(root, "twin")
    assert "In Puntarenas the port answers." in words(packs["twin"])


def test_stations_with_the_same_own_number_share_one_pack(root: Path) -> None:
    override(root, OWN)
    override(root, OWN, "packs")
    packs, report = pack(root)
    assert packs["packs"].path.read_bytes() == packs["twin"].path.read_bytes()
    assert packs["packs"].path.name == packs["twin"].path.name
    assert len([label for label in labels(report) if label.startswith("slot ")]) == 2


def test_a_pack_with_the_number_of_before_does_not_lie_beside_the_new_one(root: Path) -> None:
    before = pack(root)[0]["twin"].path
    mine = before.with_name("keep-this.zip")
    mine.write_bytes(before.read_bytes())
    override(root, OWN)
    packs, _ = pack(root)
    assert packs["twin"].path != before
    assert sorted(before.parent.iterdir()) == sorted([mine, packs["twin"].path])
    assert packs["packs"].path.is_file()


def test_another_contact_of_the_workspace_may_be_said_instead(root: Path) -> None:
    override(root, BY_ID)
    packs, _ = pack(root)
    assert "1 1 0" in words(packs["twin"])
    (event,) = Ledger(root / "private").events("packed", station="twin")
    assert event.facts["facts"] == ["cr-110"]
    impact = fact_impact(read(root), "cr-110", today=TODAY)
    assert {(one.station, one.profile) for one in impact.editions} == {("twin", "broadcast")}
    assert [one.id for one in impact.stations] == ["twin"]
    assert [one.station for one in impact.packs] == ["twin"]
    # What impact says is what a new number rebuilds.
    edit(root / "facts/cr-110.yml", '["1", "1", "0"]', '["1", "2", "0"]')
    report = build(root)
    editions = [
        f"edition corta corta-1 {one.language} broadcast for twin" for one in impact.editions
    ]
    assert labels(report) == sorted([*impact.takes, *impact.slots, *editions])
    # The general number no longer reaches the station.
    impact = fact_impact(read(root), "cr-911", today=TODAY)
    assert [one.id for one in impact.stations] == ["feed", "packs"]
    assert [(one.station, one.says) for one in impact.overrides] == [("twin", "1 2 0")]
    card = fact_card(read(root), "cr-911")
    assert [one.place for one in card.overrides] == ["stations/twin.yml:9"]


def test_what_the_stations_number_runs_out_leaves_its_pack_and_no_other(root: Path) -> None:
    override(root, OWN)
    late = date(2027, 1, 1)
    packs, report = pack(root, day=late)
    assert "7 7 0 0" not in words(packs["twin"]).partition("in the place of")[0]
    assert "9 1 1" not in words(packs["twin"])
    assert "9 1 1" in words(packs["packs"])
    assert {(one.segment, one.station, one.cause) for one in report.left_out if one.station} == {
        ("ayuda", "twin", Cause.EXPIRED)
    }
    assert "Ayuda" in words(packs["twin"])


def test_when_the_general_number_runs_out_the_stations_own_is_still_said(root: Path) -> None:
    override(root, OWN.replace("2026-12-31", "2027-01-14"))
    edit(root / "facts/cr-911.yml", '"2027-01-31"', '"2026-12-25"')
    packs, _ = pack(root, day=date(2026, 12, 26))
    assert "7 7 0 0" in words(packs["twin"])
    assert "Call" not in words(packs["packs"])


def test_a_recording_says_everybodys_number_and_is_not_for_the_station(root: Path) -> None:
    script = read(root).translations["ayuda", EN].script
    assert script is not None
    record(root / "recordings/ayuda/en/a.wav", "Call")
    take = f'script: "{script.words_digest}"\nfiles: [a.wav]\n'
    (root / "recordings/ayuda/en/take.yml").write_text(take, encoding="utf-8")
    override(root, OWN)
    report = build(root)
    (item,) = {one for one in report.left_out if one.segment == "ayuda" and one.language == EN}
    assert (item.station, item.cause) == ("twin", Cause.STALE_RECORDING)
    assert "segment of its own" in item.remedy


def test_a_stations_own_number_falls_due_like_any_fact(root: Path) -> None:
    override(root, OWN)
    due = list_due(read(root), today=TODAY, until=date(2026, 12, 31))
    (row,) = [row for row in due if row.kind == "override"]
    assert (row.id, row.why, row.day) == ("cr-911 at twin", "expires", date(2026, 12, 31))
    assert (row.place, row.segments) == ("stations/twin.yml:9", 1)


def test_a_feed_publishes_everybodys_number_only(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    override(root, OWN)
    done = run_here("publish", "-j1", "public", "-w", root, capture=capsys)
    assert done.code == ExitCode.OK, done.said
    for path in (root / "public").rglob("*"):
        if path.is_file():
            assert b"7 7 0 0" not in path.read_bytes(), path
    done = run_here("status", "-w", root, capture=capsys)
    assert "broadcast for twin" in done.out
