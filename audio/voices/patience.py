"""How often a service is asked, and how long it is waited for: politely, and not for ever.

One patience is shared by everything that a process asks of a service, so that a service that is
down costs a build some minutes once, not once for each sentence.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

SPACING_S = 0.5
"""At least so long from one request to the next."""

TOTAL_S = 600.0
"""So long may all waiting together take in one process; then no more requests are made."""


@dataclass(slots=True, kw_only=True)
class Patience:
    """What is left of it; safe in threads."""

    spacing_s: float = SPACING_S
    total_s: float = TOTAL_S
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    """Seconds from anywhere, only forward."""
    _waited_s: float = 0.0
    _last: float | None = None
    _lost: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_lost(self) -> bool:
        """Whether the service was found down: asking again would only take time."""
        return self._lost

    def before_request(self) -> None:
        """Keep the distance from the last request."""
        with self._lock:
            if self._last is not None:
                early = self._last + self.spacing_s - self.clock()
                if early > 0:
                    self.sleep(early)
            self._last = self.clock()

    def wait(self, seconds: float) -> bool:
        """Wait before a further try; False, without waiting, where patience has an end."""
        with self._lock:
            if self._lost or self._waited_s + seconds > self.total_s:
                return False
            self._waited_s += seconds
        self.sleep(seconds)
        return True

    def lose(self) -> None:
        """Remember that the service stayed down through every try."""
        self._lost = True
