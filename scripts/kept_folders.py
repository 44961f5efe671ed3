"""What was read from folders of small files, such as facts/, kept in .altavoz/folders.jsonl.

A folder is read again as a whole when anything in it changed. As in check_cache, files are known
by what the disk says of them, and a wrong hit would be a wrong message: a folder is kept only
where every later change is sure to show, and is found only with the same program, the same files
and the same answer to whatever else its reader follows from.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from programme.findings import Finding, Findings
from scripts.kept_file import (
    DAMAGED,
    FOLDER,
    DiskClock,
    digest_of,
    plain_line,
    read_kept,
    write_kept,
)
from scripts.plain_columns import Column, column_of
from scripts.program_digest import program_digest
from scripts.tree import Tree, list_folder

FILE = "folders.jsonl"

T = TypeVar("T")


class KeptFolders:
    """The folders that earlier commands read, for one command."""

    def __init__(self, root: Path, *, may_write: bool) -> None:
        """Read what there is.

        Args:
            root: of the workspace.
            may_write: whether this command may write into the workspace.
        """
        folder = root / FOLDER
        self._path = folder / FILE
        is_safe = bool(program_digest()) and not folder.is_symlink()
        self._key = digest_of(program_digest())
        self._may_write = may_write and is_safe
        self._clock = DiskClock(folder, may_write=self._may_write)
        self._kept: dict[str, tuple[str, str]] = {}
        """By folder or check: the question, and the line."""
        self._answered: dict[str, str] = {}
        self._changed = False
        for line in read_kept(self._path, key=self._key) if is_safe else ():
            name, _, rest = line.partition(" ")
            self._kept[name] = (rest.partition(" ")[0], line)
        self.hits = 0
        """How many folders needed no reading."""

    def read(
        self,
        tree: Tree,
        folder: str,
        *,
        follows_from: object,
        kind: type[T],
        read: Callable[[], T],
        holds: Callable[[T], bool] = lambda _: True,
    ) -> T:
        """Give what a reader makes of a folder, and its findings into those of the tree.

        Args:
            tree: the workspace.
            folder: its name: what is read must be the files right in it, and nothing else.
            follows_from: whatever else the values follow from; its ``repr`` is compared.
            kind: the type of what is read.
            read: reads it.
            holds: tells of what was kept whether the same would be read still, where that follows
                from more than all of this.
        """
        path = tree.root / folder
        listing = list_folder(path)
        if path.is_symlink() or not listing.is_plain:
            return read()
        question = digest_of(repr([folder, listing.digest, follows_from]))
        kept = self._kept.get(folder)
        if kept is not None and kept[0] == question:
            try:
                value, findings = _of_line(kept[1], kind)
                still = holds(value)
            except DAMAGED:
                self._kept.pop(folder)
            else:
                if still:
                    self.hits += 1
                    self._answered[folder] = question
                    tree.findings.extend(findings)
                    return value
        before = len(tree.findings)
        # asked before the files are read: a change between the two could not be seen
        is_trusted = self._clock.trusts(listing)
        value = read()
        findings = tree.findings.items[before:]
        if is_trusted and all(one.rule != "file.unreadable" for one in findings):
            self._kept[folder] = (question, _line(folder, question, kind, value, findings))
            self._changed = True
            self._answered[folder] = question
        return value

    def check(
        self,
        name: str,
        *,
        folders: Sequence[str],
        follows_from: object,
        findings: Findings,
        check: Callable[[Findings], None],
    ) -> None:
        """Add what a check of several files finds; what it found before, if it follows from this.

        Args:
            name: of the check; no folder is called so.
            folders: that were read here. Where one of them changed of late, nothing is kept.
            follows_from: whatever else the findings follow from; its ``repr`` is compared. None
                where nobody can say: then the check is made each time.
            findings: gains them.
            check: makes it.
        """
        answered = [self._answered.get(folder) for folder in folders]
        if follows_from is None or None in answered:
            check(findings)
            return
        question = digest_of(repr([name, answered, follows_from]))
        kept = self._kept.get(name)
        if kept is not None and kept[0] == question:
            try:
                found = column_of(Finding).read(json.loads(kept[1].split(" ", 2)[2]))
            except DAMAGED:
                self._kept.pop(name)
            else:
                findings.extend(found)
                return
        own = Findings()
        check(own)
        line = plain_line(column_of(Finding).write(own.items))
        self._kept[name] = (question, f"{name} {question} {line}")
        self._changed = True
        findings.extend(own.items)

    def save(self) -> None:
        """Write what was read; a disk that refuses costs time at the next run, nothing else."""
        if self._may_write and self._changed:
            write_kept(self._path, [line for _, line in self._kept.values()], key=self._key)


def _line(folder: str, question: str, kind: type[T], value: T, findings: list[Finding]) -> str:
    columns = [_column(kind).write([value]), column_of(Finding).write(findings)]
    return f"{folder} {question} {plain_line(columns)}"


def _of_line(line: str, kind: type[T]) -> tuple[T, list[Finding]]:
    columns, findings = json.loads(line.split(" ", 2)[2])
    (value,) = _column(kind).read(columns)
    return value, column_of(Finding).read(findings)


def _column(kind: object) -> Column:
    return column_of(kind)
