"""A recording kit on disk: a folder to hand over, or the same as one ZIP."""

import io
from pathlib import Path
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo, is_zipfile

from production.takes.kit import TakeKit
from production.takes.kit_pages import render_recorder, render_sheet, render_table
from programme.errors import ExitCode, ProductionError
from programme.storage import storage_errors, write_beside
from programme.units import LanguageTag
from scripts.take_kit_file import KIT_FILE, render_kit

SHEET, RECORDER, TABLE = "prompts.html", "record.html", "prompts.csv"

_UNIX = 3
"""The ZIP's name for the system whose file modes it carries (APPNOTE.TXT, 4.4.2)."""
_MODE = 0o100644 << 16


def kit_files(kit: TakeKit) -> dict[str, bytes]:
    """Give every file of a kit by its name; the same kit gives the same bytes."""
    return {
        RECORDER: render_recorder(kit),
        SHEET: render_sheet(kit),
        TABLE: render_table(kit),
        KIT_FILE: render_kit(kit.kit),
    }


def kit_place(network: str, tag: LanguageTag, *, notices: bool, zipped: bool) -> Path:
    """Give where a kit goes by itself: into the folder that one is in."""
    name = f"{network}-{tag}-{'notices-' if notices else ''}kit"
    return Path(f"{name}.zip" if zipped else name)


def refuse_kit_place(place: Path, *, zipped: bool, replacing: bool) -> None:
    """Refuse a place at which something stands that a kit would cover.

    Raises:
        ProductionError: there is something, and nobody said to write over it, or it is no kit.
    """
    if not place.exists() or (replacing and _is_kit(place, zipped=zipped)):
        return
    if place.is_dir() and not zipped and not any(place.iterdir()):
        return
    remedy = "give --replace, or another place with --out"
    raise ProductionError(
        "something stands here already",
        where=str(place),
        remedy=remedy if _is_kit(place, zipped=zipped) else "name another place with --out",
        code=ExitCode.USAGE,
    )


def write_kit(kit: TakeKit, place: Path, *, zipped: bool) -> tuple[Path, ...]:
    """Write a kit; give the files written.

    Raises:
        ProductionError: the disk is full or refuses; code STORAGE. Each file is the old one or
            the new, never a part.
    """
    files = kit_files(kit)
    with storage_errors(place):
        (place.parent if zipped else place).mkdir(parents=True, exist_ok=True)
    if zipped:
        write_beside(place, zip_of(files))
        return (place,)
    for name, data in files.items():
        write_beside(place / name, data)
    return tuple(place / name for name in files)


def zip_of(files: dict[str, bytes]) -> bytes:
    """Give a ZIP of files, stored: how well bytes are packed depends on the version of zlib."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, data in files.items():
            entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = _UNIX, _MODE
            archive.writestr(entry, data)
    return out.getvalue()


def _is_kit(place: Path, *, zipped: bool) -> bool:
    if not zipped:
        return (place / KIT_FILE).is_file()
    if not place.is_file() or not is_zipfile(place):
        return False
    try:
        with ZipFile(place) as archive:
            return KIT_FILE in archive.namelist()
    except (BadZipFile, OSError):
        return False
