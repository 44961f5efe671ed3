"""Mappings that are made when somebody looks at them: most commands look at a few of theirs."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class LateMapping(Mapping[K, V]):
    """A mapping that nobody changes, made at the first look."""

    def __init__(self, make: Callable[[], Mapping[K, V]]) -> None:
        """Take what makes it, which is called at most once."""
        self._make = make

    @cached_property
    def _made(self) -> Mapping[K, V]:
        return self._make()

    def __getitem__(self, key: K) -> V:
        """Give what stands under a key."""
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        """Tell whether anything does."""
        return key in self._made

    def __iter__(self) -> Iterator[K]:
        """Give the keys in their order."""
        return iter(self._made)

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._made)
