"""The shared store: nothing in it is believed before it is looked at, nothing whole is replaced."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.journal import Result
from production.shared_records import (
    RecordKey,
    machine_kind,
    parse_key,
    parse_record,
    record_name,
    render_record,
)
from production.shared_store import SharedStore, Shelf, object_key
from production.shared_store_folder import FolderShelf
from production.shared_store_places import open_shelf, parse_place
from production.store import Store
from production.targets.beside import writing_name
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Digest, Fingerprint
from tests.cluster.builds import KEY
from tests.targets.careless import careless_before
from tests.targets.faults import FOR_EVER, Cuts, Flips, Refuses, Truncates

OTHER = RecordKey(secret=bytes(32))
STEP = Fingerprint("5" * 64)
RESULT = Result(outputs={"take": Digest("a" * 64)}, facts={"samples": 7, "words": [[0, 1]]})
BYTES = b"a slot's frames" * 1000

Open = Callable[..., SharedStore]


@pytest.fixture(params=["folder", "moto"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> TargetSettings:
    """Give an empty place of each kind."""
    if request.param == "folder":
        (tmp_path / "share").mkdir()
        return TargetSettings(
            name="store", kind="folder", options={"path": str(tmp_path / "share")}
        )
    server = request.getfixturevalue("moto")
    address = f"s3://{request.getfixturevalue('bucket')}/team"
    return parse_place(address, {"AWS_ENDPOINT_URL_S3": server})


@pytest.fixture
def machine(place: TargetSettings, tmp_path: Path) -> Open:
    """Give the shared store as a machine of a name sees it."""

    def make(name: str, key: RecordKey | None = KEY) -> SharedStore:
        store = Store(tmp_path / name)
        store.prepare()
        return SharedStore(open_shelf(place, tmp_path), store, key, wait=lambda _: None)

    return make


def write(folder: Path, data: bytes = BYTES) -> tuple[Path, Digest]:
    path = folder / "made"
    path.write_bytes(data)
    return path, digest_bytes(data)


def spoil(shelf: Shelf, key: str, data: bytes, folder: Path) -> None:
    """Put other bytes under a key, as somebody who may write there can."""
    path = folder / "spoilt"
    path.write_bytes(data)
    shelf.remove(key)
    if isinstance(shelf, FolderShelf):
        (shelf.root / key).parent.mkdir(parents=True, exist_ok=True)
        (shelf.root / key).write_bytes(data)
    else:
        shelf.put(key, path, digest_bytes(data))


def test_what_one_machine_gives_another_fetches(machine: Open, tmp_path: Path) -> None:
    file, digest = write(tmp_path)
    one, two = machine("one"), machine("two")
    assert not two.fetch(digest)
    one.give(digest, file)
    assert two.fetch(digest)
    assert (tmp_path / "two" / digest[:2] / digest[2:]).read_bytes() == BYTES
    assert not list((tmp_path / "two" / "tmp").iterdir())


def test_bytes_that_are_not_what_their_name_says_are_never_used(
    machine: Open, tmp_path: Path
) -> None:
    file, digest = write(tmp_path)
    one, two = machine("one"), machine("two")
    for bad in (b"", BYTES[:-1], BYTES[:-1] + b"!", b"another message"):
        spoil(one.shelf, object_key(digest), bad, tmp_path)
        assert not two.fetch(digest)
        assert not (tmp_path / "two" / digest[:2] / digest[2:]).exists()
    assert two.damaged == 4
    # They were taken away, so that the right ones can be put there.
    machine("three").give(digest, file)
    assert two.fetch(digest)


def test_what_was_cut_short_there_is_written_again(machine: Open, tmp_path: Path) -> None:
    file, digest = write(tmp_path)
    one = machine("one")
    spoil(one.shelf, object_key(digest), BYTES[:100], tmp_path)
    one.give(digest, file)
    assert machine("two").fetch(digest)


def test_a_file_that_changed_never_goes_under_the_old_name(machine: Open, tmp_path: Path) -> None:
    file, digest = write(tmp_path)
    file.write_bytes(BYTES.replace(b"s", b"z"))
    one = machine("one")
    with pytest.raises(ProductionError) as refused:
        one.give(digest, file)
    assert refused.value.code is ExitCode.STORAGE
    assert not machine("two").fetch(digest)


def test_a_record_is_read_by_whoever_has_the_key(machine: Open) -> None:
    machine("one").record(STEP, RESULT)
    assert machine("two").result(STEP) == RESULT
    assert machine("two", key=None).result(STEP) is None
    assert machine("two", key=OTHER).result(STEP) is None
    assert machine("two").result(Fingerprint("6" * 64)) is None


def test_without_a_key_no_record_is_given(machine: Open) -> None:
    machine("one", key=None).record(STEP, RESULT)
    assert machine("two").result(STEP) is None


@pytest.mark.parametrize(
    "forged",
    [
        render_record(OTHER, STEP, RESULT),
        render_record(KEY, Fingerprint("6" * 64), RESULT),
        render_record(KEY, STEP, RESULT).replace(b"aaaa", b"bbbb"),
        render_record(KEY, STEP, RESULT)[:-10],
        render_record(KEY, STEP, RESULT) + b"more",
        render_record(KEY, STEP, Result(outputs={"take": Digest("../../etc")}, facts={})),
        b"",
        b"\xff\xfe",
    ],
    ids=["other key", "another step's", "altered", "cut", "longer", "no digest", "empty", "noise"],
)
def test_a_forged_record_is_never_used_and_is_taken_away(
    machine: Open, tmp_path: Path, forged: bytes
) -> None:
    one = machine("one")
    spoil(one.shelf, record_name(KEY, STEP), forged, tmp_path)
    two = machine("two")
    assert two.result(STEP) is None
    assert two.refused == 1
    one.record(STEP, RESULT)
    assert two.result(STEP) == RESULT


def test_a_record_that_stands_is_not_replaced(machine: Open) -> None:
    one, two = machine("one"), machine("two")
    one.record(STEP, RESULT)
    two.record(STEP, Result(outputs={"take": Digest("b" * 64)}, facts=dict(RESULT.facts)))
    assert one.result(STEP) == RESULT


def test_records_of_another_kind_of_machine_are_not_met(
    machine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine("one").record(STEP, RESULT)
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert machine_kind().endswith("-riscv64")
    assert machine("two").result(STEP) is None


def test_a_record_of_another_version_is_not_used_whatever_it_holds() -> None:
    line = '{"version":2}'
    assert parse_record(f"{line}\n{KEY.seal(line)}\n".encode(), KEY, STEP) is None


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_no_flipped_bit_of_a_record_goes_unseen(at: int, bit: int) -> None:
    data = bytearray(render_record(KEY, STEP, RESULT))
    data[at % len(data)] ^= 1 << bit
    assert parse_record(bytes(data), KEY, STEP) is None


def test_the_key_is_told_by_nothing_that_is_printed() -> None:
    assert KEY.secret.hex() not in repr(KEY) + str(KEY) + KEY.id
    with pytest.raises(ProductionError) as refused:
        parse_key("0123 secret", "ALTAVOZ_STORE_KEY")
    assert "0123" not in str(refused.value)
    assert parse_key(KEY.secret.hex() + "\n", "") == KEY


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
        shelf.get(object_key(digest), tmp_path / "out")
    assert not (tmp_path / "mount").exists()


def test_of_a_record_that_is_too_long_nothing_is_fetched(
    machine: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = machine("one"), machine("other")
    whole = render_record(KEY, STEP, RESULT)
    name, out = record_name(KEY, STEP), tmp_path / "out"
    one.record(STEP, RESULT)
    assert one.shelf.get(name, out, most_bytes=len(whole))
    assert out.read_bytes() == whole
    assert one.shelf.get(name, out, most_bytes=len(whole) - 1)
    assert out.read_bytes() == b""
    monkeypatch.setattr("production.shared_store.MOST_RECORD_BYTES", len(whole) - 1)
    assert other.result(STEP) is None
    assert other.refused == 1
    assert not one.shelf.get(name, out)


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
    asking = threading.Thread(target=lambda: found.append(shared.fetch(digest)), daemon=True)
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
        FolderShelf(tmp_path).get(key, tmp_path / "out")


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
        assert shared.fetch(digest)
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
