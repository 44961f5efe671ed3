"""Small files to pass on from phone to phone, for stations that want them in their packs."""

from collections.abc import Sequence
from dataclasses import replace

from production.building import BuiltEdition
from production.formats import SHARE_FORMAT, SHARE_PROFILE
from production.pack_recall import Histories
from production.pack_request import choose_editions
from programme.stations import Station
from scripts.workspace import Workspace
from stations.names import radio_stems
from stations.pack_plan import PackEdition, PackFile, Paper
from stations.page_document import SHARE
from stations.phrases import phrases_for
from stations.share_text import render_share_text


def share_papers(
    workspace: Workspace,
    station: Station,
    editions: Sequence[BuiltEdition],
    histories: Histories,
) -> tuple[Paper, ...]:
    """Give each message as a small sound file, and a text to send beside it.

    The same messages as in the station's pack, with its own facts, and nothing that somebody took
    back; those of series whose episodes may be too long for a small file are not there.

    Args:
        workspace: as read.
        station: who gets the pack; none where it does not ask for them.
        editions: what was built.
        histories: of every target.
    """
    if not station.share:
        return ()
    small = replace(station, profile=SHARE_PROFILE, format=SHARE_FORMAT)
    chosen = sorted(
        choose_editions(workspace, small, editions, histories), key=lambda one: _place(station, one)
    )
    keys = [
        (one.edition.series, one.edition.language, one.edition.number, one.edition.episode)
        for one in chosen
    ]
    papers: list[Paper] = []
    for item, stem in zip(chosen, radio_stems(keys), strict=True):
        papers += [_sound(item, stem), _text(workspace, station, item, stem)]
    return tuple(papers)


def _place(station: Station, item: PackEdition) -> tuple[int, int, int, str]:
    edition = item.edition
    language, series = station.languages.index(edition.language), station.series.index
    return language, series(edition.series), edition.number, edition.episode


def _sound(item: PackEdition, stem: str) -> Paper:
    rendition = item.rendition
    file = PackFile(
        path=f"{SHARE}{stem}{rendition.suffix}",
        length_bytes=rendition.length_bytes,
        digest=rendition.digest,
    )
    return Paper(file=file, source=item.audio)


def _text(workspace: Workspace, station: Station, item: PackEdition, stem: str) -> Paper:
    network = workspace.network
    say = phrases_for(item.edition.language, station.languages, network.source_language)
    last_day = say.day(item.last_day) if item.last_day else ""
    text = render_share_text(item.edition, network, say, last_day)
    return Paper.of(f"{SHARE}{stem}.txt", text)
