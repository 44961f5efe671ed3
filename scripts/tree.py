"""A workspace's folders: what may be read, in a fixed order, and never outside the workspace."""

import os
from dataclasses import dataclass
from pathlib import Path

from programme.findings import Findings, Severity
from scripts.wording import shown


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or folder inside the workspace."""

    path: Path
    file: str
    """Path inside the workspace, with forward slashes, fit for a message."""
    name: str
    is_folder: bool

    @property
    def stem(self) -> str:
        """The name up to its last dot."""
        return self.name.rpartition(".")[0] or self.name

    @property
    def suffix(self) -> str:
        """The ending with its dot; empty where there is none."""
        return self.name[len(self.stem) :]


@dataclass(frozen=True, slots=True)
class Tree:
    """The workspace as a reader may walk it."""

    root: Path
    """Resolved."""
    findings: Findings

    def entries(self, folder: str) -> list[Entry]:
        """Give what a folder holds, by name; hidden files and editors' copies are not given.

        A folder that is missing holds nothing. A link that leads out of the workspace, a
        dead link and names that differ in case only are findings.
        """
        path = self.root / folder
        if not self._may_enter(path, folder):
            return []
        try:
            names = sorted(os.listdir(path))  # noqa: PTH208 - names, not Path objects: speed
        except FileNotFoundError:
            return []
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            self._report(folder, "file.unreadable", f"the folder cannot be read: {reason}")
            return []
        found = [entry for name in names if (entry := self._entry(path, folder, name))]
        self._check_case(found)
        return found

    def is_inside(self, path: Path) -> bool:
        """Tell whether a path, with every link followed, stays in the workspace."""
        return Path(os.path.realpath(path)).is_relative_to(self.root)

    def _entry(self, path: Path, folder: str, name: str) -> Entry | None:
        if name.startswith(".") or name.endswith("~"):
            return None
        full = path / name
        file = f"{folder}/{shown(name, most=100)}" if folder else shown(name, most=100)
        if full.is_symlink() and not self._may_enter(full, file):
            return None
        return Entry(path=full, file=file, name=name, is_folder=full.is_dir())

    def _may_enter(self, path: Path, file: str) -> bool:
        if not path.is_symlink():
            return True
        if not self.is_inside(path):
            self._report(file, "file.escape", "this link leads out of the workspace")
            return False
        if not path.exists():
            self._report(file, "file.dead-link", "this link leads nowhere")
            return False
        return True

    def _check_case(self, entries: list[Entry]) -> None:
        seen: dict[str, str] = {}
        for entry in entries:
            first = seen.setdefault(entry.name.casefold(), entry.name)
            if first != entry.name:
                self.findings.add(
                    file=entry.file,
                    line=0,
                    rule="file.case-clash",
                    problem=f"{shown(first)} differs from this name in case only",
                    remedy="rename one: sticks and many disks cannot hold both",
                )

    def _report(self, file: str, rule: str, problem: str) -> None:
        self.findings.add(
            file=file,
            line=0,
            rule=rule,
            problem=problem,
            remedy="put the file itself here, or delete it",
        )


def yaml_files(tree: Tree, folder: str) -> list[Entry]:
    """Give the YAML files of a folder; one with another ending is reported, never read."""
    found = []
    for entry in tree.entries(folder):
        if entry.is_folder:
            continue
        if entry.suffix == ".yml":
            found.append(entry)
        elif entry.suffix.lower() in {".yaml", ".yml"}:
            tree.findings.add(
                file=entry.file,
                line=0,
                rule="file.ending",
                severity=Severity.WARNING,
                problem=f"files ending in {entry.suffix} are not read",
                remedy=f"rename it to {entry.stem}.yml",
            )
    return found
