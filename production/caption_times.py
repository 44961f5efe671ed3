"""When each sentence of a line is heard, and how that is known: told, measured or shared out.

A voice that tells its word times is believed. Of a recording, and of a voice that tells nothing,
only the pauses are known: ends of sentences and phrases are put at the pauses that fit their
lengths best, and no word's time is claimed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from feeds.cue_limits import letters
from feeds.cue_words import phrase_starts
from production.word_places import place_words
from programme.editions import Caption, Timing
from programme.sound import Span, WordTime
from programme.units import DurationMs

_WINDOW = 40
"""Pauses that a sentence may hold, at most."""
_LONG_PAUSE = 3.0
"""A pause that is a millisecond longer may lie so many milliseconds further off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardLine:
    """What is known of a take's inside; all from the start of the take."""

    words: tuple[WordTime, ...] = ()
    """As the voice told; empty for recordings and voices that tell nothing."""
    pauses: tuple[Span, ...] = ()
    """Measured in the take; not looked for where the words are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSentence:
    """A sentence as captions show it."""

    text: str
    paragraph: int
    speaker: str = ""
    kept: tuple[tuple[int, int], ...] = field(default=())
    """Stretches of the text that are not parted."""


def caption_line(
    sentences: Sequence[WrittenSentence], span: Span, heard: HeardLine, given: str
) -> list[Caption]:
    """Give one caption per sentence of a line.

    Args:
        sentences: that are heard in the line.
        span: when the line's take is heard, from the start of the edition.
        heard: what is known of the take.
        given: what the voice was given; empty for a recording.
    """
    length_ms = DurationMs(span.end_ms - span.start_ms)
    if len(sentences) == 1 and heard.words and given:
        (only,) = sentences
        words = tuple(w for w in place_words(only.text, given, heard.words) if w.offset)
        words = tuple(w for w in words if 0 < w.start_ms < length_ms)
        return [_caption(only, span, span.start_ms, words, Timing.VOICE)]
    counts = [max(1, letters(sentence.text)) for sentence in sentences]
    pauses = [p for p in heard.pauses if p.start_ms > 0 and p.end_ms < length_ms]
    borders = match_pauses(counts, pauses, length_ms)
    timing = Timing.LETTERS if borders is None else Timing.PAUSES
    if borders is None:
        borders = _shared(counts, length_ms)
    captions = []
    start_ms = DurationMs(0)
    for sentence, border in zip(sentences, [*borders, None], strict=True):
        end_ms = length_ms if border is None else border.start_ms
        own = Span(
            start_ms=DurationMs(span.start_ms + start_ms), end_ms=DurationMs(span.start_ms + end_ms)
        )
        inside = [p for p in pauses if start_ms < p.start_ms and p.end_ms < end_ms]
        words = _phrases(sentence.text, inside, start_ms, end_ms)
        captions.append(_caption(sentence, own, span.start_ms, words, timing))
        start_ms = length_ms if border is None else border.end_ms
    return captions


def _caption(
    sentence: WrittenSentence,
    span: Span,
    take_ms: DurationMs,
    words: Sequence[WordTime],
    timing: Timing,
) -> Caption:
    return Caption(
        start_ms=span.start_ms,
        end_ms=span.end_ms,
        text=sentence.text,
        paragraph=sentence.paragraph,
        speaker=sentence.speaker,
        timing=timing,
        words=tuple(
            WordTime(offset=word.offset, start_ms=DurationMs(take_ms + word.start_ms))
            for word in words
        ),
        kept=sentence.kept,
    )


def _shared(counts: Sequence[int], length_ms: DurationMs) -> list[Span]:
    """Share time out by letters; each gets a millisecond at least, where there are enough."""
    whole, done, at = sum(counts), 0, 0
    borders = []
    for left, count in zip(range(len(counts) - 1, 0, -1), counts, strict=False):
        done += count
        at = max(min(length_ms * done // whole, length_ms - left), at + 1)
        borders.append(Span(start_ms=DurationMs(at), end_ms=DurationMs(at)))
    return borders


def _phrases(
    text: str, pauses: Sequence[Span], start_ms: DurationMs, end_ms: DurationMs
) -> tuple[WordTime, ...]:
    """Put the phrases of a sentence at its pauses; nothing where there are fewer pauses."""
    offsets = phrase_starts(text)
    if len(offsets) < 2 or len(pauses) < len(offsets) - 1:
        return ()
    ends = [*offsets[1:], len(text)]
    counts = [max(1, letters(text[a:b])) for a, b in zip(offsets, ends, strict=True)]
    moved = [
        Span(start_ms=DurationMs(p.start_ms - start_ms), end_ms=DurationMs(p.end_ms - start_ms))
        for p in pauses
    ]
    borders = match_pauses(counts, moved, DurationMs(end_ms - start_ms))
    return tuple(
        WordTime(offset=offset, start_ms=DurationMs(start_ms + border.end_ms))
        for offset, border in zip(offsets[1:], borders or (), strict=borders is not None)
    )


def match_pauses(
    counts: Sequence[int], pauses: Sequence[Span], length_ms: DurationMs
) -> list[Span] | None:
    """Choose the pauses between stretches of so many letters; None where there are too few.

    The way of least cost: each stretch as long as its letters ask for at the pace of the whole,
    pauses left out, and long pauses rather than short ones.
    """
    wanted = len(counts) - 1
    if wanted == 0:
        return []
    if len(pauses) < wanted:
        return None
    quiet = [0]
    for pause in pauses:
        quiet.append(quiet[-1] + pause.end_ms - pause.start_ms)
    pace = max(1, length_ms - quiet[-1]) / sum(counts)

    def off(before: int, after: int, count: int) -> float:
        """Give by how much the sound between two pauses is not as long as it should be."""
        start = pauses[before].end_ms if before >= 0 else 0
        end = pauses[after].start_ms if after < len(pauses) else length_ms
        return abs(end - start - (quiet[after] - quiet[before + 1]) - count * pace)

    costs: dict[int, tuple[float, tuple[int, ...]]] = {-1: (0.0, ())}
    for number, count in enumerate(counts[:-1]):
        step: dict[int, tuple[float, tuple[int, ...]]] = {}
        for after in range(number, len(pauses) - wanted + number + 1):
            bonus = _LONG_PAUSE * (pauses[after].end_ms - pauses[after].start_ms)
            ways = [
                (cost + off(before, after, count) - bonus, (*path, after))
                for before, (cost, path) in costs.items()
                if after - _WINDOW <= before < after
            ]
            if ways:
                step[after] = min(ways)
        costs = step
    last = len(pauses)
    ends = [(cost + off(at, last, counts[-1]), path) for at, (cost, path) in costs.items()]
    return [pauses[index] for index in min(ends)[1]] if ends else None
