"""An edition's words as files: WebVTT and SRT with times, and plain text.

WebVTT: https://www.w3.org/TR/webvtt1/. SRT has no standard; players agree on number, times,
lines, blank line. Line lengths follow the podcast namespace's advice on transcripts: at most
65 letters for WebVTT (42 is what broadcasters use and phones show), 32 for SRT, which a teletext
line of 37 takes too. feeds/cue_limits.py holds the other limits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from feeds.cue_limits import limits_for
from feeds.cue_words import split_words
from feeds.cues import Cue, cues
from feeds.direction import directed, marked
from feeds.markup import escape
from feeds.wellformed import check_characters
from programme.editions import Caption
from programme.languages import language as language_of
from programme.units import DurationMs, LanguageTag

VTT_WIDTH = 42
SRT_WIDTH = 32

SRT_ESCAPES = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")", "\\": "/"})
"""SRT cannot escape; some players run its tags, so that the signs become look-alikes."""


def caption_cues(
    captions: Sequence[Caption],
    language: LanguageTag,
    *,
    width: int = VTT_WIDTH,
    length_ms: DurationMs | None = None,
) -> list[Cue]:
    """Give the cues of a language's captions; see ``cues``.

    Raises:
        ProductionError: a sentence holds a character that no transcript can carry.
        ValueError: the captions are out of order.
    """
    for caption in captions:
        check_characters(caption.text, where=f"transcript: {caption.text!a}")
        check_characters(caption.speaker, where=f"transcript: {caption.speaker!a}")
    return cues(captions, limits_for(language, width), length_ms=length_ms)


def render_vtt(
    captions: Sequence[Caption],
    language: LanguageTag,
    *,
    length_ms: DurationMs | None = None,
    notes: Mapping[str, str] | None = None,
    shown: Sequence[Cue] | None = None,
) -> str:
    """Give the words as WebVTT: cues of at most two lines, in order, not overlapping.

    Who speaks stands in a voice tag, which players give to screen readers and styles.

    Args:
        captions: in order, not overlapping.
        language: of the words.
        length_ms: of the sound; None for the end of the last caption.
        notes: what the head of the file says to people who open it, such as until when it holds.
        shown: ``caption_cues`` of the same, where somebody has them; None makes them.

    Raises:
        ProductionError: a sentence holds a character that no transcript can carry.
        ValueError: the captions are out of order.
        KeyError: the language is not listed in languages.toml.
    """
    rtl = language_of(language).rtl
    blocks = ["WEBVTT\nKind: captions\nLanguage: " + language]
    if notes:
        blocks.append("\n".join(["NOTE", *(_note(name, text) for name, text in notes.items())]))
    if shown is None:
        shown = caption_cues(captions, language, length_ms=length_ms)
    for cue in shown:
        times = f"{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}"
        lines = [escape(directed(line, rtl=rtl)) for line in cue.lines]
        if cue.speaker:
            lines[0] = f"<v {escape(' '.join(cue.speaker.split()))}>{lines[0]}"
        blocks.append("\n".join([times, *lines]))
    return "\n\n".join(blocks) + "\n"


def _note(name: str, text: str) -> str:
    """Give a line of a note: one line, without the arrow that begins a cue."""
    shown = " ".join(f"{name}: {text}".split())
    check_characters(shown, where=f"transcript: {name}")
    return shown.replace("-->", "→")


def render_srt(
    captions: Sequence[Caption], language: LanguageTag, *, length_ms: DurationMs | None = None
) -> str:
    """Give the words as SRT: cues of at most two short lines; empty when nothing is said.

    Where another speaker begins, the words begin with who it is.

    Raises:
        ProductionError: a sentence holds a character that no transcript can carry.
        ValueError: the captions are out of order.
        KeyError: the language is not listed in languages.toml.
    """
    rtl = language_of(language).rtl
    blocks = []
    told = labelled(captions)
    found = caption_cues(told, language, width=SRT_WIDTH, length_ms=length_ms)
    for number, cue in enumerate(found, start=1):
        times = f"{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}"
        lines = [marked(line, rtl=rtl).translate(SRT_ESCAPES) for line in cue.lines]
        blocks.append("\n".join([str(number), times, *lines]) + "\n")
    return "\n".join(blocks)


def labelled(captions: Sequence[Caption]) -> list[Caption]:
    """Put who speaks before the words, where it is another one than before."""
    before, told = "", []
    for caption in captions:
        if not split_words(caption.text):
            told.append(caption)
            continue
        shown = caption
        if caption.speaker and caption.speaker != before:
            label = f"{' '.join(caption.speaker.split())}: "
            shift = len(label)
            shown = replace(
                caption,
                text=label + caption.text,
                words=tuple(replace(word, offset=word.offset + shift) for word in caption.words),
                kept=tuple((start + shift, end + shift) for start, end in caption.kept),
            )
        before = caption.speaker
        told.append(shown)
    return told


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


def paragraphs(captions: Sequence[Caption]) -> list[tuple[DurationMs, str]]:
    """Give each paragraph's start and words; where another speaker begins, with who it is.

    Raises:
        ProductionError: a sentence holds a character that no transcript can carry.
    """
    before, told = "", []
    for start_ms, speaker, text in spoken_paragraphs(captions):
        is_new = speaker and speaker != before
        told.append((start_ms, f"{speaker}: {text}" if is_new else text))
        before = speaker
    return told


def spoken_paragraphs(captions: Sequence[Caption]) -> list[tuple[DurationMs, str, str]]:
    """Give each paragraph's start, who says it, and its sentences joined with a space.

    Where another speaker begins, so does a paragraph.

    Raises:
        ProductionError: a sentence holds a character that no transcript can carry.
    """
    found: list[tuple[DurationMs, str, str]] = []
    last: tuple[int, str] | None = None
    for caption in captions:
        speaker = " ".join(caption.speaker.split())
        for text in (caption.text, speaker):
            check_characters(text, where=f"transcript: {text!a}")
        words = " ".join(split_words(caption.text))
        if not words:
            continue
        if last == (caption.paragraph, speaker):
            start_ms, _, said = found[-1]
            found[-1] = (start_ms, speaker, f"{said} {words}")
        else:
            found.append((caption.start_ms, speaker, words))
            last = (caption.paragraph, speaker)
    return found


def _clock(time_ms: DurationMs, point: str) -> str:
    seconds, rest_ms = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{rest_ms:03}"
