"""The journal: which plan gave which results, in one SQLite file beside the store.

It only saves time. A step is looked up by its fingerprint; by its label the journal remembers
what the step looked like when it last ran, so that a rebuild can say why.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from programme.digests import Plain, canonical_json
from programme.errors import ExitCode, ProductionError
from programme.units import Digest, Fingerprint

_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS steps (
    fingerprint TEXT PRIMARY KEY, label TEXT NOT NULL, outputs TEXT NOT NULL, facts TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS labels (
    label TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, inputs TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placed (
    path TEXT PRIMARY KEY, digest TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (
    path TEXT PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT NOT NULL
) WITHOUT ROWID;
"""
_DROP = "".join(f"DROP TABLE IF EXISTS {name};" for name in ("steps", "labels", "placed", "seen"))
"""A journal of another version of Altavoz is begun anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a step gave when it ran."""

    outputs: Mapping[str, Digest]
    """Name to object in the store."""
    facts: Mapping[str, Plain] = field(default_factory=dict)
    """What is known of the outputs without opening them: lengths, spans, loudness."""


class Journal:
    """Remembers results; one writer at a time, held by the workspace's lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._db = self._open()
        except sqlite3.DatabaseError:
            # It only saves time: a damaged journal is begun anew.
            path.unlink(missing_ok=True)
            self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self._path, isolation_level=None)
        except (OSError, sqlite3.OperationalError) as error:
            raise _refused(self._path, error) from error
        try:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version not in {0, _VERSION}:
                db.executescript(_DROP)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.executescript(_SCHEMA)
            db.execute(f"PRAGMA user_version={_VERSION}")
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Group writes; a refusal of the disk becomes a message.

        Raises:
            ProductionError: the disk is full or read-only.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise _refused(self._path, error) from error
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def result(self, fingerprint: Fingerprint) -> Result | None:
        """Give what a plan gave when it ran, or None if it never did."""
        row = self._db.execute(
            "SELECT outputs, facts FROM steps WHERE fingerprint = ?", (fingerprint,)
        ).fetchone()
        return Result(outputs=json.loads(row[0]), facts=json.loads(row[1])) if row else None

    def record(
        self, fingerprint: Fingerprint, label: str, inputs: Mapping[str, Plain], result: Result
    ) -> None:
        """Remember what a step gave, and what it was made from."""
        with self.writing():
            self._db.execute(
                "INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?)",
                (
                    fingerprint,
                    label,
                    canonical_json(dict(result.outputs)),
                    canonical_json(dict(result.facts)),
                ),
            )
            self._db.execute(
                "INSERT OR REPLACE INTO labels VALUES (?, ?, ?)",
                (label, fingerprint, canonical_json(dict(inputs))),
            )

    def forget(self, fingerprint: Fingerprint) -> None:
        """Forget a result whose objects are gone or damaged."""
        with self.writing():
            self._db.execute("DELETE FROM steps WHERE fingerprint = ?", (fingerprint,))

    def forget_objects(self, digests: tuple[Digest, ...]) -> None:
        """Forget every result that rests on one of these objects."""
        rows = self._db.execute("SELECT fingerprint, outputs FROM steps").fetchall()
        gone = set(digests)
        for key, outputs in rows:
            if gone & set(json.loads(outputs).values()):
                self.forget(Fingerprint(key))

    def last_inputs(self, label: str) -> tuple[Fingerprint, Mapping[str, Plain]] | None:
        """Give what a step of this label was made from when it last ran."""
        row = self._db.execute(
            "SELECT fingerprint, inputs FROM labels WHERE label = ?", (label,)
        ).fetchone()
        return (Fingerprint(row[0]), json.loads(row[1])) if row else None

    def placed(self, path: str) -> tuple[Digest, int, int] | None:
        """Give digest, size and mtime (ns) of a file as it was put into the build folder."""
        row = self._db.execute(
            "SELECT digest, size, mtime_ns FROM placed WHERE path = ?", (path,)
        ).fetchone()
        return (Digest(row[0]), row[1], row[2]) if row else None

    def all_placed(self) -> tuple[str, ...]:
        """Give every file that builds have put into the build folder, sorted."""
        return tuple(row[0] for row in self._db.execute("SELECT path FROM placed ORDER BY path"))

    def place(self, path: str, digest: Digest, size: int, mtime_ns: int) -> None:
        """Remember a file that was put into the build folder."""
        with self.writing():
            self._db.execute(
                "INSERT OR REPLACE INTO placed VALUES (?, ?, ?, ?)", (path, digest, size, mtime_ns)
            )

    def unplace(self, path: str) -> None:
        """Forget a file that was taken out of the build folder."""
        with self.writing():
            self._db.execute("DELETE FROM placed WHERE path = ?", (path,))

    def seen(self, path: str) -> tuple[str, Digest] | None:
        """Give the stamp (size, times, inode) and digest of an input file when last read."""
        row = self._db.execute("SELECT stamp, digest FROM seen WHERE path = ?", (path,)).fetchone()
        return (row[0], Digest(row[1])) if row else None

    def see(self, path: str, stamp: str, digest: Digest) -> None:
        """Remember an input file's digest for as long as its stamp stays."""
        with self.writing():
            self._db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (path, stamp, digest))


def _refused(path: Path, error: Exception) -> ProductionError:
    return ProductionError(
        f"the journal cannot be written: {error}",
        where=str(path),
        remedy="free some disk space or check the folder's rights, then run the command again",
        code=ExitCode.STORAGE,
    )
