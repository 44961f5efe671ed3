"""What a stick's plan and its copying say: to people as lines, to programs as plain values."""

from typing import Any

from production.sticks.planning import StickPlan, shown
from production.sticks.writing import StickReport
from production.tables import size
from programme.wording import counted


def plan_lines(plan: StickPlan) -> list[str]:
    """Say what would be done, in the order in which it would be."""
    lines = [_disk_line(plan)]
    lines += [f"delete {shown(path)}" for path in plan.removed]
    lines += [f"copy {one.path}" for one in plan.written]
    lines.append(
        f"{counted(len(plan.removed), 'file')} would be deleted, "
        f"{counted(len(plan.written), 'file')} copied, {len(plan.kept)} stay."
    )
    return lines + _notes(plan)


def report_lines(plan: StickPlan, report: StickReport) -> list[str]:
    """Say what was done, and what the stick holds now."""
    lines = [
        _disk_line(plan),
        (
            f"{counted(report.removed, 'file')} deleted, {counted(report.written, 'file')} copied "
            f"({size(report.written_bytes)}), {report.kept} were there already."
        ),
        f"Read back and compared: {size(report.read_back_bytes)}"
        + ("." if report.past_cache else ", perhaps from this computer's memory."),
    ]
    if report.in_order is True:
        lines.append("The folders of the stick list its files in play order.")
    elif report.in_order is False:
        lines.append(
            "Look at: the stick lists its files in another order than they are to be played, as "
            "it has gaps of deleted files. Run fatsort on it, or format it and run this again."
        )
    lines.append("Eject the stick before you pull it out.")
    return lines + _notes(plan)


def plain_plan(plan: StickPlan) -> dict[str, Any]:
    """Give a plan for --json."""
    return {
        "folder": str(plan.folder),
        "file_system": plan.disk.kind,
        "keeps_order": plan.disk.keeps_order,
        "free_bytes": plan.disk.free_bytes,
        "needed_bytes": plan.needed_bytes,
        "delete": [shown(path) for path in plan.removed],
        "copy": [one.path for one in plan.written],
        "stay": sorted(plan.kept),
        "notes": list(plan.notes),
    }


def plain_report(report: StickReport) -> dict[str, Any]:
    """Give what was done for --json, beside the plan."""
    return {
        "deleted": report.removed,
        "copied": report.written,
        "stayed": report.kept,
        "copied_bytes": report.written_bytes,
        "read_back_bytes": report.read_back_bytes,
        "read_past_cache": report.past_cache,
        "in_order": report.in_order,
    }


def _disk_line(plan: StickPlan) -> str:
    kind = plan.disk.kind or "file system unknown"
    return f"{plan.folder}: {kind}, {size(plan.disk.free_bytes)} free"


def _notes(plan: StickPlan) -> list[str]:
    return [f"Look at: {note}" for note in plan.notes]
