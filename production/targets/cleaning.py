"""Removes from a target what no release needs any more: ``altavoz gc TARGET``.

Nothing is removed that the ledger or the head does not know as ours, or whose name does not hold
the digest of its own bytes; nothing that any feed, page or list there mentions; and nothing before
its time is over, but what was withdrawn. A cleaning holds the target as a publish does, and looks
at everything again once it holds it. Stopped anywhere, it has removed only what nothing needs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from production.ledger.parts import open_stations
from production.publish.plan import refuse_unknown
from production.targets.base import Target
from production.targets.claims import Hold, Place, Publisher, look_at_place, refuse_claimed
from production.targets.head import HEAD_KEY
from production.targets.known_objects import digest_in
from production.targets.named_keys import keys_named, media_names
from production.targets.sending import PARALLEL
from production.targets.standing import Standing
from production.targets.target_view import TargetView
from production.targets.unneeded import (
    Unneeded,
    note_unneeded,
    read_noted,
    texts_there,
    unneeded_objects,
)
from programme.digests import Plain, digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.units import Key

GRACE = timedelta(days=30)
"""How long what nothing needs stays, unless an operator says otherwise: who has an older feed, or
an older page kept on a telephone, still finds what it names."""

_SLACK = timedelta(minutes=5)
"""By which the target's clock may be ahead of ours."""


class Upload(Protocol):
    """An upload in parts that was begun and never finished."""

    @property
    def name(self) -> str:
        """What was to stand there, as the server calls it."""
        ...

    @property
    def upload(self) -> str:
        """The server's id of it."""
        ...

    @property
    def began_at(self) -> datetime | None:
        """By the target's clock; None where it does not say."""
        ...


@runtime_checkable
class HasUploads(Protocol):
    """A target that keeps parts of uploads that were cut off."""

    def unfinished(self, before: datetime) -> Sequence[Upload]:
        """Give those that were begun before a moment."""
        ...

    def abandon(self, one: Any) -> None:  # noqa: ANN401 - as the target gave it
        """Take the parts of one away."""
        ...


@dataclass(slots=True, kw_only=True)
class TargetCleaning:
    """What a cleaning of a target would remove."""

    target: str
    place: str
    doomed: list[Unneeded] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    """Uploads that were begun and never finished, which cost money and are seen by nobody."""
    waiting: list[Unneeded] = field(default_factory=list)
    """What nothing needs either, and whose time is not over."""
    mentioned: list[tuple[Unneeded, str]] = field(default_factory=list)
    """What would go, and stays because a document there mentions it."""
    not_ours: list[Unneeded] = field(default_factory=list)
    """What is called like ours and holds other bytes."""
    standing: int = 0
    """How many objects there are in all."""

    @property
    def count(self) -> int:
        """Give how many things would go."""
        return len(self.doomed) + len(self.uploads)

    @property
    def length_bytes(self) -> int:
        """Give what it would free, as far as that is known."""
        return sum(one.length_bytes for one in self.doomed)

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return {
            "target": self.target,
            "place": self.place,
            "doomed": [_plain(one) for one in self.doomed],
            "uploads": [_plain_upload(one) for one in self.uploads],
            "waiting": [_plain(one) for one in self.waiting],
            "mentioned": [{**_plain(one), "by": by} for one, by in self.mentioned],
            "not_ours": [_plain(one) for one in self.not_ours],
            "bytes": self.length_bytes,
            "objects": self.standing,
        }


def _plain(one: Unneeded) -> dict[str, Plain]:
    return {
        "key": one.key,
        "bytes": one.length_bytes,
        "why": one.why,
        "since": one.since.isoformat(),
    }


def _plain_upload(one: Upload) -> dict[str, Plain]:
    return {"key": one.name, "since": one.began_at.isoformat() if one.began_at else None}


def _silent(one: Unneeded) -> None:
    del one


def plan_cleaning(view: TargetView, target: Target, *, grace: timedelta = GRACE) -> TargetCleaning:
    """Say what could be removed; nothing is touched.

    Args:
        view: what the workspace knows of the target.
        target: open.
        grace: how long what nothing needs stays.

    Raises:
        ProductionError: the target cannot be read, is another network's, was never published to
            by an Altavoz that keeps a head, or tells of what this ledger does not hold.
    """
    place = look_at_place(target, view.workspace.network.id)
    return _plan(view, target, place, grace)[0]


