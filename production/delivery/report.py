"""Deliveries as tables, lines and values for --json."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from production.delivery.delivering import Delivered
from production.tables import Table, size


def deliveries_table(delivered: Sequence[Delivered], root: Path) -> Table:
    """Give one row per station."""
    return Table(
        columns=("station", "program", "editions", "size", "written", "removed", "days", "folder"),
        rows=tuple(
            (
                one.station,
                one.program,
                str(one.editions),
                size(one.length_bytes),
                str(len(one.changes.written)),
                str(len(one.changes.removed)),
                str(one.days) if one.days else "",
                _shown(one.path, root),
            )
            for one in delivered
        ),
        right=frozenset({2, 3, 4, 5, 6}),
    )


def delivery_lines(delivered: Iterable[Delivered]) -> Iterator[str]:
    """Say what needs a hand: what must be deleted from a library of the station's own."""
    for one in delivered:
        for gone in one.removed if one.keeps_copies else ():
            yield (
                f"{one.station}: {one.program} has a copy of its own. Delete in it: "
                f"{gone.title} ({gone.language}), {gone.kind.value} since {gone.since}"
            )
        if not one.editions:
            yield f"{one.station}: there is nothing that it may play today"


def deliveries_report(delivered: Iterable[Delivered]) -> list[dict[str, Any]]:
    """Give deliveries for --json."""
    return [
        {
            "station": one.station,
            "program": one.program,
            "folder": str(one.path),
            "editions": one.editions,
            "bytes": one.length_bytes,
            "days": one.days,
            "written": list(one.changes.written),
            "removed_files": list(one.changes.removed),
            "kept": one.changes.kept,
            "taken": list(one.changes.taken),
            "removed": [
                {
                    "series": gone.series,
                    "episode": gone.episode,
                    "language": gone.language,
                    "title": gone.title,
                    "kind": gone.kind.value,
                    "since": gone.since.isoformat(),
                    "files": list(gone.files),
                }
                for gone in one.removed
            ],
            "delete_by_hand": one.keeps_copies,
        }
        for one in delivered
    ]


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
