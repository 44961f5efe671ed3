"""Which very voice it is: what makes two takes comparable, and whether it can speak at all.

Nothing here loads an engine: a build that has nothing to do asks for versions.
"""

from functools import cache

from audio.installed import installed_version
from audio.voices.catalogue import engine_row, engines, foreign, no_voice, voice_row
from audio.voices.models import installed_names, installed_voice, voice_language
from audio.voices.pacing import Pacing, measured
from audio.voices.programs import missing_parts, program_version
from programme.digests import canonical_json, digest_text
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag


def voice_version(engine: str, voice: str) -> str:
    """Give everything that makes two takes of this voice comparable, as one line.

    The program with its data (an exact package version, or digests of programs and models), our
    settings, and what turns pace into the engine's rate. Loads neither numpy nor the engine.

    Raises:
        ProductionError: the engine or voice is not in the catalogue, is not installed, or its
            pace was not measured on this machine; code VOICE.
    """
    program = program_of(engine, voice)
    if engine in engines() and engine_row(engine)["kind"] == "package":
        return program
    return f"{program}; {digest_text(canonical_json(pacing_of(engine, voice).plain()))[:12]}"


def pacing_of(engine: str, voice: str) -> Pacing:
    """Give the measured pace of a voice that is not built in.

    Raises:
        ProductionError: as for ``voice_version``.
    """
    if engine == "piper":
        return installed_voice(voice).pacing
    return measured(engine, voice, program_of(engine, voice))


def program_of(engine: str, voice: str) -> str:
    """Give the version of a voice without its pace: what a pace is measured of.

    Raises:
        ProductionError: as for ``voice_version``, but for the pace.
    """
    stranger = foreign(engine)
    if stranger is not None:
        if voice not in {offer.voice for offer in stranger.offers}:
            raise no_voice(engine, voice, [offer.voice for offer in stranger.offers])
        return f"{stranger.package}; {stranger.version}; {voice}"
    table = engine_row(engine)
    if table["kind"] == "models":
        return _model_version(engine, voice)
    row = voice_row(engine, voice)
    data = digest_text(canonical_json({"voice": row, "settings": table["settings"]}))[:12]
    if table["kind"] == "programs":
        return f"{program_version(engine, table, voice, row)}; {voice}; {data}"
    return f"{table['program']}; {_package(engine, table['package'])}; {voice}; {data}"


def _model_version(engine: str, voice: str) -> str:
    table = engine_row(engine)
    packages = " ".join(_package(engine, name) for name in (table["package"], "onnxruntime"))
    found = installed_voice(voice)
    parts = [found.model_digest, found.config_digest, table["settings"]]
    return f"{table['program']}; {packages}; {voice}; {digest_text(canonical_json(parts))[:16]}"


@cache
def _package(engine: str, package: str) -> str:
    try:
        return f"{package} {installed_version(package)}"
    except ModuleNotFoundError as error:  # as importlib.metadata has it
        extra = engine == "piper"
        raise ProductionError(
            f"the voice engine {engine} is not installed",
            where=package,
            remedy="install Altavoz with its extra piper"
            if extra
            else "install Altavoz again from its lock file",
            code=ExitCode.VOICE,
        ) from error


def not_ready(engine: str, voice: str) -> ProductionError | None:
    """Say why a voice cannot speak on this machine now, and what to do; None where it can."""
    try:
        voice_version(engine, voice)
    except ProductionError as error:
        return error
    return None


def not_installed(engine: str, voice: str) -> ProductionError | None:
    """Say what a program's voice lacks, without asking the program; None where nothing does."""
    table = engine_row(engine)
    return missing_parts(engine, table, voice, voice_row(engine, voice))


def installed_for(language: LanguageTag) -> tuple[str, ...]:
    """Give the installed Piper voices that speak a language, listed or not."""
    return tuple(
        name
        for name in installed_names()
        if (voice_language(name) or "").partition("-")[0] == language.partition("-")[0].lower()
    )
