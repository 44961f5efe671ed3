"""Names at the target of everything that a release or a spoken notice consists of.

A name holds the digest of the bytes, so that none ever gets other bytes; and the edition and its
revision, so that no two items share a file: players take a known address for a known file, even
where a correction says again what an earlier revision said.
"""

from pathlib import Path

from feeds.pages.addresses import media_key
from production.building import BuiltEdition
from production.catalogue.air_ready import air_ready_formats
from production.companions import COMPANIONS
from production.formats import feed_formats
from production.notices.notices import SpokenNotice
from production.releases.values import MediaObject, NoticeSound, Release
from programme.units import Key

Sources = dict[Key, tuple[MediaObject, Path]]
"""Every object that is to stand at the target, and where its bytes lie here."""


def edition_media(item: BuiltEdition, revision: int) -> tuple[MediaObject, ...]:
    """Name every object of a finished edition; what no podcast program plays is not among them."""
    edition = item.edition
    slug = f"{edition.series}-{edition.episode}-{edition.language}".lower()
    if revision > 1:
        slug = f"{slug}-{revision}"
    fit = feed_formats(edition.profile) | air_ready_formats()
    objects = [
        MediaObject(
            name=r.id,
            key=media_key(slug, r.digest, r.suffix),
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
                key=media_key(slug, digest, companion.suffix),
                media_type=companion.media_type,
                digest=digest,
                length_bytes=item.objects[companion.name].stat().st_size,
            )
        )
    return tuple(objects)


def edition_sources(item: BuiltEdition, release: Release) -> Sources:
    """Give where the bytes of a release lie; not of sound that was sent before and is kept."""
    return {
        thing.key: (thing, item.objects[thing.name])
        for thing in release.media
        if item.digests.get(thing.name) == thing.digest
    }


def notice_sound(
    spoken: SpokenNotice, release: Release, purpose: str
) -> tuple[NoticeSound, Sources]:
    """Name every object of a spoken notice, and give where its bytes lie.

    Args:
        spoken: as made.
        release: what it tells of.
        purpose: ``withdrawn`` for the old item, ``notice`` for an item of its own.
    """
    slug = f"{release.series}-{release.episode}-{release.language}".lower()
    sources: Sources = {}
    for name, thing in spoken.objects.items():
        key = media_key(f"{slug}-{release.revision}-{purpose}", thing.digest, thing.suffix)
        made = MediaObject(
            name=name,
            key=key,
            media_type=thing.media_type,
            digest=thing.digest,
            length_bytes=thing.length_bytes,
            kbps=thing.kbps,
        )
        sources[key] = (made, thing.path)
    sound = NoticeSound(
        media=tuple(made for made, _ in sources.values()),
        duration_ms=spoken.duration_ms,
        words=spoken.words,
        synthetic_voice=spoken.synthetic_voice,
    )
    return sound, sources
