"""The pace of a machine: runs of slow and of quick quarters of an hour are compared fairly."""

import pytest

from bench.pace import FRESH_S, Pace


class _Machine:
    """A machine that becomes slower, with a clock that only runs of work move on."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.slowness = 1.0

    def work(self, seconds: float) -> float:
        self.now_s += seconds * self.slowness
        return seconds * self.slowness


def test_equal_work_in_slow_and_quick_minutes_is_equal_at_the_middle_pace() -> None:
    machine = _Machine()
    pace = Pace(job=lambda: machine.work(10), clock=lambda: machine.now_s)
    quick, at_quick = pace.around(lambda: machine.work(100))
    machine.slowness = 1.5
    machine.work(1000)
    slow, at_slow = pace.around(lambda: machine.work(100))
    assert (quick, slow) == (100, 150)
    assert quick * pace.factor(at_quick) == pytest.approx(slow * pace.factor(at_slow))
    assert pace.measured_s == [10, 10, 15, 15]


def test_a_run_that_met_both_is_taken_at_the_mean_of_them() -> None:
    machine = _Machine()
    pace = Pace(job=lambda: machine.work(10), clock=lambda: machine.now_s)

    def half_way() -> float:
        first = machine.work(50)
        machine.slowness = 2.0
        return first + machine.work(50)

    assert pace.around(half_way) == (150, 15)


def test_what_is_over_at_once_measures_the_pace_once() -> None:
    machine = _Machine()
    pace = Pace(job=lambda: machine.work(10), clock=lambda: machine.now_s)
    for _ in range(5):
        pace.around(lambda: machine.work(FRESH_S / 10))
    assert len(pace.measured_s) == 1
