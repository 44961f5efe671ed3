"""Shared fixtures and the switch that turns a missing program from a skip into a failure."""

import os
import shutil
import signal
from collections.abc import Generator

import pytest
from hypothesis import settings

from tests.drawn_once import FOLDER, keep_drawings
from tests.once import run_folder

# As in the processes that build (production/workers.py), and before numpy is loaded: its threads
# wait for each other by spinning, which beside other tests takes three times the work itself.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("full", max_examples=200, deadline=None)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)

# A shell that runs the tests in the background lets them ignore Ctrl-C, and every program that they
# start with them; tests that stop a program by Ctrl-C would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-tools",
        action="store_true",
        default=bool(os.environ.get("CI")),
        help="fail, not skip, where a program or a right that a test needs is missing",
    )
    parser.addoption(
        "--target-toml",
        default=os.environ.get("ALTAVOZ_TEST_TARGETS", ""),
        metavar="FILE",
        help="try the targets that a file names, see CONTRIBUTING.md, in the place of our own",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn every skip into a failure where --require-tools is set: CI proves all or says so."""
    report = yield
    expected = hasattr(report, "wasxfail")
    if report.skipped and not expected and item.config.getoption("--require-tools"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same where a whole module skips itself while it is collected."""
    report = yield
    if report.skipped and collector.config.getoption("--require-tools"):
        _fail(report)
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    report.outcome = "failed"
    report.longrepr = f"skipped where nothing may be: {report.longrepr}"


@pytest.fixture(scope="session", autouse=True)
def _drawings(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = run_folder(tmp_path_factory) / "drawings"
    folder.mkdir(exist_ok=True)
    os.environ[FOLDER] = str(folder)
    keep_drawings()


@pytest.fixture
def tool() -> "ToolFinder":
    """Give the path of a program that judges our output."""
    return ToolFinder()


class ToolFinder:
    """Finds a program; where it is missing, the test is skipped, which CI counts as failed."""

    def __call__(self, name: str) -> str:
        path = shutil.which(name)
        if path is not None:
            return path
        pytest.skip(f"{name} is not installed; tools/ci-packages.txt lists what the tests use")
