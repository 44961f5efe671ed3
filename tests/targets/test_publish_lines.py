"""Over a line that drops, stalls or is dead, a publish to S3 finishes or says in time why not."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from programme.errors import ExitCode
from tests.production.publish.crashing import Lab, Scenario
from tests.production.running import Done, edit
from tests.production.stage import Running, staged
from tests.targets.clouds import CREDENTIALS, Cloud
from tests.targets.cutting_line import BadLine, bad_line

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cloud(moto: str) -> Cloud:
    return Cloud(moto, "far-away")


@pytest.fixture(scope="module")
def lab(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with staged(CREDENTIALS) as stage:
        yield Lab(stage, folder, changes=cloud.changes(), storage=cloud)


@pytest.fixture
def line(moto: str) -> Iterator[BadLine]:
    with bad_line(moto) as made:
        yield made


@pytest.fixture
def root(lab: Lab, cloud: Cloud, line: BadLine) -> Iterator[Path]:
    """Give a workspace that corrects something, and has only this line."""
    made = lab.fresh(lab.scenario("correction"))
    edit(made / "altavoz.toml", cloud.server, line.address)
    yield made
    shutil.rmtree(made)


def begin(lab: Lab, root: Path, *more: str) -> tuple[Scenario, Running]:
    scenario = lab.scenario("correction")
    return scenario, lab.stage.begin(root, *scenario.command, *more, now=scenario.now)


def assert_words(done: Done) -> None:
    """It could not be done; in two lines, of which the second says what to do."""
    assert (done.code, done.out) == (ExitCode.TARGET, ""), done
    lines = [one for one in done.err.splitlines() if not one.startswith("sending: ")]
    assert len(lines) == 2, done.err
    assert lines[0].startswith("Error: ")
    assert lines[1].startswith("  ")


@pytest.mark.parametrize(
    "said",
    [
        {"cut_after_bytes": 1_500, "cuts_each": 2},
        {"cut_after_bytes": 3_000, "cuts_each": 3},
        {"cut_after_bytes": 20_000, "cuts_each": 2},
        {"cut_after_s": 0.1, "bytes_per_s": 40_000, "cuts_each": 2},
    ],
    ids=str,
)
def test_on_a_line_that_drops_again_and_again_it_still_finishes(
    lab: Lab, cloud: Cloud, line: BadLine, root: Path, said: dict[str, int]
) -> None:
    for name, value in said.items():
        setattr(line, name, value)
    scenario, running = begin(lab, root)
    done = running.end()
    runs = 1
    # What one run cannot do, the next ones do: none begins from the start.
    while done.code and runs < 5:
        assert_words(done)
        scenario.assert_whole(root)
        done = lab.stage.run(root, *scenario.command, now=scenario.now)
        runs += 1
    assert done.code == 0, done.said
    assert line.cuts
    edit(root / "altavoz.toml", line.address, cloud.server)
    scenario.assert_like_undisturbed(root)


@pytest.mark.parametrize("fault", ["stalls", "is_dead", "stalls later", "is_dead later"])
def test_on_a_line_that_carries_nothing_it_ends_in_words_before_its_deadline(
    lab: Lab, cloud: Cloud, line: BadLine, root: Path, fault: str
) -> None:
    fault, _, later = fault.partition(" ")
    if not later:
        setattr(line, fault, True)
    began = time.monotonic()
    scenario, running = begin(lab, root, "--deadline", "4s")
    while later and line.connections < 9 and not running.is_over():
        time.sleep(0.001)
    setattr(line, fault, True)
    done = running.end(within_s=60)
    seconds = time.monotonic() - began
    assert_words(done)
    assert seconds < 4 + 4, seconds
    scenario.assert_whole(root)
    setattr(line, fault, False)
    edit(root / "altavoz.toml", line.address, cloud.server)
    lab.rerun(scenario, root)


def test_a_line_that_stalls_for_a_while_costs_only_that_while(
    lab: Lab, cloud: Cloud, line: BadLine, root: Path
) -> None:
    scenario, running = begin(lab, root)
    while line.connections < 2:
        time.sleep(0.001)
    line.stalls = True
    waking = threading.Timer(3, setattr, (line, "stalls", False))
    waking.start()
    done = running.end()
    waking.join()
    assert done.code == 0, done.said
    edit(root / "altavoz.toml", line.address, cloud.server)
    scenario.assert_like_undisturbed(root)


def test_over_a_capped_line_it_takes_as_long_as_it_must_and_no_longer_than_it_may(
    lab: Lab, cloud: Cloud, line: BadLine, root: Path
) -> None:
    began = time.monotonic()
    scenario, running = begin(lab, root, "--bandwidth", "10k", "--deadline", "3s")
    done = running.end()
    assert_words(done)
    assert 2.5 < time.monotonic() - began < 6
    scenario.assert_whole(root)
    edit(root / "altavoz.toml", line.address, cloud.server)
    lab.rerun(scenario, root)
