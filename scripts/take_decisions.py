"""decisions.json: what somebody who listened decided of takes, on the page of ``takes review``.

Each decision carries the digest of the file that was heard. A take that was recorded again since
is another file: the decision says nothing of it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from programme.errors import ProductionError
from programme.identifiers import is_id
from programme.languages import is_known
from programme.takes import TakeReview
from programme.units import Digest, LanguageTag
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
    if len(data) > MOST_BYTES:
        raise _bad(where, f"it is longer than {MOST_BYTES // 1_000_000} MB")
    try:
        plain = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _bad(where, "it is no JSON") from error
    if not isinstance(plain, dict) or "altavoz_decisions" not in plain:
        raise _bad(where, "it was not made by the page of altavoz takes review")
    if plain["altavoz_decisions"] != DECISIONS_FORMAT:
        raise _bad(where, f"its format is not {DECISIONS_FORMAT}")
    rows = plain.get("decisions")
    if not isinstance(rows, list) or len(rows) > MOST_DECISIONS:
        raise _bad(where, "its decisions are missing, or too many")
    takes = tuple(_heard(row, where) for row in rows)
    if len({(one.segment, one.language, one.line) for one in takes}) < len(takes):
        raise _bad(where, "it decides one take twice")
    return Decisions(network=_text(plain, "network", where), takes=takes)


def _heard(row: object, where: str) -> HeardTake:
    if not isinstance(row, dict):
        raise _bad(where, "one of its decisions is none")
    segment, language = _text(row, "segment", where), _text(row, "language", where)
    line, heard = row.get("line"), _text(row, "heard", where)
    # type() and not isinstance: true is an int
    if not is_id(segment) or not is_known(language) or type(line) is not int:
        raise _bad(where, f"one of its decisions names no take: {shown(segment)}")
    if not WHOLE <= line <= _LAST_LINE or not _DIGEST.match(heard):
        raise _bad(where, f"the line or digest of {segment} is wrong")
    return HeardTake(
        segment=segment,
        language=LanguageTag(language),
        line=line,
        heard=Digest(heard),
        decision=_decision(row, f"{segment} {language}", where),
    )


def _decision(row: Mapping[str, Any], take: str, where: str) -> TakeDecision:
    word = _text(row, "decision", where)
    if word not in {TakeReview.ACCEPTED, TakeReview.REJECTED}:
        raise _bad(where, f"{shown(word)} is neither accepted nor rejected, for {take}")
    reason = plain_reason(_text(row, "reason", where))
    if len(reason) > MOST_REASON:
        raise _bad(where, f"the reason for {take} is longer than {MOST_REASON} characters")
    review = TakeReview(word)
    if review is TakeReview.REJECTED and not reason:
        raise _bad(where, f"{take} is rejected without a reason")
    return TakeDecision(review=review, reason=reason)


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        raise _bad(where, f"it has no {key}")
    return value


def _bad(where: str, what: str) -> ProductionError:
    return ProductionError(
        f"this is no {DECISIONS_FILE}: {what}",
        where=where,
        remedy="make a new page with altavoz takes review, and decide there",
    )
