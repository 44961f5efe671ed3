"""The journal: which plan gave which results, in one SQLite file beside the store.

It only saves time. A step is looked up by its fingerprint; by its label the journal remembers
what the step looked like when it last ran, so that a rebuild can say why.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from programme.digests import Plain, canonical_json, digest_text
from programme.errors import ExitCode, ProductionError
from programme.stopwatch import Timing
from programme.units import Digest, Fingerprint

_VERSION = 2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS steps (
    fingerprint TEXT PRIMARY KEY, label TEXT NOT NULL, outputs TEXT NOT NULL, facts TEXT NOT NULL,
    seal TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS labels (
    label TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, inputs TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placed (
    path TEXT PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (
    path TEXT PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT NOT NULL, seal TEXT NOT NULL
) WITHOUT ROWID;
"""
_DROP = "".join(f"DROP TABLE IF EXISTS {name};" for name in ("steps", "labels", "placed", "seen"))
"""A journal of another version of Altavoz is begun anew."""
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""What SQLite says of a file that is not what it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a step gave when it ran."""

    outputs: Mapping[str, Digest]
    """Name to object in the store."""
    facts: Mapping[str, Plain] = field(default_factory=dict)
    """What is known of the outputs without opening them: lengths, spans, loudness."""
    timing: Timing | None = field(default=None, compare=False)
    """What it took, as it comes from whoever made it; the journal does not remember it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One step that ran."""

    fingerprint: Fingerprint
    label: str
    inputs: Mapping[str, Plain]
    """What it was made from."""
    result: Result | None
    """None for a sentence that is part of its slot: only what it was made from is remembered."""


class Journal:
    """Remembers results; one writer at a time, held by the workspace's lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.was_damaged = False
        """Whether its file was damaged and has been begun anew, so that all is made again."""
        try:
            self._db = self._open()
        except sqlite3.OperationalError as error:
            raise _refused(path, error) from error
        except sqlite3.DatabaseError:
            # It only saves time: a damaged journal is begun anew.
            self.was_damaged = True
            self._delete()
            try:
                self._db = self._open()
            except sqlite3.DatabaseError as error:
                raise _refused(path, error) from error

    def _open(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _refused(self._path, error) from error
        db = sqlite3.connect(self._path, isolation_level=None)
        # Damaged text must not stop the reader: its seal tells.
        db.text_factory = partial(str, encoding="utf-8", errors="replace")
        try:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version not in {0, _VERSION}:
                db.executescript(_DROP)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.executescript(_SCHEMA)
            if version != _VERSION:  # a file that is only read keeps its date
                db.execute(f"PRAGMA user_version={_VERSION}")
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _delete(self) -> None:
        """Take the file away, and what SQLite keeps beside it: an old log must meet no new file."""
        for ending in ("", "-wal", "-shm"):
            try:
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            except OSError as error:
                raise _refused(self._path, error) from error

    def _rows(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        """Ask the file.

        Raises:
            ProductionError: it is damaged, and was taken away; or the disk refuses.
        """
        try:
            return self._db.execute(question, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._fault(error) from error

    def _fault(self, error: sqlite3.DatabaseError) -> ProductionError:
        if error.sqlite_errorcode & 0xFF not in _DAMAGE:
            return _refused(self._path, error)
        self._db.close()
        self._delete()
        return ProductionError(
            "the journal was damaged, and has been taken away",
            where=str(self._path),
            remedy="run the command again: it costs time and nothing else; then check the disk",
            code=ExitCode.STORAGE,
        )

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
        except sqlite3.DatabaseError as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise self._fault(error) from error
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def result(self, fingerprint: Fingerprint) -> Result | None:
        """Give what a plan gave when it ran; None if it never did, or if the entry is damaged."""
        for outputs, facts in self._whole(fingerprint):
            return Result(outputs=json.loads(outputs), facts=json.loads(facts))
        return None

    def outputs(self, fingerprint: Fingerprint) -> Mapping[str, Digest] | None:
        """Give the objects alone of what ``result`` gives: an edition's facts are long to read."""
        for outputs, _ in self._whole(fingerprint):
            found: Mapping[str, Digest] = json.loads(outputs)
            return found
        return None

    def _whole(self, fingerprint: Fingerprint) -> Iterator[tuple[str, str]]:
        """Give the entry of a step as it was written, where its seal says that it is whole."""
        for outputs, facts, seal in self._rows(
            "SELECT outputs, facts, seal FROM steps WHERE fingerprint = ?", fingerprint
        ):
            if seal == _seal(fingerprint, outputs, facts):
                yield outputs, facts

    def record(
        self, fingerprint: Fingerprint, label: str, inputs: Mapping[str, Plain], result: Result
    ) -> None:
        """Remember what a step gave, and what it was made from."""
        entry = Entry(fingerprint=fingerprint, label=label, inputs=inputs, result=result)
        self.record_all([entry])

    def record_all(self, entries: Iterable[Entry]) -> None:
        """Remember several steps at one stroke: all of them, or none."""
        with self.writing():
            for entry in entries:
                if entry.result is not None:
                    self._write(entry, entry.result)
                self._db.execute(
                    "INSERT OR REPLACE INTO labels VALUES (?, ?, ?)",
                    (entry.label, entry.fingerprint, canonical_json(dict(entry.inputs))),
                )

    def _write(self, entry: Entry, result: Result) -> None:
        outputs = canonical_json(dict(result.outputs))
        facts = canonical_json(dict(result.facts))
        seal = _seal(entry.fingerprint, outputs, facts)
        self._db.execute(
            "INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?, ?)",
            (entry.fingerprint, entry.label, outputs, facts, seal),
        )

    def forget(self, fingerprint: Fingerprint) -> None:
        """Forget a result whose objects are gone or damaged."""
        with self.writing():
            self._db.execute("DELETE FROM steps WHERE fingerprint = ?", (fingerprint,))

    def forget_objects(self, digests: tuple[Digest, ...]) -> None:
        """Forget every result that rests on one of these objects."""
        for key, outputs in self._rows("SELECT fingerprint, outputs FROM steps"):
            # Searched as text: an entry that is itself damaged may be no JSON.
            if any(digest in outputs for digest in digests):
                self.forget(Fingerprint(key))

    def forget_all(self, fingerprints: Iterable[Fingerprint]) -> None:
        """Forget several results at one stroke."""
        with self.writing():
            self._db.executemany(
                "DELETE FROM steps WHERE fingerprint = ?", [(key,) for key in fingerprints]
            )

    def results(self) -> Iterator[tuple[Fingerprint, str, Mapping[str, Digest] | None]]:
        """Give every entry with its label and outputs; None for one that is damaged.

        Raises:
            ProductionError: as ``result`` does.
        """
        try:
            rows = self._db.execute("SELECT fingerprint, label, outputs, facts, seal FROM steps")
            for key, label, outputs, facts, seal in rows:
                is_whole = seal == _seal(key, outputs, facts)
                yield Fingerprint(key), label, json.loads(outputs) if is_whole else None
        except sqlite3.DatabaseError as error:
            raise self._fault(error) from error

    def unsee_gone(self, root: Path) -> int:
        """Forget input files that are no more; give how many.

        Args:
            root: that their paths are below.
        """
        gone = [row for row in self._rows("SELECT path FROM seen") if not (root / row[0]).exists()]
        if gone:
            with self.writing():
                self._db.executemany("DELETE FROM seen WHERE path = ?", gone)
        return len(gone)

    def last_inputs(self, label: str) -> tuple[Fingerprint, Mapping[str, Plain]] | None:
        """Give what a step of this label was made from when it last ran."""
        rows = self._rows("SELECT fingerprint, inputs FROM labels WHERE label = ?", label)
        for fingerprint, inputs in rows:
            with suppress(ValueError):  # damaged; it is only asked for reasons
                return Fingerprint(fingerprint), json.loads(inputs)
        return None

    def last_made(self, label: str) -> str:
        """Give the fingerprint of the step of this label that ran last; empty if none did."""
        rows = self._rows("SELECT fingerprint FROM labels WHERE label = ?", label)
        return str(rows[0][0]) if rows else ""

    def placed(self, path: str) -> tuple[str, Digest] | None:
        """Give stamp (size, times, inode) and digest of a file as put into the build folder."""
        rows = self._rows("SELECT stamp, digest FROM placed WHERE path = ?", path)
        return (rows[0][0], Digest(rows[0][1])) if rows else None

    def placed_as(self, digest: Digest) -> tuple[str, ...]:
        """Give the files of the build folder that were placed from an object, sorted."""
        rows = self._rows("SELECT path FROM placed WHERE digest = ? ORDER BY path", digest)
        return tuple(row[0] for row in rows)

    def all_placed(self) -> tuple[str, ...]:
        """Give every file that builds have put into the build folder, sorted."""
        return tuple(row[0] for row in self._rows("SELECT path FROM placed ORDER BY path"))

    def place(self, path: str, stamp: str, digest: Digest) -> None:
        """Remember a file that was put into the build folder."""
        with self.writing():
            self._db.execute(
                "INSERT OR REPLACE INTO placed VALUES (?, ?, ?)", (path, stamp, digest)
            )

    def unplace(self, path: str) -> None:
        """Forget a file that was taken out of the build folder."""
        with self.writing():
            self._db.execute("DELETE FROM placed WHERE path = ?", (path,))

    def seen(self, path: str) -> tuple[str, Digest] | None:
        """Give the stamp (size, times, inode) and digest of an input file when last read."""
        for stamp, digest, seal in self._rows(
            "SELECT stamp, digest, seal FROM seen WHERE path = ?", path
        ):
            if seal == _seal(path, stamp, digest):
                return stamp, Digest(digest)
        return None

    def see(self, path: str, stamp: str, digest: Digest) -> None:
        """Remember an input file's digest for as long as its stamp stays."""
        with self.writing():
            self._db.execute(
                "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)",
                (path, stamp, digest, _seal(path, stamp, digest)),
            )


def journal_damage(path: Path) -> str:
    """Say what is wrong with a journal's file, without changing it; empty where nothing is.

    Raises:
        ProductionError: the disk refuses.
    """
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            db.text_factory = partial(str, encoding="utf-8", errors="replace")
            told = [str(row[0]) for row in db.execute("PRAGMA integrity_check(3)")]
            version = db.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in _DAMAGE:
            raise _refused(path, error) from error
        return str(error)
    if told != ["ok"]:
        return told[0]
    return "" if version in {0, _VERSION} else f"it is of version {version}, not {_VERSION}"


def _seal(*parts: str) -> str:
    """Give what tells a damaged entry from a whole one."""
    return digest_text("\n".join(parts))


def _refused(path: Path, error: Exception) -> ProductionError:
    return ProductionError(
        f"the journal cannot be written: {error}",
        where=str(path),
        remedy="free some disk space or check the folder's rights, then run the command again",
        code=ExitCode.STORAGE,
    )
