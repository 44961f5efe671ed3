"""What a command has cost since it was begun, as the system counts it."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from programme.stopwatch import Spent, Stopwatch

if TYPE_CHECKING:
    from production.build_stats import BuildStats
    from production.runner import RunReport
    from production.steps import Plan


class BuildWatch:
    """Measures a build from the start of its process on."""

    def __init__(self) -> None:
        self._start = Spent(wall_s=since_start_s(), cpu_s=time.process_time())
        self._watch = Stopwatch()

    def __enter__(self) -> Self:
        self._watch.__enter__()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._watch.__exit__(kind, error, trace)

    def stats(self, run: "RunReport", plan: "Plan", *, jobs: int) -> "BuildStats":
        """Give where the time went, up to now."""
        import resource

        from production.build_stats import build_stats

        stages = dict(self._watch.timing().stages)
        beside = stages.pop("", Spent())
        own, workers = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        workers_cpu_s = workers.ru_utime + workers.ru_stime
        return build_stats(
            run,
            plan,
            phases={"start-up": self._start, **stages, "the rest": beside},
            whole=Spent(wall_s=since_start_s(), cpu_s=own.ru_utime + own.ru_stime + workers_cpu_s),
            workers_cpu_s=workers_cpu_s,
            jobs=jobs if workers_cpu_s else 1,  # a few steps are done in this process
        )


def since_start_s() -> float:
    """Give the seconds since this process was begun.

    Where the system does not tell, the CPU seconds that it took: at least so many have passed.
    """
    try:
        # proc(5): field 22 is when it was begun, in ticks after boot; the second, its name, ends
        # with the last bracket
        fields = Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()
        begun_s = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return max(time.clock_gettime(time.CLOCK_BOOTTIME) - begun_s, time.process_time())
    except (OSError, ValueError, IndexError, AttributeError):
        return time.process_time()
