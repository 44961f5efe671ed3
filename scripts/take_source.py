"""What somebody gave back: a folder or a ZIP with takes, from strangers' hands.

Nothing of a name becomes a path here: files of a ZIP are unpacked under numbers of their own. A
thing that has no place is refused by its name, and the rest goes on.
"""

import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from programme.errors import ExitCode, ProductionError
from programme.storage import storage_error
from scripts.take_kit_file import KIT_FILE, Kit, parse_kit
from scripts.take_names import name_key
from scripts.wording import shown

TAKE_ENDINGS = frozenset(
    {".3ga", ".3gp", ".3gpp", ".aac", ".aif", ".aiff", ".amr", ".awb", ".caf", ".flac", ".m4a"}
    | {".mka", ".mp3", ".mp4", ".oga", ".ogg", ".opus", ".wav", ".wave", ".weba", ".webm", ".wma"}
)
"""What telephones, recorders and browsers make; what is inside is found out when it is decoded."""

KIT_ENDINGS = frozenset(
    {".csv", ".html", ".txt", ".json", ".css", ".js", ".md", ".pdf", ".png", ".svg"}
)
"""What a kit holds beside takes: passed over without a word."""

MOST_FILES = 5_000
MOST_BYTES = 300_000_000
"""In one file: what decoding takes at most."""
MOST_BYTES_IN_ALL = 8_000_000_000
MOST_RATIO = 100
"""How many times smaller a ZIP may hold a file: digital silence aside, sound hardly shrinks."""
FREE_BYTES = 5_000_000
"""Up to here the ratio does not matter."""
_DEPTH = 5
_BLOCK = 1 << 20
_OF_SYSTEMS = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One file that came in."""

    name: str
    """Its name in the folder or ZIP, with the folders it lay in; shown, never opened."""
    path: Path
    """Where it can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Something that was not taken, and what to do."""

    name: str
    problem: str
    remedy: str


@dataclass(slots=True)
class Arrivals:
    """Everything that somebody gave back."""

    files: list[Arrival] = field(default_factory=list)
    """By name."""
    kits: list[Kit] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    has_unread_kit: bool = False
    """Whether a kit.json came that cannot be read: nobody knows which words the takes speak."""

    def refuse(self, name: str, problem: str, remedy: str) -> None:
        """Note something that is not taken."""
        self.refused.append(Refusal(name=shown(name), problem=problem, remedy=remedy))


def read_arrivals(source: Path, scratch: Path) -> Arrivals:
    """Look at a folder, a ZIP or one sound file.

    Args:
        source: what was given back.
        scratch: an empty folder that files of a ZIP are unpacked into.

    Raises:
        ProductionError: there is nothing there, the ZIP cannot be read at all, or the disk
            refuses.
    """
    found = Arrivals()
    try:
        if source.is_dir():
            _read_folder(source, found)
        elif source.suffix.lower() not in TAKE_ENDINGS and zipfile.is_zipfile(source):
            _read_zip(source, scratch, found)
        elif source.suffix.lower() == ".zip" and source.is_file():
            raise _no_source(source, "this ZIP cannot be read: it is damaged, or cut short")
        elif source.is_file():
            _sort_in(Arrival(name=source.name, path=source), found)
        else:
            raise _no_source(source, "there is no such folder or file")
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise _no_source(source, "this ZIP cannot be read") from error
    except OSError as error:
        raise storage_error(error, source) from error
    found.files.sort(key=lambda one: one.name)
    return found


def _read_folder(source: Path, found: Arrivals) -> None:
    for count, (path, name) in enumerate(_walk(source, "", 0, found)):
        if count >= MOST_FILES:
            found.refuse(name, f"there are more than {MOST_FILES} files", "import them in parts")
            return
        _sort_in(Arrival(name=name, path=path), found)


def _walk(folder: Path, above: str, depth: int, found: Arrivals) -> Iterator[tuple[Path, str]]:
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=lambda one: one.name)
    for entry in inside:
        name = f"{above}{entry.name}"
        about = entry.stat(follow_symlinks=False)
        if _is_of_system(entry.name):
            continue
        if stat.S_ISDIR(about.st_mode):
            if depth >= _DEPTH:
                found.refuse(name, "this folder lies too deep", "move it further up")
                continue
            yield from _walk(Path(entry.path), f"{name}/", depth + 1, found)
        elif not stat.S_ISREG(about.st_mode):
            problem = "this is a link or a device, not a file"
            found.refuse(name, problem, "put the file itself in its place")
        elif about.st_size > MOST_BYTES:
            found.refuse(name, _too_large(about.st_size), "cut it, or save it as FLAC or MP3")
        else:
            yield Path(entry.path), name


def _read_zip(source: Path, scratch: Path, found: Arrivals) -> None:
    with zipfile.ZipFile(source) as opened:
        entries = [one for one in opened.infolist() if not one.is_dir()]
        entries = [one for one in entries if not _is_of_system(one.filename)]
        if len(entries) > MOST_FILES:
            raise _no_source(source, f"this ZIP holds more than {MOST_FILES} files")
        named = Counter(name_key(one.filename) for one in entries)
        total = 0
        for number, one in enumerate(entries):
            problem, remedy = _name_fault(one, named) or _entry_fault(one)
            if not problem and total + one.file_size > MOST_BYTES_IN_ALL:
                problem = f"with it the ZIP holds more than {MOST_BYTES_IN_ALL // 10**9} GB"
                remedy = "import it in parts"
            if problem:
                found.refuse(one.filename, problem, remedy)
                continue
            total += one.file_size
            path = scratch / f"{number:05d}{PurePosixPath(one.filename).suffix.lower()[:6]}"
            if _unpack(opened, one, path, found):
                _sort_in(Arrival(name=one.filename, path=path), found)


def _name_fault(one: zipfile.ZipInfo, named: Mapping[str, int]) -> tuple[str, str] | None:
    """Say why an entry's name is not taken; None where it may be."""
    parts = one.filename.replace("\\", "/").split("/")
    if named[name_key(one.filename)] > 1:
        problem = "the ZIP holds this name more than once, or in capitals and small letters"
        return problem, "give each file a name of its own, and make the ZIP again"
    if ".." in parts or parts[0] in {"", "."} or ":" in parts[0]:
        return "this name leads out of the ZIP", "make the ZIP again with the plain files in it"
    return None


