"""A workspace and a ledger with thousands of releases, from a seed: what feeds are made of."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from production.ledger.ledger import LEDGER_FILE
from production.releases.values import Change, MediaObject, Release, ledger_line
from programme.digests import canonical_json, digest_text
from programme.units import Digest, Key, LanguageTag

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOPICS = ("health", "documents", "asylum", "work", "help-lines")
TAG = LanguageTag("es-419")

NETWORK = """
[network]
id = "bench"
name = "Red de prueba"
role_address = "radio@example.org"
base_url = "https://radio.example.org/"
website = "https://radio.example.org/"
source_language = "es-419"
languages = ["es-419", "en"]
licence = "cc-by-4.0"

[reviews]
required = false

[targets.public]
kind = "folder"
path = "public"
"""
SERIES = """
kind: spots
title: {es-419: "Avisos", en: "Notices"}
description: {es-419: "Mensajes cortos.", en: "Short messages."}
languages: [es-419, en]
profile: podcast
category: [Government]
"""
STATION = """
name: "Radio de prueba"
kind: radio
languages: [es-419]
series: [avisos]
profile: podcast
delivery: feed
publish_identity: yes
country: GT
"""
SEGMENT = """
kind: announcement
key_message: "Mensaje."
topics: [health]
sources: [{title: "Fuente", url: "https://example.org/", retrieved: "2026-11-22"}]
review_by: "2026-12-20"
expires: "2027-01-15"
"""

FILES = (
    ("mp3", ".mp3", "audio/mpeg", 64),
    ("opus", ".opus", "audio/ogg; codecs=opus", 24),
    ("vtt", ".vtt", "text/vtt; charset=utf-8", 0),
    ("srt", ".srt", "application/x-subrip; charset=utf-8", 0),
    ("html", ".html", "text/html; charset=utf-8", 0),
    ("words", ".words.json", "application/json", 0),
    ("chapters", ".chapters.json", "application/json+chapters", 0),
)

WORDS = (
    *("agua", "salud", "documento", "frontera", "albergue", "camino", "familia", "derecho"),
    *("asilo", "trabajo", "ayuda", "noche", "oficina", "servicio", "gratis", "niñas", "niños"),
    *("cita", "médico", "teléfono", "terminal", "autobús", "refugio"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsWorkload:
    """What was written."""

    folder: Path
    releases: int


def write_feeds_workload(
    folder: Path, *, seed: int, releases: int, wide: bool = True
) -> FeedsWorkload:
    """Write a workspace whose ledger holds many releases of one series in one language.

    Args:
        folder: a new one.
        seed: of titles, words and figures.
        releases: how many.
        wide: whether they are in feeds of topics and of a station too, not only in those of
            their series and their language.
    """
    files = {
        "altavoz.toml": NETWORK,
        "series/avisos.yml": SERIES,
        "stations/radio.yml": STATION,
        "scripts/mensaje/segment.yml": SEGMENT,
        "scripts/mensaje/es-419.md": "# Mensaje\n\nLleve agua.\n",
    }
    if not wide:
        del files["stations/radio.yml"]
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    with (folder / LEDGER_FILE).open("w", encoding="utf-8", newline="\n") as ledger:
        for number in range(1, releases + 1):
            release = make_release(number, seed=seed, of=releases)
            ledger.write(ledger_text(release if wide else without_topics(release)))
    return FeedsWorkload(folder=folder, releases=releases)


def ledger_text(release: Release) -> str:
    """Give a release as a line of the ledger, with its checksum."""
    name, facts = ledger_line(release)
    body = {"event": name, **facts}
    return canonical_json({**body, "sha256": digest_text(canonical_json(body))}) + "\n"


def without_topics(release: Release) -> Release:
    """Give a release that is in the feeds of its series and its language alone."""
    return replace(release, topics=(), segments=())


def make_release(number: int, *, seed: int, of: int) -> Release:
    """Give one release; the same number and seed give the same one."""
    stem = f"avisos-aviso-{number}-{TAG}"
    published = NOW - timedelta(minutes=90 * (of - number + 1))
    words = [WORDS[_figure(seed, number, place) % len(WORDS)] for place in range(70)]
    description = (
        f"{' '.join(words[8:40]).capitalize()}.\n\n{' '.join(words[40:]).capitalize()}.\n\n"
        "Fuentes: Oficina de ejemplo (https://example.org/), consultada el 22 de noviembre de "
        "2026\n\nCon voz sintética.\n\nVálido hasta el 15 de enero de 2027."
    )
    return Release(
        target="public",
        series="avisos",
        episode=f"aviso-{number}",
        number=number,
        language=TAG,
        revision=1,
        guid=f"bench/avisos/aviso-{number}/{TAG}/1",
        published_at=published,
        changed_at=published,
        change=Change.NEW,
        title=f"{' '.join(words[:6]).capitalize()} {number}",
        description=description,
        duration_ms=60_000 + _figure(seed, number, 100) % 600_000,
        words_digest=_digest(seed, number, "words"),
        expires=date(2027, 1, 15),
        synthetic_voice=True,
        media=tuple(
            MediaObject(
                name=name,
                key=Key(f"m/{stem}-{_digest(seed, number, name)[:12]}{suffix}"),
                media_type=media_type,
                digest=_digest(seed, number, name),
                length_bytes=20_000 + _figure(seed, number, place) % 4_000_000,
                kbps=kbps,
            )
            for place, (name, suffix, media_type, kbps) in enumerate(FILES)
        ),
        segments=("mensaje",),
        topics=(TOPICS[number % len(TOPICS)],),
        countries=("GT",),
    )


def _digest(seed: int, number: int, name: str) -> Digest:
    return Digest(sha256(f"{seed} {number} {name}".encode()).hexdigest())


def _figure(seed: int, number: int, place: int) -> int:
    return int(_digest(seed, number, str(place))[:8], 16)
