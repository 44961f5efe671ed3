"""Results of commands as plain values, for --json."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from production.building import BuildReport, BuiltEdition
from production.records import plain_loudness, plain_row
from production.selection import LeftOut
from production.tables import ToRecord, recording_list
from scripts.workspace import Workspace

if TYPE_CHECKING:
    from production.packs.packing import BuiltPack
    from production.publish.publishing import PublishReport
    from programme.digests import Plain
    from programme.editions import Edition


def build_report(workspace: Workspace, report: BuildReport) -> dict[str, Any]:
    """Give a build: editions, what was left out, what people must record, what ran."""
    return {
        "editions": [edition_report(item) for item in report.editions],
        "left_out": [left_out_report(item) for item in report.left_out],
        "to_record": [to_record_report(r) for r in recording_list(workspace, report.left_out)],
        "ran": {kind.value: count for kind, count in report.run.ran.items()},
        "reasons": [{"step": label, "reason": str(why)} for label, why in report.run.reasons],
        "failures": [
            {"problem": e.problem, "where": e.where, "remedy": e.remedy, "code": int(e.code)}
            for e in report.failures
        ],
        "removed": list(report.removed),
    }


def _counted(edition: "Edition") -> "Plain":
    """Count what nobody counted when it was made."""
    from production.companions import caption_figures  # with all that renders captions

    return caption_figures(edition)


def edition_report(item: BuiltEdition) -> dict[str, Any]:
    """Give one edition: what it is, how it measures, where its files are."""
    edition = item.edition
    return {
        "series": edition.series,
        "episode": edition.episode,
        "language": edition.language,
        "profile": edition.profile,
        "station": item.station,
        "title": edition.title,
        "duration_ms": edition.duration_ms,
        "expires": edition.expires.isoformat(),
        "synthetic_voice": edition.synthetic_voice,
        "draft_voice": edition.draft_voice,
        "words_per_minute": edition.words_per_minute,
        "words_per_minute_asked": edition.words_per_minute_asked,
        "words_per_minute_overall": edition.words_per_minute_overall,
        "demo": edition.demo,
        "segments": list(edition.segments),
        "captions": item.captions or _counted(edition),
        "renditions": [
            {
                "id": r.id,
                "sha256": r.digest,
                "bytes": r.length_bytes,
                "type": r.media_type,
                "loudness": plain_loudness(r.loudness),
            }
            for r in edition.renditions
        ],
        "files": {name: str(path) for name, path in item.files.items()},
    }


def left_out_report(item: LeftOut) -> dict[str, str]:
    """Give one thing that is left out."""
    return {
        "series": item.series,
        "episode": item.episode,
        "language": item.language,
        "segment": item.segment,
        "station": item.station,
        "cause": item.cause.value,
        "problem": item.problem,
        "remedy": item.remedy,
    }


def to_record_report(row: ToRecord) -> dict[str, Any]:
    """Give one segment that a person must record."""
    return {
        "language": row.language,
        "segment": row.segment,
        "title": row.title,
        "sentences": row.sentences,
    }


def packs_report(packs: Iterable["BuiltPack"]) -> list[dict[str, Any]]:
    """Give the packs."""
    return [
        {
            "station": pack.station,
            "file": str(pack.path),
            "serial": pack.serial,
            "issued": pack.issued.isoformat(),
            "valid_until": pack.valid_until.isoformat(),
            "sha256": pack.digest,
            "bytes": pack.length_bytes,
            "editions": pack.editions,
            "languages": list(pack.languages),
            "unchanged": pack.unchanged,
            "signed_by": pack.signed_by or None,
            "recalls": [
                {
                    "series": one.series,
                    "episode": one.episode,
                    "language": one.language,
                    "kind": one.kind.value,
                    "since": one.since.isoformat(),
                    "files": [file.path for file in one.files],
                }
                for one in pack.recalls
            ],
            "notices": pack.notices,
            "remarks": [plain_row(one) for one in pack.remarks],
            "unspoken": [
                {
                    "kind": one.kind.value,
                    "language": one.language,
                    "problem": one.problem,
                    "remedy": one.remedy,
                }
                for one in pack.unspoken
            ],
        }
        for pack in packs
    ]


def publish_report(report: "PublishReport", root: Path) -> dict[str, Any]:
    """Give a publication."""
    return {
        "target": report.target,
        "place": report.place,
        "workspace": str(root),
        "dry_run": report.dry_run,
        "undrawn": dict(report.undrawn),
        "changes": [
            {
                "change": change.value,
                "series": release.series,
                "episode": release.episode,
                "language": release.language,
                "guid": release.guid,
                "title": release.title,
            }
            for change, release in report.changes
        ],
        "withdrawn": [
            {
                "kind": gone.kind.value,
                "series": gone.series,
                "episode": gone.episode,
                "language": gone.language,
                "guid": gone.guid,
                "reason": gone.reason,
                "spoken": gone.sound is not None,
            }
            for gone in report.withdrawn
        ],
        "notices": [
            {"guid": notice.guid, "title": notice.title, "language": notice.language}
            for notice in report.notices
        ],
        "kept_out": [release.guid for release in report.kept_out],
        "ran_out": [release.guid for release in report.ran_out],
        "wordless": list(report.wordless),
        "lost": list(report.lost),
        "taken_over": report.taken_over or None,
        "serial": report.serial,
        "objects": report.deeds.plain(),
        "bytes": report.deeds.sent_bytes,
        "hub": None
        if report.hub is None
        else {
            "url": report.hub.hub,
            "told": list(report.hub.told),
            "failed": [list(one) for one in report.hub.failed],
        },
        "diffs": [diff.plain() for diff in report.diffs],
        "sent": list(report.sent),
        "kept": report.kept,
        "removed": list(report.removed),
        "feeds": list(report.feeds),
        "stale": [
            {
                "series": release.series,
                "episode": release.episode,
                "language": release.language,
                "guid": release.guid,
                "title": release.title,
            }
            for release in report.stale
        ],
    }
