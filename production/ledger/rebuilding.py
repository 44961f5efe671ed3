"""The ledger from a target alone: from the parts that stand there, held against feeds and media.

What the workspace's ledger holds still is kept, line by line; what is missing is taken from the
target, once each line is what its checksum says, each part what the head says, and each line one
that a target may keep. What stands at no target is said: packs, shipments, other targets.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from production.ledger.ledger import LEDGER_FILE, Ledger
from production.ledger.parts import public_lines
from production.ledger.salvage import DamagedLine, Found, known_again, salvage, woven
from production.ledger.strokes import take_back
from production.ledger.told import PartFound, Told
from production.releases.history import media_of, read_history
from production.releases.values import NOTICE, RELEASED
from production.targets.base import Listed, Target, is_key
from production.targets.head import Head
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.storage import copy_whole, storage_errors, write_beside
from programme.units import Key

_GUID = re.compile(rb"<guid[^>]*>([^<]*)</guid>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """A ledger as it can be made from a workspace and a target, and what could not be found."""

    target: str
    lines: tuple[bytes, ...]
    """All of them, without their ends."""
    held: int
    """How many the workspace held, whole."""
    found: tuple[bytes, ...]
    """Those that the target had and the workspace had not."""
    damaged: tuple[DamagedLine, ...]
    """Of the workspace's ledger."""
    parts: tuple[PartFound, ...]
    """That are gone or damaged at the target."""
    refused: tuple[str, ...]
    """Lines at the target that are none a target may keep, in words."""
    ahead: int
    """Public lines that the target has not yet: the next publish brings them."""
    untold: tuple[tuple[str, str], ...]
    """Feed and guid of items of which no line tells: something is lost."""
    missing: tuple[tuple[str, str], ...]
    """Guid and key of objects that what is live needs, and that are not there whole."""
    elsewhere: tuple[str, ...]
    """Other targets that altavoz.toml names."""
    is_new: bool
    """Whether the workspace had no ledger, so that packs and shipments are all lost."""
    is_changed: bool
    """Whether the ledger's file is to be written."""

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is known to be lost."""
        damaged = any(one.found is Found.NOT for one in self.damaged)
        gone = any(part.left < part.lines for part in self.parts)
        return not (damaged or gone or self.untold or self.refused)


def rebuild_ledger(
    root: Path,
    target: Target,
    head: Head | None,
    *,
    network: str,
    today: date,
    elsewhere: Iterable[str] = (),
) -> Rebuilt:
    """Say what the ledger can be made of; writes nothing.

    Args:
        root: of the workspace.
        target: where it was published to.
        head: what stands there; None where there is none.
        network: id of the network.
        today: the operator's own day.
        elsewhere: names of other targets.

    Raises:
        ProductionError: the target keeps no ledger, or cannot be reached.
    """
    salvaged = salvage(root / LEDGER_FILE)
    listed = {one.name: one for one in target.listing()}
    told = Told(target, head, listed)
    if head is None and not told.lines:
        raise _keeps_none(target, listed, network)
    lines = tuple(woven(salvaged.lines, told.lines))
    own = set(salvaged.lines)
    ledger = Ledger.of_lines(root, lines)
    public = {line.removesuffix(b"\n") for line in public_lines(ledger, target.name)}
    return Rebuilt(
        target=target.name,
        lines=lines,
        held=len(salvaged.lines),
        found=tuple(line for line in lines if line not in own),
        damaged=tuple(known_again(salvaged, told.lines)),
        parts=tuple(told.broken),
        refused=tuple(told.refused),
        ahead=len(public - set(told.lines)),
        untold=tuple(_untold(target, ledger, listed, network)),
        missing=tuple(_missing(target.name, ledger, listed, today)),
        elsewhere=tuple(elsewhere),
        is_new=not salvaged.lines and not salvaged.damaged,
        is_changed=lines != salvaged.lines or not salvaged.is_whole,
    )


def write_ledger(root: Path, rebuilt: Rebuilt) -> Path | None:
    """Write a rebuilt ledger; hold the workspace's lock.

    Lines that are damaged are not thrown away: the file is kept beside, as it was.

    Returns:
        The copy of the damaged file; None where nothing in it was damaged.

    Raises:
        ProductionError: the disk refuses; the ledger is as it was.
    """
    path = root / LEDGER_FILE
    if not rebuilt.is_changed:
        return None
    with storage_errors(path):
        take_back(path)
        kept: Path | None = None
        if path.exists() and not salvage(path).is_whole:
            name = f"releases.damaged-{digest_bytes(path.read_bytes())[:12]}.jsonl"
            kept = path.with_name(name)
            copy_whole(path, kept)
    write_beside(path, b"".join(line + b"\n" for line in rebuilt.lines))
    return kept


def _shown(target: Target, listed: Mapping[str, Listed], network: str) -> Iterator[tuple[str, str]]:
    """Give feed and guid of every item of ours at a target."""
    for name in listed:
        if not name.endswith(".xml") or not is_key(name):
            continue
        for shown in _GUID.findall(target.read(Key(name)) or b""):
            # Feeds that collect from several put a sign of their own behind the item's guid.
            guid = shown.decode("utf-8", "replace").partition("#")[0]
            if guid.startswith(f"{network}/"):
                yield name, guid


def _untold(
    target: Target, ledger: Ledger, listed: Mapping[str, Listed], network: str
) -> Iterator[tuple[str, str]]:
    """Give items of feeds at the target of which the ledger does not tell."""
    known = {
        str(event.facts["guid"])
        for kind in (RELEASED, NOTICE)
        for event in ledger.events(kind, target=target.name)
    }
    told: set[str] = set()
    for name, guid in _shown(target, listed, network):
        if guid not in known and guid not in told:
            told.add(guid)
            yield name, guid


def _missing(
    target: str, ledger: Ledger, listed: Mapping[str, Listed], today: date
) -> Iterator[tuple[str, str]]:
    history = read_history(ledger, target)
    owners = {
        thing.key: one.release.guid for one in history.standings() for thing in one.release.media
    }
    past = {
        thing.key
        for one in history.standings()
        if one.withdrawal is None and one.last_day < today
        for thing in one.release.media
    }
    for thing in media_of(history, today):
        there = listed.get(thing.key)
        if thing.key not in past and (there is None or there.length_bytes != thing.length_bytes):
            yield owners.get(thing.key, ""), thing.key


def _keeps_none(target: Target, listed: Mapping[str, Listed], network: str) -> ProductionError:
    """Give the error for a target that an older Altavoz published, or nobody."""
    shown = {guid for _, guid in _shown(target, listed, network)}
    if not shown:
        return ProductionError(
            "nothing was published there",
            where=target.describe(),
            remedy="name the target that was published to; see altavoz.toml",
            code=ExitCode.TARGET,
        )
    again = sorted(guid for guid in shown if not re.search(r"/1\Z", guid))
    remedy = (
        f"take {LEDGER_FILE} back from git, from a copy, or from whoever published last. Feeds do "
        "not tell which words were spoken: from them every message would look corrected. "
    )
    if again:
        remedy += f"{len(again)} of {len(shown)} items were corrected or are notices, as {again[0]}"
    else:
        remedy += "Nothing was corrected yet: build and publish as it was, which finds every number"
    return ProductionError(
        f"an older Altavoz published there and left no ledger; its feeds show {len(shown)} items",
        where=target.describe(),
        remedy=remedy,
        code=ExitCode.TARGET,
    )
