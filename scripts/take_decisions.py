"""decisions.json: what somebody who listened decided of takes, on the page of ``takes review``.

Each decision carries the digest of the file that was heard. A take that was recorded again since
is another file: the decision says nothing of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from programme.identifiers import is_id
from programme.languages import is_known
from programme.takes import TakeReview
from programme.units import Digest, LanguageTag
from scripts.handed_json import HandedJson
from scripts.take_names import WHOLE
from scripts.wording import shown

DECISIONS_FILE = "decisions.json"
DECISIONS_FORMAT = 1
MOST_BYTES = 8_000_000
MOST_DECISIONS = 20_000
MOST_REASON = 300
"""Characters: enough to say what to do better."""

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_LAST_LINE = 20_000
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDecision:
    """What somebody who listened decided of a take."""

    review: TakeReview
    reason: str = ""
    """Why it was rejected: somebody has to know what to do better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardTake:
    """One decision, and what it was made on."""

    segment: str
    language: LanguageTag
    line: int
    """The sentence, counted from 1; WHOLE for a take of the whole segment."""
    heard: Digest
    """Of the file that was listened to."""
    decision: TakeDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What one listener gave back."""

    network: str
    """Id of the network."""
    takes: tuple[HeardTake, ...]


def plain_reason(text: str) -> str:
    """Give a reason on one line, without signs that nobody sees.

    Keyboards type direction marks by themselves, so they are left out and not refused. The two
    joiners stay: Persian and several Indian languages are misspelled without them.
    """
    seen = (sign for sign in " ".join(text.split()) if sign.isprintable() or sign in _JOINERS)
    return "".join(seen).strip()


def parse_decisions(data: bytes, *, where: str) -> Decisions:
    """Read decisions.json, which went through strangers' hands.

    Raises:
        ProductionError: it is too long, no JSON, of another format, decides one take twice, or
            rejects one without a reason.
    """
    file = HandedJson(
        where=where,
        problem=f"this is no {DECISIONS_FILE}",
        remedy="make a new page with altavoz takes review, and decide there",
    )
    plain = file.table(
        data,
        most_bytes=MOST_BYTES,
        marker="altavoz_decisions",
        made_by="the page of altavoz takes review",
    )
    if plain["altavoz_decisions"] != DECISIONS_FORMAT:
        raise file.bad(f"its format is not {DECISIONS_FORMAT}")
    rows = plain.get("decisions")
    if not isinstance(rows, list) or len(rows) > MOST_DECISIONS:
        raise file.bad("its decisions are missing, or too many")
    takes = tuple(_heard(row, file) for row in rows)
    if len({(one.segment, one.language, one.line) for one in takes}) < len(takes):
        raise file.bad("it decides one take twice")
    return Decisions(network=file.text(plain, "network"), takes=takes)


def _heard(row: object, file: HandedJson) -> HeardTake:
    if not isinstance(row, dict):
        raise file.bad("one of its decisions is none")
    segment, language = file.text(row, "segment"), file.text(row, "language")
    line, heard = row.get("line"), file.text(row, "heard")
    # type() and not isinstance: true is an int
    if not is_id(segment) or not is_known(language) or type(line) is not int:
        raise file.bad(f"one of its decisions names no take: {shown(segment)}")
    if not WHOLE <= line <= _LAST_LINE or not _DIGEST.match(heard):
        raise file.bad(f"the line or digest of {segment} is wrong")
    return HeardTake(
        segment=segment,
        language=LanguageTag(language),
        line=line,
        heard=Digest(heard),
        decision=_decision(row, f"{segment} {language}", file),
    )


def _decision(row: Mapping[str, Any], take: str, file: HandedJson) -> TakeDecision:
    word = file.text(row, "decision")
    if word not in {TakeReview.ACCEPTED, TakeReview.REJECTED}:
        raise file.bad(f"{shown(word)} is neither accepted nor rejected, for {take}")
    reason = plain_reason(file.text(row, "reason"))
    if len(reason) > MOST_REASON:
        raise file.bad(f"the reason for {take} is longer than {MOST_REASON} characters")
    review = TakeReview(word)
    if review is TakeReview.REJECTED and not reason:
        raise file.bad(f"{take} is rejected without a reason")
    return TakeDecision(review=review, reason=reason)
