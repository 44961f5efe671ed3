"""What a station's folder held and must not be played any more, and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from production.delivery.state import DeliveryState, GoneEdition, OwnFile
from production.packs.recall import Histories
from production.releases.history import WITHDRAWN_DAYS
from programme.editions import EditionKey
from programme.notices import NoticeKind
from programme.units import Digest
from stations.deliveries import DeliveryItem, Removed

Said = tuple[EditionKey, Digest]
"""An edition and the words that it said."""


def gone_editions(
    state: DeliveryState, items: Sequence[DeliveryItem], histories: Histories, *, today: date
) -> tuple[GoneEdition, ...]:
    """Give what is removed now or was before, newest first; what is delivered again is not.

    It is told for 90 days: copies outside the folder are in nobody's hands.
    """
    now = {(one.air.key, one.edition.words_digest) for one in items}
    editions = {one.air.key for one in items}
    found: dict[Said, GoneEdition] = {
        (_key(one.removed), one.words): one
        for one in state.gone
        if (_key(one.removed), one.words) not in now
        and today <= one.removed.since + timedelta(days=WITHDRAWN_DAYS)
    }
    for said, files in _held(state.files).items():
        if said not in now and said not in found:
            found[said] = _gone(said, files, histories, editions, today)

    def order(one: GoneEdition) -> tuple[int, str, str, str, Digest]:
        gone = one.removed
        return -gone.since.toordinal(), gone.series, gone.episode, gone.language, one.words

    return tuple(sorted(found.values(), key=order))


def _held(files: Mapping[str, OwnFile]) -> dict[Said, dict[str, OwnFile]]:
    found: dict[Said, dict[str, OwnFile]] = {}
    for path, own in files.items():
        if own.edition is not None and own.words is not None and own.there:
            found.setdefault((own.edition, own.words), {})[path] = own
    return found


def _gone(
    said: Said,
    files: Mapping[str, OwnFile],
    histories: Histories,
    editions: Iterable[EditionKey],
    today: date,
) -> GoneEdition:
    key, words = said
    first = next(iter(files.values()))
    standing = histories.withdrawn(key, words)
    taken = standing.withdrawal if standing else None
    kind, reason, since = NoticeKind.WITHDRAWN, "", today
    if taken is not None:
        kind, reason, since = NoticeKind(taken.kind.outcome), taken.reason, taken.at.date()
        kind = NoticeKind.RETRACTED if kind is NoticeKind.WITHDRAWN else kind
    elif key in set(editions):
        kind = NoticeKind.CORRECTED
    elif first.expires < today:
        kind, since = NoticeKind.EXPIRED, first.expires + timedelta(days=1)
    return GoneEdition(
        removed=Removed(
            series=key[0],
            episode=key[1],
            language=key[2],
            title=first.title,
            kind=kind,
            reason=reason,
            since=since,
            files=tuple(sorted(files)),
        ),
        words=words,
    )


def _key(one: Removed) -> EditionKey:
    return (one.series, one.episode, one.language)
