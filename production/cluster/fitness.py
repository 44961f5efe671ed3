"""Whether a worker may work for us: it must give the very bytes that this machine would give."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from production.cluster import hello as cluster_hello

WHO = ("host", "process")
"""What a worker says of itself that need not be the same."""


@cache
def hello_text() -> str:
    """Give the expression that a worker evaluates to say what it is made of."""
    source = Path(cluster_hello.__file__).read_text(encoding="utf-8")
    return f"(lambda space: (exec({source!r}, space), space['of_worker']())[1])({{}})"


@cache
def own_environment() -> Mapping[str, str]:
    """Give what this process is made of; read once."""
    return cluster_hello.environment()


def differences(theirs: object, ours: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Say by name what makes a worker unfit; empty where nothing does.

    Args:
        theirs: what it answered: a mapping, or an error.
        ours: what this machine says of itself; None to ask it.
    """
    ours = own_environment() if ours is None else ours
    if not isinstance(theirs, Mapping):
        return (f"it does not answer: {type(theirs).__name__}: {str(theirs)[:120]}",)
    if theirs.get("altavoz") == "not installed":
        return ("Altavoz is not installed there",)
    return tuple(
        f"{name} is {theirs.get(name, 'unknown')} there and {wanted} here"
        for name, wanted in ours.items()
        if theirs.get(name) != wanted
    )


def worker_name(address: str, theirs: object) -> str:
    """Name a worker for a person."""
    if isinstance(theirs, Mapping) and theirs.get("host"):
        return f"{theirs['host']} ({address})"
    return address
