"""What an edition says about itself: captions, chapters, description, tags; no sound is read."""

from dataclasses import dataclass
from datetime import date

from production.caption_times import HeardLine, WrittenSentence, caption_line
from production.heard_pace import Pace, measure_pace
from production.phrases import Phrases
from programme.digests import digest_text
from programme.editions import (
    Caption,
    Chapter,
    Edition,
    EditionTags,
    Notices,
    Rendition,
    version_of,
)
from programme.facts import Source
from programme.sound import Span, ms_of
from programme.units import Digest, DurationMs, LanguageTag, Samples

ROOM_BYTES = 3600
"""Longest description with addresses, in UTF-8 bytes before a feed escapes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotWords:
    """The written side of one slot."""

    title: str
    """Chapter title; empty for sounds and furniture, which are no chapter of their own."""
    sentences: tuple[tuple[str, int], ...]
    """Text as read, and paragraph number within the segment."""
    lines: tuple[tuple[int, ...], ...]
    """Which sentences are heard in each line."""
    spoken: tuple[str, ...]
    """What the voice is given, for the digest of what is said."""
    segment: str
    speakers: tuple[str, ...] = ()
    """Label of who says each sentence, empty for the usual voice; empty where nobody has one."""
    given: tuple[str, ...] = ()
    """What the voice is given for each line, to which its word times refer; empty for a
    recording."""
    kept: tuple[tuple[tuple[int, int], ...], ...] = ()
    """For each sentence, stretches of its text that captions do not part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionWords:
    """The written side of an edition; everything that its files say beside the sound."""

    label: str
    series: str
    series_title: str
    episode: str
    number: int
    language: LanguageTag
    profile: str
    dated: date
    title: str
    description: str
    network: str
    website: str
    licence: str
    expires: date
    synthetic_voice: bool
    draft_voice: bool = False
    demo: bool
    sources: tuple[Source, ...]
    facts: tuple[str, ...] = ()
    """Ids of what it speaks, sorted: noted where it is published, so that it can be found again."""
    slots: tuple[SlotWords, ...]
    phrases: Phrases
    pace: int = 0
    """Words a minute that the profile asks for; 0 where nobody asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """An edition with its times, ready to be written."""

    words: EditionWords
    samples: Samples
    captions: tuple[Caption, ...]
    chapters: tuple[Chapter, ...]
    tags: EditionTags
    pace: Pace

    def edition(self, renditions: tuple[Rendition, ...]) -> Edition:
        """Describe the finished edition."""
        words = self.words
        return Edition(
            series=words.series,
            episode=words.episode,
            number=words.number,
            language=words.language,
            profile=words.profile,
            dated=words.dated,
            title=words.title,
            description=describe(words),
            duration_ms=ms_of(self.samples),
            renditions=renditions,
            captions=self.captions,
            chapters=self.chapters,
            expires=words.expires,
            synthetic_voice=words.synthetic_voice,
            demo=words.demo,
            segments=tuple(dict.fromkeys(s.segment for s in words.slots if s.segment)),
            sources=words.sources,
            words_digest=said_digest(words),
            facts=words.facts,
            draft_voice=words.draft_voice,
            words_per_minute=self.pace.speaking,
            words_per_minute_asked=words.pace if self.pace.speaking else 0,
            words_per_minute_overall=self.pace.overall,
        )


def said_digest(words: EditionWords) -> Digest:
    """Give the digest of everything that is said, in order."""
    return digest_text("\n".join(line for slot in words.slots for line in slot.spoken))


def describe(words: EditionWords) -> str:
    """Give the description as plain text: what it is, validity, voices, sources."""
    say = words.phrases
    parts = [words.description] if words.description else []
    if words.demo:
        parts.append(say.demo)
    if say.valid_until:
        parts.append(say.valid_until)
    notice = voice_notice(words)
    if notice:
        parts.append(notice)
    if not words.sources:
        return "\n\n".join(parts)
    full = [f"- {s.title}" + (f" {s.url}" if s.url else "") for s in words.sources]
    whole = "\n\n".join([*parts, "\n".join([f"{say.sources}:", *full])])
    if len(whole.encode("utf-8")) <= ROOM_BYTES:
        return whole
    # Directories take 4000 bytes. The names of the sources matter more than their addresses,
    # which stand in the facts' own files and in the printed script.
    names = dict.fromkeys(s.title for s in words.sources)
    return "\n\n".join([*parts, "\n".join([f"{say.sources}:", *(f"- {n}" for n in names)])])


def voice_notice(words: EditionWords) -> str:
    """Say that synthetic voices speak, and whether one is on trial; empty where none does."""
    say = words.phrases
    told = [say.synthetic_voice] if words.synthetic_voice else []
    return " ".join([*told, say.draft_voice] if words.draft_voice else told)


def lay_out_edition(
    words: EditionWords,
    *,
    samples: tuple[Samples, ...],
    spans: tuple[tuple[Span, ...], ...],
    heard: tuple[tuple[HeardLine, ...], ...] = (),
) -> LaidOut:
    """Put the words of an edition on its clock.

    Args:
        words: the written side, one entry per slot.
        samples: the length of each slot at MIX_RATE.
        spans: for each slot, when each of its lines is heard, from the slot's start.
        heard: for each slot, what is known of the inside of each of its lines; empty for nothing.
    """
    captions: list[Caption] = []
    starts: list[tuple[DurationMs, str]] = []
    offset = 0
    paragraph = 0
    insides = heard or ((),) * len(spans)
    for slot, length, line_spans, known in zip(words.slots, samples, spans, insides, strict=True):
        begin = ms_of(Samples(offset))
        if slot.title:
            starts.append((begin, slot.title))
        for number, span in enumerate(line_spans):
            line = known[number] if known else HeardLine()
            captions += _captions(slot, number, _later(span, begin), line, paragraph)
        if slot.sentences:
            paragraph += 1 + max(number for _, number in slot.sentences)
        offset += length
    total = Samples(offset)
    chapters = _chapters(starts, words.series_title, ms_of(total))
    return LaidOut(
        words=words,
        samples=total,
        captions=tuple(captions),
        chapters=chapters,
        tags=EditionTags(
            title=words.title,
            series=words.series_title,
            network=words.network,
            language=words.language,
            dated=words.dated,
            number=words.number,
            expires=words.expires,
            synthetic_voice=words.synthetic_voice,
            licence=words.licence,
            website=words.website,
            transcript=_transcript(captions),
            chapters=chapters,
            draft_voice=words.draft_voice,
            reference=f"{words.series}/{words.episode}",
            notices=_notices(words),
            sources=tuple(" ".join(filter(None, (s.title, s.url))) for s in words.sources),
            version=version_of(said_digest(words)),
        ),
        pace=measure_pace(words.language, words.slots, spans),
    )


def _notices(words: EditionWords) -> Notices:
    say = words.phrases
    return Notices(
        language=say.language,
        valid_until=say.valid_until,
        demo=say.demo if words.demo else "",
        voices=voice_notice(words),
    )


def _captions(
    slot: SlotWords, number: int, span: Span, known: HeardLine, paragraph: int
) -> list[Caption]:
    """Give one caption for each sentence that is heard in a line of a slot."""
    line = slot.lines[number]
    if not line:
        return []
    sentences = [
        WrittenSentence(
            text=slot.sentences[index][0],
            paragraph=paragraph + slot.sentences[index][1],
            speaker=slot.speakers[index] if slot.speakers else "",
            kept=slot.kept[index] if slot.kept else (),
        )
        for index in line
    ]
    return caption_line(sentences, span, known, slot.given[number] if slot.given else "")


def _later(span: Span, by_ms: DurationMs) -> Span:
    return Span(start_ms=DurationMs(by_ms + span.start_ms), end_ms=DurationMs(by_ms + span.end_ms))


def _chapters(
    starts: list[tuple[DurationMs, str]], opening: str, total: DurationMs
) -> tuple[Chapter, ...]:
    """Join chapters end to end; what comes before the first is the opening's."""
    if not starts:
        return ()
    if starts[0][0] > 0:
        starts = [(DurationMs(0), opening), *starts]
    ends = [start for start, _ in starts[1:]] + [total]
    return tuple(
        Chapter(start_ms=start, end_ms=end, title=title)
        for (start, title), end in zip(starts, ends, strict=True)
    )


def _transcript(captions: list[Caption]) -> str:
    paragraphs: dict[int, list[str]] = {}
    for caption in captions:
        paragraphs.setdefault(caption.paragraph, []).append(caption.text)
    return "\n\n".join(" ".join(texts) for texts in paragraphs.values())
