"""Killed outright at any moment, a publish to S3 is never half seen, and the next one ends it."""

import shutil
import signal
import time
from collections.abc import Iterator
from itertools import count

import pytest

from tests.production.publish.crashing import STEPS, Lab, leavings
from tests.production.stage import staged
from tests.targets.clouds import CREDENTIALS, Cloud

QUICK = 4
RUNS = 100
NAMES = tuple(STEPS)


@pytest.fixture(scope="module")
def cloud(moto: str) -> Cloud:
    return Cloud(moto, "killed")


@pytest.fixture(scope="module")
def lab(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with staged(CREDENTIALS) as stage:
        yield Lab(stage, folder, changes=cloud.changes(), storage=cloud)


def share(number: int) -> float:
    """Give a part of one that looks like chance, never the same twice, and evenly spread."""
    return number * 0.6180339887498949 % 1


@pytest.mark.parametrize(
    ("runs", "names", "pause_s"),
    [
        (range(QUICK), NAMES[:1], 2),
        pytest.param(range(QUICK, RUNS), NAMES, 0.3, marks=pytest.mark.slow),
    ],
    ids=["few", "many"],
)
def test_killed_at_any_moment_nothing_half_is_seen_and_a_rerun_ends_the_same(
    lab: Lab, cloud: Cloud, runs: range, names: tuple[str, ...], pause_s: float
) -> None:
    killed = halves = 0
    for number in runs:
        scenario = lab.scenario(names[number % len(names)])
        root = lab.fresh(scenario)
        before = cloud.visit(root)
        running = lab.stage.begin(root, *scenario.command, now=scenario.now)
        at = time.monotonic() + (0.2 + 0.8 * share(number)) * scenario.seconds
        for look in count():
            scenario.assert_whole(root, before)
            left = at - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(pause_s * share(number + look), left))
        running.signal(signal.SIGKILL)
        killed += running.end().code == -signal.SIGKILL
        scenario.assert_whole(root, before)
        halves += cloud.tree(root) not in (cloud.tree(scenario.before), cloud.tree(scenario.after))
        lab.rerun(scenario, root)
        shutil.rmtree(root)
    assert killed
    if len(runs) > QUICK:  # of a few, all may come before the first write on a busy machine
        assert killed >= len(runs) // 2
        assert halves


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("after", [0.3, 0.5, 0.7, 0.9])
def test_stopped_while_it_sends_in_parallel_it_ends_in_words_and_soon(
    lab: Lab, after: float, sent: signal.Signals
) -> None:
    scenario = lab.scenario("first")
    root = lab.fresh(scenario)
    running = lab.stage.begin(root, *scenario.command, "--parallel", "8", now=scenario.now)
    time.sleep(after * scenario.seconds)
    running.signal(sent)
    done = running.end(within_s=30)
    scenario.assert_whole(root)
    if done.code:
        assert done.code == 128 + sent
        assert "Stopped. What was finished is kept" in done.err
        assert "Traceback" not in done.err
        assert leavings(root) == []
    lab.rerun(scenario, root)
    shutil.rmtree(root)
