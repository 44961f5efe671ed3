"""A workspace in the six languages of the notices, and what is wanted of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from production.building import Workshop
from production.notices.notices import NoticeWanted, SpokenNotice, spoken_notices
from programme.notices import NoticeKind
from programme.units import LanguageTag
from tests.production.running import TINY, Quiet, read
from tests.production.small import FILES, write_small

DAY = date(2026, 10, 1)

TITLES: Mapping[str, tuple[str, str]] = {
    "es-419": ("Camino breve", "¿Cuánto cuesta pedir refugio?"),
    "en": ("Safe Path", "What does asylum cost?"),
    "fr": ("Chemin sûr", "Demander l’asile est gratuit"),
    "pt-BR": ("Caminho seguro", "Pedir refúgio é grátis"),
    "ar": ("طريق آمن", "طلب اللجوء مجاني"),
    "ht": ("Chemen an sekirite", "Mande azil pa koute anyen"),
}
"""By language: what the series and the message are called."""

_TAGS = ", ".join(TITLES)
SIX: Mapping[str, str | None] = {
    **TINY,
    "altavoz.toml": (FILES["altavoz.toml"] or "").replace(
        'languages = ["es-419", "en", "ht"]',
        f"languages = [{', '.join(repr(tag) for tag in TITLES)}]",
    )
    + "\n[voices.ar]\naccept_draft = true\n",
}
"""Changes to the small workspace."""


def six(root: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """Write a workspace in six languages; Arabic has a draft voice, Haitian Creole none."""
    return write_small(root, {**SIX, **(changes or {})})


def wanted(kind: NoticeKind, tag: str, **changes: object) -> NoticeWanted:
    """Ask for a notice of one message."""
    series, title = TITLES[tag]
    asked: dict[str, object] = {
        "kind": kind,
        "language": LanguageTag(tag),
        "series": "corta",
        "series_title": series,
        "episode": "corta-1",
        "title": title,
        "number": 1,
        "dated": DAY,
    }
    return NoticeWanted(**{**asked, **changes})  # type: ignore[arg-type]


def speak(
    root: Path, asked: Sequence[NoticeWanted], *, jobs: int = 1, progress: Quiet | None = None
) -> Mapping[NoticeWanted, SpokenNotice | None]:
    """Make notices in this process."""
    workspace = read(root)
    with Workshop(workspace.root).open() as shop:
        return spoken_notices(shop, workspace, asked, jobs=jobs, progress=progress or Quiet())