def _plan(
    view: TargetView, target: Target, place: Place, grace: timedelta
) -> tuple[TargetCleaning, list[Unneeded]]:
    if place.head is None or place.head.last is None:
        raise ProductionError(
            "nothing was finished there by this version of Altavoz, so that nobody can say what "
            "is needed",
            where=f"{target.describe()} {HEAD_KEY}",
            remedy="run altavoz publish once, then clean",
            code=ExitCode.TARGET,
        )
    # What another office published looks as if nothing needed it.
    refuse_unknown(view.ledger, place, target, open_stations(view.workspace))
    listed = {one.name: one for one in target.listing()}
    noted = read_noted(_notes(view))
    every = unneeded_objects(view, target, place, listed, noted)
    found = TargetCleaning(target=view.settings.name, place=target.describe(), standing=len(listed))
    over = []
    for one in every:
        if one.at_once or one.since + grace <= view.now + (_SLACK if not grace else timedelta()):
            over.append(one)
        else:
            found.waiting.append(one)
    mentions = _mentions(view, target, texts_there(listed, {one.key for one in over}), over)
    for one in over:
        if one.key in mentions:
            found.mentioned.append((one, mentions[one.key]))
        elif one.is_named_after and not _is_ours(target, one.key):
            found.not_ours.append(one)
        else:
            found.doomed.append(one)
    if isinstance(target, HasUploads):
        found.uploads = list(target.unfinished(view.now - grace))
    return found, every


def _notes(view: TargetView) -> Path:
    return view.notes.with_suffix(".unneeded.json")


def _mentions(
    view: TargetView, target: Target, texts: Sequence[str], over: Sequence[Unneeded]
) -> Mapping[str, str]:
    """Give what of all that would go is mentioned by a text that stays, and by which one."""
    asked = {one.key for one in over}
    # What was withdrawn may be spoken of; only a link to it would lead nowhere.
    loosely = {one.key for one in over if not one.at_once and digest_in(one.key)}
    by_name = {key.rpartition("/")[2]: key for key in loosely}
    if not asked:
        return {}

    def read(name: str) -> tuple[str, set[str]]:
        data = target.read(Key(name)) or b""
        found = keys_named(name, data, view.base_url) & asked
        return name, found | {by_name[one] for one in media_names(data) & by_name.keys()}

    mentions: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=PARALLEL) as pool:
        for name, keys in pool.map(read, texts):
            for key in keys:
                mentions.setdefault(key, name)
    return mentions


def _is_ours(target: Target, key: str) -> bool:
    """Tell whether the bytes of an object are those that its name tells."""
    told = digest_in(key)
    data = target.read(Key(key))
    return data is None or (told is not None and digest_bytes(data).startswith(told))


def clean_target(
    view: TargetView,
    target: Target,
    planned: TargetCleaning,
    publisher: Publisher,
    *,
    grace: timedelta = GRACE,
    take_over: bool = False,
    tell: Callable[[Unneeded], None] = _silent,
) -> TargetCleaning:
    """Remove what was planned and is unneeded still; give what was removed.

    Args:
        view: what the workspace knows of the target.
        target: open.
        planned: as an operator has seen it: nothing else goes.
        publisher: who holds the target meanwhile.
        grace: how long what nothing needs stays.
        take_over: from a publish that goes on or was stopped.
        tell: is told of each object that is gone.

    Raises:
        ProductionError: somebody publishes there, or the target refuses; what was removed stays
            so, and the next cleaning goes on.
    """
    place = look_at_place(target, view.workspace.network.id)
    refuse_claimed(target, place, publisher, view.now, take_over=take_over)
    hold = Hold(target, place, publisher, view.now)
    try:
        done = _clean(view, target, planned, hold, grace=grace, tell=tell)
    except ProductionError:
        with suppress(ProductionError):  # the first error is the one to tell
            hold.give_back()
        raise
    hold.give_back()
    return done


def _clean(
    view: TargetView,
    target: Target,
    planned: TargetCleaning,
    hold: Hold,
    *,
    grace: timedelta,
    tell: Callable[[Unneeded], None],
) -> TargetCleaning:
    """Look again, now that nobody else changes anything, and remove."""
    fresh, every = _plan(view, target, look_at_place(target, view.workspace.network.id), grace)
    seen = {one.key for one in planned.doomed}
    done = replace(fresh, doomed=[], uploads=[])
    for one in fresh.doomed:
        if one.key in seen:
            hold.check()
            if target.remove(Key(one.key)):
                done.doomed.append(one)
                tell(one)
    if isinstance(target, HasUploads):
        known = {upload.upload for upload in planned.uploads}
        for upload in fresh.uploads:
            if upload.upload in known:
                hold.check()
                target.abandon(upload)
                done.uploads.append(upload)
    gone = {one.key for one in done.doomed}
    notes = _notes(view)
    left = [one for one in every if one.key not in gone]
    note_unneeded(notes, left, read_noted(notes), view.now)
    _forget(view, target, gone)
    return done


def _forget(view: TargetView, target: Target, gone: Iterable[str]) -> None:
    """Take what is gone out of what this workspace noted of the target."""
    standing = Standing(target, view.notes)
    for key in gone:
        standing.removed(Key(key))
    standing.save()
