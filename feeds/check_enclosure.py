"""An item's sound as the feed tells it: address, length in bytes, type, duration.

RSS 2.0, enclosure; Apple's requirements; and what players make of it (notes on AntennaPod and
LibreTime). What the file itself says is judged by ``feeds.check_files``.
"""

import re
from urllib.parse import urlsplit

from feeds.check_addresses import Addresses
from feeds.check_faults import Element, Faults, quoted
from feeds.check_values import is_count

LEAST_BYTES = 16_384
"""AntennaPod takes a shorter length for unknown."""
MOST_SECONDS = 48 * 3600
"""Longer than any broadcast: more likely milliseconds."""

TYPES_BY_SUFFIX = {
    "mp3": frozenset({"audio/mpeg", "audio/mp3"}),
    "m4a": frozenset({"audio/x-m4a", "audio/mp4", "audio/m4a", "audio/aac"}),
    "m4b": frozenset({"audio/x-m4a", "audio/mp4", "audio/m4b", "audio/x-m4b"}),
    "aac": frozenset({"audio/aac", "audio/x-aac", "audio/aacp"}),
    "opus": frozenset({"audio/ogg", "audio/opus"}),
    "ogg": frozenset({"audio/ogg", "application/ogg", "audio/vorbis", "audio/opus"}),
    "oga": frozenset({"audio/ogg", "application/ogg"}),
    "flac": frozenset({"audio/flac", "audio/x-flac"}),
    "wav": frozenset({"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"}),
    "mp4": frozenset({"video/mp4", "audio/mp4"}),
    "m4v": frozenset({"video/x-m4v", "video/mp4"}),
    "mov": frozenset({"video/quicktime"}),
    "pdf": frozenset({"application/pdf"}),
}
_APPLE = frozenset(
    {"audio/mpeg", "audio/x-m4a", "audio/mp4", "audio/m4a", "video/mp4", "video/x-m4v",
     "video/quicktime", "application/pdf", "audio/mp3"}
)  # fmt: skip
_CLOCK = re.compile(r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)\Z", re.ASCII)


def check_enclosure(enclosure: Element, faults: Faults, addresses: Addresses) -> None:
    """Judge one enclosure; of several each."""
    get = enclosure.get
    address, length, kind = get("url", ""), get("length", ""), get("type", "")
    if address:
        addresses.sound(enclosure, address, faults)
    else:
        faults.append(("feed-enclosure.address", enclosure, "the enclosure has no url"))
    if not is_count(length):
        said = f"{quoted(length)} is no length in bytes"
        faults.append(("feed-enclosure.length", enclosure, said))
    elif len(length) < 6 and int(length) < LEAST_BYTES:
        said = f"a length of {length} bytes passes for unknown in AntennaPod"
        faults.append(("feed-enclosure.short", enclosure, said))
    if kind != "audio/mpeg" or not address.endswith(".mp3"):
        _check_type(enclosure, address, kind.partition(";")[0].strip().lower(), faults)


def _check_type(enclosure: Element, address: str, kind: str, faults: Faults) -> None:
    if not kind.startswith(("audio/", "video/")) and kind != "application/pdf":
        said = f"{quoted(kind)} is no type of sound"
        faults.append(("feed-enclosure.type", enclosure, said))
        return
    suffix = suffix_of(address)
    fitting = TYPES_BY_SUFFIX.get(suffix)
    if fitting is not None and kind not in fitting:
        said = f"the type is {quoted(kind)}, and the address ends in .{suffix}"
        faults.append(("feed-enclosure.suffix", enclosure, said))
    elif not suffix and address:
        said = f"{quoted(address)} has no suffix such as .mp3"
        faults.append(("feed-enclosure.suffix", enclosure, said))
    if suffix == "wav" or "wav" in kind:
        said = "LibreTime cannot take a WAV file from a feed"
        faults.append(("feed-enclosure.wav", enclosure, said))
    elif kind not in _APPLE:
        said = f"Apple takes no {kind} as the enclosure"
        faults.append(("feed-enclosure.rare", enclosure, said))


def suffix_of(address: str) -> str:
    """Give the suffix of an address's path in lower case, without its dot; empty for none."""
    try:
        name = urlsplit(address).path.rpartition("/")[2]
    except ValueError:
        return ""
    stem, dot, suffix = name.rpartition(".")
    return suffix.lower() if dot and stem and suffix.isalnum() and len(suffix) < 6 else ""


def read_duration(text: str) -> int:
    """Give an ``itunes:duration`` in seconds; 0 for what is none, or is none at all."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    found = _CLOCK.match(text)
    if found is None:
        return 0
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])


def check_duration(element: Element, text: str, faults: Faults) -> int:
    """Judge an ``itunes:duration``; gives it in seconds, 0 where it is none."""
    seconds = read_duration(text)
    if seconds == 0:
        said = f"itunes:duration {quoted(text)} is no length of time"
        faults.append(("feed-enclosure.duration", element, said))
    elif ":" in text:
        said = f"itunes:duration {quoted(text)} is not a whole number of seconds"
        faults.append(("feed-enclosure.duration-form", element, said))
    elif seconds > MOST_SECONDS:
        said = f"itunes:duration {text} is more than two days; are these milliseconds?"
        faults.append(("feed-enclosure.duration", element, said))
        return 0
    return seconds
