"""Saying one line aloud: what a voice is given, and how it sounds."""

import shutil
import subprocess
import tempfile
import wave
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from audio.voices.catalogue import Quality, offer_for, offers, offers_of, usual_voice
from audio.voices.speaking import open_voice
from production.casting import CastVoice, NoVoice
from production.speaker_casting import cast_speakers
from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.languages import canonical, is_known, language
from programme.network import Network
from programme.profiles import paces, words_per_minute
from programme.storage import storage_errors
from programme.units import LanguageTag
from programme.words import Script
from scripts.factbook import FactBook
from scripts.house_style import HouseStyle, built_in_style
from scripts.language_names import describe_tag
from scripts.script_file import parse_script
from scripts.wording import did_you_mean, listed, shown
from scripts.workspace import read_workspace

_PLAYERS = (("paplay",), ("aplay", "-q"), ("afplay",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line as written, as spoken, and who spoke it."""

    language: str
    """The tag with the language's name, because valid tags can be wrong ones."""
    text: str
    spoken: str
    """As everybody says it."""
    given: str
    """As the voice was given it: ``spoken`` with what this voice misreads spelled otherwise."""
    respelled: tuple[tuple[str, str], ...]
    """Voices that are given something else than ``spoken``: engine/name, and the words."""
    voice: str = ""
    """Engine and name; empty where nobody spoke."""
    quality: str = ""
    length_ms: int = 0
    path: Path | None = None
    """The WAV file; None where there is none any more."""

    def plain(self) -> dict[str, Any]:
        """Give it for --json."""
        return {
            "language": self.language,
            "text": self.text,
            "spoken": self.spoken,
            "given": self.given,
            "respelled": dict(self.respelled),
            "voice": self.voice,
            "quality": self.quality,
            "length_ms": self.length_ms,
            "file": str(self.path) if self.path else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surroundings:
    """What a line may refer to, and how it is said."""

    network: Network | None
    book: FactBook
    style: HouseStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """Who speaks the line."""

    engine: str
    name: str
    quality: str


def read_line(
    text: str, tag: LanguageTag, book: FactBook, style: HouseStyle
) -> tuple[Script | None, Findings]:
    """Read a line as a script of one sentence, with every check of a script."""
    findings = Findings()
    script = parse_script(
        f"# -\n\n{text}\n",
        file="(line)",
        segment="say",
        language=tag,
        book=book,
        style=style,
        findings=findings,
    )
    # whoever typed one line knows which line it is
    return script, Findings([replace(found, line=0) for found in findings])


def say_line(
    folder: Path,
    text: str,
    *,
    tag: str,
    pace: str,
    voice: str,
    out: Path | None,
    silent: bool,
    today: date,
    speaker: str = "",
) -> tuple[Said | None, Findings]:
    """Speak a line with the workspace's facts, lexicon and voice, or without a workspace.

    Args:
        folder: the workspace, or any folder.
        text: one sentence, placeholders allowed.
        tag: the language; empty for the workspace's source language.
        pace: a row of paces.toml.
        voice: ``espeak`` or ``espeak/es-419``; empty for the one that is cast.
        out: the WAV file to write; None plays the line and keeps no file, where a player is
            found, and writes line.wav otherwise.
        silent: show the words only; no voice is needed then.
        today: for reading the workspace.
        speaker: id or label of who says it in a dialogue; empty for whom the line's label names,
            or the usual voice.

    Raises:
        ProductionError: the language or voice is unknown, no voice speaks it, or the disk refuses.
    """
    around = _surroundings(folder, today)
    network = around.network
    known = canonical(tag) if tag else (network.source_language if network else None)
    if known is None or not is_known(known):
        raise ProductionError(
            f"no language has the tag {tag}" if tag else "nothing says which language this is",
            where="altavoz say",
            remedy="give --lang es-419 or another tag; altavoz voices lists those with a voice",
            code=ExitCode.USAGE,
        )
    if pace not in paces():
        raise ProductionError(
            f"there is no pace {pace}",
            where="altavoz say",
            remedy="give --pace " + " or ".join(paces()),
            code=ExitCode.USAGE,
        )
    script, findings = read_line(text, known, around.book, around.style)
    if script is None:
        return None, findings
    if silent and not voice:
        return _shown(script, around.style, None), findings
    who = _speaker(network, known, speaker) or script.sentences[0].speaker
    chosen = _choose(network, known, voice, who)
    shown = _shown(script, around.style, chosen)
    if silent:
        return shown, findings
    if out is not None:
        return _speak(shown, chosen, known, pace, out), findings
    with tempfile.TemporaryDirectory() as scratch:
        said = _speak(shown, chosen, known, pace, Path(scratch) / "line.wav")
        if _play(Path(scratch) / "line.wav"):
            return replace(said, path=None), findings
    return _speak(shown, chosen, known, pace, Path("line.wav")), findings


def _surroundings(folder: Path, today: date) -> _Surroundings:
    workspace = None
    if (folder / "altavoz.toml").is_file():
        workspace, _ = read_workspace(folder, today=today)
    if workspace is None:
        book = FactBook(facts={}, contacts={})
        return _Surroundings(network=None, book=book, style=built_in_style())
    return _Surroundings(network=workspace.network, book=workspace.factbook, style=workspace.style)


def _shown(script: Script, style: HouseStyle, chosen: _Chosen | None) -> Said:
    """Give the line in words: as everybody says it, and as each voice is given it."""
    tag = script.language
    spoken = " ".join(s.spoken for s in script.sentences)
    voices = dict.fromkeys((o.engine, o.voice) for o in offers(tag) if o.quality != Quality.NEVER)
    if chosen is not None:
        voices[chosen.engine, chosen.name] = None
    given = {
        f"{engine}/{name}": style.lexicon.for_voice(spoken, tag, engine, name)
        for engine, name in voices
    }
    described = describe_tag(tag)
    return Said(
        language=described.line if described else tag,
        text=" ".join(s.text for s in script.sentences),
        spoken=spoken,
        given=spoken if chosen is None else given[f"{chosen.engine}/{chosen.name}"],
        respelled=tuple((name, words) for name, words in given.items() if words != spoken),
        voice="" if chosen is None else f"{chosen.engine}/{chosen.name}",
        quality="" if chosen is None else chosen.quality,
    )


def _speak(shown: Said, chosen: _Chosen, tag: LanguageTag, pace: str, out: Path) -> Said:
    """Speak into a WAV file; a draft voice may be heard here: so somebody comes to accept it."""
    voice = open_voice(chosen.engine, chosen.name, tag)
    spoken = voice.speak(shown.given, words_per_minute=words_per_minute(pace, tag))
    with storage_errors(out), wave.open(str(out), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(spoken.rate_hz)
        file.writeframes(spoken.pcm.astype("<i2").tobytes())
    return replace(shown, length_ms=round(1000 * len(spoken.pcm) / spoken.rate_hz), path=out)


def _speaker(network: Network | None, tag: LanguageTag, wanted: str) -> str:
    """Give the id of a speaker who was named by id or label; empty where nobody was."""
    if not wanted:
        return ""
    speakers = network.speakers if network is not None else {}
    names = {one.label(tag): name for name, one in speakers.items() if one.label(tag)}
    found = wanted if wanted in speakers else names.get(wanted)
    if found is None:
        raise ProductionError(
            f"there is no speaker {shown(wanted)}",
            where="--speaker",
            remedy=did_you_mean(
                wanted,
                [*names, *speakers],
                f"declared in altavoz.toml under [speakers]: {listed(names or speakers)}",
            ),
            code=ExitCode.USAGE,
        )
    return found


def _choose(network: Network | None, tag: LanguageTag, voice: str, speaker: str) -> _Chosen:
    """Choose the voice that was asked for, that is cast, or that is usual, in this order."""
    if voice:
        return _asked_for(voice, tag)
    if network is not None:
        cast = cast_speakers(network, tag)[speaker]
        if speaker and isinstance(cast, NoVoice):
            raise ProductionError(
                cast.problem,
                where=network.speakers[speaker].label(tag) or speaker,
                remedy=cast.remedy,
                code=ExitCode.VOICE,
            )
        if isinstance(cast, CastVoice):
            quality = "draft, accepted" if cast.draft else "air"
            return _Chosen(engine=cast.engine, name=cast.name, quality=quality)
    offer = usual_voice(tag)
    if offer is None:
        raise ProductionError(
            f"no voice is fit to speak {language(tag).english}",
            where=tag,
            remedy=f"see what there is: altavoz voices --lang {tag}; or show the words: --show",
            code=ExitCode.VOICE,
        )
    return _Chosen(engine=offer.engine, name=offer.voice, quality=offer.quality.value)


def _asked_for(voice: str, tag: LanguageTag) -> _Chosen:
    engine, _, name = voice.partition("/")
    if not name:
        name = next((offer.voice for offer in offers_of(engine, tag)), "")
    if not name:
        raise ProductionError(
            f"the engine {engine} does not speak {language(tag).english}",
            where="--voice",
            remedy=f"see what there is: altavoz voices --lang {tag}",
            code=ExitCode.VOICE,
        )
    offer = offer_for(engine, name, tag)
    return _Chosen(engine=engine, name=name, quality=offer.quality.value)


def _play(path: Path) -> bool:
    """Play a WAV file with the first player found; tell whether there was one."""
    for player in _PLAYERS:
        program = shutil.which(player[0])
        if program is not None:
            subprocess.run([program, *player[1:], str(path)], check=False)
            return True
    return False
