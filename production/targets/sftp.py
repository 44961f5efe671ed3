"""Publishes to a folder on a server over SSH: the web space that many organisations rent.

Media are sent to a hidden part beside their place, whose name holds their digest: after a break,
and in the next run, whoever sends the same bytes goes on behind what is there. Documents are sent
whole to a hidden file of this run alone and renamed over the old one at one stroke. Whatever is
half is never under a name that the public knows.

A swap is guarded by a lock file, made exclusively, with its owner's mark; its holder looks again
just before the rename that it is still his. SFTP has no other means: of two publishers at the
very same moment the claim in ``publish.json`` decides, see ``claims``.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from production.targets.base import Listed, occupied, overtaken
from production.targets.beside import is_abandoned, is_unfinished, part_name, writing_name
from production.targets.folder_listing import EPOCH
from production.targets.line import Line
from production.targets.sftp_folder import SftpFolder
from production.targets.sftp_lock import SftpLock
from production.targets.sftp_upload import Upload, check_source
from production.targets.ssh import Ssh
from production.targets.ssh_files import BLOCK_BYTES, Files, Told, is_unsupported
from production.targets.ssh_place import ssh_place
from programme.digests import digest_bytes
from programme.network import TargetSettings
from programme.units import Digest, Key

_STEP_SECONDS = 1


class SftpTarget:
    """A folder on a server, reached over SSH, as a publishing target."""

    def __init__(self, settings: TargetSettings, *, line: Line | None = None) -> None:
        """Take the place from the options; connect to nothing yet.

        Raises:
            ProductionError: the options are wrong.
        """
        self.name = settings.name
        self._place = ssh_place(settings)
        self._line = line or Line()
        self._ssh = Ssh(self._place, self._line)
        self._folder = SftpFolder(self._place)
        self._lock = SftpLock(self._ssh, self._folder.base, self._line, self._place.address())
        self._abandoned: list[str] = []

    def describe(self) -> str:
        """Give server and folder; not who logs in."""
        return self._place.address()

    def close(self) -> None:
        """Let go of the connection."""
        self._ssh.close()

    def put_new(self, key: Key, source: Path, *, media_type: str, digest: Digest) -> bool:
        """Send a file under a key whose bytes never change; see Target."""
        del media_type  # a web server tells it by the suffix
        path = self._folder.path(key)
        length_bytes = check_source(source, digest)
        there = self._look(key)
        if there is None:
            self._sweep()
            upload = Upload(
                source=source,
                length_bytes=length_bytes,
                part=_beside(path, part_name(_name(path), digest)),
                path=path,
            )

            def send(files: Files) -> bool:
                self._folder.has_folders(files, key, make=True)
                return upload.go_on(files)

            if self._ssh.run(send):
                return True
            there = self._look(key)
        if there is None or there.length_bytes != length_bytes or not self.verify(key, digest):
            raise occupied(self._place.address(key))
        return False

    def put(self, key: Key, data: bytes, *, media_type: str) -> bool:
        """Send bytes under a key, replacing what was there at one stroke; see Target."""
        del media_type
        if self.read(key) == data:
            return False
        self._sweep()
        with self._written_beside(key, data) as beside:
            self._ssh.run(lambda files: self._rename(files, beside, key))
        return True

    def swap(self, key: Key, data: bytes, *, media_type: str, seen: bytes | None) -> bool:
        """Send bytes in the place of those that were seen; see Target."""
        del media_type
        if not self._is_due(key, data, seen):
            return False
        self._sweep()
        with self._written_beside(key, data) as beside, self._lock.held() as lock:
            if not self._is_due(key, data, seen):
                self._ssh.try_once(lambda files: files.remove(beside))
                return False

            def rename(files: Files) -> None:
                if not lock.is_ours(files):
                    raise overtaken(self._place.address(key))
                self._rename(files, beside, key)

            self._ssh.run(rename)
        return True

    def listing(self) -> Iterator[Listed]:
        """Give every file below the folder, by name; see Target.

        Links, and folders that may not be read, are listed as they are; what is still being
        written is left out. A tag holds a file's size and second: whoever replaces a file
        through a target moves its second on, whatever the clock says.
        """
        self._abandoned = []
        unfinished: list[tuple[str, int]] = []
        newest = 0
        for name, told in self._walk(""):
            if is_unfinished(_name(f"/{name}")):
                unfinished.append((name, told.seconds))
                continue
            newest = max(newest, told.seconds)
            yield Listed(
                name=name,
                length_bytes=told.length_bytes,
                tag=f"{told.length_bytes} {told.seconds}",
                changed_at=EPOCH + timedelta(seconds=told.seconds),
            )
        self._abandoned = [
            f"{self._folder.base}/{name}"
            for name, seconds in unfinished
            if is_abandoned(_name(f"/{name}"), age_seconds=newest - seconds)
        ]

    def read(self, key: Key) -> bytes | None:
        """Give a file's bytes; None if there is none."""
        data = bytearray()

        def begin() -> None:
            data.clear()

        return bytes(data) if self._read(key, begin, data.extend) else None

    def verify(self, key: Key, digest: Digest) -> bool:
        """Read a file back and tell whether it has this digest; False if there is none."""
        running = [hashlib.sha256()]

        def begin() -> None:
            running[0] = hashlib.sha256()

        is_there = self._read(key, begin, lambda block: running[0].update(block))  # noqa: PLW0108
        return is_there and running[0].hexdigest() == digest

    def size(self, key: Key) -> int | None:
        """Give a file's length in bytes; None if there is none."""
        there = self._look(key)
        return None if there is None else there.length_bytes

    def remove(self, key: Key) -> bool:
        """Delete a file; False if there was none."""
        if self._look(key) is None:
            return False
        path = self._folder.path(key)
        self._ssh.run(lambda files: files.remove(path))
        return True

    # --- What stands there ----------------------------------------------------------------

    def _look(self, key: Key) -> Told | None:
        return self._ssh.run(lambda files: self._folder.file(files, key))

    def _walk(self, above: str) -> Iterator[tuple[str, Told]]:
        """Give the files below a folder in the order of their whole names."""
        found = self._ssh.run(lambda files: self._folder.entries(files, above))
        if found is None:
            yield above.rstrip("/"), Told(length_bytes=0, seconds=0, mode=0)
            return
        # By their bytes, and a folder by its name with a slash: the order of an S3 list.
        for name, told in sorted(found, key=lambda one: (one[0] + "/" * one[1].is_folder).encode()):
            if told.is_folder:
                yield from self._walk(f"{above}{name}/")
            else:
                yield above + name, told

    def _is_due(self, key: Key, data: bytes, seen: bytes | None) -> bool:
        """Tell whether what was seen is there; False if ``data`` is there already."""
        there = self.read(key)
        if there == data:
            return False
        if there != seen:
            raise overtaken(self._place.address(key))
        return True

    def _read(self, key: Key, begin: Callable[[], None], take: Callable[[bytes], object]) -> bool:
        """Hand a file on, block by block; after a break from where it was, if it is the same.

        Args:
            key: of the file.
            begin: forgets what was taken; called before the first block.
            take: takes a block.

        Returns:
            False if there is none.
        """
        path = self._folder.path(key)
        before: Told | None = None
        taken = 0

        def go_on(files: Files) -> bool:
            nonlocal before, taken
            if self._folder.file(files, key) is None:
                return False
            file = files.opened(path, start_bytes=taken)
            if file.told != before:
                before, taken = file.told, 0
                begin()
            end_bytes = file.told.length_bytes
            for block in files.read(file, start_bytes=taken, end_bytes=end_bytes):
                taken += len(block)
                take(block)
            if taken != end_bytes:
                raise overtaken(self._place.address(key))
            return True

        return self._ssh.run(go_on)

    # --- What is sent ---------------------------------------------------------------------

    @contextmanager
    def _written_beside(self, key: Key, data: bytes) -> Iterator[str]:
        """Send a document to a hidden file of this thread, which goes if what follows fails."""
        path = self._folder.path(key)
        beside = _beside(path, writing_name(f"{_name(path)}.{digest_bytes(data)[:8]}"))
        is_first = True

        def write(files: Files) -> None:
            nonlocal is_first
            self._folder.has_folders(files, key, make=True)
            told = None if is_first else files.look(beside)
            start_bytes = 0 if told is None else min(told.length_bytes, len(data))
            blocks = (
                data[place : place + BLOCK_BYTES]
                for place in range(start_bytes, len(data), BLOCK_BYTES)
            )
            create, is_first = told is None, False
            files.write(beside, blocks, start_bytes=start_bytes, create=create, empty=create)

        is_whole = False
        try:
            self._ssh.run(write)
            yield beside
            is_whole = True
        finally:
            if not is_whole:
                self._ssh.try_once(lambda files: files.remove(beside))

    def _rename(self, files: Files, beside: str, key: Key) -> None:
        """Rename a document over the old one, with a later second than that has.

        A web server makes its ETag of a file's size and second, and so does our list its tag:
        two editions of one feed within a second would look the same to whoever has the first.
        """
        path = self._folder.path(key)
        new, old = files.looks(beside, path)
        if old is not None and not old.is_file:
            raise self._folder.foreign(key)
        if new is None:
            return  # an earlier try of ours, whose answer was lost
        if old is not None and new.seconds <= old.seconds:
            files.set_time(beside, old.seconds + _STEP_SECONDS)
        try:
            files.replace(beside, path)
        except OSError as error:
            if not is_unsupported(error):
                raise
            if old is not None or not files.take_name(beside, path):
                raise self._folder.refused(
                    "this server cannot replace a file at one stroke",
                    "ask the web host for OpenSSH's SFTP, or publish to a folder and copy it: "
                    "docs/targets.md",
                    key,
                ) from error

    def _sweep(self) -> None:
        """Remove what stopped runs left, as the last list showed it."""
        doomed, self._abandoned = self._abandoned, []

        def remove(files: Files) -> None:
            for path in doomed:
                files.remove(path)

        if doomed:
            self._ssh.try_once(remove)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _beside(path: str, name: str) -> str:
    return f"{path.rpartition('/')[0]}/{name}"
