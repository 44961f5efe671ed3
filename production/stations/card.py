"""All about one station: what its file says, what it would get today, and what it would not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from production.selection import ChosenEdition, LeftOut, Selector
from production.stations.hours import clock_lines, hour_lines
from production.stations.known import known_station
from production.stations.listing import plain_station
from production.tables import left_out_lines, refused_editions
from programme.digests import Plain
from programme.editions import EditionKey
from programme.languages import language
from programme.profiles import profiles
from programme.stations import Delivery, Station
from programme.wording import counted
from scripts.station_facts import own_editions, station_view
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class StationCard:
    """One station, and what a build of today would make for it."""

    station: Station
    gets: tuple[ChosenEdition, ...]
    left_out: tuple[LeftOut, ...]
    """Segments that are not in what it gets, and editions that it does not get."""
    own: frozenset[EditionKey]
    """Editions made for it alone, because it says other facts in them."""

    def plain(self) -> dict[str, Plain]:
        """Give it for programs."""
        return {
            **plain_station(self.station),
            "schedule": list(schedule_lines(self.station)),
            "today": [
                {
                    "series": one.series.id,
                    "episode": one.episode.id,
                    "number": one.episode.number,
                    "language": one.language,
                    "segments": sum(bool(slot.slot.segment) for slot in one.slots),
                    "left_out": len(one.left_out),
                    "own": _key(one) in self.own,
                }
                for one in self.gets
            ],
            "left_out": [
                {
                    "series": one.series,
                    "episode": one.episode,
                    "language": one.language,
                    "segment": one.segment,
                    "cause": one.cause.value,
                    "problem": one.problem,
                    "remedy": one.remedy,
                }
                for one in self.left_out
            ],
        }


def station_card(workspace: Workspace, name: str, *, today: date) -> StationCard:
    """Give all about one station; nothing is made, and no sound is touched.

    Raises:
        ProductionError: there is no such station, or its file has errors.
    """
    station = known_station(workspace, name)
    own = own_editions(workspace, station)
    wanted = frozenset(
        (episode.series, episode.id, tag)
        for episode in workspace.episodes
        if episode.series in station.series
        for tag in station.languages
    )
    gets: list[ChosenEdition] = []
    left_out: list[LeftOut] = []
    for view, heard_by, keys in (
        (workspace, "", wanted - own),
        (station_view(workspace, station), station.id, wanted & own),
    ):
        if keys:
            found = Selector(view, today=today, station=heard_by).select(keys)
            gets += found.editions
            left_out += found.left_out
    order = {tag: number for number, tag in enumerate(station.languages)}
    gets.sort(key=lambda one: (order[one.language], one.series.id, one.episode.number))
    return StationCard(station=station, gets=tuple(gets), left_out=tuple(left_out), own=own)


def card_lines(card: StationCard) -> Iterator[str]:
    """Give the card as lines of words."""
    for label, text in _about(card.station):
        if text:
            yield f"{label + ':':<11} {text}"
    for override in card.station.overrides:
        yield f"{'says':<11} {override.told} in place of {override.replaces}: {override.reason}"
    lines = list(schedule_lines(card.station))
    if lines:
        yield ""
        yield from lines
    yield ""
    yield from _today(card)


def schedule_lines(station: Station) -> Iterator[str]:
    """Give what holds when, and how often; nothing where its file says nothing of time."""
    yield from hour_lines(station.schedule)
    yield from clock_lines(station.schedule)


def _about(station: Station) -> Iterator[tuple[str, str]]:
    profile = profiles()[station.profile]
    settings = station.settings
    carts = f"carts {settings.first_cart}-{settings.last_cart}" if settings.last_cart else ""
    told = [settings.drive_path, settings.group, carts]
    yield "station", f"{station.id} ({station.file})"
    yield "name", station.name
    yield "kind", station.kind.value
    yield "languages", ", ".join(f"{tag} ({language(tag).english})" for tag in station.languages)
    yield "series", ", ".join(station.series)
    yield "profile", f"{profile.id}: {profile.title}" + (station.format and f", {station.format}")
    yield "delivery", station.delivery.value + (", with files to pass on" if station.share else "")
    yield "automation", ", ".join([station.automation.value, *filter(None, told)])
    yield (
        "identity",
        "public"
        if station.publish_identity
        else "private: nothing that is published names it or its place",
    )
    yield "country", station.country
    yield "place", station.place
    yield "contact", station.contact
    yield "loop", _loop(station)


def _loop(station: Station) -> str:
    loop = station.loop
    if loop is None:
        return ""
    form = "one file with all languages" if loop.form == "one" else "a file for each language"
    told = [form, f"each message {counted(loop.repeat, 'time')}", f"at most {loop.longest_s} s"]
    told.append(f"then {loop.end_silence_ms / 1000:g} s of silence")
    told += [f"chime {loop.chime}"] if loop.chime else []
    told += [f"locator in {', '.join(loop.locator)}"] if loop.locator else []
    return ", ".join(told)


def _today(card: StationCard) -> Iterator[str]:
    if not card.gets:
        yield "Today it would get nothing."
    else:
        how = "by its feeds" if card.station.delivery is Delivery.FEED else "made for it"
        yield f"Today it would get {counted(len(card.gets), 'edition')}, {how}:"
    for one in card.gets:
        segments = sum(bool(slot.slot.segment) for slot in one.slots)
        own = ", with its own facts" if _key(one) in card.own else ""
        lacks = f", without {len(one.left_out)}" if one.left_out else ""
        yield (f"  {one.language:<7} {one.episode.id}: {counted(segments, 'segment')}{lacks}{own}")
    refused = refused_editions(card.left_out)
    left = left_out_lines(card.left_out)
    if refused or left:
        yield ""
        yield "Left out today, and why:"
    yield from (f"  {line}" for line in (*refused, *left))


def _key(one: ChosenEdition) -> EditionKey:
    return (one.series.id, one.episode.id, one.language)
