"""Who has a withdrawn message still, in words to print and to send."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from production.packs.shipment_sheet import PRIVATE_STATION
from production.releases.recall_reach import Holder, MessageReach, State
from production.releases.recall_words import recall_texts
from programme.digests import Plain
from programme.units import LanguageTag
from programme.wording import counted
from scripts.workspace import Workspace

_HEADINGS = {
    State.HOLDS: "Has it still",
    State.UNNOTED: "May have it: the pack was made, and nobody noted whether it was handed out",
    State.NEWER: "Was given a later pack, whose papers say what to delete",
    State.DELETED: "Deleted it",
    State.RETURNED: "Gave it back",
    State.CURRENT: "Has the words that newer packs say",
}


def recall_lines(workspace: Workspace, reach: MessageReach, *, today: date) -> Iterator[str]:
    """Say it in words, for a terminal and for paper; what stations are told comes last."""
    yield f"{reach.name} ({', '.join(reach.kinds)}), as known on {today}"
    yield from _summary_lines(reach)
    for state, heading in _HEADINGS.items():
        several = [one for one in reach.holders if one.state is state]
        if several:
            yield from ("", f"{heading}:")
            for one in several:
                yield from _holder_lines(workspace, one, today)
    if reach.feeds:
        yield from ("", "Feeds:")
    for feed in reach.feeds:
        release = feed.standing.release
        place = f"{release.target}: {release.series} {release.episode} {release.language}"
        yield f"  {place}, revision {release.revision}, {feed.state}: {release.guid}"
    for station, texts in station_texts(workspace, reach).items():
        for tag, text in texts.items():
            yield from ("", f"--- To {station or PRIVATE_STATION}, in {tag} ---")
            yield from text.split("\n")


def _summary_lines(reach: MessageReach) -> Iterator[str]:
    stations = {one.station for one in reach.holding()}
    if not reach.packs and not reach.feeds:
        yield "No pack and no feed ever held it."
    in_newer = any(not one.recalled for one in reach.packs)
    if reach.packs:
        none = "Nobody has older words of it." if in_newer else "Nobody has it."
        yield f"{counted(len(stations), 'station')} to be told." if stations else none
    if in_newer:
        # Words are noted by edition: the one that changed may have changed elsewhere.
        yield (
            "Newer packs hold it, too, in editions that say something else than before. Listen to "
            "the newest pack: if it is wrong there, correct it or take it back (altavoz release), "
            "make packs anew (altavoz pack), and ask again."
        )
    if stations and not reach.newer_exists:
        yield (
            "No pack says anything else yet: correct it or take it back first (altavoz release), "
            "then make packs anew (altavoz pack)."
        )


def _holder_lines(workspace: Workspace, one: Holder, today: date) -> Iterator[str]:
    pack = one.pack
    line = f"  {one.station or PRIVATE_STATION}: {pack.pack} number {pack.serial}"
    if one.shipment:
        shipment = one.shipment
        by = f" by {shipment.by}" if shipment.by else ""
        line += f", {shipment.carrier.value} on {shipment.on}{by}"
    if one.since:
        line += f", since {one.since}"
    if pack.valid_until < today:
        line += f"; it could be played until {pack.valid_until} only"
    yield line
    if one.state in {State.HOLDS, State.UNNOTED}:
        yield f"    contact: {_contact(workspace, one.station) or 'nobody wrote one down'}"
    for item in pack.items:
        yield f"    {item.title} ({item.edition[2]}){f': {item.path}' if item.path else ''}"
    if not pack.items:
        yield "    which of its files it is was not noted"


def _contact(workspace: Workspace, name: str) -> str:
    station = workspace.stations.get(name)
    return station.contact if station else ""


def station_texts(
    workspace: Workspace, reach: MessageReach
) -> dict[str, Mapping[LanguageTag, str]]:
    """Give what to send to each station that has it or may have it, in each of its languages."""
    by_station: dict[str, list[Holder]] = {}
    for one in reach.holding():
        by_station.setdefault(one.station, []).append(one)
    return {
        station: recall_texts(
            _languages(workspace, station, several),
            [(one.pack.pack, one.pack.serial, one.pack.items) for one in several],
            reach.reasons,
            contact=workspace.network.role_address,
        )
        for station, several in by_station.items()
    }


def _languages(workspace: Workspace, name: str, several: Sequence[Holder]) -> Sequence[LanguageTag]:
    station = workspace.stations.get(name)
    if station:
        return station.languages
    heard = dict.fromkeys(item.edition[2] for one in several for item in one.pack.items)
    return list(heard) or workspace.network.languages


def recall_plain(workspace: Workspace, reach: MessageReach) -> dict[str, Any]:
    """Give it for --json."""
    texts = station_texts(workspace, reach)
    return {
        "id": reach.name,
        "kinds": list(reach.kinds),
        "newer_exists": reach.newer_exists,
        "holders": [
            {
                "station": one.station,
                "state": one.state.value,
                "pack": one.pack.pack,
                "serial": one.pack.serial,
                "valid_until": one.pack.valid_until.isoformat(),
                "on": one.shipment.on.isoformat() if one.shipment else None,
                "carrier": one.shipment.carrier.value if one.shipment else None,
                "since": one.since.isoformat() if one.since else None,
                "contact": _contact(workspace, one.station),
                "items": _items(one),
            }
            for one in reach.holders
        ],
        "packs": [
            {"pack": one.pack, "serial": one.serial, "recalled": one.recalled}
            for one in reach.packs
        ],
        "feeds": [
            {
                "target": one.standing.release.target,
                "series": one.standing.release.series,
                "episode": one.standing.release.episode,
                "language": one.standing.release.language,
                "revision": one.standing.release.revision,
                "guid": one.standing.release.guid,
                "state": one.state,
            }
            for one in reach.feeds
        ],
        "texts": {station: dict(told) for station, told in texts.items()},
    }


def _items(one: Holder) -> list[dict[str, Plain]]:
    return [
        {
            "series": item.edition[0],
            "episode": item.edition[1],
            "language": item.edition[2],
            "title": item.title,
            "path": item.path,
            "sha256": item.digest,
        }
        for item in one.pack.items
    ]
