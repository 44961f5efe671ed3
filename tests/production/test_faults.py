"""Whatever stops a build, nothing half done is seen, and the next build ends where it would have.

Real processes: killed, interrupted, starved of disk, and two at once.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from production.building import Workshop
from programme.errors import ExitCode
from tests.production.mounting import mounted_disk, remount
from tests.production.running import (
    TINY,
    build,
    built_once,
    command_line,
    copy_of,
    edit,
    environment,
    run_process,
    tree,
)
from tests.production.small import write_small
from tests.strict import ToolFinder

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
LAST_STEPS = 8
"""Of some sixteen results in the store: from here on a build may end before a signal reaches it."""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a file system")


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return tree(built_once(tmp_path_factory, "tiny", TINY) / "build")


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return write_small(tmp_path / "tiny", TINY)


Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts commands in process groups of their own; ends what a failed test leaves."""
    begun: list[subprocess.Popen[bytes]] = []
    # A test run in the background (nohup, a CI's shell) ignores Ctrl-C, and a command inherits
    # that; a signal that is handled here is one that the command begins with as usual.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def start_one(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
        running = subprocess.Popen(
            command_line(*arguments),
            cwd=root,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        begun.append(running)
        return running

    yield start_one
    signal.signal(signal.SIGINT, before)
    for running in begun:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.communicate()


def children(pid: int) -> list[int]:
    """Give the processes that a process has started and that run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def workers(pid: int) -> list[int]:
    """Give a build's worker processes, without what watches over them."""
    found = []
    for child in children(pid):
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in words:
            found.append(child)
    return found


def until(true: object, within_s: float = 30.0) -> None:
    """Wait until a question is answered with yes."""
    end = time.monotonic() + within_s
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def store_size(root: Path) -> int:
    """Give how many objects the store holds."""
    return sum(1 for _ in (root / ".altavoz/store").glob("[0-9a-f][0-9a-f]/*"))


def assert_only_whole_files(root: Path, undisturbed: dict[str, str]) -> None:
    """Whatever can be seen in the build folder is a finished file."""
    seen = tree(root / "build") if (root / "build").is_dir() else {}
    assert {k: v for k, v in seen.items() if not k.endswith(".part")}.items() <= (
        undisturbed.items()
    )


def assert_next_build_ends_well(root: Path, undisturbed: dict[str, str]) -> None:
    """The next build makes what an undisturbed one makes, and tidies up."""
    assert not build(root).failures
    assert tree(root / "build") == undisturbed
    assert not list((root / ".altavoz/store/tmp").iterdir())
    assert not [path for path in root.rglob("*") if path.name.endswith((".part", ".tmp"))]


def whole_sweep(quick: Sequence[tuple[int, int]], *, below: int = 18) -> list[object]:
    """Give jobs and moments for a test of every day, and the rest for the slow one.

    A moment is a number of objects in the store, not a time: the tiny workspace makes 12 objects
    of slots, and 5 of its edition.
    """
    rest = [(jobs, n) for jobs in (1, 2) for n in range(below) if (jobs, n) not in quick]
    return [*quick, *(pytest.param(*one, marks=pytest.mark.slow) for one in rest)]


@pytest.mark.parametrize(("jobs", "moment"), whole_sweep([(1, 16), (2, 4)]))
def test_a_build_killed_at_any_moment_shows_nothing_half_and_goes_on(
    start: Start, fresh: Path, undisturbed: dict[str, str], jobs: int, moment: int
) -> None:
    running = start(fresh, "build", "-j", str(jobs))
    until(lambda: running.poll() is not None or store_size(fresh) >= moment)
    running.kill()
    _, err = running.communicate(timeout=30)
    # A worker that was just being born tells, in Python's words, that its build is gone.
    assert jobs > 1 or b"Traceback" not in err
    assert_only_whole_files(fresh, undisturbed)
    assert store_size(fresh) >= moment
    assert_next_build_ends_well(fresh, undisturbed)


@pytest.mark.tools
@pytest.mark.parametrize("call", ["rename", "openat", "pwrite64"])
def test_a_build_killed_at_a_system_call_goes_on(
    tool: ToolFinder, tmp_path: Path, undisturbed: dict[str, str], call: str
) -> None:
    strace = tool("strace")
    before = write_small(tmp_path / "begun", TINY)
    build(before)
    killed = 0
    for when in {"rename": (1, 6, 10), "openat": (450,), "pwrite64": (1, 9)}[call]:
        root = copy_of(before, tmp_path / f"{call}-{when}")
        build(root)  # a copy has other inodes than the journal knows
        edit(root / "episodes/corta-1.yml", "Agua y ayuda", "Agua")
        inject = ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}"]
        running = [strace, "-f", "-qq", "-o", "/dev/null", *inject]
        done = run_process("build", "-j1", cwd=root, before=running)
        assert "Traceback" not in done.said
        killed += done.code != 0
        edit(root / "episodes/corta-1.yml", '"Agua"', '"Agua y ayuda"')
        assert_next_build_ends_well(root, undisturbed)
        shutil.rmtree(root)
    assert killed


