"""Shared fixtures, and how all tests begin."""

import os
import signal

import pytest
from hypothesis import settings

from tests import strict
from tests.drawn_once import FOLDER, keep_drawings
from tests.once import run_folder
from tests.strict import (
    pytest_make_collect_report,
    pytest_runtest_makereport,
    tool,
)

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport", "tool"]

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
    strict.pytest_addoption(parser)
    parser.addoption(
        "--target-toml",
        default=os.environ.get("ALTAVOZ_TEST_TARGETS", ""),
        metavar="FILE",
        help="try the targets that a file names, see CONTRIBUTING.md, in the place of our own",
    )


@pytest.fixture(scope="session", autouse=True)
def _drawings(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = run_folder(tmp_path_factory) / "drawings"
    folder.mkdir(exist_ok=True)
    os.environ[FOLDER] = str(folder)
    keep_drawings()
