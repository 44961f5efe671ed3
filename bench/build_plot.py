"""Draw what a cold build cost beside the references and the floor."""

from bench.build_rounds import Place
from production.airplay.plots import bar_plot


def draw(place: Place, references: tuple[str, ...]) -> str:
    """Give an SVG of the medians of CPU and wall seconds."""
    names = ["Altavoz, two jobs", "Altavoz, one job"]
    runs = ["cold", "cold, --jobs 1"]
    names += [f"reference: {name}" for name in references]
    runs += references
    cpu = [round(place.cpu(name)) for name in runs]
    wall = [round(place.wall(name)) for name in runs]
    names.append("floor: voice, meter, MP3, Opus alone")
    floor = round(place.floor_cpu())
    rows = [("CPU seconds", [*cpu, floor]), ("wall seconds", [*wall, floor])]
    return bar_plot("From texts to published sound, from nothing", names, rows)
