"""What an item of its kind must say: a procedure its cost, place and time, a prompt its number.

An announcement says its language first and its last day at the end.
"""

from programme.findings import Severity
from programme.languages import language
from programme.segments import SegmentKind
from scripts.placeholders import find_placeholders
from scripts.reading import Reading
from scripts.word_looks import Use

ABSENCES = frozenset(
    {
        "announcement.language",
        "announcement.valid-until",
        "plain.no-contact",
        "plain.say-twice",
        "procedure.cost",
        "procedure.deadline",
        "procedure.where",
    }
)
"""Rules that report what a text lacks: nothing to say of one that could be read in parts only."""

_NEED_CONTACT = frozenset({SegmentKind.SERVICE_PROMPT, SegmentKind.PROCEDURE})
_FROM_THE_START = 2
"""Words at the beginning of a sentence among which a myth announces itself."""

_AT_THE_END = 2
"""Sentences among which an announcement says until when it holds."""

_COST_KINDS = frozenset({"money"})
_WHERE_KINDS = frozenset({"phone", "org", "service"})
_TIME_KINDS = frozenset({"date", "time"})
_SPANS = frozenset({"hours", "days", "working-days", "weeks", "months", "years"})
"""Units of a number that say how long there is."""


def check_kind(reading: Reading, *, is_source: bool) -> None:
    """Check what the segment's kind asks of its words."""
    kind = reading.segment.kind
    is_procedure = kind is SegmentKind.PROCEDURE
    if is_source and kind in _NEED_CONTACT and not (is_procedure and _lacks_where(reading)):
        _check_contact(reading)  # where no place is named at all, that is told instead
    if kind is SegmentKind.SERVICE_PROMPT:
        _check_said_twice(reading)
    elif is_procedure and is_source:
        _check_procedure(reading)
    elif kind is SegmentKind.MYTH_FACT:
        _check_opening(reading)
    elif kind is SegmentKind.ANNOUNCEMENT:
        _check_announcement(reading)


def _check_contact(reading: Reading) -> None:
    if any(name in reading.book.contacts for name in reading.script.facts):
        return
    reading.note(
        0,
        "plain.no-contact",
        f"a {reading.segment.kind.value} that names no number and no place to go",
        "say whom to call or where to go: {{phone:ID}}, {{org:ID}} or {{service:ID}}",
        Severity.WARNING,
    )


def _check_said_twice(reading: Reading) -> None:
    said: dict[str, list[int]] = {}
    for one in reading.sentences:
        for mark in find_placeholders(one.sentence.raw):
            if mark.kind == "phone":
                times = 2 if mark.twice else 1
                said.setdefault(mark.key, []).extend([one.sentence.line] * times)
    for key, lines in said.items():
        if len(lines) == 1:
            reading.note(
                lines[0],
                "plain.say-twice",
                f"{{{{{key}}}}} is said once",
                f"write {{{{{key} twice}}}}, or say it again at the end, or let the "
                "rundown repeat the segment",
                Severity.INFO,
            )


def _check_announcement(reading: Reading) -> None:
    name = language(reading.language).endonym
    first = reading.sentences[0]
    if name.split()[0].casefold() not in {word.casefold() for word in first.words}:
        reading.note(
            first.sentence.line,
            "announcement.language",
            "an announcement that does not open with the name of its language",
            f"let its first line be the name alone, as its speakers say it: {name.capitalize()}.",
            Severity.WARNING,
        )
    ending = reading.sentences[-_AT_THE_END:]
    kinds = {m.kind for one in ending for m in find_placeholders(one.sentence.raw)}
    if "date" not in kinds:
        reading.note(
            0,
            "announcement.valid-until",
            "an announcement that does not end with the day until which it holds",
            "say it last: {{date:YYYY-MM-DD}}",
            Severity.WARNING,
        )


def _lacks_where(reading: Reading) -> bool:
    kinds = {m.kind for one in reading.sentences for m in find_placeholders(one.sentence.raw)}
    return reading.knows("where") and not reading.hits("where") and kinds.isdisjoint(_WHERE_KINDS)


def _check_procedure(reading: Reading) -> None:
    marks = [m for one in reading.sentences for m in find_placeholders(one.sentence.raw)]
    kinds = {mark.kind for mark in marks}
    says_when = any(m.kind in _TIME_KINDS or m.word in _SPANS for m in marks)
    if reading.knows("cost") and not reading.hits("cost") and kinds.isdisjoint(_COST_KINDS):
        reading.note(
            0,
            "procedure.cost",
            "a procedure that does not say what it costs",
            "say that it is free, or the amount: whoever does not know is charged",
        )
    if _lacks_where(reading):
        reading.note(
            0,
            "procedure.where",
            "a procedure that does not say where it is done",
            "say the office, or {{org:ID}}, {{phone:ID}} or {{service:ID}}",
        )
    if reading.knows("deadline") and not reading.hits("deadline") and not says_when:
        reading.note(
            0,
            "procedure.deadline",
            "a procedure that does not say until when it can be done",
            "say the deadline, {{date:...}}, or that there is none",
        )


def _check_opening(reading: Reading) -> None:
    first = reading.sentences[0]
    for said in reading.said_in(first, Use.PHRASE_OF_FEW_KINDS):
        if said.group == "myth" and said.start < _FROM_THE_START:
            reading.note(
                first.sentence.line,
                "plain.myth-first",
                f"it opens with the myth: «{first.written(said.start, said.end)}»",
                "open with the fact; what is heard first is what stays",
                Severity.WARNING,
            )
            return
