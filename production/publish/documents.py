"""Which feeds and lists a publish sends: those that differ from what stands at the target."""

from dataclasses import dataclass
from datetime import datetime

from feeds.validate import check_feed
from production.catalogue.catalogue import Catalogue
from production.catalogue.document_notes import DocumentNotes
from production.catalogue.documents import FEED_TYPE, FeedDocument, feed_drafts
from production.publish.deeds import Deed, Doing
from production.publish.reasons import SAME
from production.publish.refusals import KnownGuids
from production.targets.base import Target
from production.targets.standing import Standing
from programme.digests import digest_bytes
from programme.errors import ProductionError

_MEANT = frozenset({"feed-enclosure.missing", "feed-podcast.moved"})
"""Rules that a feed of ours may break. Where nobody speaks a language, a withdrawn item goes out
without sound, and the operator is told: not to say it would be worse. And a feed keeps its guid
when it moves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A feed or list that is to be sent."""

    document: FeedDocument
    there: bytes | None
    """What stands under its key; None for nothing."""


def changed_documents(
    target: Target,
    standing: Standing,
    catalogue: Catalogue,
    known: KnownGuids,
    notes: DocumentNotes,
    *,
    now: datetime,
    is_first: bool,
) -> tuple[list[Changed], list[Deed]]:
    """Render what differs from what stands there, and judge it by our own strict rules.

    What stays as it is is taken away at once, and told: there may be thousands of pages. What was
    made before of the same is not made again, where its very bytes are known to stand there.

    Args:
        target: where.
        standing: what stands there.
        catalogue: everything as it will be.
        known: what the ledger knows.
        notes: which bytes came of what; what is made now is noted there.
        now: the moment at which feeds are judged.
        is_first: nothing was published there to the end before, so that the list is believed
            where it shows nothing: hundreds of feeds need not be asked for.

    Raises:
        ProductionError: a finished feed breaks a rule, or the target tells of more than the
            ledger does.
    """
    changed: list[Changed] = []
    kept: list[Deed] = []
    for draft in feed_drafts(catalogue):
        made = notes.digest(draft.key, draft.fingerprint)
        if made is not None and made == standing.digest(draft.key):
            length = standing.size(draft.key) or 0
            kept.append(Deed(key=draft.key, doing=Doing.KEEP, why=SAME, length_bytes=length))
            continue
        document = draft.document()
        notes.note(draft.key, draft.fingerprint, digest_bytes(document.data))
        there = _there(target, standing, document, is_first=is_first)
        if there == document.data:
            length = len(document.data)
            kept.append(Deed(key=document.key, doing=Doing.KEEP, why=SAME, length_bytes=length))
            continue
        if document.media_type == FEED_TYPE:
            _judge(document, catalogue.network.base_url, now)
            known.compare(target, document.key, there)
        changed.append(Changed(document=document, there=there))
    return changed, kept


def _there(
    target: Target, standing: Standing, document: FeedDocument, *, is_first: bool
) -> bytes | None:
    """Give what stands in the place of a document; not read where it is known."""
    key, data = document.key, document.data
    if standing.holds(key, data):
        return data
    if is_first and not standing.has(key):
        return None
    there = target.read(key)
    if there is not None:
        standing.learn(key, digest_bytes(there), len(there))
    return there


def _judge(document: FeedDocument, base_url: str, now: datetime) -> None:
    faults = [one for one in check_feed(document.data, now=now) if one.rule not in _MEANT]
    if faults:
        first = faults[0]
        raise ProductionError(
            f"the feed would break a rule: {first.problem}",
            where=base_url + document.key,
            remedy=first.remedy,
        )
