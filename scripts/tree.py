"""A workspace's folders: what may be read, in a fixed order, and never outside the workspace."""

import hashlib
import marshal
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from programme.findings import Findings, Severity
from scripts.wording import shown

PRIVATE = "private"
"""The folder whose contents are never published, packed or shown."""


class Entry(NamedTuple):
    """One file or folder inside the workspace."""

    folder: Path
    """The folder on this machine that holds it."""
    file: str
    """Path inside the workspace, with forward slashes, fit for a message."""
    name: str
    is_folder: bool

    @property
    def path(self) -> Path:
        """Where it lies on this machine."""
        return self.folder / self.name

    @property
    def address(self) -> str:
        """The same as text, for the many files of which nothing else is asked."""
        return f"{self.folder}/{self.name}"

    @property
    def stem(self) -> str:
        """The name up to its last dot."""
        return self.name.rpartition(".")[0] or self.name

    @property
    def suffix(self) -> str:
        """The ending with its dot; empty where there is none."""
        return self.name[len(self.stem) :]


Mark = tuple[int, int, int, int, int]
"""What the disk says of a file: kind and rights, length in bytes, inode, and when the contents and
when anything about it changed last, in nanoseconds of the disk's own clock."""


_seen: Callable[[os.stat_result], Mark] = attrgetter(
    "st_mode", "st_size", "st_ino", "st_mtime_ns", "st_ctime_ns"
)
"""Gives the mark; without a line of Python, because every command asks of every file."""

_NOTHING: Mark = (0, 0, 0, 0, 0)
"""Stands for what is not there: no file has this mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a folder held at one moment; hidden files and editors' copies are left out."""

    marks: Mapping[str, Mark] = field(default_factory=dict)
    """By name, sorted; of the file itself where a link leads to it."""
    links: frozenset[str] = frozenset()
    """Names that are links to somewhere else."""
    problem: str = ""
    """Why it could not be listed; empty where it could, or where it is missing."""

    @property
    def digest(self) -> str:
        """Change when a name, a file's contents or a file's rights do."""
        # one call: this is done for every segment at every command
        return hashlib.blake2b(_bytes_of(dict(self.marks)), digest_size=16).hexdigest()

    @property
    def shape(self) -> str:
        """Change when a name does, or when a file becomes a folder or something else."""
        kinds = {name: stat.S_IFMT(mark[0]) for name, mark in self.marks.items()}
        kinds.update(dict.fromkeys(self.links, -1))
        return hashlib.blake2b(_bytes_of(kinds), digest_size=8).hexdigest()

    @property
    def is_plain(self) -> bool:
        """Whether there are files and folders only: no link, no pipe, nothing that vanished."""
        kinds = {stat.S_IFMT(mark[0]) for mark in self.marks.values()}
        return not self.links and not self.problem and kinds <= {stat.S_IFREG, stat.S_IFDIR}

    @property
    def newest_ns(self) -> int:
        """When anything here changed last, by the disk's clock; 0 for an empty folder."""
        return max((max(mark[3], mark[4]) for mark in self.marks.values()), default=0)


def mark_digest(name: str, mark: Mark) -> str:
    """Give what changes when a file's contents or rights do: 16 signs."""
    return hashlib.blake2b(_bytes_of((name, mark)), digest_size=8).hexdigest()


def _bytes_of(value: dict[str, Mark] | dict[str, int] | tuple[str, Mark]) -> bytes:
    """Give the bytes of texts and whole numbers, in half the time that ``repr`` takes.

    Python's own form, of version 2: the last that writes each value out in full, so that equal
    values have equal bytes. What is kept from one run to the next is kept for one version of
    Python only.
    """
    return marshal.dumps(value, 2)


def list_folder(path: str | Path) -> Listing:
    """Look at a folder; one that is missing holds nothing."""
    found: list[tuple[str, Mark]] = []
    links: set[str] = set()
    try:
        # by its handle: each file is then found beside it, not down the whole path again
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with os.scandir(handle) as entries:
                for one in entries:
                    name = one.name
                    if name[0] == "." or name[-1] == "~":
                        continue
                    if one.is_symlink():
                        links.add(name)
                    try:
                        about = one.stat()
                    except OSError:  # a dead link, or gone since
                        found.append((name, _NOTHING))
                    else:
                        found.append((name, _seen(about)))
        finally:
            os.close(handle)
    except FileNotFoundError:
        return Listing()
    except OSError as error:
        return Listing(problem=(error.strerror or str(error)).lower())
    found.sort()
    return Listing(marks=dict(found), links=frozenset(links))


def mark_of(path: str | Path) -> Mark | None:
    """Give what the disk says of a file now; None where there is none."""
    try:
        about = os.stat(path)  # noqa: PTH116 - called thousands of times
    except OSError:
        return None
    return _seen(about)


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
        return self.entries_of(folder, list_folder(path))

    def entries_of(self, folder: str, listing: Listing) -> list[Entry]:
        """Give what a folder held when it was listed, with the findings of ``entries``."""
        if listing.problem:
            self._report(folder, "file.unreadable", f"the folder cannot be read: {listing.problem}")
        path = self.root / folder
        before = f"{folder}/" if folder else ""
        links = listing.links
        found = [
            Entry(path, file, name, stat.S_ISDIR(mark[0]))
            for name, mark in listing.marks.items()
            if (file := before + shown(name, most=100))
            and (name not in links or self._may_enter(path / name, file))
        ]
        self._check_case(found)
        return found

    def holds_anything(self, folder: str) -> bool:
        """Tell whether there is anything to read or to report in a folder, the link included."""
        path = self.root / folder
        listing = list_folder(path)
        return bool(listing.marks or listing.problem or path.is_symlink())

    def is_inside(self, path: Path) -> bool:
        """Tell whether a path, with every link followed, stays in the workspace."""
        return Path(os.path.realpath(path)).is_relative_to(self.root)

    def is_private(self, path: Path) -> bool:
        """Tell whether a path, with every link followed, leads to what never leaves private/."""
        private = os.path.realpath(self.root / PRIVATE)
        return Path(os.path.realpath(path)).is_relative_to(private)

    def _may_enter(self, path: Path, file: str) -> bool:
        if not path.is_symlink():
            return True
        if not self.is_inside(path):
            self._report(file, "file.escape", "this link leads out of the workspace")
            return False
        if self.is_private(path):
            self._report(file, "file.escape", "this link leads into private/, which nothing airs")
            return False
        if not path.exists():
            self._report(file, "file.dead-link", "this link leads nowhere")
            return False
        return True

    def _check_case(self, entries: list[Entry]) -> None:
        if len({entry.name.casefold() for entry in entries}) == len(entries):
            return
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
    return yaml_among(tree, tree.entries(folder))


def yaml_among(tree: Tree, entries: Iterable[Entry]) -> list[Entry]:
    """Give the YAML files among a folder's entries; as ``yaml_files``."""
    found = []
    for entry in entries:
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
