"""Each podcast program in a home of its own, and the site that it subscribes to."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients.programs import Client, GPodder, Newsboat, Podget, running_in
from tests.clients.site import Site, State, publish_states

PROGRAMS: dict[str, tuple[type[GPodder | Newsboat | Podget], tuple[str, ...]]] = {
    "gpodder": (GPodder, ("gpo",)),
    "newsboat": (Newsboat, ("newsboat", "podboat")),
    "podget": (Podget, ("podget", "wget")),
}


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> dict[str, State]:
    """Give the published site before and after each change; made once, never changed."""
    return publish_states(tmp_path_factory)


@pytest.fixture
def site(states: dict[str, State], tmp_path: Path) -> Iterator[Site]:
    with Site(states, tmp_path / "site") as served:
        yield served


@pytest.fixture(params=list(PROGRAMS))
def client(
    request: pytest.FixtureRequest, tool: Callable[[str], str], tmp_path: Path
) -> Iterator[Client]:
    """Give each program in turn."""
    kind, needed = PROGRAMS[request.param]
    for name in needed:
        tool(name)
    home = tmp_path / "home"
    home.mkdir()
    yield kind(home=home)
    assert running_in(home) == []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to the slow run what newsboat waits a quarter of a minute for; one test of it stays."""
    for item in items:
        if "cut_half_way" in item.name and "[newsboat]" in item.name and "whole" not in item.name:
            item.add_marker(pytest.mark.slow)
