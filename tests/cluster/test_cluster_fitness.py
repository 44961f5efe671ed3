"""Who may work: by versions, by name; and over which lines."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from distributed.utils import LoopRunner, sync
from tornado.ioloop import IOLoop

from production.cluster.client import Errand, check_address, is_here, is_open, line_faults
from production.cluster.fitness import differences, hello_text, own_environment, worker_name
from production.cluster.hands import Hands
from production.cluster.hello import FIRST, LIBRARIES, PACKAGES, code_digest
from programme.errors import ExitCode, ProductionError
from tests.production.running import ROOT


def hands(said: list[str] | None = None, patience_s: float = 10.0) -> tuple[Hands, list[float]]:
    now = [0.0]
    talk = (said if said is not None else []).append
    return Hands(talk=talk, patience_s=patience_s, clock=lambda: now[0]), now


@pytest.fixture
def loop() -> Iterator[IOLoop]:
    runner = LoopRunner()
    runner.start()
    yield runner.loop
    runner.stop()


@dataclass
class Waited:
    """What is waited for as Dask waits for an answer."""

    loop: IOLoop
    wait: Callable[[], Awaitable[None]]

    def cancelled(self) -> bool:
        return False

    def result(self, timeout: float) -> None:
        sync(self.loop, self.wait, callback_timeout=timeout)


def test_an_answer_that_is_cancelled_with_the_line_is_lost(loop: IOLoop) -> None:
    async def cancelled() -> None:
        raise asyncio.CancelledError

    with pytest.raises(ConnectionError, match="was closed meanwhile"):
        Errand(Waited(loop, cancelled)).answer()


def test_a_fault_at_a_worker_is_not_taken_for_a_lost_line(loop: IOLoop) -> None:
    async def faulty() -> None:
        raise UnboundLocalError("not associated with a value")

    with pytest.raises(UnboundLocalError):
        Errand(Waited(loop, faulty)).answer()


def test_a_worker_like_this_machine_is_fit() -> None:
    ours = dict(own_environment())
    assert not differences(ours | {"host": "studio", "process": "1"})


@pytest.mark.parametrize("name", ["Python", "machine", "code of Altavoz", *LIBRARIES])
def test_everything_that_the_bytes_depend_on_is_compared_by_name(name: str) -> None:
    theirs = dict(own_environment()) | {name: "other"}
    assert any(line.startswith(f"{name} is other there") for line in differences(theirs)) or (
        name == "altavoz"
    )
    theirs.pop(name)
    assert differences(theirs)


def test_a_worker_without_altavoz_is_told_so() -> None:
    assert differences({"altavoz": "not installed"}) == ("Altavoz is not installed there",)


def test_a_worker_that_fails_to_say_what_it_is_is_not_fit() -> None:
    (line,) = differences(SyntaxError("bad"))
    assert "SyntaxError" in line


def test_the_question_runs_under_a_python_that_has_nothing_of_ours(tmp_path: Path) -> None:
    asked = f"import json; print(json.dumps(eval({hello_text()!r})))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", asked],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"altavoz": "not installed"' in done.stdout
    assert '"code of Altavoz": "not installed"' in done.stdout


def test_a_package_that_is_installed_anew_while_a_worker_runs_is_seen() -> None:
    asked = (
        f"import sys; told = eval({hello_text()!r}); "
        f"vars(sys)[{FIRST!r}] = dict(vars(sys)[{FIRST!r}], av='1.0'); "
        f"print(told['code of Altavoz'], eval({hello_text()!r})['code of Altavoz'])"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", asked],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    first, then = done.stdout.split(" ", 1)
    assert len(first) == 16
    assert then.strip() == "installed anew while the worker ran"


def test_the_code_of_every_package_counts(tmp_path: Path) -> None:
    hello = (ROOT / "production" / "cluster" / "hello.py").read_text(encoding="utf-8")

    def digest() -> str:
        done = subprocess.run(
            [
                *(sys.executable, "-P", "-S", "-c"),
                f"exec({hello!r}); print(code_digest())",
            ],
            cwd=tmp_path,
            env={"PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    for name in PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
    seen = {digest()}
    for name in PACKAGES:
        (tmp_path / name / "more.py").write_text("x = 1\n")
        seen.add(digest())
    (tmp_path / "audio" / "chains.toml").write_text("gain = 1\n")
    seen.add(digest())
    (tmp_path / "audio" / "more.py").write_text("x = 2\n")
    seen.add(digest())
    assert len(seen) == len(PACKAGES) + 3
    assert len(code_digest()) == 16


@pytest.mark.parametrize(
    "address",
    ["tls://scheduler:8786", "tcp://127.0.0.1:8786", "tcp://localhost:8786", "tcp://[::1]:8786"],
)
def test_words_go_over_tls_or_stay_on_this_machine(address: str) -> None:
    check_address(address, insecure=False)


@pytest.mark.parametrize(
    "address", ["tcp://scheduler:8786", "tcp://10.0.0.5:8786", "tcp://127.0.0.1.evil.org:8786"]
)
def test_words_do_not_go_to_other_machines_in_the_clear_unless_somebody_says_so(
    address: str,
) -> None:
    with pytest.raises(ProductionError, match="without encryption") as refused:
        check_address(address, insecure=False)
    assert refused.value.code is ExitCode.USAGE
    check_address(address, insecure=True)
    assert not is_here(address)


def test_leave_to_go_without_encryption_is_refused_where_the_line_is_encrypted() -> None:
    with pytest.raises(ProductionError, match="this address asks for it") as refused:
        check_address("tls://scheduler:8786", insecure=True)
    assert refused.value.code is ExitCode.USAGE
    assert "leave --insecure out" in refused.value.remedy


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("tcp://10.0.0.5:8786", True),
        ("tcp://127.0.0.1:8786", False),
        ("tcp://localhost:8786", False),
        ("tls://10.0.0.5:8786", False),
    ],
)
def test_a_line_is_open_where_words_leave_the_machine_without_encryption(
    address: str, expected: bool
) -> None:
    assert is_open(address) is expected


@pytest.mark.parametrize(
    "address", ["", "scheduler:8786", "http://scheduler:8786", "tls://scheduler", "tls://:8786"]
)
def test_what_is_no_address_of_a_scheduler_is_refused(address: str) -> None:
    with pytest.raises(ProductionError, match="is no address of a scheduler"):
        check_address(address, insecure=True)


def test_an_unfit_worker_is_named_once_and_gets_nothing() -> None:
    said: list[str] = []
    some, _ = hands(said)
    some.meet("tcp://a", "studio", 1, ("numpy is 1 there and 2 here",))
    assert some.pick({}) is None
    assert said == ["Worker studio gets no work: numpy is 1 there and 2 here."]


def test_the_least_busy_worker_with_the_voice_is_taken() -> None:
    some, _ = hands()
    some.meet("a", "a", 1, ())
    some.meet("b", "b", 1, ())
    some.fit["a"].lacks.add(("piper", "quc"))
    voices = {("piper", "quc"): "1"}
    first = some.pick(voices)
    assert first is not None
    assert first.address == "b"
    some.fit["b"].busy |= {"1", "2"}
    assert some.pick(voices) is None
    assert some.can_speak(voices)
    some.fit["b"].lacks.add(("piper", "quc"))
    assert not some.can_speak(voices)


def test_who_has_nothing_to_do_takes_what_waits_at_another() -> None:
    some, now = hands()
    for name in "abc":
        some.meet(name, name, 1, ())
    none: dict[str, dict[tuple[str, str], str]] = {}
    some.fit["a"].busy |= {"1", "2"}
    some.fit["b"].busy |= {"3"}
    found = some.unequal(lambda key: none.get(key, {}))
    assert found is not None
    assert [one.address for one in found] == ["c", "a"]
    # Not where it lacks a voice, while it is spared, or where each has one at most.
    some.fit["c"].lacks.add(("piper", "quc"))
    assert some.unequal(lambda _: {("piper", "quc"): "1"}) is None
    some.fit["c"].slow_until = 1.0
    assert some.unequal(lambda _: {}) is None
    now[0] = 2.0
    assert some.unequal(lambda _: {}) is not None
    some.fit["a"].busy = {"1"}
    assert some.unequal(lambda _: {}) is None


def test_a_worker_that_was_too_slow_is_spared_for_a_minute() -> None:
    some, now = hands()
    some.meet("a", "a", 1, ())
    some.meet("b", "b", 1, ())
    some.fit["a"].busy.add("1")
    some.free("a", "1", late=True)
    some.fit["b"].busy |= {"2", "3"}
    assert some.pick({}) is None
    now[0] = 61.0
    found = some.pick({})
    assert found is not None
    assert found.address == "a"
    # Where nobody else is there it works all the same.
    some.free("a", "1", late=True)
    some.lose(["b"])
    assert some.pick({}) is not None


def test_a_worker_that_goes_gives_back_what_it_had_in_hand() -> None:
    some, _ = hands()
    some.meet("a", "a", 1, ())
    some.fit["a"].busy |= {"2", "1"}
    assert some.lose(["a", "z"]) == ["1", "2"]
    assert some.pick({}) is None


def test_one_that_was_set_aside_stays_so_until_it_is_begun_anew() -> None:
    some, now = hands()
    some.meet("a", "a", 1, ())
    some.set_aside("a", "the disk is full")
    some.meet("a", "a", 1, ())
    assert not some.fit
    now[0] = 6.0
    with pytest.raises(ProductionError, match="no worker may work") as ended:
        some.check(3)
    assert "the disk is full" in ended.value.where
    some.meet("b", "a", 1, ())
    some.check(3)


def test_nobody_is_waited_for_without_end() -> None:
    said: list[str] = []
    some, now = hands(said, patience_s=60.0)
    some.check(1)
    now[0] = 59.0
    some.check(1)
    assert said == ["Waiting for workers ..."]
    now[0] = 61.0
    with pytest.raises(ProductionError, match="no worker is at the scheduler") as ended:
        some.check(1)
    assert "dask worker" in ended.value.remedy


def test_a_worker_is_named_by_its_host() -> None:
    assert worker_name("tls://10.0.0.5:1", {"host": "studio"}) == "studio (tls://10.0.0.5:1)"
    assert worker_name("tls://10.0.0.5:1", ValueError()) == "tls://10.0.0.5:1"


def test_a_plain_scheduler_of_this_machine_hands_no_words_on_to_another_machine() -> None:
    (fault,) = line_faults("tcp://127.0.0.1:8786", "tcp://192.0.2.7:40001")
    assert "without encryption" in fault
    for scheduler, worker in (
        ("tcp://127.0.0.1:8786", "tcp://127.0.0.1:40001"),
        ("tcp://localhost:8786", "tcp://[::1]:40001"),
        ("tls://127.0.0.1:8786", "tls://192.0.2.7:40001"),
        ("tcp://192.0.2.1:8786", "tcp://192.0.2.7:40001"),  # --insecure said so
    ):
        assert not line_faults(scheduler, worker)


def test_what_a_worker_says_of_itself_moves_no_cursor_and_fills_no_window() -> None:
    said: list[str] = []
    made, _ = hands(said)
    theirs = {"host": "\x1b[2Jstudio", "altavoz": "1\r" + "9" * 100_000}
    address = "tcp://127.0.0.1:40001"
    made.meet(address, worker_name(address, theirs), 1, differences(theirs))
    shown = said[0] + made.nobody(1).where
    assert "studio" in shown
    assert shown.isprintable()
    assert len(shown) < 10_000
