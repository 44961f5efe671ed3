"""How a recording stands against the words of today: what may air, what is stale, and why.

A take is bound to each sentence that is heard in it, as it is spoken: telephone numbers, dates
and facts in words. So a changed fact makes stale exactly the lines that speak it, a sentence
that only moved keeps its take, and one line can be recorded again by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from programme.takes import TakeReview, may_air
from programme.units import LanguageTag
from programme.words import Script, Sentence, Translation
from scripts.read_recordings import RecordedFile, RecordedTake
from scripts.review_digests import FactDigests, sentence_digest
from scripts.summaries import Summary
from scripts.take_names import WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One recording against one script."""

    files: tuple[Path, ...]
    """What airs: one file for the whole, or one for each sentence; empty where nothing may."""
    rows: tuple[RecordedFile, ...]
    """The takes that speak today's words, in the same order; also those that may not air."""
    missing: tuple[int, ...] = ()
    """Sentences, counted from 1, that no take speaks, and none spoke before."""
    stale: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Sentences whose take speaks other words, with the reasons; WHOLE for a whole segment's."""
    waiting: tuple[int, ...] = ()
    """Lines of takes that somebody must accept before they air; WHOLE for the whole segment."""
    rejected: tuple[int, ...] = ()
    """Lines of takes that were rejected; WHOLE for the whole segment."""

    @property
    def is_fresh(self) -> bool:
        """Whether every sentence of today is spoken in some take, accepted or not."""
        return not self.missing and not self.stale

    @property
    def to_record(self) -> tuple[int, ...]:
        """Lines that somebody has to speak; WHOLE where the whole segment is to be spoken again."""
        return tuple(sorted({*self.missing, *self.stale, *self.rejected}))


def stand(
    take: RecordedTake,
    script: Script,
    *,
    must_be_heard: bool,
    digests: FactDigests | None = None,
) -> Standing:
    """Hold a recording against the words that it should speak.

    Args:
        take: as read.
        script: the text in its language, or the source's where nobody writes the language.
        must_be_heard: whether the workspace wants every take accepted before it airs.
        digests: of today's facts, to say which fact changed; None where nobody asks why.
    """
    spoken = tuple(sentence_digest(sentence) for sentence in script.sentences)
    is_same = take.words_digest == script.words_digest
    whole = next((row for row in take.rows if row.line == WHOLE), None)
    lines = [row for row in take.rows if row.line != WHOLE]
    by_line = _by_line(lines, spoken, is_same=is_same)
    found = []
    if len(by_line) == len(spoken):
        found.append(_complete(by_line, must_be_heard=must_be_heard))
    if whole is not None and (whole.texts == spoken or (is_same and not whole.texts)):
        found.append(_complete({WHOLE: whole}, must_be_heard=must_be_heard))
    if found:
        return next((one for one in found if one.files), found[0])
    if whole is not None and not lines:
        reasons = _why_whole(whole, script, spoken, digests)
        return Standing(files=(), rows=(), stale=MappingProxyType({WHOLE: reasons}))
    return _partial(lines, by_line, script, digests)


def speaks(
    take: RecordedTake,
    text: Summary,
    translations: Mapping[tuple[str, LanguageTag], Translation],
) -> bool:
    """Tell whether a recording says every sentence of a text as it is today.

    The text is read only where its digest does not tell.
    """
    if take.bound_to == text.words_digest:
        return True
    if not any(row.texts for row in take.rows):
        return False
    script = translations[text.segment, text.language].script
    return script is not None and stand(take, script, must_be_heard=False).is_fresh


def spoken_by(take: RecordedTake, script: Script) -> dict[int, RecordedFile]:
    """Give the take of each sentence of a script that has one of its own, by number from 1."""
    spoken = tuple(sentence_digest(sentence) for sentence in script.sentences)
    lines = [row for row in take.rows if row.line != WHOLE]
    return _by_line(lines, spoken, is_same=take.words_digest == script.words_digest)


def _by_line(
    rows: Sequence[RecordedFile], spoken: Sequence[str], *, is_same: bool
) -> dict[int, RecordedFile]:
    """Give the take of each sentence that has one, wherever it stood when it was read."""
    numbered = {row.line: row for row in rows}
    by_text = {row.texts[0]: row for row in reversed(rows) if len(row.texts) == 1}
    found = {}
    for number, text in enumerate(spoken, start=1):
        own = numbered.get(number)
        if own is not None and (own.texts == (text,) or (is_same and not own.texts)):
            found[number] = own
        elif text in by_text:
            found[number] = by_text[text]
    return found


def _complete(rows: Mapping[int, RecordedFile], *, must_be_heard: bool) -> Standing:
    rejected = _rejected(rows)
    waiting = tuple(
        number
        for number, row in sorted(rows.items())
        if number not in rejected
        and not may_air(row.review, row.verdict, must_be_heard=must_be_heard)
    )
    there = tuple(row for _, row in sorted(rows.items()))
    files = () if rejected or waiting else tuple(row.path for row in there)
    return Standing(files=files, rows=there, waiting=waiting, rejected=rejected)


def _rejected(rows: Mapping[int, RecordedFile]) -> tuple[int, ...]:
    return tuple(n for n, row in sorted(rows.items()) if row.review is TakeReview.REJECTED)


def _partial(
    rows: Sequence[RecordedFile],
    by_line: Mapping[int, RecordedFile],
    script: Script,
    digests: FactDigests | None,
) -> Standing:
    numbered = {row.line: row for row in rows}
    missing: list[int] = []
    stale: dict[int, tuple[str, ...]] = {}
    for number, sentence in enumerate(script.sentences, start=1):
        if number in by_line:
            continue
        before = numbered.get(number)
        # a take that is heard at another line now says nothing of this one
        if before is None or before in by_line.values():
            missing.append(number)
        else:
            stale[number] = _why(before, sentence, script, digests)
    return Standing(
        files=(),
        rows=tuple(row for _, row in sorted(by_line.items())),
        missing=tuple(missing),
        stale=MappingProxyType(stale),
        rejected=_rejected(by_line),
    )


def _why(
    row: RecordedFile, sentence: Sentence, script: Script, digests: FactDigests | None
) -> tuple[str, ...]:
    if not row.texts:
        return ("its words, or a fact in them, changed",)
    changed = _changed_facts(row, sentence.facts, script, digests)
    words = "its words, or who says them, changed" if sentence.speaker else "its words changed"
    return tuple(f"the fact {fact} changed" for fact in changed) or (words,)


def _why_whole(
    row: RecordedFile, script: Script, spoken: Sequence[str], digests: FactDigests | None
) -> tuple[str, ...]:
    if not row.texts:
        return ("the words, or a fact in them, changed",)
    reasons = [
        f"line {number}: {', '.join(_why(row, sentence, script, digests))}"
        for number, (sentence, text) in enumerate(zip(script.sentences, spoken, strict=True), 1)
        if text not in row.texts
    ]
    gone = sum(text not in spoken for text in row.texts)
    if gone and len(row.texts) > len(spoken):
        reasons.append("it says a line that the text does not say any more")
    return tuple(reasons) or ("its lines stand in another order now",)


def _changed_facts(
    row: RecordedFile, facts: Sequence[str], script: Script, digests: FactDigests | None
) -> list[str]:
    if digests is None:
        return []
    return [
        fact
        for fact in dict.fromkeys(facts)
        if fact in row.facts and row.facts[fact] != digests.of(fact, script.language)[0]
    ]
