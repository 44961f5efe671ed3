"""Where this machine keeps voices: models, and the paces that were measured here.

A model is some 60 MB and the same for every workspace, so it is kept once for each user. The
environment is read here and not in cli.py, because workers in other processes must find the same
folder.
"""

import os
import sys
from pathlib import Path

VARIABLE = "ALTAVOZ_VOICES"
"""Names another folder, such as one that several users share."""


def voices_folder() -> Path:
    """Give the folder of this machine's voices; it need not be there yet."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "altavoz" / "voices"
    data = os.environ.get("XDG_DATA_HOME", "")
    # XDG Base Directory Specification: a relative path is to be ignored.
    base = Path(data) if data and Path(data).is_absolute() else Path.home() / ".local" / "share"
    return base / "altavoz" / "voices"
