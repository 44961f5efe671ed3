"""What runs on a worker: one parcel at a time, with everything that it is made from and gives.

A worker knows nothing but its parcels and the shared store. It keeps what it fetched and made in
a folder of its own, for the next parcel, and gives back only digests and facts.
"""

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from production.cluster.probe import probe_sound
from production.cluster.shipping import (
    Answer,
    Lent,
    Parcel,
    Voice,
    read_parcel,
    results_in,
    to_bytes,
    unpacked,
)
from production.freed_memory import give_back_memory
from production.shared.places import NAME, VARIABLE, open_shelf, parse_place
from production.shared.store import SharedStore
from production.slot_work import UnspokenError
from production.store import DamagedObjectError, Store
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.storage import is_running, storage_errors
from programme.units import Digest

FOLDER_VARIABLE = "ALTAVOZ_WORKER_FOLDER"
"""Where a worker keeps its copies; the system's folder for temporary files where it is not set."""

MOST_BYTES = 2 << 30
"""Of copies that a worker keeps; the oldest go first."""

_NAME = "altavoz-worker-"
ONE_AT_A_TIME = threading.Lock()
"""Voices and codecs are not made for threads: a worker with several takes turns."""


def run_parcel(data: bytes) -> bytes:
    """Do a parcel and answer; every end that an operator can put right is an answer.

    Raises:
        Exception: a bug, with its traceback.
    """
    parcel = read_parcel(data)
    with ONE_AT_A_TIME:
        try:
            return to_bytes(_done(parcel))
        finally:
            give_back_memory()


def _done(parcel: Parcel) -> Answer:
    sound = ""
    try:
        store = own_store()
        sound = own_sound()
        lacking = _lacking(parcel.voices)
        if lacking:
            return Answer(ticket=parcel.ticket, sound=sound, lacking=lacking)
        shared = shared_store(parcel.store.kind, tuple(sorted(parcel.store.options.items())))
        missing = tuple(
            one
            for one, length in parcel.needs.items()
            if not shared.fetch(one, length_bytes=length, patient=True)
        )
        if missing:
            return Answer(ticket=parcel.ticket, sound=sound, missing=missing)
    except ProductionError as trouble:
        return Answer(ticket=parcel.ticket, sound=sound, trouble=trouble)
    return _worked(parcel, store, shared, sound)


def _worked(parcel: Parcel, store: Store, shared: SharedStore, sound: str) -> Answer:
    ticket = parcel.ticket
    try:
        given = parcel.function(store.root, unpacked(parcel.task, store.path))
    except DamagedObjectError as error:
        return Answer(ticket=ticket, sound=sound, missing=error.digests)
    except ProductionError as error:
        if error.code is ExitCode.STORAGE:
            return Answer(ticket=ticket, sound=sound, trouble=error)
        return Answer(ticket=ticket, sound=sound, failure=_told(error, parcel, store))
    except UnspokenError as error:
        return Answer(ticket=ticket, sound=sound, failure=error)
    given = _without_paths(given, parcel, store)
    try:
        lengths = _hand_in(given, store, shared)
    except ProductionError as trouble:
        return Answer(ticket=ticket, sound=sound, trouble=trouble)
    return Answer(ticket=ticket, sound=sound, given=given, lengths=lengths)


def _hand_in(given: Any, store: Store, shared: SharedStore) -> dict[Digest, int]:  # noqa: ANN401
    """Put what was made on the shelf; give how many bytes each object has."""
    made = [digest for result in results_in(given) for digest in result.outputs.values()]
    for digest in made:
        # A worker lives for weeks, and the shelf may have been cleaned since it last gave this.
        shared.doubt(digest)
        shared.give(digest)
    lengths = shared.lengths(made)
    _trim(store)
    return lengths


def _lacking(voices: Mapping[Voice, str]) -> Mapping[Voice, str]:
    """Give the voices that this machine has not, or in another version."""
    from audio.voices.versions import voice_version

    found: dict[Voice, str] = {}
    for (engine, voice), wanted in voices.items():
        try:
            here = voice_version(engine, voice)
        except ProductionError as error:
            found[engine, voice] = error.problem
        else:
            if here != wanted:
                found[engine, voice] = here
    return found


def _without_paths(given: Any, parcel: Parcel, store: Store) -> Any:  # noqa: ANN401
    """Give what a function returned, with files named as whoever asked knows them."""
    if isinstance(given, list):
        return [_without_paths(one, parcel, store) for one in given]
    return _told(given, parcel, store) if isinstance(given, ProductionError) else given


def _told(error: ProductionError, parcel: Parcel, store: Store) -> ProductionError:
    """Give an error whose place means something to whoever asked."""
    where = error.where
    for digest in parcel.needs:
        where = where.replace(str(store.path(digest)), str(Lent(digest=digest)))
    return ProductionError(error.problem, where=where, remedy=error.remedy, code=error.code)


@cache
def shared_store(kind: str, options: tuple[tuple[str, str], ...]) -> SharedStore:
    """Give the shared store as this machine sees it."""
    own = os.environ.get(VARIABLE, "")
    asked = TargetSettings(name=NAME, kind=kind, options=dict(options))
    seen = parse_place(own, os.environ) if own else asked
    return SharedStore(open_shelf(seen, Path("/")), own_store())


@cache
def own_sound() -> str:
    """Give what a test sentence becomes on this machine."""
    return probe_sound(own_store())


@cache
def own_store() -> Store:
    """Make the folder of this process, which goes when it ends; and sweep those of dead ones."""
    base = Path(os.environ.get(FOLDER_VARIABLE, "") or tempfile.gettempdir())
    with storage_errors(base):
        for left in sorted(base.glob(f"{_NAME}*")):
            _sweep(left)
        folder = Path(tempfile.mkdtemp(prefix=f"{_NAME}{os.getpid()}-", dir=base))  # 0700
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = Store(folder)
    store.prepare()
    return store


def _sweep(folder: Path) -> None:
    """Take away the folder of a worker that was killed, if it is this user's."""
    process = folder.name.removeprefix(_NAME).partition("-")[0]
    mine = folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.getuid()
    if mine and process.isdigit() and not is_running(int(process)):
        shutil.rmtree(folder, ignore_errors=True)


def _trim(store: Store) -> None:
    """Take the copies away that were not used for longest, while there are too many."""
    entries = sorted(store.entries(), key=lambda entry: entry.used_at)
    left = sum(entry.length_bytes for entry in entries)
    for entry in entries:
        if left <= MOST_BYTES:
            return
        store.discard(entry, even_whole=True)
        left -= entry.length_bytes
