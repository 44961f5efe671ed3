"""Progress that nobody watches: for work that is over before anybody would look."""

from production.reasons import Reason
from production.steps import Kind


class Silent:
    """Says nothing; ``production.runner.Progress`` says what it is not told."""

    def begin(self, kind: Kind, total: int) -> None:
        """Say nothing."""

    def step(self, kind: Kind, label: str, reason: Reason) -> None:
        """Say nothing."""


SILENT = Silent()
