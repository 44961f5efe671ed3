"""How takes are parted for the workers."""

from collections.abc import Sequence

from production.steps import TakeStep

BATCH = 24
"""Sentences that a worker speaks at a time; one takes a few milliseconds."""


def in_batches(takes: Sequence[TakeStep]) -> list[Sequence[TakeStep]]:
    """Part the takes for the workers; those of online voices stay together.

    One worker asks a service, so that it is asked with a distance; what it has spoken is kept
    even if the build is stopped.
    """
    local = [take for take in takes if not take.online]
    online = [take for take in takes if take.online]
    batches: list[Sequence[TakeStep]] = [online] if online else []
    return batches + [local[i : i + BATCH] for i in range(0, len(local), BATCH)]
