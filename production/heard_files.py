"""What is in a finished file: its tags and cue points, read once and remembered by its digest."""

from pathlib import Path

from audio.cue_points import find_heard
from audio.file_tags import file_tags
from production.journal import Journal, Result
from programme.digests import Plain, fingerprint
from programme.units import Digest, DurationMs
from stations.deliveries import CuePoints

_VERSION = 1
"""Raised when the same file would be read otherwise."""


def look_into(
    journal: Journal, path: Path, digest: Digest, suffix: str
) -> tuple[CuePoints, dict[str, str]]:
    """Give where a file begins and ends to be heard, and what it says of itself.

    Args:
        journal: remembers it.
        path: of the file, under whatever name.
        digest: of its bytes.
        suffix: how its name ends at a station.

    Raises:
        ProductionError: the file is missing or damaged.
    """
    asked: dict[str, Plain] = {"kind": "file", "digest": digest, "suffix": suffix, "v": _VERSION}
    key = fingerprint(asked)
    known = journal.result(key)
    if known is None:
        heard = find_heard(path)
        facts: dict[str, Plain] = {
            "cues": [heard.start_ms, heard.end_ms],
            "tags": file_tags(path, suffix),
        }
        known = Result(outputs={}, facts=facts)
        journal.record(key, f"file {digest}", asked, known)
    row: dict[str, object] = dict(known.facts)
    return _cues(row["cues"]), _tags(row["tags"])


def _cues(row: object) -> CuePoints:
    first, last = row if isinstance(row, list) else (0, 0)
    return CuePoints(cue_in_ms=DurationMs(int(first)), cue_out_ms=DurationMs(int(last)))


def _tags(row: object) -> dict[str, str]:
    return {str(name): str(text) for name, text in row.items()} if isinstance(row, dict) else {}
