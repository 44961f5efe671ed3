"""The shared store: objects and results that several machines have in common.

It stands on a shelf, a folder that they share or a bucket of S3, and holds two kinds of things:

- ``objects/ab/cdef...``: bytes by their SHA-256. Whoever may write there can put nothing into
  anybody's hands: bytes that do not have the digest in their name are never used. Nor can they fill
  a disk: how long an object is, is said by its record or by whoever asked for it, and of one that
  is longer nothing is fetched.
- ``records/KEY/ab/cdef....MACHINE``: what a step of a plan gave, by its fingerprint. A record that
  says other objects would be another message, so each is bound to its fingerprint and to the kind
  of machine, and authenticated with a key that only the team has (``production.shared.records``).
  Without the key no record is read or written, and the store is good for a cluster alone.

Everything is written beside and put in its place whole; what stands there is never replaced. What
turns out damaged is taken away, so that it can be written again. Losing the shared store costs
time and nothing else.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from production.shared.records import (
    Record,
    RecordKey,
    parse_record,
    record_name,
    render_record,
)
from production.store import Store
from programme.digests import digest_bytes, digest_file
from programme.storage import storage_errors
from programme.units import Digest, Fingerprint

SETTLING_S = (0.2, 0.5, 1.0, 2.0, 4.0)
"""How long an object that somebody has just put there may stay unseen: network folders remember
for seconds what was not there."""

MOST_RECORD_BYTES = 8 << 20
"""A longer record is none of ours: an hour's words and their times take 200 kB."""


class Shelf(Protocol):
    """Where a shared store stands; safe to use from several threads.

    Every method raises ProductionError where the place refuses or cannot be reached in time.
    """

    def describe(self) -> str:
        """Give where it is, for a person; holds no secret."""
        ...

    def get(self, key: str, out: Path, *, most_bytes: int) -> bool:
        """Write the bytes of a key to a file; False if there are none. They may be damaged.

        Args:
            key: parts between slashes.
            out: is written anew.
            most_bytes: of what is longer, or turns out to be, the file is empty.
        """
        ...

    def put(self, key: str, source: Path, digest: Digest) -> bool:
        """Put a file under a key, whole or not at all; False if something was there already.

        Args:
            key: parts between slashes.
            source: is read.
            digest: of the source's bytes.
        """
        ...

    def remove(self, key: str) -> bool:
        """Take a key away; False if it was not there."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def object_key(digest: Digest) -> str:
    """Give the key of an object."""
    return f"objects/{digest[:2]}/{digest[2:]}"


class SharedStore:
    """Objects and records on a shelf, none of which is believed before it was looked at."""

    def __init__(
        self,
        shelf: Shelf,
        store: Store,
        key: RecordKey | None = None,
        *,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take where it stands.

        Args:
            shelf: the place.
            store: this machine's own, which what arrives goes into.
            key: of the records; None: there are none to be believed.
            wait: sleeps for seconds.
        """
        self.shelf = shelf
        self.key = key
        self.refused = 0
        """Records that were there and were not what a holder of the key wrote."""
        self.damaged = 0
        """Objects that were there and did not have the digest in their name."""
        self._store = store
        self._wait = wait
        self._known: set[Digest] = set()

    # --- Objects ----------------------------------------------------------------------------

    def fetch(self, digest: Digest, *, length_bytes: int, patient: bool = False) -> bool:
        """Bring an object into this machine's store; True if it is there now.

        Args:
            digest: of the object.
            length_bytes: of the object, as somebody says who is believed: no more is fetched.
            patient: somebody says that it is there: look again for some seconds.

        Raises:
            ProductionError: the shelf or this machine's disk refuses.
        """
        if self._store.has(digest):
            return True
        for pause in (*(SETTLING_S if patient else ()), 0.0):
            if self._fetched(digest, length_bytes):
                return True
            if pause:
                self._wait(pause)
        return False

    def _fetched(self, digest: Digest, length_bytes: int) -> bool:
        out = self._beside(digest[:16])
        target = self._store.path(digest)
        key = object_key(digest)
        try:
            # Twice: an answer may be damaged on its way.
            for turn in range(2):
                if not self.shelf.get(key, out, most_bytes=length_bytes):
                    return False
                with storage_errors(target):
                    if digest_file(out) == digest:
                        target.parent.mkdir(parents=True, exist_ok=True)
                        out.replace(target)
                        self._known.add(digest)
                        return True
                if turn:
                    self.damaged += 1
                    self._known.discard(digest)
                    self.shelf.remove(key)
            return False
        finally:
            out.unlink(missing_ok=True)

    def give(self, digest: Digest, source: Path | None = None) -> None:
        """See that an object of this machine's store, or a file, stands on the shelf.

        Raises:
            ProductionError: the shelf refuses.
            OSError: the source cannot be read.
        """
        if digest not in self._known:
            self.shelf.put(object_key(digest), source or self._store.path(digest), digest)
            self._known.add(digest)

    def lengths(self, digests: Iterable[Digest]) -> dict[Digest, int]:
        """Give how many bytes objects of this machine's store have.

        Raises:
            FileNotFoundError: one is not there any more.
        """
        return {digest: self._store.path(digest).stat().st_size for digest in digests}

    def is_known(self, digest: Digest) -> bool:
        """Tell whether this process has seen the object on the shelf."""
        return digest in self._known

    def note(self, digest: Digest) -> None:
        """Believe somebody who says that the object is there: it is looked at when it is used."""
        self._known.add(digest)

    def doubt(self, digest: Digest) -> None:
        """Believe nothing of an object any more, so that ``give`` looks."""
        self._known.discard(digest)

    # --- Records ----------------------------------------------------------------------------

    def read_record(self, fingerprint: Fingerprint) -> Record | None:
        """Give what a step gave elsewhere; None where nobody with the key says so.

        Raises:
            ProductionError: the shelf or this machine's disk refuses.
        """
        if self.key is None:
            return None
        name = record_name(self.key, fingerprint)
        out = self._beside(fingerprint[:16])
        try:
            if not self.shelf.get(name, out, most_bytes=MOST_RECORD_BYTES):
                return None
            with storage_errors(out):
                data = out.read_bytes()
        finally:
            out.unlink(missing_ok=True)
        found = parse_record(data, self.key, fingerprint)
        if found is None:
            # Damaged, or written by somebody without the key: nobody shall stumble over it again.
            self.refused += 1
            self.shelf.remove(name)
        return found

    def write_record(self, fingerprint: Fingerprint, record: Record) -> None:
        """Say what a step gave; its objects must stand on the shelf already.

        Raises:
            ProductionError: the shelf or this machine's disk refuses.
        """
        if self.key is None:
            return
        data = render_record(self.key, fingerprint, record)
        out = self._beside(fingerprint[:16])
        try:
            with storage_errors(out):
                out.write_bytes(data)
            self.shelf.put(record_name(self.key, fingerprint), out, digest_bytes(data))
        finally:
            out.unlink(missing_ok=True)

    def _beside(self, name: str) -> Path:
        """Give a file of this thread's own in the scratch folder."""
        self._store.prepare()
        return self._store.scratch / f"shared-{name}-{os.getpid()}-{threading.get_ident()}"
