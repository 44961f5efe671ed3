"""Sends the pages that changed, and takes away those that no longer exist.

Before the first page goes, ``site.json`` forgets what will be sent: a publish that is broken off,
and content that then returns to what it was, must not leave a page that nobody knows to be wrong.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from feeds.pages.addresses import HOME, MEDIA, WORKER
from production.catalogue.site import (
    SITE_KEY,
    SITE_TYPE,
    SentPage,
    SitePage,
    parse_site,
    render_site,
)
from production.publish.reasons import AWAY, SAME
from production.targets.base import Target
from production.targets.standing import Standing
from programme.digests import digest_bytes
from programme.units import Digest, Key

Put = Callable[[Key, bytes, str], None]
"""Sends bytes of a media type under a key, and reports it."""

_HELD_BYTES = 16 << 20
"""Pages of so many bytes together are kept between the plan and the sending; others are rendered
again: ten thousand of them are 100 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePlan:
    """A page that is not at the target as it is now."""

    page: SitePage
    digest: Digest
    length_bytes: int
    held: bytes | None
    """Its bytes; None where they are to be rendered again."""
    why: str
    """Why it goes out, in words."""
    is_same: bool
    """Whether its bytes stand there, and only the notes of pages do not say so."""

    def data(self) -> bytes:
        """Give its bytes."""
        return self.page.render() if self.held is None else self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """What becomes of the pages."""

    changed: tuple[PagePlan, ...]
    """In the order in which they are sent: what leads to a page comes after it."""
    gone: Mapping[Key, SentPage]
    """Pages that are taken away."""
    kept: Mapping[Key, SentPage]
    """Pages that stay as they are."""
    told: bytes | None
    """``site.json`` as it stands there."""
    notes: bytes
    """``site.json`` as it is to be."""
    forgets: bytes | None
    """``site.json`` without what will be sent; None where that changes nothing. Also where pages
    were lost at the target and come back as they were: it needs no telling."""


def plan_pages(
    target: Target, pages: Iterable[SitePage], standing: Standing | None = None
) -> SitePlan:
    """Give the pages that differ from what the target has; nothing is sent.

    Args:
        target: where they go.
        pages: all that there are to be.
        standing: what stands there, so that pages that were lost or altered are sent again; None
            takes ``site.json`` at its word.

    Raises:
        ProductionError: a page cannot be made, or ``site.json`` is something else.
    """
    told = target.read(SITE_KEY)
    old = parse_site(told)
    keys: set[Key] = set()
    kept: dict[Key, SentPage] = {}
    changed: list[PagePlan] = []
    held = 0
    for page in pages:
        keys.add(page.key)
        before = old.get(page.key)
        is_there = standing is None or _stands(target, standing, page.key, before)
        if before is not None and before.fingerprint == page.fingerprint and is_there:
            kept[page.key] = before
            continue
        data = page.render()
        held += len(data)
        changed.append(
            PagePlan(
                page=page,
                digest=digest_bytes(data),
                length_bytes=len(data),
                held=data if held <= _HELD_BYTES else None,
                why=_why(page, before, is_there=is_there),
                is_same=standing is not None and _is_same(target, standing, page.key, data),
            )
        )
    gone = {key: page for key, page in old.items() if key not in keys and not key.startswith(MEDIA)}
    now = {
        one.page.key: SentPage(fingerprint=one.page.fingerprint, digest=one.digest)
        for one in changed
    }
    # Ten thousand rows take a while to write: as seldom as can be.
    stays = told is not None and not gone and kept | now == old
    notes = told if told is not None and stays else render_site(kept | now)
    forgets = None if told is None or stays else render_site({**kept, **gone})
    return SitePlan(
        changed=tuple(changed),
        gone=gone,
        kept=kept,
        told=told,
        notes=notes,
        forgets=None if forgets == told else forgets,
    )


def _stands(target: Target, standing: Standing, key: Key, before: SentPage | None) -> bool:
    """Tell whether a page stands there as it was sent, as far as that is known without reading."""
    if before is None or not standing.has(key):
        return False
    digest = standing.digest(key)
    if digest is None and standing.was_altered(key):
        # Changed since we knew it: by another publisher, or by somebody's hand.
        data = target.read(key) or b""
        digest = digest_bytes(data)
        standing.learn(key, digest, len(data))
    return digest is None or digest == before.digest


def _why(page: SitePage, before: SentPage | None, *, is_there: bool) -> str:
    if before is None:
        return "new page"
    if before.fingerprint != page.fingerprint:
        return "what it shows changed"
    return SAME if is_there else AWAY


def _is_same(target: Target, standing: Standing, key: Key, data: bytes) -> bool:
    if standing.holds(key, data):
        return True
    if standing.size(key) != len(data) or standing.digest(key) is not None:
        return False
    there = target.read(key)
    if there is not None:
        standing.learn(key, digest_bytes(there), len(there))
    return there == data


def send_pages(
    target: Target, plan: SitePlan, put: Put, put_pages: Callable[[Iterable[PagePlan]], None]
) -> list[Key]:
    """Send every page that changed, and remove pages that are no more.

    Args:
        target: where they go.
        plan: as it was made, while nobody else published.
        put: sends one document.
        put_pages: sends pages, in any order.

    Returns:
        The keys of pages that were removed.

    Raises:
        ProductionError: the target refuses; what was sent is there, and the next publish goes on.
    """
    if plan.forgets is not None:
        put(SITE_KEY, plan.forgets, SITE_TYPE)
    for wave in _waves(plan):
        put_pages(wave)
    removed = [key for key in plan.gone if target.remove(key)]
    if plan.notes != plan.told:
        put(SITE_KEY, plan.notes, SITE_TYPE)
    return removed


def _waves(plan: SitePlan) -> Iterator[list[PagePlan]]:
    """Give the pages that are to be sent in groups: all of one stand before the next begins."""
    found: dict[int, list[PagePlan]] = {}
    for one in plan.changed:
        if not one.is_same:
            found.setdefault(_rank(one.page.key), []).append(one)
    return (found[rank] for rank in sorted(found))


def _rank(key: Key) -> int:
    """Rank a page: style and programs first, then episodes, then lists, then the home page."""
    if key.startswith(MEDIA) or key == WORKER:
        return 0
    if key == HOME:
        return 3
    return 1 if key.count("/") > 1 and key.endswith(".html") else 2
