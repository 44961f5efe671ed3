"""Building: from a workspace to finished editions in the store and files to listen to."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from production.companions import COMPANIONS
from production.inputs import InputDigests
from production.journal import Journal
from production.planner import plan_workspace
from production.reasons import Reason, reason_for
from production.records import read_edition
from production.runner import Needs, Progress, Runner, RunReport, find_needs
from production.selection import LeftOut
from production.steps import EditionStep, Plan, Step
from production.store import Store, storage_errors
from programme.editions import Edition
from programme.errors import ExitCode, ProductionError
from programme.units import Digest
from scripts.workspace import Workspace

BUILD_FOLDER = "build"
"""Where finished files are put for people to listen to; safe to delete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltEdition:
    """A finished edition and where its objects lie in the store."""

    edition: Edition
    digests: Mapping[str, Digest]
    """Rendition id and companion name to the digest of the bytes."""
    objects: Mapping[str, Path]
    """The same names to where the bytes lie in the store."""
    files: Mapping[str, Path]
    """The same names to the file in the build folder; empty for profiles only packs hold."""


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


class Workshop:
    """One workspace's store, journal and lock, for the length of a command."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".altavoz"
        self.store = Store(self.folder / "store")
        self.journal: Journal

    @contextmanager
    def open(self) -> Iterator["Workshop"]:
        """Hold the workspace's lock, with the journal open.

        Raises:
            ProductionError: code BUSY while another Altavoz works here; STORAGE where the disk
                refuses.
        """
        with storage_errors(self.folder):
            self.store.prepare()
            lock = FileLock(self.folder / "lock")
            try:
                lock.acquire(blocking=False)
            except Timeout as error:
                raise ProductionError(
                    "another Altavoz is working in this workspace",
                    where=str(self.root),
                    remedy="wait until it has finished, then run the command again",
                    code=ExitCode.BUSY,
                ) from error
        try:
            self.journal = Journal(self.folder / "journal.sqlite")
            try:
                with storage_errors(self.store.scratch):
                    self.store.sweep_scratch()
                yield self
            finally:
                self.journal.close()
        finally:
            lock.release()

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
        self, workspace: Workspace, plan: Plan, *, jobs: int, progress: Progress, partial: bool
    ) -> BuildReport:
        """Run the plan and put what listeners get into the build folder.

        Args:
            workspace: as read, without errors.
            plan: of this workspace.
            jobs: how many worker processes; 1 works in this one.
            progress: is told of each step.
            partial: the plan is of some episodes only: leave the other files where they are.
        """
        runner = Runner(workspace, self.store, self.journal, jobs=jobs, progress=progress)
        run = runner.run(plan)
        built = [
            self._built(step) for step in plan.editions if step.fingerprint not in run.failures
        ]
        kept = {path for item in built for path in item.files.values()}
        removed = () if partial or run.failures else self._remove_others(kept)
        return BuildReport(editions=tuple(built), left_out=plan.left_out, run=run, removed=removed)

    def _built(self, step: EditionStep) -> BuiltEdition:
        result = self.journal.result(step.fingerprint)
        if result is None:
            raise LookupError(f"{step.label} has no result")
        edition = read_edition(result.facts["edition"])
        objects = {name: self.store.path(digest) for name, digest in result.outputs.items()}
        files: dict[str, Path] = {}
        if step.profile.id == step.chosen.series.profile:
            with storage_errors(self.root / BUILD_FOLDER):
                files = self._place(edition, result.outputs)
        return BuiltEdition(edition=edition, digests=result.outputs, objects=objects, files=files)

    def _place(self, edition: Edition, digests: Mapping[str, Digest]) -> dict[str, Path]:
        """Put an edition's files where people look for them; unchanged files are not touched."""
        folder = self.root / BUILD_FOLDER / edition.series / edition.language
        suffixes = {rendition.id: rendition.suffix for rendition in edition.renditions}
        suffixes |= {companion.name: companion.suffix for companion in COMPANIONS}
        files = {}
        for name, digest in digests.items():
            path = folder / f"{edition.episode}_{edition.language}{suffixes[name]}"
            self._put(path, digest)
            files[name] = path
        return files

    def _put(self, path: Path, digest: Digest) -> None:
        name = path.relative_to(self.root).as_posix()
        known = self.journal.placed(name)
        if known is not None and known[0] == digest and path.is_file():
            about = path.stat()
            if (about.st_size, about.st_mtime_ns) == known[1:]:
                return
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        try:
            shutil.copyfile(self.store.path(digest), beside)
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        about = path.stat()
        self.journal.place(name, digest, about.st_size, about.st_mtime_ns)

    def _remove_others(self, kept: Iterable[Path]) -> tuple[str, ...]:
        """Take files of earlier builds away that no edition has any more; nothing else."""
        names = {path.relative_to(self.root).as_posix() for path in kept}
        removed = []
        with storage_errors(self.root / BUILD_FOLDER):
            for name in self.journal.all_placed():
                if name in names:
                    continue
                path = self.root / name
                if path.is_file():
                    path.unlink()
                    removed.append(name)
                self.journal.unplace(name)
        return tuple(removed)
