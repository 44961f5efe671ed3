"""What was found in each segment, kept from one run to the next in .altavoz/check.jsonl.

A wrong hit would be a wrong message, a miss only costs time; so everything that a finding
follows from is part of the question: the house style, the rules and their program, every fact
that was looked up, and the segment's files. These are known by name, length, inode and both
times of the disk. The second of these (ctime) cannot be set by hand, nor by unpacking an
archive, so that a cache that came with a stranger's workspace finds nothing.

A file that changed less than two seconds before it was read could change again within one tick of
the disk's clock, and disks without a ctime (FAT) show no change that keeps length and date. There
the contents are compared, as git does with its index.

The first line holds the digest of the rest: whatever is damaged, half-written or from another
version is as if it were not there. A workspace that cannot be written is checked without.
"""

import hashlib
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from programme.findings import Findings
from programme.kept_findings import keep_findings
from scripts.factbook import FAULTY_FACT
from scripts.kept_file import (
    DAMAGED,
    FOLDER,
    DiskClock,
    digest_of,
    read_kept_body,
    write_kept_body,
)
from scripts.kept_rows import (
    FEW_ROWS,
    Group,
    Held,
    Row,
    changed_names,
    file_digests,
    read_groups,
    row_of,
    write_groups,
)
from scripts.program_digest import program_digest
from scripts.segment_found import Earlier, Ground, SegmentCheck, SegmentFound
from scripts.text_files import LIMIT_BYTES
from scripts.tree import Entry, Listing, list_folder

FILE = "check.jsonl"

_NOT_KEPT = frozenset({"file.unreadable"})
"""Rules whose findings say something of the disk, which may be well again tomorrow."""


class _Kept(NamedTuple):
    """One segment as it stands in the file."""

    row: Row
    group: Group
    at: int
    """Its place in the group."""

    def held(self) -> Held:
        """Give all of it, to be written in another group."""
        return Held(self.row, self.group.about(self.at), self.group.findings[self.at])


