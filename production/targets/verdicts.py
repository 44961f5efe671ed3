"""What is found at a target when it is read back: a verdict for each object, and what to do."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from programme.digests import Plain
from programme.errors import ExitCode


class TargetVerdict(StrEnum):
    """How an object of a target stands."""

    OK = "ok"
    MISSING = "missing"
    """It must be there, and is not."""
    ALTERED = "altered"
    """Other bytes stand there than were published."""
    DANGLING = "dangling"
    """It names what is not there."""
    WITHDRAWN = "withdrawn"
    """It was withdrawn, and is still there; or it names what was."""
    UNSERVED = "unserved"
    """Listeners do not get what stands there."""
    LEDGER = "ledger"
    """The ledger kept there is damaged, or tells of what this workspace does not know."""
    EXPIRED = "expired"
    """It shows what is past its day, or is that itself."""
    DIFFERS = "differs"
    """It is not what a publish would send now, and nobody here noted what was sent."""
    FOREIGN = "foreign"
    """Neither the ledger nor any page of ours knows it."""
    OUTDATED = "outdated"
    """It is as it was sent; a publish would change it."""
    LEFTOVER = "leftover"
    """It is ours, and nothing needs it any more."""
    UNFINISHED = "unfinished"
    """A publish goes on, or was stopped."""


REMEDIES = {
    TargetVerdict.MISSING: "altavoz publish sends it again; if it is gone here, too: altavoz build",
    TargetVerdict.ALTERED: "find out who may write there, and change the keys if it was nobody of "
    "yours; then delete it there and run altavoz publish, which sends it again",
    TargetVerdict.DANGLING: "altavoz publish puts it right",
    TargetVerdict.WITHDRAWN: "altavoz gc TARGET removes it; then empty the caches of your provider "
    "(CDN), which may keep it for a day",
    TargetVerdict.UNSERVED: "empty the caches of your provider (CDN), which may be right for five "
    "minutes after a publish; then see: altavoz targets test",
    TargetVerdict.LEDGER: "take releases.jsonl from git; or see what stands there: "
    "altavoz release rebuild TARGET --dry-run",
    TargetVerdict.EXPIRED: "altavoz publish takes it out; let a timer do that every day",
    TargetVerdict.DIFFERS: "see what would change: altavoz publish --dry-run --full; then publish",
    TargetVerdict.FOREIGN: "look at who put it there; if it belongs there, say so with --known, "
    "otherwise delete it: Altavoz removes nothing that it does not know",
    TargetVerdict.OUTDATED: "altavoz publish, when you are ready",
    TargetVerdict.LEFTOVER: "nothing; altavoz gc TARGET removes it when it is old enough",
    TargetVerdict.UNFINISHED: "if nobody publishes now: altavoz publish goes on from there",
}
"""What to do about each."""

_BROKEN = frozenset(
    {
        TargetVerdict.MISSING,
        TargetVerdict.ALTERED,
        TargetVerdict.DANGLING,
        TargetVerdict.WITHDRAWN,
        TargetVerdict.UNSERVED,
        TargetVerdict.LEDGER,
    }
)
_STRANGE = frozenset({TargetVerdict.FOREIGN, TargetVerdict.DIFFERS})
_ORDER = list(TargetVerdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One object of a target, and how it stands."""

    key: str
    verdict: TargetVerdict
    problem: str = ""
    """In words; empty where nothing is wrong."""
    length_bytes: int | None = None
    """That stands there; None where nothing does."""
    is_read: bool = False
    """Whether every byte of it was read; otherwise its length and its place were looked at."""

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return {
            "key": self.key,
            "verdict": self.verdict.value,
            "problem": self.problem,
            "bytes": self.length_bytes,
            "read": self.is_read,
        }


@dataclass(slots=True, kw_only=True)
class TargetReport:
    """What came of reading a target back."""

    target: str
    place: str
    seed: str
    """By which objects were chosen to be read; the same seed chooses the same."""
    objects: list[Judged] = field(default_factory=list)
    read_bytes: int = 0

    @property
    def code(self) -> ExitCode:
        """Give the exit code of a command: of the worst that was found."""
        verdicts = {one.verdict for one in self.objects}
        if verdicts & _BROKEN:
            return ExitCode.TARGET
        if TargetVerdict.EXPIRED in verdicts:
            return ExitCode.EXPIRED
        return ExitCode.FINDINGS if verdicts & _STRANGE else ExitCode.OK

    def counts(self) -> dict[str, int]:
        """Give how many objects have each verdict, in the order of their weight."""
        found = Counter(one.verdict for one in self.objects)
        return {verdict.value: found[verdict] for verdict in _ORDER if found[verdict]}

    def told(self) -> list[Judged]:
        """Give all that is not as it should be, the worst first."""
        found = [one for one in self.objects if one.verdict is not TargetVerdict.OK]
        return sorted(found, key=lambda one: (_ORDER.index(one.verdict), one.key))

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return {
            "target": self.target,
            "place": self.place,
            "seed": self.seed,
            "ok": self.code == ExitCode.OK,
            "exit_code": int(self.code),
            "counts": dict(self.counts()),
            "read": sum(one.is_read for one in self.objects),
            "read_bytes": self.read_bytes,
            "objects": [one.plain() for one in sorted(self.objects, key=lambda one: one.key)],
            "remedies": {
                verdict.value: REMEDIES[verdict]
                for verdict in _ORDER
                if verdict in REMEDIES and verdict in {one.verdict for one in self.objects}
            },
        }


def worst(found: Iterable[tuple[TargetVerdict, str]]) -> tuple[TargetVerdict, str]:
    """Give the worst of several things that were found of one object; OK where there are none."""
    told = sorted(found, key=lambda one: _ORDER.index(one[0]))
    # OK is the first of the order, and what is said of an object is never that.
    return told[0] if told else (TargetVerdict.OK, "")
