"""Words that nobody may ever read in what leaves the house, and who looks for them everywhere."""

import base64
import gzip
import io
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

WORD = "zqcanary"
"""Begins each of them; nothing else holds it."""

_FORMS = sorted(
    {
        *(WORD.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")),
        WORD.encode().hex().encode(),
        # In base64 a text looks otherwise by where it begins; its edges mix with its neighbours.
        *(base64.b64encode(WORD[n : n + 6].encode()) for n in range(3)),
    }
)
_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_BYTES = 1 << 26
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{64,}={0,2}")


def planted(place: str) -> str:
    """Give the word of one place."""
    return f"{WORD}{place}"


def found_in(folders: Iterable[Path]) -> list[str]:
    """Give every file, and member of a file, in whose bytes or name a word is."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            data = path.read_bytes() if path.is_file() else b""
            found += list(found_in_bytes(name, data))
    return found


def found_in_bytes(name: str, data: bytes) -> Iterator[str]:
    """Look into bytes and into whatever is packed in them."""
    for place, inside in opened(name, data):
        lower = inside.lower()
        if WORD in place.lower() or any(form.lower() in lower for form in _FORMS):
            yield f"{place}: {words_in(inside)}"


def words_in(data: bytes) -> set[str]:
    """Give which words they are, where they are plain."""
    return set(re.findall(rf"{WORD}[a-z0-9]*", data.replace(b"\0", b"").decode("latin-1").lower()))


def opened(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give bytes and, one by one, what is compressed or encoded in them."""
    yield name, data
    inside: Iterable[tuple[str, bytes]] = ()
    if data.startswith(b"PK\x03\x04"):
        inside = _zip(name, data)
    elif data.startswith(b"\x1f\x8b"):
        inside = [(f"{name}!gz", gzip.decompress(data))]
    elif data.startswith(_PNG):
        inside = _png(name, data)
    elif data.startswith(b"%PDF"):
        inside = _inflated(name, (match[1] for match in _PDF_STREAM.finditer(data)))
    else:
        inside = _encoded(name, data)
    for place, more in inside:
        yield from opened(place, more)


def _zip(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            yield f"{name}!comment", archive.comment
            for member in archive.infolist():
                yield f"{name}!{member.filename}!comment", member.comment + member.extra
                yield f"{name}!{member.filename}", archive.read(member)
    except BadZipFile:
        return


def _png(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at + 8 : at + 8 + length]
        if kind in {b"zTXt", b"iTXt", b"iCCP"}:
            rest = chunk.partition(b"\0")[2]
            yield from _inflated(f"{name}!{kind.decode()}", (rest[n:] for n in range(1, 6)))
        at += 12 + length


def _inflated(name: str, streams: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    for number, stream in enumerate(streams):
        try:
            yield f"{name}!{number}", zlib.decompressobj().decompress(stream, _MOST_BYTES)
        except zlib.error:
            continue


def _encoded(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give what stands as base64 in a text, such as a picture in a page or in an Ogg file."""
    if name.count("!") > 4 or not name.endswith((".html", ".json", ".xml", ".opus", ".js", ".css")):
        return
    for match in _BASE64.finditer(data):
        text = match[0]
        yield f"{name}!base64", base64.b64decode(text[: len(text) // 4 * 4])
