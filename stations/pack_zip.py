"""Writes a pack as one ZIP: stored, in play order, the same bytes for the same request."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from programme.units import Digest
from stations.pack_plan import PackRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """One member of a finished pack."""

    path: str
    """Inside the ZIP, with forward slashes."""
    length_bytes: int
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReport:
    """What was written."""

    pack_id: str
    files: tuple[PackFile, ...]
    """In the ZIP's order."""
    valid_until: date
    length_bytes: int
    """Of the ZIP."""
    digest: Digest
    """Of the ZIP, read back from the disk."""


def write_pack(request: PackRequest, out: Path) -> PackReport:
    """Write the ZIP beside ``out``, then put it in its place; on failure nothing stays.

    Raises:
        ProductionError: as ``plan_pack``; an audio file is missing or not what its rendition
            says; the disk is full or refuses.
    """
    raise NotImplementedError(request, out)
