"""Fixtures of the pages that people record with, and a browser to open them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from production.takes.kit import TakeKit
from production.takes.kit_folder import kit_files
from tests.production.chromium import Browser, browser
from tests.production.takes.kits import AR, HT, QUC, kit_of, to_record


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the workspace from which the kits were made: never change it."""
    return to_record(tmp_path_factory.mktemp("recording") / "workspace")


@pytest.fixture(scope="module")
def kits(workspace: Path) -> dict[str, TakeKit]:
    return {tag: kit_of(workspace, tag) for tag in (AR, HT, QUC)}


@pytest.fixture(scope="module")
def folder(kits: dict[str, TakeKit], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a kit for each language."""
    place = tmp_path_factory.mktemp("kits")
    for tag, kit in kits.items():
        (place / tag).mkdir()
        for name, data in kit_files(kit).items():
            (place / tag / name).write_bytes(data)
    return place


@pytest.fixture
def page(tool: Callable[[str], str], tmp_path: Path) -> Iterator[Browser]:
    with browser(tool("chromium"), tmp_path / "profile") as opened:
        yield opened
