"""What lies beside an edition's sound: captions, transcripts and chapters."""

from collections import Counter
from collections.abc import Sequence

from feeds.chapters import render_chapters
from feeds.cues import Cue
from feeds.transcript_html import name_voices, render_html
from feeds.transcript_json import render_json
from feeds.transcripts import caption_cues, render_srt, render_text, render_vtt
from production.companion_files import COMPANIONS
from programme.digests import Plain
from programme.editions import NEVER, Edition, Timing

__all__ = [
    "COMPANIONS",
    "caption_figures",
    "companion_cues",
    "render_companions",
]

_TIMES = {
    Timing.VOICE: "told by the voice",
    Timing.PAUSES: "from the pauses of a recording; words are not known",
    Timing.LETTERS: "estimated from the length of the text",
}


def companion_cues(edition: Edition) -> list[Cue]:
    """Give the cues of an edition's captions, as its WebVTT shows them.

    Cutting sentences into cues takes most of the time of all companions: do it once for all.
    """
    captions = name_voices(edition.captions, edition.language)
    return caption_cues(captions, edition.language, length_ms=edition.duration_ms)


def render_companions(edition: Edition, cues: Sequence[Cue] | None = None) -> dict[str, bytes]:
    """Render every companion of an edition, by name.

    Args:
        edition: that they lie beside.
        cues: its ``companion_cues``, where somebody has them; None makes them.
    """
    tag, length_ms = edition.language, edition.duration_ms
    captions = name_voices(edition.captions, tag)
    page = render_html(edition.title, captions, tag, about=edition.description)
    if cues is None:
        cues = companion_cues(edition)
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


def caption_figures(edition: Edition, cues: Sequence[Cue] | None = None) -> dict[str, Plain]:
    """Count sentences by how their times are known, cues by the limits that they do not keep.

    Args:
        edition: whose captions are counted.
        cues: its ``companion_cues``, where somebody has them; None makes them.
    """
    if cues is None:
        cues = companion_cues(edition)
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
