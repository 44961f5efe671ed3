"""Voices on this machine: fetching them, and measuring how fast they speak."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio.voices.catalogue import engine_row, engines, foreign, voice_row
from audio.voices.models import installed_voice
from audio.voices.pacing import Pacing, keep_pacing
from audio.voices.places import voices_folder
from audio.voices.versions import program_of
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A voice whose pace is known on this machine."""

    voice: str
    """Engine and name."""
    language: LanguageTag
    folder: str
    """Where it is kept."""
    pacing: Pacing

    def plain(self) -> dict[str, Any]:
        """Give it for --json."""
        return {
            "voice": self.voice,
            "language": self.language,
            "folder": self.folder,
            "pace": [
                {"speed": speed, "words_per_minute": heard} for speed, heard in self.pacing.points
            ],
        }


def install_voice(name: str, *, source: Path | None) -> Measured:
    """Fetch a Piper voice, or take it from a folder; check and measure it.

    Raises:
        ProductionError: Piper is not installed, there is no network, or it is no voice.
    """
    try:
        from audio.voices.piper_install import install
    except ImportError as error:
        raise ProductionError(
            "the voice engine piper is not installed",
            where="altavoz voices install",
            remedy="install Altavoz with its extra piper",
            code=ExitCode.VOICE,
        ) from error
    folder = install(name, source=source)
    found = installed_voice(name)
    return Measured(
        voice=f"piper/{name}", language=found.language, folder=str(folder), pacing=found.pacing
    )


def measure_voice(voice: str, *, tag: str = "") -> Measured:
    """Measure the pace of a system's or another package's voice, and keep it.

    Args:
        voice: engine and name, such as mbrola/mb-mx2.
        tag: the language to measure in; empty for the voice's own.

    Raises:
        ProductionError: no such voice, it is not installed, or does not obey a speed.
    """
    from audio.voices.measuring import calibration_sentences, measure_pacing
    from audio.voices.speaking import open_paced

    engine, _, name = voice.partition("/")
    spoken = LanguageTag(tag) if tag else _language_of(engine, name)
    program = program_of(engine, name)
    opened = open_paced(engine, name, spoken)
    pacing = measure_pacing(opened.at_speed, calibration_sentences(spoken), where=voice)
    if engine != "piper":
        keep_pacing(engine, name, program, pacing)
    return Measured(voice=voice, language=spoken, folder=str(voices_folder()), pacing=pacing)


def _language_of(engine: str, name: str) -> LanguageTag:
    stranger = foreign(engine)
    if stranger is not None:
        tags = [offer.language for offer in stranger.offers if offer.voice == name]
        return LanguageTag(tags[0]) if tags else LanguageTag("und")
    if engine in engines() and engine_row(engine)["kind"] == "models":
        return installed_voice(name).language
    return LanguageTag(str(voice_row(engine, name)["language"]))
