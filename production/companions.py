"""What lies beside an edition's sound: captions, transcript and chapters."""

from dataclasses import dataclass

from feeds.chapters import render_chapters
from feeds.transcripts import render_text, render_vtt
from programme.editions import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """One kind of file beside the sound."""

    name: str
    suffix: str
    media_type: str


COMPANIONS = (
    Companion(name="vtt", suffix=".vtt", media_type="text/vtt; charset=utf-8"),
    Companion(name="txt", suffix=".txt", media_type="text/plain; charset=utf-8"),
    Companion(name="chapters", suffix=".chapters.json", media_type="application/json+chapters"),
)


def render_companions(edition: Edition) -> dict[str, bytes]:
    """Render every companion of an edition, by name."""
    vtt = render_vtt(edition.captions, edition.language)
    text = render_text(edition.title, edition.captions, edition.language)
    return {
        "vtt": vtt.encode("utf-8"),
        "txt": text.encode("utf-8"),
        "chapters": render_chapters(edition.title, edition.chapters),
    }
