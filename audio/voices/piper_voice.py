"""Piper: neural voices on this machine, the same bytes for ever; the only user of its library.

Piper draws random numbers for liveliness. Both of its noises are switched off here, its scaling of
each sentence's peak too, and one thread adds in one order, so that a sentence has one sound.
It phonemises with an espeak-ng of its own, and never reaches a network while it speaks.
"""

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state
from piper import PiperVoice as Model
from piper import SynthesisConfig, download_voices
from piper.config import PhonemeType, PiperConfig
from piper.voice import AudioChunk

from audio.voices.base import LONGEST_SOUND_S, RATES, Spoken, quoted, refuse_unspeakable, trimmed
from audio.voices.models import installed_voice, verify
from audio.voices.versions import voice_version
from programme.errors import ExitCode, ProductionError
from programme.sound import WordTime
from programme.units import DurationMs, Hz, LanguageTag

_FULL_SCALE = 32_767
_OFFLINE = frozenset({PhonemeType.ESPEAK, PhonemeType.TEXT})
"""The ways to phonemise that need nothing more; the others download while they speak."""

_FAULTS: tuple[type[Exception], ...] = (
    *(OSError, ValueError, KeyError, TypeError, RuntimeError, IndexError),
    *(
        kind
        for kind in vars(onnxruntime_pybind11_state).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ),
)
"""What a model that is none raises; the runtime's own errors have no base of their own."""

_lock = threading.Lock()
"""Piper's phonemiser is one for the process."""


@dataclass(frozen=True, slots=True)
class PiperVoice:
    """One installed voice, opened for one language; safe in any thread or process."""

    name: str
    language: LanguageTag
    engine: str = "piper"

    @property
    def version(self) -> str:
        """Packages, digests of model and settings, and the pace that was measured."""
        return voice_version(self.engine, self.name)

    def speak(self, text: str, *, words_per_minute: int) -> Spoken:
        """Speak one sentence; see ``Voice.speak``. Word times where the model tells them."""
        return self.at_speed(text, installed_voice(self.name).pacing.speed_for(words_per_minute))

    def at_speed(self, text: str, speed: float) -> Spoken:
        """Speak one sentence at a speed against the voice's usual one."""
        refuse_unspeakable(text)
        voice = installed_voice(self.name)
        verify(voice)
        return speak_with(load_model(voice.model, voice.config, voice.model_digest), text, speed)


@cache
def load_model(model: Path, config: Path, digest: str) -> Model:
    """Load a model with one thread; once for each process.

    Args:
        model: the ONNX file.
        config: its settings.
        digest: of the model, so that one that was changed is loaded anew.

    Raises:
        ProductionError: it is no Piper voice, or needs downloads to speak; code VOICE.
    """
    del digest
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        settings = PiperConfig.from_dict(json.loads(config.read_text(encoding="utf-8")))
        session = onnxruntime.InferenceSession(
            str(model), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except _FAULTS as error:
        raise ProductionError(
            "this is no Piper voice that can be loaded",
            where=str(model),
            remedy="fetch it again: altavoz voices install NAME",
            code=ExitCode.VOICE,
        ) from error
    if settings.phoneme_type not in _OFFLINE or settings.sample_rate not in RATES:
        raise ProductionError(
            "this Piper voice needs more downloads while it speaks, or has no usable rate",
            where=str(config),
            remedy="choose another voice: altavoz voices --lang TAG",
            code=ExitCode.VOICE,
        )
    return Model(session=session, config=settings, download_dir=model.parent)


def speak_with(model: Model, text: str, speed: float) -> Spoken:
    """Speak one sentence with a loaded model.

    Args:
        model: as ``load_model`` gives it.
        text: plain words.
        speed: 1 is the voice's usual speed, 2 twice as fast.

    Raises:
        ProductionError: it gives no sound, or none that is sane; code VOICE.
    """
    settings = SynthesisConfig(
        length_scale=model.config.length_scale / speed,
        noise_scale=0.0,
        noise_w_scale=0.0,
        normalize_audio=False,
    )
    try:
        with _lock:
            chunks = list(model.synthesize(text, settings, include_alignments=True))
    except _FAULTS as error:
        raise _failed("could not speak this sentence", text) from error
    if not chunks:
        raise _failed("found nothing to say in this sentence", text)
    sound = np.concatenate([np.asarray(chunk.audio_float_array).reshape(-1) for chunk in chunks])
    if not np.isfinite(sound).all() or sound.size > LONGEST_SOUND_S * model.config.sample_rate:
        raise _failed("gave sound that cannot be", text)
    rate_hz = Hz(model.config.sample_rate)
    pcm, cut_ms = trimmed(np.rint(sound * _FULL_SCALE).astype(np.int16), rate_hz, text)
    return Spoken(pcm=pcm, rate_hz=rate_hz, words=_word_times(chunks, text, rate_hz, cut_ms))


def _word_times(
    chunks: Iterable[AudioChunk], text: str, rate_hz: Hz, cut_ms: DurationMs
) -> tuple[WordTime, ...]:
    """Give when each word begins, where the model aligns its phonemes and no word is in doubt.

    Phonemes of words are parted by a space. espeak-ng joins and parts some words; where the
    counts differ nobody knows which is which, and there are no times.
    """
    starts: list[int] = []
    at = 0
    for chunk in chunks:
        if chunk.phoneme_alignments is None:
            return ()
        begins = True
        for aligned in chunk.phoneme_alignments:
            if aligned.phoneme == " ":
                begins = True
            elif begins and aligned.phoneme[:1].isalpha():
                starts.append(at)
                begins = False
            at += int(aligned.num_samples)
    offsets = [i for i, letter in enumerate(text) if letter != " " and text[i - 1 : i] in {"", " "}]
    offsets = [i for i in offsets if any(c.isalnum() for c in text[i:].split(" ", 1)[0])]
    if len(starts) != len(offsets):
        return ()
    times = (max(0, round(start * 1000 / rate_hz) - cut_ms) for start in starts)
    return tuple(
        WordTime(offset=offset, start_ms=DurationMs(time))
        for offset, time in zip(offsets, times, strict=True)
    )


def download(name: str, folder: Path) -> None:
    """Fetch a voice's two files by Piper's own downloader, which checks the certificate.

    Raises:
        OSError: the network or the disk refuses; urllib's errors are of this kind.
        ValueError: it is no name of a voice.
    """
    download_voices.download_voice(name, folder)


def _failed(what: str, text: str) -> ProductionError:
    return ProductionError(
        f"Piper {what}",
        where=quoted(text),
        remedy="write it in the letters of its language, or record it",
        code=ExitCode.VOICE,
    )
