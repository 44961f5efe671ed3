"""Titles that differ: what is put behind one that another item of about that day has already.

AntennaPod merges two items with one title on one calendar day of the listener's; days differ by
time zone, so that anything less than a day apart counts. Titles are compared within a language,
over all series: feeds of a language, a topic or a station collect several.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from production.releases.history import ReleaseHistory, Standing
from production.releases.values import Release
from production.releases.wording import all_titles, notice_title
from programme.units import LanguageTag

ONE_DAY = timedelta(hours=26)
"""Two moments less than this apart can be on one calendar day somewhere, summer time included."""

_MOST_MARKS = 10_000


class Titles:
    """The titles that are taken, each with its language and moment."""

    def __init__(self, history: ReleaseHistory, source: LanguageTag) -> None:
        """Take the titles of everything that is or was in a feed.

        Args:
            history: before the news that are to be called something.
            source: the network's source language.
        """
        self.source = source
        self._taken: dict[tuple[LanguageTag, str], list[tuple[str, datetime]]] = {}
        for standing in history.standings():
            self._take_standing(standing)
        for notice in history.notices:
            self._take(notice.language, notice.title, notice.guid, notice.published_at)

    def mark_release(self, standing: Standing, series_title: str) -> Release:
        """Give a release with the mark that makes its title its own, live and withdrawn.

        Args:
            standing: the release as it will stand, with the mark that it has now.
            series_title: what its series is called, put behind the title first.

        Raises:
            LookupError: ten thousand items of a day are called alike.
        """
        release = standing.release
        for mark in _marks(release.title_mark, series_title):
            marked = replace(standing, release=replace(release, title_mark=mark))
            if self._is_free(marked):
                self._take_standing(marked)
                return marked.release
        raise LookupError(f"no title left for {release.guid}")

    def notice_title(self, release: Release, moment: datetime) -> str:
        """Give the title of a notice of that moment, its own among all."""
        guid = f"{release.guid}/notice"
        for mark in _marks("", ""):
            title = notice_title(release, moment.date(), self.source, mark)
            if self._free(release.language, title, guid, moment):
                self._take(release.language, title, guid, moment)
                return title
        raise LookupError(f"no title left for {guid}")

    def _is_free(self, standing: Standing) -> bool:
        release = standing.release
        return all(
            self._free(release.language, title, release.guid, release.published_at)
            for title in all_titles(standing, self.source)
        )

    def _free(self, tag: LanguageTag, title: str, guid: str, moment: datetime) -> bool:
        taken = self._taken.get((tag, _folded(title)), ())
        return all(other == guid or abs(moment - at) >= ONE_DAY for other, at in taken)

    def _take_standing(self, standing: Standing) -> None:
        release = standing.release
        for title in all_titles(standing, self.source):
            self._take(release.language, title, release.guid, release.published_at)

    def _take(self, tag: LanguageTag, title: str, guid: str, moment: datetime) -> None:
        self._taken.setdefault((tag, _folded(title)), []).append((guid, moment))


def _marks(own: str, series_title: str) -> Iterator[str]:
    """Give what may stand behind a title, best first; what it has already stays if it can."""
    first = dict.fromkeys((own, "", f" – {series_title}" if series_title else ""))
    yield from first
    for count in range(2, _MOST_MARKS):
        yield f" ({count})"


def _folded(title: str) -> str:
    """Give a title as a careless comparison sees it: one case, single spaces."""
    return " ".join(title.casefold().split())
