"""Measure a build of workload W against its floor and against two reference programs.

    python bench/run.py              W: 24 segments in six languages, some two hours of sound
    python bench/run.py --quick      Wq: a quarter of it
    python bench/run.py --ten        also ten times the work, with the same changes
    python bench/run.py --hours 3    also one episode of so many hours in two languages

Everything runs by turns, as often as --repeats says, each time from nothing: ours with two jobs
and with one, a pydub program and an ffmpeg script that do the same job, and the floor: what the
voice, a loudness meter and the two encoders cost alone for the same sound. Then ours with nothing
to do, after a change that nothing follows from, after one sentence, and after one fact; before the
sentence everything is published and packed, and after it once more. Figures are
medians; compare the ratios, because machines and their other work differ.

A machine that shares its cores may take half as long again from one quarter of an hour to the next.
So the floor's two coders run over the same sound before and after each run (the column "pace"), and
ratios are of figures reckoned to the middle pace. The columns show what was measured.
"""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.bounds import Bound, show_bounds  # noqa: E402 - after the path
from bench.build_rounds import (  # noqa: E402
    JOBS,
    LOADED,
    LOOK,
    REFERENCES,
    Place,
    missing_programs,
    sound_bytes,
    sound_seconds,
    versions,
)
from bench.machine import machine  # noqa: E402
from bench.options import Size, run_benchmark  # noqa: E402

IDLE_RUNS = 7
LOOK_RUNS = 3
HEADS = f"{'':<34}{'CPU s':>10}{'wall s':>10}{'peak MB':>10}{'written':>10}{'pace s':>10}"


def main() -> int:
    """Read the options, measure, write the figures."""
    return run_benchmark(
        __doc__,
        Size(name="segments", whole=24, quick=6),
        _measured,
        repeats="of the cold runs and of the references; medians taken",
        more=_options,
    )


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--languages", type=int, default=6, choices=range(2, 7))
    parser.add_argument("--no-references", action="store_true", help="measure ours alone")
    parser.add_argument("--ten", action="store_true", help="also ten times the segments")
    parser.add_argument("--hours", type=int, default=0, help="also an episode of so many hours")
    parser.add_argument("--plot", type=Path, help="draw the figures into this SVG")


def _measured(work: Path, given: argparse.Namespace, segments: int) -> dict[str, object]:
    place = Place.write(work / "w", seed=given.seed, segments=segments, languages=given.languages)
    missing = missing_programs()
    with_references = not given.no_references and not missing
    if missing and not given.no_references:
        print(f"The references are not run: {', '.join(missing)} not installed")
    sentences = place.workload.sentences * given.languages
    print(f"{segments} segments, {given.languages} languages, {sentences} sentences\n{HEADS}")
    names = tuple(REFERENCES) if with_references else ()
    sound_s, published = _rounds(place, given.repeats, names)
    place.idle(IDLE_RUNS)
    place.start(LOOK_RUNS)
    place.look(LOOK_RUNS)
    place.changes()
    bounds = _bounds(place, names, sound_s, published)
    figures: dict[str, object] = {
        "machine": machine(),
        "programs": versions(("ffmpeg", "espeak-ng")) if with_references else {},
        "workload": {
            "seed": given.seed,
            "segments": segments,
            "languages": place.workload.languages,
            "sentences": sentences,
            "sound_s": round(sound_s, 1),
            "sound_of_references_s": place.sounds_s,
            "published_bytes": published,
        },
        "floor_cpu_s": [asdict(floor) | {"sum_s": floor.sum_s} for floor in place.floors],
        "runs": {name: [asdict(cost) for cost in costs] for name, costs in place.runs.items()},
        "pace_s": {"all": place.pace.measured_s, "floor": place.floors_paces_s, **place.paces_s},
    }
    if given.ten:
        more, ten = _ten_times(work, given, segments, place)
        bounds += more
        figures["ten_times"] = ten
    if given.hours:
        more, long = _long_episode(work, given)
        bounds += more
        figures["long_episode"] = long
    _show_floor(place)
    show_bounds(bounds)
    figures["bounds"] = [asdict(bound) | {"holds": bound.holds} for bound in bounds]
    if given.plot is not None:
        from bench.build_plot import draw

        given.plot.write_text(draw(place, names), encoding="utf-8", newline="\n")
        print(f"drawn: {given.plot}")
    return figures


def _rounds(place: Place, repeats: int, references: tuple[str, ...]) -> tuple[float, int]:
    """Run everything cold, by turns; give the sound's length and the bytes of what came out."""
    sound_s, published = 0.0, 0
    for _ in range(repeats):
        place.cold(jobs=1)
        for name in references:
            place.reference(name)
        place.cold()
        sound_s = sound_seconds(place.workload)
        published = sound_bytes(place.workload.folder)
        place.floor(sound_s)
    return sound_s, published


