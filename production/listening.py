"""Listening: the picture of an edition as PNG, or a page that plays it and follows along."""

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from audio.curves import Curves, measure_curves
from production.artwork.drawing import picture
from production.build_folder import BUILD_FOLDER
from production.edition_picture import (
    HEAD,
    LEFT,
    RIGHT,
    ROW,
    Fault,
    draw_edition,
    faults_of,
    rows_of,
)
from production.edition_view import EditionView
from production.page_text import fill, page_part, page_program, policy_hash
from programme.digests import Plain
from programme.storage import put_file, storage_errors, write_beside, write_into_folder
from programme.wording import clock

FOLDER = "listen"
"""Where pages are put, in the build folder; safe to delete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A finished file that was measured."""

    view: EditionView
    curves: Curves
    faults: tuple[Fault, ...]

    def plain(self) -> dict[str, Plain]:
        """Give the figures for --json."""
        found = self.curves.loudness
        return {
            "name": self.view.name,
            "file": str(self.view.file),
            "duration_ms": self.curves.duration_ms,
            "integrated_lufs": round(found.integrated, 2),
            "range_lu": round(found.range_lu, 2),
            "momentary_max_lufs": round(found.momentary_max, 2),
            "short_term_max_lufs": round(found.short_term_max, 2),
            "true_peak_dbtp": round(found.true_peak, 2),
            "faults": [{"text": fault.text, "at_ms": fault.at_ms} for fault in self.faults],
        }


def look_at_edition(view: EditionView) -> Look:
    """Measure a finished file.

    Raises:
        ProductionError: it is missing, damaged or longer than six hours.
    """
    curves = measure_curves(
        view.file,
        most=view.profile.max_dbtp,
        dual_mono=view.profile.dual_mono,
        where=view.name,
    )
    return Look(view=view, curves=curves, faults=faults_of(view, curves))


def write_picture(look: Look, path: Path) -> None:
    """Write the picture as PNG, whole or not at all.

    Raises:
        ProductionError: the disk is full or refuses.
    """
    data = picture(draw_edition(look.view, look.curves, look.faults))
    write_into_folder(path, data)


def write_page(look: Look, root: Path) -> Path:
    """Write the page with its sound beside it, and give where it lies.

    Args:
        look: what was measured.
        root: the workspace.

    Raises:
        ProductionError: the disk is full or refuses.
    """
    folder = root / BUILD_FOLDER / FOLDER
    name = look.view.name
    page = folder / f"{name}.html"
    sound = folder / f"{name}{look.view.suffix}"
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with look.view.file.open("rb") as made:
            put_file(sound, partial(shutil.copyfileobj, made))
    write_beside(page, render_page(look, sound.name).encode("utf-8"))
    return page


def render_page(look: Look, sound: str) -> str:
    """Render the page.

    Args:
        look: what was measured.
        sound: the file's name beside the page.
    """
    view = look.view
    style, script = page_part("listen.css"), page_program("listen.js")
    return fill(
        "listen.html",
        {
            "title": view.title,
            "language": view.language,
            "sound": quote(sound),
            "style": style,
            "style_hash": policy_hash(style),
            "script": script,
            "script_hash": policy_hash(script),
            "picture": draw_edition(view, look.curves, look.faults),
            "faults": [{"text": fault.text, "at": fault.at_ms} for fault in look.faults],
            "rows": rows_of(look.curves.duration_ms),
            "left": LEFT,
            "right": RIGHT,
            "head": HEAD,
            "row": ROW,
            "duration": look.curves.duration_ms,
            "chapters": [
                {"at": one.start_ms, "clock": clock(one.start_ms // 1000), "title": one.title}
                for one in view.chapters
            ],
            "sentences": [
                {
                    "at": one.start_ms,
                    "until": one.end_ms,
                    "clock": clock(one.start_ms // 1000),
                    "speaker": one.speaker,
                    "text": one.text,
                }
                for one in view.captions
            ],
        },
    )
