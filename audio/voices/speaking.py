"""Speak one sentence, into a take file or into memory: what a worker runs."""

from audio.jobs import SpeakJob, SpokenTake
from audio.takes import write_take
from audio.voices.base import Paced, Spoken, Voice, quoted
from audio.voices.catalogue import engine_row, engines, foreign, offer_for
from programme.errors import ExitCode, ProductionError
from programme.sound import TakeInfo
from programme.units import LanguageTag, Samples


def open_voice(engine: str, name: str, language: LanguageTag) -> Voice:
    """Give a voice of the catalogue for a language; its engine is imported only now.

    Raises:
        ProductionError: no such engine or voice, it is not installed, or it must not speak this
            language; code VOICE.
    """
    offer_for(engine, name, language)
    if engine == "espeak":
        from audio.voices.espeak import EspeakVoice

        return EspeakVoice(name=name, language=language)
    if engine == "gtts":
        from audio.voices.gtts import GttsVoice

        return GttsVoice(name=name, language=language)
    return open_paced(engine, name, language)


def open_paced(engine: str, name: str, language: LanguageTag) -> Paced:
    """Give a voice whose pace is measured on this machine: any that is not built in or online.

    Raises:
        ProductionError: the engine is not installed, or none of these; code VOICE.
    """
    if engine not in engines():
        from audio.voices.foreign_voice import ForeignVoice

        return ForeignVoice(engine=engine, name=name, language=language)
    if engine_row(engine)["kind"] == "programs":
        from audio.voices.system_voice import SystemVoice

        return SystemVoice(engine=engine, name=name, language=language)
    if engine != "piper":
        raise ProductionError(
            f"the pace of {engine} is not measured on this machine",
            where=engine,
            remedy="it is part of Altavoz, or cannot be set",
            code=ExitCode.VOICE,
        )
    try:
        from audio.voices.piper_voice import PiperVoice
    except ImportError as error:
        raise ProductionError(
            "the voice engine piper is not installed",
            where=f"piper/{name}",
            remedy="install Altavoz with its extra piper",
            code=ExitCode.VOICE,
        ) from error
    return PiperVoice(name=name, language=language)


def is_online(engine: str) -> bool:
    """Tell whether an engine sends the words away.

    Raises:
        ProductionError: there is no such engine; code VOICE.
    """
    stranger = foreign(engine)
    return stranger.online if stranger is not None else bool(engine_row(engine)["online"])


def speak(job: SpeakJob) -> TakeInfo:
    """Speak the job's sentence and write the take; safe in any process and in any order.

    Raises:
        ProductionError: the words or the language must not be given to this voice, the engine
            failed (code VOICE), or the take cannot be written (code STORAGE).
        ValueError: the job names no file.
    """
    if job.out is None:
        raise ValueError(f"no file for {quoted(job.text)}")
    spoken = _spoken(job)
    write_take(job.out, spoken.pcm, spoken.rate_hz)
    return _info(spoken)


def say(job: SpeakJob) -> tuple[SpokenTake, TakeInfo]:
    """Speak the job's sentence and write nothing; the samples are those of ``speak``'s file.

    Raises:
        ProductionError: as ``speak``, but for the disk.
    """
    spoken = _spoken(job)
    pcm = spoken.pcm.astype("<i2", copy=False).tobytes()
    return SpokenTake(pcm=pcm, rate_hz=spoken.rate_hz, where=quoted(job.text)), _info(spoken)


def _spoken(job: SpeakJob) -> Spoken:
    if job.protected and is_online(job.engine):
        # Casting has refused it already; nothing that was forgotten there goes out here.
        raise ProductionError(
            "protected words are never sent to an online voice",
            where=quoted(job.text),
            remedy="let a person record the segment",
            code=ExitCode.VOICE,
        )
    voice = open_voice(job.engine, job.voice, job.language)
    return voice.speak(job.text, words_per_minute=job.words_per_minute)


def _info(spoken: Spoken) -> TakeInfo:
    return TakeInfo(rate_hz=spoken.rate_hz, samples=Samples(len(spoken.pcm)), words=spoken.words)
