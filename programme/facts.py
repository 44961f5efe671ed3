"""Facts and contacts: what may be said, how it is said, who says so, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from programme.units import LanguageTag


class FactStatus(StrEnum):
    """Whether a fact may be used, and where."""

    DEMO = "demo"
    """For examples only: never published to a real target."""
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class PhoneType(StrEnum):
    """How a number is reached."""

    VOICE = "voice"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    TTY = "tty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact can be read by anyone."""

    title: str
    url: str = ""
    retrieved: date | None = None
    """The day on which it was read; None where nobody noted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One telephone number, with the way in which it is said."""

    groups: tuple[str, ...]
    """Digits as spoken, group by group: stored by hand, because no library groups them rightly."""
    number: str = ""
    """E.164 with plus; empty for short codes, which only work inside the country."""
    type: PhoneType = PhoneType.VOICE
    cost: str = ""
    """``free``, ``local`` or ``paid``; empty where unknown."""
    short_code: bool = False

    @property
    def display(self) -> str:
        """As printed: the groups with spaces between."""
        return " ".join(self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """Who says so and until when; shared by facts and contacts."""

    sources: tuple[Source, ...]
    verified_on: date
    verified_by: str = ""
    """A role or an organisation, never a person."""
    owner: str = ""
    """Who answers for it and is asked when it is due: a role or an organisation, never a person;
    empty where nobody is named."""
    review_by: date | None = None
    expires: date
    """The last day on which it may be published."""
    status: FactStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One statement that scripts refer to as ``{{fact:id}}``."""

    id: str
    statement: Mapping[LanguageTag, str]
    """The words in each language, placed into the sentence as they stand."""
    country: str = ""
    """ISO 3166-1 alpha-2; empty where it holds everywhere."""
    validity: Validity
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One organisation that people can reach: ``{{phone:id}}``, ``{{org:id}}``."""

    id: str
    organization: Mapping[LanguageTag, str]
    service: Mapping[LanguageTag, str] = field(default_factory=dict)
    kind: str
    """hotline, office, shelter, clinic, consulate or web."""
    country: str
    """ISO 3166-1 alpha-2; empty only for a web page, which is in every country."""
    reachable_from: tuple[str, ...]
    """ISO countries from which the number can be dialled."""
    phones: tuple[Phone, ...]
    schedule: str = ""
    languages: tuple[str, ...] = ()
    operated_by: str = ""
    not_for: tuple[str, ...] = ()
    """Audiences who must not be sent here, such as asylum-seekers to a consulate."""
    confidential_verified_on: date | None = None
    """The day on which somebody verified that it keeps what it is told; None where nobody has."""
    validity: Validity
    file: str
    line: int
