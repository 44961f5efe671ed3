"""Looks at a cluster and its store: who is there, of which versions, with which rights."""

import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from production.cluster.client import LOST, Cluster, is_encrypted, is_here, line_faults
from production.cluster.fitness import differences, hello_text, own_environment, worker_name
from production.cluster.probe import probe_sound
from production.doctor import Check, State
from production.shared.places import open_shelf
from production.shared.records import RecordKey
from production.shared.store import SharedStore, Shelf, object_key
from production.store import Store
from programme.digests import digest_bytes
from programme.errors import ProductionError
from programme.network import TargetSettings
from programme.units import Digest

TRY = (
    "__import__('production.cluster.trial', fromlist=['try_store'])"
    ".try_store(kind, options, probe, written, length_bytes)"
)
"""What a worker evaluates."""

TRY_S = 120.0


def examine_cluster(address: str) -> tuple[list[Check], Cluster | None, dict[str, str]]:
    """Look at the scheduler and its workers.

    Returns:
        What was found; the line, for the caller to close; and the workers that are fit, by
        address, with their names.
    """
    try:
        cluster = Cluster(address)
    except ProductionError as error:
        return [_bad("scheduler", error)], None, {}
    checks = [_line(address)]
    try:
        scheduler = cluster.ask_scheduler(hello_text())
        threads = cluster.threads()
        asked = [one for one in threads if not line_faults(address, one)]
        hellos = cluster.ask_workers(hello_text(), asked)
    except LOST as error:
        lost = f"it stopped answering: {type(error).__name__}"
        checks.append(Check(state=State.BAD, name="scheduler", what=lost, remedy="try again"))
        return checks, cluster, {}
    checks.append(_scheduler(scheduler))
    if not threads:
        remedy = f"begin some: dask worker {address} --nthreads 1"
        checks.append(Check(state=State.BAD, name="workers", what="none", remedy=remedy))
    fit = {}
    for found in sorted(threads):
        name = worker_name(found, hellos.get(found))
        unlike = line_faults(address, found) or differences(hellos.get(found))
        checks.append(_worker(name, threads[found], unlike))
        if not unlike:
            fit[found] = name
    return checks, cluster, fit


def _line(address: str) -> Check:
    if is_encrypted(address):
        return Check(state=State.GOOD, name="line", what="encrypted; certificates fit")
    what = "not encrypted, and within this machine"
    if not is_here(address):
        what = "not encrypted: whoever is on the way reads the words"
    state = State.GOOD if is_here(address) else State.OPTIONAL
    return Check(state=state, name="line", what=what)


def _scheduler(told: Any) -> Check:  # noqa: ANN401 - what it answered
    """The scheduler passes bytes on: only its Dask must be like ours."""
    ours = own_environment()["distributed"]
    theirs = told.get("distributed") if isinstance(told, Mapping) else "unknown"
    good = theirs == ours
    return Check(
        state=State.GOOD if good else State.BAD,
        name="scheduler",
        what=f"distributed {theirs}",
        remedy="" if good else f"install distributed {ours} there, as it is here",
    )


def _worker(name: str, threads: int, unlike: tuple[str, ...]) -> Check:
    if unlike:
        return Check(
            state=State.BAD,
            name=f"worker {name}",
            what="; ".join(unlike),
            remedy="install the same there, from the same lock, and begin the worker anew",
        )
    slow = threads > 1
    return Check(
        state=State.OPTIONAL if slow else State.GOOD,
        name=f"worker {name}",
        what=f"the same versions; {threads} threads" if slow else "the same versions",
        remedy="--nthreads 1 --nworkers N keeps all its cores busy: voices take turns in a process"
        if slow
        else "",
    )


