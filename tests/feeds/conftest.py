"""One channel with everything in it, and ways to read a feed back."""

from datetime import UTC, date, datetime

import pytest

from feeds.channel import (
    AlternateRendition,
    FeedChannel,
    FeedEnclosure,
    FeedItem,
    Sibling,
    TranscriptLink,
)
from feeds.guids import podcast_guid
from programme.digests import digest_bytes
from programme.units import DurationMs, LanguageTag, Url

BASE = "https://radio.example.org"
ES = LanguageTag("es-419")


def make_item(number: int, title: str, description: str, duration_ms: int) -> FeedItem:
    stem = f"{BASE}/m/camino-{number}-es-419-0123456789ab"
    enclosure = FeedEnclosure(
        url=Url(f"{stem}.mp3"), length_bytes=480_000 + number, media_type="audio/mpeg"
    )
    return FeedItem(
        guid=f"camino-{number}-es-419-r1",
        title=title,
        description=description,
        link=Url(f"{BASE}/index.html#camino-{number}"),
        published_at=datetime(2026, 11, 10 + number, 9, 30, tzinfo=UTC),
        duration_ms=DurationMs(duration_ms),
        number=number,
        enclosure=enclosure,
        alternates=(
            AlternateRendition(
                url=enclosure.url,
                length_bytes=enclosure.length_bytes,
                media_type=enclosure.media_type,
                bitrate_bps=64_000,
                title="MP3",
                language=ES,
                sha256=digest_bytes(b"mp3"),
            ),
            AlternateRendition(
                url=Url(f"{stem}.opus"),
                length_bytes=180_000,
                media_type="audio/ogg; codecs=opus",
                bitrate_bps=24_000,
                title="Pocos datos",
                language=ES,
                sha256=digest_bytes(b"opus"),
            ),
        ),
        transcripts=(
            TranscriptLink(
                url=Url(f"{stem}.txt"), media_type="text/plain", language=ES, captions=False
            ),
            TranscriptLink(
                url=Url(f"{stem}.vtt"), media_type="text/vtt", language=ES, captions=True
            ),
        ),
        chapters_url=f"{stem}.chapters.json",
        synthetic_voice=True,
        licence="cc-by-4.0",
        expires=date(2026, 12, 31),
    )


@pytest.fixture(scope="session")
def channel() -> FeedChannel:
    feed_url = f"{BASE}/feeds/camino-es-419.xml"
    siblings = tuple(
        Sibling(
            language=LanguageTag(tag),
            title=title,
            feed_url=Url(f"{BASE}/feeds/camino-{tag}.xml"),
            podcast_guid=podcast_guid(f"{BASE}/feeds/camino-{tag}.xml"),
        )
        for tag, title in (("ar", "العربية"), ("en", "English"))
    )
    return FeedChannel(
        feed_url=Url(feed_url),
        podcast_guid=podcast_guid(feed_url),
        title="Camino seguro",
        description="Información para personas en movimiento.",
        link=Url(f"{BASE}/index.html"),
        language=ES,
        author="Red Camino",
        owner_email="radio@example.org",
        category=("News", "Daily News"),
        image_url=f"{BASE}/m/camino-0123456789ab.jpg",
        licence="cc-by-4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        siblings=siblings,
        synthetic_voice=True,
        changed_at=datetime(2026, 11, 13, 9, 30, tzinfo=UTC),
        items=(
            make_item(1, "Documentos", "Qué llevar.\n\nVálido hasta el 31 de diciembre.", 600_400),
            make_item(3, "Salud", "Agua & descanso.\n\nVálido hasta: 2026-12-31", 612_500),
            make_item(2, "Asilo", "Pedir asilo es gratis.", 45_000),
        ),
    )
