"""Consent: what a person who speaks of their own life has agreed to. Kept in private/ alone."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Anonymity(StrEnum):
    """How the person is protected."""

    ALIAS = "alias"
    """Under another name."""
    VOICE_DISGUISED = "voice-disguised"
    """Somebody else speaks the words. A voice that is only made deeper or higher is recognised."""
    NONE = "none"
    """Under their own name, by their own wish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One record, as far as Altavoz must know it; nothing of it is ever printed but the id."""

    id: str
    obtained_on: date
    purposes: frozenset[str]
    channels: frozenset[str]
    """feed, radio, loudspeaker, pack."""
    countries: frozenset[str]
    """ISO 3166-1 alpha-2; empty for everywhere."""
    until: date
    """The last day on which it may be broadcast."""
    anonymity: Anonymity
    child: bool
    """Whether the person is under 18."""
    guardian: bool
    """Whether a guardian has agreed too."""
    risks_explained: bool
    revoked_on: date | None
    file: str
    """Path inside the workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One way in which a segment would reach listeners."""

    channel: str
    country: str = ""
    """Where a station is; empty where it is not known, or for a feed, which is heard anywhere."""
