"""What is said on the terminal of what went out, was changed or was withdrawn."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from commands.terminal import out, show_error, talk_wrapped
from programme.wording import counted

if TYPE_CHECKING:
    from production.publish.publishing import PublishReport
    from production.releases.diff import FeedDiff
    from production.releases.work import OrderReport
    from scripts.workspace import Workspace


def print_order(report: "OrderReport", workspace: "Workspace", *, full: bool) -> None:
    """Say what became of an order to correct, replace, mend, withdraw or end."""
    from production.releases.work import finish_lines

    published = report.published
    print_changes(published)
    news = published.changes or published.withdrawn or published.notices
    if not news and published.sent and not published.dry_run:
        out("Finished what an earlier run had written into the ledger.")
    for edition in report.same:
        out(f"nothing to change: {'/'.join(edition)}")
    if published.dry_run:
        print_diffs(published.diffs, full=full)
    print_deeds(published, full=full)
    verb = "would be sent" if published.dry_run else "sent"
    out(f"{published.place}: {len(published.sent)} objects {verb}, {published.kept} there already.")
    print_told(published)
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


def print_deeds(report: "PublishReport", *, full: bool) -> None:
    """List what would be done with each object, or what was taken away.

    Args:
        report: of a run, or of a dry run.
        full: also name each object that stays as it is.
    """
    from production.publish.deeds import Doing
    from production.tables import size

    if not report.dry_run:
        for key in report.removed:
            out(f"removed {key}")
        return
    for deed in report.deeds:
        if deed.doing is not Doing.KEEP or full:
            out(f"{deed.doing} {deed.key}, {size(deed.length_bytes)}: {deed.why}")
    if not full:
        for why, count in report.deeds.kept.items():
            out(f"keep {counted(count, 'object')}: {why}")
    out(f"in all {size(report.deeds.sent_bytes)} to send")


def print_told(report: "PublishReport") -> None:
    """Say what an operator should know besides what was sent."""
    if report.taken_over:
        talk_wrapped(report.taken_over)
    if report.deeds.healed:
        verb = "would be sent" if report.dry_run else "was sent"
        count = counted(len(report.deeds.healed), "file")
        talk_wrapped(f"{count} was missing at the target, and {verb} again from the store")
    for key in report.lost:
        talk_wrapped(
            f"{key}, of a spoken notice, is not at the target any more and not here either. Copy "
            "it back there, or order the retraction again: altavoz release retract."
        )
    hub = report.hub
    if hub is not None and hub.told:
        out(f"told the hub {hub.hub} of {counted(len(hub.told), 'feed')}")
    if hub is not None and hub.failed:
        feed, why = hub.failed[0]
        talk_wrapped(
            f"the hub {hub.hub} was not told of {counted(len(hub.failed), 'feed')}, such as "
            f"{feed}: {why}. All is published; programs find it the next time that they look."
        )


def print_diffs(diffs: "Iterable[FeedDiff]", *, full: bool) -> None:
    """Show what every feed would say; documents that only follow a feed are counted."""
    from production.releases.diff import diff_lines

    follow = 0
    for diff in diffs:
        if not diff.items and not full:
            follow += 1
            continue
        for line in diff_lines(diff, full=full):
            out(line)
    if follow:
        out(f"and {follow} documents beside them, such as JSON Feeds")
