"""What the ledger knows of the objects of a target: which must stand there, and which must not.

Everything that was ever released is named in the ledger with its digest. What is live, and what
feeds say of the withdrawn, must be there; what was withdrawn must not; and what was replaced, such
as the sound of an edition that was mixed anew, may be there for those who have an older feed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from feeds.pages.addresses import (
    HOME,
    MEDIA,
    OPML,
    PUBLISHER,
    WORKER,
    episode_key,
    language_key,
    list_key,
    series_key,
    withdrawn_key,
)
from production.ledger.ledger import Ledger
from production.releases.history import ReleaseHistory, last_day_of, read_history
from production.releases.values import (
    NOTICE,
    RELEASED,
    WITHDRAWN,
    MediaObject,
    read_notice,
    read_release,
    read_withdrawal,
)
from production.targets.head import LEDGER_FOLDER
from programme.units import Digest, LanguageTag

_MEDIA = re.compile(re.escape(MEDIA) + r"[A-Za-z0-9_-]+-([0-9a-f]{12})(?:\.[a-z0-9]+)+\Z")
_PART = re.compile(re.escape(LEDGER_FOLDER) + r"([0-9a-f]{32})\.jsonl\Z")
_LIST_PAGE = re.compile(r"(.+)-p[0-9]{4,}\.html\Z")
_FEED = re.compile(r"(.+?)(-p[0-9]{4,})?\.(?:xml|json)\Z")


class Role(StrEnum):
    """What the ledger says of an object."""

    NEEDED = "needed"
    GONE = "withdrawn"
    """Of a revision that was withdrawn."""
    PAST = "past"
    """A spoken notice whose item has left its feeds, or that was spoken anew."""
    REPLACED = "replaced"
    """Of a revision that stays, which has other bytes now."""


_RANK = (Role.REPLACED, Role.PAST, Role.GONE, Role.NEEDED)
"""What counts where the ledger says several things of one object: the later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownObject:
    """An object that the ledger names."""

    thing: MediaObject
    role: Role
    of: str
    """What it is of: the guid of the item."""
    since: datetime
    """Aware: since when it is in this role."""


def known_objects(ledger: Ledger, target: str, today: date) -> dict[str, KnownObject]:
    """Give every object that was ever released at a target, by its key.

    Args:
        ledger: of the workspace.
        target: its name.
        today: the operator's own day; notices past their time on it need no sound.
    """
    history = read_history(ledger, target)
    found: dict[str, KnownObject] = {}
    for one in (
        *_of_releases(ledger, history),
        *_of_withdrawals(ledger, history, today),
        *_of_notices(ledger, history, today),
    ):
        other = found.get(one.thing.key)
        if other is None or (_RANK.index(other.role), other.since) < (
            _RANK.index(one.role),
            one.since,
        ):
            found[one.thing.key] = one
    return found


def _of_releases(ledger: Ledger, history: ReleaseHistory) -> Iterator[KnownObject]:
    standings = {(one.release.edition, one.release.revision): one for one in history.standings()}
    for event in ledger.events(RELEASED, target=history.target):
        release = read_release(event.facts)
        standing = standings[release.edition, release.revision]
        now = standing.release
        kept = {thing.key for thing in now.media}
        for thing in release.media:
            if standing.withdrawal is not None:
                role, since = Role.GONE, standing.withdrawal.at
            elif thing.key in kept:
                role, since = Role.NEEDED, release.changed_at
            else:
                role, since = Role.REPLACED, now.changed_at
            yield KnownObject(thing=thing, role=role, of=release.guid, since=since)


def _of_withdrawals(ledger: Ledger, history: ReleaseHistory, today: date) -> Iterator[KnownObject]:
    standings = {one.release.guid: one for one in history.standings()}
    for event in ledger.events(WITHDRAWN, target=history.target):
        withdrawal = read_withdrawal(event.facts)
        standing = standings.get(withdrawal.guid)
        for thing in withdrawal.sound.media if withdrawal.sound else ():
            role, since = Role.PAST, withdrawal.at
            if standing is not None and standing.withdrawal == withdrawal:
                if standing.last_day >= today:
                    role = Role.NEEDED
                else:
                    since = _end_of(standing.last_day)
            elif standing is not None and standing.withdrawal is not None:
                since = max(since, standing.withdrawal.at)
            yield KnownObject(thing=thing, role=role, of=withdrawal.guid, since=since)


def _of_notices(ledger: Ledger, history: ReleaseHistory, today: date) -> Iterator[KnownObject]:
    newest = {one.guid: one for one in history.notices}
    for event in ledger.events(NOTICE, target=history.target):
        notice = read_notice(event.facts)
        now = newest[notice.guid]
        for thing in notice.sound.media if notice.sound else ():
            role, since = Role.PAST, notice.published_at
            if last_day_of(now) < today:
                since = _end_of(last_day_of(now))
            elif now.sound is not None and thing in now.sound.media:
                role = Role.NEEDED
            yield KnownObject(thing=thing, role=role, of=notice.guid, since=since)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def digest_in(name: str) -> Digest | None:
    """Give the beginning of the digest that a name of ours tells; None for other names.

    Objects whose bytes never change are called after them: sound, pictures, styles, and the parts
    of the ledger.
    """
    match = _MEDIA.match(name) or _PART.match(name)
    return Digest(match[1]) if match else None


class OwnNames:
    """Tells which names at a target are those of pages and documents that we make."""

    def __init__(self, history: ReleaseHistory, feeds: Iterable[str]) -> None:
        """Take everything that was ever released there, and every feed that ever was."""
        self._known: set[str] = {HOME, OPML, PUBLISHER, WORKER}
        self._lists: set[str] = set()
        self._feeds = {feed.removesuffix(".xml") for feed in feeds}
        for series, episode, tag in history.editions:
            self._known.add(episode_key(series, tag, episode))
            self._add(series, tag)

    def _add(self, series: str, tag: LanguageTag) -> None:
        page = series_key(series, tag)
        self._known |= {page, list_key(series, tag), language_key(tag), withdrawn_key(tag)}
        self._lists.add(page.removesuffix(".html"))

    def has(self, name: str) -> bool:
        """Tell whether a name is one that a publish of ours has given, or may have given."""
        page, feed = _LIST_PAGE.match(name), _FEED.match(name)
        is_page = page is not None and page[1] in self._lists
        return name in self._known or is_page or (feed is not None and feed[1] in self._feeds)

    def is_feed(self, name: str) -> bool:
        """Tell whether it is a feed itself, to which somebody may have subscribed."""
        feed = _FEED.match(name)
        return feed is not None and feed[1] in self._feeds and not feed[2]
