"""Takes by people: what was heard in them, and whether somebody accepted them."""

from dataclasses import dataclass
from enum import StrEnum

from programme.units import Db


class Verdict(StrEnum):
    """What measuring a recording says of it; a person may decide otherwise."""

    GOOD = "good"
    """Fit for air as it is."""
    USABLE = "usable"
    """Understood, with faults that are heard."""
    AGAIN = "again"
    """To be recorded again."""


class TakeReview(StrEnum):
    """What a person who listened decided of a take."""

    NEW = "new"
    """Nobody has decided."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class TakeFault(StrEnum):
    """What is wrong with a recording, the worst first."""

    SILENT = "silent"
    """Nobody is heard."""
    SHORT = "short"
    """Much shorter than its text: cut, or another file."""
    LONG = "long"
    """Much longer than its text: another file, or two attempts in one."""
    CUT_START = "cut-start"
    """The speech begins with the file: the first sound may be missing."""
    CUT_END = "cut-end"
    """The speech ends with the file: the last sound may be missing."""
    CLIPPED = "clipped"
    """Overdriven: the wave has flat tops."""
    SOFT = "soft"
    """So soft that much noise comes up with it."""
    NOISY = "noisy"
    HUM = "hum"
    """The hum of mains current."""
    ECHO = "echo"
    """A large or bare room is heard."""
    PAUSE = "pause"
    """A long silence inside."""
    FAST = "fast"
    SLOW = "slow"
    ONE_SIDED = "one-sided"
    """Stereo of which one side is empty or turned over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeQuality:
    """What is measured in a recording; levels in dB against full scale."""

    length_s: float
    """Of the file."""
    speech_s: float
    """From the first sound of the speech to its last; 0 where nobody speaks."""
    speech_db: Db
    """Active speech level (ITU-T P.56), pauses left out; -inf where nobody speaks."""
    peak_db: Db
    """Highest sample; -inf for digital silence."""
    noise_db: Db | None
    """What is heard in the pauses, from 100 Hz to 8 kHz; None where they are digital silence."""
    snr_db: Db | None
    """Speech over noise in that band; None where the pauses are digital silence."""
    hum_hz: int
    """50 or 60 where mains hum is heard, else 0."""
    hum_db: Db | None
    """All its harmonics together, against the speech, as loud as an ear takes them (A-weighted);
    None without hum, or where no pause is long enough to tell."""
    clipped: float
    """Share of spoken stretches of 20 ms with flat tops, 0 to 1."""
    longest_pause_s: float
    """Inside the speech."""
    echo_s: float | None
    """How long the room takes to fall by 60 dB, as far as the ends of phrases tell; None where
    they do not."""
    starts_at_once: bool
    """Whether the file begins in the middle of speech."""
    ends_at_once: bool
    one_sided: bool = False
    """Stereo of which one channel is empty, or the other turned over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedSpeech:
    """How long a person takes for a text."""

    seconds: float
    """At the pace that the language is spoken at on air."""
    is_read: bool
    """Whether the very words are read; False where they are told in another language, which may
    be much longer or shorter."""


def may_air(review: TakeReview, verdict: Verdict | None, *, must_be_heard: bool) -> bool:
    """Tell whether a take may air, as far as its sound goes.

    A take that measures well airs before anybody has accepted it: a correction must not wait
    for the desk, and its words were checked before they were read. What measures badly waits
    for an ear, and a workspace can ask for an ear every time.

    Args:
        review: what a person decided.
        verdict: what was measured; None for what was added by hand before there were verdicts.
        must_be_heard: whether the workspace says ``review = true`` under ``[recordings]``.
    """
    if review is not TakeReview.NEW:
        return review is TakeReview.ACCEPTED
    return not must_be_heard and verdict in {Verdict.GOOD, None}
