"""The shared store: nothing in it is believed before it is looked at, nothing whole is replaced."""

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.journal import Result
from production.shared.folder import FolderShelf
from production.shared.places import open_shelf, parse_place
from production.shared.records import (
    Record,
    RecordKey,
    machine_kind,
    parse_key,
    parse_record,
    record_name,
    render_record,
)
from production.shared.store import SharedStore, Shelf, object_key
from production.store import Store
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Digest, Fingerprint
from tests.cluster.builds import KEY

OTHER = RecordKey(secret=bytes(32))
PROC = Path("/proc/self/status")
MOST_SENT = 200_000_000
"""Bytes after which a server without end gives up, so that a shelf that takes all of it fails."""
STEP = Fingerprint("5" * 64)
BYTES = b"a slot's frames" * 1000


def record(digest: str) -> Record:
    """Give a record that names one object."""
    result = Result(outputs={"take": Digest(digest)}, facts={"samples": 7, "words": [[0, 1]]})
    return Record(result=result, lengths={Digest(digest): len(BYTES)})


RECORD = record("a" * 64)
RESULT = RECORD.result

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
    assert not two.fetch(digest, length_bytes=len(BYTES))
    one.give(digest, file)
    assert two.fetch(digest, length_bytes=len(BYTES))
    assert (tmp_path / "two" / digest[:2] / digest[2:]).read_bytes() == BYTES
    assert not list((tmp_path / "two" / "tmp").iterdir())


def test_bytes_that_are_not_what_their_name_says_are_never_used(
    machine: Open, tmp_path: Path
) -> None:
    file, digest = write(tmp_path)
    one, two = machine("one"), machine("two")
    for bad in (b"", BYTES[:-1], BYTES[:-1] + b"!", b"another message", BYTES * 2):
        spoil(one.shelf, object_key(digest), bad, tmp_path)
        assert not two.fetch(digest, length_bytes=len(BYTES))
        assert not (tmp_path / "two" / digest[:2] / digest[2:]).exists()
    assert two.damaged == 5
    # They were taken away, so that the right ones can be put there.
    machine("three").give(digest, file)
    assert two.fetch(digest, length_bytes=len(BYTES))


def test_what_was_cut_short_there_is_written_again(machine: Open, tmp_path: Path) -> None:
    file, digest = write(tmp_path)
    one = machine("one")
    spoil(one.shelf, object_key(digest), BYTES[:100], tmp_path)
    one.give(digest, file)
    assert machine("two").fetch(digest, length_bytes=len(BYTES))


def test_of_an_object_that_is_longer_than_its_record_says_nothing_is_fetched(
    machine: Open, tmp_path: Path
) -> None:
    one = machine("one")
    _, digest = write(tmp_path)
    out = tmp_path / "out"
    for foreign in (BYTES + b"!", BYTES * 300):  # a byte too many; more than are read at once
        spoil(one.shelf, object_key(digest), foreign, tmp_path)
        assert one.shelf.get(object_key(digest), out, most_bytes=len(BYTES))
        assert out.read_bytes() == b""
        assert one.shelf.get(object_key(digest), out, most_bytes=len(foreign))
        assert out.read_bytes() == foreign
    assert one.shelf.get(object_key(digest), out, most_bytes=0)
    assert out.read_bytes() == b""


@pytest.mark.skipif(not PROC.exists(), reason="this system shows no such files")
def test_a_file_that_hides_its_length_is_read_no_further_than_its_record_says(
    tmp_path: Path,
) -> None:
    # The kernel says that it has no bytes, and gives hundreds.
    assert PROC.stat().st_size == 0
    assert len(PROC.read_bytes()) > 100
    shelf = FolderShelf(tmp_path)
    (tmp_path / "long").symlink_to(PROC)
    assert shelf.get("long", tmp_path / "out", most_bytes=100)
    assert (tmp_path / "out").read_bytes() == b""


class Endless(BaseHTTPRequestHandler):
    """Answers with bytes and never says how many there are, until nobody reads on."""

    sent = 0

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Type", "application/octet-stream")
        self.end_headers()
        with suppress(ConnectionError):
            while Endless.sent < MOST_SENT:
                Endless.sent += self.wfile.write(BYTES)

    def log_message(self, *args: object) -> None:
        del args


def test_a_server_that_sends_without_end_is_not_listened_to(
    credentials: None, tmp_path: Path
) -> None:
    del credentials
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        shelf = open_shelf(parse_place("s3://bucket", {"AWS_ENDPOINT_URL_S3": address}), tmp_path)
        assert shelf.get("objects/aa/bb", tmp_path / "out", most_bytes=len(BYTES))
        assert (tmp_path / "out").read_bytes() == b""
        shelf.close()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert 0 < Endless.sent < MOST_SENT


