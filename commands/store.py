"""The commands store check, gc and stats: what lies in .altavoz, and whether it is whole."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.grace import agreed, grace_option, yes_option
from commands.terminal import out, out_wrapped, print_json, print_table
from commands.workspace import (
    dry_run_option,
    is_workspace_or_stop,
    json_option,
    now,
    read,
    today,
    workspace_option,
)
from programme.errors import ExitCode
from programme.wording import counted

if TYPE_CHECKING:
    from datetime import timedelta

    from production.store_checking import StoreChecked
    from production.store_cleaning import Doomed
    from production.store_stats import Share, StoreStats

_MOST_SHOWN = 20
"""Rows shown; --json has all."""


@click.group()
def store() -> None:
    """Look after .altavoz, where results are kept so that nothing is made twice.

    All of it may be deleted at any time: the next build makes it again.

    \b
    Example:
      altavoz store check
      altavoz store gc --dry-run
    """


@store.command()
@workspace_option
@json_option
@click.option("--repair", is_flag=True, help="Remove what is wrong; the next build makes it again.")
def check(folder: Path, as_json: bool, repair: bool) -> None:
    """Read every byte of the store, and every entry of the journal.

    Tells of what is damaged, cut short or not of the store. Nothing is removed without --repair.
    Ends with 0 where nothing is wrong, or all of it was removed; 3 otherwise.

    \b
    Example:
      altavoz store check
      altavoz store check --repair
    """
    from production.building import Workshop
    from production.store_checking import check_store
    from programme.storage import storage_errors

    is_workspace_or_stop(folder, today=today())
    root = folder.resolve()
    with storage_errors(root / ".altavoz"):
        if repair:
            # A damaged journal must be told of: opening it begins it anew in silence.
            with Workshop(root).locked():
                found = check_store(root, repair=True)
        else:
            found = check_store(root, repair=False)
    if as_json:
        print_json(_checked_json(found))
    else:
        _print_checked(found)
    if not found.is_sound:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _checked_json(found: "StoreChecked") -> dict[str, object]:
    return {
        "objects": found.objects,
        "bytes": found.length_bytes,
        "results": found.results,
        "sound": found.is_sound,
        "faults": [one.plain() for one in found.faults],
    }


def _print_checked(found: "StoreChecked") -> None:
    from production.store_checking import REMEDIES
    from production.tables import size

    for one in found.faults[:_MOST_SHOWN]:
        of = f", {one.label}" if one.label else ""
        end = "; removed" if one.removed else ""
        out_wrapped(f"{one.fault.value}: {one.place}{of}{end}")
    _print_rest(len(found.faults))
    for fault in dict.fromkeys(one.fault for one in found.faults if not one.removed):
        out_wrapped(f"What to do, {fault.value}: {REMEDIES[fault]}")
    out(
        f"{counted(found.objects, 'object')} whole, {size(found.length_bytes)}; "
        f"{found.results} results in the journal."
    )


def _print_rest(count: int) -> None:
    if count > _MOST_SHOWN:
        out(f"and {count - _MOST_SHOWN} more; see them with --json")


@store.command()
@workspace_option
@json_option
@dry_run_option
@grace_option
@yes_option
@click.option(
    "--spoken",
    is_flag=True,
    help="Also sentences in spoken/ that nothing says now: they were asked of an online voice.",
)
def gc(  # noqa: PLR0917 - options
    folder: Path, as_json: bool, dry_run: bool, grace: "timedelta", yes: bool, spoken: bool
) -> None:
    """Remove what no build, release or pack needs, once it was not used for a while.

    What the workspace asks for today stays, and so does what a release at any target consists of,
    and whatever was made or used within --grace. What goes is listed first.

    \b
    Example:
      altavoz store gc --dry-run
      altavoz store gc --grace 7d --yes
    """
    from production.building import Workshop
    from production.store_cleaning import clean_store, plan_store_cleaning

    workspace = read(folder, today=today())
    with Workshop(workspace.root).open() as workshop:
        found = plan_store_cleaning(
            workshop,
            workspace,
            workshop.plan(workspace, today=today()),
            now=now(),
            today=today(),
            grace=grace,
            spoken=spoken,
        )
        if not as_json:
            _print_doomed(found.doomed)
        removed: list[Doomed] = []
        refused = False
        if found.doomed and not dry_run:
            refused = not agreed(len(found.doomed), yes=yes)
            removed = [] if refused else clean_store(workshop, found)
    if as_json:
        print_json(
            {
                "doomed": [one.plain() for one in found.doomed],
                "bytes": found.length_bytes,
                "removed": [one.place for one in removed],
                "kept": {"objects": found.kept_objects, "bytes": found.kept_bytes},
                "spoken_bytes": found.spoken,
            }
        )
    else:
        _print_cleaned(removed, found.kept_objects, found.kept_bytes, found.spoken)
    if refused:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _print_doomed(doomed: "list[Doomed]") -> None:
    from production.tables import Table, size

    shown = doomed[:_MOST_SHOWN]
    if shown:
        rows = tuple(
            (one.place, size(one.length_bytes), one.used_at.date().isoformat(), one.why)
            for one in shown
        )
        columns = ("what", "bytes", "last used", "why")
        print_table(Table(columns=columns, rows=rows, right=frozenset({1})))
    _print_rest(len(doomed))
    total = sum(one.length_bytes for one in doomed)
    out(f"{counted(len(doomed), 'object')} that nothing needs: {size(total)}.")


def _print_cleaned(
    removed: "list[Doomed]", kept_objects: int, kept_bytes: int, spoken: int
) -> None:
    from production.tables import size

    if removed:
        total = sum(one.length_bytes for one in removed)
        out(f"{counted(len(removed), 'object')} removed, {size(total)} freed.")
    out(f"{counted(kept_objects, 'object')} kept, {size(kept_bytes)}.")
    if spoken:
        out_wrapped(
            f"{size(spoken)} of sentences in spoken/ are said by nothing now. They were asked of "
            "an online voice, and stay; to remove them, too: --spoken"
        )


@store.command()
@workspace_option
@json_option
@grace_option
def stats(folder: Path, as_json: bool, grace: "timedelta") -> None:
    """Say what lies in .altavoz: objects and bytes, by kind, by use, and what gc would free.

    \b
    Example:
      altavoz store stats
    """
    from production.building import Workshop
    from production.store_cleaning import plan_store_cleaning
    from production.store_stats import store_stats

    workspace = read(folder, today=today())
    with Workshop(workspace.root).open() as workshop:
        found = store_stats(workshop, now=now())
        plan = workshop.plan(workspace, today=today())
        cleaning = plan_store_cleaning(
            workshop, workspace, plan, now=now(), today=today(), grace=grace
        )
    freed = len(cleaning.doomed), cleaning.length_bytes
    if as_json:
        told = {"objects": freed[0], "bytes": freed[1], "grace_days": grace.days}
        print_json({**found.plain(), "gc_would_free": told})
        return
    _print_stats(found, freed)


def _print_stats(found: "StoreStats", freed: tuple[int, int]) -> None:
    from production.tables import Table, size

    def row(name: str, share: "Share") -> tuple[str, str, str]:
        return name, str(share.objects), size(share.length_bytes)

    rows = [row(name, share) for name, share in found.kinds.items()]
    rows.append(row("all", found.all))
    rows += [row(f"used within a {name}", share) for name, share in found.used.items()]
    rows += [row(f".altavoz/{name}", share) for name, share in found.beside.items()]
    columns = ("of", "objects", "bytes")
    print_table(Table(columns=columns, rows=tuple(rows), right=frozenset({1, 2})))
    out(f"altavoz store gc would free {counted(freed[0], 'object')}, {size(freed[1])}.")
