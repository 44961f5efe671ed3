"""Where the time of a build went: by kind of step, by stage of the work, and the slowest steps.

Times of steps are those of the process that made them, here or elsewhere, and are summed: with
several workers their sum is longer than the build. What a command does itself is told beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from production.runner import RunReport
from production.steps import Kind, Plan, SlotStep
from production.tables import Table, size
from programme.stopwatch import Spent
from programme.units import Fingerprint

SLOWEST = 5
"""How many of the slowest steps are named."""
_OTHER = "other"
"""What a step does beside its stages: it loads libraries, and reads what it is made from."""
_STAGES = ("speaking", "recordings", "mixing", "coding", "joining", "writing", _OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindStats:
    """The steps of one kind."""

    planned: int
    hits: int
    """How many were there already, or within something that was there."""
    ran: int
    spent: Spent
    """Zero for sentences that are spoken within their slots."""
    written_bytes: int

    @property
    def failed(self) -> int:
        """How many could not be made, or were not because another could not."""
        return self.planned - self.hits - self.ran


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildStats:
    """Where the time of one build went."""

    whole: Spent
    """From the start of the command, with every process that it began."""
    phases: Mapping[str, Spent]
    """What the command did itself, in order; what its workers did is no CPU of it."""
    workers_start_s: float
    """CPU seconds that worker processes took beside their steps, to begin and to load libraries."""
    jobs: int
    busy: float
    """Steps' time against that of all workers while something was made; 0 where nothing was."""
    kinds: Mapping[Kind, KindStats]
    stages: Mapping[str, Spent]
    """Of the steps, by name, in the order of the work; those that took any time."""
    slowest: tuple[tuple[str, Spent], ...]
    """Labels, the slowest first."""

    def plain(self) -> dict[str, Any]:
        """Give it for --json; seconds."""
        return {
            "whole": _plain(self.whole),
            "phases": {name: _plain(spent) for name, spent in self.phases.items()},
            "workers_start_cpu_s": round(self.workers_start_s, 3),
            "jobs": self.jobs,
            "busy": round(self.busy, 3),
            "steps": {
                kind.value: {
                    "planned": one.planned,
                    "hits": one.hits,
                    "made": one.ran,
                    "failed": one.failed,
                    **_plain(one.spent),
                    "written_bytes": one.written_bytes,
                }
                for kind, one in self.kinds.items()
            },
            "stages": {name: _plain(spent) for name, spent in self.stages.items()},
            "slowest": [{"step": label, **_plain(spent)} for label, spent in self.slowest],
        }


def planned_steps(plan: Plan) -> dict[Kind, frozenset[Fingerprint]]:
    """Give every step that a plan is made of, by kind, whether it is there or not."""
    slots: dict[Fingerprint, SlotStep] = {}
    for slot in (*plan.slots, *(slot for edition in plan.editions for slot in edition.slots)):
        slots[slot.fingerprint] = slot
    takes = {line.take.fingerprint for slot in slots.values() for line in slot.lines}
    return {
        Kind.TAKE: frozenset(takes),
        Kind.SLOT: frozenset(slots),
        Kind.EDITION: frozenset(edition.fingerprint for edition in plan.editions),
    }


def build_stats(
    run: RunReport,
    plan: Plan,
    *,
    phases: Mapping[str, Spent],
    whole: Spent,
    workers_cpu_s: float,
    jobs: int,
) -> BuildStats:
    """Count what a run did.

    Args:
        run: as it ended.
        plan: that was run.
        phases: what the command did itself; ``making`` while steps were made.
        whole: from the start of the command.
        workers_cpu_s: CPU seconds of all worker processes of this machine.
        jobs: how many worked at once; 1: this process alone.
    """
    kinds = {}
    for kind, steps in planned_steps(plan).items():
        timings = [timing for made, _, timing in run.timings if made is kind]
        kinds[kind] = KindStats(
            planned=len(steps),
            hits=len(steps - run.needed[kind]),
            ran=run.ran[kind],
            spent=sum((timing.whole for timing in timings), start=Spent()),
            written_bytes=sum(timing.written_bytes for timing in timings),
        )
    worked = sum((one.spent for one in kinds.values()), start=Spent())
    making_s = phases.get("making", Spent()).wall_s
    slowest = sorted(run.timings, key=lambda one: one[2].whole.wall_s, reverse=True)[:SLOWEST]
    return BuildStats(
        whole=whole,
        phases=phases,
        workers_start_s=max(0.0, workers_cpu_s - worked.cpu_s) if jobs > 1 else 0.0,
        jobs=jobs,
        busy=min(1.0, worked.wall_s / (making_s * jobs)) if making_s else 0.0,
        kinds=kinds,
        stages=_stages(run),
        slowest=tuple((label, timing.whole) for _, label, timing in slowest),
    )


def _stages(run: RunReport) -> dict[str, Spent]:
    found: dict[str, Spent] = {}
    for _, _, timing in run.timings:
        for name, spent in timing.stages.items():
            found[name or _OTHER] = found.get(name or _OTHER, Spent()) + spent
    return {name: found.pop(name) for name in _STAGES if name in found} | found


def steps_table(stats: BuildStats) -> Table:
    """Give one row per kind of step."""
    rows = tuple(
        (
            f"{kind.value}s",
            *(str(number) for number in (one.planned, one.hits, one.ran)),
            *_seconds(one.spent),
            size(one.written_bytes) if one.written_bytes else "",
        )
        for kind, one in stats.kinds.items()
    )
    return Table(
        columns=("steps", "planned", "there", "made", "seconds", "CPU s", "written"),
        rows=rows,
        right=frozenset(range(1, 7)),
    )


def stages_table(stats: BuildStats) -> Table:
    """Give one row for each thing that the steps and the command itself took time for."""
    rows = [(f"{name}, in steps", *_seconds(spent)) for name, spent in stats.stages.items()]
    rows += [(name, *_seconds(spent)) for name, spent in stats.phases.items()]
    if stats.workers_start_s:
        rows.append(("workers' start", "", f"{stats.workers_start_s:.2f}"))
    rows.append(("in all", *_seconds(stats.whole)))
    return Table(columns=("what", "seconds", "CPU s"), rows=tuple(rows), right=frozenset({1, 2}))


def slowest_table(stats: BuildStats) -> Table:
    """Give the slowest steps."""
    rows = tuple((label, *_seconds(spent)) for label, spent in stats.slowest)
    return Table(columns=("slowest", "seconds", "CPU s"), rows=rows, right=frozenset({1, 2}))


def _seconds(spent: Spent) -> tuple[str, str]:
    if spent == Spent():
        return "", ""
    return f"{spent.wall_s:.2f}", f"{spent.cpu_s:.2f}"


def _plain(spent: Spent) -> dict[str, float]:
    return {"wall_s": round(spent.wall_s, 3), "cpu_s": round(spent.cpu_s, 3)}
