"""A segment: one item with its own id, words, sources and shelf life."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from programme.facts import Source


class SegmentKind(StrEnum):
    """What an item is for; kinds differ in what they must contain."""

    ALERT = "alert"
    AWARENESS = "awareness"
    SELF_CARE = "self-care"
    SERVICE_PROMPT = "service-prompt"
    PROCEDURE = "procedure"
    MYTH_FACT = "myth-fact"
    TESTIMONY = "testimony"
    DRAMA = "drama"
    INTERVIEW = "interview"
    ID = "id"
    BUMPER = "bumper"
    DISCLAIMER = "disclaimer"
    ANNOUNCEMENT = "announcement"


FURNITURE = frozenset({SegmentKind.ID, SegmentKind.BUMPER, SegmentKind.DISCLAIMER})
"""Kinds that carry no information of their own: not counted as content, no chapter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The metadata of one item; its words are Scripts."""

    id: str
    kind: SegmentKind
    key_message: str
    """One sentence that a listener should be able to repeat; for the people who make it."""
    call_to_action: str = ""
    topics: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sensitivity: str = "normal"
    """``normal`` or ``protected``: protected words never leave for an online voice."""
    sources: tuple[Source, ...] = ()
    review_by: date | None = None
    expires: date | None = None
    """The last day on which it may be published; None only for furniture."""
    consent: str = ""
    """Id of the consent record in private/, for testimonies."""
    file: str
