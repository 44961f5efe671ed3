"""How far a build is, as a person reads it: on terminals of any width, and where there is none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.progress import SAY_EVERY_S, BuildProgress, KindProgress


class Clock:
    """A clock that goes on when it is told."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def after(*steps_s: float, total: int = 100, there: int = 0) -> KindProgress:
    """Give the progress of a kind whose steps ended at these seconds."""
    shown = KindProgress("slots", total, there=there, now_s=0.0)
    for at_s in steps_s:
        shown.step(at_s)
    return shown


def test_rate_and_time_left_are_what_the_steps_took() -> None:
    shown = after(2, 4, 6, 8)
    assert shown.per_second == 0.5
    assert shown.left_s == 192.0
    assert shown.line(79).endswith("3:12 left  30.0/min")


def test_only_what_was_done_lately_tells_the_rate() -> None:
    # the long ones come first: 10 s each, and then ten a second
    shown = after(*range(10, 110, 10), *(100 + n / 10 for n in range(1, 401)), total=500)
    assert shown.per_second == pytest.approx(10.0, rel=0.05)


def test_before_the_first_step_nobody_knows() -> None:
    assert (after().per_second, after().left_s) == (0.0, None)
    assert after().line(30) == "   slots 0/100  [............]"


def test_hours_are_told_as_hours() -> None:
    assert "2:46:40 left" in after(100, total=101).line(79)


def test_what_was_there_is_told_apart_from_what_is_made() -> None:
    assert "40 there" in after(1, there=40).line(79)
    assert after(1, there=40).said() == "slots: 1 of 100, 40 there before, 1.0/s, 1:39 left"
    assert "left" not in after(1, total=1).line(79)


@pytest.mark.parametrize(
    ("room", "line"),
    [
        (
            79,
            "   slots 4/100  [#" + 30 * "." + "]  3:12 left  30.0/min  7 there",
        ),
        (60, "   slots 4/100  [............]  3:12 left  30.0/min  7 there"),
        (40, "   slots 4/100  3:12 left  30.0/min"),
        (30, "   slots 4/100  3:12 left"),
        (14, "   slots 4/100"),
        (6, "   slo"),
    ],
)
def test_a_narrow_terminal_keeps_what_matters_most(room: int, line: str) -> None:
    assert after(2, 4, 6, 8, there=7).line(room) == line


@given(
    st.integers(0, 200),
    st.integers(1, 10**6),
    st.integers(0, 10**6),
    st.lists(st.floats(0.01, 1e4)),
)
def test_no_line_is_longer_than_its_room(
    room: int, total: int, there: int, waits: list[float]
) -> None:
    shown, now_s = KindProgress("editions", total, there=there, now_s=0.0), 0.0
    for wait in waits[:total]:
        now_s += wait
        shown.step(now_s)
        assert len(shown.line(room)) <= room
        assert shown.said()


def test_without_a_terminal_a_line_is_said_now_and_then() -> None:
    said: list[str] = []
    clock = Clock()
    shown = BuildProgress({"slot": 12}, say=said.append, clock=clock)
    shown.begin("slot", 10)
    shown.begin("edition", 0)
    for _ in range(10):
        clock.now_s += SAY_EVERY_S / 4
        shown.step("slot", "", None)
    shown.close()
    assert said == [
        "slots: 4 of 10, 2 there before, 4.0/min, 1:30 left",
        "slots: 8 of 10, 2 there before, 4.0/min, 0:30 left",
    ]


def test_a_short_build_without_a_terminal_says_nothing() -> None:
    said: list[str] = []
    shown = BuildProgress({}, say=said.append, clock=Clock())
    shown.begin("slot", 2)
    shown.step("slot", "", None)
    shown.step("slot", "", None)
    shown.close()
    assert said == []


@pytest.mark.parametrize("term", ["xterm", "dumb", ""])
def test_on_a_terminal_it_is_drawn_in_place_and_taken_away(
    term: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    clock = Clock()
    shown = BuildProgress({}, say=lambda _: None, clock=clock)
    shown.begin("slot", 3)
    shown.begin("edition", 1)
    for kind in ("slot", "slot", "slot", "edition"):
        clock.now_s += 1
        shown.step(kind, "", None)
    drawn = capsys.readouterr().err
    if term != "xterm":  # these cannot be drawn on in place
        assert drawn == ""
        return
    assert "slots 3/3" in drawn
    assert "editions 0/1" in drawn
    # two rows, drawn anew over themselves, and gone in the end; no colours
    assert set(re.findall(r"\x1b\[[0-9]*[A-Za-z]", drawn)) == {"\x1b[2A", "\x1b[2K", "\x1b[J"}
    assert drawn.endswith("\x1b[2A\x1b[J")


def test_a_second_round_begins_anew() -> None:
    said: list[str] = []
    clock = Clock()
    shown = BuildProgress({"slot": 9}, say=said.append, clock=clock)
    for total in (4, 1):
        shown.begin("slot", total)
        clock.now_s += SAY_EVERY_S
        shown.step("slot", "", None)
    assert [line.partition(",")[0] for line in said] == ["slots: 1 of 4", "slots: 1 of 1"]
