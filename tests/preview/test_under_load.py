"""Who is slow, many, or gone does not keep others waiting, and memory does not grow."""

import hashlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from production.preview import answers as preview_answers
from production.preview import server as preview_server
from production.preview.faults import Fault
from tests.preview.conftest import SOUND, Served
from tests.preview.running import serving

BIG = 200_000_000


@pytest.fixture
def lines() -> Iterator[list[socket.socket]]:
    """Give a list whose connections are closed in the end."""
    opened: list[socket.socket] = []
    yield opened
    for line in opened:
        line.close()


def connect(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), timeout=10)


def ended(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_request_that_comes_letter_by_letter_is_ended(
    served: Served, lines: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_server, "REQUEST_S", 0.5)
    line = connect(served)
    lines.append(line)
    line.settimeout(0.05)
    began = time.monotonic()
    done = False
    while not done and time.monotonic() - began < 10:
        try:
            line.sendall(b"G")
            done = line.recv(1) == b""
        except TimeoutError:
            continue
        except (ConnectionResetError, BrokenPipeError):
            done = True
    assert done
    assert time.monotonic() - began < 5


def test_those_who_only_wait_make_room_for_those_who_ask(
    served: Served, lines: list[socket.socket]
) -> None:
    for _ in range(preview_server.MAX_CONNECTIONS + 40):
        line = connect(served)
        line.sendall(b"GET /m/water-1.mp3 HTTP/1.1\r\nX-")
        lines.append(line)
    began = time.monotonic()
    for _ in range(5):
        assert requests.get(served.url + "m/water-1.mp3", timeout=10).content == SOUND
    assert time.monotonic() - began < 5
    assert ended(lines[0])


def test_where_every_connection_is_busy_one_more_is_told_to_wait(
    served: Served, lines: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_server, "MAX_CONNECTIONS", 2)
    served.preview.faults.add(Fault(path="/m/*", bytes_a_second=200_000, times=2))
    for _ in range(2):
        line = connect(served)
        line.sendall(b"GET /m/water-1.mp3 HTTP/1.1\r\n\r\n")
        assert line.recv(10) == b"HTTP/1.1 2"
        lines.append(line)
    with connect(served) as line:
        said = line.recv(4096)
    assert said.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 2" in said


def test_who_takes_nothing_is_let_go(
    served: Served, lines: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_answers.Answerer, "timeout", 0.5)
    (served.folder / "m" / "big.mp3").write_bytes(bytes(20_000_000))
    line = connect(served)
    lines.append(line)
    line.sendall(b"GET /m/big.mp3 HTTP/1.1\r\n\r\n")
    stop = time.monotonic() + 10
    while not served.answers and time.monotonic() < stop:
        time.sleep(0.05)
    assert served.answers[0].sent_bytes < 20_000_000
    assert requests.get(served.url, timeout=10).status_code == 200


def test_who_goes_away_leaves_no_traceback(
    served: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    (served.folder / "m" / "big.mp3").write_bytes(bytes(20_000_000))
    for _ in range(5):
        with connect(served) as line:
            line.sendall(b"GET /m/big.mp3 HTTP/1.1\r\n\r\n")
            assert line.recv(1000)
    stop = time.monotonic() + 10
    while len(served.answers) < 5 and time.monotonic() < stop:
        time.sleep(0.05)
    assert [answered.is_whole for answered in served.answers] == [False] * 5
    assert capfd.readouterr().err == ""


def test_a_file_that_shrinks_under_the_server_ends_the_connection(served: Served) -> None:
    served.preview.faults.add(Fault(path="/m/*", bytes_a_second=100_000))
    path = served.folder / "m" / "water-1.mp3"

    def shrink() -> None:
        time.sleep(0.3)
        os.truncate(path, 1000)

    other = threading.Thread(target=shrink)
    other.start()
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        _ = requests.get(served.url + "m/water-1.mp3", timeout=10).content
    other.join()


def test_a_file_replaced_under_the_server_is_given_to_its_end(served: Served) -> None:
    served.preview.faults.add(Fault(path="/m/*", bytes_a_second=300_000))
    path = served.folder / "m" / "water-1.mp3"
    with requests.get(served.url + "m/water-1.mp3", timeout=10, stream=True) as answer:
        beside = path.with_name("beside")
        beside.write_bytes(b"other")
        beside.replace(path)
        assert answer.content == SOUND


@pytest.mark.parametrize(
    ("fault", "status", "length"),
    [
        (Fault(path="/m/*", status=404), 404, 38),
        (Fault(path="/m/*", no_range=True), 200, len(SOUND)),
        (Fault(path="/m/*", pause_s=0.3), 206, 10),
    ],
)
def test_faults_are_played_once_and_then_all_is_well(
    served: Served, fault: Fault, status: int, length: int
) -> None:
    served.preview.faults.add(fault)
    part = {"Range": "bytes=0-9"}
    answer = requests.get(served.url + "m/water-1.mp3", headers=part, timeout=10)
    assert (answer.status_code, len(answer.content)) == (status, length)
    assert requests.get(served.url + "m/water-1.mp3", headers=part, timeout=10).status_code == 206


def test_a_cut_answer_announces_more_than_it_sends(served: Served) -> None:
    served.preview.faults.add(Fault(path="/m/*", cut_after=1000))
    with connect(served) as line:
        line.sendall(b"GET /m/water-1.mp3 HTTP/1.1\r\n\r\n")
        data = b""
        while block := line.recv(65536):
            data += block
    head, _, body = data.partition(b"\r\n\r\n")
    assert b"Content-Length: 102400" in head
    assert body == SOUND[:1000]


def test_stopping_ends_every_connection_and_frees_the_port(served: Served) -> None:
    with connect(served) as line:
        began = time.monotonic()
        served.preview.stop()
        assert ended(line)
    assert time.monotonic() - began < 3
    with pytest.raises(ConnectionRefusedError):
        connect(served)


def test_twenty_large_downloads_at_once_stay_below_60_mb(served: Served) -> None:
    wanted = hashlib.sha256()
    with (served.folder / "m" / "large-1.mp3").open("wb") as file:
        for number in range(BIG // 1_000_000):
            block = bytes([number]) * 1_000_000
            wanted.update(block)
            file.write(block)
    with serving(served.folder, "--port", "0") as server:
        url = f"{server.url}m/large-1.mp3"
        with ThreadPoolExecutor(20) as pool:
            # two are looked at closely, eighteen are counted: hashing is the client's time
            whole = [pool.submit(digest_of, url) for _ in range(2)]
            counts = [pool.submit(length_of, url) for _ in range(18)]
        found = {done.result() for done in whole}
        lengths = {done.result() for done in counts}
        status = Path(f"/proc/{server.process.pid}/status").read_text()
    assert (found, lengths) == ({wanted.hexdigest()}, {BIG})
    peak = next(row for row in status.splitlines() if row.startswith("VmHWM"))
    assert int(peak.split()[1]) < 60_000, peak


def digest_of(url: str) -> str:
    running = hashlib.sha256()
    with requests.get(url, timeout=60, stream=True) as answer:
        for block in answer.iter_content(1 << 18):
            running.update(block)
    return running.hexdigest()


def length_of(url: str) -> int:
    with requests.get(url, timeout=60, stream=True) as answer:
        return sum(map(len, answer.iter_content(1 << 20)))
