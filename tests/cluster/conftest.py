"""Workspaces that are built on other machines, and what a build of this machine gives."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from programme.network import TargetSettings
from tests.cluster.builds import Site
from tests.cluster.dask_here import Dask, dask
from tests.production.running import TINY, build, tree
from tests.production.small import write_small
from tests.targets.conftest import credentials, moto

__all__ = ["credentials", "moto"]

_numbers = count(1)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give every file of the tiny workspace as this machine builds it, by path and SHA-256."""
    root = write_small(tmp_path_factory.mktemp("local") / "workspace", TINY)
    assert not build(root).failures
    return tree(root)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """Give a scheduler with two workers, for tests that leave them alive."""
    with dask(tmp_path_factory.mktemp("dask"), wait=True) as made:
        yield made


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Site]:
    """Make a small workspace and a shared folder beside it."""

    def make(name: str = "one", changes: dict[str, str | None] | None = None) -> Site:
        share = tmp_path / "share"
        share.mkdir(exist_ok=True)
        return Site(
            root=write_small(tmp_path / name, dict(TINY) if changes is None else changes),
            place=TargetSettings(name="store", kind="folder", options={"path": str(share)}),
        )

    return make


@pytest.fixture
def bucket(moto: str, credentials: None) -> str:
    """Make a bucket and give its name."""
    del credentials
    name = f"shared-{next(_numbers)}"
    with urlopen(Request(f"{moto}/{name}", method="PUT"), timeout=30):  # noqa: S310 - loopback
        return name