def _bounds(
    place: Place, references: tuple[str, ...], sound_s: float, published: int
) -> list[Bound]:
    cold, idle = place.cpu("cold"), place.wall("nothing to do")
    click = place.wall(_CLICK_NAME)
    alone = place.cpu(_ONE_JOB)
    found = [
        Bound(
            what="cold, one job, CPU against the floor", found=alone / place.floor_cpu(), most=1.10
        ),
        Bound(
            what=f"cold, {JOBS} jobs, CPU against the floor",
            found=cold / place.floor_cpu(),
            most=1.10,
        ),
        Bound(
            what=f"cold, wall of {JOBS} jobs against one",
            found=place.wall("cold") / place.wall(_ONE_JOB),
            most=0.55,
        ),
    ]
    for name, cpu, wall in (("pydub", 0.7, 0.45), ("ffmpeg", 0.35, 0.25)):
        if name in references:
            # For equal lengths of sound: a reference has other pauses and another pace.
            longer = sound_s / place.sounds_s[name]
            ratios = (cold / place.cpu(name), place.wall("cold") / place.wall(name))
            what = f"against {name}, for a second of sound"
            found.append(Bound(what=f"cold, CPU {what}", found=ratios[0] / longer, most=cpu))
            found.append(Bound(what=f"cold, wall {what}", found=ratios[1] / longer, most=wall))
    found += _change_bounds(place)
    return [
        *found,
        Bound(
            what="nothing to do, wall against import click",
            found=idle - 3 * click,
            most=0.05,
            unit="s",
        ),
        Bound(
            what="nothing to do, wall",
            found=place.middle("nothing to do", lambda cost: cost.wall_s),
            most=0.30,
            unit="s",
        ),
        _memory("cold", place),
        Bound(
            what="bytes written against bytes published",
            found=place.middle("cold", lambda cost: cost.written_mb) * 1e6 / published,
            most=3,
        ),
    ]


def _change_bounds(place: Place, before: str = "") -> list[Bound]:
    """Give what a changed sentence and changed facts may cost of a cold build.

    Args:
        place: where all of it was built.
        before: words before the name of each bound.
    """
    cold, sentence = place.cpu("cold"), place.cpu("one sentence changed")
    # Start-up is Python with all that makes a slot; the other two show more of the whole.
    starts = (
        ("start-up", LOADED),
        ("a build with nothing to do", "nothing to do"),
        ("a build that looks and makes nothing", LOOK),
    )
    facts = ("one fact changed, spoken together", "one fact changed, scattered")
    return [
        *(
            Bound(
                what=f"{before}one sentence changed, CPU less {name}, against cold",
                found=100 * (sentence - place.cpu(start)) / cold,
                most=1.0,
                unit="%",
            )
            for name, start in starts
        ),
        *(
            Bound(
                what=f"{before}{name}, CPU against cold",
                found=100 * place.cpu(name) / cold,
                most=8,
                unit="%",
            )
            for name in facts
        ),
    ]


_CLICK_NAME = "python -c 'import click'"
_ONE_JOB = "cold, --jobs 1"


def _memory(name: str, place: Place) -> Bound:
    peak = place.middle(name, lambda cost: cost.peak_tree_mb or cost.peak_process_mb)
    what = f"peak memory of the whole tree, {place.workload.segments} segments"
    return Bound(what=what, found=peak, most=400, unit="MB")


def _ten_times(
    work: Path, given: argparse.Namespace, segments: int, place: Place
) -> tuple[list[Bound], dict[str, object]]:
    print("\nTen times the work")
    ten = Place.write(
        work / "ten",
        seed=given.seed,
        segments=10 * segments,
        languages=given.languages,
        pace=place.pace,
    )
    ten.cold()
    ten.idle(IDLE_RUNS)
    ten.start(LOOK_RUNS)
    ten.look(LOOK_RUNS)
    ten.changes()
    bounds = [
        Bound(what="ten times the work, CPU", found=ten.cpu("cold") / place.cpu("cold"), most=10.5),
        Bound(
            what="ten times the work, nothing to do, wall",
            found=ten.wall("nothing to do") / place.wall("nothing to do"),
            most=4,
        ),
        _memory("cold", ten),
        *_change_bounds(ten, "ten times the work, "),
    ]
    return bounds, {name: [asdict(cost) for cost in costs] for name, costs in ten.runs.items()}


def _long_episode(work: Path, given: argparse.Namespace) -> tuple[list[Bound], dict[str, object]]:
    print(f"\nEpisodes of {given.hours} hours")
    long = Place.write(work / "long", seed=given.seed, segments=60 * given.hours, languages=2)
    long.cold()
    return [_memory("cold", long)], {
        name: [asdict(cost) for cost in costs] for name, costs in long.runs.items()
    }


def _show_floor(place: Place) -> None:
    floor = sorted(place.floors, key=lambda one: one.sum_s)[len(place.floors) // 2]
    parts = ", ".join(
        f"{name} {value:.1f}"
        for name, value in (
            ("speech", floor.speech_s),
            ("loudness", floor.loudness_s),
            ("MP3", floor.mp3_s),
            ("Opus", floor.opus_s),
        )
    )
    print(f"\nfloor, CPU s: {parts}, together {floor.sum_s:.1f}")
    print(
        f"Two coders at once cost {floor.crowded:.2f} x the CPU of one alone on this machine: "
        f"two jobs could take {floor.crowded / JOBS:.2f} x the wall of one at best."
    )


if __name__ == "__main__":
    sys.exit(main())
