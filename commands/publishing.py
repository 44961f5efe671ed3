"""What leaves the house: releases to one target, or to several."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.building import build_all, end_on_failures
from commands.release_words import print_changes, print_deeds, print_diffs, print_told
from commands.sending import read_publisher, sending, sending_options
from commands.terminal import out, print_json, progress, show_error, talk, talk_wrapped
from commands.workspace import (
    dry_run_option,
    jobs_option,
    json_option,
    now,
    read,
    today,
    workspace_option,
)
from programme.errors import ProductionError

if TYPE_CHECKING:
    from production.building import BuildReport, Workshop
    from production.publish.publishing import PublishReport
    from production.targets.claims import Publisher
    from production.targets.sending import Sending
    from programme.network import TargetSettings
    from programme.units import LanguageTag
    from scripts.workspace import Workspace


@click.command()
@workspace_option
@jobs_option
@json_option
@dry_run_option
@sending_options
@click.option("--only", multiple=True, help="A series or episode; may be given again.")
@click.option(
    "--reason",
    "reasons",
    multiple=True,
    metavar="LANG=TEXT",
    help="Why something is corrected, for listeners; may be given again.",
)
@click.option("--full", is_flag=True, help="With --dry-run, show every object and every line.")
@click.option("--all", "everywhere", is_flag=True, help="To every target of altavoz.toml.")
@click.argument("names", nargs=-1, metavar="[TARGET]...")
def publish(
    folder: Path,
    names: tuple[str, ...],
    only: tuple[str, ...],
    reasons: tuple[str, ...],
    **options: Any,
) -> None:
    """Build, and publish media, transcripts, chapters, pages and feeds to targets.

    TARGET is a table [targets.NAME] of altavoz.toml; without one, the first. With several, one that
    fails does not stop the others, and the exit code says at the end that one failed. With --only,
    what cannot wait goes out alone: everything else stays at the target as it is, and needs no
    review now. What says other words than before is corrected: a new item, and a spoken notice in
    the old one. See altavoz release for more.

    \b
    Example:
      altavoz publish --dry-run
      altavoz publish public
      altavoz publish public stick --bandwidth 200k --deadline 30m
      altavoz publish public --only storm-alert
    """
    from production.publish.publishing import choose_target
    from production.releases.orders import parse_reasons

    if options["full"] and not options["dry_run"]:
        raise click.UsageError("--full goes with --dry-run")
    if options["everywhere"] and names:
        raise click.UsageError("--all goes without names of targets")
    workspace = read(folder, today=today())
    if options["everywhere"]:
        names = tuple(workspace.network.targets)
    targets = [choose_target(workspace, name) for name in dict.fromkeys(names) or [None]]
    run = _Run(
        workspace=workspace,
        only=only,
        reasons=parse_reasons(reasons, workspace.network.languages),
        options=options,
    )
    run.publish(targets)
    if options["as_json"]:
        from production.reports import publish_report

        plain = [publish_report(report, workspace.root) for report in run.reports]
        print_json(plain[0] if len(targets) == 1 else plain)
    if run.failed:
        done = f"published to {len(run.reports)} of {len(targets)} targets"
        talk(f"{done}; failed: {', '.join(run.failed)}")
        raise click.exceptions.Exit(next(iter(run.failed.values())).code)


@dataclass(slots=True, kw_only=True)
class _Run:
    """Built once, and published to one target after the other."""

    workspace: "Workspace"
    only: tuple[str, ...]
    reasons: "Mapping[LanguageTag, str]"
    options: Mapping[str, Any]
    reports: "list[PublishReport]" = field(default_factory=list)
    failed: dict[str, ProductionError] = field(default_factory=dict)
    """By target, what stopped it."""

    def publish(self, targets: "Sequence[TargetSettings]") -> None:
        """Build, publish, and say what was done at each target as it is done.

        Raises:
            ProductionError: the only target refuses; what several refuse is noted and said.
        """
        from production.building import Workshop
        from production.publish.publishing import read_again, refuse_planned

        only, alone = frozenset(self.only), len(targets) == 1
        with Workshop(self.workspace.root).open() as workshop:
            plan = workshop.plan(self.workspace, today=today(), only=only)
            going = [
                settings
                for settings in targets
                if self._goes(
                    settings,
                    lambda one: refuse_planned(self.workspace, plan, one, today=today()),
                    alone=alone,
                )
            ]
            if not going:
                return
            jobs = self.options["jobs"]
            built = build_all(workshop, self.workspace, plan, jobs, partial=bool(self.only))
            end_on_failures(built)
            if built.run.total:
                self.workspace = read_again(
                    workshop, self.workspace, plan, today=today(), only=only
                )
            with sending(self.options) as sends:
                for settings in going:
                    self._goes(
                        settings, lambda one: self._one(workshop, built, one, sends), alone=alone
                    )
        if self.reports and not self.options["as_json"]:
            _tell_left_out(built)

    def _goes(
        self, settings: "TargetSettings", step: "Callable[[TargetSettings], None]", *, alone: bool
    ) -> bool:
        """Do a step for one target; tells whether it went well, and says where it did not."""
        try:
            step(settings)
        except ProductionError as error:
            if alone:
                raise
            self.failed[settings.name] = error
            talk(f"{settings.name} failed:")
            show_error(error)
            return False
        return True

    def _one(
        self,
        workshop: "Workshop",
        built: "BuildReport",
        settings: "TargetSettings",
        sends: "Sending",
    ) -> None:
        from production.publish.publishing import publish as send
        from production.releases.work import announcer

        options = self.options
        with progress() as bar:
            report = send(
                workshop,
                self.workspace,
                built.editions,
                settings,
                publisher=self._publisher(),
                now=now(),
                today=today(),
                dry_run=options["dry_run"],
                reasons=self.reasons,
                announce=announcer(workshop, self.workspace, jobs=options["jobs"], progress=bar),
                sending=sends,
                take_over=options["take_over"],
            )
        self.reports.append(report)
        if not options["as_json"]:
            home = f"{self.workspace.network.base_url}index.html"
            _print_publish(report, only=self.only, home=home, full=options["full"])

    def _publisher(self) -> "Publisher":
        root, dry_run = self.workspace.root, self.options["dry_run"]
        return read_publisher(root, self.options["label"], dry_run=dry_run)


def _tell_left_out(built: "BuildReport") -> None:
    from production.tables import left_out_lines
    from programme.left_out import Cause

    expired = [item for item in built.left_out if item.cause is Cause.EXPIRED]
    for line in left_out_lines(expired):
        out(f"left out: {line}")


def _print_publish(
    report: "PublishReport", *, only: Collection[str], home: str, full: bool
) -> None:
    print_changes(report)
    for kept in report.stale:
        place = f"{kept.series} {kept.episode} {kept.language}"
        asked = not only or {kept.series, kept.episode} & set(only)
        why = "because it cannot be made today" if asked else "as it was not named"
        out(f"stays as it was, {why}: {place}")
    for past in report.ran_out:
        out(f"past its day, leaves its feeds: {past.series}/{past.episode}/{past.language}")
    if report.ran_out:
        out("those who have it are not told; to tell them: altavoz release expire")
    print_deeds(report, full=full)
    verb = "would be sent" if report.dry_run else "sent"
    out(f"{report.place}: {len(report.sent)} objects {verb}, {report.kept} there already.")
    _print_addresses(report, home)
    print_told(report)
    if report.dry_run:
        print_diffs(report.diffs, full=full)
    for where, letters in report.undrawn.items():
        talk_wrapped(
            f"artwork of {where}: there is no font for {letters}, so the words with these letters "
            "are left out. Give the series a picture of its own, see docs/artwork.md."
        )


def _print_addresses(report: "PublishReport", home: str) -> None:
    for address in report.feeds:
        out(f"feed {address}")
    if report.feeds:
        out(f"pages {home}")
