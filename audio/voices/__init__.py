"""Voices: engines that turn a sentence into a take."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audio.jobs import SpeakJob
    from programme.sound import TakeInfo


def speak(job: "SpeakJob") -> "TakeInfo":
    """Speak one sentence into a take; see ``audio.voices.speaking.speak``.

    Imported here only when called, so that the catalogue can be read without numpy.
    """
    from audio.voices.speaking import speak as speak_now

    return speak_now(job)
