"""Shared fixtures and the switch that turns a missing program from a skip into a failure."""

import os
import shutil

import pytest
from hypothesis import settings

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-tools",
        action="store_true",
        default=bool(os.environ.get("CI")),
        help="fail, not skip, where a program that judges our output is missing",
    )


@pytest.fixture
def tool(request: pytest.FixtureRequest) -> "ToolFinder":
    """Give the path of a program that judges our output."""
    return ToolFinder(required=bool(request.config.getoption("--require-tools")))


class ToolFinder:
    """Finds a program; where it is missing, fails in CI and skips on a laptop."""

    def __init__(self, *, required: bool) -> None:
        self.required = required

    def __call__(self, name: str) -> str:
        path = shutil.which(name)
        if path is not None:
            return path
        message = f"{name} is not installed; tools/ci-packages.txt lists what the tests use"
        if self.required:
            pytest.fail(message)
        pytest.skip(message)
