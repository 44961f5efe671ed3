"""Which files lie beside an edition's sound: names and kinds, without what renders them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """One kind of file beside the sound."""

    name: str
    suffix: str
    media_type: str


COMPANIONS = (
    Companion(name="vtt", suffix=".vtt", media_type="text/vtt; charset=utf-8"),
    Companion(name="srt", suffix=".srt", media_type="application/x-subrip; charset=utf-8"),
    Companion(name="html", suffix=".html", media_type="text/html; charset=utf-8"),
    Companion(name="txt", suffix=".txt", media_type="text/plain; charset=utf-8"),
    Companion(name="words", suffix=".words.json", media_type="application/json"),
    Companion(name="chapters", suffix=".chapters.json", media_type="application/json+chapters"),
)
