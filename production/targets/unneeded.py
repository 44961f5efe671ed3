"""Finds what nothing at a target needs, and since when.

The ledger tells when sound was withdrawn or replaced. Of pictures, styles and pages nothing tells
when the last feed named them: it was at the latest when a document there last changed, and at the
latest when somebody first looked and found them unneeded, which is noted in ``.altavoz/targets``.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from feeds.pages.addresses import HOME
from production.catalogue.site import SITE_KEY, parse_site
from production.targets.base import Listed, Target, is_key
from production.targets.claims import Place
from production.targets.head import HEAD_KEY
from production.targets.known_objects import KnownObject, Role, digest_in
from production.targets.named_keys import keys_named
from production.targets.strangers import is_half, judge_stranger
from production.targets.target_view import TargetView
from production.targets.verdicts import TargetVerdict
from programme.digests import canonical_json
from programme.errors import ExitCode, ProductionError
from programme.storage import storage_errors, write_into_folder

_DRAWN = (".png", ".jpg", ".jpeg", ".svg", ".css", ".js", ".jsonl")
"""What feeds, pages and heads name and the ledger does not: it may have been needed once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unneeded:
    """One object that nothing needs any more."""

    key: str
    length_bytes: int
    why: str
    since: datetime
    """Aware: since when at the latest nothing needs it; for what was withdrawn, its withdrawal."""
    at_once: bool = False
    """Whether it must not stay for the grace period: it was withdrawn."""
    is_named_after: bool = False
    """Whether only its name says that it is ours: its bytes must say so, too."""


def unneeded_objects(
    view: TargetView,
    target: Target,
    place: Place,
    listed: Mapping[str, Listed],
    noted: Mapping[str, datetime],
) -> list[Unneeded]:
    """Give everything that the ledger, feeds, pages and the head do not need, by key.

    What a text mentions all the same is among it.

    Args:
        view: what the workspace knows of the target.
        target: open.
        place: its head.
        listed: everything that stands there.
        noted: since when things are known to be unneeded.

    Raises:
        ProductionError: the list of pages is gone or cannot be read.
    """
    needed, texts = _needed(view, target, place)
    names = view.own_names()
    changed = (listed[name].changed_at for name in texts if name in listed)
    newest = max(changed, default=view.now)
    found = []
    for name, one in sorted(listed.items()):
        is_swept = is_half(name) and name.rpartition("/")[2].startswith(".")
        # What is half the target itself sweeps; to a feed somebody may have subscribed.
        subscribed = names.is_feed(name) and name not in view.catalogue.gone
        if name in needed or is_swept or subscribed:
            continue
        verdict, why = judge_stranger(view, names, one, known=())
        if verdict in {TargetVerdict.LEFTOVER, TargetVerdict.WITHDRAWN}:
            known = view.objects.get(name)
            found.append(
                Unneeded(
                    key=name,
                    length_bytes=one.length_bytes,
                    why=why,
                    since=_since(one, known, newest, noted.get(name, newest)),
                    at_once=verdict is TargetVerdict.WITHDRAWN,
                    is_named_after=known is None and digest_in(name) is not None,
                )
            )
    return found


def _needed(view: TargetView, target: Target, place: Place) -> tuple[set[str], set[str]]:
    """Give the keys of all that is needed, and those of feeds, lists and pages among it."""
    documents, pictures = set[str](), set[str]()
    for document in view.render(view.today):
        documents.add(document.key)
        pictures |= keys_named(document.key, document.data, view.base_url)
    pages = parse_site(target.read(SITE_KEY))
    if HOME not in pages:
        raise ProductionError(
            "the list of pages is gone, so that nobody can say which are needed",
            where=f"{target.describe()} {SITE_KEY}",
            remedy="run altavoz publish, which writes it anew, then clean",
            code=ExitCode.TARGET,
        )
    sound = {key for key, one in view.objects.items() if one.role is Role.NEEDED}
    parts = {part.key for part in place.parts}
    texts = {*documents, *pages}
    return {*sound, *texts, *(pictures - view.dead), *parts, SITE_KEY, HEAD_KEY}, texts


def _since(one: Listed, known: KnownObject | None, newest: datetime, noted: datetime) -> datetime:
    """Give since when at the latest nothing needs an object."""
    if known is not None:
        return known.since
    if digest_in(one.name) and not one.name.endswith(_DRAWN):
        return one.changed_at  # sound that the ledger does not know was never in a feed
    return max(one.changed_at, min(newest, noted))


def texts_there(listed: Iterable[str], doomed: Collection[str]) -> list[str]:
    """Give everything that may mention an object and that stays: feeds, pages, programs, lists."""
    ends = (".html", ".xml", ".json", ".opml", ".js", ".css", ".txt", ".rss")
    return sorted(
        name for name in listed if name.endswith(ends) and name not in doomed and is_key(name)
    )


def read_noted(path: Path) -> dict[str, datetime]:
    """Give since when things are known to be unneeded; nothing where nobody noted it.

    A damaged file is as none: things then stay for longer.
    """
    with storage_errors(path):
        data = path.read_bytes() if path.exists() else b"{}"
    try:
        found = {str(key): datetime.fromisoformat(told) for key, told in json.loads(data).items()}
    except (ValueError, TypeError, AttributeError):
        return {}
    return {key: moment for key, moment in found.items() if moment.tzinfo is not None}


def note_unneeded(
    path: Path, found: Iterable[Unneeded], noted: Mapping[str, datetime], now: datetime
) -> None:
    """Note what is unneeded now, and since when that is known.

    Raises:
        ProductionError: the disk refuses.
    """
    told = {one.key: noted.get(one.key, now).isoformat() for one in found}
    write_into_folder(path, canonical_json(told).encode())
