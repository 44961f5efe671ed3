"""Workers do every call once, in any number of processes, whoever is killed meanwhile."""

import os
import signal
from multiprocessing import active_children
from pathlib import Path

import pytest

from production.store import DamagedObjectError
from production.workers import Workers
from programme.errors import ExitCode, ProductionError
from tests.production.worker_calls import double, fall, modules, need, refuse, resident


@pytest.fixture(autouse=True)
def no_other_process() -> None:
    assert not active_children()


def outcomes(workers: Workers, count: int) -> dict[str, object]:
    return dict(workers.ended() for _ in range(count))


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_every_call_is_done_once_and_given_back_once(tmp_path: Path, jobs: int) -> None:
    with Workers(jobs) as workers:
        for number in range(20):
            workers.begin(str(number), (double, tmp_path, number))
        assert outcomes(workers, 20) == {str(number): 2 * number for number in range(20)}
        assert not workers.has_ended()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        str(number): "x" for number in range(20)
    }


def test_a_worker_loads_neither_the_command_line_nor_the_tests(tmp_path: Path) -> None:
    wanted = ("cli", "click", "pytest", "scripts.workspace", "production.workers")
    with Workers(2) as workers:
        workers.begin("a", (modules, tmp_path, wanted))
        _, (process, loaded) = workers.ended()
    assert process != os.getpid()
    assert loaded == ["production.workers"]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_a_worker_gives_back_the_memory_of_a_call_that_is_done(tmp_path: Path) -> None:
    mb = 1_000_000
    with Workers(2) as workers:
        held = []
        for key in ("before", "after"):
            workers.begin(key, (resident, tmp_path, mb))
            held.append(workers.ended()[1])
            workers.begin("need", (need, tmp_path, 1_000))
            workers.ended()
        workers.begin("end", (resident, tmp_path, mb))
        held.append(workers.ended()[1])
    assert max(held) < min(held) + 20, f"{held} MB; a call needed 100"


@pytest.mark.parametrize("jobs", [1, 2])
def test_errors_that_are_outcomes_are_given_and_others_stop(tmp_path: Path, jobs: int) -> None:
    with Workers(jobs) as workers:
        workers.begin("a", (refuse, tmp_path, "damaged"))
        workers.begin("b", (refuse, tmp_path, "words"))
        found = outcomes(workers, 2)
        damaged, refused = found["a"], found["b"]
        assert isinstance(damaged, DamagedObjectError)
        assert damaged.digests == ("ab" * 32,)
        assert isinstance(refused, ProductionError)
        assert (refused.problem, refused.code) == ("no", ExitCode.VOICE)
        workers.begin("c", (refuse, tmp_path, "bug"))
        with pytest.raises(ZeroDivisionError):
            workers.ended()


def test_what_a_worker_died_under_is_done_by_another(tmp_path: Path) -> None:
    with Workers(2) as workers:
        workers.begin("falls", (fall, tmp_path, 0))
        for number in range(6):
            workers.begin(str(number), (double, tmp_path, number))
        found = outcomes(workers, 7)
    assert found == {"falls": 7} | {str(number): 2 * number for number in range(6)}


def test_a_call_that_kills_every_worker_is_given_up_in_words(tmp_path: Path) -> None:
    with Workers(2) as workers:
        workers.begin("falls", (fall, tmp_path, 1))
        with pytest.raises(ProductionError, match="keep being killed") as caught:
            workers.ended()
    assert caught.value.code is ExitCode.STORAGE
    assert "--jobs 1" in caught.value.remedy


def test_twenty_workers_killed_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    found: dict[str, object] = {}
    with Workers(3) as workers:
        for number in range(60):
            workers.begin(str(number), (double, tmp_path, number))
        killed = 0
        while len(found) < 60:
            alive = [one.pid for one in active_children() if one.pid]
            if killed < 20 and alive:
                # Of three processes at moments that the machine's own haste decides.
                os.kill(sorted(alive)[killed * killed % len(alive)], signal.SIGKILL)
                killed += 1
            key, outcome = workers.ended()
            assert key not in found
            found[key] = outcome
    assert killed == 20
    assert found == {str(number): 2 * number for number in range(60)}
