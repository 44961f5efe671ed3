"""The transcript as JSON of the podcast namespace: speaker, times, words.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/transcripts/transcripts.md: a
version and segments with startTime, endTime (seconds), body and speaker. Where a voice told when
it says each word, a segment is a word, or what stands for several; else it is a cue, and no
word's time is claimed.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from json.encoder import encode_basestring as quoted

from feeds.cue_words import split_words
from feeds.cues import Cue
from feeds.transcripts import caption_cues
from programme.editions import Caption, Timing
from programme.errors import ProductionError
from programme.units import DurationMs, LanguageTag

VERSION = "1.0.0"
MEDIA_TYPE = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWords:
    """A word or a stretch of words, and when it is heard."""

    start_ms: DurationMs
    end_ms: DurationMs
    text: str
    speaker: str
    """Empty for the usual voice."""


def render_json(
    captions: Sequence[Caption],
    language: LanguageTag,
    *,
    length_ms: DurationMs | None = None,
    shown: Sequence[Cue] | None = None,
) -> bytes:
    """Give the words with their times, in UTF-8.

    Args:
        captions: in order, not overlapping.
        language: of the words.
        length_ms: of the sound; None for the end of the last caption.
        shown: ``caption_cues`` of the same, where somebody has them; None makes them.

    Raises:
        ProductionError: a sentence holds a character that no transcript can carry.
        ValueError: the captions are out of order.
    """
    segments: list[str] = []
    if shown is None:
        shown = caption_cues(captions, language, length_ms=length_ms)
    starts = [cue.start_ms for cue in shown]
    for caption in captions:
        who = f'"speaker": {quoted(caption.speaker)},\n   ' if caption.speaker else ""
        if caption.timing is Timing.VOICE:
            rows = list(_words(caption))
        else:
            first, end = (bisect_left(starts, at) for at in (caption.start_ms, caption.end_ms))
            own = shown[first:end]
            rows = [(c.start_ms, min(c.end_ms, caption.end_ms), " ".join(c.lines)) for c in own]
        for start_ms, end_ms, body in rows:
            # As json.dumps does with indent=1, for which Python has no quick encoder: an hour has
            # ten thousand words.
            times = f'"startTime": {start_ms / 1000},\n   "endTime": {end_ms / 1000}'
            segments.append(f'  {{\n   {who}{times},\n   "body": {quoted(body)}\n  }}')
    listed = "[\n" + ",\n".join(segments) + "\n ]" if segments else "[]"
    return f'{{\n "version": "{VERSION}",\n "segments": {listed}\n}}\n'.encode()


def parse_json(data: bytes, *, where: str) -> tuple[SpokenWords, ...]:
    """Read back what ``render_json`` wrote.

    Raises:
        ProductionError: it is something else.
    """
    try:
        return tuple(
            SpokenWords(
                start_ms=DurationMs(round(float(row["startTime"]) * 1000)),
                end_ms=DurationMs(round(float(row["endTime"]) * 1000)),
                text=str(row["body"]),
                speaker=str(row.get("speaker", "")),
            )
            for row in json.loads(data)["segments"]
        )
    except (ValueError, OverflowError, TypeError, KeyError, AttributeError) as error:
        raise ProductionError(
            "this is no transcript in JSON",
            where=where,
            remedy="build the episode again",
        ) from error


def _words(caption: Caption) -> Iterator[tuple[DurationMs, DurationMs, str]]:
    """Give each stretch of words whose beginning is known."""
    known = [(0, caption.start_ms), *((w.offset, w.start_ms) for w in caption.words)]
    for (at, start_ms), (end, end_ms) in pairwise([*known, (len(caption.text), caption.end_ms)]):
        body = " ".join(split_words(caption.text[at:end]))
        if body:
            yield start_ms, end_ms, body
