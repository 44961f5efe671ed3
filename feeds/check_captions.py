"""Transcripts as files: WebVTT, SubRip, JSON of the podcast namespace, HTML, plain text.

WebVTT: https://www.w3.org/TR/webvtt1/, section 4; SubRip has no standard: number, times with a
comma, text, an empty line; JSON: the podcast namespace's transcripts.md.
"""

import json
import re
from collections.abc import Iterator

from feeds.check_faults import Faults, quoted
from feeds.check_text import what_runs

_VTT_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_SRT_TIME = r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3})"
_VTT = re.compile(rf"{_VTT_TIME}[ \t]+-->[ \t]+{_VTT_TIME}(?:[ \t]+\S.*)?\Z", re.ASCII)
_SRT = re.compile(rf"{_SRT_TIME} --> {_SRT_TIME}(?:[ \t].*)?\Z", re.ASCII)
_LAYOUT = frozenset({"meta", "link", "style", "base", "math", "svg"})
"""Tags that a page may have and a description may not."""

Cue = tuple[int, float, float, str]
"""Line, beginning and end in seconds, text."""


def check_transcript(data: bytes, kind: str, faults: Faults) -> float:
    """Judge a transcript; gives where its last caption ends in seconds, 0 where nothing says.

    Args:
        data: the file.
        kind: its media type, without parameters.
        faults: where findings go; lines are numbers.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append(("feed-transcript.syntax", line, "the transcript is not written in UTF-8"))
        return 0.0
    if not text.strip():
        faults.append(("feed-transcript.empty", 0, "the transcript is empty"))
        return 0.0
    if kind == "text/vtt":
        return _timed(_vtt(text, faults), faults)
    if kind in {"application/x-subrip", "application/srt", "text/srt"}:
        return _timed(_srt(text, faults), faults)
    if kind == "application/json":
        return _timed(_json(text, faults), faults)
    if kind == "text/html":
        running = what_runs(text, besides=_LAYOUT)
        if running:
            line = text.count("\n", 0, text.find(running)) + 1
            said = f"the transcript holds markup that runs: {quoted(running)}"
            faults.append(("feed-text.script", line, said))
    return 0.0


def _timed(cues: Iterator[Cue], faults: Faults) -> float:
    """Judge captions beside each other; gives the end of the last."""
    count, start_before, end_before = 0, 0.0, 0.0
    for line, start_s, end_s, text in cues:
        count += 1
        if end_s <= start_s:
            said = f"the caption ends at {end_s:g} s and begins at {start_s:g} s"
            faults.append(("feed-transcript.order", line, said))
        elif start_s < start_before:
            said = f"the caption begins at {start_s:g} s, before the last one"
            faults.append(("feed-transcript.order", line, said))
        elif start_s < end_before:
            said = f"the caption begins at {start_s:g} s, before the last one ended"
            faults.append(("feed-transcript.overlap", line, said))
        if not text.strip():
            faults.append(("feed-transcript.empty", line, "the caption has no words"))
        start_before, end_before = start_s, max(end_s, end_before)
    if not count and not any(rule == "feed-transcript.syntax" for rule, _, _ in faults):
        faults.append(("feed-transcript.empty", 0, "the transcript has no captions"))
    return end_before


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the stretches between empty lines, with the line that each begins on."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _vtt(text: str, faults: Faults) -> Iterator[Cue]:
    for first, block in _blocks(text):
        head = block[0]
        if first == 1 and re.match(r"WEBVTT(?:[ \t]|\Z)", head):
            continue
        if first == 1:
            faults.append(("feed-transcript.syntax", 1, "the file does not begin with WEBVTT"))
        if re.match(r"(?:NOTE|STYLE|REGION)(?:[ \t]|\Z)", head):
            continue
        yield from _cue(first, block, _VTT, faults)
    if not text.startswith("WEBVTT") and text.lstrip().startswith("WEBVTT"):
        faults.append(("feed-transcript.syntax", 1, "WEBVTT is not on the first line"))


def _srt(text: str, faults: Faults) -> Iterator[Cue]:
    for first, block in _blocks(text):
        number = block[0].strip()
        if not (number.isascii() and number.isdigit()):
            said = f"{quoted(number)} is no number of a caption"
            faults.append(("feed-transcript.syntax", first, said))
            continue
        yield from _cue(first, block, _SRT, faults)


def _cue(first: int, block: list[str], times: re.Pattern[str], faults: Faults) -> Iterator[Cue]:
    """Give the caption of a block: perhaps a name, times, words."""
    at = next((n for n, line in enumerate(block[:2]) if "-->" in line), None)
    if at is None:
        said = f"{quoted(block[0])} stands where times should"
        faults.append(("feed-transcript.syntax", first, said))
        return
    found = times.match(block[at].strip())
    if found is None:
        said = f"{quoted(block[at].strip())} gives no times"
        faults.append(("feed-transcript.syntax", first + at, said))
        return
    if any("-->" in line for line in block[at + 1 :]):
        said = "two captions stand without an empty line between them"
        faults.append(("feed-transcript.syntax", first + at, said))
        return
    figures = [int(part or 0) for part in found.groups()]
    start_s, end_s = (
        h * 3600 + m * 60 + s + ms / 1000 for h, m, s, ms in (figures[:4], figures[4:])
    )
    yield first + at, start_s, end_s, "\n".join(block[at + 1 :])


def _json(text: str, faults: Faults) -> Iterator[Cue]:
    try:
        page = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        faults.append(("feed-transcript.syntax", line, "the transcript is no JSON"))
        return
    segments = page.get("segments") if isinstance(page, dict) else None
    if not isinstance(segments, list) or not isinstance(page.get("version"), str):
        faults.append(("feed-transcript.syntax", 1, "the JSON has no version or no segments"))
        return
    for number, row in enumerate(segments, 1):
        start_s, end_s = (seconds(row, name) for name in ("startTime", "endTime"))
        body = row.get("body") if isinstance(row, dict) else None
        if start_s is None or end_s is None or not isinstance(body, str):
            said = f"segment {number} lacks startTime, endTime or body"
            faults.append(("feed-transcript.syntax", 1, said))
            return
        yield 1, start_s, end_s, body


def seconds(row: object, name: str) -> float | None:
    """Give a point in time of an object of JSON: a number from 0, and no infinity; else None."""
    value = row.get(name) if isinstance(row, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        return None
    return float(value)