@needs_proc
@pytest.mark.parametrize(("jobs", "moment"), whole_sweep([(1, 4), (2, 0), (2, 3)], below=13))
def test_ctrl_c_ends_in_words_and_the_next_build_goes_on(
    start: Start, fresh: Path, undisturbed: dict[str, str], jobs: int, moment: int
) -> None:
    running = start(fresh, "build", "-j", str(jobs))
    if (jobs, moment) == (2, 0):
        # They share the terminal, and must know from birth that Ctrl-C is not for them.
        until(lambda: workers(running.pid))
        (newborn,) = workers(running.pid)[:1]
        status = Path(f"/proc/{newborn}/status").read_text(encoding="ascii")
        (held,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigBlk"))
        assert int(held, 16) >> (signal.SIGINT - 1) & 1
    until(lambda: (fresh / ".altavoz/lock").exists() and store_size(fresh) >= moment)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    if moment >= LAST_STEPS and running.returncode == ExitCode.OK:  # it was done before
        assert (b"Ready: 1 edition." in out, err) == (True, b"")
        assert tree(fresh / "build") == undisturbed
        return
    assert (running.returncode, out, err.decode().strip()) == (
        ExitCode.INTERRUPTED,
        b"",
        "Stopped. What was finished is kept; run the command again to go on.",
    )
    assert_only_whole_files(fresh, undisturbed)
    assert store_size(fresh) >= moment
    if moment:
        assert_next_build_ends_well(fresh, undisturbed)


@needs_proc
def test_a_killed_worker_costs_its_own_step_only(
    start: Start, fresh: Path, undisturbed: dict[str, str]
) -> None:
    running = start(fresh, "build", "-j2")
    until(lambda: store_size(fresh) >= 1)  # a slot is there, others are being mixed
    victim = workers(running.pid)[0]
    os.kill(victim, signal.SIGKILL)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err.decode()) == (0, "")
    assert b"Made 6 takes, 4 slots, 1 edition." in out
    assert tree(fresh / "build") == undisturbed


@needs_proc
def test_workers_killed_again_and_again_cost_time_only(
    start: Start, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = write_small(tmp_path / "small")
    running = start(root, "build", "-j3")
    killed = 0
    while running.poll() is None:
        before = store_size(root)
        until(lambda: running.poll() is not None or store_size(root) > before + 2)  # noqa: B023
        alive = workers(running.pid)
        if alive and killed < 8:
            os.kill(alive[killed % len(alive)], signal.SIGKILL)
            killed += 1
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err.decode()) == (0, "")
    assert killed > 5
    assert tree(root / "build") == tree(built_once(tmp_path_factory, "small") / "build")


@needs_proc
def test_workers_end_when_the_build_that_started_them_is_killed(start: Start, fresh: Path) -> None:
    running = start(fresh, "build", "-j2")
    until(lambda: store_size(fresh) >= 1)
    left = workers(running.pid)
    assert left
    running.kill()
    running.communicate(timeout=30)
    until(lambda: not any(is_alive(pid) for pid in left))


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_second_build_at_the_same_time_is_told_to_wait(fresh: Path) -> None:
    with Workshop(fresh).open():
        for command in ("build", "status", "pack"):
            done = run_process(command, cwd=fresh)
            assert (done.code, done.out) == (ExitCode.BUSY, "")
            assert done.err == (
                f"Error: {fresh}: another Altavoz is working in this workspace\n"
                "  wait until it has finished, then run the command again\n"
            )


