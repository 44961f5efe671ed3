"""Builds a workspace with other machines' help, in this process."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from production.building import BuildReport, Workshop
from production.elsewhere import Elsewhere
from production.shared.records import RecordKey
from production.shared.results import SharedCounts
from programme.network import TargetSettings
from tests.production.running import TODAY, read, tree

KEY = RecordKey(secret=bytes(range(32)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """How a build went."""

    report: BuildReport
    counts: SharedCounts
    said: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Telling:
    """Progress that somebody listens to."""

    heard: Callable[[str], None]
    labels: list[str] = field(default_factory=list)

    def begin(self, kind: Any, total: int) -> None:
        del kind, total

    def step(self, kind: Any, label: str, reason: object) -> None:
        del reason
        self.labels.append(label)
        self.heard(str(kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A workspace, and where it shares what it makes."""

    root: Path
    place: TargetSettings

    def build(
        self,
        *,
        cluster: str = "",
        key: RecordKey | None = KEY,
        patience_s: float = 60.0,
        heard: Callable[[str], None] = lambda _: None,
    ) -> Built:
        said: list[str] = []
        workspace = read(self.root)
        with Workshop(workspace.root).open() as workshop:
            plan = workshop.plan(workspace, today=TODAY)
            with Elsewhere(
                workshop,
                self.place,
                key=key,
                cluster=cluster,
                talk=said.append,
                patience_s=patience_s,
            ) as elsewhere:
                workshop.elsewhere = elsewhere
                report = workshop.build(
                    workspace,
                    plan,
                    jobs=1,
                    progress=Telling(heard=heard),
                    partial=False,
                    verify=True,
                )
        return Built(report=report, counts=elsewhere.counts, said=tuple(said))

    def built(self) -> dict[str, str]:
        """Give the SHA-256 of every file that listeners get, by its path."""
        return tree(self.root / "build")

    def objects(self) -> set[str]:
        """Give the names of all objects in this machine's store."""
        store = self.root / ".altavoz" / "store"
        return {path for path in tree(store) if not path.startswith("tmp/")}


def listeners(everything: dict[str, str]) -> dict[str, str]:
    """Give what ``Site.built`` gives, of a tree of a whole workspace."""
    return {
        path.removeprefix("build/"): digest
        for path, digest in everything.items()
        if path.startswith("build/")
    }
