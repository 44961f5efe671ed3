"""What a publish does with each object, and why: what a dry run prints and a run follows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from production.publish.reasons import MISSING
from programme.digests import Plain
from programme.units import Key


class Doing(StrEnum):
    """What is done with an object."""

    SEND = "send"
    """Nothing stands under its key."""
    REPLACE = "replace"
    """Other bytes stand there."""
    REMOVE = "remove"
    KEEP = "keep"
    """It stands there as it is to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is done with one object."""

    key: Key
    doing: Doing
    why: str
    """In words, for an operator."""
    length_bytes: int
    """Of what is sent; of what stands there, where it is kept or goes."""


class Deeds:
    """Everything that a publish does, in the order in which it does it."""

    def __init__(self, deeds: Iterable[Deed] = ()) -> None:
        self._deeds: dict[tuple[Key, bool], Deed] = {}
        for deed in deeds:
            self.add(deed)

    def add(self, deed: Deed) -> None:
        """Put one at the end."""
        self._deeds[deed.key, deed.doing is Doing.REMOVE] = deed

    def __iter__(self) -> Iterator[Deed]:
        return iter(self._deeds.values())

    def of(self, *doings: Doing) -> list[Deed]:
        """Give those of some kinds."""
        return [deed for deed in self if deed.doing in doings]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is sent or taken away."""
        return not self.of(Doing.SEND, Doing.REPLACE, Doing.REMOVE)

    @property
    def sent_bytes(self) -> int:
        """How many bytes are sent in all."""
        return sum(deed.length_bytes for deed in self.of(Doing.SEND, Doing.REPLACE))

    @property
    def kept(self) -> Mapping[str, int]:
        """How many objects stay as they are, by why."""
        return Counter(deed.why for deed in self.of(Doing.KEEP))

    @property
    def healed(self) -> list[Key]:
        """Give what has to be sent again because it is not at the target any more."""
        return [deed.key for deed in self.of(Doing.SEND) if deed.why == MISSING]

    def plain(self) -> list[dict[str, Plain]]:
        """Give them for --json."""
        return [
            {
                "key": deed.key,
                "doing": deed.doing.value,
                "why": deed.why,
                "bytes": deed.length_bytes,
            }
            for deed in self
        ]
