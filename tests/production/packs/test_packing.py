"""Packs: the serial follows the content, the bytes follow the serial, and nothing stale is in."""

import json
import re
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from production.building import BuildReport, Workshop
from production.ledger.ledger import LEDGER_FILE, Ledger
from production.packs.packing import (
    BuiltPack,
    PackOrder,
    build_packs,
    find_pack_station,
    pack_stations,
)
from production.reports import packs_report
from programme.errors import ExitCode, ProductionError
from tests.production.running import TODAY, Quiet, built_once, copy_of, edit, read
from tests.production.small import FILES
from tests.strict import ToolFinder

TOMORROW = date(2026, 11, 23)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "known", known=True)


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return copy_of(built, tmp_path / "small")


def pack(root: Path, *names: str, day: date = TODAY) -> tuple[list[BuiltPack], BuildReport]:
    """Build and pack."""
    workspace = read(root, day)
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=day)
        report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
        assert not report.failures
        return build_packs(
            shop, workspace, report, names=names, order=PackOrder(today=day, rehearsal=True)
        ), report


def texts(path: Path) -> dict[str, str]:
    """Give every member that is text."""
    with ZipFile(path) as archive:
        return {
            name: archive.read(name).decode("utf-8")
            for name in archive.namelist()
            if not name.endswith((".mp3", ".wav"))
        }


def manifest(path: Path) -> dict[str, object]:
    [name] = [name for name in texts(path) if name.endswith("pack.json")]
    found: dict[str, object] = json.loads(texts(path)[name])
    return found


def serials(packs: Sequence[BuiltPack]) -> dict[str, int]:
    return {pack.station: pack.serial for pack in packs}


def test_the_same_content_keeps_serial_date_and_bytes(root: Path) -> None:
    first, _ = pack(root)
    assert serials(first) == {"packs": 1, "terminal": 1}
    before = [(p.path.read_bytes(), p.path.stat().st_mtime_ns) for p in first]
    again, _ = pack(root, day=TOMORROW)
    assert all(p.unchanged for p in again)
    assert [p.issued for p in again] == [TODAY, TODAY]
    assert [(p.path.read_bytes(), p.path.stat().st_mtime_ns) for p in again] == before
    assert len(list(Ledger(root).events("pack"))) == 2


def test_the_serial_counts_up_only_for_the_pack_whose_content_changed(root: Path) -> None:
    pack(root)
    file = root / "episodes/corta-1.yml"
    edit(file, "Water and help", "Help and water")
    changed, _ = pack(root, day=TOMORROW)
    assert serials(changed) == {"packs": 2, "terminal": 1}
    assert {p.station: p.issued for p in changed} == {"packs": TOMORROW, "terminal": TODAY}
    assert manifest(changed[0].path)["serial"] == 2
    # Back to the first content is another content than the last pack's: never the old serial.
    edit(file, "Help and water", "Water and help")
    assert serials(pack(root, day=TOMORROW)[0]) == {"packs": 3, "terminal": 1}


def test_the_ledger_notes_each_pack_with_its_serial_dates_and_content(root: Path) -> None:
    [pack_, _], _ = pack(root)
    [event] = [e for e in Ledger(root).events("pack") if e.facts["pack"] == pack_.path.stem]
    assert event.facts["serial"] == 1
    assert event.facts["issued"] == "2026-11-22"
    assert event.facts["valid_until"] == pack_.valid_until.isoformat() == "2027-01-15"
    assert len(event.facts["content"]) == 64
    assert "packs" not in (root / LEDGER_FILE).read_text()
    assert "Radio B" not in (root / LEDGER_FILE).read_text()


