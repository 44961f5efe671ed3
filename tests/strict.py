"""The switch that turns a missing program or right from a skip into a failure."""

import os
import shutil
from collections.abc import Generator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-tools",
        action="store_true",
        default=bool(os.environ.get("CI")),
        help="fail, not skip, where a program or a right that a test needs is missing",
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
