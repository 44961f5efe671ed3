"""Recording kits: which sentences a person is asked to record, and all that they must know of them.

A kit is for one language. Where nobody writes it, the source's sentences are given to be said
in it. Digests of the words go with the kit (scripts.take_kit_file), so that takes of words that
changed meanwhile are found when they come home.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from production.notices.view import with_notices
from production.takes.kit_choice import (
    ChosenWords,
    Skipped,
    Wanted,
    check_known,
    choose_words,
    played_segments,
)
from production.takes.prompts import PromptLine, PromptWords
from programme.notices import is_announced
from programme.profiles import words_per_minute
from programme.units import LanguageTag
from scripts.rules_words import words_of
from scripts.take_kit_file import Kit, make_kit
from scripts.take_names import WHOLE, TakeName
from scripts.workspace import Workspace

PACE = "mixed"
"""The pace by which minutes are reckoned: people who read aloud are not faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What is recorded as one file."""

    name: TakeName
    number: int
    """In the kit, from 1: what people call it by."""
    lines: tuple[PromptLine, ...]
    """One sentence, or all of the segment."""
    changed: bool
    """Whether it was recorded before its words, or a fact in them, changed."""
    reason: str
    """Why it is to be recorded again, in the words of whoever rejected it; empty otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KitPart:
    """One segment of a kit."""

    segment: str
    title: str
    read_from: LanguageTag
    """The language that the sentences are written in."""
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeKit:
    """Everything that a kit's folder says."""

    kit: Kit
    """For kit.json."""
    network_name: str
    language: LanguageTag
    source: LanguageTag
    """The producer's language."""
    parts: tuple[KitPart, ...]
    minutes: int
    """How long reading it aloud once takes, rounded up."""
    skipped: tuple[Skipped, ...]
    unplayed: int
    """Segments that were not asked for by name and that no episode plays."""

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Every prompt in order."""
        return tuple(prompt for part in self.parts for prompt in part.prompts)


def make_take_kit(
    workspace: Workspace,
    tag: LanguageTag,
    *,
    segments: Sequence[str] = (),
    wanted: Wanted = Wanted.NEEDED,
    whole: bool = False,
    today: date,
) -> TakeKit:
    """Gather what a person should record.

    Args:
        workspace: as read.
        tag: the language that is spoken.
        segments: ids in the order wanted; empty for all that an episode in this language plays.
        wanted: which takes.
        whole: one prompt for each segment and not for each sentence.
        today: what "expired" is counted from.

    Raises:
        ProductionError: there is no such language or segment.
    """
    if any(map(is_announced, segments)):
        workspace = with_notices(workspace)
    check_known(workspace, tag, segments)
    played = list(segments) or played_segments(workspace, tag)
    skipped: list[Skipped] = []
    chosen: list[ChosenWords] = []
    for found in choose_words(workspace, tag, played, wanted=wanted, whole=whole, today=today):
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            chosen.append(found)
    return TakeKit(
        kit=_kit(workspace, tag, chosen),
        network_name=workspace.network.name,
        language=tag,
        source=workspace.network.source_language,
        parts=tuple(_parts(workspace, tag, chosen, whole=whole)),
        minutes=-(-sum(map(_seconds, chosen)) // 60),
        skipped=tuple(skipped),
        unplayed=0 if segments else len(workspace.segments.keys() - set(played)),
    )


def _kit(workspace: Workspace, tag: LanguageTag, chosen: Sequence[ChosenWords]) -> Kit:
    """Give what kit.json says: the sentences that are asked for, and no others."""
    kit = make_kit(workspace, tag, [one.script.segment for one in chosen])
    asked = {(one.script.segment, line) for one in chosen for line in one.lines}
    prompts = (one for one in kit.prompts if (one.name.segment, one.name.line) in asked)
    return replace(kit, prompts=tuple(prompts))


def _parts(
    workspace: Workspace, tag: LanguageTag, chosen: Sequence[ChosenWords], *, whole: bool
) -> Iterator[KitPart]:
    number = 0
    words: dict[LanguageTag, PromptWords] = {}
    for one in chosen:
        script = one.script
        if script.language not in words:
            words[script.language] = PromptWords.of(workspace, script.language)
        shown = words[script.language].lines(script)
        lines = {line: shown[line - 1] for line in one.lines}
        groups = {WHOLE: tuple(lines.values())} if whole else {n: (x,) for n, x in lines.items()}
        prompts = []
        for line, group in groups.items():
            number += 1
            name = TakeName(segment=script.segment, language=tag, line=line)
            prompts.append(
                Prompt(
                    name=name,
                    number=number,
                    lines=group,
                    changed=one.changed(line),
                    reason=one.reason(line),
                )
            )
        yield KitPart(
            segment=script.segment,
            title=script.title,
            read_from=script.language,
            prompts=tuple(prompts),
        )


def _seconds(chosen: ChosenWords) -> int:
    said = (chosen.script.sentences[line - 1].spoken for line in chosen.lines)
    words = sum(len(words_of(spoken)) for spoken in said)
    return round(words * 60 / words_per_minute(PACE, chosen.script.language))
