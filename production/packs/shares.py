"""Small files to pass on from phone to phone, for stations that want them in their packs."""

from dataclasses import replace

from production.formats import SHARE_FORMAT, SHARE_PROFILE
from production.packs.request import PackShelf
from programme.network import Network
from programme.stations import Station
from stations.names import radio_stems
from stations.pack_plan import PackEdition, PackFile, Paper
from stations.page_document import SHARE
from stations.phrases import phrases_for
from stations.share_text import render_share_text


class ShareTexts:
    """The texts beside small files; those that many stations pass on are written once.

    It holds for one network, and for as long as the items live that it is asked for.
    """

    def __init__(self, network: Network) -> None:
        """Take who publishes."""
        self._network = network
        self._known: dict[tuple[int, str], tuple[PackEdition, bytes]] = {}

    def of(self, station: Station, item: PackEdition) -> bytes:
        """Give the text of one message, in the phrases that a station's readers understand."""
        network, edition = self._network, item.edition
        say = phrases_for(edition.language, station.languages, network.source_language)
        known = self._known.get((id(item), say.language))
        if known is None or known[0] is not item:
            last_day = say.day(item.last_day) if item.last_day else ""
            known = item, render_share_text(edition, network, say, last_day)
            self._known[id(item), say.language] = known
        return known[1]


def share_papers(station: Station, shelf: PackShelf, texts: ShareTexts) -> tuple[Paper, ...]:
    """Give each message as a small sound file, and a text to send beside it.

    The same messages as in the station's pack, with its own facts, and nothing that somebody took
    back; those of series whose episodes may be too long for a small file are not there.

    Args:
        station: who gets the pack; none where it does not ask for them.
        shelf: of what was built.
        texts: of the network.
    """
    if not station.share:
        return ()
    small = replace(station, profile=SHARE_PROFILE, format=SHARE_FORMAT)
    chosen = sorted(shelf.choose(small), key=lambda one: _place(station, one))
    keys = [
        (one.edition.series, one.edition.language, one.edition.number, one.edition.episode)
        for one in chosen
    ]
    papers: list[Paper] = []
    for item, stem in zip(chosen, radio_stems(keys), strict=True):
        papers += [_sound(item, stem), Paper.of(f"{SHARE}{stem}.txt", texts.of(station, item))]
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
