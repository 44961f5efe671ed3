"""Air-ready sound in feeds: what a radio station plays without working on it, beside the podcast's.

A series that asks for it (``also: [broadcast]``) has it in its feeds as another rendition of each
item, mastered to EBU R 128 or for streams. Only what is as long and paced as the podcast's own is
taken, so that transcripts and chapters hold for it; and only MP3: LibreTime fails on a WAV (notes
on players), so that broadcast WAV travels in packs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from production.formats import feed_formats, placed_formats
from programme.series import Series
from scripts.workspace import Workspace

if TYPE_CHECKING:
    from production.building import BuiltEdition

AIR_READY_PROFILES = ("broadcast", "stream")
"""Profiles that are made for radio and paced like the podcast's, best first."""


@cache
def air_ready_formats() -> frozenset[str]:
    """Give the ids of renditions for radio stations that a feed may carry."""
    return frozenset(name for profile in AIR_READY_PROFILES for name in feed_formats(profile))


def feed_profiles(series: Series) -> frozenset[str]:
    """Give the profiles whose sound the feeds of a series carry: its own, and air-ready ones."""
    ready = {name for name in AIR_READY_PROFILES if placed_formats(series, name)}
    return frozenset({series.profile, *ready})


def with_air_ready(
    workspace: Workspace, items: Sequence["BuiltEdition"], built: Iterable["BuiltEdition"]
) -> list["BuiltEdition"]:
    """Give editions with the air-ready sound that their series ask for.

    Args:
        workspace: as read.
        items: the editions that go into feeds.
        built: every finished edition, those of other profiles among them.
    """
    found: dict[tuple[str, str, str, str], BuiltEdition] = {}
    for item in built:
        if item.edition.profile in AIR_READY_PROFILES and not item.station:
            found[(*item.edition.key, item.edition.profile)] = item
    return [_joined(workspace, item, found) for item in items]


def _joined(
    workspace: Workspace,
    item: "BuiltEdition",
    found: dict[tuple[str, str, str, str], "BuiltEdition"],
) -> "BuiltEdition":
    series = workspace.series[item.edition.series]
    for profile in AIR_READY_PROFILES:
        other = found.get((*item.edition.key, profile))
        if other is None or profile == item.edition.profile:
            continue
        if other.edition.words_digest != item.edition.words_digest:
            continue  # made of other words, which its own publish will bring
        wanted = placed_formats(series, profile) & feed_formats(profile)
        taken = tuple(one for one in other.edition.renditions if one.id in wanted)
        names = {one.id for one in taken}
        item = replace(
            item,
            edition=replace(item.edition, renditions=(*item.edition.renditions, *taken)),
            digests={**item.digests, **{n: d for n, d in other.digests.items() if n in names}},
            objects={**item.objects, **{n: p for n, p in other.objects.items() if n in names}},
        )
    return item
