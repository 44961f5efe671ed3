"""Work and results that are not this machine's alone: the shared store, and a cluster.

One is opened for a command that builds, and hangs on its workshop: the runner asks it for results
before it begins, for a crew while it works, and gives it what was made.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Self

from production.selection import is_protected
from production.shared.places import absolute, open_shelf
from production.shared.records import RecordKey
from production.shared.results import SharedCounts, SharedResults
from production.shared.store import SharedStore
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings

if TYPE_CHECKING:
    from production.building import Workshop
    from production.journal import Result
    from production.steps import Plan, Step
    from production.workers import Crew
    from scripts.workspace import Workspace

PATIENCE_S = 60.0
"""Workers that are begun anew by whatever keeps them running are there within a minute."""


class Elsewhere:
    """A shared store, and workers at a scheduler where one is named."""

    def __init__(
        self,
        workshop: "Workshop",
        place: TargetSettings,
        *,
        key: RecordKey | None,
        cluster: str = "",
        talk: Callable[[str], None],
        patience_s: float = PATIENCE_S,
    ) -> None:
        """Take what there is; ask nobody yet.

        Args:
            workshop: open.
            place: where the shared store stands.
            key: of its records; None: results of others are not believed, and none are given.
            cluster: address of a scheduler, checked (``check_address``); empty for none.
            talk: says one line to a person.
            patience_s: how long a build waits for a scheduler or workers that have gone.

        Raises:
            ProductionError: the store's options are wrong, or there are no credentials.
        """
        self._store = workshop.store
        self._place = absolute(place, workshop.root)
        self._cluster = cluster
        self._talk = talk
        self._patience_s = patience_s
        self._shared = SharedStore(open_shelf(self._place, workshop.root), workshop.store, key)
        self._results = SharedResults(self._shared, workshop.store, workshop.journal, talk=talk)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            self._results.__exit__(kind, error, trace)
        finally:
            self._shared.shelf.close()

    @property
    def counts(self) -> SharedCounts:
        """What went over; whole when the work is over."""
        return self._results.counts

    @property
    def has_crew(self) -> bool:
        """Whether there is a cluster to do the work."""
        return bool(self._cluster)

    def take(self, plan: "Plan") -> bool:
        """Bring what others have made of a plan; True if something was brought."""
        return self._results.take(plan)

    def give(self, step: "Step", result: "Result") -> None:
        """Give others what was made."""
        self._results.give(step, result)

    def crew(self) -> "AbstractContextManager[Crew]":
        """Give the workers at the scheduler, to be entered.

        Raises:
            ProductionError: Dask is not installed.
        """
        if not self._cluster:
            raise ValueError("there is no cluster")
        try:
            from production.cluster.crew import ClusterCrew
        except ModuleNotFoundError as error:
            raise not_installed(error) from error
        return ClusterCrew(
            self._cluster,
            shared=self._shared,
            place=self._place,
            store=self._store,
            talk=self._talk,
            patience_s=self._patience_s,
        )


def refuse_protected(workspace: "Workspace", plan: "Plan", address: str) -> None:
    """Refuse to send words of or about people at risk over a line that is not encrypted.

    Raises:
        ProductionError: some of them are planned.
    """
    for edition in plan.editions:
        for item in edition.chosen.slots:
            name = item.basis.segment if item.basis else ""
            if name and is_protected(workspace, workspace.segments[name]):
                raise ProductionError(
                    f"{name} holds words of or about people at risk: these never go over a line "
                    "that is not encrypted",
                    where=address,
                    remedy="use tls://, see docs/cluster.md; or build without --cluster",
                    code=ExitCode.USAGE,
                )


def not_installed(error: ModuleNotFoundError) -> ProductionError:
    """Give the error for a machine without Dask; any other module that is missing is a bug.

    Raises:
        ModuleNotFoundError: it is another one.
    """
    if error.name not in {"distributed", "dask"}:
        raise error
    return ProductionError(
        "work on a cluster needs a part of Altavoz that is not installed",
        where="--cluster",
        remedy="install Altavoz with its extra cluster, here and on every worker",
        code=ExitCode.USAGE,
    )
