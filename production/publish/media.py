"""Which files go up: those of what is new, and those that are not there any more.

Files are known by name and length from the target's list, and by their digest where this workspace
noted it. What is needed and not there is taken from the store, where the last builds still lie.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from production.publish.deeds import Deed, Doing
from production.publish.reasons import CUT, MISSING, SAME, SAME_SIZE, Reasons
from production.releases.history import ReleaseHistory
from production.releases.media import Sources
from production.releases.values import MediaObject, Release
from production.store import DamagedObjectError, Store
from production.targets.base import Target, occupied
from production.targets.standing import Standing
from programme.errors import ExitCode, ProductionError
from programme.units import Key


@dataclass(slots=True, kw_only=True)
class MediaPlan:
    """What becomes of every file that feeds and pages will name."""

    send: Sources = field(default_factory=dict)
    """Sound first, then what goes beside it."""
    compare: Sources = field(default_factory=dict)
    """There by name and length, and not yet known by digest."""
    deeds: list[Deed] = field(default_factory=list)
    lost: list[Key] = field(default_factory=list)
    """Of spoken notices, and nobody here has them any more."""


class MediaPlanner:
    """Compares what is to be at a target with what stands there."""

    def __init__(self, target: Target, standing: Standing, store: Store, reasons: Reasons) -> None:
        self._target = target
        self._standing = standing
        self._store = store
        self._reasons = reasons
        self.plan = MediaPlan()

    def add(self, sources: Sources, pictures: Mapping[Key, object]) -> None:
        """Plan the files of what is made now.

        Raises:
            ProductionError: code TARGET; more bytes stand under a name of ours.
        """
        for key, (thing, path) in sources.items():
            size = self._standing.size(key)
            if size is None:
                why = self._reasons.media(key, pictures, was_there=self._standing.was_noted(key))
                self._send(thing, path, why)
            elif size > thing.length_bytes:
                raise occupied(f"{self._target.describe()} {key}")
            elif size < thing.length_bytes:
                # Some servers keep the piece of an upload that broke off: the target knows it.
                self._send(thing, path, CUT)
            else:
                self._keep(thing, path)

    def heal(self, history: ReleaseHistory, shown: Collection[str], made: Collection[Key]) -> None:
        """Plan what feeds name and is not made now: it stays, or is sent again from the store.

        Args:
            history: as it will be.
            shown: guids that feeds name.
            made: keys of what is made now.

        Raises:
            ProductionError: code TARGET; a feed would name sound that is not at the target, and
                is not here either.
        """
        for release, thing in _named(history, shown):
            if thing.key in made:
                continue
            size = self._standing.size(thing.key)
            if size is None:  # the list may be older than the object
                size = self._target.size(thing.key)
            if size == thing.length_bytes:
                self._keep(thing, None)
            elif (size or 0) < thing.length_bytes and (path := self._kept(thing)) is not None:
                self._send(thing, path, MISSING if size is None else CUT)
            elif release is None:
                self.plan.lost.append(thing.key)
            else:
                raise self._not_whole(release, thing)

    def _send(self, thing: MediaObject, path: Path, why: str) -> None:
        self.plan.send[thing.key] = (thing, path)
        self._deed(thing, Doing.SEND, why)

    def _keep(self, thing: MediaObject, path: Path | None) -> None:
        digest = self._standing.digest(thing.key)
        if digest is None and self._standing.was_altered(thing.key):
            # It has changed since we knew it: the one case in which it is read.
            if not self._target.verify(thing.key, thing.digest):
                raise occupied(f"{self._target.describe()} {thing.key}")
            digest = thing.digest
            self._standing.learn(thing.key, digest, thing.length_bytes)
        if digest is not None and digest != thing.digest:
            raise occupied(f"{self._target.describe()} {thing.key}")
        if digest is None and path is not None:
            self.plan.compare[thing.key] = (thing, path)
        self._deed(thing, Doing.KEEP, SAME_SIZE if digest is None else SAME)

    def _deed(self, thing: MediaObject, doing: Doing, why: str) -> None:
        self.plan.deeds.append(
            Deed(key=thing.key, doing=doing, why=why, length_bytes=thing.length_bytes)
        )

    def _kept(self, thing: MediaObject) -> Path | None:
        """Give where the store still has an object, whole; None where it has not."""
        if self._store.has(thing.digest):
            with suppress(DamagedObjectError):
                return self._store.verified(thing.digest)[0]
        return None

    def _not_whole(self, release: Release, thing: MediaObject) -> ProductionError:
        return ProductionError(
            f"{release.series} {release.episode} {release.language} was published "
            "before, cannot be made today, and is not there whole any more",
            where=f"{self._target.describe()} {thing.key}",
            remedy="bring its texts up to date and build again, or copy the file back; or say "
            f"that it is gone: altavoz release retract {'/'.join(release.edition)}; a new and "
            "empty place needs a new name in altavoz.toml",
            code=ExitCode.TARGET,
        )


def _named(
    history: ReleaseHistory, shown: Collection[str]
) -> Iterator[tuple[Release | None, MediaObject]]:
    """Give every file that items of feeds name, with its release where it is live."""
    sounds = [one.sound for one in history.notices if one.guid in shown]
    for one in history.standings():
        if one.release.guid in shown and one.withdrawal is None:
            yield from ((one.release, thing) for thing in one.release.media)
        elif one.release.guid in shown and one.withdrawal is not None:
            sounds.append(one.withdrawal.sound)
    for sound in sounds:
        yield from ((None, thing) for thing in (sound.media if sound else ()))
