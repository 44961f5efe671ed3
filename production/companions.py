"""What lies beside an edition's sound: captions, transcripts and chapters."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from feeds.chapters import render_chapters
from feeds.transcript_html import name_voices, render_html
from feeds.transcript_json import render_json
from feeds.transcripts import caption_cues, render_srt, render_text, render_vtt
from programme.editions import NEVER, Edition, Timing


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

_TIMES = {
    Timing.VOICE: "told by the voice",
    Timing.PAUSES: "from the pauses of a recording; words are not known",
    Timing.LETTERS: "estimated from the length of the text",
}


def render_companions(edition: Edition) -> dict[str, bytes]:
    """Render every companion of an edition, by name."""
    tag, length_ms = edition.language, edition.duration_ms
    captions = name_voices(edition.captions, tag)
    page = render_html(edition.title, captions, tag, about=edition.description)
    # Cutting sentences into cues takes most of the time: once for both that show the same.
    cues = caption_cues(captions, tag, length_ms=length_ms)
    vtt = render_vtt(captions, tag, length_ms=length_ms, notes=_notes(edition), shown=cues)
    srt = render_srt(captions, tag, length_ms=length_ms)
    return {
        "vtt": vtt.encode("utf-8"),
        "srt": srt.encode("utf-8"),
        "html": page.encode("utf-8"),
        "txt": render_text(edition.title, captions, tag).encode("utf-8"),
        "words": render_json(captions, tag, length_ms=length_ms, shown=cues),
        "chapters": render_chapters(edition.title, edition.chapters),
    }


def caption_figures(edition: Edition) -> dict[str, Any]:
    """Count sentences by how their times are known, cues by the limits that they do not keep."""
    cues = caption_cues(edition.captions, edition.language, length_ms=edition.duration_ms)
    timings = Counter(caption.timing.value for caption in edition.captions)
    faults = Counter(fault.name.lower() for cue in cues for fault in cue.faults)
    return {
        "cues": len(cues),
        "timing": dict(sorted(timings.items())),
        "faults": dict(sorted(faults.items())),
    }


def _notes(edition: Edition) -> dict[str, str]:
    """Give what somebody must know who finds the captions alone."""
    known = {caption.timing for caption in edition.captions}
    notes = {
        "Title": edition.title,
        "Language": edition.language,
        "Valid until": "" if edition.expires == NEVER else edition.expires.isoformat(),
        "Times": "; ".join(said for timing, said in _TIMES.items() if timing in known),
    }
    if edition.synthetic_voice:
        notes["Voice"] = "synthetic"
    return {name: text for name, text in notes.items() if text}
