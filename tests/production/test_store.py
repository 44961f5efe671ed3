"""The store is verified on read, and takes whole files only."""

import errno
import os
import subprocess
import sys
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
from tests.production.running import ROOT
from tests.production.store_work import NEEDED


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


# --- Many at once -----------------------------------------------------------------------------


def test_eight_processes_add_read_damage_and_clean_at_once_and_lose_nothing(store: Store) -> None:
    for number, data in enumerate(NEEDED):
        put(store, data, f"k{number}")
    program = [sys.executable, "-m", "tests.production.store_work", str(store.root)]
    running = [
        subprocess.Popen([*program, str(seed)], cwd=ROOT, stdout=subprocess.PIPE)
        for seed in range(8)
    ]
    told = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 8
    assert sum(map(int, told)) > 8
    assert store.verified(*map(digest_bytes, NEEDED))
    assert list(store.scratch.iterdir()) == []


def test_a_link_or_a_folder_in_the_store_is_told_apart_from_objects(
    store: Store, tmp_path: Path
) -> None:
    digest = put(store, b"abc")
    outside = tmp_path / "mine"
    outside.mkdir()
    (outside / "diary").write_bytes(b"mine")
    (store.root / "ab").mkdir(exist_ok=True)
    (store.root / "ab" / ("0" * 62)).symlink_to(outside / "diary")
    (store.root / "zz").symlink_to(outside)
    (store.root / "ab" / "notes.txt").write_bytes(b"?")
    entries = {entry.path.relative_to(store.root).as_posix(): entry for entry in store.entries()}
    assert [name for name, entry in entries.items() if entry.digest] == [
        f"{digest[:2]}/{digest[2:]}"
    ]
    for entry in entries.values():
        store.discard(entry)
    assert (outside / "diary").read_bytes() == b"mine"
    assert [entry.digest for entry in store.entries()] == [digest]


def test_an_object_that_was_used_since_it_was_found_stays(store: Store) -> None:
    digest = put(store, b"abc")
    os.utime(store.path(digest), (0, 0))
    (entry,) = store.entries()
    store.use([digest])
    assert not store.discard(entry, even_whole=True)
    assert store.has(digest)
    (entry,) = store.entries()
    assert store.discard(entry, even_whole=True)
    assert not store.has(digest)


def test_using_an_object_twice_in_a_day_writes_once(store: Store) -> None:
    digest = put(store, b"abc")
    os.utime(store.path(digest), (0, 0))
    store.use([digest])
    first = store.path(digest).stat().st_mtime_ns
    assert first > 0
    store.use([digest])
    assert store.path(digest).stat().st_mtime_ns == first
