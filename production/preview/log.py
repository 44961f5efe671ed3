"""What a preview was asked, a line of JSON each: never who asked.

Neither an address nor a program's name is written to the disk: a telephone can be known by them.
"""

import errno
import json
import os
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from programme.errors import ProductionError
from programme.storage import storage_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One request and its answer."""

    at: datetime
    """Aware, when the answer was finished."""
    method: str
    path: str
    """As sent, without its query; ASCII."""
    asked_range: str
    """The header Range; empty for none."""
    status: int
    length_bytes: int
    """What the answer's body has, as announced; 0 for a HEAD."""
    sent_bytes: int
    """What of it was sent, to the network at least."""
    took_ms: int
    program: str
    """What the client calls itself, its first word only; for the screen."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the body is lacking."""
        return self.sent_bytes == self.length_bytes

    def line(self) -> str:
        """Give it as the screen shows it."""
        said = [f"{self.status} {self.method} {self.path}"]
        if self.asked_range:
            said.append(self.asked_range)
        whole = "" if self.is_whole else f" of {self.length_bytes}, then it was cut off"
        said.append(f"{self.sent_bytes} bytes{whole}")
        return "  ".join([*said, self.program]).rstrip()

    def plain(self) -> dict[str, Any]:
        """Give what may be written down."""
        return {
            "at": self.at.isoformat(timespec="milliseconds"),
            "method": self.method,
            "path": self.path,
            "range": self.asked_range,
            "status": self.status,
            "length_bytes": self.length_bytes,
            "sent_bytes": self.sent_bytes,
            "took_ms": self.took_ms,
        }


class RequestLog:
    """Appends answers to a file; any thread may note one."""

    def __init__(self, path: Path, *, published: Path) -> None:
        """Open the file.

        Args:
            path: of the log; lines are added to what is there.
            published: the folder that is served: what lies in it goes out with it.

        Raises:
            ProductionError: it lies in that folder, or the disk refuses.
        """
        if path.resolve().is_relative_to(published.resolve()):
            raise ProductionError(
                "the log would lie in the folder that is published",
                where=str(path),
                remedy="choose a file outside of it",
            )
        self.path = path
        self._lock = threading.Lock()
        with storage_errors(path):
            # each line at once: nothing is left to be written when it is closed
            self._file = path.open("ab", buffering=0)

    def note(self, answered: Answered) -> None:
        """Write one line.

        Raises:
            ProductionError: the disk refuses.
        """
        line = json.dumps(answered.plain()).encode("ascii") + b"\n"
        with self._lock, storage_errors(self.path):
            if self._file.write(line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        """Close the file."""
        with self._lock, storage_errors(self.path):
            self._file.close()
