"""The doctor: what this machine has, what is optional, and what to do about what is missing."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from audio.voices.catalogue import engine_row, engines
from audio.voices.foreign import BrokenEngine, foreign_engines
from audio.voices.models import installed_names, installed_voice, verify
from audio.voices.versions import not_installed, not_ready, voice_version
from production.store import Store
from programme.errors import ProductionError
from programme.units import LanguageTag

OWN = (
    "programme",
    "scripts",
    "audio",
    "feeds",
    "stations",
    "production",
    "cli",
    "commands",
)
"""Our top-level names; another distribution that ships one of them would shadow ours."""

_NEEDED = (
    "av",
    "boto3",
    "click",
    "cryptography",
    "espeakng-loader",
    "feedgen",
    "filelock",
    "gTTS",
    "jinja2",
    "lameenc",
    "lxml",
    "mutagen",
    "numpy",
    "phonenumbers",
    "pydub",
    "PyYAML",
    "requests",
    "rich",
    "soxr",
    "urllib3",
)
_EXTRAS = {
    "distributed": "work on a cluster; install Altavoz with its extra cluster",
    "paramiko": "publishing to a web space over SSH; install Altavoz with its extra ssh",
    "piper-tts": "neural voices on this machine; install Altavoz with its extra piper",
}
_OPTIONAL = {
    "aplay": "plays what `altavoz say` speaks (Linux)",
    "paplay": "plays what `altavoz say` speaks (Linux)",
    "afplay": "plays what `altavoz say` speaks (macOS)",
}


class State(StrEnum):
    """How one thing stands."""

    GOOD = "good"
    OPTIONAL = "optional"
    """Not there, and not needed."""
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that the doctor looked at."""

    state: State
    name: str
    what: str
    remedy: str = ""


def examine(folder: Path) -> tuple[Check, ...]:
    """Look at Python, packages, voices, disk and the workspace's folder."""
    return (
        *_python(),
        *_packages(),
        *_extras(),
        *_owners(),
        *_voice(),
        *_engines(),
        *_disk(folder),
        *_programs(),
    )


def _python() -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield Check(
        state=State.GOOD if good else State.BAD,
        name="Python",
        what=version,
        remedy="" if good else "Altavoz is tested with Python 3.11, 3.12 and 3.13",
    )


def _packages() -> Iterator[Check]:
    for name in _NEEDED:
        try:
            yield Check(state=State.GOOD, name=name, what=metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Check(
                state=State.BAD,
                name=name,
                what="not installed",
                remedy="pip install --require-hashes -r requirements/runtime.txt",
            )


def _extras() -> Iterator[Check]:
    for name, use in _EXTRAS.items():
        try:
            yield Check(state=State.GOOD, name=name, what=metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Check(state=State.OPTIONAL, name=name, what=f"not installed; {use}")


def _owners() -> Iterator[Check]:
    owners = metadata.packages_distributions()
    for name in OWN:
        found = sorted(set(owners.get(name, [])))
        if len(found) > 1:
            yield Check(
                state=State.BAD,
                name=name,
                what="shipped by " + " and ".join(found),
                remedy="install Altavoz in an environment of its own",
            )


def _voice() -> Iterator[Check]:
    from audio.voices.speaking import open_voice

    try:
        voice = open_voice("espeak", "es-419", LanguageTag("es-419"))
        spoken = voice.speak("Uno, dos, tres.", words_per_minute=140)
    except ProductionError as error:
        yield Check(
            state=State.BAD, name="espeak-ng voice", what=error.problem, remedy=error.remedy
        )
        return
    milliseconds = round(1000 * len(spoken.pcm) / spoken.rate_hz)
    yield Check(
        state=State.GOOD,
        name="espeak-ng voice",
        what=f"{voice_version('espeak', 'es-419')}; spoke a test sentence of {milliseconds} ms",
    )


def _engines() -> Iterator[Check]:
    """Look at the voices that are not built in; a broken one of another package is a fault."""
    for name in installed_names():
        error = not_ready("piper", name) or _changed(name)
        yield Check(
            state=State.BAD if error else State.GOOD,
            name=f"piper/{name}",
            what=error.problem if error else "installed and as it was checked",
            remedy=error.remedy if error else "",
        )
    for engine in engines():
        if engine_row(engine)["kind"] == "programs":
            yield from _system_engine(engine)
    for found in foreign_engines(frozenset(engines())):
        if isinstance(found, BrokenEngine):
            error = found.error()
            yield Check(state=State.BAD, name=found.name, what=error.problem, remedy=error.remedy)
        else:
            yield Check(
                state=State.GOOD, name=found.name, what=f"{found.version}, of {found.package}"
            )


def _changed(name: str) -> ProductionError | None:
    try:
        verify(installed_voice(name))
    except ProductionError as error:
        return error
    return None


def _system_engine(engine: str) -> Iterator[Check]:
    row = engine_row(engine)
    here = [voice for voice in row["voices"] if not_installed(engine, voice) is None]
    if not here:
        yield Check(state=State.OPTIONAL, name=engine, what=f"not found; {row['title']}")
    for voice in here:
        error = not_ready(engine, voice)
        yield Check(
            state=State.OPTIONAL if error else State.GOOD,
            name=f"{engine}/{voice}",
            what=error.problem if error else row["title"],
            remedy=error.remedy if error else "",
        )


def _disk(folder: Path) -> Iterator[Check]:
    free = shutil.disk_usage(folder).free
    good = free > 500_000_000
    yield Check(
        state=State.GOOD if good else State.BAD,
        name="disk",
        what=f"{free / 1e9:.1f} GB free",
        remedy="" if good else "free at least 0.5 GB: an hour of programme takes about 100 MB",
    )
    if (folder / "altavoz.toml").is_file():
        try:
            Store(folder / ".altavoz" / "store").prepare()
        except ProductionError as error:
            yield Check(state=State.BAD, name="workspace", what=error.problem, remedy=error.remedy)


def _programs() -> Iterator[Check]:
    for name, use in _OPTIONAL.items():
        if shutil.which(name):
            yield Check(state=State.GOOD, name=name, what=use)
        else:
            yield Check(state=State.OPTIONAL, name=name, what=f"not found; {use}")
    yield Check(
        state=State.OPTIONAL,
        name="gTTS",
        what="online voices: need the network, and send the words to a stranger",
        remedy='opt in per language: [voices.hi] engine = "gtts" in altavoz.toml',
    )
