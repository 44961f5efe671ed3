"""Earlier packs, kept so that a small update can be made from one of them.

They lie in ``.altavoz/packs/``, which is safe to delete: an update from an older pack then needs
that pack's ZIP from whoever has it. A kept pack is a second name of the ZIP in ``build/`` where
the disk has hard links, and so costs nothing while that is there.
"""

import re
from pathlib import Path

from programme.storage import link_or_copy, storage_errors

ARCHIVE = ".altavoz/packs"

KEPT_PACKS = 8
"""Of each pack id, the newest; a station that missed more gets a whole pack."""

KEPT_BYTES = 4_000_000_000
"""Of all packs together; beyond it the oldest serials go first, but never the newest of an id."""

_NAME = re.compile(r"(?P<pack>[a-z0-9][a-z0-9_-]*)\.(?P<serial>[1-9][0-9]{0,9})\.zip")


def keep(root: Path, path: Path, pack_id: str, serial: int) -> None:
    """Keep a finished pack, and let go of those that are too many.

    Whatever replaces the pack must do so by a rename: a change in place would change what is
    kept.

    Args:
        root: of the workspace.
        path: of the ZIP.
        pack_id: its name.
        serial: its own.

    Raises:
        ProductionError: the disk refuses.
    """
    place = _place(root, pack_id, serial)
    with storage_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        if not _is_same_file(place, path):
            link_or_copy(path, place)
        _let_go(place.parent, KEPT_PACKS, KEPT_BYTES)


def find(root: Path, pack_id: str, serial: int) -> Path | None:
    """Give a kept pack's ZIP; None where it is not there any more."""
    place = _place(root, pack_id, serial)
    return place if place.is_file() else None


def kept_serials(root: Path, pack_id: str) -> list[int]:
    """Give the serials of a pack that are kept, the oldest first."""
    return sorted(serial for name, serial, _ in _kept(root / ARCHIVE) if name == pack_id)


def kept_packs(root: Path) -> list[tuple[str, int, Path]]:
    """Give every pack that is kept: its id, its serial and its ZIP."""
    return _kept(root / ARCHIVE)


def _place(root: Path, pack_id: str, serial: int) -> Path:
    name = f"{pack_id}.{serial}.zip"
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"{name!r} is no name of a pack")
    return root / ARCHIVE / name


def _is_same_file(place: Path, path: Path) -> bool:
    return place.is_file() and place.samefile(path)


def _kept(folder: Path) -> list[tuple[str, int, Path]]:
    if not folder.is_dir():
        return []
    found = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return [(match["pack"], int(match["serial"]), path) for match, path in found if match]


def _let_go(folder: Path, most_packs: int, most_bytes: int) -> None:
    """Take away what is too old; the newest of each id is taken away by nobody."""
    by_pack: dict[str, list[tuple[int, Path]]] = {}
    for name, serial, path in _kept(folder):
        by_pack.setdefault(name, []).append((serial, path))
    older: list[tuple[float, Path]] = []
    total = 0
    for several in by_pack.values():
        several.sort(reverse=True)
        for _, path in several[most_packs:]:
            path.unlink()
        for place, (_, path) in enumerate(several[:most_packs]):
            about = path.stat()
            total += about.st_size
            if place:
                older.append((about.st_mtime, path))
    for _, path in sorted(older):
        if total <= most_bytes:
            return
        total -= path.stat().st_size
        path.unlink()
