"""A site in a folder, the same behind a server, and a browser to open it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pages.serving import NEAR, Served, serve
from tests.pages.site_material import write_site
from tests.production.chromium import Browser, browser


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a site; never change it."""
    return write_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def page(tool: Callable[[str], str], tmp_path: Path) -> Iterator[Browser]:
    with browser(tool("chromium"), tmp_path / "profile", NEAR) as opened:
        yield opened


@pytest.fixture
def served(site: Path) -> Iterator[Served]:
    with serve(site) as one:
        yield one
