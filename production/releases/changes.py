"""What a line of the ledger changed about an edition, against what was there before it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from production.releases.values import Change, Release
from programme.editions import EditionKey
from programme.units import Digest

NEW_ITEM = frozenset({Change.CORRECT, Change.RENEW})
"""What takes the place of an earlier revision, in an item of its own."""


def moment_of(release: Release) -> datetime:
    """Give when a line was written: a new item is dated, a change of one is noted."""
    is_item = release.change in NEW_ITEM or release.change is Change.NEW
    return release.published_at if is_item else release.changed_at


def each_with_what_was_before(
    releases: Sequence[Release],
) -> Iterator[tuple[Release, Release | None]]:
    """Give each line with that of the edition before it: of its revision, or the one before."""
    last: dict[tuple[EditionKey, int], Release] = {}
    for release in sorted(releases, key=lambda one: one.revision):
        revision = (release.edition, release.revision)
        yield release, last.get(revision) or last.get((release.edition, release.revision - 1))
        last[revision] = release


def changes_of(before: Release, after: Release) -> Iterator[str]:
    """Say what differs, what matters most first."""
    old, new = before.fact_values, after.fact_values
    if old is not None and new is not None:
        yield from (f"fact {name}" for name in new if old.get(name, new[name]) != new[name])
    if before.segments:  # lines of older versions told none
        yield from (f"segment +{name}" for name in _only(after.segments, before.segments))
        yield from (f"segment -{name}" for name in _only(before.segments, after.segments))
    if before.words_digest != after.words_digest:
        yield "words"
    elif _digests(before, sound=True) != _digests(after, sound=True):
        yield "sound"
    elif _digests(before, sound=False) != _digests(after, sound=False):
        yield "texts"
    # Lines of older versions did not tell what follows of it.
    about = () if old is None else ("topics", "sources", "chapters")
    for name in ("title", "description", "expires", *about):
        if getattr(before, name) != getattr(after, name):
            yield name


def _only(names: Collection[str], others: Collection[str]) -> list[str]:
    return [name for name in names if name not in others]


def _digests(release: Release, *, sound: bool) -> list[Digest]:
    return [thing.digest for thing in release.media if bool(thing.kbps) is sound]
