"""What computers leave on sticks by themselves: no part of a pack, and no player plays it."""

import re

_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".directory", ".nomedia"})
_FOLDERS = re.compile(
    r"(?:system volume information|\.trashes|\.trash-[0-9]+|\.spotlight-v100|\.fseventsd"
    r"|\.temporaryitems|\$recycle\.bin|lost\.dir|found\.[0-9]{3})/"
)
_SOUND = re.compile(
    r"\.(?:mp[1234]|m4[abp]|aac|ac3|amr|aiff?|ape|awb|caf|flac|mk[av]|mov|oga|ogg|opus|spx|wave?"
    r"|webm|wma|wv|3gpp?|m3u8?|pls|asx|xspf|html?|apk|exe)\Z"
)
"""What a player or a person could open; nothing of this is litter, wherever it lies: a player that
knows no hidden folders plays what was put into the waste basket."""
_APPLE_MARK = b"\x00\x05\x16\x07"
"""Begins the files in which macOS keeps what a FAT stick has no place for (AppleDouble)."""
_APPLE_BYTES = 1 << 16


def is_litter(path: str) -> bool:
    """Tell whether a file is litter by its path alone."""
    name = path.casefold()
    if _SOUND.search(name):
        return False
    return name.rpartition("/")[2] in _NAMES or bool(_FOLDERS.match(name))


def may_be_apple(path: str, length_bytes: int) -> bool:
    """Tell whether a file may be one of macOS's, which ``is_apple`` tells by its first bytes."""
    return path.rpartition("/")[2].startswith("._") and length_bytes <= _APPLE_BYTES


def is_apple(head: bytes) -> bool:
    """Tell by a file's first bytes whether macOS put it beside another."""
    return head.startswith(_APPLE_MARK)
