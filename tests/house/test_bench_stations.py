"""The benchmark of stations measures what it says: the workload is fixed, faultless and mixed."""

from collections import Counter
from datetime import date
from pathlib import Path

from bench.stations_workload import write_stations_workload
from production.stations.checks import check_stations
from programme.digests import digest_file
from programme.stations import Delivery
from scripts.workspace import read_workspace


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest_file(path) for path in files}


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_stations_workload(tmp_path / name, seed=seed, stations=10)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a") != digests(tmp_path / "c")


def test_the_workload_has_stations_of_every_kind_and_no_errors(tmp_path: Path) -> None:
    workload = write_stations_workload(tmp_path / "w", seed=1, stations=100)
    workspace, findings = read_workspace(tmp_path / "w", today=date(2026, 11, 23))
    assert workspace is not None
    check_stations(workspace, workspace.stations.values(), findings)
    assert not findings.has_errors, "\n".join(str(finding) for finding in findings)
    stations = workspace.stations.values()
    deliveries = Counter(one.delivery for one in stations)
    assert deliveries == {
        Delivery.FOLDER: 30,
        Delivery.PACK: 50,
        Delivery.USB: 10,
        Delivery.FEED: 10,
    }
    assert len(workspace.episodes) == workload.episodes == 40
    assert sum(bool(one.overrides) for one in stations) == workload.overriding == 10
    assert sum(not one.publish_identity for one in stations) == workload.private
    assert 40 < workload.private < 60
    assert sum(one.loop is not None for one in stations) == 20
    assert len({one.automation for one in stations}) == 10
