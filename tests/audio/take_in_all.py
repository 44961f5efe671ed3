"""A program: clean every file of a folder, one after another; says what each took, as JSON.

Before each file it opens a name that is not there, which is a mark in the trace of its calls.
"""

import json
import sys
import time
from contextlib import suppress
from pathlib import Path

from audio.clean_takes import clean_recording
from programme.errors import ProductionError

MARK = "/no-such-folder/"


def mark(name: str) -> None:
    with suppress(OSError):
        Path(MARK + name).open("rb").close()


def peak_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


def take(source: Path, out: Path) -> dict[str, object]:
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the peak is now
    began, worked = time.perf_counter(), time.process_time()
    mark(source.name)
    try:
        quality = clean_recording(source, where=source.name, out=out)
        told: dict[str, object] = {"length_s": quality.length_s, "speech_s": quality.speech_s}
    except ProductionError as error:
        told = {"problem": error.problem, "where": error.where, "remedy": error.remedy}
    mark("end")
    return told | {
        "seconds": time.perf_counter() - began,
        "worked_s": time.process_time() - worked,
        "peak_mb": peak_mb(),
    }


def main(folder: Path, outs: Path) -> None:
    # What Python and FFmpeg load when first needed is no file's doing.
    for kind in sorted(folder.glob("whole.*")):
        take(kind, outs / "first.flac")
    for path in sorted(folder.iterdir()):
        told = take(path, outs / f"{path.name}.flac")
        sys.stdout.write(json.dumps({"name": path.name, **told}) + "\n")
        sys.stdout.flush()


main(Path(sys.argv[1]), Path(sys.argv[2]))
