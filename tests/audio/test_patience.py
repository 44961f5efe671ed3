"""Politeness to a service: a distance between requests, and an end to waiting."""

from audio.voices.patience import Patience


class Time:
    """A clock that only sleep moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.naps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now


def patience(time: Time, **changes: float) -> Patience:
    return Patience(sleep=time.sleep, clock=time.clock, **changes)  # type: ignore[arg-type]


def test_requests_keep_their_distance() -> None:
    time = Time()
    polite = patience(time, spacing_s=0.5)
    polite.before_request()
    assert time.naps == []
    time.now += 0.2
    polite.before_request()
    assert time.naps == [0.5 - 0.2] or abs(time.naps[0] - 0.3) < 1e-9
    time.now += 9
    polite.before_request()
    assert len(time.naps) == 1


def test_all_waiting_together_has_an_end() -> None:
    time = Time()
    short = patience(time, total_s=10)
    assert short.wait(6)
    assert not short.wait(6)
    assert short.wait(4)
    assert not short.wait(0.1)
    assert time.naps == [6, 4]


def test_a_service_that_is_down_is_not_waited_for_again() -> None:
    time = Time()
    lost = patience(time)
    lost.lose()
    assert lost.is_lost
    assert not lost.wait(1)
    assert time.naps == []
