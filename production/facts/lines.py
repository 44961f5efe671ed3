"""What facts impact prints: everything that a change of one fact reaches, in plain lines."""

from collections.abc import Iterable, Iterator

from production.facts.card import place_lines
from production.facts.impact import Impact, Published
from production.tables import left_out_lines
from programme.wording import counted

MOST = 40
"""How many lines a part shows before it counts the rest; --json has them all."""


def impact_lines(impact: Impact) -> Iterator[str]:
    """Give the lines of an impact, part by part; parts without anything are not shown."""
    yield f"{impact.id} ({impact.kind}): {impact.value}  {impact.place}"
    if not impact.spoken:
        yield "No script speaks it."
    yield from _part("Spoken in", place_lines(impact.spoken))
    yield from _part(
        "Recordings that say it; a change makes them stale",
        (
            f"{one.segment} {one.language}: {one.file}" + (" (stale already)" if one.stale else "")
            for one in impact.recordings
        ),
    )
    yield from _part("Editions that speak it", _editions(impact))
    yield from _part("Left out today, and so not heard", left_out_lines(impact.left_out))
    if impact.editions:
        counts = (
            counted(len(impact.takes), "take"),
            counted(len(impact.slots), "slot"),
            counted(len(impact.editions), "edition"),
        )
        yield ""
        yield f"A build would make again: {', '.join(counts)}. --json names each."
    yield from _part("Feeds", (feed.url for feed in impact.feeds))
    yield from _part(
        "Stations",
        (f"{one.id}: {one.delivery.value}, {', '.join(one.languages)}" for one in impact.stations),
    )
    yield from _part("Stations that say otherwise", (o.line() for o in impact.overrides))
    yield from _part("Published with it", (_published(one) for one in impact.published))
    yield from _part(
        "Packed with it",
        (
            f"{one.station}: {one.pack} number {one.serial}, "
            f"made {one.on}, valid until {one.valid_until}"
            for one in impact.packs
        ),
    )
    yield ""
    yield "Next:"
    for step in impact.next:
        yield f"  {step}"


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if not found:
        return
    yield ""
    yield f"{title}:"
    for line in found[:MOST]:
        yield f"  {line}"
    if len(found) > MOST:
        yield f"  and {counted(len(found) - MOST, 'more line')}; see --json"


def _editions(impact: Impact) -> Iterator[str]:
    grouped: dict[tuple[str, str], dict[str, list[str]]] = {}
    for one in impact.editions:
        tags = grouped.setdefault((one.series, one.episode), {})
        profile = f"{one.profile} for {one.station}" if one.station else one.profile
        tags.setdefault(one.language, []).append(profile)
    for (series, episode), tags in grouped.items():
        told = ", ".join(f"{tag} ({', '.join(profiles)})" for tag, profiles in tags.items())
        yield f"{series} {episode}: {told}"


def _published(one: Published) -> str:
    edition = f"{one.series} {one.episode} {one.language}"
    return (
        f"{one.target} {one.published_on}: {edition}, revision {one.revision}, "
        f"valid until {one.expires}, {one.standing.value}"
    )
