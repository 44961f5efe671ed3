"""One writer at a time in a folder over SSH: a lock file, made exclusively, with its owner's mark.

There is no other means in SFTP. A lock of a run on this machine that was killed is taken away at
once, any other when it has stood unchanged for a minute: no clock of anybody's is asked. Its
holder looks again that it is still his just before he replaces anything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from production.targets.beside import LOCK, is_dead_writer, never_free, writer
from production.targets.line import Line
from production.targets.ssh import Ssh
from production.targets.ssh_files import Files

STALE_SECONDS = 60.0
"""A lock that stands unchanged for so long is that of somebody who was stopped."""

BARE_SECONDS = 10.0
"""The same for one without a mark: its maker broke off between two requests."""

LONGEST_SECONDS = 240.0
"""After so long others replace files here all the time."""

_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lock that is ours until somebody takes us for dead."""

    path: str
    mark: bytes

    def is_ours(self, files: Files) -> bool:
        """Look again."""
        return files.small(self.path) == self.mark


class SftpLock:
    """The lock of a folder."""

    def __init__(self, ssh: Ssh, base: str, line: Line, where: str) -> None:
        """Take a folder; lock nothing yet."""
        self._ssh = ssh
        self._path = f"{base}/{LOCK}"
        self._line = line
        self._where = where

    @contextmanager
    def held(self) -> Iterator[Held]:
        """Hold the lock.

        Raises:
            ProductionError: code TARGET; others hold it all the time.
        """
        held = Held(path=self._path, mark=writer().encode("ascii"))
        self._take(held.mark)
        is_whole = False
        try:
            yield held
            is_whole = True
        finally:

            def give_back(files: Files) -> None:
                if held.is_ours(files):
                    files.remove(held.path)

            if is_whole:
                self._ssh.run(give_back)
            else:
                self._ssh.try_once(give_back)

    def _take(self, mark: bytes) -> None:
        waited = total = 0.0
        before: bytes | None = None
        while (there := self._ssh.run(lambda files: self._try(files, mark))) != mark:
            waited = waited + _LOOK_SECONDS if there == before else 0.0
            before = there
            if there is None:
                continue  # it was given back just now
            if _is_stale(there, waited):
                self._ssh.run(partial(self._break, stale=there))
                continue
            if total > LONGEST_SECONDS:
                raise never_free(f"{self._where} {LOCK}")
            total += _LOOK_SECONDS
            self._line.pause(_LOOK_SECONDS)

    def _try(self, files: Files, mark: bytes) -> bytes | None:
        """Give the mark of whoever holds the lock now, be it ours; None if nobody does."""
        try:
            is_ours = files.create(self._path, mark)
        except OSError as error:
            if error.errno is not None or files.small(self._path) is None:
                raise
            is_ours = False  # taken and given back and taken again between our requests
        return mark if is_ours else files.small(self._path)

    def _break(self, files: Files, *, stale: bytes) -> None:
        if files.small(self._path) == stale:
            files.remove(self._path)


def _is_stale(mark: bytes, waited_seconds: float) -> bool:
    if is_dead_writer(mark.decode("ascii", "replace")):
        return True
    return waited_seconds >= (STALE_SECONDS if mark else BARE_SECONDS)
