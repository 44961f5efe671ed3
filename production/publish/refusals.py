"""What stops a publish before anything is sent: the clock, the ledger, and what stands there.

A publish that these let through names nothing in its feeds that is not at the target, and does
not undo what the ledger, or somebody else's, has told listeners.
"""

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from production.ledger.ledger import LEDGER_FILE
from production.releases.history import ReleaseHistory, TargetLines, live
from production.releases.values import News, Notice, Release
from production.targets.base import Target
from programme.errors import ExitCode, ProductionError
from programme.units import Key, LanguageTag

CLOCK_SLACK = timedelta(minutes=10)
"""How far the clock may stand before the newest publication: machines differ by minutes."""

_GUID = re.compile(rb"<guid[^>]*>([^<]*)</guid>")


def judging_moment(before: ReleaseHistory, now: datetime) -> datetime:
    """Give the moment at which feeds are judged: now, or the newest publication just after.

    Raises:
        ProductionError: the newest publication lies further ahead than clocks differ.
    """
    newest = before.newest_change()
    if newest is None:
        return now
    if newest - now > CLOCK_SLACK:
        raise ProductionError(
            f"the clock says {now:%Y-%m-%d %H:%M} UTC, and the last publication is of "
            f"{newest:%Y-%m-%d %H:%M} UTC",
            where=LEDGER_FILE,
            remedy="set the clock of this computer; if it was wrong when that was published, take "
            f"{LEDGER_FILE} back from git as it was before, and publish again",
        )
    return max(now, newest + timedelta(seconds=1))


def stale_releases(
    before: ReleaseHistory, made: Collection[tuple[str, str, LanguageTag]], day: date
) -> list[Release]:
    """Give what is live, valid still, and not among what is made today."""
    return [
        one.release
        for one in live(before)
        if one.release.edition not in made and one.release.expires >= day
    ]


class KnownGuids:
    """What the ledger knows of the items of one target, to compare with feeds that are there."""

    def __init__(self, lines: TargetLines, news: Iterable[News]) -> None:
        """Take what was published at a target, and what is about to be."""
        self._known = {one.guid for one in lines.releases} | {one.guid for one in lines.notices}
        self._coming = {one.guid: one for one in news if isinstance(one, Release | Notice)}

    def compare(self, target: Target, key: Key, data: bytes | None) -> None:
        """Refuse to write over a feed that tells of more than the ledger does.

        Raises:
            ProductionError: the ledger was lost or is behind, or somebody else publishes there.
        """
        for shown in (found.decode("utf-8", "replace") for found in _GUID.findall(data or b"")):
            # Feeds that collect from several put a sign of their own behind the item's guid.
            guid = shown.partition("#")[0]
            if guid in self._known or _is_same(self._coming.get(guid), data or b""):
                continue
            raise ProductionError(
                f"the feed there holds {shown!a}, of which {LEDGER_FILE} does not know",
                where=f"{target.describe()} {key}",
                remedy=f"take {LEDGER_FILE} back from git or from whoever published last; if the "
                "target has a new name in altavoz.toml, give it its old one",
                code=ExitCode.TARGET,
            )


def _is_same(coming: Release | Notice | None, data: bytes) -> bool:
    """Tell whether a feed names the very sound that is about to go out."""
    if coming is None:
        return False
    if isinstance(coming, Release):
        media = coming.media
    else:
        media = coming.sound.media if coming.sound else ()
    return any(thing.key.encode() in data for thing in media if thing.kbps)
