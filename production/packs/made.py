"""For which stations packs were made: ``packed`` lines of the ledger, and of that in private/.

Which station a pack was made for stands in private/ where it does not want to be named: the ledger
is as public as the workspace.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from production.ledger.ledger import Event, Ledger
from programme.digests import canonical_json
from programme.facts import Contact, Fact
from programme.stations import Station
from scripts.tree import PRIVATE
from scripts.workspace import Workspace
from stations.pack_naming import station_needs

PACKED = "packed"
"""Event of the ledger: a pack was made for a station."""

PackKey = tuple[str, int]
"""Name and serial of a pack."""


def pack_key(event: Event) -> PackKey:
    """Give which pack a line of the ledger tells of."""
    return str(event.facts["pack"]), int(event.facts["serial"])


def packs_made(root: Path, ledger: Ledger, station: str = "") -> Iterator[Event]:
    """Give a line for each pack and station; of private stations where private/ is at hand.

    Args:
        root: of the workspace.
        ledger: its own.
        station: only of this one; empty for all.

    Raises:
        ProductionError: a ledger is damaged.
    """
    of = {"station": station} if station else {}
    for notes in (ledger, Ledger(root / PRIVATE)):
        yield from notes.events(PACKED, **of)


Given = Mapping[str, Collection[PackKey]]
"""Name and serial of every pack that each station was given, by the station's id."""


def packs_given(root: Path, ledger: Ledger) -> Given:
    """Read who was given what, once for all stations."""
    given: dict[str, set[PackKey]] = {}
    for event in packs_made(root, ledger):
        given.setdefault(str(event.facts["station"]), set()).add(pack_key(event))
    return given


def earlier_packs(given: Given, ledger: Ledger, peers: Sequence[str], pack_id: str) -> list[Event]:
    """Give the ``pack`` lines of every pack that a station was given, under whatever name.

    Private stations that take the same share one pack, and so one history: its bytes must not
    depend on which of them it is made for.

    Args:
        given: as it was before any pack of this run was made.
        ledger: of the workspace.
        peers: ids of the stations that share the pack.
        pack_id: its name; all of its own serials count, whoever was given them.
    """
    had = {pack for station in peers for pack in given.get(station, ())}
    # By name, and not all of them: five hundred stations look through the lines of all the others.
    found = [
        event
        for name in {pack_id, *(pack for pack, _ in had)}
        for event in ledger.events("pack", pack=name)
        if name == pack_id or (name, event.facts["serial"]) in had
    ]
    return sorted(found, key=lambda event: event.line)


class Peers:
    """Which stations share a pack: private ones that take the same."""

    def __init__(self, workspace: Workspace) -> None:
        """Look at every station once."""
        self._alike: dict[str, list[Station]] = {}
        for station in workspace.stations.values():
            if station.takes_packs and not station.publish_identity:
                self._alike.setdefault(_needs(station), []).append(station)

    def of(self, station: Station) -> tuple[str, ...]:
        """Give the ids of the stations that share one's pack, itself among them."""
        if station.publish_identity:
            return (station.id,)
        own = _own(station)
        return tuple(one.id for one in self._alike[_needs(station)] if _own(one) == own)


def _needs(station: Station) -> str:
    return canonical_json(station_needs(station))


def _own(station: Station) -> tuple[tuple[str, Fact | Contact], ...]:
    return tuple((one.replaces, one.value) for one in station.overrides)
