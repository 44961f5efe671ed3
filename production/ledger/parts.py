"""The public half of the ledger, kept at each target in parts, so that no target forgets.

A part is some lines of the ledger as they stand there, under a key that holds the digest of its
bytes; the target's head (``publish.json``) names the parts in order. Each publish adds one part,
and takes small ones before it into it, so that there are few and a slow line never carries much.

Only what listeners are told anyway is in them: what was released, withdrawn, told of and taken
away at this very target, its feeds, and what stations take that may be named. Packs, shipments,
consents and the names of private stations never are.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from feeds.channel import ChannelKind
from production.catalogue.catalogue import FEED
from production.catalogue.feeds import is_open
from production.catalogue.station_takes import TAKES
from production.ledger.ledger import Event, Ledger
from production.releases.values import NOTICE, RELEASED, WITHDRAWN
from production.targets.head import LEDGER_FOLDER, LedgerPart
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.units import Digest, Key
from scripts.workspace import Workspace

REMOVED = "removed"
"""Name of the ledger's lines about objects that were taken away."""

PART_TYPE = "application/jsonl"

FULL_LINES = 2048
"""A part of so many lines, some 5 MB, is never taken into another."""

_KEY_LETTERS = 32
_OF_TARGET = (RELEASED, WITHDRAWN, NOTICE, REMOVED)
"""Lines that name their target, and nothing that is not public there."""

Read = Callable[[Key], bytes | None]
"""Gives an object of a target; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What becomes of a target's parts with a publish."""

    keep: tuple[LedgerPart, ...]
    write: tuple[tuple[LedgerPart, bytes], ...]
    """New ones, in order, behind those that are kept."""
    drop: tuple[Key, ...]
    """No head names them any more; they go once the new head stands."""

    @property
    def named(self) -> tuple[LedgerPart, ...]:
        """All that the new head names, in order."""
        return (*self.keep, *(part for part, _ in self.write))


class PartLostError(ProductionError):
    """A part that the head names is not there, or is not what the head says."""


def open_stations(workspace: Workspace) -> frozenset[str]:
    """Give the ids of the stations that everybody may read of: those with feeds of their own."""
    return frozenset(name for name, one in workspace.stations.items() if is_open(one))


def public_lines(ledger: Ledger, target: str, *, stations: Collection[str] = ()) -> list[bytes]:
    """Give the lines of the ledger that a target keeps, in the ledger's order, each with its end.

    Args:
        ledger: of the workspace.
        target: its name.
        stations: ids of those that may be named today, see ``open_stations``.
    """
    found = {event.line for name in _OF_TARGET for event in ledger.events(name, target=target)}
    open_takes = [e for e in ledger.events(TAKES, target=target) if e.facts["station"] in stations]
    found |= {event.line for event in open_takes}
    shown = _Shown(ledger, target, {str(event.facts["station"]) for event in open_takes})
    found |= {event.line for event in ledger.events(FEED) if shown.has(event)}
    told = [line for number, line in ledger.lines() if number in found]
    # Of a line that was written twice the last is the one that a fresh reading keeps.
    return [line + b"\n" for line in reversed(dict.fromkeys(reversed(told)))]


class _Shown:
    """Which feeds a target has, by what was released there: others may be meant for later."""

    def __init__(self, ledger: Ledger, target: str, stations: Collection[str]) -> None:
        self._stations = stations
        self._series: set[tuple[str, str]] = set()
        self._topics: set[tuple[str, str]] = set()
        self._languages: set[str] = set()
        self._untold: set[str] = set()
        """Languages with lines of an older version, which told no topics."""
        for event in ledger.events(RELEASED, target=target):
            facts = event.facts
            tag = str(facts["language"])
            self._series.add((facts["series"], tag))
            self._languages.add(tag)
            self._topics |= {(str(topic), tag) for topic in facts.get("topics", ())}
            if facts.get("fact_values") is None:
                self._untold.add(tag)

    def has(self, event: Event) -> bool:
        """Tell whether a ``feed`` line is of a feed that stands at the target."""
        facts = event.facts
        kind = ChannelKind(facts.get("kind", ChannelKind.SERIES))
        name, tag = facts.get("id", facts.get("series", "")), facts["language"]
        match kind:
            case ChannelKind.SERIES:
                return (name, tag) in self._series
            case ChannelKind.LANGUAGE:
                return tag in self._languages
            case ChannelKind.TOPIC:
                return (name, tag) in self._topics or tag in self._untold
            case ChannelKind.STATION:
                return name in self._stations
            case ChannelKind.PUBLISHER:
                return bool(self._languages)


