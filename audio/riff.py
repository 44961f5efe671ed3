"""RIFF files as WAV is made of: chunks, their order, and sizes beyond 4 GiB.

Microsoft's RIFF (1991) and WAVE format; RF64 where a size does not fit into 32 bits (EBU Tech
3306, ITU-R BS.2088). Everything is little-endian; a chunk of odd length is followed by one zero.
"""

import struct

from programme.units import Hz

PCM = 1
MULAW = 7
_LARGEST = 0xFFFFFFFF


def chunk(name: bytes, content: bytes) -> bytes:
    """Give a whole chunk.

    Raises:
        ValueError: the name is not four bytes.
    """
    if len(name) != 4:
        raise ValueError(f"{name!r} is not the name of a chunk")
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def format_chunk(tag: int, rate_hz: Hz, bits: int) -> bytes:
    """Give ``fmt`` of one channel; of anything but PCM it says that nothing more is to be said."""
    align = bits // 8
    content = struct.pack("<HHIIHH", tag, 1, rate_hz, rate_hz * align, align, bits)
    return chunk(b"fmt ", content if tag == PCM else content + struct.pack("<H", 0))


def fact_chunk(samples: int) -> bytes:
    """Give ``fact``, which tells the length of what is not PCM; beyond 32 bits it tells nothing."""
    return chunk(b"fact", struct.pack("<I", min(samples, _LARGEST)))


def head(before: bytes, data_bytes: int, after: bytes, *, samples: int) -> bytes:
    """Give everything up to the first byte of the sound.

    Args:
        before: whole chunks ahead of the sound, ``fmt`` among them.
        data_bytes: length of the sound.
        after: whole chunks behind it; what goes between is ``tail``.
        samples: length of the sound.
    """
    size = 4 + len(before) + 8 + data_bytes + data_bytes % 2 + len(after)
    if size <= _LARGEST:
        return (
            struct.pack("<4sI4s", b"RIFF", size, b"WAVE")
            + before
            + struct.pack("<4sI", b"data", data_bytes)
        )
    # The true sizes stand in ds64, which counts itself.
    sizes = struct.pack("<QQQI", size + 36, data_bytes, samples, 0)
    return (
        struct.pack("<4sI4s", b"RF64", _LARGEST, b"WAVE")
        + chunk(b"ds64", sizes)
        + before
        + struct.pack("<4sI", b"data", _LARGEST)
    )


def tail(data_bytes: int, after: bytes) -> bytes:
    """Give everything behind the last byte of the sound."""
    return bytes(data_bytes % 2) + after
