"""The page in an update: of the old page, and of the sound that the update makes anyway.

A page holds base64 of the pack's sound. Sound that is new lies in the update once, as a file; the
page is then made of the old page with the base64 of the new files behind it, so that the update
does not hold the same sound a second time. People without Altavoz do so with ``base64``.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import BinaryIO

from stations.page_sound import tag_bytes

PAGE = "index.html"

_HEAD = 10
"""Bytes that tell how long the tag before the sound is."""
_LOOK = 300
"""Bytes by which sound is known in a page: three frames, or more."""
_BLOCK = 3 << 16
"""Bytes at a time; three give four of base64, so that there is no padding within."""


def skipped(sound: BinaryIO, page: bytes) -> int | None:
    """Give how many bytes of a file come before what a page holds of it as base64.

    Args:
        sound: the file, open to read and to seek.
        page: all of it.

    Returns:
        None where the page does not hold it.
    """
    sound.seek(0)
    skip = tag_bytes(sound.read(_HEAD))
    sound.seek(skip)
    look = sound.read(_LOOK)
    return skip if len(look) == _LOOK and b64encode(look) in page else None


def as_text(sound: BinaryIO, skip: int) -> Iterator[bytes]:
    """Give a file from some byte on as base64 without line ends."""
    sound.seek(skip)
    while block := sound.read(_BLOCK):
        yield b64encode(block)
