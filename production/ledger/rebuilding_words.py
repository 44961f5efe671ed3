"""What a rebuilt ledger holds and lacks, in words and for a program."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from production.ledger.ledger import LEDGER_FILE
from production.ledger.rebuilding import Rebuilt
from production.ledger.salvage import Found
from programme.digests import Plain
from programme.wording import counted

_MOST_SHOWN = 8


def rebuilt_lines(rebuilt: Rebuilt, *, dry_run: bool, kept: Path | None) -> Iterator[str]:
    """Give a rebuilt ledger as lines for a terminal.

    Args:
        rebuilt: the ledger.
        dry_run: whether nothing was written.
        kept: the copy of a damaged ledger.
    """
    found, held = len(rebuilt.found), rebuilt.held
    if not rebuilt.is_changed:
        yield f"{LEDGER_FILE} holds all that {rebuilt.target} tells, {counted(held, 'line')}."
    else:
        verb = "would be found" if dry_run else "found"
        yield f"{counted(found, 'line')} {verb} at {rebuilt.target}, {held} were here whole."
    if kept is not None:
        yield f"The damaged ledger is kept as {kept.name}."
    yield from _damaged(rebuilt)
    if rebuilt.ahead:
        lines = counted(rebuilt.ahead, "line")
        yield f"{lines} here that {rebuilt.target} has not yet: the next publish brings them."
    yield from _at_the_target(rebuilt)
    yield from _not_there(rebuilt)


def _damaged(rebuilt: Rebuilt) -> Iterator[str]:
    for one in rebuilt.damaged:
        kind = f" ({one.kind})" if one.kind else ""
        match one.found:
            case Found.AGAIN:
                yield f"line {one.number}{kind} was damaged, and is found again."
            case Found.ALIKE:
                yield f"line {one.number}{kind} was cut; a line that begins so is found again."
            case Found.NOT:
                yield (
                    f"NOT FOUND AGAIN: line {one.number}{kind} of your ledger, which was damaged; "
                    "take it from git or from a copy"
                )


def _at_the_target(rebuilt: Rebuilt) -> Iterator[str]:
    for part in rebuilt.parts:
        yield f"NOT WHOLE at the target: {part.key}; {part.left} of {part.lines} lines were left"
    yield from _some([f"NOT TAKEN from the target: {one}" for one in rebuilt.refused])
    yield from _some(
        [
            f"LOST: {feed} shows {guid}, of which no line tells; take {LEDGER_FILE} from whoever "
            "published it"
            for feed, guid in rebuilt.untold
        ]
    )
    yield from _some(
        [
            f"missing at the target: {key}{f' of {guid}' if guid else ''}; build and publish "
            "again, or take it back from a copy"
            for guid, key in rebuilt.missing
        ]
    )


def _not_there(rebuilt: Rebuilt) -> Iterator[str]:
    """Say what cannot be known from any target."""
    if not rebuilt.is_changed:
        return
    if rebuilt.is_new:
        yield (
            "Cannot be found at any target: which packs were made, with which serials, for which "
            "stations, and where they went. A pack that is made now begins again with number 1, "
            "and whoever has a higher number refuses it: take those lines from git or from a copy "
            "before you pack."
        )
    elif any(one.found is Found.NOT for one in rebuilt.damaged):
        yield (
            "Packs and shipments stand at no target. Where the newest line of a pack is lost, the "
            "next one gets a number that was used: take it from git or from a copy before you pack."
        )
    elif rebuilt.found:
        yield (
            "Lines about packs and shipments stand at no target: if some were lost too, only git "
            "or a copy has them."
        )
    if rebuilt.elsewhere and (rebuilt.is_new or rebuilt.damaged):
        names = ", ".join(rebuilt.elsewhere)
        yield f"Other targets know what went there: altavoz release rebuild, for {names}."


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST_SHOWN]
    if len(lines) > _MOST_SHOWN:
        yield f"... and {len(lines) - _MOST_SHOWN} more; --json has all of them"


def rebuilt_plain(rebuilt: Rebuilt, *, dry_run: bool, kept: Path | None) -> dict[str, Plain]:
    """Give it for --json."""
    return {
        "target": rebuilt.target,
        "dry_run": dry_run,
        "changed": rebuilt.is_changed,
        "complete": rebuilt.is_complete,
        "lines": len(rebuilt.lines),
        "held": rebuilt.held,
        "found": len(rebuilt.found),
        "ahead": rebuilt.ahead,
        "kept": kept.name if kept else "",
        "damaged": [
            {"line": one.number, "kind": one.kind, "found": one.found.value}
            for one in rebuilt.damaged
        ],
        "parts": [{"key": one.key, "lines": one.lines, "left": one.left} for one in rebuilt.parts],
        "refused": list(rebuilt.refused),
        "untold": [{"feed": feed, "guid": guid} for feed, guid in rebuilt.untold],
        "missing": [{"guid": guid, "key": key} for guid, key in rebuilt.missing],
        "elsewhere": list(rebuilt.elsewhere),
    }
