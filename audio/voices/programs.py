"""Programs of the system that speak: whether they are there, and which ones they are.

The table is system.toml. Nothing here speaks or loads a sound library: a build that has nothing
to do only asks for versions.
"""

import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from audio.voices.file_digests import known_digest, stamp
from programme.digests import digest_text
from programme.errors import ExitCode, ProductionError

ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"}
"""What a program is told of its surroundings, beside PATH as it is: no locale, no home."""

_VERSION_S = 10
"""Seconds that a program has to say its version."""


def find_program(name: str) -> str | None:
    """Give where a program is, or None."""
    return shutil.which(name)


def voice_files(row: Mapping[str, Any], voice: Mapping[str, Any]) -> tuple[Path, ...] | None:
    """Give the data files of a voice, sorted; None where one is not there.

    Args:
        row: the engine's table.
        voice: the voice's row in it.
    """
    for root in map(Path, row["roots"]):
        found = [sorted(p for p in root.glob(str(form)) if p.is_file()) for form in voice["files"]]
        if all(found):
            return tuple(path for paths in found for path in paths)
    return None


def missing_parts(
    engine: str, row: Mapping[str, Any], name: str, voice: Mapping[str, Any]
) -> ProductionError | None:
    """Say what must be installed before a voice can speak; None where all is there."""
    absent = [program for program in row["programs"] if find_program(program) is None]
    packages = str(row["packages"]).replace("{name}", name.removeprefix("mb-"))
    remedy = f"install {packages}"
    if absent:
        return ProductionError(
            f"the program {absent[0]} is not installed, which {engine}/{name} needs",
            where=f"{engine}/{name}",
            remedy=remedy,
            code=ExitCode.VOICE,
        )
    if voice_files(row, voice) is None:
        return ProductionError(
            f"the voice {name} of {engine} is not installed",
            where=f"{engine}/{name}",
            remedy=remedy,
            code=ExitCode.VOICE,
        )
    return None


def program_version(
    engine: str, row: Mapping[str, Any], name: str, voice: Mapping[str, Any]
) -> str:
    """Give what tells one program and voice from another: digests of both, and its own word.

    Raises:
        ProductionError: something is not installed, or the program does not say its version;
            code VOICE.
    """
    missing = missing_parts(engine, row, name, voice)
    if missing is not None:
        raise missing
    programs = [Path(find_program(program) or program).resolve() for program in row["programs"]]
    files = [*programs, *(voice_files(row, voice) or ())]
    digests = digest_text("".join(known_digest(path) for path in files))[:16]
    said = ""
    if "version_arguments" in row:
        said = f" {_said(str(programs[0]), tuple(row['version_arguments']), *stamp(programs[0]))}"
    return f"{row['program']}{said}; {digests}"


@cache
def _said(program: str, arguments: tuple[str, ...], length_bytes: int, changed_ns: int) -> str:
    """Ask a program for its version: the first line, without the path of its data."""
    del length_bytes, changed_ns
    try:
        done = subprocess.run(
            [program, *arguments],
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_VERSION_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ProductionError(
            f"the program {Path(program).name} does not work",
            where=program,
            remedy="install it again",
            code=ExitCode.VOICE,
        ) from error
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return lines[0].partition("  ")[0].strip() if lines else ""
