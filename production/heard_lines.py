"""What is known of the inside of a slot's takes, kept with the slot for its captions."""

from collections.abc import Sequence
from typing import Any

from audio.jobs import Line
from production.caption_times import HeardLine
from programme.digests import Plain
from programme.sound import Span, WordTime
from programme.units import DurationMs


def heard_line(line: Line) -> HeardLine:
    """Give the word times that a voice told; where it told none, measure the take's pauses.

    Raises:
        ProductionError: the take is missing or damaged.
    """
    if line.info.words:
        return HeardLine(words=line.info.words)
    from audio.quiet import find_pauses

    return HeardLine(pauses=find_pauses(line.take))


def plain_heard(lines: Sequence[HeardLine]) -> list[Plain]:
    """Write it down for the journal."""
    return [
        {
            "words": [[word.offset, word.start_ms] for word in line.words],
            "pauses": [[pause.start_ms, pause.end_ms] for pause in line.pauses],
        }
        for line in lines
    ]


def read_heard(plain: Any) -> tuple[HeardLine, ...]:  # noqa: ANN401 - JSON
    """Read it back.

    Raises:
        KeyError, TypeError, ValueError: it was not written by plain_heard.
    """
    return tuple(
        HeardLine(
            words=tuple(
                WordTime(offset=int(offset), start_ms=DurationMs(int(at)))
                for offset, at in row["words"]
            ),
            pauses=tuple(
                Span(start_ms=DurationMs(int(start)), end_ms=DurationMs(int(end)))
                for start, end in row["pauses"]
            ),
        )
        for row in plain
    )
