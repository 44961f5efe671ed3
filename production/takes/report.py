"""What an import of takes did, as a table that fits 80 columns, as lines, and for programs."""

from dataclasses import asdict
from typing import Any

from production.tables import Table
from production.takes.importing import ImportedTake, TakeImport
from production.takes.words import fault_words, good_words
from programme.takes import TakeQuality
from programme.units import LanguageTag
from scripts.cross_recordings import lines_told, named
from scripts.take_names import WHOLE
from scripts.wording import shown

_DB = 1


def import_table(done: TakeImport, *, dry_run: bool) -> Table:
    """Give a row for each take: what it is, how it measures, what became of it."""
    rows = []
    for take in done.takes:
        quality = take.quality
        rows.append(
            (
                take.name.stem,
                f"{quality.speech_s:.1f} s",
                "" if quality.snr_db is None else f"{quality.snr_db:.0f} dB",
                take.verdict.value,
                outcome(take, dry_run=dry_run),
            )
        )
    return Table(
        columns=("take", "speech", "over noise", "verdict", "what becomes of it"),
        rows=tuple(rows),
        right=frozenset({1, 2}),
    )


def outcome(take: ImportedTake, *, dry_run: bool = False) -> str:
    """Say in a few words what became of a take."""
    if take.held:
        return "not kept"
    if take.same:
        return "there already"
    kept = "would be kept" if dry_run else "kept"
    if take.stale:
        return f"{kept}, stale"
    return f"{kept}, airs" if take.airs else f"{kept}, waits for review"


def import_lines(done: TakeImport, language: LanguageTag) -> list[str]:
    """Say what is wrong with takes, which are stale, what was refused, and what is missing."""
    told: list[str] = []
    for take in done.takes:
        told += _take_lines(take, language)
    for refusal in done.arrivals.refused:
        told += [f"{refusal.name}: {refusal.problem}", f"  {refusal.remedy}"]
    for (segment, tag), lines in done.missing.items():
        if lines:
            told.append(f"{segment} {tag}: {lines_told(lines)} still to be recorded")
    return told


def _take_lines(take: ImportedTake, language: LanguageTag) -> list[str]:
    told = [
        f"{take.name.stem}: {heard} {remedy}"
        for heard, remedy in (fault_words(fault, language) for fault in take.faults)
    ]
    if take.stale:
        lines = tuple(line for line in take.stale if line)
        what = f"{named(lines)} of its text changed" if lines else "its text changed"
        told.append(f"{take.name.stem}: {what} since it was handed out: record it again.")
    if take.held:
        told.append(f"{take.name.stem}: {take.held}")
    return told


def plain_import(done: TakeImport, language: LanguageTag, *, dry_run: bool) -> dict[str, Any]:
    """Give an import for --json."""
    return {
        "takes": [
            {
                "file": shown(take.file, most=300),
                "segment": take.name.segment,
                "language": take.name.language,
                "line": take.name.line or None,
                "verdict": take.verdict.value,
                "faults": [fault.value for fault in take.faults],
                "words": [list(fault_words(fault, language)) for fault in take.faults]
                or [[good_words(language), ""]],
                "stale_lines": [line for line in take.stale if line != WHOLE],
                "stale": bool(take.stale),
                "outcome": outcome(take, dry_run=dry_run),
                "held": take.held,
                "airs": take.airs and not take.held,
                "quality": plain_quality(take.quality),
            }
            for take in done.takes
        ],
        "refused": [asdict(one) for one in done.arrivals.refused],
        "replaced": sorted(
            f"recordings/{segment}/{tag}/{name}"
            for (segment, tag), kept in done.kept.items()
            for name in kept.replaced
        ),
        "missing": [
            {"segment": segment, "language": tag, "lines": list(lines)}
            for (segment, tag), lines in done.missing.items()
        ],
    }


def plain_quality(quality: TakeQuality) -> dict[str, Any]:
    """Give what was measured, rounded; what is endless or unknown is null."""
    plain: dict[str, Any] = {}
    for name, value in asdict(quality).items():
        if isinstance(value, float):
            digits = _DB if name.endswith("_db") else 3
            plain[name] = round(value, digits) if abs(value) < float("inf") else None
        else:
            plain[name] = value
    return plain
