"""Releasing: which editions are new, replaced or corrected, compared with the ledger.

Rules (DESIGN 5 and 6, notes on what players really do):

- never released: a new item;
- the same words, other sound: the same guid, a new media address (*replace*);
- the same words and sound, other title or description: the same item (*text*);
- other words: a new guid, a new address, a title that says so and a fresh date (*correct*);
  the old guid stays as a withdrawn item without sound.

Title, language and validity are written into the sound files too, so that a new title is a
*replace* on the wire; *text* is what stands in the feed alone, such as the sources.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from production.building import BuiltEdition
from production.companions import COMPANIONS
from production.formats import feed_formats
from production.ledger import Ledger
from production.release_history import releases_of
from production.release_values import Change, MediaObject, Release, read_release
from programme.editions import Edition
from programme.errors import ExitCode, ProductionError
from programme.network import Network, TargetSettings
from programme.units import Key, LanguageTag

__all__ = ["Change", "MediaObject", "Release", "plan_releases", "read_release", "releases_of"]


def newest_dates(
    releases: Iterable[Release],
) -> dict[tuple[str, LanguageTag], datetime]:
    """Give the date of the newest item of each feed, by series and language."""
    newest: dict[tuple[str, LanguageTag], datetime] = {}
    for release in releases:
        feed = (release.series, release.language)
        newest[feed] = max(release.published_at, newest.get(feed, release.published_at))
    return newest


def plan_releases(
    built: Iterable[BuiltEdition],
    *,
    network: Network,
    target: TargetSettings,
    ledger: Ledger,
    now: datetime,
    today: date | None = None,
) -> list[tuple[BuiltEdition, Release]]:
    """Say what a publish would do to each edition; nothing is written.

    An edition that has not changed gets the release that the ledger holds of it.

    Args:
        built: finished editions.
        network: gives guids their beginning.
        target: where they go; each target has a history of its own.
        ledger: what was published before.
        now: aware, UTC, whole seconds.
        today: the operator's own day; None takes the day of ``now``.

    Raises:
        ProductionError: an edition speaks a demo fact and the target is a real one, or is
            past its date.
    """
    before = releases_of(ledger, target.name)
    newest = newest_dates(release for found in before.values() for release in found)
    planned = []
    for item in built:
        _refuse_unfit(item.edition, target, today or now.date())
        edition = item.edition
        found = before.get((edition.series, edition.episode, edition.language), [])
        last = found[-1] if found else None
        # A clock that was set back must not date an item before others of its feed: LibreTime
        # and AntennaPod pass over it (notes on players).
        date_from = max(now, newest.get((edition.series, edition.language), now))
        release = _release(
            item,
            last,
            network_id=network.id,
            target=target.name,
            now=now,
            date_from=date_from,
        )
        planned.append((item, release))
    return planned


def _refuse_unfit(edition: Edition, target: TargetSettings, today: date) -> None:
    where = f"{edition.series} {edition.episode} {edition.language}"
    if edition.demo and not target.demo:
        raise ProductionError(
            f"it speaks demo facts, and {target.name} is a real target",
            where=where,
            remedy="verify the facts and set their status to active; or set demo = true for a "
            "target that is only a rehearsal",
            code=ExitCode.EXPIRED,
        )
    if edition.expires < today:
        raise ProductionError(
            f"it expired on {edition.expires}",
            where=where,
            remedy="verify its facts anew and set new dates, or take the episode out",
            code=ExitCode.EXPIRED,
        )


def _release(
    item: BuiltEdition,
    last: Release | None,
    *,
    network_id: str,
    target: str,
    now: datetime,
    date_from: datetime,
) -> Release:
    edition = item.edition
    if last is None:
        change, revision, published = Change.NEW, 1, date_from
    elif last.words_digest != edition.words_digest:
        change, revision = Change.CORRECT, last.revision + 1
        # Later than what it corrects, so that feeds show it first.
        published = max(date_from, last.published_at + timedelta(seconds=1))
    else:
        change, revision, published = Change.NONE, last.revision, last.published_at
    media = _media(item, revision)
    guid = f"{network_id}/{edition.series}/{edition.episode}/{edition.language}/{revision}"
    if last is not None and change is Change.NONE:
        change, guid = _small_change(edition, media, last), last.guid
        if change is Change.NONE:
            return last
    return Release(
        target=target,
        series=edition.series,
        episode=edition.episode,
        number=edition.number,
        language=edition.language,
        revision=revision,
        guid=guid,
        published_at=published,
        changed_at=now,
        change=change,
        title=edition.title,
        description=edition.description,
        duration_ms=edition.duration_ms,
        words_digest=edition.words_digest,
        expires=edition.expires,
        synthetic_voice=edition.synthetic_voice,
        media=media,
        segments=edition.segments,
        facts=edition.facts,
    )


def _small_change(edition: Edition, media: tuple[MediaObject, ...], last: Release) -> Change:
    if [m.digest for m in media] != [m.digest for m in last.media]:
        return Change.REPLACE
    said = (edition.title, edition.description, edition.expires)
    return Change.NONE if said == (last.title, last.description, last.expires) else Change.TEXT


def _media(item: BuiltEdition, revision: int) -> tuple[MediaObject, ...]:
    """Name every object of an edition by its content.

    What no podcast program plays, such as WAV, is not among them.

    A correction has addresses of its own even where its words, and so its bytes, are those of
    an earlier revision again: players take a known address for a known file.
    """
    edition = item.edition
    slug = f"{edition.series}-{edition.episode}-{edition.language}".lower()
    if revision > 1:
        slug = f"{slug}-{revision}"
    fit = feed_formats(edition.profile)
    objects = [
        MediaObject(
            name=r.id,
            key=Key(f"m/{slug}-{r.digest[:12]}{r.suffix}"),
            media_type=r.media_type,
            digest=r.digest,
            length_bytes=r.length_bytes,
            kbps=r.kbps,
        )
        for r in edition.renditions
        if r.id in fit
    ]
    for companion in COMPANIONS:
        digest = item.digests[companion.name]
        objects.append(
            MediaObject(
                name=companion.name,
                key=Key(f"m/{slug}-{digest[:12]}{companion.suffix}"),
                media_type=companion.media_type,
                digest=digest,
                length_bytes=item.objects[companion.name].stat().st_size,
            )
        )
    return tuple(objects)
