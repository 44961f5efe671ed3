"""How takes are parted: those for the workers, and those for which a service is asked."""

from collections.abc import Sequence

from production.steps import TakeStep

BATCH = 24
"""Sentences that a worker speaks at a time; one takes a few milliseconds."""


def in_batches(
    takes: Sequence[TakeStep],
) -> tuple[list[Sequence[TakeStep]], Sequence[TakeStep]]:
    """Give batches for the workers, and apart from them the sentences of online voices.

    These are asked for one by one in the parent process: so the service is asked with a distance,
    each is finished when it is there, and Ctrl-C is heard between two.
    """
    local = [take for take in takes if not take.online]
    online = [take for take in takes if take.online]
    return [local[i : i + BATCH] for i in range(0, len(local), BATCH)], online
