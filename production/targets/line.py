"""A slow line: how fast it may be filled, until when, and what is told of it meanwhile.

Every target hands each block that it sent or received to ``Line.passed``, which waits where a cap
asks for it, ends the work when its time is over, and tells whoever draws progress. Threads share
one line, and so its cap and its deadline.
"""

import threading
import time
from collections.abc import Callable

from programme.errors import ExitCode, ProductionError

_BLOCK_BYTES = 16 << 10
_LEAST_BYTES = 1 << 10
_SLOW_BYTES_PER_SECOND = 250_000


def _silent(sent: int, received: int) -> None:
    del sent, received


class Line:
    """What all transfers of one run share: a cap, a deadline, a listener."""

    def __init__(
        self,
        *,
        bytes_per_second: int | None = None,
        seconds: float | None = None,
        tell: Callable[[int, int], None] = _silent,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Begin now.

        Args:
            bytes_per_second: the most that goes through, both ways together; None for no cap.
            seconds: after these all transfers end; None for no end.
            tell: is told of bytes sent and received, from any thread, one call at a time.
            clock: seconds that never go back.
            wait: sleeps for seconds.
        """
        self._rate = bytes_per_second
        self._clock = clock
        self._wait = wait
        self._tell = tell
        self._lock = threading.Lock()
        self._ends = None if seconds is None else clock() + seconds
        self._free_at = clock()

    @property
    def block_bytes(self) -> int:
        """Give how much to hand over at once: 1 kB to 16 kB.

        Under a cap it is an eighth of a second's worth: no server waits long for the next.
        """
        if self._rate is None:
            return _BLOCK_BYTES
        return max(_LEAST_BYTES, min(_BLOCK_BYTES, self._rate // 8))

    @property
    def is_slow(self) -> bool:
        """Whether the cap makes it a line on which large pieces take minutes."""
        return self._rate is not None and self._rate < _SLOW_BYTES_PER_SECOND

    def now(self) -> float:
        """Give seconds that never go back, by the line's own clock."""
        return self._clock()

    def passed(self, *, sent: int = 0, received: int = 0) -> None:
        """Note bytes that went through; wait until the next may follow.

        Raises:
            ProductionError: code TARGET; the time for all transfers is over.
        """
        with self._lock:
            self._tell(sent, received)
            now = self._clock()
            if self._rate is None:
                pause = 0.0
            else:
                self._free_at = max(self._free_at, now) + (sent + received) / self._rate
                pause = self._free_at - now
        self.pause(pause)

    def pause(self, seconds: float) -> None:
        """Wait, for a cap or before trying again; at most until the deadline.

        Raises:
            ProductionError: code TARGET; the time for all transfers is over.
        """
        left = self.left()
        if seconds > 0:
            self._wait(seconds if left is None else min(seconds, left))
        self.left()

    def stop(self) -> None:
        """End all transfers at their next block, as if their time were over; from any thread."""
        self._ends = self._clock()

    def left(self) -> float | None:
        """Give the seconds that are left; None without a deadline.

        Raises:
            ProductionError: code TARGET; none are left.
        """
        if self._ends is None:
            return None
        left = self._ends - self._clock()
        if left <= 0:
            raise ProductionError(
                "the time for this transfer is over",
                where="the line to the target",
                remedy="run the command again: what was sent stays, and it goes on from there; "
                "or give it more time with --deadline",
                code=ExitCode.TARGET,
            )
        return left
