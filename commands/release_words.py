"""What is said on the terminal of what went out, was changed or was withdrawn."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from commands.terminal import out, show_error, talk_wrapped

if TYPE_CHECKING:
    from production.publishing import PublishReport
    from production.release_diff import FeedDiff
    from production.release_work import OrderReport
    from scripts.workspace import Workspace


def print_order(report: "OrderReport", workspace: "Workspace", *, full: bool) -> None:
    """Say what became of an order to correct, replace, mend, withdraw or end."""
    from production.release_work import finish_lines

    published = report.published
    print_changes(published)
    news = published.changes or published.withdrawn or published.notices
    if not news and published.sent and not published.dry_run:
        out("Finished what an earlier run had written into the ledger.")
    for edition in report.same:
        out(f"nothing to change: {'/'.join(edition)}")
    if published.dry_run:
        print_diffs(published.diffs, full=full)
    verb = "would be sent" if published.dry_run else "sent"
    out(f"{published.place}: {len(published.sent)} objects {verb}, {published.kept} there already.")
    for line in finish_lines(published, workspace.network.languages):
        out(line)
    _print_undone(report)
    for step in report.next_steps():
        out(f"next: {step}")


def _print_undone(report: "OrderReport") -> None:
    from production.tables import left_out_lines

    for error in report.unspoken:
        show_error(error)
    for edition in report.missing:
        out(f"NOT DONE, listeners still have the old one: {'/'.join(edition)}")
    for line in left_out_lines(report.left_out):
        out(f"  {line}")


def print_changes(report: "PublishReport") -> None:
    """Say what went out, what was withdrawn, and what stays out."""
    for change, made in report.changes:
        out(f"{change}: {made.series} {made.episode} {made.language}: {made.title}")
    for gone in report.withdrawn:
        spoken = "with a spoken notice" if gone.sound else "WITHOUT a spoken notice"
        out(f"withdrawn, {spoken}: {gone.series} {gone.episode} {gone.language} {gone.guid}")
    for notice in report.notices:
        out(f"notice: {notice.title}")
    for kept in report.kept_out:
        place = f"{kept.series}/{kept.episode}/{kept.language}"
        out(f"stays withdrawn: {place}; put it out again with: altavoz release correct {place}")
    for key in report.wordless:
        talk_wrapped(
            f"{key} is not at the target, so a page shows no transcript. Copy it back there, "
            "delete site.json beside the feeds and publish again: every page is made anew."
        )


def print_diffs(diffs: "Iterable[FeedDiff]", *, full: bool) -> None:
    """Show what every feed would say; documents that only follow a feed are counted."""
    from production.release_diff import diff_lines

    follow = 0
    for diff in diffs:
        if not diff.items and not full:
            follow += 1
            continue
        for line in diff_lines(diff, full=full):
            out(line)
    if follow:
        out(f"and {follow} documents beside them, such as JSON Feeds")
