"""Lines of a ledger for tests: two targets, and one event of every kind, public and private."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from production.ledger.ledger import Ledger
from production.releases.values import (
    Change,
    MediaObject,
    Notice,
    NoticeSound,
    Release,
    Withdrawal,
    Withdrawing,
    ledger_line,
    withdraw,
)
from programme.digests import Plain, digest_text
from programme.units import Key, LanguageTag

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def released(
    revision: int = 1,
    *,
    tag: str = "en",
    target: str = "public",
    series: str = "corta",
    episode: str = "corta-1",
    words: str = "",
    change: Change | None = None,
    minutes: int = 0,
    **more: object,
) -> Release:
    """Give a release whose objects follow from its words; ``minutes`` after noon."""
    said = digest_text(words or f"words {revision}")
    guid = f"small/{series}/{episode}/{tag}/{revision}"
    found: dict[str, object] = {
        "target": target,
        "series": series,
        "episode": episode,
        "number": 1,
        "language": LanguageTag(tag),
        "revision": revision,
        "guid": guid,
        "published_at": NOON + timedelta(minutes=minutes),
        "changed_at": NOON + timedelta(minutes=minutes),
        "change": change or (Change.NEW if revision == 1 else Change.CORRECT),
        "title": "Water and help",
        "description": "Two messages.",
        "duration_ms": 60_000,
        "words_digest": said,
        "expires": (NOON + timedelta(days=60)).date(),
        "synthetic_voice": True,
        "media": (thing("mp3", said + guid, kbps=64), thing("vtt", said + guid)),
        "segments": ("agua", "ayuda"),
        "facts": ("cr-911",),
        "fact_values": {"cr-911": digest_text("911")},
        "topics": ("health",),
    }
    return Release(**{**found, **more})  # type: ignore[arg-type]


def thing(name: str, words: str, *, kbps: int = 0) -> MediaObject:
    digest = digest_text(name + words)
    kind = "audio/mpeg" if kbps else "text/vtt"
    return MediaObject(
        name=name,
        key=Key(f"m/{digest[:32]}.{name}"),
        media_type=kind,
        digest=digest,
        length_bytes=1000,
        kbps=kbps,
    )


def withdrawn(
    release: Release,
    kind: Withdrawing = Withdrawing.CORRECT,
    *,
    minutes: int,
    sound: bool = False,
    reason: str = "",
) -> Withdrawal:
    """Give how a release is withdrawn, ``minutes`` after noon."""
    found = withdraw(release, kind, reason, NOON + timedelta(minutes=minutes))
    spoken = NoticeSound(
        media=(thing("mp3", f"notice {release.guid}", kbps=64),),
        duration_ms=4000,
        words="Do not use it.",
        synthetic_voice=True,
    )
    return replace(found, sound=spoken) if sound else found


def noticed(about: Withdrawal, *, minutes: int = 0, reason: str = "") -> Notice:
    """Give the notice of a withdrawal, with the withdrawal's own sound, ``minutes`` after noon."""
    return Notice(
        target=about.target,
        series=about.edition[0],
        episode=about.edition[1],
        number=1,
        language=about.edition[2],
        revision=about.revision,
        about=about.guid,
        guid=f"{about.guid}/notice",
        kind=about.kind,
        title="NOTICE",
        reason=reason,
        published_at=NOON + timedelta(minutes=minutes),
        sound=about.sound,
    )


FEEDS: tuple[dict[str, Plain], ...] = (
    {"series": "corta", "language": "en", "url": "u1", "guid": "g1", "title": "Short"},
    {"kind": "language", "id": "", "language": "en", "url": "u2", "guid": "g2", "title": "All"},
    {"kind": "topic", "id": "health", "language": "en", "url": "u3", "guid": "g3", "title": "H"},
    {"kind": "station", "id": "radio-a", "language": "", "url": "u4", "guid": "g4", "title": "A"},
    {"kind": "publisher", "id": "", "language": "", "url": "u5", "guid": "g5", "title": "Small"},
)
"""Feeds that stand at the target where ``released`` goes."""

HIDDEN_FEEDS: tuple[dict[str, Plain], ...] = (
    {"series": "coming", "language": "en", "url": "u6", "guid": "g6", "title": "Not yet"},
    {"series": "corta", "language": "ht", "url": "u7", "guid": "g7", "title": "Kout"},
    {"kind": "topic", "id": "safety", "language": "en", "url": "u8", "guid": "g8", "title": "S"},
    {"kind": "station", "id": "was-open", "language": "", "url": "u9", "guid": "g9", "title": "W"},
)
"""Feeds that do not, or of stations that are not public any more."""


def takes(station: str, target: str = "public") -> dict[str, Plain]:
    return {
        "target": target,
        "station": station,
        "at": NOON.isoformat(),
        "taken": [["corta", "en"]],
    }


def write_all(ledger: Ledger, *values: object) -> None:
    """Append releases, withdrawals and notices."""
    ledger.append_all([ledger_line(one) for one in values])  # type: ignore[arg-type]


def open_ledger(root: Path, *values: object) -> Ledger:
    """Give a ledger below ``root`` that holds values."""
    root.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(root)
    write_all(ledger, *values)
    return ledger
