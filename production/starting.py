"""Starting: a workspace of one's own from the skeleton, or a copy of the example."""

import shutil
from datetime import date, timedelta
from pathlib import Path

from programme.errors import ProductionError
from programme.identifiers import ID_RULE, is_id
from programme.series import Episode
from programme.storage import storage_errors
from programme.tables import package_file

_TEXT = frozenset({".toml", ".yml", ".md", ".txt", ".from", ""})


_MADE, _REVIEW, _EXPIRES = "2026-11-22", "2026-12-22", "2027-05-22"
"""The skeleton's own dates. A new workspace counts its own from the day it is made; the days on
which sources were read stay as they are."""


def init_workspace(folder: Path, *, today: date) -> tuple[Path, ...]:
    """Make a small workspace that builds at once; the folder's name becomes the network's id.

    Args:
        folder: new or empty.
        today: the episode's day; reviews fall due 30 days later, everything expires in half a
            year.

    Raises:
        ProductionError: the folder is there and not empty, its name is no id, or the disk
            refuses.
    """
    name = folder.resolve().name
    if not is_id(name):
        raise ProductionError(
            f"{name} cannot be the id of a network",
            where=str(folder),
            remedy=f"choose another folder name: {ID_RULE}",
        )
    _refuse_full(folder)
    title = name.replace("-", " ").replace("_", " ").capitalize()
    skeleton = package_file("production", "skeleton")
    with storage_errors(folder):
        _copy(skeleton, folder, {"my-radio": name, "My radio": title, **_dates(today)})
        _write_sounds(folder / "sounds")
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


def _dates(today: date) -> dict[str, str]:
    return {
        f'dated: "{_MADE}"': f'dated: "{today}"',
        f'review_by: "{_REVIEW}"': f'review_by: "{today + timedelta(days=30)}"',
        f'expires: "{_EXPIRES}"': f'expires: "{today + timedelta(days=181)}"',
    }


def copy_example(folder: Path) -> bool:
    """Copy the example workspace into a folder, unless it is there already; tell whether it was.

    Raises:
        ProductionError: the folder holds something else, or the disk refuses.
    """
    if (folder / "altavoz.toml").is_file():
        return False
    _refuse_full(folder)
    with storage_errors(folder):
        _copy(example_folder(), folder, {})
    return True


def example_folder() -> Path:
    """Give where the example workspace lies: in the installed package, or in the repository.

    Raises:
        ProductionError: neither is there.
    """
    package = package_file("production")
    for place in (package / "example", package.parent / "examples" / "camino"):
        if (place / "altavoz.toml").is_file():
            return place
    raise ProductionError(
        "the example workspace was not installed",
        where=str(package),
        remedy="install Altavoz again from its wheel or repository",
    )


def example_day(episodes: tuple[Episode, ...]) -> date:
    """Give the day on which the example speaks: that of its newest episode.

    Its facts were read on that day and expire soon after; a demonstration a year later must
    neither air them as current nor fail.
    """
    return max(episode.dated for episode in episodes)


def _refuse_full(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProductionError(
            "this folder is not empty",
            where=str(folder),
            remedy="name a new folder, or empty this one first",
        )


def _copy(source: Path, target: Path, replace: dict[str, str]) -> None:
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if _is_made(inside) or path.is_dir():
            continue
        out = target / inside
        out.parent.mkdir(parents=True, exist_ok=True)
        if replace and path.suffix in _TEXT:
            text = path.read_text(encoding="utf-8")
            for old, new in replace.items():
                text = text.replace(old, new)
            out.write_text(text, encoding="utf-8")
        else:
            shutil.copyfile(path, out)


def _is_made(inside: Path) -> bool:
    """Tell whether a file is a product of building the example where it lies."""
    made = {".altavoz", "build", "public", "__pycache__", "releases.jsonl"}
    return bool(made & set(inside.parts)) or inside.name == "__init__.py"


def _write_sounds(folder: Path) -> None:
    from audio.music import write_sounds

    folder.mkdir(parents=True, exist_ok=True)
    write_sounds(folder)
