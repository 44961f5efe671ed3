"""Which edition a row of a log means: by its ids, its file's name, else its title."""

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from programme.editions import EditionKey
from stations.airplay import KnownItem, LogFault, LoggedPlay, ParsedLog, PlayedLine
from stations.airplay_log import plain_word

_ENDING = re.compile(r"\.[a-z0-9]{2,4}\Z", re.IGNORECASE)
_SHORTEST = 8
"""A cut title of fewer letters proves nothing."""


NEAR = timedelta(seconds=10)
"""Between two beginnings of one edition that are one play in two logs, less than this."""


class AmbiguousError(ValueError):
    """A row may mean several editions; the message names them."""


class Shelf:
    """Every edition that a station's log may mean."""

    def __init__(self, items: Iterable[KnownItem], *, artist: str) -> None:
        """Take editions in.

        Args:
            items: later ones count where two cannot be told apart.
            artist: whom our files name as their artist.
        """
        self._artist = plain_word(artist)
        self._by_stem: dict[str, KnownItem] = {}
        self._by_key: dict[EditionKey, list[KnownItem]] = {}
        self._by_title: dict[str, dict[EditionKey, None]] = {}
        self._series: set[str] = set()
        self._cuts: dict[str, list[EditionKey]] = {}
        for item in items:
            if item.stem:
                self._by_stem[item.stem.lower()] = item
            self._by_key.setdefault(item.key, []).append(item)
            self._by_title.setdefault(plain_word(item.title), {})[item.key] = None
            self._series.add(item.series)

    def find(self, play: LoggedPlay) -> KnownItem | None:
        """Give what a row means; None where it is nothing of ours.

        Raises:
            AmbiguousError: it may mean several, or it is ours and nobody knows which.
        """
        stem = _stem(play.file)
        named = self._by_stem.get(stem) or self._begins(stem)
        if named is not None:
            return named
        day = play.at.date()
        if play.series and play.episode:
            known = [key for key in self._by_key if key[:2] == (play.series, play.episode)]
            known = [key for key in known if not play.language or key[2] == play.language]
            if len(known) == 1:
                return self._version(known[0], day)
        keys = list(self._by_title.get(plain_word(play.title), ()))
        if not keys and play.is_cut:
            keys = self._cut(plain_word(play.title))
        keys = [key for key in keys if not play.language or key[2] == play.language] or keys
        is_ours = plain_word(play.artist) == self._artist
        if len(keys) == 1 and (is_ours or not play.artist):
            return self._version(keys[0], day)
        if len(keys) > 1:
            several = ", ".join("/".join(key) for key in keys[:4])
            raise AmbiguousError(f"«{play.title[:60]}» may be several editions: {several}")
        if is_ours or play.series in self._series:
            what = play.title or play.file or play.episode
            raise AmbiguousError(f"«{what[:60]}» is ours, but no edition is called that")
        return None

    def _begins(self, stem: str) -> KnownItem | None:
        """Find a file that a program renamed: LibreTime adds a mark behind a name that it has."""
        for known in (stem[:end] for end in range(len(stem) - 1, _SHORTEST, -1)):
            if known in self._by_stem and not stem[len(known)].isalnum():
                return self._by_stem[known]
        return None

    def _cut(self, begin: str) -> list[EditionKey]:
        if len(begin) < _SHORTEST:
            return []
        if begin not in self._cuts:
            found: dict[EditionKey, None] = {}
            for title, keys in self._by_title.items():
                if title.startswith(begin):
                    found |= keys
            self._cuts[begin] = list(found)
        return self._cuts[begin]

    def _version(self, key: EditionKey, day: date) -> KnownItem:
        """Give the version that may be played that day; the newest where none or several may."""
        versions = self._by_key[key]
        fresh = [one for one in versions if day <= one.expires]
        return (fresh or versions)[-1]


def match_log(log: ParsedLog, shelf: Shelf) -> tuple[list[PlayedLine], int, list[LogFault]]:
    """Find what each row of a log means.

    Returns:
        The plays of ours in order, how many rows are of other programmes, and every row that is
        not understood.
    """
    found: list[PlayedLine] = []
    faults = list(log.faults)
    others = 0
    for play in log.plays:
        try:
            item = shelf.find(play)
        except AmbiguousError as error:
            faults.append(LogFault(line=play.line, problem=str(error)))
            continue
        if item is None:
            others += 1
            continue
        found.append(
            PlayedLine(
                at=play.at,
                series=item.series,
                episode=item.episode,
                language=item.language,
                version=item.version,
                title=item.title,
                expires=item.expires,
                topics=item.topics,
            )
        )
    return sorted(found), others, sorted(faults, key=lambda one: one.line)


def new_lines(known: Sequence[PlayedLine], found: Sequence[PlayedLine]) -> list[PlayedLine]:
    """Give plays that are not noted yet; the same edition cannot begin twice within NEAR.

    A log that comes twice, or two logs of one evening, count once.
    """
    seen: dict[EditionKey, list[datetime]] = {}
    for line in known:
        insort(seen.setdefault(line.key, []), line.at)
    fresh: list[PlayedLine] = []
    for line in sorted(found):
        near = seen.setdefault(line.key, [])
        place = bisect_left(near, line.at)
        if all(abs(line.at - other) >= NEAR for other in near[max(place - 1, 0) : place + 1]):
            near.insert(place, line.at)
            fresh.append(line)
    return fresh


def _stem(file: str) -> str:
    name = re.split(r"[/\\]", file.strip())[-1]
    return _ENDING.sub("", name).lower()
