"""Write the jingle, sting, bed, closing and chime of Altavoz into a folder.

    python tools/make_sounds.py examples/camino/sounds

They are computed (audio/music.py), the same on every run, and public domain.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from audio.music import write_sounds
from programme.errors import ProductionError


def main() -> int:
    """Read the folder from the command line and write into it; 0 when all is written."""
    parser = argparse.ArgumentParser(description="Write the sounds of Altavoz as FLAC.")
    parser.add_argument("folder", type=Path, help="where to write; made if missing")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    try:
        files = write_sounds(folder)
    except ProductionError as error:
        print(f"Error: {error}", file=sys.stderr)
        return int(error.code)
    for file in files:
        print(f"{file} {file.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
