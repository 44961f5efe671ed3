"""The whole test of a target, in an order in which each thing explains the next."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from production.targets import Line, Target, open_target
from production.targets.consoles import WEB_SERVER, console_of
from production.targets.folder import FolderTarget
from production.targets.probed import Probes
from production.targets.probing import (
    CLEARING_SECONDS,
    SECONDS,
    Trial,
    clear,
    probe_owner,
    probe_rights,
)
from production.targets.probing_address import probe_address, why_no_address
from production.targets.probing_keeping import probe_lifecycle, probe_versions
from production.targets.probing_place import probe_place, tidy
from production.targets.probing_s3 import probe_clock, probe_conditions, probe_multipart
from production.targets.probing_serving import probe_withdrawal
from production.targets.probing_strangers import probe_strangers
from programme.errors import ProductionError
from programme.network import Network, TargetSettings

if TYPE_CHECKING:
    from production.targets.s3 import S3Target


def try_target(
    settings: TargetSettings,
    network: Network,
    root: Path,
    *,
    chance: str,
    clock: Callable[[], datetime],
    address: str | None = None,
) -> Probes:
    """Try out a target, and give everything that was found; what it wrote is gone afterwards.

    Args:
        settings: of the target.
        network: whose base_url is the public address.
        root: the workspace.
        chance: 16 hexadecimal digits that no other test has.
        clock: gives the moment, aware, by this machine's clock.
        address: the public address of the target, with its final slash; None for base_url; empty
            for none.
    """
    probes = Probes()
    try:
        target = open_target(settings, root, line=Line(seconds=SECONDS + CLEARING_SECONDS))
    except ProductionError as error:
        probes.fail(
            "open", error.problem, means="nothing can be published there", remedy=error.remedy
        )
        return probes
    trial = Trial(
        target=target,
        settings=settings,
        network=network,
        line=Line(seconds=SECONDS),
        chance=chance,
        clock=clock,
        probes=probes,
    )
    bucket = cast("S3Target", target) if settings.kind == "s3" else None
    if bucket is not None:
        trial.console = console_of(bucket.address("list_objects_v2", ""))
    else:
        trial.console = WEB_SERVER
    try:
        _try(trial, target, bucket, network.base_url if address is None else address)
    finally:
        target.close()
    return probes


def _try(trial: Trial, target: Target, bucket: "S3Target | None", address: str) -> None:
    try:
        if not probe_owner(trial):
            return
        works = probe_rights(trial)
        if bucket is not None:
            probe_clock(trial, bucket)
        if works:
            _try_more(trial, bucket, address)
            if isinstance(target, FolderTarget):
                probe_place(trial, target.base)
    except ProductionError as error:
        trial.probes.fail(
            "connection",
            error.problem,
            means="the test could not be finished",
            remedy=error.remedy,
        )
    finally:
        clear(trial)
        if isinstance(target, FolderTarget):
            tidy(trial, target.base)
    if trial.public:
        probe_withdrawal(trial, trial.public)


def _try_more(trial: Trial, bucket: "S3Target | None", address: str) -> None:
    public = address if address and not why_no_address(trial, address) else ""
    steps: list[Callable[[], None]] = []
    if bucket is not None:
        steps += [partial(probe_conditions, trial, bucket), partial(probe_multipart, trial, bucket)]
    if address:
        steps.append(partial(probe_address, trial, address))
    steps.append(partial(probe_strangers, trial, bucket, public))
    if bucket is not None:
        steps += [partial(probe_versions, trial, bucket), partial(probe_lifecycle, trial, bucket)]
    for step in steps:
        trial.line.left()  # what is left of the target's own time is for clearing
        step()
