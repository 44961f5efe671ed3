"""The plots of an airplay report as pictures, for a letter or a slide."""

from collections.abc import Iterator
from pathlib import Path

from production.airplay.pages import part_plot, report_parts
from production.airplay.report import AirplayReport
from production.artwork.drawing import opaque_picture
from programme.storage import storage_errors, write_beside


def write_plots(report: AirplayReport, folder: Path) -> Iterator[Path]:
    """Write each plot as PNG, whole or not at all, and give where it lies.

    Raises:
        ProductionError: the disk refuses.
    """
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for part in report_parts(report):
        drawing = part_plot(part)
        if drawing:
            path = folder / f"airplay_{part.columns[0]}.png"
            write_beside(path, opaque_picture(drawing))
            yield path