def _entry_fault(one: zipfile.ZipInfo) -> tuple[str, str]:
    """Say why an entry is not unpacked, by what the ZIP says of it; empty where it may be."""
    kind = stat.S_IFMT(one.external_attr >> 16)
    again = "make the ZIP again with the plain files in it"
    if kind not in {0, stat.S_IFREG}:
        return "this is a link or a device, not a file", again
    if one.flag_bits & 1:
        return "this file is locked with a password", "make the ZIP again without a password"
    if one.file_size > MOST_BYTES:
        return _too_large(one.file_size), "cut it, or save it as FLAC or MP3"
    if one.file_size > FREE_BYTES and one.file_size > MOST_RATIO * max(1, one.compress_size):
        return "it would unpack to far more than sound ever does", again
    return "", ""


def _unpack(opened: zipfile.ZipFile, one: zipfile.ZipInfo, path: Path, found: Arrivals) -> bool:
    """Write one entry under a name of ours; more than it announced is not written."""
    left = one.file_size
    try:
        with opened.open(one) as data, path.open("wb") as out:
            while block := data.read(min(_BLOCK, left + 1)):
                left -= len(block)
                if left < 0:
                    break
                out.write(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        left = -1
    if left:
        path.unlink(missing_ok=True)
        problem = "it is damaged inside the ZIP"
        found.refuse(one.filename, problem, "send or copy the ZIP again")
    return not left


def _sort_in(arrival: Arrival, found: Arrivals) -> None:
    """Take a file for a take, for the kit's own, or for nothing that belongs here."""
    name = PurePosixPath(arrival.name.replace("\\", "/"))
    ending = name.suffix.lower()
    if name.name.casefold() == KIT_FILE:
        try:
            found.kits.append(parse_kit(arrival.path.read_bytes(), where=shown(arrival.name)))
        except ProductionError as error:
            found.has_unread_kit = True
            found.refuse(arrival.name, error.problem, error.remedy)
    elif ending in TAKE_ENDINGS or not ending:
        found.files.append(arrival)
    elif ending not in KIT_ENDINGS:
        problem = f"a file that ends in {shown(ending, most=12)} is no recording"
        remedy = "unpack it first" if ending in {".zip", ".rar", ".7z"} else "leave it out"
        found.refuse(arrival.name, problem, remedy)


def _is_of_system(name: str) -> bool:
    """Tell whether a system put it there: hidden, or a list of thumbnails."""
    parts = name.replace("\\", "/").casefold().split("/")
    hidden = any(part.startswith(".") and part.strip(".") for part in parts)
    return hidden or not _OF_SYSTEMS.isdisjoint(parts)


def _too_large(length_bytes: int) -> str:
    return f"the file has {length_bytes // 1_000_000} MB, more than {MOST_BYTES // 1_000_000}"


def _no_source(source: Path, problem: str) -> ProductionError:
    return ProductionError(
        problem,
        where=str(source),
        remedy="give the folder or the ZIP that came back from whoever recorded",
        code=ExitCode.INPUT,
    )