def test_a_file_that_changed_never_goes_under_the_old_name(machine: Open, tmp_path: Path) -> None:
    file, digest = write(tmp_path)
    file.write_bytes(BYTES.replace(b"s", b"z"))
    one = machine("one")
    with pytest.raises(ProductionError) as refused:
        one.give(digest, file)
    assert refused.value.code is ExitCode.STORAGE
    assert not machine("two").fetch(digest, length_bytes=len(BYTES))


def test_a_record_is_read_by_whoever_has_the_key(machine: Open) -> None:
    machine("one").write_record(STEP, RECORD)
    assert machine("two").read_record(STEP) == RECORD
    assert machine("two", key=None).read_record(STEP) is None
    assert machine("two", key=OTHER).read_record(STEP) is None
    assert machine("two").read_record(Fingerprint("6" * 64)) is None


def test_without_a_key_no_record_is_given(machine: Open) -> None:
    machine("one", key=None).write_record(STEP, RECORD)
    assert machine("two").read_record(STEP) is None


@pytest.mark.parametrize(
    "forged",
    [
        render_record(OTHER, STEP, RECORD),
        render_record(KEY, Fingerprint("6" * 64), RECORD),
        render_record(KEY, STEP, RECORD).replace(b"aaaa", b"bbbb"),
        render_record(KEY, STEP, RECORD)[:-10],
        render_record(KEY, STEP, RECORD) + b"more",
        render_record(KEY, STEP, record("../../etc")),
        render_record(KEY, STEP, Record(result=RESULT, lengths={})),
        b"",
        b"\xff\xfe",
    ],
    ids=[
        "other key",
        "another step's",
        "altered",
        "cut",
        "longer",
        "no digest",
        "no length",
        "empty",
        "noise",
    ],
)
def test_a_forged_record_is_never_used_and_is_taken_away(
    machine: Open, tmp_path: Path, forged: bytes
) -> None:
    one = machine("one")
    spoil(one.shelf, record_name(KEY, STEP), forged, tmp_path)
    two = machine("two")
    assert two.read_record(STEP) is None
    assert two.refused == 1
    one.write_record(STEP, RECORD)
    assert two.read_record(STEP) == RECORD


def test_a_record_that_stands_is_not_replaced(machine: Open) -> None:
    one, two = machine("one"), machine("two")
    one.write_record(STEP, RECORD)
    two.write_record(STEP, record("b" * 64))
    assert one.read_record(STEP) == RECORD


def test_records_of_another_kind_of_machine_are_not_met(
    machine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine("one").write_record(STEP, RECORD)
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert machine_kind().endswith("-riscv64")
    assert machine("two").read_record(STEP) is None


def test_a_record_of_another_version_is_not_used_whatever_it_holds() -> None:
    line = '{"version":1}'
    assert parse_record(f"{line}\n{KEY.seal(line)}\n".encode(), KEY, STEP) is None


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_no_flipped_bit_of_a_record_goes_unseen(at: int, bit: int) -> None:
    data = bytearray(render_record(KEY, STEP, RECORD))
    data[at % len(data)] ^= 1 << bit
    assert parse_record(bytes(data), KEY, STEP) is None


def test_the_key_is_told_by_nothing_that_is_printed() -> None:
    assert KEY.secret.hex() not in repr(KEY) + str(KEY) + KEY.id
    with pytest.raises(ProductionError) as refused:
        parse_key("0123 secret", "ALTAVOZ_STORE_KEY")
    assert "0123" not in str(refused.value)
    assert parse_key(KEY.secret.hex() + "\n", "") == KEY


def test_of_a_record_that_is_too_long_nothing_is_fetched(
    machine: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = machine("one"), machine("other")
    whole = render_record(KEY, STEP, RECORD)
    name, out = record_name(KEY, STEP), tmp_path / "out"
    one.write_record(STEP, RECORD)
    assert one.shelf.get(name, out, most_bytes=len(whole))
    assert out.read_bytes() == whole
    assert one.shelf.get(name, out, most_bytes=len(whole) - 1)
    assert out.read_bytes() == b""
    monkeypatch.setattr("production.shared.store.MOST_RECORD_BYTES", len(whole) - 1)
    assert other.read_record(STEP) is None
    assert other.refused == 1
    assert not one.shelf.get(name, out, most_bytes=9)
