"""Reads a target back for the command verify."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, out_wrapped, print_json, talk
from commands.workspace import look_at, now, today
from scripts.wording import printable

if TYPE_CHECKING:
    from production.targets.verdicts import TargetReport

_MOST_SHOWN = 20
"""Objects shown; --json has all."""
_PUBLIC_S = 3600.0
"""After so long the public address is given up."""


def verify_there(
    folder: Path,
    name: str,
    *,
    sample: int | None,
    seed: str | None,
    known: tuple[str, ...],
    public: bool,
    as_json: bool,
) -> None:
    """Verify a target, print what was found, and end with its exit code.

    Args:
        folder: the workspace.
        name: of the target.
        sample: how many objects are read besides feeds; None for every one.
        seed: by which they are chosen; None for another one each time.
        known: patterns of names that others keep there.
        public: ask the public address, too.
        as_json: print it for a program.
    """
    from production.building import Workshop
    from production.publish.publishing import choose_target
    from production.targets import open_target
    from production.targets.line import Line
    from production.targets.public_reading import read_in_public
    from production.targets.target_view import TargetView
    from production.targets.verifying import ALL, Reading, verify_target

    # What is wrong in a script of today changes nothing of what was published.
    workspace = look_at(folder, today=today())
    settings = choose_target(workspace, name)
    with Workshop(workspace.root).open() as workshop:
        view = TargetView(
            workshop=workshop, workspace=workspace, settings=settings, now=now(), today=today()
        )
        reading = Reading(
            sample=ALL if sample is None else sample,
            seed=seed or secrets.token_hex(4),
            known=known,
        )
        target = open_target(settings, workshop.root)
        try:
            report = verify_target(view, target, reading)
            if public:
                read_in_public(view, target, report, line=Line(seconds=_PUBLIC_S))
        finally:
            target.close()
    if as_json:
        print_json(report.plain())
    else:
        _print(report, sample)
    if report.code:
        raise click.exceptions.Exit(report.code)


def _print(report: "TargetReport", sample: int | None) -> None:
    from production.tables import size
    from production.targets.verdicts import REMEDIES

    told = report.told()
    for one in told[:_MOST_SHOWN]:
        out_wrapped(f"{one.verdict.value}: {printable(one.key)}: {printable(one.problem)}")
    if len(told) > _MOST_SHOWN:
        out(f"and {len(told) - _MOST_SHOWN} more; see them with --json")
    for verdict in dict.fromkeys(one.verdict for one in told):
        out_wrapped(f"What to do, {verdict.value}: {REMEDIES[verdict]}")
    counts = ", ".join(f"{number} {word}" for word, number in report.counts().items())
    out(f"{report.place}: {counts or 'nothing'}.")
    read = sum(one.is_read for one in report.objects)
    out(f"{read} of {len(report.objects)} objects read whole, {size(report.read_bytes)}.")
    if sample:
        talk(f"To read the same ones again: --sample {sample} --seed {report.seed}")
    elif sample == 0:
        talk("Feeds were read whole, of the rest the lengths; more with --sample N or --all.")
