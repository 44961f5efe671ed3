"""One call on its way to a worker and back: what it is made from out, what it gave in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audio.voices.versions import voice_version
from production.cluster.client import DIED, Errand
from production.cluster.shipping import (
    Answer,
    Lent,
    Packing,
    Parcel,
    Voice,
    read_answer,
    results_in,
    to_bytes,
)
from production.shared.store import SharedStore
from production.store import DamagedObjectError, Store
from production.workers import Call
from programme.digests import digest_file
from programme.errors import ProductionError
from programme.network import TargetSettings
from programme.storage import storage_errors
from programme.units import Digest


@dataclass(slots=True, kw_only=True)
class Work:
    """One call."""

    key: str
    call: Call
    parcel: bytes = b""
    files: dict[Digest, Path] = field(default_factory=dict)
    """What was lent, by the path that it has here."""
    voices: dict[Voice, str] = field(default_factory=dict)
    errands: dict[str, tuple[Errand, float]] = field(default_factory=dict)
    """By worker, what was asked for and when."""
    tries: int = 0

    def drop(self, address: str) -> None:
        """Want nothing more of one worker."""
        if address in self.errands:
            self.errands.pop(address)[0].forget()


class Porter:
    """Brings things to the shared store and from there; from any thread."""

    def __init__(self, shared: SharedStore, place: TargetSettings, store: Store) -> None:
        """Take the stores.

        Args:
            shared: as this machine sees it.
            place: where it stands, as a process elsewhere finds it.
            store: of this machine.
        """
        self._shared = shared
        self._place = place
        self._store = store
        self._lent: dict[Path, tuple[Digest, int]] = {}
        """Digest and bytes of files of the workspace."""

    def pack(self, work: Work) -> DamagedObjectError | None:
        """Bring to the shared store what a call is made from, and write the call down.

        Gives an outcome where this machine's own store has not what the task names.

        Raises:
            ProductionError: the shared store refuses, or a file cannot be read.
        """
        function, _, task = work.call
        lengths: dict[Digest, int] = {}
        packing = Packing(lambda path: self._lend(path, work, lengths))
        packed = packing.packed(task)
        kept = sorted(packing.digests - set(work.files))
        try:
            for digest in kept:
                if not self._shared.is_known(digest):
                    self._store.verified(digest)  # what the disk has damaged must not travel
                    self._shared.give(digest)
            lengths |= self._shared.lengths(kept)
        except DamagedObjectError as error:
            return error
        except FileNotFoundError:  # it was given once, and is cleaned away here since
            gone = tuple(digest for digest in kept if not self._store.has(digest))
            return DamagedObjectError(gone)
        work.voices.update({voice: voice_version(*voice) for voice in packing.voices})
        work.parcel = to_bytes(
            Parcel(
                ticket=work.key,
                function=function,
                task=packed,
                needs=dict(sorted(lengths.items())),
                voices=work.voices,
                store=self._place,
            )
        )
        return None

    def _lend(self, path: Path, work: Work, lengths: dict[Digest, int]) -> Digest:
        with storage_errors(path):
            known = self._lent.get(path) or (digest_file(path), path.stat().st_size)
            digest, lengths[digest] = self._lent.setdefault(path, known)
            self._shared.give(digest, path)
        work.files[digest] = path
        return digest

    def collect(self, work: Work, errand: Errand, sound: str) -> Answer | None:
        """Give a worker's answer once all that it tells of is here; None where it got lost.

        Args:
            work: what was asked for.
            errand: of one worker, that has ended.
            sound: what a test sentence gives here; of a worker that differs nothing is fetched.

        Raises:
            Exception: a bug, as it was raised there.
        """
        try:
            answer = read_answer(errand.answer())
        except DIED:
            return None
        if answer.ticket != work.key:
            raise AssertionError("a worker answered to another call")
        if answer.sound == sound:
            for result in results_in(answer.given):
                for digest in result.outputs.values():
                    length = answer.lengths[digest]
                    if not self._shared.fetch(digest, length_bytes=length, patient=True):
                        return None
        return answer

    def doubt(self, digests: tuple[Digest, ...]) -> None:
        """Look for objects again that a worker did not find, before a call is packed anew."""
        for digest in digests:
            self._shared.doubt(digest)


def with_paths(outcome: Any, files: Mapping[Digest, Path]) -> Any:  # noqa: ANN401
    """Give an outcome whose errors name files by their paths here."""
    if isinstance(outcome, list):
        return [with_paths(one, files) for one in outcome]
    if not isinstance(outcome, ProductionError):
        return outcome
    where = outcome.where
    for digest, path in files.items():
        where = where.replace(str(Lent(digest=digest)), str(path))
    return ProductionError(outcome.problem, where=where, remedy=outcome.remedy, code=outcome.code)
