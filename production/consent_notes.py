"""Under which consents something went out, noted in private/releases.jsonl.

The public ledger names no consent. What a segment says today does not answer for what was handed
out: its folder may be gone, or renamed, or it may name another consent since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from production.ledger.ledger import Ledger
from programme.digests import Plain
from programme.storage import storage_errors
from scripts.tree import PRIVATE
from scripts.workspace import Workspace

_RELEASE = "released-with-consent"
_PACK = "packed-with-consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Consents by what they covered when it went out; only what any covered at all."""

    releases: Mapping[tuple[str, str], tuple[str, ...]]
    """By target and guid."""
    packs: Mapping[tuple[str, int], tuple[str, ...]]
    """By pack and serial."""

    @property
    def names(self) -> frozenset[str]:
        """Every consent under which something ever went out."""
        found = (*self.releases.values(), *self.packs.values())
        return frozenset(name for names in found for name in names)


def open_private(root: Path) -> Ledger:
    """Give the ledger of private/, which nobody else may read.

    Raises:
        ProductionError: the disk refuses, or the ledger is damaged.
    """
    with storage_errors(root / PRIVATE):
        (root / PRIVATE).mkdir(mode=0o700, exist_ok=True)
    return Ledger(root / PRIVATE)


def read_covered(root: Path) -> Covered:
    """Give what is noted; nothing where private/ is not at hand.

    Raises:
        ProductionError: the ledger is damaged.
    """
    ledger = Ledger(root / PRIVATE)
    return Covered(
        releases={
            (str(event.facts["target"]), str(event.facts["guid"])): tuple(event.facts["consents"])
            for event in ledger.events(_RELEASE)
        },
        packs={
            (str(event.facts["pack"]), int(event.facts["serial"])): tuple(event.facts["consents"])
            for event in ledger.events(_PACK)
        },
    )


def note_releases(
    workspace: Workspace, target: str, segments: Iterable[tuple[str, Iterable[str]]]
) -> None:
    """Note under which consents editions go to a target, unless that is noted already.

    Args:
        workspace: as read.
        target: its name.
        segments: guid of each edition, and the segments in it.

    Raises:
        ProductionError: the disk refuses.
    """
    found = {guid: _consents_in(workspace, names) for guid, names in segments}
    named = {guid: consents for guid, consents in found.items() if consents}
    if not named:
        return
    known = read_covered(workspace.root).releases
    ledger = open_private(workspace.root)
    for guid, consents in named.items():
        if known.get((target, guid)) != consents:
            facts: dict[str, Plain] = {"target": target, "guid": guid, "consents": list(consents)}
            ledger.append(_RELEASE, facts)


def note_pack(workspace: Workspace, pack: str, serial: int, segments: Iterable[str]) -> None:
    """Note under which consents a pack is made, unless that is noted already.

    Raises:
        ProductionError: the disk refuses.
    """
    consents = _consents_in(workspace, segments)
    if consents and read_covered(workspace.root).packs.get((pack, serial)) != consents:
        facts: dict[str, Plain] = {"pack": pack, "serial": serial, "consents": list(consents)}
        open_private(workspace.root).append(_PACK, facts)


def _consents_in(workspace: Workspace, segments: Iterable[str]) -> tuple[str, ...]:
    about = (workspace.segments.get(name) for name in segments)
    return tuple(sorted({one.consent for one in about if one and one.consent}))
