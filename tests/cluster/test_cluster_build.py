"""A build on workers of a cluster: the bytes of a build here, whatever dies on the way."""

import random  # noqa: TID251 - moments at which somebody is killed, from a seed
import shutil
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from dask import config as dask_config

from production.shared.places import parse_place
from programme.errors import ExitCode, ProductionError
from tests.cluster.builds import Site, listeners
from tests.cluster.dask_here import (
    Dask,
    certificates,
    dask,
    many_slots,
    other_version,
    settings_of,
)
from tests.production.running import TINY, build, ran, tree
from tests.production.small import write_small
from tests.targets.careless import careless_before
from tests.targets.faults import FOR_EVER, Refuses

SMALL = 60_000
"""Bytes that no coded slot of these tests fits into."""


def stored(everything: dict[str, str]) -> set[str]:
    """Give the objects of the store, of a tree of a whole workspace."""
    below = ".altavoz/store/"
    names = {path.removeprefix(below) for path in everything if path.startswith(below)}
    return {name for name in names if not name.startswith("tmp/")}


def test_a_build_on_a_cluster_gives_the_bytes_of_one_here(
    cluster: Dask, site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    place = site()
    built = place.build(cluster=cluster.address)
    assert ran(built.report)[1:] == (4, 1)
    assert place.built() == listeners(tiny)
    # All that it made is here, too: the next change costs a slot, with or without the cluster.
    assert place.objects() >= stored(tiny)
    assert not place.build(cluster=cluster.address).report.run.total


def test_workers_fill_a_store_again_that_was_cleaned_since_their_last_build(
    cluster: Dask, site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    one = site("one")
    one.build(cluster=cluster.address)
    share = Path(one.place.options["path"])
    shutil.rmtree(share)
    share.mkdir()
    two = site("two")
    assert ran(two.build(cluster=cluster.address).report)[1:] == (4, 1)
    assert two.built() == listeners(tiny)


def test_a_step_that_fails_there_fails_here_with_the_path_of_this_machine(
    cluster: Dask, site: Callable[..., Site]
) -> None:
    place = site()
    (place.root / "sounds" / "tono.wav").write_bytes(b"RIFF of nothing")
    built = place.build(cluster=cluster.address)
    assert built.report.failures
    assert any(
        str(place.root / "sounds/tono.wav") in error.where for error in built.report.failures
    )


def test_workers_of_another_version_are_refused_by_name(
    tmp_path: Path, site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    place = site()
    with dask(tmp_path / "dask", workers=0) as made:
        made.begin_worker(env=other_version(tmp_path / "numpy", "numpy", "9.9.9"), wait=True)
        with pytest.raises(ProductionError, match="no worker may work") as refused:
            place.build(cluster=made.address)
        assert "numpy is 9.9.9 there and " in refused.value.where
        assert refused.value.code is ExitCode.TARGET
        # One that fits does it all.
        made.begin_worker(wait=True)
        built = place.build(cluster=made.address)
    assert any("numpy is 9.9.9" in line for line in built.said)
    assert place.built() == listeners(tiny)


def test_a_full_disk_on_one_worker_leaves_the_work_to_the_others(
    tmp_path: Path, site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    place = site()
    with dask(tmp_path / "dask", workers=0) as made:
        full = made.begin_worker(most_file_bytes=SMALL)
        with pytest.raises(ProductionError, match="no worker may work") as stopped:
            place.build(cluster=made.address)
        assert "disk" in stopped.value.where
        made.begin_worker(wait=True)
        built = place.build(cluster=made.address)
        assert full.poll() is None
    assert any("gets no work" in line and "disk" in line for line in built.said)
    assert place.built() == listeners(tiny)


def kill_in_a_build(folder: Path, place: Site, *, kills: int, seed: int) -> int:
    """Build while workers are killed at moments of a seed; each is begun anew."""
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    killed = 0
    with dask(folder) as made:

        def kill(kind: str) -> None:
            nonlocal killed
            del kind
            if killed < kills:
                killed += 1
                victim = chance.choice(made.workers)
                timer = threading.Timer(chance.uniform(0.0, 0.4), victim.kill)
                timer.start()
                timer.join()
                made.kill(victim)
                made.begin_worker()

        built = place.build(cluster=made.address, heard=kill)
    assert not built.report.failures
    return killed


def test_workers_that_are_killed_lose_nothing(
    tmp_path: Path, site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    place = site()
    assert kill_in_a_build(tmp_path / "dask", place, kills=3, seed=8) == 3
    assert place.built() == listeners(tiny)


@pytest.mark.slow
def test_twenty_workers_killed_in_one_build_lose_nothing(
    tmp_path: Path, site: Callable[..., Site]
) -> None:
    changes = many_slots(28)
    here = write_small(tmp_path / "here", changes)
    assert ran(build(here))[1:] == (28, 1)
    place = site(changes=changes)
    assert kill_in_a_build(tmp_path / "dask", place, kills=20, seed=20) == 20
    assert place.built() == tree(here / "build")


def test_a_scheduler_that_is_begun_anew_loses_nothing(
    tmp_path: Path, site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    place = site()
    again: list[str] = []
    with dask(tmp_path / "dask") as made:

        def restart(kind: str) -> None:
            if not again:
                again.append(kind)
                assert made.scheduler is not None
                made.kill(made.scheduler)
                for worker in list(made.workers):
                    made.kill(worker)
                made.begin_scheduler()
                made.begin_worker()

        built = place.build(cluster=made.address, heard=restart)
    assert again
    assert not built.report.failures
    assert place.built() == listeners(tiny)


def test_a_scheduler_that_does_not_come_back_ends_the_build_with_what_to_do(
    tmp_path: Path, site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    place = site()
    with dask(tmp_path / "dask", workers=0) as made:
        made.begin_worker(wait=True)

        def end(kind: str) -> None:
            del kind
            made.end()

        with pytest.raises(ProductionError) as ended:
            place.build(cluster=made.address, heard=end, patience_s=10)
        assert ended.value.code is ExitCode.TARGET
        assert "run the command again" in ended.value.remedy
    # What was made is kept, and the rest is made here.
    built = place.build()
    assert ran(built.report)[1] < 4
    assert place.built() == listeners(tiny)


def test_a_cluster_that_is_not_there_is_told_at_once(site: Callable[..., Site]) -> None:
    with pytest.raises(ProductionError, match="cannot be reached") as ended:
        site().build(cluster="tcp://127.0.0.1:9")
    assert ended.value.code is ExitCode.TARGET


def test_a_cluster_without_workers_is_told_with_what_to_begin(
    tmp_path: Path, site: Callable[..., Site]
) -> None:
    with dask(tmp_path / "dask", workers=0) as made:
        with pytest.raises(ProductionError, match="no worker is at the scheduler") as ended:
            site().build(cluster=made.address, patience_s=1)
        assert "dask worker" in ended.value.remedy


@pytest.mark.slow
def test_a_worker_that_comes_late_works(
    tmp_path: Path, site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    place = site()
    with dask(tmp_path / "dask", workers=0) as made:
        timer = threading.Timer(2.0, made.begin_worker)
        timer.start()
        built = place.build(cluster=made.address)
        timer.join()
    assert not built.report.failures
    assert place.built() == listeners(tiny)


def test_a_build_goes_over_an_encrypted_line_and_strangers_get_no_answer(
    tmp_path: Path,
    site: Callable[..., Site],
    tiny: dict[str, str],
) -> None:
    place = site()
    tls = certificates(tmp_path / "ca")
    with dask(tmp_path / "dask", workers=1, tls=tls) as made:
        assert made.address.startswith("tls://")
        with pytest.raises(ProductionError, match="no certificate"):
            place.build(cluster=made.address)
        with pytest.raises(ProductionError, match="cannot be reached"):
            place.build(cluster=made.address.replace("tls://", "tcp://"))
        with dask_config.set(settings_of(tls)):
            built = place.build(cluster=made.address)
    assert not built.report.failures
    assert place.built() == listeners(tiny)


@pytest.mark.slow
def test_a_stopped_worker_is_given_company(
    tmp_path: Path,
    site: Callable[..., Site],
    tiny: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("production.cluster.crew.SLOW_S", 2.0)
    place = site()
    with dask(tmp_path / "dask", workers=0) as made:
        stopped = made.begin_worker(wait=True)
        made.begin_worker(wait=True)

        def stop(kind: str) -> None:
            del kind
            stopped.send_signal(signal.SIGSTOP)

        built = place.build(cluster=made.address, heard=stop)
        assert stopped.poll() is None
    assert not built.report.failures
    assert place.built() == listeners(tiny)


def test_the_shared_store_may_be_a_bucket_that_answers_500_now_and_then(
    tmp_path: Path, moto: str, bucket: str, tiny: dict[str, str]
) -> None:
    with careless_before(moto) as careless, dask(tmp_path / "dask") as made:
        settings = parse_place(f"s3://{bucket}/team", {"AWS_ENDPOINT_URL_S3": careless.address})
        place = Site(root=write_small(tmp_path / "one", TINY), place=settings)
        careless.choose(Refuses(status=500, code="InternalError", first=1))
        built = place.build(cluster=made.address)
        assert not built.report.failures
        assert place.built() == listeners(tiny)
        # And one that never answers anything else ends the build with what to do.
        other = Site(root=write_small(tmp_path / "two", TINY), place=settings)
        careless.choose(Refuses(status=500, code="InternalError", first=FOR_EVER))
        with pytest.raises(ProductionError, match="the server is in trouble") as ended:
            other.build(cluster=made.address, key=None)
    assert ended.value.code is ExitCode.TARGET
    assert "run the command again" in ended.value.remedy


def test_a_worker_elsewhere_gets_nothing_of_a_plain_scheduler_here(
    tmp_path: Path, site: Callable[..., Site]
) -> None:
    place = site()
    with dask(tmp_path / "dask", workers=0) as made:
        made.begin_worker(known_as="tcp://192.0.2.7:40001", wait=True)
        with pytest.raises(ProductionError, match="no worker may work") as refused:
            place.build(cluster=made.address)
    assert "without encryption" in refused.value.where
    assert not place.built()
