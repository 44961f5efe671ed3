"""Packs of many stations, as ZIPs, folders and on sticks; and what may not be in any of them."""

import json
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import bagit
import pytest

from production.building import BuildReport, Workshop
from production.keys.store import KeyStore
from production.ledger.ledger import Ledger
from production.packs import archive as pack_archive
from production.packs.files import disk_use
from production.packs.gates import refuse_packs
from production.packs.packing import BuiltPack, PackOrder, build_packs
from production.packs.recall import Histories
from production.packs.request import PackShelf
from programme.errors import ExitCode, ProductionError
from programme.segments import SegmentKind
from scripts.workspace import Workspace
from tests.production.packs.test_overrides import OWN
from tests.production.running import TODAY, Quiet, built_once, copy_of, edit, read, run_here
from tests.production.small import FILES

TERMINAL = FILES["stations/terminal.yml"].lstrip()
REHEARSAL = PackOrder(today=TODAY, rehearsal=True)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "known", known=True)


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return copy_of(built, tmp_path / "small")


def pack(
    root: Path, *names: str, order: PackOrder = REHEARSAL, unzipped: bool = False
) -> list[BuiltPack]:
    workspace = read(root)
    with Workshop(root).open() as shop:
        report = rebuilt(shop, workspace)
        return build_packs(shop, workspace, report, names=names, order=order, unzipped=unzipped)


def rebuilt(shop: Workshop, workspace: Workspace) -> BuildReport:
    plan = shop.plan(workspace, today=TODAY)
    report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
    assert not report.failures
    return report


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def add_stations(root: Path, count: int, *, public: int) -> None:
    for number in range(count):
        text = TERMINAL.replace('"Terminal"', f'"Terminal {number}"')
        if number < public:
            text += "publish_identity: yes\n"
        (root / f"stations/t{number:02d}.yml").write_text(text, encoding="utf-8")


def test_equal_packs_of_many_stations_are_one_file(root: Path) -> None:
    add_stations(root, 12, public=2)
    packs = pack(root)
    assert len(packs) == 14
    private = [one for one in packs if one.path.name == packs[-1].path.name]
    # The ten private ones, and the terminal that was there before.
    assert len(private) == 11
    kept = pack_archive.find(root, private[0].path.stem, 1)
    assert kept is not None
    assert len({one.path.stat().st_ino for one in private} | {kept.stat().st_ino}) == 1
    total, used = disk_use(one.path for one in packs)
    size = private[0].length_bytes
    assert total == sum(one.length_bytes for one in packs)
    assert used == total - 10 * size
    # They stay one file when all of it is asked for again.
    assert all(one.unchanged for one in pack(root))


def test_a_folder_is_the_unzipped_pack_and_its_sound_is_the_stores(root: Path) -> None:
    [zipped] = pack(root, "terminal")
    with ZipFile(zipped.path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    [made] = pack(root, "terminal", unzipped=True)
    assert contents(made.path) == members
    assert made.length_bytes == sum(len(data) for data in members.values())
    # One of the two forms is there, so that nobody takes an old one along.
    assert not zipped.path.exists()
    assert bagit.Bag(str(made.path)).validate()
    for path in made.path.rglob("*.mp3"):
        assert path.stat().st_nlink > 1
        assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    [again] = pack(root, "terminal", unzipped=True)
    assert again.unchanged
    [back] = pack(root, "terminal")
    assert not made.path.exists()
    assert back.digest == zipped.digest


def test_folders_of_equal_packs_share_every_file(root: Path) -> None:
    add_stations(root, 3, public=0)
    packs = pack(root, "t00", "t01", "t02", unzipped=True)
    total, used = disk_use(one.path for one in packs)
    assert used * 3 == total


def test_a_folder_is_made_anew_when_what_is_said_changes(root: Path) -> None:
    pack(root, "packs", unzipped=True)
    edit(root / "episodes/corta-1.yml", "Water and help", "Help and water")
    [made] = pack(root, "packs", unzipped=True)
    assert made.serial == 2
    assert json.loads((made.path / "pack.json").read_bytes())["serial"] == 2
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]


def test_demo_facts_are_not_packed_for_listeners(root: Path) -> None:
    with pytest.raises(ProductionError, match="may not be published there") as caught:
        pack(root, "packs", order=PackOrder(today=TODAY))
    demo = "cr-911 (facts/cr-911.yml:1) is a demo fact; owner: Verification desk"
    assert demo in caught.value.problem
    assert caught.value.where == "packs for packs"
    assert caught.value.code is ExitCode.EXPIRED
    assert "--rehearsal" in caught.value.remedy
    assert list(Ledger(root).events("pack")) == []
    edit(root / "facts/cr-911.yml", "status: demo", "status: active")
    assert pack(root, "packs", order=PackOrder(today=TODAY))


def test_all_that_may_not_go_out_is_named_for_all_stations_before_any_is_packed(
    root: Path,
) -> None:
    for name in ("t00", "t01"):
        shutil.copy(root / "stations/packs.yml", root / f"stations/{name}.yml")
    with (root / "stations/packs.yml").open("a", encoding="utf-8") as file:
        file.write(OWN)
    with pytest.raises(ProductionError) as caught:
        pack(root, "packs", "t00", "t01", order=PackOrder(today=TODAY))
    # What several have in common is told once.
    assert "\npacks for t00, packs for t01: may not be published there" in caught.value.problem
    assert "\npacks for packs: may not be published there" in caught.value.problem
    assert caught.value.problem.count("stations/packs.yml") == 1
    assert caught.value.remedy.count("verify each") == 1
    assert caught.value.code is ExitCode.EXPIRED
    assert list(Ledger(root).events("pack")) == []


