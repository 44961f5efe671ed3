"""Opening a stranger's sound file: one regular file, one demuxer, nothing that it points to.

FFmpeg finds a file's format by its contents and follows what it finds: a text that begins
with ``ffconcat`` plays its neighbours, a film may lie in other files or on a server. So the
first bytes choose one demuxer here and its decoders of sound, only those may be used, and
FFmpeg opens nothing at all: it is handed the one file that we opened, and no other protocol.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import av.error
from av.container import InputContainer

from audio.containers import Container, declares_length, refuse_cut, sniff
from programme.errors import ExitCode, ProductionError

ERR_DETECT = "crccheck+bitstream+buffer+explode"
"""What FFmpeg takes for damage: wrong checksums, and what its formats do not allow."""

_OPTIONS = {
    "protocol_whitelist": "fd",
    "probesize": "5000000",
    "analyzeduration": "5000000",
    "max_streams": "64",
    "err_detect": ERR_DETECT,
}
"""The first bounds what FFmpeg may reach (one file that is open), the next three how much it
reads and keeps before any sound flows."""

_KINDS = "give a WAV, FLAC, MP3, Ogg, Opus, M4A, 3GP, AMR, AAC, WebM, CAF, AIFF or WMA file"


@dataclass(frozen=True, slots=True)
class SoundFile:
    """An open file; none of its sound has been decoded."""

    opened: InputContainer
    container: Container
    length_bytes: int
    declares_length: bool
    """Whether a length that FFmpeg reads in it was written, not guessed from the file's size."""


@contextmanager
def open_sound_file(path: Path, *, where: str, largest_bytes: int) -> Iterator[SoundFile]:
    """Open a file behind its one allowed demuxer.

    Args:
        path: the file.
        where: the file as the producer knows it, for messages.
        largest_bytes: what it may have.

    Raises:
        ProductionError: missing, no file, too large, no sound file, cut short or damaged.
    """
    with ExitStack() as held:
        try:
            file, length_bytes = _open(path, where, largest_bytes)
            held.enter_context(file)
            container = sniff(file)
            if container is None:
                raise ProductionError(
                    "this is not a sound file" if length_bytes else "the file is empty",
                    where=where,
                    remedy=_KINDS,
                )
            refuse_cut(file, container, where)
            declares = declares_length(file, container)
            file.seek(0)
        except OSError as error:
            raise _unreadable(str(error.strerror), where) from error
        opened = held.enter_context(_demuxed(file, container, where))
        yield SoundFile(opened, container, length_bytes, declares)


def damaged(where: str, what: str) -> ProductionError:
    """Say what is wrong with a file."""
    return ProductionError(
        f"the file {what}",
        where=where,
        remedy="copy or record it again, and check that it plays to its end",
        code=ExitCode.INPUT,
    )


def _open(path: Path, where: str, largest_bytes: int) -> tuple[BinaryIO, int]:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        # A pipe would keep us waiting for ever, a device may never end.
        raise _unreadable("it is no file", where)
    if found.st_size > largest_bytes:
        raise ProductionError(
            f"the file has {found.st_size // 1_000_000} MB, more than {largest_bytes // 1_000_000}",
            where=where,
            remedy="cut it, or save it as FLAC or MP3",
        )
    return path.open("rb"), found.st_size


def _demuxed(file: BinaryIO, container: Container, where: str) -> InputContainer:
    """Hand FFmpeg the open file itself, and no other way to open anything.

    It reads without a call back to Python: a Ctrl-C that came in one would be printed and lost.
    """
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    options = {
        "fd": str(file.fileno()),
        "format_whitelist": container.demuxer,
        "codec_whitelist": ",".join(sorted(container.codecs)),
    }
    try:
        return av.open(
            "fd:",
            "r",
            format=container.demuxer,
            options=_OPTIONS | options | dict(container.options),
        )
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise damaged(where, f"is not readable as {container.title}") from error


def _unreadable(why: str, where: str) -> ProductionError:
    return ProductionError(
        f"the file cannot be read: {why}",
        where=where,
        remedy="check that it exists and may be read",
    )
