"""The line that transfers share: how fast, until when, and what is told of it."""

import threading

import pytest

from production.targets import Line
from programme.errors import ExitCode, ProductionError


class Clock:
    """Seconds that pass only where somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def line(clock: Clock, **options: float) -> Line:
    return Line(clock=clock, wait=clock.wait, **options)  # type: ignore[arg-type]


def test_a_capped_line_takes_as_long_as_its_bytes_need() -> None:
    clock = Clock()
    capped = line(clock, bytes_per_second=1000)
    for _ in range(10):
        capped.passed(sent=300)
        capped.passed(received=200)
    assert clock.now == pytest.approx(1000 + 5.0)


def test_time_in_which_nothing_was_sent_is_not_saved_up() -> None:
    clock = Clock()
    capped = line(clock, bytes_per_second=1000)
    clock.now += 60
    capped.passed(sent=2000)
    assert clock.waits == [pytest.approx(2.0)]


def test_threads_share_one_cap() -> None:
    clock = Clock()
    waits: list[float] = []
    capped = Line(bytes_per_second=1000, clock=clock, wait=waits.append)
    threads = [threading.Thread(target=capped.passed, kwargs={"sent": 500}) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The clock stands still: each waits for those before it.
    assert sorted(waits) == pytest.approx([0.5, 1.0, 1.5, 2.0])


def test_a_line_without_a_cap_never_waits() -> None:
    clock = Clock()
    free = line(clock)
    free.passed(sent=1 << 40)
    free.pause(0)
    assert clock.waits == []
    assert free.left() is None


def test_at_the_deadline_every_transfer_ends_and_says_how_to_go_on() -> None:
    clock = Clock()
    short = line(clock, seconds=30)
    short.passed(sent=100)
    assert short.left() == 30
    clock.now += 30
    for ends in (short.left, lambda: short.passed(sent=1), lambda: short.pause(1)):
        with pytest.raises(ProductionError, match="time for this transfer is over") as caught:
            ends()
        assert caught.value.code is ExitCode.TARGET
        assert "--deadline" in caught.value.remedy
    assert clock.waits == []


def test_a_pause_never_outlasts_the_deadline() -> None:
    clock = Clock()
    short = line(clock, seconds=5)
    with pytest.raises(ProductionError, match="time"):
        short.pause(60)
    assert clock.waits == [5]


def test_a_stopped_line_ends_like_one_whose_time_is_over() -> None:
    clock = Clock()
    free = line(clock)
    free.stop()
    with pytest.raises(ProductionError, match="time"):
        free.left()


def test_what_passes_is_told_with_its_direction() -> None:
    told: list[tuple[int, int]] = []
    heard = Line(tell=lambda sent, received: told.append((sent, received)))
    heard.passed(sent=3)
    heard.passed(received=4)
    assert told == [(3, 0), (0, 4)]


@pytest.mark.parametrize(
    ("cap", "block", "slow"),
    [
        (None, 16384, False),
        (10_000_000, 16384, False),
        (250_000, 16384, False),
        (64_000, 8000, True),
        (1, 1024, True),
    ],
)
def test_under_a_cap_blocks_are_small_enough_that_no_server_waits_long(
    cap: int | None, block: int, slow: bool
) -> None:
    capped = Line(bytes_per_second=cap)
    assert capped.block_bytes == block
    assert capped.is_slow is slow
