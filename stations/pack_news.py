"""What a pack holds that the one before it did not, for people who knew that one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Fresh(StrEnum):
    """How a file differs from what the pack before said."""

    NEW = "new"
    CHANGED = "changed"
    """It says other words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackNews:
    """A pack held against the one that was made before it under the same name.

    It follows from the ledger alone: the same serial always has the same news.
    """

    serial: int
    """Of the pack before."""
    issued: date
    fresh: Mapping[str, Fresh]
    """By the path of the track in the new pack; a track that is not named says what it said."""
    gone: tuple[str, ...]
    """Titles that are in it no more, in the order of the pack before."""
