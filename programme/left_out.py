"""Why something that a rundown asks for is not in an edition or a pack."""

from enum import StrEnum


class Cause(StrEnum):
    """Why something is left out; packs word each in their reader's language."""

    MISSING = "missing"
    """Not translated."""
    STALE = "stale"
    """The source text changed since it was translated."""
    UNCONFIRMED = "unconfirmed"
    """Nobody has said which source text it was translated from."""
    FAULTY = "faulty"
    """The text has errors."""
    EXPIRED = "expired"
    """Past its date."""
    NO_VOICE = "no-voice"
    """No approved voice speaks the language; people must record it."""
    STALE_RECORDING = "stale-recording"
    """The words changed since they were recorded."""
    CONSENT = "consent"
    """The consent of the person who speaks is not there, or does not cover this use."""
    REQUIRED = "required"
    """A part without which it is not made was left out."""
    EMPTY = "empty"
    """Nothing is left to say."""
