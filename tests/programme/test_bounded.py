"""What runs in a bounded process may crash, hang, grow and write: it ends, and says how."""

import sys
import time
from pathlib import Path

import pytest

from programme.bounded import Bounds, Fault, ask

BOUNDS = Bounds(seconds=5, memory_bytes=500_000_000, file_bytes=1_000_000)
SHORT = Bounds(seconds=1, memory_bytes=500_000_000, file_bytes=1_000_000)
ONLY_UNIX = pytest.mark.skipif(sys.platform != "linux", reason="the system has no such bound")


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the file of a module that the process finds."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path / "guest.py"


def answered(module: Path, text: str, bounds: Bounds = BOUNDS) -> bytes | Fault:
    module.write_text(f"import sys\n{text}\n", encoding="utf-8")
    return ask("guest", b"what", bounds=bounds)


def test_an_answer_comes_back_whole(module: Path) -> None:
    text = "sys.stdout.buffer.write(sys.stdin.buffer.read() * 100_000)"
    assert answered(module, text) == b"what" * 100_000


def test_a_module_knows_that_it_is_the_program(module: Path) -> None:
    assert answered(module, "print(__name__)") == b"__main__\n"


def test_a_crash_ends_that_process_only(module: Path) -> None:
    assert answered(module, "import ctypes; ctypes.string_at(0)") is Fault.CRASH
    assert answered(module, "import os; os.abort()") is Fault.CRASH


def test_work_without_end_is_ended(module: Path) -> None:
    began = time.perf_counter()
    assert answered(module, "while True: pass", SHORT) is Fault.TIME
    assert answered(module, "import time; time.sleep(60)", SHORT) is Fault.TIME
    assert time.perf_counter() - began < 10


@ONLY_UNIX
def test_hunger_for_memory_is_ended(module: Path) -> None:
    assert answered(module, "bytearray(10**10)") is Fault.MEMORY
    # also where nobody in the library looks at what malloc says
    greedy = "import ctypes; m = ctypes.CDLL(None).malloc; m.restype = ctypes.c_void_p\n"
    assert answered(module, greedy + "print(m(ctypes.c_size_t(10**10)))") == b"None\n"


@ONLY_UNIX
def test_a_flood_of_answer_is_ended(module: Path) -> None:
    flood = "while True: sys.stdout.buffer.write(bytes(100_000))"
    assert answered(module, flood) is Fault.MEMORY


@ONLY_UNIX
def test_no_file_may_grow_past_its_bound(module: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert answered(module, f"open({str(out)!r}, 'wb').write(bytes(2_000_000))") is Fault.MEMORY
    assert out.stat().st_size <= BOUNDS.file_bytes


def test_nothing_that_is_open_here_is_open_there(module: Path, tmp_path: Path) -> None:
    with (tmp_path / "held").open("wb") as held:
        text = f"import os\ntry: os.fstat({held.fileno()})\nexcept OSError: print('closed')"
        assert answered(module, text) == b"closed\n"


def test_a_folder_called_as_our_packages_are_is_not_imported(
    module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a workspace has a folder called scripts, and may have one called programme
    (tmp_path / "here/programme").mkdir(parents=True)
    (tmp_path / "here/programme/bounded.py").write_text("raise SystemExit(1)", encoding="utf-8")
    (tmp_path / "here/programme/__init__.py").touch()
    monkeypatch.chdir(tmp_path / "here")
    assert answered(module, "print('ours')") == b"ours\n"
