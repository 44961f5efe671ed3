"""The stopwatch: every moment counts once, for the innermost stage of the innermost watch."""

import time
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.stopwatch import Spent, Stopwatch, stage


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let both clocks go on by one second each time that somebody looks."""
    with pytest.MonkeyPatch.context() as patch:
        walls, cpus = count(), count()
        patch.setattr(time, "perf_counter", lambda: float(next(walls)))
        patch.setattr(time, "process_time", lambda: float(next(cpus)))
        yield
    del monkeypatch


@pytest.mark.usefixtures("ticking")
def test_a_stage_within_a_stage_counts_for_itself_alone() -> None:
    with Stopwatch() as watch, stage("mixing"):
        with stage("coding"), stage("writing"):
            ...
        with stage("coding"):
            ...
    timing = watch.timing()
    # looks: begin; mixing; coding; writing; /writing; /coding; coding; /coding; /mixing; end
    assert {name: spent.wall_s for name, spent in timing.stages.items()} == {
        "": 2.0,
        "mixing": 3.0,
        "coding": 3.0,
        "writing": 1.0,
    }
    assert timing.whole == Spent(wall_s=9.0, cpu_s=9.0)


@pytest.mark.usefixtures("ticking")
def test_an_inner_watch_takes_the_stages_and_the_outer_goes_on() -> None:
    with Stopwatch() as outer, stage("making"):
        with Stopwatch() as inner, stage("speaking"):
            ...
        with stage("placing"):
            ...
    assert set(inner.timing().stages) == {"", "speaking"}
    assert inner.timing().whole.wall_s == 3.0
    assert set(outer.timing().stages) == {"", "making", "placing"}


def test_a_stage_that_fails_ends() -> None:
    with Stopwatch() as watch:
        with pytest.raises(OSError, match="full"), stage("writing"):
            raise OSError("full")
        with stage("joining"):
            ...
    assert set(watch.timing().stages) == {"", "writing", "joining"}
    assert Stopwatch.running() is None


def test_a_stage_that_nobody_measures_does_nothing() -> None:
    assert Stopwatch.running() is None
    with stage("mixing"):
        assert Stopwatch.running() is None


def test_a_stage_outlives_the_watch_that_it_was_begun_under() -> None:
    late = stage("late")
    with Stopwatch() as watch:
        late.__enter__()
    late.__exit__(None, None, None)
    assert "late" in watch.timing().stages


Tree = list["str | Tree"]


@given(
    st.recursive(
        st.lists(st.sampled_from("abc"), max_size=3),
        lambda inner: st.lists(inner | st.sampled_from("abc"), max_size=4),
        max_leaves=12,
    )
)
def test_the_stages_together_are_the_whole(tree: Tree) -> None:
    def work(nodes: Tree) -> None:
        for node in nodes:
            if isinstance(node, str):
                with stage(node):
                    ...
            else:
                with stage(f"of {len(node)}"):
                    work(node)

    with Stopwatch() as watch:
        began = time.perf_counter()
        work(tree)
        took = time.perf_counter() - began
    timing = watch.timing()
    total = sum(spent.wall_s for spent in timing.stages.values())
    assert timing.whole.wall_s == pytest.approx(total)
    assert timing.whole.wall_s >= took