def test_of_two_builds_at_once_one_works_and_no_file_is_hurt(
    start: Start, fresh: Path, undisturbed: dict[str, str]
) -> None:
    pair = [start(fresh, "build", "-j1") for _ in range(2)]
    ends = [(running.communicate(timeout=60)[1], running.returncode) for running in pair]
    codes = sorted(code for _, code in ends)
    assert codes[0] == 0
    assert codes[1] in {0, ExitCode.BUSY}
    assert not [err for err, _ in ends if b"Traceback" in err]
    assert tree(fresh / "build") == undisturbed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with mounted_disk(tmp_path / "disk", "20m") as place:
        yield place


def assert_storage_message(code: int, err: str, *words: str) -> None:
    assert "Traceback" not in err
    assert code == ExitCode.STORAGE, err
    lines = err.strip().splitlines()
    assert len(lines) == 2, err
    assert lines[0].startswith("Error: /")
    assert lines[1].strip()
    for word in words:
        assert word in err


@needs_root
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_full_disk_ends_in_words_and_goes_on_when_there_is_room(
    small_disk: Path, undisturbed: dict[str, str], jobs: int
) -> None:
    root = write_small(small_disk / "tiny", TINY)
    written_kb = shutil.disk_usage(small_disk).used // 1024
    # From where the journal does not fit to where the finished files do not; slots are between.
    for room_kb in (8, 140, 300, 700) if jobs == 1 else (300,):
        remount(small_disk, f"size={written_kb + room_kb}k")
        done = run_process("build", "-j", str(jobs), cwd=root)
        assert_storage_message(done.code, done.err, "full")
        assert_only_whole_files(root, undisturbed)
    remount(small_disk, "size=20m")
    assert_next_build_ends_well(root, undisturbed)


@needs_root
@pytest.mark.parametrize("command", [["build"], ["status"], ["pack"], ["publish", "public"]])
def test_a_read_only_workspace_ends_in_words(small_disk: Path, command: Sequence[str]) -> None:
    root = write_small(small_disk / "tiny", TINY)
    remount(small_disk, "ro")
    done = run_process(*command, cwd=root)
    assert_storage_message(done.code, done.err, "read-only", str(root))
    checked = run_process("check", cwd=root)
    assert checked.code == 0
    remount(small_disk, "rw")


@needs_root
def test_a_workspace_that_became_read_only_ends_in_words(small_disk: Path) -> None:
    root = write_small(small_disk / "tiny", TINY)
    build(root)
    edit(root / "scripts/agua/es-419.md", "Beba poco a poco.", "Beba a sorbos.")
    remount(small_disk, "ro")
    done = run_process("build", cwd=root)
    assert_storage_message(done.code, done.err, "read-only", str(root))
    remount(small_disk, "rw")


@pytest.mark.tools
@pytest.mark.parametrize("error", ["ENOSPC", pytest.param("EIO", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "call",
    [
        "pwrite64",
        pytest.param("rename", marks=pytest.mark.slow),
        pytest.param("copy_file_range,sendfile", marks=pytest.mark.slow),
        pytest.param("mkdir", marks=pytest.mark.slow),
    ],
)
def test_a_disk_that_refuses_any_call_ends_in_words(
    tool: ToolFinder, tmp_path: Path, undisturbed: dict[str, str], call: str, error: str
) -> None:
    strace = tool("strace")
    for when in (1, 8):
        root = write_small(tmp_path / f"{error}-{when}", TINY)
        inject = ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"]
        running = [strace, "-f", "-qq", "-o", "/dev/null", *inject]
        done = run_process("build", "-j1", cwd=root, before=running)
        assert "Traceback" not in done.said
        assert_only_whole_files(root, undisturbed)
        if done.code == 0:
            assert tree(root / "build") == undisturbed
        else:
            assert_storage_message(done.code, done.err)
            assert_next_build_ends_well(root, undisturbed)
