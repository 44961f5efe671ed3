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
import json
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from programme.findings import Finding
from programme.segments import Segment
from programme.units import LanguageTag
from scripts.plain_values import Value, form_of
from scripts.program_digest import program_digest
from scripts.segment_check import Ground, SegmentCheck
from scripts.summaries import Summary
from scripts.text_files import LIMIT_BYTES
from scripts.tree import Entry, Listing, list_folder

FOLDER = ".altavoz"
FILE = "check.jsonl"
_PART = "check-{}.part"

_FORMAT = 1
_TICK_NS = 2_000_000_000
"""The coarsest clock of a disk in use: FAT counts in two seconds."""
_MOST_BYTES = 200_000_000
_DAMAGED = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)
"""What reading raises for a line that this module did not write."""

_FORMS = tuple(
    form_of(hint)
    for hint in (
        Segment | None,
        Mapping[str, int],
        tuple[LanguageTag, ...],
        tuple[Summary, ...],
        tuple[Finding, ...],
    )
)
_NOT_KEPT = frozenset({"file.unreadable"})
"""Rules whose findings say something of the disk, which may be well again tomorrow."""


class _Row(NamedTuple):
    """One segment as it is kept."""

    name: str
    listing: str
    contents: str
    """Digest of the files' bytes where the listing alone cannot be trusted; else empty."""
    facts: dict[str, str]
    book: str
    """Digest of the whole fact book where more than single facts were looked at; else empty."""
    found: list[Value]


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
        self._key = _digest(_question(ground))
        self._kept = self._read() if self._is_safe else {}
        self._saved: dict[str, str] = {}
        self._changed = False
        self._now: _Now | None = None
        self._before: dict[str, str] = {}
        self.hits = 0
        """How many segments needed no check."""

    def find(self, folder: Entry, listing: Listing) -> SegmentCheck | None:
        """Give what was found in a segment, if it would be found again; ask before checking."""
        line = self._kept.get(folder.name)
        if line is not None:
            try:
                found = self._valid(line, folder, listing)
            except _DAMAGED:
                found = None
            if found is not None:
                self.hits += 1
                return found
        if self._may_write and not self._is_trusted(listing):
            self._before[folder.name] = _contents(folder.path, listing)
        return None

    def keep(self, folder: Entry, listing: Listing, found: SegmentCheck) -> None:
        """Remember what was found in files that were listed, and asked for here, before."""
        self._changed = True
        if not self._may_write or not listing.is_plain:
            return
        if any(finding.rule in _NOT_KEPT for finding in found.findings):
            return
        contents = self._before.get(folder.name, "")
        if contents and contents != _contents(folder.path, listing):
            return  # changed while it was checked: nobody knows which of the two was
        row = _Row(
            name=folder.name,
            listing=listing.digest,
            contents=contents,
            facts={name: self._fact(name) for name in sorted(found.facts)},
            book=self._book() if found.whole_book else "",
            found=_plain(found),
        )
        self._saved[folder.name] = _line(row)

    def save(self) -> None:
        """Write what was found; a disk that refuses costs time at the next run, nothing else."""
        if not self._may_write or not (self._changed or self._kept.keys() != self._saved.keys()):
            return
        body = "".join(f"{line}\n" for line in self._saved.values()).encode("utf-8")
        head = _line([_FORMAT, self._key, hashlib.blake2b(body).hexdigest()])
        part = self._folder / _PART.format(os.getpid())
        try:
            self._folder.mkdir(exist_ok=True)
            with part.open("xb") as file:  # never through a link that somebody put there
                file.write(head.encode("utf-8") + b"\n" + body)
            part.replace(self._folder / FILE)
        except OSError:
            _remove(part)

    def _read(self) -> dict[str, str]:
        """Give the lines of the file by segment; nothing where it cannot be trusted."""
        path = self._folder / FILE
        try:
            about = path.lstat()
            if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST_BYTES:
                return {}
            head, _, body = path.read_bytes().partition(b"\n")
            if json.loads(head) != [_FORMAT, self._key, hashlib.blake2b(body).hexdigest()]:
                return {}
            lines = body.decode("utf-8").splitlines()
            return {line[2 : line.index('"', 2)]: line for line in lines}
        except (OSError, *_DAMAGED):
            return {}

    def _valid(self, line: str, folder: Entry, listing: Listing) -> SegmentCheck | None:
        row = _Row(*json.loads(line))
        if row.listing != listing.digest:
            return None
        if any(self._fact(name) != digest for name, digest in row.facts.items()):
            return None
        if row.book and row.book != self._book():
            return None
        if row.contents:
            trusted = self._is_trusted(listing)
            if row.contents != _contents(folder.path, listing):
                return None
            if trusted:
                self._changed = True
                line = _line(row._replace(contents=""))
        self._saved[row.name] = line
        return _found(row)

    def _is_trusted(self, listing: Listing) -> bool:
        """Tell whether any change from now on shows in the listing."""
        if not self._may_write:
            return False
        if self._now is None:
            self._now = _look_at_clock(self._folder)
        return self._now.keeps_change_times and listing.newest_ns < self._now.ns - _TICK_NS

    def _fact(self, name: str) -> str:
        digest = self._digests.get(name)
        if digest is None:
            book = self._ground.book
            about = (book.facts.get(name), book.contacts.get(name), book.faulty.get(name))
            digest = self._digests[name] = _digest(repr(about))
        return digest

    def _book(self) -> str:
        book = self._ground.book
        names = {*book.facts, *book.contacts, *book.faulty}
        digest = self._digests.get("")
        if digest is None:
            order = [list(book.facts), list(book.contacts), list(book.faulty)]
            every = [self._fact(name) for name in sorted(names)]
            digest = self._digests[""] = _digest(repr([order, every]))
        return digest


class _Now(NamedTuple):
    """The disk's own clock, which need not be that of the machine."""

    ns: int
    keeps_change_times: bool
    """Whether a file's ctime tells of changes that its mtime was made to hide."""


def _look_at_clock(folder: Path) -> _Now:
    part = folder / _PART.format(os.getpid())
    try:
        folder.mkdir(exist_ok=True)
        part.touch(exist_ok=False)
        before = part.stat().st_ctime_ns
        os.utime(part, ns=(0, 0))
        about = part.stat()
    except OSError:
        return _Now(0, keeps_change_times=False)
    finally:
        _remove(part)
    return _Now(before, keeps_change_times=about.st_mtime_ns < before <= about.st_ctime_ns)


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return


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


def _plain(found: SegmentCheck) -> list[Value]:
    values = [
        found.segment,
        dict(found.lines),
        found.languages,
        found.summaries,
        found.findings,
    ]
    return [form.write(one) for form, one in zip(_FORMS, values, strict=True)]


def _found(row: _Row) -> SegmentCheck:
    values = [form.read(one) for form, one in zip(_FORMS, row.found, strict=True)]
    segment, lines, languages, summaries, findings = values
    return SegmentCheck(
        id=row.name,
        segment=segment,
        lines=lines,
        languages=languages,
        summaries=summaries,
        findings=findings,
        facts=frozenset(row.facts),
        whole_book=bool(row.book),
    )


def _line(value: Iterable[object]) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
