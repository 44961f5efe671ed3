"""Dialogues: which lines of a script are whose, and what is wrong with its labels.

As in scripts for radio and screen, a label holds for its line and the lines after it, until the
next label or a blank line. It may stand alone on the line before. What follows a blank line
without a label is said by the usual voice, as an action is in a screenplay (Fountain, section
Dialogue: it ends at an empty line); because that is easily an oversight, it is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from programme.findings import Severity
from programme.speakers import USUAL
from scripts.rules_forms import has_unlisted
from scripts.script_lines import ScriptDesk, ScriptLine
from scripts.speakers import MOST_BEFORE, WIDE_COLON, Cue, Head, Labels, head_of, may_have_heads
from scripts.unknown_labels import in_capitals, is_call, looks_like_label, unknown_label

_MOST_IDLE = 8_192
"""Beginnings of lines in one language that are kept as no labels."""


@dataclass(slots=True)
class Turn:
    """Whose turn it is while lines are read one after the other."""

    speaker: str = USUAL
    paragraph: int = -1

    def of(self, paragraph: int, cue: Cue | None) -> str:
        """Give who says a line."""
        if cue is not None:
            self.speaker = cue.speaker
        elif paragraph != self.paragraph:
            self.speaker = USUAL
        self.paragraph = paragraph
        return self.speaker


class _Open(NamedTuple):
    """A label that stood alone on its line."""

    line: ScriptLine
    cue: Cue


def part_speakers(body: Sequence[ScriptLine], desk: ScriptDesk) -> list[ScriptLine]:
    """Give the lines without their labels, each with who says it; notes what is wrong.

    A line whose label nobody declared is given without it: it stops the script anyway, and what
    else is wrong with its words can be told in the same round.
    """
    if not _may_be_dialogue([line.raw for line in body], desk):
        return list(body)
    labels = desk.style.speakers.labels(desk.language)
    heads = _heads(body, labels, desk)
    return _parted(body, heads, labels, desk) if labels or any(heads) else list(body)


def _may_be_dialogue(raws: Sequence[str], desk: ScriptDesk) -> bool:
    """Tell whether any line may begin with a label or hold one: few texts need to be parted."""
    labels = desk.style.speakers.labels(desk.language)
    text = "\n".join(raws)
    if WIDE_COLON in text or labels.may_be_said_in(text):
        return True
    parted = [raw[: MOST_BEFORE + 1].partition(":") for raw in raws]
    beginnings = {before for before, colon, _ in parted if colon}
    idle = desk.style.speakers.idle_beginnings(desk.language)
    fresh = beginnings - idle
    if not fresh:
        return False
    found = {one for one in fresh if _is_idle(one, labels, desk)}
    if len(idle) >= _MOST_IDLE:
        idle.clear()
    idle |= found
    return found != fresh


def _is_idle(beginning: str, labels: Labels, desk: ScriptDesk) -> bool:
    """Tell whether what stands before a colon is no label, whatever the rest of the text holds."""
    head = head_of(f"{beginning}:")
    if head is None:
        return True
    speakers = desk.style.speakers
    return (
        labels.cue_of(head) is None
        and unknown_label(head.before, desk.language, speakers, among_labels=True) is None
    )


def _parted(
    body: Sequence[ScriptLine], heads: Sequence[Head | None], labels: Labels, desk: ScriptDesk
) -> list[ScriptLine]:
    cues = [None if head is None else labels.cue_of(head) for head in heads]
    others = [head for head, cue in zip(heads, cues, strict=True) if head and cue is None]
    among = len(body) - cues.count(None) + len(_like_labels(others, desk)) > 1
    turn, lines = Turn(), []
    told: set[str] = set()
    alone: _Open | None = None
    for line, head, cue in zip(body, heads, cues, strict=True):
        if alone is not None and (cue is not None or line.paragraph != alone.line.paragraph):
            _note_alone(alone, desk)
        alone = None
        begins = line.paragraph != turn.paragraph
        was_labelled = bool(turn.speaker)
        speaker = turn.of(line.paragraph, cue)
        if cue is not None and not cue.words:
            alone = _Open(line, cue)
            continue
        raw = line.raw
        if cue is not None:
            raw = cue.words
        elif head is not None:
            raw = _without_unknown(line, head, desk, told, among=among)
        if begins and was_labelled and cue is None and raw == line.raw:
            _note_missing(line, desk)
        is_plain = raw is line.raw and not speaker
        said = line if is_plain else line._replace(raw=raw, speaker=speaker)
        lines.append(_without_inner(said, labels, desk) if labels else said)
    if alone is not None:
        _note_alone(alone, desk)
    return lines


def _heads(body: Sequence[ScriptLine], labels: Labels, desk: ScriptDesk) -> list[Head | None]:
    """Give what each line begins with, if that can be a label; without declared ones little can."""
    heads = [head_of(line.raw) for line in body]
    if labels:
        return heads
    return [
        head if head and looks_like_label(head.before, desk.language) else None for head in heads
    ]


def _like_labels(heads: Sequence[Head], desk: ScriptDesk) -> list[Head]:
    """Give those that have the shape of a label, and are no words in capitals."""
    return [
        head
        for head in heads
        if in_capitals(head.before)
        and not is_call(head.before, desk.language)
        and not _is_listed(head.before, desk)
    ]


def _is_listed(head: str, desk: ScriptDesk) -> bool:
    """Tell whether all capitals of a beginning are acronyms that somebody listed."""
    return len(head) > 1 and not has_unlisted(head, desk.table)


def _without_unknown(
    line: ScriptLine, head: Head, desk: ScriptDesk, told: set[str], *, among: bool
) -> str:
    """Give a line without what must be a label that nobody declared; that is noted once."""
    unknown = unknown_label(
        head.before,
        desk.language,
        desk.style.speakers,
        among_labels=among and not _is_listed(head.before, desk),
    )
    if unknown is None:
        return line.raw
    if unknown.label not in told:
        told.add(unknown.label)
        problem = f"nobody knows the speaker {unknown.label}"
        desk.note(line.number, "speaker.unknown", problem, unknown.remedy)
    return head.words or line.raw


def _note_alone(alone: _Open, desk: ScriptDesk) -> None:
    desk.note(
        alone.line.number,
        "speaker.no-words",
        f"{alone.cue.label} says nothing",
        "write the words behind the label or on the next line, or take the label out",
    )


def _note_missing(line: ScriptLine, desk: ScriptDesk) -> None:
    desk.note(
        line.number,
        "speaker.missing",
        "after a blank line without a label: the usual voice says this",
        "begin the paragraph with a label, or take out the blank line before it",
        Severity.WARNING,
    )


def _without_inner(line: ScriptLine, labels: Labels, desk: ScriptDesk) -> ScriptLine:
    """Give a line up to a label within it, which would be said, and the voice not change."""
    match = labels.inner.search(line.raw) if labels.inner and may_have_heads(line.raw) else None
    if match is None:
        return line
    desk.note(
        line.number,
        "speaker.mid-line",
        f"the label {match[1]} stands within a line",
        "begin a new line with it",
    )
    return line._replace(raw=line.raw[: match.start()].strip() or line.raw)
