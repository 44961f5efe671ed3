"""A folder of a million names: refused without reading them all."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from production.sticks.listing import TooManyFilesError, read_listing
from stations.pack_reading import open_pack
from stations.pack_verdicts import RefusedPackError


def test_a_folder_of_far_too_many_names_is_refused_without_reading_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = 0
    real = os.scandir

    class Endless:
        def __init__(self, folder: Path) -> None:
            with real(folder) as entries:
                self._entry = next(entries)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def __iter__(self) -> Iterator[os.DirEntry[str]]:
            nonlocal given
            while True:
                given += 1
                yield self._entry

    (tmp_path / "x").write_bytes(b"")
    monkeypatch.setattr(os, "scandir", Endless)
    with pytest.raises(RefusedPackError), open_pack(tmp_path):
        pass
    with pytest.raises(TooManyFilesError):
        read_listing(tmp_path)
    assert given < 40_000
