"""Saying one line aloud: what a voice is given, and how it sounds."""

import shutil
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audio.voices.catalogue import usual_voice
from audio.voices.speaking import open_voice
from production.casting import CastVoice, cast_voice
from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.languages import canonical, is_known, language
from programme.network import Network
from programme.profiles import paces, words_per_minute
from programme.storage import storage_errors
from programme.units import LanguageTag
from programme.words import Script
from scripts.factbook import FactBook
from scripts.house_style import built_in_style
from scripts.script_file import parse_script
from scripts.workspace import read_workspace

_PLAYERS = (("paplay",), ("aplay", "-q"), ("afplay",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line as written, as spoken, and who spoke it."""

    text: str
    spoken: str
    voice: str
    quality: str
    length_ms: int
    path: Path
    kept: bool
    """Whether the file was asked for and stays."""


def read_line(text: str, tag: LanguageTag, book: FactBook) -> tuple[Script | None, Findings]:
    """Read a line as a script of one sentence, with every check of a script."""
    findings = Findings()
    script = parse_script(
        f"# -\n\n{text}\n",
        file="(line)",
        segment="say",
        language=tag,
        book=book,
        style=built_in_style(),
        findings=findings,
    )
    return script, findings


def say_line(
    folder: Path, text: str, *, tag: str, pace: str, out: Path | None, today: date
) -> tuple[Said | None, Findings]:
    """Speak a line with the workspace's facts and voice, or outside of one with the usual voice.

    Args:
        folder: the workspace, or any folder.
        text: one sentence, placeholders allowed.
        tag: the language; empty for the workspace's source language.
        pace: a row of paces.toml.
        out: the WAV file to write; None plays the line and keeps no file, where a player is
            found, and writes line.wav otherwise.
        today: for reading the workspace.

    Raises:
        ProductionError: the language is unknown, no voice speaks it, or the disk refuses.
    """
    network, book = _surroundings(folder, today)
    known = canonical(tag) if tag else (network.source_language if network else None)
    if known is None or not is_known(known) or pace not in paces():
        raise ProductionError(
            f"{tag or 'no language'} at the pace {pace} cannot be spoken",
            where="altavoz say",
            remedy="give --lang es-419 or another tag, and --pace " + " or ".join(paces()),
            code=ExitCode.USAGE,
        )
    script, findings = read_line(text, known, book)
    if script is None:
        return None, findings
    if out is not None:
        return _say(script, network, pace, out, kept=True), findings
    with tempfile.TemporaryDirectory() as scratch:
        said = _say(script, network, pace, Path(scratch) / "line.wav", kept=False)
        if _play(said.path):
            return said, findings
    return _say(script, network, pace, Path("line.wav"), kept=True), findings


def _surroundings(folder: Path, today: date) -> tuple[Network | None, FactBook]:
    if not (folder / "altavoz.toml").is_file():
        return None, FactBook(facts={}, contacts={})
    workspace, _ = read_workspace(folder, today=today)
    if workspace is None:
        return None, FactBook(facts={}, contacts={})
    return workspace.network, workspace.factbook


def _say(script: Script, network: Network | None, pace: str, out: Path, *, kept: bool) -> Said:
    """Speak into a WAV file; a draft voice may be heard here: so somebody comes to accept it."""
    tag = script.language
    engine, name, quality = _voice(network, tag)
    sentence = " ".join(s.spoken for s in script.sentences)
    voice = open_voice(engine, name, tag)
    spoken = voice.speak(sentence, words_per_minute=words_per_minute(pace, tag))
    with storage_errors(out), wave.open(str(out), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(spoken.rate_hz)
        file.writeframes(spoken.pcm.astype("<i2").tobytes())
    return Said(
        text=" ".join(s.text for s in script.sentences),
        spoken=sentence,
        voice=f"{engine} {name}",
        quality=quality,
        length_ms=round(1000 * len(spoken.pcm) / spoken.rate_hz),
        path=out,
        kept=kept,
    )


def _voice(network: Network | None, tag: LanguageTag) -> tuple[str, str, str]:
    if network is not None:
        cast = cast_voice(network, tag)
        if isinstance(cast, CastVoice):
            return cast.engine, cast.name, "draft, accepted" if cast.draft else "air"
    offer = usual_voice(tag)
    if offer is None:
        raise ProductionError(
            f"no voice is fit to speak {language(tag).english}",
            where=tag,
            remedy=f"see what there is: altavoz voices --lang {tag}",
            code=ExitCode.VOICE,
        )
    return offer.engine, offer.voice, offer.quality.value


def _play(path: Path) -> bool:
    """Play a WAV file with the first player found; tell whether there was one."""
    for player in _PLAYERS:
        program = shutil.which(player[0])
        if program is not None:
            subprocess.run([program, *player[1:], str(path)], check=False)
            return True
    return False
