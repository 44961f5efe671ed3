"""What stops a publish before anything is sent: the clock, the ledger, and what stands there.

A publish that these let through names nothing in its feeds that is not at the target, and does
not undo what the ledger, or somebody else's, has told listeners.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from production.catalogue import feed_key
from production.ledger import LEDGER_FILE, Ledger
from production.release_values import Release
from production.targets.base import Target
from programme.errors import ExitCode, ProductionError
from programme.units import Key, LanguageTag

CLOCK_SLACK = timedelta(minutes=10)
"""How far the clock may stand before the newest publication: machines differ by minutes."""

History = Mapping[tuple[str, str, LanguageTag], Sequence[Release]]
"""Every edition's revisions at one target, oldest first."""

_GUID = re.compile(rb"<guid[^>]*>([^<]*)</guid>")


def judging_moment(before: History, now: datetime) -> datetime:
    """Give the moment at which feeds are judged: now, or the newest publication just after.

    Raises:
        ProductionError: the newest publication lies further ahead than clocks differ.
    """
    dates = [
        moment
        for found in before.values()
        for release in found
        for moment in (release.published_at, release.changed_at)
    ]
    newest = max(dates, default=now)
    if newest - now > CLOCK_SLACK:
        raise ProductionError(
            f"the clock says {now:%Y-%m-%d %H:%M} UTC, and the last publication is of "
            f"{newest:%Y-%m-%d %H:%M} UTC",
            where=LEDGER_FILE,
            remedy="set the clock of this computer; if it was wrong when that was published, take "
            f"{LEDGER_FILE} back from git as it was before, and publish again",
        )
    return max(now, newest + timedelta(seconds=1)) if dates else now


def stale_releases(
    before: History, made: Collection[tuple[str, str, LanguageTag]], day: date
) -> list[Release]:
    """Give what was published before, is valid still, and is not among what is made today."""
    return [
        found[-1]
        for edition, found in before.items()
        if edition not in made and found[-1].expires >= day
    ]


def compare_feeds(
    target: Target,
    old: Mapping[Key, bytes | None],
    ledger: Ledger,
    news: Sequence[Release],
    name: str,
) -> None:
    """Refuse to write over a feed that tells of more than the ledger does.

    Raises:
        ProductionError: the ledger was lost or is behind, or somebody else publishes there.
    """
    known = {str(event.facts["guid"]) for event in ledger.events("released", target=name)}
    coming = {release.guid: release for release in news}
    for key, data in old.items():
        for guid in (found.decode("utf-8", "replace") for found in _GUID.findall(data or b"")):
            release = coming.get(guid)
            same = release is not None and any(
                thing.key.encode() in (data or b"") for thing in release.media if thing.kbps
            )
            if guid in known or same:
                continue
            raise ProductionError(
                f"the feed there holds {guid!a}, of which {LEDGER_FILE} does not know",
                where=f"{target.describe()} {key}",
                remedy=f"take {LEDGER_FILE} back from git or from whoever published last; if the "
                "target has a new name in altavoz.toml, give it its old one",
                code=ExitCode.TARGET,
            )


def find_stale(target: Target, stale: Sequence[Release], feeds: Collection[Key]) -> None:
    """Look whether what stays as it was is there; what is made today is sent where it is not.

    Raises:
        ProductionError: a feed would name something that is not at the target.
    """
    for release in stale:
        if feed_key(release.series, release.language) not in feeds:
            continue
        for thing in release.media:
            if target.size(thing.key) != thing.length_bytes:
                raise ProductionError(
                    f"{release.series} {release.episode} {release.language} was published "
                    "before, cannot be made today, and is not there whole any more",
                    where=f"{target.describe()} {thing.key}",
                    remedy="bring its texts up to date and build again, or copy the file back; a "
                    "new and empty place needs a new name in altavoz.toml",
                    code=ExitCode.TARGET,
                )
