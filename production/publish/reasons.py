"""Why each object is sent, replaced, taken away or kept, in words for an operator."""

from collections.abc import Iterable, Mapping, Sequence

from production.releases.history import ReleaseHistory
from production.releases.values import Change, MediaObject, News, Release, Withdrawal
from programme.units import Key

SAME = "the same bytes are there"
SAME_SIZE = "a file of this name and length is there; it is compared when something is sent"
MISSING = "it is not at the target any more"
CUT = "only a piece of it is at the target"
ALTERED = "somebody altered it at the target"
AWAY = "it is missing at the target, or was altered there"
ARTWORK = "artwork"
WITHDRAWN = "withdrawn or past its days: no feed names it any more"
NO_PAGE = "what the page showed is not published any more"
NOT_PUBLIC = "its station is not public any more"
PAGE_NOTES = "what each page shows"
MERGED = "its lines are in another part now"

_CHANGES = {
    Change.NEW: "new episode",
    Change.REPLACE: "better sound",
    Change.TEXT: "better texts",
    Change.CORRECT: "correction",
    Change.RENEW: "valid again",
    Change.NONE: "unchanged",
}


def release_why(release: Release, before: ReleaseHistory) -> str:
    """Say why a release goes out: ``correction: cr-911 says something else``."""
    said = _CHANGES[release.change]
    last = before.last(release.edition)
    if release.change is not Change.CORRECT or last is None:
        return said
    old, new = last.release.fact_values or {}, release.fact_values or {}
    changed = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
    return f"{said}: {', '.join(changed)} says something else" if changed else said


class Reasons:
    """Why objects of one publish go out."""

    def __init__(self, news: Iterable[News], before: ReleaseHistory) -> None:
        """Take what is about to be told, and what was before."""
        self._media: dict[Key, str] = {}
        self._told: dict[bytes, str] = {}
        """By guid, as it stands in feeds."""
        for one in news:
            why, media = _why(one, before)
            self._media |= dict.fromkeys((thing.key for thing in media), why)
            self._told.setdefault(one.guid.encode(), why)

    def media(self, key: Key, pictures: Mapping[Key, object], *, was_there: bool) -> str:
        """Say why a file goes up."""
        if key in pictures and not was_there:
            return ARTWORK
        return self._media.get(key, MISSING)

    def document(self, data: bytes, *, is_new: bool, altered: bool, past: bool) -> str:
        """Say why a feed or list goes out.

        Args:
            data: its bytes.
            is_new: nothing stands under its key.
            altered: its bytes at the target are not those that were sent.
            past: episodes leave their feeds because their days are over.
        """
        told = dict.fromkeys(why for guid, why in self._told.items() if guid in data)
        if is_new:
            return "new"
        if told:
            return f"shows: {'; '.join(list(told)[:3])}"
        if self._told:
            return "names what changed"
        if altered:
            return ALTERED
        return "an episode is past its day" if past else "titles, words or settings changed"


def _why(one: News, before: ReleaseHistory) -> tuple[str, Sequence[MediaObject]]:
    if isinstance(one, Release):
        return release_why(one, before), one.media
    sound = () if one.sound is None else one.sound.media
    if isinstance(one, Withdrawal):
        return f"spoken notice of a withdrawal ({one.kind.value})", sound
    return "notice", sound
