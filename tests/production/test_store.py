"""The store is verified on read, and takes whole files only."""

import errno
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.store import DamagedObjectError, Store
from programme.digests import digest_bytes
from programme.errors import ExitCode
from programme.storage import storage_error
from programme.units import Digest


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store")
    made.prepare()
    return made


def put(store: Store, data: bytes, name: str = "x") -> Digest:
    beside = store.scratch / name
    beside.write_bytes(data)
    return store.adopt(beside)


def test_an_object_is_found_by_the_sha256_of_its_bytes(store: Store) -> None:
    digest = put(store, b"abc")
    # FIPS 180-2 appendix B.1
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    (path,) = store.verified(digest)
    assert path.read_bytes() == b"abc"
    assert not list(store.scratch.iterdir())


@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_a_damaged_object_is_found_on_reading_and_taken_away(store: Store, damage: str) -> None:
    good, bad = put(store, b"good"), put(store, b"some bytes")
    path = store.path(bad)
    if damage == "flip":
        path.write_bytes(b"some Bytes")
    elif damage == "cut":
        path.write_bytes(b"some")
    else:
        path.unlink()
    with pytest.raises(DamagedObjectError) as caught:
        store.verified(good, bad)
    assert caught.value.digests == (bad,)
    assert not path.exists()
    assert store.has(good)


@given(st.binary(max_size=2000))
def test_any_bytes_come_back_as_they_went_in(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.prepare()
        digest = put(store, data)
        assert digest == digest_bytes(data)
        assert store.verified(digest)[0].read_bytes() == data


def _adopt_same(root: str, name: str) -> Digest:
    store = Store(Path(root))
    return put(store, b"the same bytes" * 1000, name)


def test_two_processes_may_add_the_same_object_at_once(store: Store) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        roots = [str(store.root)] * 20
        digests = set(pool.map(_adopt_same, roots, [f"n{i}" for i in range(20)]))
    assert len(digests) == 1
    store.verified(*digests)


def test_leftovers_of_interrupted_work_are_swept(store: Store) -> None:
    (store.scratch / "half").write_bytes(b"half")
    assert store.sweep_scratch() == 1
    assert store.sweep_scratch() == 0


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, 9999])
def test_what_a_disk_refuses_is_said_with_a_remedy(number: int, tmp_path: Path) -> None:
    error = storage_error(OSError(number, os.strerror(number)), tmp_path)
    assert error.code is ExitCode.STORAGE
    assert error.remedy
    assert str(tmp_path) in error.where
