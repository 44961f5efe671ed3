"""Where a shared store may stand, and what a folder or a server there cannot do to it."""

import os
import threading
from pathlib import Path

import pytest

from production.shared.folder import FolderShelf
from production.shared.places import open_shelf, parse_place
from production.shared.store import SharedStore, object_key
from production.store import Store
from production.targets.beside import writing_name
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.units import Digest
from tests.cluster.builds import KEY
from tests.targets.careless import careless_before
from tests.targets.faults import FOR_EVER, Cuts, Flips, Refuses, Truncates

BYTES = b"a slot's frames" * 1000


def write(folder: Path, data: bytes = BYTES) -> tuple[Path, Digest]:
    path = folder / "made"
    path.write_bytes(data)
    return path, digest_bytes(data)


@pytest.mark.parametrize(
    ("address", "kind", "options"),
    [
        ("s3://bucket", "s3", {"bucket": "bucket"}),
        ("s3://bucket/a/b/", "s3", {"bucket": "bucket", "prefix": "a/b"}),
        ("/srv/share", "folder", {"path": "/srv/share"}),
        ("file:///srv/share", "folder", {"path": "/srv/share"}),
        ("../share", "folder", {"path": "../share"}),
    ],
)
def test_a_place_is_a_folder_or_a_bucket(address: str, kind: str, options: dict[str, str]) -> None:
    found = parse_place(address, {})
    assert (found.kind, dict(found.options)) == (kind, options)


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "s3://",
        "http://host/store",
        "s3://me:pw@bucket",
        "s3://b?x=1",
        "s3://[",
        "file://h/x",
    ],
)
def test_what_is_no_place_is_refused(address: str) -> None:
    with pytest.raises(ProductionError, match="no address of a shared store"):
        parse_place(address, {})


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path / "mount")
    file, digest = write(tmp_path)
    with pytest.raises(ProductionError, match="is not there"):
        shelf.put(object_key(digest), file, digest)
    with pytest.raises(ProductionError, match="is not there"):
        shelf.get(object_key(digest), tmp_path / "out", most_bytes=9)
    assert not (tmp_path / "mount").exists()


@pytest.mark.parametrize("prefix", ["../x", "a b", "ä", ".hidden"])
def test_a_prefix_that_is_none_is_told_to_the_operator(tmp_path: Path, prefix: str) -> None:
    with pytest.raises(ProductionError, match="no prefix of a shared store") as refused:
        open_shelf(parse_place(f"s3://bucket/{prefix}", {}), tmp_path)
    assert refused.value.code is ExitCode.USAGE


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_never_ends_under_a_name_is_taken_away_and_written_again(
    tmp_path: Path, kind: str
) -> None:
    (tmp_path / "share").mkdir()
    shelf = FolderShelf(tmp_path / "share")
    store = Store(tmp_path / "one")
    store.prepare()
    shared = SharedStore(shelf, store, KEY, wait=lambda _: None)
    file, digest = write(tmp_path)
    path = shelf.root / object_key(digest)
    path.parent.mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/full")  # gives zeros without end
    found: list[bool] = []
    asking = threading.Thread(
        target=lambda: found.append(shared.fetch(digest, length_bytes=len(BYTES))), daemon=True
    )
    asking.start()
    asking.join(timeout=60)
    assert found == [False]
    assert shared.damaged == 1
    shared.give(digest, file)
    assert path.read_bytes() == BYTES


def test_a_link_where_we_write_leads_to_nobodys_file(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    shelf = FolderShelf(tmp_path / "share")
    file, digest = write(tmp_path)
    path = shelf.root / object_key(digest)
    path.parent.mkdir(parents=True)
    own = tmp_path / "own"
    own.write_text("mine", encoding="utf-8")
    path.with_name(writing_name(path.name)).symlink_to(own)
    assert shelf.put(object_key(digest), file, digest)
    assert own.read_text("utf-8") == "mine"
    assert path.read_bytes() == BYTES
    assert not path.is_symlink()


@pytest.mark.parametrize("key", ["../out", "/etc/passwd", "objects/../../x", "objects//x", ".x"])
def test_no_key_leads_out_of_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        FolderShelf(tmp_path).get(key, tmp_path / "out", most_bytes=9)


@pytest.mark.parametrize(
    "fault",
    [
        Refuses(status=500, code="InternalError", first=2),
        Refuses(status=503, code="SlowDown", first=2),
        Flips(steps=frozenset({"get"}), first=1),
        Cuts(first=1),
    ],
    ids=["500", "503", "flipped", "cut"],
)
def test_a_server_in_trouble_for_a_moment_is_asked_again(
    moto: str, bucket: str, tmp_path: Path, fault: object
) -> None:
    file, digest = write(tmp_path)
    with careless_before(moto) as careless:
        settings = parse_place(f"s3://{bucket}", {"AWS_ENDPOINT_URL_S3": careless.address})
        store = Store(tmp_path / "one")
        shared = SharedStore(open_shelf(settings, tmp_path), store, KEY)
        careless.choose(fault)  # type: ignore[arg-type]
        shared.give(digest, file)
        assert shared.fetch(digest, length_bytes=len(BYTES))
        assert careless.seen["put"]
    assert store.verified(digest)


def test_a_server_that_keeps_half_of_what_it_is_sent_is_told(
    moto: str, bucket: str, tmp_path: Path
) -> None:
    file, digest = write(tmp_path)
    with careless_before(moto) as careless:
        settings = parse_place(f"s3://{bucket}", {"AWS_ENDPOINT_URL_S3": careless.address})
        shared = SharedStore(open_shelf(settings, tmp_path), Store(tmp_path / "one"), KEY)
        careless.choose(Truncates(first=FOR_EVER))
        with pytest.raises(ProductionError, match="keeps other bytes"):
            shared.give(digest, file)
