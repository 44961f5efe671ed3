"""Where something would go out: a target, or a station's packs or folder; all are told alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from programme.facts import Contact, Fact
from programme.network import Network, TargetSettings
from programme.stations import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One way out of the house, as those who stop at it are told."""

    where: str
    demo: bool
    """A rehearsal: demo facts and texts that nobody has reviewed may go there."""
    rehearse: str
    """How to make it a rehearsal."""
    again: str
    """What to do once all is in order."""
    alone: str
    """How a text that cannot wait goes out without the others."""
    own: Mapping[str, Fact | Contact] = field(default_factory=dict)
    """What only one station says, by what the papers of an edition call it."""


def target_door(target: TargetSettings) -> Door:
    """Give the door to a target."""
    return Door(
        where=f"target {target.name}",
        demo=target.demo,
        rehearse=f"demo = true under [targets.{target.name}] is for rehearsals without listeners",
        again="publish again",
        alone="goes out alone with --only, or is taken out of the rundowns",
    )


def pack_door(station: Station, *, demo: bool) -> Door:
    """Give the door to a station that takes packs."""
    return Door(
        where=f"packs for {station.id}",
        demo=demo,
        rehearse="--rehearsal makes packs that say they are no more than an example",
        again="pack again",
        alone="is taken out of the rundowns",
        own=_own(station),
    )


def delivery_door(station: Station, *, demo: bool) -> Door:
    """Give the door to a station that is served by a folder."""
    return Door(
        where=f"folder of {station.id}",
        demo=demo,
        rehearse="--rehearsal delivers files whose README says that they are an example",
        again="deliver again",
        alone="is taken out of the rundowns",
        own=_own(station),
    )


def _own(station: Station) -> Mapping[str, Fact | Contact]:
    return {one.told: one.value for one in station.overrides if not one.instead}


def rehearses(network: Network) -> bool:
    """Tell whether a network is an example: it has targets, and all of them are rehearsals.

    All that it hands out then says that it is one, whether somebody asked for that or not: nothing
    stopped what may be unfit.
    """
    targets = network.targets.values()
    return bool(targets) and all(target.demo for target in targets)
