"""Faults that a preview server plays, so that podcast programs can be tried on bad networks."""

import threading
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong when a path is asked for."""

    path: str
    """Pattern over the path as sent, such as ``/m/*.mp3``."""
    times: int = 1
    """How many answers of each path it spoils; then the next fault has its turn."""
    status: int = 0
    """Answered in the file's place, such as 404 or 503; 0 for none."""
    cut_after: int | None = None
    """Bytes of the body after which the connection is cut; None for never."""
    no_range: bool = False
    """Every answer is whole, whatever part is asked for."""
    pause_s: float = 0.0
    """Before the answer."""
    bytes_a_second: int = 0
    """How fast the body goes out; 0 for as fast as it can."""


class Faults:
    """The faults that are to come; any thread may ask."""

    def __init__(self, *faults: Fault) -> None:
        self._lock = threading.Lock()
        self._faults = list(faults)
        self._used: Counter[tuple[int, str]] = Counter()

    def add(self, fault: Fault) -> None:
        """Have one more go wrong."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Let all be well."""
        with self._lock:
            self._faults.clear()
            self._used.clear()

    def take(self, path: str) -> Fault | None:
        """Give the first fault that still waits for this path, and count it; None for none."""
        with self._lock:
            for number, fault in enumerate(self._faults):
                if self._used[number, path] < fault.times and fnmatchcase(path, fault.path):
                    self._used[number, path] += 1
                    return fault
        return None
