"""The list of all that a publish does, object by object, as a dry run prints it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from production.catalogue.site import SITE_KEY
from production.catalogue.site_sending import SitePlan
from production.publish.deeds import Deed, Deeds, Doing
from production.publish.documents import Changed
from production.publish.media import MediaPlan
from production.publish.plan import LedgerPlan
from production.publish.reasons import MERGED, MISSING, NO_PAGE, PAGE_NOTES, SAME, Reasons
from production.targets.claims import Place
from production.targets.head import HEAD_KEY, Head, render_head
from production.targets.standing import Standing
from programme.units import Key
from programme.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the list is made of."""

    standing: Standing
    media: MediaPlan
    ledger: LedgerPlan
    site: SitePlan
    documents: Sequence[Changed]
    kept: Sequence[Deed]
    """Feeds and lists that stay as they are."""
    gone: Mapping[str, Iterable[Key]]
    """By why, what is taken away if it is there."""
    reasons: Reasons
    past: bool
    """Whether episodes leave their feeds because their days are over."""

    def deeds(self) -> Deeds:
        """Give everything that a run will do, in its order."""
        found = Deeds(self.media.deeds)
        for deed in (*self._ledger(), *self._site(), *self.kept, *self._feeds(), *self._gone()):
            found.add(deed)
        return found

    def _ledger(self) -> Iterator[Deed]:
        again = {part.key for part, _ in self.ledger.again}
        for part in self.ledger.parts.keep:
            if part.key not in again:
                yield self._keep(part.key)
        for part, data in self.ledger.write:
            lines = f"{counted(part.lines, 'line')} of the ledger"
            yield self._put(part.key, len(data), MISSING if part.key in again else lines)

    def _site(self) -> Iterator[Deed]:
        site = self.site
        for page in site.changed:
            key = page.page.key
            yield self._keep(key) if page.is_same else self._put(key, page.length_bytes, page.why)
        for key in site.kept:
            yield self._keep(key)
        if site.notes != site.told:
            yield self._put(SITE_KEY, len(site.notes), PAGE_NOTES)
        elif site.told is not None:
            yield self._keep(SITE_KEY)

    def _feeds(self) -> Iterator[Deed]:
        for one in self.documents:
            key, data = one.document.key, one.document.data
            yield Deed(
                key=key,
                doing=Doing.SEND if one.there is None else Doing.REPLACE,
                why=self.reasons.document(
                    data,
                    is_new=one.there is None,
                    altered=self.standing.was_altered(key),
                    past=self.past,
                ),
                length_bytes=len(data),
            )

    def _gone(self) -> Iterator[Deed]:
        leaves = {NO_PAGE: self.site.gone, **self.gone, MERGED: self.ledger.drop}
        for why, keys in leaves.items():
            for key in keys:
                size = self.standing.size(key)
                if size is not None:
                    yield Deed(key=key, doing=Doing.REMOVE, why=why, length_bytes=size)

    def _put(self, key: Key, length_bytes: int, why: str) -> Deed:
        doing = Doing.REPLACE if self.standing.has(key) else Doing.SEND
        return Deed(key=key, doing=doing, why=why, length_bytes=length_bytes)

    def _keep(self, key: Key) -> Deed:
        length = self.standing.size(key) or 0
        return Deed(key=key, doing=Doing.KEEP, why=SAME, length_bytes=length)


def head_deed(place: Place, head: Head) -> Deed:
    """Give what is done with the head, which is to be as it is given."""
    doing = Doing.SEND if place.data is None else Doing.REPLACE
    why = f"publish number {head.serial}"
    return Deed(key=HEAD_KEY, doing=doing, why=why, length_bytes=len(render_head(head)))


def kept_head(data: bytes) -> Deed:
    """Give what is done with the head where nothing is."""
    return Deed(key=HEAD_KEY, doing=Doing.KEEP, why=SAME, length_bytes=len(data))
