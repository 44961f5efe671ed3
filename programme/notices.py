"""Notices: what listeners are told aloud of a message that must not be used any more."""

from enum import StrEnum

_BEFORE = "notice-"

VALIDITY = "pack-validity"
"""The name of what says until when a pack may be played; nobody records it, for it has a date."""

LANGUAGE_NAME = "language-name"
"""Under which people record the name of a language, for loudspeaker loops."""

_LOCATOR = "locator-"


def locator_of(station: str) -> str:
    """Name what people record of where a station is: ``recordings/locator-terminal/ht/``."""
    return f"{_LOCATOR}{station}"


class NoticeKind(StrEnum):
    """Why a message is not to be used."""

    WITHDRAWN = "withdrawn"
    """It was taken back; nothing takes its place yet."""
    CORRECTED = "corrected"
    """A newer message says it rightly."""
    RETRACTED = "retracted"
    """It was wrong and nothing takes its place."""
    EXPIRED = "expired"
    """It was right, and its last day is past."""

    @property
    def segment(self) -> str:
        """The name under which its words are recorded: ``recordings/notice-withdrawn/ht/``."""
        return f"{_BEFORE}{self.value}"


def notice_of(segment: str) -> NoticeKind | None:
    """Give the notice that is recorded under the name of a segment; None for other names."""
    kinds = {kind.segment: kind for kind in NoticeKind}
    return kinds.get(segment)


def is_announced(segment: str) -> bool:
    """Tell whether recordings under a name may be of words that no script file holds."""
    if segment == LANGUAGE_NAME or segment.startswith(_LOCATOR):
        return True
    return notice_of(segment) is not None