def test_two_folders_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    found = []
    for name in ("one", "a-longer-name/two"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        packs, _ = pack(copy_of(built, tmp_path / name))
        found.append({p.station: (p.path.name, p.path.read_bytes()) for p in packs})
        for one in packs:
            # A path of this machine in a pack would tell where it was made.
            assert str(tmp_path).encode() not in one.path.read_bytes()
    assert found[0] == found[1]


def test_a_pack_that_is_lost_or_damaged_is_made_again_as_it_was(root: Path) -> None:
    first, _ = pack(root)
    before = [p.path.read_bytes() for p in first]
    first[0].path.unlink()
    first[1].path.write_bytes(b"damaged")
    again, _ = pack(root, day=TOMORROW)
    assert [p.unchanged for p in again] == [False, False]
    assert [p.path.read_bytes() for p in again] == before
    assert serials(again) == {"packs": 1, "terminal": 1}


def test_private_stations_with_the_same_needs_share_a_pack_and_its_serial(root: Path) -> None:
    twin = FILES["stations/packs.yml"].replace("Radio B", "Radio C").replace("CR", "GT")
    (root / "stations" / "twin.yml").write_text(twin, encoding="utf-8")
    for day in (TODAY, TOMORROW):
        packs, _ = pack(root, day=day)
        one, two = (p for p in packs if p.station in {"packs", "twin"})
        assert one.path.name == two.path.name
        assert one.path.read_bytes() == two.path.read_bytes()
        assert (one.serial, two.serial) == (1, 1)
    assert len(list(Ledger(root).events("pack"))) == 2


def test_a_private_station_is_named_nowhere_in_its_pack(root: Path) -> None:
    [found], _ = pack(root, "packs")
    data = found.path.read_bytes()
    assert b"Radio B" not in data
    assert "packs" not in found.path.name
    station = root / "stations" / "packs.yml"
    station.write_text(station.read_text() + "publish_identity: yes\n")
    [public], _ = pack(root, "packs")
    assert public.path.name == "small_packs.zip"
    assert b"Radio B" in public.path.read_bytes()


@pytest.mark.tools
def test_sha256sum_finds_every_file_of_an_unpacked_pack_whole(
    root: Path, tmp_path: Path, tool: ToolFinder
) -> None:
    program = tool("sha256sum")
    packs, _ = pack(root)
    for one in packs:
        folder = tmp_path / one.station
        with ZipFile(one.path) as archive:
            archive.extractall(folder)
            members = set(archive.namelist())
        [sums] = folder.rglob("SHA256SUMS")
        done = subprocess.run(
            [program, "--strict", "-c", sums.relative_to(folder)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) == len(members) - 2
        track = next(folder.rglob("*.mp3"), None) or next(folder.rglob("*.wav"))
        data = bytearray(track.read_bytes())
        data[-1] ^= 1
        track.write_bytes(bytes(data))
        done = subprocess.run(
            [program, "-c", sums.relative_to(folder)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "FAILED" in done.stdout


def test_what_ran_out_is_not_in_a_new_pack_and_the_readme_says_so(root: Path) -> None:
    before, _ = pack(root, "packs")
    assert any("Llame" in text for text in texts(before[0].path).values())
    edit(root / "scripts/ayuda/segment.yml", '"2027-01-15"', '"2026-11-30"')
    edit(root / "scripts/ayuda/segment.yml", '"2026-12-20"', '"2026-11-25"')
    [after], report = pack(root, "packs", day=date(2026, 12, 1))
    assert {item.cause.value for item in report.left_out if item.segment == "ayuda"} >= {"expired"}
    assert after.serial == 2
    found = texts(after.path)
    [readme] = [text for name, text in found.items() if name.endswith("README.txt")]
    for name, text in found.items():
        assert "Llame al" not in text, name
        assert "9 1 1" not in text, name
        # In digests, lengths, and in sound as base64, any figures may stand.
        words = re.sub(r'[A-Za-z0-9+/=]{40,}|"\w+":-?[0-9.]+|Oxum: [0-9.]+', "", text)
        assert "911" not in words, name
    assert "Ayuda" in readme
    assert after.valid_until == date(2027, 1, 15)


def test_the_readme_lists_what_is_left_out_and_why(root: Path) -> None:
    edit(root / "scripts/agua/es-419.md", "Beba poco a poco.", "Beba despacio.")
    [found], _ = pack(root, "packs")
    [readme] = [text for name, text in texts(found.path).items() if name.endswith("README.txt")]
    assert "Water" in readme
    other = texts(found.path)
    assert any("Beba despacio." in text for text in other.values())
    assert not any("Drink little by little." in text for text in other.values())


def test_a_pack_of_editions_past_their_date_is_refused(root: Path) -> None:
    workspace = read(root)
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=TODAY)
        report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
        build_packs(shop, workspace, report, names=(), order=PackOrder(today=TODAY, rehearsal=True))
        with pytest.raises(ProductionError) as caught:
            build_packs(
                shop,
                workspace,
                report,
                names=(),
                order=PackOrder(today=date(2027, 1, 16), rehearsal=True),
            )
    assert caught.value.code is ExitCode.EXPIRED
    assert len(list(Ledger(root).events("pack"))) == 2


def test_a_serial_is_spent_before_its_pack_is_there(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from production.packs import files as pack_files

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pack_files, "write_pack", killed)
        with pytest.raises(KeyboardInterrupt):
            pack(root, "packs")
    # The next day: the same content, so the same serial and day of issue as was noted.
    [found], _ = pack(root, "packs", day=TOMORROW)
    assert (found.serial, found.issued, found.unchanged) == (1, TODAY, False)
    assert len(list(Ledger(root).events("pack"))) == 1


def test_only_stations_that_take_packs_get_one(root: Path) -> None:
    workspace = read(root)
    assert [station.id for station in pack_stations(workspace)] == ["packs", "terminal"]
    with pytest.raises(ProductionError, match="takes a feed") as caught:
        find_pack_station(workspace, "feed")
    assert caught.value.where == "stations/feed.yml"
    with pytest.raises(ProductionError, match="no station nowhere") as caught:
        find_pack_station(workspace, "nowhere")
    assert "packs, terminal" in caught.value.problem


def test_the_report_of_packs_is_plain(root: Path) -> None:
    packs, _ = pack(root, "terminal")
    [row] = json.loads(json.dumps(packs_report(packs)))
    assert (row["station"], row["serial"], row["unchanged"]) == ("terminal", 1, False)
    assert row["bytes"] == Path(row["file"]).stat().st_size
    assert row["languages"] == ["en", "es-419"]


def test_a_pack_of_another_name_does_not_stay_beside_the_new_one(root: Path) -> None:
    [before] = [one.path for one in pack(root, "packs")[0]]
    own = before.with_name("mine.zip")
    own.write_bytes(b"PK")
    edit(root / "stations/packs.yml", "languages: [es-419, en]", "languages: [es-419]")
    [after] = [one.path for one in pack(root, "packs")[0]]
    assert after.name != before.name
    assert sorted(after.parent.glob("*.zip")) == sorted([after, own])
