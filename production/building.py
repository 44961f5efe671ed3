"""Building: from a workspace to finished editions in the store and files to listen to."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from production.agenda import Needs
from production.build_folder import BuildFolder
from production.file_lock import locked
from production.formats import placed_formats
from production.inputs import InputDigests
from production.journal import Journal
from production.ledger.ledger import LEDGER_FILE
from production.ledger.strokes import take_back
from production.planner import plan_workspace
from production.reasons import Reason, reason_for
from production.records import read_edition
from production.runner import Progress, Runner, RunReport, find_needs
from production.selection import LeftOut
from production.steps import EditionStep, Plan, Step
from production.store import DamagedObjectError, Store
from programme.digests import Plain
from programme.editions import Edition
from programme.errors import ProductionError
from programme.stopwatch import stage
from programme.storage import is_running, storage_errors, sweep_beside
from programme.units import Digest
from scripts.workspace import Workspace

if TYPE_CHECKING:
    from production.elsewhere import Elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltEdition:
    """A finished edition and where its objects lie in the store."""

    edition: Edition
    digests: Mapping[str, Digest]
    """Rendition id and companion name to the digest of the bytes."""
    objects: Mapping[str, Path]
    """The same names to where the bytes lie in the store."""
    files: Mapping[str, Path]
    """The same names to the file in the build folder; empty for what only packs hold."""
    station: str = ""
    """Id of the station that says a fact of its own in it; empty for everybody's."""
    captions: Plain = None
    """Its ``caption_figures`` as they were counted when it was made; None where nobody did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build made and what it left out."""

    editions: tuple[BuiltEdition, ...]
    left_out: tuple[LeftOut, ...]
    run: RunReport
    removed: tuple[str, ...]
    """Files of earlier builds that nothing asks for any more, taken out of the build folder."""

    @property
    def failures(self) -> tuple[ProductionError, ...]:
        """Every cause that stopped something, once each."""
        unique = {str(error): error for error in self.run.failures.values()}
        return tuple(unique.values())


class NotMadeError(Exception):
    """A dry run met steps that only a real one makes.

    Attributes:
        labels: of the steps, in order.
    """

    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__(labels)
        self.labels = labels


