"""What a pack is called: it names a station only where that wants to be named."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from programme.digests import Plain, fingerprint
from programme.stations import Station

if TYPE_CHECKING:
    from stations.pack_plan import PackRequest


def pack_name(request: "PackRequest") -> str:
    """Name the pack; a private station's says only what the pack shows anyway.

    A hash of the station's id would be undone by guessing ids, so the neutral name is made of
    what the station takes. Two private stations that take the same share one name and one pack.
    """
    station = request.station
    if station.publish_identity:
        return f"{request.network.id}_{station.id}"
    needs = station_needs(station)
    if request.overrides:
        # Two places that say other numbers must never share a name: the pack of one would look
        # like the newer pack of the other.
        needs["overrides"] = [
            [one.fact, {str(tag): words for tag, words in one.says.items()}]
            for one in request.overrides
        ]
    return f"{request.network.id}_{fingerprint(needs)[:12]}"


def station_needs(station: Station) -> dict[str, Plain]:
    """Give what decides the pack of a private station, but for facts of its own.

    What it says of the place, it says aloud in every pack: two places never share a name.
    """
    needs: dict[str, Plain] = {
        "kind": station.kind.value,
        "languages": list(station.languages),
        "profile": station.profile,
        "series": list(station.series),
    }
    if station.format:
        needs["format"] = station.format
    if station.share:
        needs["share"] = True
    hours = station.schedule
    if hours.quiet or hours.day_parts:
        # They stand on the run sheet.
        needs["hours"] = [
            [[span.begin, span.end] for span in hours.quiet],
            [
                [part.span.begin, part.span.end, sorted(part.days), list(part.languages)]
                for part in hours.day_parts
            ],
        ]
    if station.loop is not None:
        loop = {name: value for name, value in asdict(station.loop).items() if name != "line"}
        locator = {str(tag): words for tag, words in station.loop.locator.items()}
        needs["loop"] = loop | {"locator": locator}
    return needs
