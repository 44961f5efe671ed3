"""A site with everything that pages show, in Spanish and Arabic, with sound that can be heard."""

import json
import math
import struct
import wave
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from feeds.channel import (
    AlternateRendition,
    ChannelKind,
    FeedChannel,
    FeedEnclosure,
    FeedItem,
    ItemState,
    Sibling,
    TranscriptLink,
)
from production.catalogue.catalogue import Catalogue
from production.catalogue.site import SitePage, site_pages
from production.releases.history import ReleaseHistory
from programme.editions import Chapter
from programme.facts import Source
from programme.languages import language
from programme.network import Network
from programme.units import Digest, DurationMs, Key, LanguageTag, Url

BASE = "https://radio.example.org/"
TODAY = date(2026, 11, 23)
SECONDS = 30
SOUND = "m/tono-0123456789ab.wav"
WORDS = "m/palabras-0123456789ab.words.json"
ES, AR = LanguageTag("es-419"), LanguageTag("ar")

SAID: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    ES: (
        ("Lleve agua con usted.", "Beba poco a poco.", "Llame al 800 123 4567."),
        ("Nadie puede cobrarle.", "Pregunte antes."),
    ),
    AR: (
        ("احمل الماء معك.", "اشرب قليلا قليلا.", "اتصل على 800 123 4567."),
        ("لا يحق لأحد أن يأخذ منك مالا.", "اسأل أولا."),
    ),
}
"""Sentences of two chapters; each sentence is heard for 4 s, then 0.5 s of silence, after which
a new chapter begins where there is one."""

TITLES = {ES: "Agua y calor", AR: "الماء والحر"}
SERIES = {ES: "Camino seguro", AR: "طريق آمن"}


def sentences(tag: str) -> list[tuple[float, str]]:
    """Give when each sentence begins, in seconds, and its words."""
    found, at = [], 1.0
    for chapter in SAID[tag]:
        for said in chapter:
            found.append((at, said))
            at += 4.5
        at += 1.0
    return found


def words_json(tag: str) -> bytes:
    """Give the transcript as the build writes it: a row for each word, in time."""
    rows = []
    for start, said in sentences(tag):
        words = said.split(" ")
        for number, word in enumerate(words):
            at = start + 4 * number / len(words)
            end = start + 4 * (number + 1) / len(words)
            rows.append({"startTime": round(at, 3), "endTime": round(end, 3), "body": word})
    return json.dumps({"version": "1.0.0", "segments": rows}, ensure_ascii=False).encode()


