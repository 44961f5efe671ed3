"""Killed, starved or interrupted at any system call, a publish to a folder is never half seen."""

import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from programme.errors import ExitCode
from tests.production.publish.crashing import CALLS, Lab, leavings, traced
from tests.production.publish.listener import (
    folder_documents,
    visit,
    visit_folder,
    web_reader,
)
from tests.production.stage import staged
from tests.strict import ToolFinder

pytestmark = pytest.mark.tools

NAMES = ("first", "correction", "retraction")
STOPPED = "Stopped. What was finished is kept; run the command again to go on."


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    strace = ToolFinder()("strace")
    with staged() as stage:
        yield Lab(stage, tmp_path_factory.mktemp("lab"), strace=strace)


def moments(*quick: tuple[str, str, float], each: tuple[str, ...]) -> list[object]:
    """Give some shares of a run for every day, and every call (0) for the slow sweep."""
    whole = [pytest.param(name, call, 0, marks=pytest.mark.slow) for name in NAMES for call in each]
    return [*quick, *whole]


@pytest.mark.parametrize(
    ("name", "call", "when"),
    moments(
        ("first", "rename", 0.6),
        ("correction", "unlink", 0.8),
        ("retraction", "fsync", 0.5),
        each=tuple(CALLS),
    ),
)
def test_killed_at_a_system_call_it_shows_nothing_half_and_a_rerun_ends_the_same(
    lab: Lab, name: str, call: str, when: float
) -> None:
    scenario = lab.scenario(name)
    before = visit_folder(scenario.before / "public")
    for number in lab.moments(scenario, call, when):
        root = lab.fresh(scenario)
        done = lab.broken(scenario, root, call=call, fault=f"signal=KILL:when={number}")
        assert done.code == -signal.SIGKILL, (number, done)
        scenario.assert_whole(root, before)
        lab.rerun(scenario, root)
        shutil.rmtree(root)


@pytest.mark.parametrize("error", ["ENOSPC", pytest.param("EIO", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("name", "call", "when"),
    moments(
        ("correction", "rename", 0.7),
        each=tuple(CALLS),
    ),
)
def test_a_disk_that_refuses_a_call_ends_in_words_and_a_rerun_ends_the_same(
    lab: Lab, name: str, call: str, when: float, error: str
) -> None:
    scenario = lab.scenario(name)
    before = visit_folder(scenario.before / "public")
    for number in lab.moments(scenario, call, when):
        root = lab.fresh(scenario)
        done = lab.broken(scenario, root, call=call, fault=f"error={error}:when={number}")
        scenario.assert_whole(root, before)
        assert "Traceback" not in done.said, (number, done.said)
        if done.code:
            assert done.code == ExitCode.STORAGE, (number, done)
            # Its words go through the same call.
            words = len(done.err.strip().splitlines())
            assert words == 2 or (call == "write" and words < 2), (number, done.err)
            assert leavings(root) == [], number
            lab.rerun(scenario, root)
        shutil.rmtree(root)


SIGNALS = {"INT": (ExitCode.INTERRUPTED, signal.SIGINT), "TERM": (143, signal.SIGTERM)}


@pytest.mark.parametrize(
    ("name", "call", "when", "sent"),
    [
        ("first", "rename", 0.4, "TERM"),
        ("correction", "fsync", 0.6, "INT"),
        ("retraction", "write", 0.1, "INT"),  # again while the first is told: two threads write
        *(
            pytest.param(name, call, 0, sent, marks=pytest.mark.slow)
            for name in NAMES
            for call in CALLS
            for sent in SIGNALS
        ),
    ],
)
def test_interrupted_it_ends_in_words_and_leaves_nothing_temporary(
    lab: Lab, name: str, call: str, when: float, sent: str
) -> None:
    scenario = lab.scenario(name)
    code = SIGNALS[sent][0]
    before = visit_folder(scenario.before / "public")
    for number in lab.moments(scenario, call, when):
        root = lab.fresh(scenario)
        done = lab.broken(scenario, root, call=call, fault=f"signal={sent}:when={number}")
        scenario.assert_whole(root, before)
        if done.code:  # it may be done already, and has only to say so
            assert (done.code, done.err.strip()) == (code, STOPPED), number
            assert leavings(root) == [], number
            lab.rerun(scenario, root)
        shutil.rmtree(root)


@contextmanager
def web_server(site: Path) -> Iterator[str]:
    """Serve a folder as any web server does; give its address."""

    class Quiet(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        serving.join()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("first", marks=pytest.mark.slow),
        "correction",
        pytest.param("retraction", marks=pytest.mark.slow),
    ],
)
def test_a_listener_who_reads_all_the_time_never_meets_a_missing_or_wrong_object(
    lab: Lab, name: str
) -> None:
    scenario = lab.scenario(name)
    root = lab.fresh(scenario)
    site = root / "public"
    site.mkdir(exist_ok=True)
    running = lab.stage.begin(root, *scenario.command, now=scenario.now, held=True)
    # Slow enough to be watched between any two steps.
    slow = (
        "-o",
        "/dev/null",
        "-e",
        f"trace={CALLS['rename']},{CALLS['unlink']}",
        "-e",
        f"inject={CALLS['rename']},{CALLS['unlink']}:delay_exit=20000",
    )
    seen: dict[frozenset[str], int] = {}
    serials: list[int] = []
    with (
        web_server(site) as address,
        web_reader(address) as get,
        traced(lab.strace, running, *slow),
    ):
        while True:
            is_last = running.is_over()
            found = visit(get, folder_documents(site))
            assert found.faults == []
            assert scenario.is_first or found.early == []
            seen[frozenset(found.guids)] = seen.get(frozenset(found.guids), 0) + 1
            serials.append(found.serial)
            if is_last:
                break
    assert running.end().code == 0
    assert sum(seen.values()) > 10
    assert len(seen) > 1
    assert serials == sorted(serials)
    scenario.assert_like_undisturbed(root)