class Workshop:
    """One workspace's store, journal and lock, for the length of a command."""

    def __init__(self, root: Path, *, dry: bool = False) -> None:
        """Take a workspace's root.

        Args:
            root: of the workspace.
            dry: make nothing: whatever would have to be made raises NotMadeError.
        """
        self.root = root
        self.dry = dry
        self.folder = root / ".altavoz"
        self.store = Store(self.folder / "store")
        self.journal: Journal
        self.elsewhere: Elsewhere | None = None
        """What is shared with other machines, for as long as a command says so."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the workspace's lock; the journal stays as it is.

        Raises:
            ProductionError: code BUSY while another Altavoz works here; STORAGE where the disk
                refuses.
        """
        with storage_errors(self.folder):
            self.store.prepare()
        lock = self.folder / "lock"
        with locked(lock, "working in this workspace", where=self.root):
            yield

    @contextmanager
    def open(self) -> Iterator["Workshop"]:
        """Hold the workspace's lock, with the journal open.

        Raises:
            ProductionError: as ``locked``.
        """
        with self.locked():
            self.journal = Journal(self.folder / "journal.sqlite")
            try:
                with storage_errors(self.store.scratch):
                    self.store.sweep_scratch()
                    self._sweep()
                    self.build_folder.sweep()
                with storage_errors(self.root):
                    take_back(self.root / LEDGER_FILE)
                yield self
            finally:
                self.journal.close()

    @property
    def build_folder(self) -> BuildFolder:
        """Give the folder of finished files; the journal is open."""
        return BuildFolder(self.root, self.store, self.journal)

    def plan(
        self, workspace: Workspace, *, today: date, only: frozenset[str] = frozenset()
    ) -> Plan:
        """Plan the workspace with digests remembered in the journal."""
        digests = InputDigests(self.root, self.journal)
        return plan_workspace(workspace, today=today, digests=digests, only=only)

    def needs(self, plan: Plan) -> Needs:
        """Give the steps that a build would run now."""
        return find_needs(plan, self.store, self.journal)

    def reasons(self, needs: Needs) -> list[tuple[str, Reason]]:
        """Say why each of them would run."""
        steps: tuple[Step, ...] = (*needs.takes, *needs.slots, *needs.editions)
        return [
            (step.label, reason_for(step.label, step.fingerprint, step.inputs, self.journal))
            for step in steps
        ]

    def build(
        self,
        workspace: Workspace,
        plan: Plan,
        *,
        jobs: int,
        progress: Progress,
        partial: bool,
        verify: bool = False,
    ) -> BuildReport:
        """Run the plan and put what listeners get into the build folder.

        Args:
            workspace: as read, without errors.
            plan: of this workspace.
            jobs: how many worker processes; 1 works in this one.
            progress: is told of each step.
            partial: the plan is of some episodes only: leave the other files where they are.
            verify: read every byte of every edition, because it leaves this machine next.
        """
        runner = self._runner(workspace, jobs, progress)
        built = self._run(runner, plan, verify=verify)
        run = runner.report
        kept = {path for item in built for path in item.files.values()}
        removed = () if partial or run.failures else self.build_folder.remove_others(kept)
        return BuildReport(editions=tuple(built), left_out=plan.left_out, run=run, removed=removed)

    def look(self, plan: Plan) -> BuildReport:
        """Give what of a plan is made, for a dry run: no step is run, and no file placed or read.

        Damage that only reading finds stays unseen.
        """
        missing = {step.fingerprint for step in self.needs(plan).editions}
        built = (
            self._built(step, verify=False, place=False)
            for step in plan.editions
            if step.fingerprint not in missing
        )
        return BuildReport(
            editions=tuple(built), left_out=plan.left_out, run=RunReport(), removed=()
        )

    def make(
        self, workspace: Workspace, plan: Plan, *, jobs: int, progress: Progress
    ) -> BuildReport:
        """Run a plan whose files leave this machine without going into the build folder first.

        Every byte is read. What the build folder holds stays there.

        Raises:
            NotMadeError: this is a dry run, and not everything is made yet.
        """
        if self.dry and (labels := [label for label, _ in self.reasons(self.needs(plan))]):
            raise NotMadeError(tuple(labels))
        runner = self._runner(workspace, jobs, progress)
        built = self._run(runner, plan, verify=True, place=False)
        return BuildReport(
            editions=tuple(built), left_out=plan.left_out, run=runner.report, removed=()
        )

    def _runner(self, workspace: Workspace, jobs: int, progress: Progress) -> Runner:
        return Runner(
            workspace,
            self.store,
            self.journal,
            jobs=jobs,
            progress=progress,
            elsewhere=self.elsewhere,
        )

    def _run(
        self, runner: Runner, plan: Plan, *, verify: bool, place: bool = True
    ) -> list[BuiltEdition]:
        """Run and place; objects that turn out damaged on the way are made again."""
        while True:
            failures = runner.run(plan).failures
            try:
                return [
                    self._built(step, verify=verify, place=place, made=runner.made)
                    for step in plan.editions
                    if step.fingerprint not in failures
                ]
            except DamagedObjectError as error:
                runner.forget(error)

    def _built(
        self,
        step: EditionStep,
        *,
        verify: bool,
        place: bool,
        made: Collection[Digest] = (),
    ) -> BuiltEdition:
        result = self.journal.result(step.fingerprint)
        if result is None:
            raise LookupError(f"{step.label} has no result")
        if verify:
            self.build_folder.part(result.outputs.values())
            self.store.verified(*result.outputs.values())
        edition = read_edition(result.facts["edition"])
        objects = {name: self.store.path(digest) for name, digest in result.outputs.items()}
        files: dict[str, Path] = {}
        placed = placed_formats(step.chosen.series, step.profile.id)
        if place and placed and not step.station:
            own = step.profile.id == step.chosen.series.profile
            with stage("placing"):
                files = self.build_folder.place(
                    edition,
                    result.outputs,
                    placed,
                    own=own,
                    leaves=verify,
                    made=() if verify else made,
                )
        if place and not verify and not self.dry and self.store.use(result.outputs.values()):
            self.build_folder.note_times(files, result.outputs)
        return BuiltEdition(
            edition=edition,
            digests=result.outputs,
            objects=objects,
            files=files,
            station=step.station,
            captions=result.facts.get("captions"),
        )

    def _sweep(self) -> None:
        """Remove what killed runs left beside the files of the build folder and what is noted."""
        for noted in (self.folder, self.folder / "targets"):
            sweep_beside(noted)
        for part in self.folder.glob("check-*.part"):
            process = part.stem.partition("-")[2]
            if not (process.isdecimal() and is_running(int(process))):
                part.unlink(missing_ok=True)
