"""What travels between this machine and a worker: values, digests and words, never a path.

A file that a task is made from goes to the shared store by its digest, and ``Lent`` stands for it
in the task; the worker puts the path of its own copy there. What comes back tells of results by
their digests, too.
"""

import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from production.journal import Result
from production.slot_work import StoredTake
from production.speech import Speech
from programme.errors import ProductionError
from programme.network import TargetSettings
from programme.units import Digest

Voice = tuple[str, str]
"""Engine, and its name of the voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """Stands for a file that the other machine has by another path."""

    digest: Digest

    def __str__(self) -> str:
        """Name it in messages, until whoever knows the file puts its path there."""
        return f"file {self.digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One call, with all that a worker needs for it."""

    ticket: str
    """Comes back with the answer."""
    function: Callable[..., Any]
    task: Any
    needs: Mapping[Digest, int]
    """Objects that must be at hand, and how many bytes each has: nothing longer is fetched."""
    voices: Mapping[Voice, str]
    """The version that each voice of the call must have."""
    store: TargetSettings
    """Where the shared store stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a worker did of a parcel: it gives something, or says why it does not."""

    ticket: str
    sound: str
    """Of a test sentence as that machine speaks and codes it."""
    given: Any = None
    """What the function returned; its objects are in the shared store."""
    lengths: Mapping[Digest, int] = field(default_factory=dict)
    """Bytes of each object of what is given."""
    failure: Exception | None = None
    """An outcome: what is wrong with the step itself, wherever it is done."""
    missing: tuple[Digest, ...] = ()
    """Objects that the worker did not find."""
    trouble: ProductionError | None = None
    """What is wrong with the worker: its disk, its way to the shared store."""
    lacking: Mapping[Voice, str] | None = None
    """Voices that it has not, or in another version, and what it says of each."""


class Packing:
    """Goes through a task and notes what must travel beside it."""

    def __init__(self, lend: Callable[[Path], Digest]) -> None:
        """Take what gives the digest of a file and sees that it gets to the shared store."""
        self._lend = lend
        self.digests: set[Digest] = set()
        self.voices: set[Voice] = set()

    def packed(self, value: Any) -> Any:  # noqa: ANN401 - any task
        """Give a task as it travels.

        Raises:
            TypeError: it holds something that means nothing elsewhere.
        """
        match value:
            case Path():
                digest = self._lend(value)
                self.digests.add(digest)
                return Lent(digest=digest)
            case StoredTake():
                self.digests.add(value.digest)
                return value
            case Result():
                self.digests.update(value.outputs.values())
                return value
            case Speech():
                self.voices.add((value.engine, value.voice))
                return value
            case _:
                return _mapped(value, self.packed)


def unpacked(value: Any, place: Callable[[Digest], Path]) -> Any:  # noqa: ANN401 - any task
    """Give a task as it is done here; ``place`` tells where this machine has a file."""
    if isinstance(value, Lent):
        return place(value.digest)
    return _mapped(value, lambda inner: unpacked(inner, place))


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """Give a value with everything inside it changed; what does not change stays itself."""
    if value is None or isinstance(value, str | int | float | bytes):
        return value
    if isinstance(value, tuple | list):
        new = [change(one) for one in value]
        same = all(one is old for one, old in zip(new, value, strict=True))
        return value if same else type(value)(new)
    if isinstance(value, Mapping):
        changed = {key: change(one) for key, one in value.items()}
        return value if all(changed[key] is value[key] for key in changed) else changed
    if is_dataclass(value) and not isinstance(value, type):
        old = {one.name: getattr(value, one.name) for one in fields(value)}
        moved = {name: new for name, one in old.items() if (new := change(one)) is not one}
        return replace(value, **moved) if moved else value
    if isinstance(value, date):
        return value
    raise TypeError(f"{type(value).__name__} cannot travel to another machine")


def results_in(given: Any) -> Iterator[Result]:  # noqa: ANN401 - what any function returns
    """Give every result in what a function returned."""
    if isinstance(given, Result):
        yield given
    elif isinstance(given, list | tuple):
        for one in given:
            yield from results_in(one)


def to_bytes(value: Parcel | Answer) -> bytes:
    """Write a value down; only bytes pass the scheduler, which need not know our classes."""
    return pickle.dumps(value)


def read_answer(data: bytes) -> Answer:
    """Read what a worker answered.

    Whoever holds a certificate of the cluster may run programs on its machines anyway; nobody
    else gets bytes to here.

    Raises:
        TypeError: it is no answer.
    """
    found = pickle.loads(data)  # noqa: S301 - see above
    if not isinstance(found, Answer):
        raise TypeError(f"a worker answered with {type(found).__name__}")
    return found


def read_parcel(data: bytes) -> Parcel:
    """Read what a worker is asked for.

    Raises:
        TypeError: it is no parcel.
    """
    found = pickle.loads(data)  # noqa: S301 - whoever can send it can run any program here
    if not isinstance(found, Parcel):
        raise TypeError(f"a worker was sent {type(found).__name__}")
    return found
