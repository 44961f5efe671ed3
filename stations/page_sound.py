"""The sound that a page holds: base64 of the pack's own files, in blocks.

The tag before the sound, the sound, and the tag behind it are blocks of their own. All frames of
our MP3 files are multiples of 3 bytes, so the base64 of frames that did not change is the same
text wherever they lie: rsync, zsync and a delta find it in the next pack (notes of the field).
"""

from base64 import b64encode

from stations.pack_plan import PackPlan, Track

MOST_BYTES = 8_000_000
"""Of all sound of a pack together, so that a telephone can open the page; above it the page plays
the files beside it."""

_V1_BYTES = 128


def embeds(plan: PackPlan) -> bool:
    """Tell whether the page of a pack holds its sound."""
    return sum(one.item.rendition.length_bytes for one in _messages(plan)) <= MOST_BYTES


def embedded_tracks(plan: PackPlan) -> tuple[Track, ...]:
    """Give the tracks whose sound is in the page: all or none, but never the notices.

    Whoever reads the page reads what a notice says, and in the list of what must be deleted; its
    sound is new each time, and would be sent twice.
    """
    return _messages(plan) if embeds(plan) else ()


def _messages(plan: PackPlan) -> tuple[Track, ...]:
    return tuple(one for one in plan.tracks if one.item.notice is None)


def sound_blocks(sound: bytes) -> tuple[str, ...]:
    """Give a file as base64: tag before, sound, tag behind; those that it has."""
    begin = min(tag_bytes(sound[:10]), len(sound))
    end = len(sound)
    if end - begin > _V1_BYTES and sound[-_V1_BYTES:][:3] == b"TAG":
        end -= _V1_BYTES
    blocks = (sound[:begin], sound[begin:end], sound[end:])
    return tuple(b64encode(block).decode("ascii") for block in blocks if block)


def tag_bytes(head: bytes) -> int:
    """Give the length of the ID3v2 tag at the start, 0 where there is none (ID3v2.3.0, 3.1).

    Args:
        head: the first ten bytes of a file.
    """
    if len(head) < 10 or head[:3] != b"ID3" or any(byte > 0x7F for byte in head[6:]):
        return 0
    size = 0
    for byte in head[6:]:
        size = size << 7 | byte
    return 10 + size