def test_one_pack_is_refused_by_every_gate_at_once(root: Path) -> None:
    workspace = read(root)
    agua = replace(workspace.segments["agua"], kind=SegmentKind.TESTIMONY)
    altered = replace(workspace, segments={**workspace.segments, "agua": agua})
    with Workshop(root).open() as shop:
        editions = rebuilt(shop, workspace).editions
    station = workspace.stations["packs"]
    chosen = PackShelf(workspace, editions, Histories(Ledger(root))).choose(station)
    with pytest.raises(ProductionError) as caught:
        refuse_packs(altered, {"packs": chosen}, rehearsal=False, today=TODAY)
    assert "is a demo fact" in caught.value.problem
    assert "testimonies would stay on air" in caught.value.problem


def test_a_demo_value_that_only_a_station_says_is_not_packed_for_listeners(root: Path) -> None:
    edit(root / "facts/cr-911.yml", "status: demo", "status: active")
    with (root / "stations/packs.yml").open("a", encoding="utf-8") as file:
        file.write(OWN)
    with pytest.raises(ProductionError, match="is a demo fact") as caught:
        pack(root, "packs", order=PackOrder(today=TODAY))
    assert "stations/packs.yml" in caught.value.problem


def test_where_all_targets_are_rehearsals_packs_are_too(root: Path) -> None:
    edit(root / "altavoz.toml", '[targets.real]\nkind = "folder"\npath = "real"\n', "")
    # Nothing stopped texts that nobody reviewed either, so that it says what it is.
    edit(root / "facts/cr-911.yml", "status: demo", "status: active")
    [made] = pack(root, "packs", order=PackOrder(today=TODAY))
    with ZipFile(made.path) as archive:
        assert json.loads(archive.read("pack.json"))["demo"] is True


def test_a_rehearsal_says_that_it_is_an_example(root: Path) -> None:
    edit(root / "facts/cr-911.yml", "status: demo", "status: active")
    for order, demo in ((PackOrder(today=TODAY), False), (REHEARSAL, True)):
        [made] = pack(root, "packs", order=order)
        with ZipFile(made.path) as archive:
            assert json.loads(archive.read("pack.json"))["demo"] is demo
            assert (b"EXAMPLE" in archive.read("README.txt")) is demo


def test_a_stick_gets_the_pack_that_the_zip_holds(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Until when a pack is valid was not spoken here yet.
    root = copy_of(built_once(tmp_path_factory, "small"), tmp_path / "unpacked")
    stick = tmp_path / "STICK"
    stick.mkdir()
    command = ("pack", "-j1", "-w", root, "--rehearsal", "terminal", "--to", stick)
    done = run_here(*command, "--dry-run", capture=capsys)
    assert done.code == 0, done.said
    assert "steps would run first" in done.out
    assert list(stick.iterdir()) == []
    assert list(Ledger(root).events("pack")) == []
    done = run_here(*command, "--json", capture=capsys)
    assert done.code == 0, done.said
    [row] = json.loads(done.out)
    with ZipFile(row["file"]) as archive:
        assert contents(stick) == {name: archive.read(name) for name in archive.namelist()}
        assert row["stick"]["copy"] == archive.namelist()
    assert row["stick"]["read_back_bytes"] == sum(map(len, contents(stick).values()))
    done = run_here(*command, capture=capsys)
    assert "0 files deleted, 0 files copied" in done.out
    other = tmp_path / "OTHER"
    other.mkdir()
    done = run_here(*command[:-1], other, "--dry-run", capture=capsys)
    assert "copy pack.json" in done.out
    assert list(other.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--to", "."), "--to takes the pack of one station"),
        (("--replace",), "--replace goes with --to"),
        (("--to", ".", "--folder", "terminal"), "do not go together"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    done = run_here("pack", "-w", root, *arguments, capture=capsys)
    assert done.code == ExitCode.USAGE
    assert words in done.err


@pytest.mark.tools
def test_packs_are_signed_where_the_key_is_and_refused_where_it_is_not(
    root: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tool: Callable[[str], str],
) -> None:
    monkeypatch.setenv("ALTAVOZ_KEYS", str(tmp_path / "keys"))
    command: tuple[Any, ...] = ("pack", "-j1", "-w", root, "--rehearsal", "terminal")
    done = run_here(*command, capture=capsys)
    assert "not signed: altavoz.toml names no keys" in done.err
    done = run_here("keys", "new", "-w", root, "--no-password", capture=capsys)
    assert done.code == 0, done.said
    done = run_here(*command, "--json", capture=capsys)
    assert done.code == 0, done.said
    [row] = json.loads(done.out)
    with ZipFile(row["file"]) as archive:
        archive.extractall(tmp_path / "pack")
    key = read(root).network.signing_keys[0]
    subprocess.run(
        [tool("minisign"), "-q", "-Vm", "pack.json", "-P", key], cwd=tmp_path / "pack", check=True
    )
    # On another machine.
    monkeypatch.setenv("ALTAVOZ_KEYS", str(tmp_path / "none"))
    done = run_here(*command, capture=capsys)
    assert done.code == ExitCode.INPUT
    assert "is not on this machine" in done.err
    done = run_here(*command, "--unsigned", capture=capsys)
    assert done.code == 0, done.said
    assert "not signed" in done.err
    assert KeyStore(folder=tmp_path / "none").folder.exists() is False
