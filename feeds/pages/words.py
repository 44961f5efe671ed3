"""A transcript as it stands in a page: each sentence known by when it begins.

``<span id=t83200>`` begins after 83.2 seconds: the page's program reads nothing else, and a link
to ``#t83200`` works without it. Markup is kept short: a quarter of an hour must stay below 40 kB.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from feeds.direction import isolate_numbers
from feeds.transcript_json import SpokenWords
from feeds.wellformed import as_html
from programme.editions import Chapter
from programme.languages import SPACELESS, language
from programme.units import DurationMs, LanguageTag

SENTENCE_GAP_MS = 300
"""Words of a sentence follow each other at once, a cue within 0.2 s; profiles pause 0.45 s and
more between sentences."""

PARAGRAPH_GAP_MS = 800
"""Profiles pause 0.9 s and more between paragraphs, at most 0.8 s within one."""


@dataclass(slots=True)
class _Paragraph:
    speaker: str
    sentences: list[list[SpokenWords]] = field(default_factory=list)


def transcript_markup(
    words: Sequence[SpokenWords], chapters: Sequence[Chapter], tag: LanguageTag
) -> str:
    """Give a transcript as markup, with a heading for each chapter.

    Args:
        words: in order.
        chapters: in order; none for no headings.
        tag: the language of the words.
    """
    rtl = language(tag).rtl
    between = "" if tag.partition("-")[0] in SPACELESS else " "
    parts: list[str] = []
    seen: set[DurationMs] = set()
    speaker = ""
    waiting = list(chapters)
    for paragraph in _paragraphs(words, [chapter.start_ms for chapter in chapters]):
        start_ms = paragraph.sentences[0][0].start_ms
        while waiting and waiting[0].start_ms <= start_ms:
            title = isolate_numbers(waiting.pop(0).title, rtl=rtl)
            if not waiting or waiting[0].start_ms > start_ms:
                parts.append(f"<h3>{as_html(title)}</h3>")
        parts.append("<p>")
        if paragraph.speaker and paragraph.speaker != speaker:
            parts.append(f"<b>{as_html(paragraph.speaker)}:</b> ")
        speaker = paragraph.speaker
        parts.append(" ".join(_sentences(paragraph, between, seen, rtl=rtl)))
        parts.append("</p>\n")
    return "".join(parts)


def _sentences(
    paragraph: _Paragraph, between: str, seen: set[DurationMs], *, rtl: bool
) -> Iterator[str]:
    for sentence in paragraph.sentences:
        said = isolate_numbers(between.join(one.text for one in sentence), rtl=rtl)
        start_ms = sentence[0].start_ms
        if start_ms in seen:
            yield as_html(said)
        else:
            seen.add(start_ms)
            yield f"<span id=t{start_ms}>{as_html(said)}</span>"


def _paragraphs(
    words: Sequence[SpokenWords], chapter_starts: Sequence[DurationMs]
) -> Iterator[_Paragraph]:
    """Cut words where somebody pauses, another speaks, or a chapter begins."""
    found: _Paragraph | None = None
    last_ms = DurationMs(0)
    starts = list(chapter_starts)
    for one in words:
        begins_chapter = False
        while starts and starts[0] <= one.start_ms:
            begins_chapter = True
            starts.pop(0)
        gap_ms = one.start_ms - last_ms
        if (
            found is None
            or begins_chapter
            or gap_ms >= PARAGRAPH_GAP_MS
            or one.speaker != found.speaker
        ):
            if found is not None:
                yield found
            found = _Paragraph(one.speaker, [[one]])
        elif gap_ms >= SENTENCE_GAP_MS:
            found.sentences.append([one])
        else:
            found.sentences[-1].append(one)
        last_ms = one.end_ms
    if found is not None:
        yield found
