"""The words that pages show: read where they lie, here if they are here, else at the target."""

from contextlib import suppress

from production.releases.history import ReleaseHistory
from production.releases.media import Sources
from production.store import DamagedObjectError, Store
from production.targets.base import Target
from programme.units import Digest, Key


class PageWords:
    """Gives transcripts in JSON by their keys at a target."""

    def __init__(
        self, target: Target, store: Store, sources: Sources, history: ReleaseHistory
    ) -> None:
        """Take where words may lie.

        Args:
            target: where they were published.
            store: of the workspace, where the last builds lie.
            sources: what is made now.
            history: of the target, which knows the digest of everything there.
        """
        self._target = target
        self._store = store
        self._sources = sources
        self._history = history
        self._digests: dict[Key, Digest] | None = None
        self.missing: list[str] = []
        """Keys of words that are nowhere: a retraction does not wait for them, and the page still
        says what is withdrawn."""

    def __call__(self, key: Key) -> bytes:
        """Give the words, empty where there are none any more.

        Raises:
            ProductionError: the target refuses.
        """
        if key in self._sources:
            return self._sources[key][1].read_bytes()
        digest = self._known().get(key)
        if digest is not None and self._store.has(digest):
            with suppress(DamagedObjectError):
                return self._store.verified(digest)[0].read_bytes()
        found = self._target.read(key)
        if found is None and key not in self.missing:
            self.missing.append(key)
        return found or b""

    def _known(self) -> dict[Key, Digest]:
        if self._digests is None:
            sounds = [one.sound for one in self._history.notices]
            sounds += [one.withdrawal.sound for one in self._history.standings() if one.withdrawal]
            media = [one.release.media for one in self._history.standings()]
            media += [sound.media for sound in sounds if sound is not None]
            self._digests = {thing.key: thing.digest for group in media for thing in group}
        return self._digests
