"""An edition's words as files: WebVTT and SRT with times, plain text and a page to read.

WebVTT: https://www.w3.org/TR/webvtt1/. SRT has no standard; players agree on number, times,
lines, blank line. Line lengths follow the podcast namespace's advice on transcripts: at most
65 letters for WebVTT (42 is what broadcasters use and phones show), 32 for SRT.
"""

import html
from collections.abc import Sequence

from feeds.cues import Cue, cues, split_words
from feeds.direction import directed, isolate_numbers
from feeds.wellformed import check_characters
from programme.editions import Caption
from programme.languages import language as language_of
from programme.units import DurationMs, LanguageTag

VTT_WIDTH = 42
SRT_WIDTH = 32

VTT_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
SRT_ESCAPES = str.maketrans({"<": "‹", ">": "›"})
"""SRT cannot escape; some players run its tags, so that the signs become look-alikes."""


def render_vtt(captions: Sequence[Caption], language: LanguageTag) -> str:
    """Give the words as WebVTT: cues of at most two lines, in order, not overlapping.

    Raises:
        ProductionError: a sentence holds a character that no transcript can carry.
        ValueError: the captions are out of order.
        KeyError: the language is not listed in languages.toml.
    """
    blocks = ["WEBVTT"]
    for cue in _checked(captions, VTT_WIDTH):
        times = f"{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}"
        lines = [line.translate(VTT_ESCAPES) for line in _directed(cue, language)]
        blocks.append("\n".join([times, *lines]))
    return "\n\n".join(blocks) + "\n"


def render_srt(captions: Sequence[Caption], language: LanguageTag) -> str:
    """Give the words as SRT: cues of at most two short lines; empty when nothing is said.

    Raises:
        ProductionError: a sentence holds a character that no transcript can carry.
        ValueError: the captions are out of order.
        KeyError: the language is not listed in languages.toml.
    """
    blocks = []
    for number, cue in enumerate(_checked(captions, SRT_WIDTH), start=1):
        times = f"{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}"
        lines = [line.translate(SRT_ESCAPES) for line in _directed(cue, language)]
        blocks.append("\n".join([str(number), times, *lines]) + "\n")
    return "\n".join(blocks)


def render_text(title: str, captions: Sequence[Caption], language: LanguageTag) -> str:
    """Give the words as plain text: the title, then paragraphs with a blank line between.

    Raises:
        ProductionError: a text holds a character that no transcript can carry.
        KeyError: the language is not listed in languages.toml.
    """
    rtl = language_of(language).rtl
    check_characters(title, where="transcript: title")
    lines = [title, *(text for _, text in paragraphs(captions))]
    return "\n\n".join(directed(line, rtl=rtl) for line in lines) + "\n"


def render_html(title: str, captions: Sequence[Caption], language: LanguageTag) -> str:
    """Give the words as a page of its own, each paragraph with the time at which it is heard.

    Raises:
        ProductionError: a text holds a character that no transcript can carry.
        KeyError: the language is not listed in languages.toml.
    """
    known = language_of(language)
    check_characters(title, where="transcript: title")
    heading = html.escape(isolate_numbers(title, rtl=known.rtl))
    rows = [
        f'<p><time datetime="PT{start_ms // 1000}S">{_minutes(start_ms)}</time> '
        f"{html.escape(isolate_numbers(text, rtl=known.rtl))}</p>"
        for start_ms, text in paragraphs(captions)
    ]
    direction = "rtl" if known.rtl else "ltr"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{html.escape(language)}" dir="{direction}">',
            '<head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">',
            f"<title>{heading}</title></head>",
            f"<body><main><h1>{heading}</h1>",
            *rows,
            "</main></body></html>",
            "",
        ]
    )


def paragraphs(captions: Sequence[Caption]) -> list[tuple[DurationMs, str]]:
    """Give each paragraph's start and words, its sentences joined with a space.

    Raises:
        ProductionError: a sentence holds a character that no transcript can carry.
    """
    found: list[tuple[DurationMs, str]] = []
    number = -1
    for caption in captions:
        check_characters(caption.text, where=f"transcript: {caption.text!a}")
        words = " ".join(split_words(caption.text))
        if not words:
            continue
        if found and caption.paragraph == number:
            found[-1] = (found[-1][0], f"{found[-1][1]} {words}")
        else:
            found.append((caption.start_ms, words))
            number = caption.paragraph
    return found


def _checked(captions: Sequence[Caption], width: int) -> list[Cue]:
    for caption in captions:
        check_characters(caption.text, where=f"transcript: {caption.text!a}")
    return list(cues(captions, width=width))


def _directed(cue: Cue, language: LanguageTag) -> list[str]:
    rtl = language_of(language).rtl
    return [directed(line, rtl=rtl) for line in cue.lines]


def _clock(time_ms: DurationMs, point: str) -> str:
    seconds, rest_ms = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{rest_ms:03}"


def _minutes(time_ms: DurationMs) -> str:
    minutes, seconds = divmod(time_ms // 1000, 60)
    return f"{minutes}:{seconds:02}"
