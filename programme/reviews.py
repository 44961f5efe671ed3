"""Reviews: who must look at what before it goes on air, and what was signed.

A review is bound to the words and facts as they were when it was signed. It holds roles,
organisations and initials; a person's name has no place in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from programme.segments import SegmentKind
from programme.units import Digest, LanguageTag


class ReviewKind(StrEnum):
    """What a reviewer looks for."""

    EDITORIAL = "editorial"
    """Is it true, clear and whole?"""
    LANGUAGE = "language"
    """Does a native speaker understand it, and does it say what the source says?"""
    PROTECTION = "protection"
    """Can it put anybody at risk?"""
    COMMUNITY = "community"
    """Do the people concerned find it right, and not offensive?"""
    LEGAL = "legal"
    """Is what it says of rights and procedures correct?"""


class ReviewResult(StrEnum):
    """What a reviewer decided."""

    APPROVED = "approved"
    CHANGES_NEEDED = "changes-needed"


class Part(StrEnum):
    """What a review binds besides the words as they are spoken."""

    FACTS = "facts"
    """Each fact's value and status."""
    DATES = "dates"
    """Who vouches for each fact and until when, and the segment's own expiry."""
    ABOUT = "about"
    """Kind, sensitivity, audiences, countries, topics and consent of the segment."""


class Subject(StrEnum):
    """Which texts of a segment a rule is about."""

    SOURCE = "source"
    TRANSLATION = "translation"
    """Every language but the source's that has a text."""
    UNWRITTEN = "unwritten"
    """Recordings in a language that nobody writes here: a reviewer listens."""
    RECORDING = "recording"
    """Every recording that airs."""

    @property
    def is_heard(self) -> bool:
        """Whether the reviewer listens rather than reads."""
        return self in {Subject.UNWRITTEN, Subject.RECORDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRule:
    """Which segments need a kind of review, of which texts, and who may sign it."""

    id: str
    kind: ReviewKind
    of: tuple[Subject, ...]
    roles: tuple[str, ...]
    """Ids of the roles that may sign."""
    reviewers: int = 1
    """How many must approve, each another organisation or initials."""
    segments: frozenset[SegmentKind] = frozenset()
    """Only these kinds; empty for every kind."""
    except_segments: frozenset[SegmentKind] = frozenset()
    sensitivity: str = ""
    """Only this sensitivity; empty for any."""
    audiences: frozenset[str] = frozenset()
    """Only segments for one of these; empty for any. Audiences, topics and sensitivity are
    alternatives: one that holds is enough."""
    topics: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    """Only these languages, with all their forms; empty for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPolicy:
    """Which reviews a workspace needs; without rules, none."""

    required: bool = True
    """Whether open reviews stop a publish to a real target."""
    rules: tuple[ReviewRule, ...] = ()
    binds: Mapping[ReviewKind, frozenset[Part]] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    """Every role by id, in words."""
    alert_days: int = 14
    """How long an alert may be valid before somebody should look at it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a review was signed on. The digest binds; the rest tells what changed since."""

    digest: Digest
    """Of everything that its kind binds."""
    text: str
    """Of the title and sentences as written; 16 hexadecimal characters, as the next two."""
    spoken: str
    """Of the words as spoken."""
    about: str
    until: str
    """The segment's expiry, as year-month-day; empty where it has none."""
    facts: str
    """For each fact spoken ``id:value:dates``, sorted, with spaces between; value and dates are
    digests of 16 characters. Taken apart only where something changed."""
    terms: str = ""
    """For each term that the text uses ``id:digest``, sorted, with spaces between; sixteen zeros
    stand for a term as Altavoz itself has it."""
    heard: str = ""
    """Of the recording's files, where the reviewer listened: of their names and sizes, a colon, of
    their bytes; empty where the text was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One signature."""

    segment: str
    language: LanguageTag
    kind: ReviewKind
    role: str
    by: str = ""
    """An organisation or initials, to tell reviewers of one role apart; never a person's name."""
    on: date
    result: ReviewResult
    bound: Bound
    note: str = ""
    line: int
    """In the segment's file of reviews."""

    @property
    def signer(self) -> str:
        """Who signed, as far as reviewers are told apart."""
        return " ".join((self.by or self.role).casefold().split())


class ReviewState(StrEnum):
    """How a review that is needed stands."""

    DONE = "done"
    OPEN = "open"
    """Nobody has signed it, or too few."""
    REOPENED = "reopened"
    """It was signed, and what it was signed on has changed."""
    REFUSED = "changes-needed"
    """A reviewer asks for changes to the present text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One review that a segment needs in one language, and how it stands."""

    segment: str
    language: LanguageTag
    rule: ReviewRule
    heard: bool
    """Whether the recording is to be reviewed, not the text."""
    state: ReviewState
    approvals: int
    """How many of ``rule.reviewers`` have approved the present text."""
    reasons: tuple[str, ...] = ()
    """Why it is open although somebody signed."""
    last: Review | None = None
    """The latest signature of this kind in this language."""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state is not ReviewState.DONE