class CheckCache:
    """The findings of earlier runs, for one command."""

    def __init__(self, root: Path, ground: Ground, *, may_write: bool) -> None:
        """Read what there is.

        Args:
            root: of the workspace.
            ground: what segments are judged by now.
            may_write: whether this command may write into the workspace.
        """
        self._folder = root / FOLDER
        self._ground = ground
        self._is_safe = bool(program_digest()) and not self._folder.is_symlink()
        self._may_write = may_write and self._is_safe
        self._digests: dict[str, str] = {}
        self._key = digest_of(_question(ground))
        self._groups = self._read() if self._is_safe else []
        self._kept = {
            row.id: _Kept(row, group, at)
            for group in self._groups
            for at, row in enumerate(group.rows)
        }
        self._stale: dict[int, frozenset[str]] = {}
        self._held: dict[str, _Kept | Held] = {}
        self._changed: set[str] = set()
        self._clock = DiskClock(self._folder, may_write=self._may_write)
        self._before: dict[str, str] = {}
        self.hits = 0
        """How many segments needed no check."""

    def find(self, folder: Entry, listing: Listing, findings: Findings) -> SegmentFound | None:
        """Give what was found in a segment, if it would be found again; ask before checking.

        Args:
            folder: of the segment.
            listing: what it holds.
            findings: gains those of the segment, as they were kept.
        """
        kept = self._kept.get(folder.name)
        if kept is not None and self._holds(kept, folder, listing):
            self.hits += 1
            row, group, at = kept
            findings.extend_kept(group.findings[at])
            return SegmentFound(
                row.id, row.languages, row.consent, row.face, partial(group.about, at)
            )
        if self._may_write and not self._clock.trusts_by_now(listing):
            self._before[folder.name] = _contents(folder.path, listing)
        return None

    def earlier(self, folder: Entry, listing: Listing) -> Earlier | None:
        """Give what was found in a segment if only translations changed since, and which.

        None where the source, segment.yml, a fact or the files' names changed, where nobody can
        say what changed, or where a language cannot be checked without the others.
        """
        kept = self._kept.get(folder.name)
        if kept is None or not kept.row.apart or not listing.is_plain:
            return None
        row = kept.row
        if not self._facts_hold(row, kept.group):
            return None
        first = self._ground.source_language
        translations = [tag for tag in self._ground.languages or () if tag != first]
        own = {f"{tag}{ending}": tag for tag in translations for ending in (".md", ".from")}
        names = changed_names(row, listing)
        if not names or not own.keys() >= set(names):
            return None
        return Earlier(
            about=kept.group.about(kept.at),
            findings=kept.group.findings[kept.at],
            facts=row.facts,
            whole_book=row.whole_book,
            changed=frozenset(own[name] for name in names),
        )

    def keep(
        self, folder: Entry, listing: Listing, check: SegmentCheck, found: SegmentFound
    ) -> None:
        """Remember what was found in files that were listed, and asked for here, before.

        Args:
            folder: of the segment.
            listing: what it held.
            check: all that was found.
            found: the same as ``found_of`` gives it.
        """
        self._changed.add(folder.name)
        if not self._may_write or not listing.is_plain:
            return
        items = check.findings.items
        if any(finding.rule in _NOT_KEPT for finding in items):
            return
        contents = self._before.get(folder.name, "")
        if contents and contents != _contents(folder.path, listing):
            return  # changed while it was checked: nobody knows which of the two was
        place = f"{folder.file}/"
        findings = keep_findings(place, [one for one in items if one.rule != FAULTY_FACT])
        if findings is None:
            return
        row = row_of(
            check,
            found,
            place,
            listing,
            contents=contents,
            sure_before_ns=self._clock.sure_before_ns,
        )
        self._held[folder.name] = Held(row, check.about, findings)

    def save(self) -> None:
        """Write what was found; a disk that refuses costs time at the next run, nothing else."""
        if not self._may_write or not (self._changed or self._kept.keys() != self._held.keys()):
            return
        write_kept_body(self._folder / FILE, [*self._to_save()], key=self._key)

    def _to_save(self) -> Iterator[bytes | memoryview]:
        """Give groups that hold as a whole as they stand, and the other rows in new ones."""
        rest = dict(self._held)
        for group in self._groups:
            names = [row.id for row in group.rows]
            held = all(name in rest and name not in self._changed for name in names)
            if held and len(names) >= FEW_ROWS:
                yield group.data
                for name in names:
                    del rest[name]
        every = [one.held() if isinstance(one, _Kept) else one for one in rest.values()]
        yield from write_groups(every, fact=self._fact, book=self._book)

    def _read(self) -> list[Group]:
        """Give the groups of the file; nothing where it cannot be trusted."""
        try:
            groups = list(read_groups(read_kept_body(self._folder / FILE, key=self._key)))
        except DAMAGED:
            return []
        names = [row.id for group in groups for row in group.rows]
        return groups if len(set(names)) == len(names) else []

    def _holds(self, kept: "_Kept", folder: Entry, listing: Listing) -> bool:
        """Tell whether what was found would be found again."""
        row = kept.row
        if row.listing != listing.digest:
            return False
        if not self._facts_hold(row, kept.group):
            return False
        if row.contents:
            trusted = self._clock.trusts(listing)
            if row.contents != _contents(folder.path, listing):
                return False
            if trusted:
                self._changed.add(row.id)
                sure = "".join(file_digests(listing, self._clock.sure_before_ns))
                kept = kept._replace(row=row._replace(contents="", files=sure))
        self._held[row.id] = kept
        return True

    def _facts_hold(self, row: Row, group: Group) -> bool:
        """Tell whether all that was looked up in the fact book says what it said."""
        if not self._differing(group).isdisjoint(row.facts):
            return False
        return not row.whole_book or group.book == self._book()

    def _differing(self, group: Group) -> frozenset[str]:
        """Give the ids of a group's facts that say something else now."""
        found = self._stale.get(id(group))
        if found is None:
            every = group.facts.items()
            found = frozenset(name for name, digest in every if self._fact(name) != digest)
            self._stale[id(group)] = found
        return found

    def _fact(self, name: str) -> str:
        digest = self._digests.get(name)
        if digest is None:
            book = self._ground.book
            about = (book.facts.get(name), book.contacts.get(name), book.faulty.get(name))
            digest = self._digests[name] = digest_of(repr(about))
        return digest

    def _book(self) -> str:
        digest = self._digests.get("")
        if digest is None:
            book = self._ground.book
            names = {*book.facts, *book.contacts, *book.faulty}
            order = [list(book.facts), list(book.contacts), list(book.faulty)]
            every = [self._fact(name) for name in sorted(names)]
            digest = self._digests[""] = digest_of(repr([order, every]))
        return digest


def _question(ground: Ground) -> str:
    """Say what every finding follows from, but for facts and the segment's own files."""
    style = ground.style.digest
    return repr([ground.languages, ground.source_language, style, program_digest()])


def _contents(path: Path, listing: Listing) -> str:
    """Give the digest of the bytes of every file; of what the disk says where it refuses."""
    digest = hashlib.blake2b(digest_size=16)
    for name, mark in list_folder(path).marks.items():
        digest.update(repr((name, mark[:3])).encode())
        if not stat.S_ISREG(mark[0]):
            continue
        try:
            with (path / name).open("rb") as file:
                digest.update(hashlib.blake2b(file.read(LIMIT_BYTES + 1)).digest())
        except OSError as error:
            digest.update(repr(error).encode())
    digest.update(listing.digest.encode())
    return digest.hexdigest()
