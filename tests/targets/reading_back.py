"""A published workspace that tests may damage, and ways to read it back and to clean it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from production.building import Workshop
from production.targets import Target, open_target
from production.targets.claims import Publisher
from production.targets.cleaning import GRACE, TargetCleaning, clean_target, plan_cleaning
from production.targets.target_view import TargetView
from production.targets.verdicts import TargetReport
from production.targets.verifying import Reading, verify_target
from scripts.workspace import Workspace
from tests.production.published import NOON, Made, beside

CLEANER = Publisher(by="the night watch", run="c1ea" * 4)
LONG_AGO = datetime(2026, 1, 1).timestamp()  # noqa: DTZ001 - only old


@contextmanager
def opened(
    root: Path,
    made: Made,
    *,
    now: datetime = NOON,
    today: date | None = None,
    target: str = "public",
    workspace: Workspace | None = None,
) -> Iterator[tuple[TargetView, Target]]:
    """Give what a workspace knows of a target below ``root``, and the target."""
    chosen = workspace or made.workspace
    settings = chosen.network.targets[target]
    with Workshop(made.workspace.root).open() as built:
        view = TargetView(
            workshop=beside(root, built),
            workspace=chosen,
            settings=settings,
            now=now,
            today=today or now.date(),
        )
        yield view, open_target(settings, root)


def look(
    root: Path,
    made: Made,
    reading: Reading | None = None,
    *,
    now: datetime = NOON,
    today: date | None = None,
) -> TargetReport:
    with opened(root, made, now=now, today=today) as (view, target):
        return verify_target(view, target, reading or Reading())


def verdicts(report: TargetReport) -> dict[str, str]:
    """Give what is not as it should be: key to verdict."""
    return {one.key: one.verdict.value for one in report.told()}


def plan(
    root: Path, made: Made, *, now: datetime = NOON, grace: timedelta = GRACE
) -> TargetCleaning:
    with opened(root, made, now=now) as (view, target):
        return plan_cleaning(view, target, grace=grace)


def sweep(root: Path, made: Made, *, now: datetime = NOON, grace: timedelta = GRACE) -> list[str]:
    """Clean, and give what went."""
    with opened(root, made, now=now) as (view, target):
        planned = plan_cleaning(view, target, grace=grace)
        done = clean_target(view, target, planned, CLEANER, grace=grace)
    return sorted(one.key for one in done.doomed)


def old(path: Path) -> Path:
    """Let a file be from long ago."""
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def one(root: Path, pattern: str) -> Path:
    """Give the one file of a published folder that a pattern names."""
    (found,) = (root / "public").glob(pattern)
    return found
