"""What a pack says in the place of facts that everybody else hears, for its papers."""

from collections.abc import Mapping, Sequence

from production.selection import thing_of
from programme.facts import Contact, Fact
from programme.stations import Station
from programme.units import LanguageTag
from scripts.workspace import Workspace
from stations.pack_plan import PackEdition, PackOverride


def overrides_in(
    workspace: Workspace, station: Station, editions: Sequence[PackEdition]
) -> tuple[PackOverride, ...]:
    """Give the station's overrides that its editions speak, with what everybody else hears."""
    spoken = {fact for one in editions for fact in one.edition.facts}
    return tuple(
        PackOverride(
            fact=override.replaces,
            says=_printed(override.value, station),
            general=_printed(thing_of(workspace, override.replaces), station),
            reason=override.reason,
            sources=override.value.validity.sources,
            verified_on=override.value.validity.verified_on,
            expires=override.value.validity.expires,
        )
        for override in station.overrides
        if override.told in spoken
    )


def _printed(thing: Fact | Contact, station: Station) -> Mapping[LanguageTag, str]:
    """Give what a fact says in each of the station's languages that it has words in."""
    if isinstance(thing, Fact):
        return {tag: thing.statement[tag] for tag in station.languages if tag in thing.statement}
    numbers = "; ".join(phone.display for phone in thing.phones)
    return {
        tag: f"{thing.organization[tag]}: {numbers}" if numbers else thing.organization[tag]
        for tag in station.languages
        if tag in thing.organization
    }