def plan_parts(head_parts: Sequence[LedgerPart], lines: Sequence[bytes]) -> Parts:
    """Say which parts stay, which are new and which go, so that all together are ``lines``.

    Args:
        head_parts: those that the target's head names.
        lines: as ``public_lines`` gives them.
    """
    keep = list(_still_true(head_parts, lines))
    done = sum(part.lines for part in keep)
    # Each part has twice the lines of the next at least: so few parts, and each line is sent
    # again only a few times in its life.
    while keep and done < len(lines) and keep[-1].lines < min(FULL_LINES, 2 * (len(lines) - done)):
        done -= keep.pop().lines
    chunks = [lines[at : at + FULL_LINES] for at in range(done, len(lines), FULL_LINES)]
    write = [(_part(chunk), b"".join(chunk)) for chunk in chunks]
    named = {part.key for part in keep} | {part.key for part, _ in write}
    drop = dict.fromkeys(part.key for part in head_parts if part.key not in named)
    return Parts(keep=tuple(keep), write=tuple(write), drop=tuple(drop))


def unknown_parts(
    head_parts: Sequence[LedgerPart],
    lines: Sequence[bytes],
    read: Read,
    *,
    ledger: Ledger,
    known: Collection[Digest] = (),
) -> list[bytes]:
    """Give the lines at a target that the ledger does not hold; none where all is well.

    Only parts that are not plainly ours are read.

    Args:
        head_parts: those that the target's head names.
        lines: as ``public_lines`` gives them.
        read: gives a part's bytes.
        ledger: the whole of it: it may hold what may not be public any more.
        known: digests of parts whose lines were all in the ledger when it was last looked at.

    Raises:
        PartLostError: a part cannot be read whole, so that nobody can say what it told.
    """
    own = {part.digest for part in _still_true(head_parts, lines)}
    asked = [part for part in head_parts if part.digest not in own and part.digest not in known]
    if not asked:
        return []
    held = {line for _, line in ledger.lines()}
    found = (line for part in asked for line in part_lines(part, read(part.key)))
    return [line for line in dict.fromkeys(found) if line.removesuffix(b"\n") not in held]


def part_lines(part: LedgerPart, data: bytes | None) -> list[bytes]:
    """Give the lines of a part, each with its end, once it is what the head says.

    Raises:
        PartLostError: it is not there, or its bytes are others.
    """
    if data is None or not _is_as_told(part, data):
        raise PartLostError(
            "a part of the ledger that is kept there is "
            + ("gone" if data is None else "not what it was"),
            where=part.key,
            remedy="copy it back there; else see what is left with altavoz release rebuild TARGET, "
            "then delete publish.json there and publish again, which writes all of it anew",
            code=ExitCode.TARGET,
        )
    return [line + b"\n" for line in data.split(b"\n")[:-1]]


def _is_as_told(part: LedgerPart, data: bytes) -> bool:
    ended = data.endswith(b"\n") and data.count(b"\n") == part.lines
    return ended and digest_bytes(data) == part.digest


def _still_true(head_parts: Sequence[LedgerPart], lines: Sequence[bytes]) -> Iterator[LedgerPart]:
    """Give the parts, from the first on, that are the same lines as ``lines`` begins with."""
    start = 0
    for part in head_parts:
        end = start + part.lines
        if end > len(lines) or _part(lines[start:end]) != part:
            return
        yield part
        start = end


def _part(lines: Sequence[bytes]) -> LedgerPart:
    digest = digest_bytes(b"".join(lines))
    return LedgerPart(key=part_key(digest), lines=len(lines), digest=digest)


def part_key(digest: Digest) -> Key:
    """Name the part that has a digest."""
    return Key(f"{LEDGER_FOLDER}{digest[:_KEY_LETTERS]}.jsonl")
