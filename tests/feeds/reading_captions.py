"""A strict reader of WebVTT, from https://www.w3.org/TR/webvtt1/ section 4 (syntax), and of SRT."""

import html
import re
from dataclasses import dataclass

MARKS = str.maketrans("", "", "\u200e\u200f\u2066\u2069")
"""Direction marks, which are ours and not the text's."""

_TIMING = re.compile(
    r"(\d{2,}):([0-5]\d):([0-5]\d)[.,](\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)[.,](\d{3})"
)
_TEXT = r"(?:[^&<\n\r]|&(?:amp|lt|gt|lrm|rlm|nbsp);)"
_CUE_LINE = re.compile(rf"(?:<v (?P<voice>(?:[^&<>\n\r]|&(?:amp|lt|gt);)+)>)?{_TEXT}+")


@dataclass(frozen=True)
class ReadCue:
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speaker: str = ""


def parse_vtt(text: str) -> list[ReadCue]:
    assert not set(text) & {"\x00", "\r"}
    header, *blocks = re.split(r"\n{2,}", text.removesuffix("\n"))
    assert re.fullmatch(r"WEBVTT\nKind: captions\nLanguage: [A-Za-z0-9-]+", header)
    if blocks and blocks[0].startswith("NOTE\n"):
        assert "-->" not in blocks.pop(0)
    return [_vtt_cue(block) for block in blocks]


def _vtt_cue(block: str) -> ReadCue:
    timing, *lines = block.split("\n")
    assert "," not in timing
    start_ms, end_ms = _times(timing)
    assert lines
    speaker = ""
    for number, line in enumerate(lines):
        assert "-->" not in line
        match = _CUE_LINE.fullmatch(line)
        assert match, line
        if match["voice"]:
            assert number == 0
            speaker = html.unescape(match["voice"])
            lines[0] = line.partition(">")[2]
    return ReadCue(start_ms, end_ms, tuple(html.unescape(line) for line in lines), speaker)


def parse_srt(text: str) -> list[ReadCue]:
    found = []
    for number, block in enumerate(text.removesuffix("\n").split("\n\n") if text else [], start=1):
        counted, timing, *lines = block.split("\n")
        assert counted == str(number)
        assert "." not in timing
        assert lines
        assert not any(set(line) & set("<>{}") or not line.strip() for line in lines)
        found.append(ReadCue(*_times(timing), tuple(lines)))
    return found


def _times(line: str) -> tuple[int, int]:
    match = _TIMING.fullmatch(line)
    assert match, line
    numbers = [int(number) for number in match.groups()]
    start, end = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (numbers[:4], numbers[4:]))
    return start, end


def said(cues: list[ReadCue]) -> str:
    """Give all letters of cues in order, without spaces and direction marks."""
    return "".join("".join(line for cue in cues for line in cue.lines).translate(MARKS).split())


def bare(text: str) -> str:
    """Give a text the same way."""
    return "".join(text.translate(MARKS).split())
