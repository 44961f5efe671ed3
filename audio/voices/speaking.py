"""Speak one sentence into a take: the step that a worker runs."""

from audio.jobs import SpeakJob
from audio.takes import write_take
from audio.voices.base import Voice
from audio.voices.catalogue import offer_for
from programme.sound import TakeInfo
from programme.units import LanguageTag, Samples


def open_voice(engine: str, name: str, language: LanguageTag) -> Voice:
    """Give a voice of the catalogue for a language; its engine is imported only now.

    Raises:
        ProductionError: no such engine or voice, or it must not speak this language; code VOICE.
    """
    offer_for(engine, name, language)
    if engine == "gtts":
        from audio.voices.gtts import GttsVoice

        return GttsVoice(name=name, language=language)
    from audio.voices.espeak import EspeakVoice

    return EspeakVoice(name=name, language=language)


def speak(job: SpeakJob) -> TakeInfo:
    """Speak the job's sentence and write the take; safe in any process and in any order.

    Raises:
        ProductionError: the words or the language must not be given to this voice, the engine
            failed (code VOICE), or the take cannot be written (code STORAGE).
    """
    voice = open_voice(job.engine, job.voice, job.language)
    spoken = voice.speak(job.text, words_per_minute=job.words_per_minute)
    write_take(job.out, spoken.pcm, spoken.rate_hz)
    return TakeInfo(rate_hz=spoken.rate_hz, samples=Samples(len(spoken.pcm)), words=spoken.words)
