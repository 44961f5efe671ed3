"""Work that tells with its result what it took, wherever it was done."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TypeVar

from production.journal import Result
from production.store import Store
from programme.stopwatch import Stopwatch

T = TypeVar("T")


def timed(run: Callable[[Path, T], Result]) -> Callable[[Path, T], Result]:
    """Let a function that makes something measure itself; ``Result.timing`` then holds it."""

    @wraps(run)
    def run_timed(root: Path, task: T) -> Result:
        with Stopwatch() as watch:
            result = run(root, task)
        store = Store(root)
        written = sum(store.path(digest).stat().st_size for digest in result.outputs.values())
        return replace(result, timing=watch.timing(written_bytes=written))

    return run_timed
