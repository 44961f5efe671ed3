"""What the doctor says of targets: whether each was tried out since it was written."""

from collections.abc import Iterator
from pathlib import Path

from production.doctor import Check, State
from production.targets.probed import Verdict
from production.targets.tested import last_test
from programme.findings import Findings
from scripts.read_network import NETWORK_FILE, read_network
from scripts.tree import Tree


def examine_targets(folder: Path) -> tuple[Check, ...]:
    """Look at the notes of the last tests; asks no server.

    Args:
        folder: the workspace's, or any other.
    """
    return tuple(_targets(folder))


def _targets(folder: Path) -> Iterator[Check]:
    if not (folder / NETWORK_FILE).is_file():
        return
    network = read_network(Tree(root=folder, findings=(findings := Findings())), findings)
    if network is None:
        return  # altavoz check says what is wrong with the file
    for settings in network.targets.values():
        if settings.demo:
            continue
        name, again = f"target {settings.name}", f"run: altavoz targets test {settings.name}"
        told = last_test(folder, settings, network)
        if told is None:
            yield Check(
                state=State.OPTIONAL, name=name, what="never tested as it is now", remedy=again
            )
        elif told.worst is Verdict.FAILED:
            what = f"failed on {told.at:%Y-%m-%d}: {', '.join(told.failed)}"
            yield Check(state=State.BAD, name=name, what=what, remedy=again)
        else:
            yield Check(state=State.GOOD, name=name, what=f"tested on {told.at:%Y-%m-%d}")
