"""Spoken notices: a short message, in its language, for each message that is not to be used.

A notice is an episode of one slot that no file of the workspace describes: its words come from
notice_words.toml, a person's take of them from recordings/notice-<kind>/<language>/, and it runs
through the same plan, steps and store as everything else. So it is made once, kept, mastered in
the series' profile, and has the same bytes on every machine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from production.building import Workshop
from production.runner import Progress
from programme.notices import NoticeKind
from programme.units import Digest, DurationMs, LanguageTag
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWanted:
    """One message of which listeners are to be told that they must not use it."""

    kind: NoticeKind
    language: LanguageTag
    series: str
    """Id; where the workspace has the series no more, the notice is made for podcasts."""
    series_title: str
    """As listeners know it, in their language; it is said."""
    episode: str
    """Id."""
    title: str
    """Of the episode as it was released, in its language; it is said."""
    dated: date
    """The episode's own date; it is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeObject:
    """One file of a spoken notice."""

    path: Path
    """Where its bytes lie in the store."""
    digest: Digest
    suffix: str
    """How names of files end, with the dot."""
    media_type: str
    length_bytes: int
    kbps: int
    """0 for what is not sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenNotice:
    """A finished notice."""

    objects: Mapping[str, NoticeObject]
    """By name, as in a release: ``mp3``, ``opus``, ``vtt``, ``srt``, ``txt``, ``words``,
    ``chapters``."""
    duration_ms: DurationMs
    title: str
    """What items, files and tags are called."""
    words: str
    """What is said, as read on a page: sentences with a space between."""
    synthetic_voice: bool
    """False where a person reads it."""
    draft_voice: bool


def spoken_notices(
    workshop: Workshop,
    workspace: Workspace,
    wanted: Sequence[NoticeWanted],
    *,
    jobs: int,
    progress: Progress,
) -> Mapping[NoticeWanted, SpokenNotice | None]:
    """Make the notices that are not made yet, and give all of them.

    None stands where a language has neither an approved voice nor a take by a person;
    ``unspoken_notices`` says what is to be recorded for it.

    Args:
        workshop: of the workspace, open.
        workspace: as read, without errors.
        wanted: which notices; the same one twice is made once.
        jobs: how many worker processes; 1 works in this one.
        progress: is told of each step.

    Raises:
        ProductionError: a voice, the disk or the sound refuses.
    """
    raise NotImplementedError
