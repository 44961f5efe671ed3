"""Where strangers' sound comes in: each file is decoded in a process of its own.

A file that was made to break a decoder then ends that process alone, and is refused by its name;
what was said of one file cannot touch the next. No sound library is imported here but in that
process. A process costs 0.4 seconds a file (measured), most of it for loading the libraries.

Builds read what lies in recordings/ and sounds/ without it: that came in through here, or was put
there by the producer's own hand; they run in worker processes, with the same refusals.
"""

import json
import sys
from dataclasses import asdict, fields
from pathlib import Path

from programme.bounded import Bounds, Fault, ask
from programme.errors import ExitCode, ProductionError
from programme.takes import TakeQuality

BOUNDS = Bounds(seconds=120, memory_bytes=1_500_000_000, file_bytes=200_000_000)
"""Ten minutes take 5 seconds; as FLAC of 48 kHz and 24 bits they have 86 MB at most."""

_REMEDY = "open it in another program and save it anew as WAV or FLAC, or record it again"
_FIGURES = (int, float, bool, type(None))


def take_in(source: Path, *, where: str, out: Path) -> TakeQuality:
    """Write the sound of a stranger's file as a clean FLAC; give what was measured in it.

    Args:
        source: the file.
        where: the file as the producer knows it, for messages.
        out: the FLAC to write, in a scratch folder: a process that is ended leaves its part of a
            file behind.

    Raises:
        ProductionError: as for ``clean_takes.clean_recording``; or the file crashes what reads
            it, or takes more time or memory than it may (code INPUT).
        OSError: no process can be started, or the disk refuses.
    """
    request = {"source": str(source), "where": where, "out": str(out)}
    answer = ask("audio.take_intake", json.dumps(request).encode(), bounds=BOUNDS)
    if isinstance(answer, Fault):
        raise _refused(answer, where)
    return _read(answer, where)


def _read(answer: bytes, where: str) -> TakeQuality:
    """Read an answer that may come from a process that was taken over."""
    try:
        told = json.loads(answer)
        if "problem" in told:
            raise ProductionError(
                str(told["problem"]),
                where=str(told["where"]),
                remedy=str(told["remedy"]),
                code=ExitCode(told["code"]),
            )
        figures = {one.name: told[one.name] for one in fields(TakeQuality)}
    except (ValueError, KeyError, TypeError) as error:
        raise _refused(Fault.CRASH, where) from error
    if not all(isinstance(figure, _FIGURES) for figure in figures.values()):
        raise _refused(Fault.CRASH, where)
    return TakeQuality(**figures)


def _refused(fault: Fault, where: str) -> ProductionError:
    problem = {
        Fault.TIME: f"the file cannot be read within {BOUNDS.seconds} seconds",
        Fault.MEMORY: "reading the file takes more memory than it may",
        Fault.CRASH: "the file crashes the program that reads it",
    }[fault]
    return ProductionError(problem, where=where, remedy=_REMEDY, code=ExitCode.INPUT)


def _answer(request: bytes) -> dict[str, object]:
    from audio.clean_takes import clean_recording

    asked = json.loads(request)
    try:
        quality = clean_recording(
            Path(asked["source"]), where=asked["where"], out=Path(asked["out"])
        )
    except ProductionError as error:
        return {
            "problem": error.problem,
            "where": error.where,
            "remedy": error.remedy,
            "code": int(error.code),
        }
    return asdict(quality)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read())))
