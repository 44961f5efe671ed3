"""Programs in the place of those that Debian's main archive does not have.

pico2wave, MBROLA and RHVoice are not free, so that a test machine has none of them. Each stand-in
takes the very arguments that the real program documents, refuses any other, and lets the real
espeak-ng of the system speak.
"""

import stat
from pathlib import Path

PROGRAMS = {
    "espeak-ng": """
[ "$1" = --version ] && exec @REAL@ --version
[ "$1 $2 $3 $5 $6 $7 $9" = "-v mb-mx2 -s -b 1 -w --stdin" ] || exit 3
exec @REAL@ -v es-419 -s "$4" -b 1 -w "$8" --stdin
""",
    "mbrola": "exit 0",
    "pico2wave": """
[ "$#" = 6 ] && [ "$1 $2 $3 $5" = "-l es-ES -w --" ] || exit 3
level=$(printf %s "$6" | sed -n 's/^<speed level="\\([0-9]*\\)">.*<\\/speed>$/\\1/p')
[ -n "$level" ] || exit 4
printf %s "$6" | sed 's/<[^>]*>//g' | @REAL@ -v es -s $((175 * level / 100)) -b 1 -w "$4" --stdin
""",
    "RHVoice-test": """
[ "$#" = 6 ] && [ "$1 $2 $3 $5" = "-p Leticia-F123 -r -o" ] || exit 3
exec @REAL@ -v pt-br -s $((175 * $4 / 100)) -b 1 -w "$6" --stdin
""",
}

DATA = ("mx2/mx2", "es-ES_ta.bin", "es-ES_zl0_sg.bin", "Leticia-F123/24000/voice.data")
INFO = "Leticia-F123/voice.info"


def install_programs(folder: Path, real: str) -> tuple[Path, Path]:
    """Put the programs and the voices' data into a folder; give those of both.

    Args:
        folder: an empty one.
        real: the path of espeak-ng.
    """
    programs, data = folder / "bin", folder / "data"
    programs.mkdir()
    for name, body in PROGRAMS.items():
        write_program(programs / name, body.replace("@REAL@", real))
    for file in (*DATA, INFO):
        path = data / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file, encoding="ascii")
    return programs, data


def write_program(path: Path, body: str) -> None:
    """Write a shell script that can be run."""
    path.write_text("#!/bin/sh\n" + body.strip() + "\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
