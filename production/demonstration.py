"""The demonstration: the whole road on the example workspace, as of the example's own day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from production.build_folder import BUILD_FOLDER
from production.building import BuildReport, Workshop
from production.packs.packing import PackOrder, build_packs
from production.publish.publishing import choose_target, publish
from production.releases.work import announcer
from production.runner import Progress
from production.starting import copy_example, example_day
from production.stations.checks import check_stations
from production.tables import Table, packs_table
from production.targets.claims import Publisher
from programme.errors import ExitCode, ProductionError
from programme.findings import Severity
from programme.wording import counted
from scripts.workspace import Workspace, read_workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """What the demonstration made."""

    workspace: Workspace
    report: BuildReport
    packs: Table
    closing: tuple[str, ...]


def run_demo(
    folder: Path, *, jobs: int, progress: Progress, talk: Callable[[str], None]
) -> Demonstration:
    """Copy the example, check it, build it, pack it and publish it to its folder.

    Raises:
        ProductionError: the folder holds something else, or a step failed.
    """
    if copy_example(folder):
        talk(f"Copied the example to {folder}")
    workspace = _read(folder)
    day = example_day(workspace.episodes)
    talk(f"The example speaks as of {day}: its facts were read then, and expire soon after.")
    with Workshop(folder).open() as workshop:
        plan = workshop.plan(workspace, today=day)
        report = workshop.build(
            workspace, plan, jobs=jobs, progress=progress, partial=False, verify=True
        )
        packs = build_packs(workshop, workspace, report, names=(), order=PackOrder(today=day))
        sent = publish(
            workshop,
            workspace,
            report.editions,
            choose_target(workspace, None),
            publisher=_DEMONSTRATOR,
            now=datetime.combine(day, time(12, 0), tzinfo=UTC),
            today=day,
            announce=announcer(workshop, workspace, jobs=jobs, progress=progress),
        )
    kept = sent.kept
    site = folder / workspace.network.targets[sent.target].options["path"]
    return Demonstration(
        workspace=workspace,
        report=report,
        packs=packs_table(packs, folder),
        closing=(
            f"Published {len(sent.feeds)} feeds: {len(sent.sent)} objects sent, {kept} kept.",
            f"Listen:  {folder / BUILD_FOLDER}",
            f"Packs:   {folder / BUILD_FOLDER / 'packs'}",
            f"Website: {site / 'index.html'}",
        ),
    )


_DEMONSTRATOR = Publisher(by="the demonstration", run="de" * 8)
"""Its folder is its own."""

_ANY_DAY = date(2000, 1, 1)
"""For a first look at the example, which only learns from its episodes what its own day is."""


def _read(folder: Path) -> Workspace:
    workspace, findings = read_workspace(folder, today=_ANY_DAY)
    if workspace is not None and workspace.episodes:
        workspace, findings = read_workspace(folder, today=example_day(workspace.episodes))
    if workspace is not None:
        check_stations(workspace, workspace.stations.values(), findings)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if workspace is None or errors:
        raise ProductionError(
            f"the copy of the example has {counted(len(errors), 'error')}: {errors[0].problem}",
            where=errors[0].place,
            remedy="see them all: altavoz check -w FOLDER; or delete the folder and start again",
            code=ExitCode.FINDINGS,
        )
    return workspace
