"""Piper voices that are installed on this machine, and what is known of each without loading it.

A voice is a folder of its own: the model, its settings, and voice.json, which is written after the
voice was checked and its pace measured (audio/voices/piper_install.py). A model file that was
merely put there has no such record, and does not speak.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from audio.voices.file_digests import known_digest
from audio.voices.pacing import Pacing, read_pacing
from audio.voices.places import voices_folder
from programme.errors import ExitCode, ProductionError
from programme.units import Digest, LanguageTag

NAME = re.compile(
    r"(?P<language>[a-z]{2,3})_(?P<region>[A-Z]{2})"
    r"-(?P<name>[A-Za-z0-9_]+)-(?P<quality>x_low|low|medium|high)\Z"
)
"""How Piper names voices, such as es_MX-claude-high; ASCII, because it becomes an address."""

RECORD = "voice.json"
RECORD_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledVoice:
    """A Piper voice that was checked on this machine."""

    name: str
    folder: Path
    language: LanguageTag
    """As its own settings say, such as es-MX."""
    rate_hz: int
    model_digest: Digest
    config_digest: Digest
    pacing: Pacing

    @property
    def model(self) -> Path:
        """The neural network."""
        return self.folder / f"{self.name}.onnx"

    @property
    def config(self) -> Path:
        """Its settings."""
        return self.folder / f"{self.name}.onnx.json"


def voice_language(name: str) -> LanguageTag | None:
    """Give the language that a voice's name says, such as es-MX; None where it is no name."""
    match = NAME.match(name)
    return LanguageTag(f"{match['language']}-{match['region']}") if match else None


def installed_names() -> tuple[str, ...]:
    """Give the names of the voices with a record, sorted."""
    folder = voices_folder()
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(p.parent.name for p in folder.glob(f"*/{RECORD}") if NAME.match(p.parent.name))
    )


def installed_voice(name: str) -> InstalledVoice:
    """Read the record of an installed voice; the model itself is not read.

    Raises:
        ProductionError: it is not installed, or its record or files are damaged; code VOICE.
    """
    folder = voices_folder() / name
    path = folder / RECORD
    if NAME.match(name) is None or not path.is_file():
        raise ProductionError(
            f"the Piper voice {name} is not installed on this machine",
            where=f"piper/{name}",
            remedy=f"fetch it once: altavoz voices install {name}",
            code=ExitCode.VOICE,
        )
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        pacing = read_pacing(row["pace"])
        if row["version"] != RECORD_VERSION or pacing is None:
            raise _damaged(name, path)
        found = InstalledVoice(
            name=name,
            folder=folder,
            language=LanguageTag(str(row["language"])),
            rate_hz=int(row["rate_hz"]),
            model_digest=Digest(str(row["model_sha256"])),
            config_digest=Digest(str(row["config_sha256"])),
            pacing=pacing,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(name, path) from error
    if not (found.model.is_file() and found.config.is_file()):
        raise _damaged(name, folder)
    return found


def verify(voice: InstalledVoice) -> None:
    """Read the voice's files, and hold that they are those that were checked.

    Raises:
        ProductionError: they were changed since; code VOICE.
    """
    for path, digest in ((voice.model, voice.model_digest), (voice.config, voice.config_digest)):
        if known_digest(path) != digest:
            raise _damaged(voice.name, path)


def _damaged(name: str, path: Path) -> ProductionError:
    return ProductionError(
        f"the files of the Piper voice {name} are not those that were checked",
        where=str(path),
        remedy=f"install it again: altavoz voices install {name}",
        code=ExitCode.VOICE,
    )
