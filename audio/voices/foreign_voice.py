"""A voice of another package, opened: given plain words, and its sound looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from audio.voices.base import LONGEST_SOUND_S, RATES, Spoken, quoted, refuse_unspeakable, trimmed
from audio.voices.catalogue import foreign
from audio.voices.foreign import FAULTS, Speaker
from audio.voices.versions import pacing_of, voice_version
from programme.errors import ExitCode, ProductionError
from programme.sound import WordTime
from programme.units import DurationMs, Hz, LanguageTag


@dataclass(frozen=True, slots=True)
class ForeignVoice:
    """One voice of an engine by entry point."""

    engine: str
    name: str
    language: LanguageTag

    @property
    def version(self) -> str:
        """What its package and its declaration say, and the pace that was measured."""
        return voice_version(self.engine, self.name)

    def speak(self, text: str, *, words_per_minute: int) -> Spoken:
        """Speak one sentence; see ``Voice.speak``.

        Raises:
            ProductionError: also when the engine fails or gives no sound; code VOICE.
        """
        speed = pacing_of(self.engine, self.name).speed_for(words_per_minute)
        return self.at_speed(text, speed)

    def at_speed(self, text: str, speed: float) -> Spoken:
        """Speak one sentence at a speed against the voice's usual one."""
        refuse_unspeakable(text)
        try:
            speaker = _opened(self.engine, self.name, self.language)
            data, rate, words = speaker.speak(text, speed)
            raw = bytes(data)
            times = tuple((int(offset), int(start)) for offset, start in words)
        except FAULTS as error:
            raise self._failed(f"failed: {type(error).__name__}", text) from error
        if rate not in RATES or len(raw) % 2 or len(raw) > 2 * rate * LONGEST_SOUND_S:
            raise self._failed("gave no mono sound of 16 bit", text)
        pcm, cut_ms = trimmed(np.frombuffer(raw, np.int16), Hz(rate), text)
        length_ms = len(pcm) * 1000 // rate
        return Spoken(
            pcm=pcm, rate_hz=Hz(rate), words=_word_times(times, cut_ms, length_ms, len(text))
        )

    def _failed(self, what: str, text: str) -> ProductionError:
        return ProductionError(
            f"the voice engine {self.engine} {what}",
            where=quoted(text),
            remedy="ask its makers, or choose another voice in altavoz.toml",
            code=ExitCode.VOICE,
        )


@cache
def _opened(engine: str, name: str, language: LanguageTag) -> Speaker:
    found = foreign(engine)
    if found is None:
        raise LookupError(engine)
    return found.declared.open(name, language)


def _word_times(
    times: Sequence[tuple[int, int]], cut_ms: int, length_ms: int, letters: int
) -> tuple[WordTime, ...]:
    """Keep what moves forward within the sound and the text; captions rest on it."""
    found: list[WordTime] = []
    for offset, start in times:
        start_ms = max(0, start - cut_ms)
        if not 0 <= offset < letters or start_ms > length_ms:
            continue
        if found and (offset <= found[-1].offset or start_ms < found[-1].start_ms):
            continue
        found.append(WordTime(offset=offset, start_ms=DurationMs(start_ms)))
    return tuple(found)
