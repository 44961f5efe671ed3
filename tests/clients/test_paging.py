"""A feed in pages: who follows them has every item, who does not has the newest."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commands.workspace import read_clock
from production.preview.preview import Preview, choose_place
from tests.clients.programs import GPodder, Newsboat
from tests.production.catalogue.catalogues import (
    catalogue,
    documents,
    record,
    release,
    write_workspace,
)

pytestmark = pytest.mark.tools

ITEMS = 120
FEED = "uno/es-419"


@pytest.fixture
def paged(tmp_path: Path) -> Iterator[Preview]:
    """Serve the feeds of a series with more items than a document holds."""
    workspace = write_workspace(tmp_path / "workspace")
    ledger = record(workspace.root, [release(number) for number in range(1, ITEMS + 1)])
    for key, data in documents(catalogue(workspace, ledger)).items():
        path = tmp_path / "site" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    place = choose_place(tmp_path, str(tmp_path / "site"))
    with Preview(place, clock=read_clock, note=lambda _: None) as served:
        yield served


def guids(preview: Preview, pattern: str) -> set[str]:
    return {
        guid
        for path in preview.place.root.glob(pattern)
        for guid in re.findall(r"<guid[^>]*>([^<]+)</guid>", path.read_text(encoding="utf-8"))
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    return path


def test_gpodder_follows_the_pages_to_the_oldest_item(
    paged: Preview, home: Path, tool: Callable[[str], str]
) -> None:
    tool("gpo")
    client = GPodder(home=home)
    client.subscribe(f"{paged.url}{FEED}.xml")
    assert len(guids(paged, f"{FEED}*.xml")) == ITEMS
    assert client.guids() == guids(paged, f"{FEED}*.xml")


def test_newsboat_has_the_newest_of_the_feed_itself(
    paged: Preview, home: Path, tool: Callable[[str], str]
) -> None:
    tool("newsboat")
    client = Newsboat(home=home)
    client.subscribe(f"{paged.url}{FEED}.xml")
    client.newsboat("-x", "reload")
    newest = guids(paged, f"{FEED}.xml")
    assert 1 < len(newest) < ITEMS
    assert client.guids() == newest
