"""Many objects at once: all arrive, one failure stops the rest, a Ctrl-C stops what is going on."""

import threading
from collections.abc import Iterator

import pytest

from production.targets.line import Line
from production.targets.sending import Job, Sending, send_jobs
from programme.digests import digest_bytes
from programme.errors import ProductionError
from programme.units import Key

PATIENCE_S = 20


def job(number: int, run: object = None) -> Job:
    return Job(
        key=Key(f"m/{number}"),
        digest=digest_bytes(b""),
        length_bytes=number,
        run=run if callable(run) else lambda: True,
    )


def send(jobs: Iterator[Job], parallel: int, line: Line | None = None) -> list[str]:
    done: list[str] = []
    send_jobs(
        jobs,
        Sending(parallel=parallel, line=line or Line()),
        done=lambda one, sent: done.append(f"{one.key} {sent}"),
        meanwhile=lambda: None,
    )
    return done


@pytest.mark.parametrize("parallel", [1, 4])
def test_every_object_is_sent_once_and_told(parallel: int) -> None:
    done = send((job(n) for n in range(50)), parallel)
    assert sorted(done) == sorted(f"m/{n} True" for n in range(50))


def test_alone_they_are_sent_in_their_order() -> None:
    assert send((job(n, lambda n=n: n % 2 == 0) for n in range(4)), 1) == [
        "m/0 True",
        "m/1 False",
        "m/2 True",
        "m/3 False",
    ]


def test_so_many_are_sent_at_once_and_no_more_are_made_ahead() -> None:
    together = threading.Barrier(4)
    taken: list[int] = []

    def wait() -> bool:
        together.wait(PATIENCE_S)  # goes on only once four are there
        return True

    def jobs() -> Iterator[Job]:
        for number in range(8):
            taken.append(number)
            yield job(number, wait)

    assert len(send(jobs(), 4)) == 8
    assert taken == list(range(8))


@pytest.mark.parametrize("parallel", [1, 3])
def test_what_fails_stops_those_that_have_not_begun(parallel: int) -> None:
    begun: list[int] = []

    def run(number: int) -> bool:
        begun.append(number)
        if number == 5:
            raise ProductionError("full", remedy="make room")
        return True

    with pytest.raises(ProductionError, match="full"):
        send((job(n, lambda n=n: run(n)) for n in range(1000)), parallel)
    assert 5 in begun
    assert len(begun) <= 5 + 2 * parallel


def test_a_ctrl_c_ends_what_is_being_sent_at_its_next_block() -> None:
    line = Line()
    begun = threading.Event()
    ended: list[str] = []

    def endless() -> bool:
        begun.set()
        try:
            while True:
                line.passed(sent=1)
        except ProductionError as error:
            ended.append(error.problem)
            raise

    def meanwhile() -> None:
        assert begun.wait(PATIENCE_S)
        raise KeyboardInterrupt

    quick = job(0)
    with pytest.raises(KeyboardInterrupt):
        send_jobs(
            iter([quick, job(1, endless)]),
            Sending(parallel=2, line=line),
            done=lambda *_: None,
            meanwhile=meanwhile,
        )
    assert len(ended) == 1


def test_a_deadline_ends_all_of_them() -> None:
    line = Line(seconds=0.05)

    def endless() -> bool:
        while True:
            line.passed(sent=1)

    with pytest.raises(ProductionError, match="time for this transfer is over"):
        send((job(n, endless) for n in range(10)), 4, line)
