"""The head of a target, ``publish.json``: whose place it is, who publishes there, what it knows.

It is the one object by which publishers see each other: whoever publishes first puts a claim into
it, by compare-and-swap, and takes the claim out when all is done. The serial grows by one with
every publish that changed anything. It names the parts of the ledger that stand at the target.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from production.targets.base import check_key
from programme.digests import Plain, canonical_json
from programme.errors import ExitCode, ProductionError
from programme.units import Digest, Key

HEAD_KEY = Key("publish.json")
HEAD_TYPE = "application/json"
LEDGER_FOLDER = "ledger/"
"""How the keys of the ledger's parts begin."""

LABEL_LETTERS = 60
"""The most that a publisher's label may have."""

MOST_BYTES = 1 << 20
"""What is longer is no head: one names a few dozen parts at most."""

_FORMAT = "altavoz-target/"
_VERSION = f"{_FORMAT}1"
_RUN = re.compile(r"[0-9a-f]{16}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_NETWORK = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A publish that is going on, or that was stopped."""

    by: str
    """A public label, such as a role; never a person's, a user's or a machine's name."""
    since: datetime
    """Aware, UTC, by the publisher's clock."""
    alive: datetime
    """When it last said that it goes on; like ``since`` at first."""
    run: str
    """16 hexadecimal digits; the first 8 are of the workspace, the others of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last publish that was finished."""

    by: str
    at: datetime
    """Aware, UTC, by the publisher's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPart:
    """Some lines of the ledger that stand at the target as one object."""

    key: Key
    lines: int
    digest: Digest
    """Of the object's bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What ``publish.json`` says."""

    network: str
    """Id of the network whose place it is."""
    serial: int = 0
    """How many publishes changed something; 0 before the first is finished."""
    claim: Claim | None = None
    """None while nobody publishes."""
    last: Last | None = None
    """None before the first publish is finished."""
    ledger: tuple[LedgerPart, ...] = ()
    """In the order of their lines, oldest first."""


def is_label(text: str) -> bool:
    """Tell whether a text may name a publisher in public."""
    return text.isprintable() and text == text.strip() and 0 < len(text) <= LABEL_LETTERS


def render_head(head: Head) -> bytes:
    """Write a head; equal heads give equal bytes."""
    claim, last = head.claim, head.last
    parts: list[Plain] = [
        {"key": part.key, "lines": part.lines, "digest": part.digest} for part in head.ledger
    ]
    facts: dict[str, Plain] = {
        "format": _VERSION,
        "network": head.network,
        "serial": head.serial,
        "claim": None
        if claim is None
        else {
            "by": claim.by,
            "since": _written(claim.since),
            "alive": _written(claim.alive),
            "run": claim.run,
        },
        "last": None if last is None else {"by": last.by, "at": _written(last.at)},
        "ledger": parts,
    }
    return (canonical_json(facts) + "\n").encode()


def parse_head(data: bytes | None, *, where: str) -> Head | None:
    """Read a head back; None where there is none.

    Args:
        data: its bytes, from a stranger for all that is known.
        where: the target and the key, for messages.

    Raises:
        ProductionError: code TARGET; it is something else, damaged, or of a newer Altavoz.
    """
    if data is None:
        return None
    try:
        return _head(_facts(data))
    except _NewerError as newer:
        raise ProductionError(
            "a newer Altavoz publishes here",
            where=where,
            remedy="bring this Altavoz up to date, then publish again",
            code=ExitCode.TARGET,
        ) from newer
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ProductionError(
            "this is not the head that Altavoz keeps at a target",
            where=where,
            remedy="look at what wrote it; if Altavoz has published here, take the file back from "
            "a copy, or delete it: the next publish reads what stands there and writes it anew",
            code=ExitCode.TARGET,
        ) from error


class _NewerError(Exception):
    """The format is known by name, and not in this version."""


def _facts(data: bytes) -> Mapping[str, Any]:
    if len(data) > MOST_BYTES:
        raise ValueError("too long")
    facts = json.loads(data)
    told = facts["format"]
    if told != _VERSION:
        if isinstance(told, str) and told.startswith(_FORMAT):
            raise _NewerError(told)
        raise ValueError(told)
    return dict(facts)


def _head(facts: Mapping[str, Any]) -> Head:
    claim, last = facts["claim"], facts["last"]
    return Head(
        network=_matching(_NETWORK, facts["network"]),
        serial=_count(facts["serial"]),
        claim=None
        if claim is None
        else Claim(
            by=_label(claim["by"]),
            since=_moment(claim["since"]),
            alive=_moment(claim.get("alive", claim["since"])),
            run=_matching(_RUN, claim["run"]),
        ),
        last=None if last is None else Last(by=_label(last["by"]), at=_moment(last["at"])),
        ledger=_parts(facts["ledger"]),
    )


def _parts(rows: Sequence[Mapping[str, Any]]) -> tuple[LedgerPart, ...]:
    found = tuple(
        LedgerPart(
            key=_ledger_key(row["key"]),
            lines=_count(row["lines"]),
            digest=Digest(_matching(_DIGEST, row["digest"])),
        )
        for row in rows
    )
    if len({part.key for part in found}) < len(found):
        raise ValueError("a part is named twice")
    return found


def _ledger_key(text: str) -> Key:
    check_key(text)
    if not text.startswith(LEDGER_FOLDER):
        raise ValueError(text)
    return Key(text)


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.match(text):
        raise ValueError(text)
    return text


def _label(text: str) -> str:
    if not is_label(text):
        raise ValueError(text)
    return text


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 53:
        raise ValueError(value)
    return value


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