@dataclass(slots=True, kw_only=True)
class StoreTrial:
    """Writes, reads and removes a probe, from here and from each worker; each sees the other's."""

    place: TargetSettings
    """Absolute."""
    store: Store
    """Of this machine."""
    chance: str
    """Random letters: nobody else's probe."""
    checks: list[Check] = field(default_factory=list)

    def run(self, key: RecordKey | None, cluster: Cluster | None, fit: Mapping[str, str]) -> None:
        """Try everything; what was found is in ``checks``."""
        probe = f"altavoz probe {self.chance}\n".encode()
        digest = digest_bytes(probe)
        file = self.store.scratch / f"probe-{self.chance}"
        self.store.prepare()
        file.write_bytes(probe)
        try:
            shelf = open_shelf(self.place, Path("/"))
            self._from_here(shelf, digest, file, len(probe))
            if cluster is not None:
                for address, name in fit.items():
                    self._from_worker(cluster, address, name, shelf, (digest, len(probe)))
            self._remove(shelf, digest)
        except ProductionError as error:
            self.checks.append(_bad("store", error))
        finally:
            file.unlink(missing_ok=True)
        self.checks += _key(key)

    def _from_here(self, shelf: Shelf, digest: Digest, file: Path, length_bytes: int) -> None:
        shelf.put(object_key(digest), file, digest)
        shared = SharedStore(shelf, self.store)
        found = shared.fetch(digest, length_bytes=length_bytes, patient=True)
        self.store.path(digest).unlink(missing_ok=True)
        self.checks.append(
            Check(
                state=State.GOOD if found else State.BAD,
                name="store, from here",
                what=f"{shelf.describe()}: written and read"
                if found
                else f"{shelf.describe()}: what was written is not there",
                remedy="" if found else "look at what this user may do there",
            )
        )
        self.checks += _strangers(shelf, object_key(digest))

    def _from_worker(
        self,
        cluster: Cluster,
        address: str,
        name: str,
        shelf: Shelf,
        written: tuple[Digest, int],
    ) -> None:
        probe = f"{self.chance}-{name}"
        told = _ask(cluster, address, self.place, probe, written)
        if isinstance(told, ProductionError):
            self.checks.append(_bad(f"store, from {name}", told))
            return
        own = digest_bytes(probe.encode())
        shared = SharedStore(shelf, self.store)
        seen = shared.fetch(own, length_bytes=len(probe.encode()), patient=True)
        self.store.path(own).unlink(missing_ok=True)
        self._remove(shelf, own)
        same = told["sound"] == probe_sound(self.store)
        problem = "" if seen and told["read"] else "it sees another store than this machine"
        problem = problem or ("" if same else "a test sentence gives other bytes there")
        self.checks.append(
            Check(
                state=State.BAD if problem else State.GOOD,
                name=f"store, from {name}",
                what=problem or "written, read and seen here; a test sentence gives the same bytes",
                remedy="set ALTAVOZ_STORE on the worker to the store as it is seen there; of other "
                "bytes, another processor is the cause: use workers of this kind of machine"
                if problem
                else "",
            )
        )

    def _remove(self, shelf: Shelf, digest: Digest) -> None:
        shelf.remove(object_key(digest))
        gone = self.store.scratch / f"gone-{self.chance}"
        if shelf.get(object_key(digest), gone, most_bytes=0):
            gone.unlink(missing_ok=True)
            self.checks.append(
                Check(
                    state=State.BAD,
                    name="store, removing",
                    what="a probe was to be removed, and still stands there",
                    remedy="allow removing: what is damaged is taken away to be made again",
                )
            )


def _ask(
    cluster: Cluster, address: str, place: TargetSettings, probe: str, written: tuple[Digest, int]
) -> Mapping[str, Any] | ProductionError:
    """Have a worker try the store; give what it found, or what is wrong.

    Args:
        cluster: the line.
        address: of the worker.
        place: of the store.
        probe: what it is to write.
        written: digest and bytes of what stands there for it to read.
    """
    values = {
        "kind": place.kind,
        "options": dict(place.options),
        "probe": probe,
        "written": written[0],
        "length_bytes": written[1],
    }
    try:
        found = cluster.ask_and_wait(TRY, values, worker=address, seconds=TRY_S)
    except LOST as error:
        return ProductionError(
            f"it does not answer: {type(error).__name__}", where=address, remedy="look at its log"
        )
    if "problem" in found:
        return ProductionError(found["problem"], where=found["where"], remedy=found["remedy"])
    return dict(found)


def _strangers(shelf: Shelf, key: str) -> Iterator[Check]:
    """Try to read without credentials: a store holds all words, also unpublished ones."""
    address = getattr(shelf, "stranger_address", lambda _: "")(key)
    if not address:
        return
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - the store's own
            open_to_all = answer.status == 200
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        open_to_all = False
    yield Check(
        state=State.BAD if open_to_all else State.GOOD,
        name="store, for strangers",
        what="anybody may read it" if open_to_all else "refused",
        remedy="take public reading off the bucket or prefix: it holds what is not published"
        if open_to_all
        else "",
    )


def _key(key: RecordKey | None) -> Iterator[Check]:
    if key is None:
        yield Check(
            state=State.OPTIONAL,
            name="key of the records",
            what="not here: results of others are not used, and none are given",
            remedy="altavoz cluster key makes one, or bring it from the machine that has it",
        )
    else:
        yield Check(state=State.GOOD, name="key of the records", what=f"id {key.id}")


def _bad(name: str, error: ProductionError) -> Check:
    what = f"{error.problem} ({error.where})" if error.where else error.problem
    return Check(state=State.BAD, name=name, what=what, remedy=error.remedy)
