"""Text files of a workspace, which may come from strangers: bounded, UTF-8, nothing hidden.

Everything that is wrong becomes a finding; nothing here raises for what a file holds.
"""

import codecs
import os
import re
import stat
import unicodedata
from pathlib import Path

from programme.findings import Findings

LIMIT_BYTES = 1_000_000
"""No file that a person writes is longer; a longer one is a mistake or an attack."""

_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\u115f\u1160\u3164\uffa0"  # letters of Korean that show nothing: a title of them is empty
    "\U000e0000-\U000e007f"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]"
)
"""Control characters, halves of pairs, and what is invisible and turns or splits words.

The two joiners (U+200C, U+200D) are missing: Persian and Indic scripts need them.
"""


def read_text(
    path: Path | str, *, file: str, findings: Findings, limit_bytes: int = LIMIT_BYTES
) -> str | None:
    """Give a file's text without byte order mark and with plain line ends; None if it has none.

    A long file, a device, a pipe, a folder, bad UTF-8 and an unreadable disk are findings.
    """
    data = _read_bytes(path, file=file, findings=findings, limit_bytes=limit_bytes)
    if data is None:
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        findings.add(
            file=file,
            line=0,
            rule="text.encoding",
            problem="the file is saved as UTF-16",
            remedy="save it as UTF-8 in the editor",
        )
        return None
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        # it counts without the mark, whose three bytes hold no line end
        findings.add(
            file=file,
            line=data.count(b"\n", 0, error.start) + 1,
            rule="text.encoding",
            problem=f"byte {data[error.start]:02X} is not UTF-8",
            remedy="save the file as UTF-8 in the editor",
        )
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def odd_characters(text: str) -> frozenset[str]:
    """Give the control and hidden characters that a text holds."""
    if text.isascii() and text.replace("\n", " ").isprintable():
        return frozenset()  # at once, where most texts are of several lines
    return frozenset(_ODD.findall(text))


def check_characters(text: str, *, file: str, findings: Findings) -> frozenset[str]:
    """Report every line with control or hidden characters; gives those that were found."""
    found = odd_characters(text)
    if found:
        for number, line in enumerate(text.split("\n"), start=1):
            for character in sorted(odd_characters(line)):
                report_character(character, file=file, line=number, findings=findings)
    return found


def is_hidden(character: str) -> bool:
    """Tell whether an odd character is an invisible mark rather than a control character."""
    return unicodedata.category(character) in {"Cf", "Lo"}


def report_character(character: str, *, file: str, line: int, findings: Findings) -> None:
    """Report one character that has no place in a text."""
    hidden = is_hidden(character)
    name = unicodedata.name(character, "a control character").lower()
    findings.add(
        file=file,
        line=line,
        rule="text.hidden" if hidden else "text.control",
        problem=f"this line holds U+{ord(character):04X}, {name}, which nobody sees or hears",
        remedy="delete it; retype the words if it cannot be seen",
    )


def _read_bytes(
    path: Path | str, *, file: str, findings: Findings, limit_bytes: int
) -> bytes | None:
    problem = ""
    try:
        # without waiting: a pipe in the workspace must not stop the reader for ever
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                problem = "this is not an ordinary file"
            else:
                data = _read_up_to(handle, limit_bytes + 1, expected=about.st_size + 1)
                if len(data) <= limit_bytes:
                    return data
                problem = f"the file is longer than {limit_bytes // 1000} kB"
        finally:
            os.close(handle)
    except FileNotFoundError:
        problem = "the file is missing"
    except OSError as error:
        problem = f"the file cannot be read: {(error.strerror or str(error)).lower()}"
    findings.add(
        file=file,
        line=0,
        rule="file.unreadable",
        problem=problem,
        remedy="put an ordinary text file in its place, or delete it",
    )
    return None


def _read_up_to(handle: int, most: int, *, expected: int) -> bytes:
    """Give a file's first bytes; asking for the expected length is quicker than for the most."""
    wanted = min(most, expected)
    data = os.read(handle, wanted)
    # A file gives less than it is asked for only where it ends; it may have grown meanwhile.
    while len(data) == wanted < most and (more := os.read(handle, most - wanted)):
        data += more
        wanted = len(data)
    return data
