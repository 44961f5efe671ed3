"""Workspaces and ledgers for feeds: several series, languages, topics and a public station."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from bench.feeds_workload import FILES as MEDIA
from bench.feeds_workload import NOW, TODAY
from production.catalogue.catalogue import Catalogue, build_catalogue
from production.catalogue.documents import feed_documents
from production.ledger.ledger import Ledger
from production.releases.values import Change, MediaObject, News, Release, ledger_line
from programme.units import Digest, Key, LanguageTag
from scripts.workspace import Workspace, read_workspace

BASE = "https://radio.example.org/"

NETWORK = """
[network]
id = "red"
name = "Red"
role_address = "radio@example.org"
base_url = "https://radio.example.org/"
website = "https://radio.example.org/"
source_language = "es-419"
languages = ["es-419", "en", "ar"]
licence = "cc-by-4.0"

[reviews]
required = false

[targets.public]
kind = "folder"
path = "public"
"""

SERIES = """
kind: spots
title: {{es-419: "{name} ES", en: "{name} EN", ar: "{name} AR"}}
description: {{es-419: "Mensajes.", en: "Messages.", ar: "رسائل."}}
languages: [es-419, en, ar]
profile: podcast
category: [Government]
"""

STATION = """
name: "Radio {name}"
kind: radio
languages: [en, es-419]
series: [uno]
profile: {profile}
delivery: feed
publish_identity: {public}
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


def write_workspace(root: Path) -> Workspace:
    """Write and read a workspace with two series, three languages and three stations."""
    files: Mapping[str, str] = {
        "altavoz.toml": NETWORK,
        "series/uno.yml": SERIES.format(name="Uno"),
        "series/dos.yml": SERIES.format(name="Dos"),
        "stations/abierta.yml": STATION.format(name="abierta", public="yes", profile="podcast"),
        "stations/aire.yml": STATION.format(name="aire", public="yes", profile="broadcast"),
        "stations/secreta.yml": STATION.format(name="secreta", public="no", profile="podcast"),
        "scripts/mensaje/segment.yml": SEGMENT,
        "scripts/mensaje/es-419.md": "# Mensaje\n\nLleve agua.\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    workspace, findings = read_workspace(root, today=TODAY)
    assert workspace is not None
    assert not findings.stops_build
    return workspace


def release(
    number: int,
    *,
    series: str = "uno",
    tag: str = "es-419",
    revision: int = 1,
    title: str = "",
    description: str = "Descripción.",
    at: datetime | None = None,
    expires: date = date(2027, 1, 15),
    topics: tuple[str, ...] = ("health",),
    air: bool = False,
) -> Release:
    """Give one release; the tenth is an hour after the ninth."""
    moment = at or NOW - timedelta(hours=400 - number)
    stem = f"{series}-e{number}-{tag.lower()}-{revision}"

    def digest(name: str) -> Digest:
        return Digest(sha256(f"{stem} {name}".encode()).hexdigest())

    media = [*MEDIA, ("mp3-128", ".mp3", "audio/mpeg", 128)] if air else MEDIA
    return Release(
        target="public",
        series=series,
        episode=f"e{number}",
        number=number,
        language=LanguageTag(tag),
        revision=revision,
        guid=f"red/{series}/e{number}/{tag}/{revision}",
        published_at=moment,
        changed_at=moment,
        change=Change.NEW,
        title=title or f"Mensaje {number} {series}",
        description=description,
        duration_ms=61_000,
        words_digest=digest("said"),
        expires=expires,
        synthetic_voice=True,
        media=tuple(
            MediaObject(
                name=name,
                key=Key(f"m/{stem}-{digest(name)[:12]}{suffix}"),
                media_type=media_type,
                digest=digest(name),
                length_bytes=100_000 + number,
                kbps=kbps,
            )
            for name, suffix, media_type, kbps in media
        ),
        segments=("mensaje",),
        topics=topics,
        countries=("GT",),
    )


def record(root: Path, news: Iterable[News]) -> Ledger:
    """Write lines into the workspace's ledger."""
    ledger = Ledger(root)
    ledger.append_all([ledger_line(one) for one in news])
    return ledger


def catalogue(
    workspace: Workspace,
    ledger: Ledger,
    news: Sequence[News] = (),
    *,
    now: datetime = NOW,
    today: date | None = None,
) -> Catalogue:
    return build_catalogue(workspace, ledger, news, target="public", now=now, today=today)


def documents(made: Catalogue) -> dict[str, bytes]:
    """Give every document by key; no key comes twice."""
    found: dict[str, bytes] = {}
    for document in feed_documents(made):
        assert document.key not in found
        found[document.key] = document.data
    return found