def write_tone(path: Path) -> None:
    """Write a tone of half a minute."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        tone = [round(3000 * math.sin(n / 3)) for n in range(8000)]
        file.writeframes(struct.pack("<8000h", *tone) * SECONDS)


def item(tag: LanguageTag, number: int, **changes: object) -> FeedItem:
    """Give an episode that is live."""
    starts = [sentences(tag)[0][0], sentences(tag)[3][0], SECONDS]
    key = f"camino/{tag.lower()}/episodio-{number}.html"
    made = FeedItem(
        guid=f"red/camino/episodio-{number}/{tag}/1",
        title=f"{TITLES[tag]} {number}",
        description=f"{SAID[tag][0][0]}\n\n{SAID[tag][0][2]}",
        link=Url(BASE + key),
        published_at=datetime(2026, 10, number, 9, tzinfo=UTC),
        duration_ms=DurationMs(SECONDS * 1000),
        number=number,
        enclosure=FeedEnclosure(
            url=Url(BASE + SOUND), length_bytes=480_044, media_type="audio/wav"
        ),
        alternates=(
            AlternateRendition(
                url=Url(BASE + SOUND),
                length_bytes=480_044,
                media_type="audio/wav",
                bitrate_bps=128_000,
                title="WAV",
                language=tag,
                sha256=Digest("0" * 64),
            ),
        ),
        transcripts=(
            TranscriptLink(
                url=Url(f"{BASE}{WORDS}"), media_type="text/plain", language=tag, captions=False
            ),
        ),
        synthetic_voice=True,
        licence="cc-by-4.0",
        expires=date(2099, 12, 31),
        series="camino",
        episode=f"episodio-{number}",
        sources=(Source(title="PANI", url="https://pani.go.cr/"), Source(title=SAID[tag][0][0])),
        chapters=tuple(
            Chapter(
                start_ms=DurationMs(round(start * 1000)),
                end_ms=DurationMs(round(end * 1000)),
                title=chapter[0],
            )
            for start, end, chapter in zip(starts, starts[1:], SAID[tag], strict=False)
        ),
        words_url=f"{BASE}{WORDS.replace('palabras', f'palabras-{tag.lower()}')}",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def withdrawn(made: FeedItem, *, instead: bool) -> FeedItem:
    """Give the item that tells of a withdrawal."""
    return replace(
        made,
        title=f"WITHDRAWN – {made.title}",
        state=ItemState.WITHDRAWN,
        reason=made.description.partition("\n")[0],
        instead_url=made.link if instead else "",
        transcripts=(),
        chapters=(),
        words_url="",
    )


def items(tag: LanguageTag) -> tuple[FeedItem, ...]:
    """Give sixty episodes: one corrected, one withdrawn, one past its date."""
    made = [item(tag, number % 28 + 1, episode=f"e{number}") for number in range(55)]
    corrected = item(tag, 3)
    return (
        *(replace(one, link=Url(f"{BASE}camino/{tag.lower()}/{one.episode}.html")) for one in made),
        item(tag, 1),
        withdrawn(item(tag, 2), instead=False),
        withdrawn(corrected, instead=True),
        replace(
            corrected,
            guid=f"{corrected.guid}-2",
            published_at=datetime(2026, 11, 1, tzinfo=UTC),
            reason=SAID[tag][1][0],
        ),
        item(tag, 4, expires=date(2026, 1, 1)),
    )


def channel(tag: LanguageTag, shown: tuple[FeedItem, ...] | None = None) -> FeedChannel:
    """Give the series in a language."""
    return FeedChannel(
        feed_url=Url(f"{BASE}camino/{tag.lower()}.xml"),
        podcast_guid=f"guid-{tag}",
        title=SERIES[tag],
        description=SAID[tag][1][0],
        link=Url(f"{BASE}camino/{tag.lower()}.html"),
        language=tag,
        author="Red",
        owner_email="radio@example.org",
        category=("News",),
        image_url="",
        licence="cc-by-4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        siblings=tuple(
            Sibling(
                language=other,
                title=language(other).endonym,
                feed_url=Url(f"{BASE}camino/{other.lower()}.xml"),
                podcast_guid=f"guid-{other}",
            )
            for other in (ES, AR)
            if other != tag
        ),
        synthetic_voice=True,
        changed_at=datetime(2026, 11, 20, tzinfo=UTC),
        items=items(tag) if shown is None else shown,
        id="camino",
        kind=ChannelKind.SERIES,
    )


def catalogue(*channels: FeedChannel, name: str = "Red Camino") -> Catalogue:
    """Give the channels as one catalogue."""
    network = Network(
        id="red",
        name=name,
        role_address="radio@example.org",
        base_url=Url(BASE),
        website=Url(BASE),
        source_language=ES,
        languages=(ES, AR),
        licence="cc-by-4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
    )
    return Catalogue(network=network, channels=channels, publisher=None, new_feeds=())


def words(key: Key) -> bytes:
    """Give the transcript under a key."""
    return words_json(AR if f"-{AR}-" in key else ES)


def pages(*channels: FeedChannel, name: str = "Red Camino") -> list[SitePage]:
    """Give the pages of a site, not yet rendered."""
    made = channels or (channel(ES), channel(AR))
    history = ReleaseHistory(target="public", editions={}, notices=())
    return list(site_pages(catalogue(*made, name=name), history, today=TODAY, words=words))


def write_site(folder: Path, *channels: FeedChannel, name: str = "Red Camino") -> Path:
    """Write a site with its sound; feeds are there and empty."""
    made = channels or (channel(ES), channel(AR))
    for page in pages(*made, name=name):
        place = folder / page.key
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(page.render())
    write_tone(folder / SOUND)
    (folder / WORDS).write_text("palabras", encoding="utf-8")
    (folder / "feeds.opml").write_text("<opml/>", encoding="utf-8")
    for one in made:
        (folder / one.feed_url.removeprefix(BASE)).write_text("<rss/>", encoding="utf-8")
    return folder


PAGE_TYPES = {
    "home": "index.html",
    "language": "{tag}/index.html",
    "withdrawn": "{tag}/withdrawn.html",
    "series": "camino/{tag}.html",
    "older": "camino/{tag}-p0001.html",
    "episode": "camino/{tag}/episodio-1.html",
    "gone": "camino/{tag}/episodio-2.html",
    "corrected": "camino/{tag}/episodio-3.html",
    "expired": "camino/{tag}/episodio-4.html",
}
