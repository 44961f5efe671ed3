"""What the tests of slots are made of: real synthetic speech, small sounds, other meters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph
from numpy.typing import NDArray

from audio.jobs import Line, SlotJob, SpeakJob
from audio.takes import write_take
from audio.voices import speak
from programme.editions import Chapter, EditionTags
from programme.profiles import Profile, RenditionSpec, profiles
from programme.sound import Loudness, TakeInfo
from programme.units import Dbtp, DurationMs, Hz, LanguageTag, Lu, Lufs, Samples

RATE = 48_000
WORDS = {
    "es-419": (
        "Hoy hablamos de los documentos que conviene llevar siempre.",
        "Guarda tus papeles en una bolsa de plástico.",
        "Nadie puede quitarte tus documentos sin darte un recibo.",
        "Pedir asilo es gratis.",
        "Si alguien te pide dinero, no pagues y cuéntalo.",
        "Habla con una persona en quien confíes.",
    ),
    "en": (
        "Today we talk about the papers that you should always carry.",
        "Asking for asylum is free of charge.",
        "Nobody may take your documents without giving you a receipt.",
    ),
}
Signal = NDArray[np.float32]
LOUDNESS = Loudness(
    integrated=Lufs(-16.2),
    range_lu=Lu(3.0),
    momentary_max=Lufs(-11.0),
    short_term_max=Lufs(-14.0),
    true_peak=Dbtp(-2.0),
)
"""Of no file in particular, where a test only looks at how it is written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine(Line):
    """A line whose take is a file."""

    take: Path


def spoken(folder: Path, language: str = "es-419") -> list[FileLine]:
    """Speak a few sentences; the pause after each grows a little."""
    lines = []
    for number, text in enumerate(WORDS[language]):
        out = folder / f"{language}-{number}.flac"
        info = speak(
            SpeakJob(
                engine="espeak",
                voice=language,
                language=LanguageTag(language),
                text=text,
                words_per_minute=130,
                out=out,
            )
        )
        lines.append(FileLine(take=out, info=info, pause_ms=DurationMs(450 + 50 * number)))
    return lines


def take(path: Path, signal: NDArray[np.floating], rate_hz: int = RATE) -> FileLine:
    """Write a signal, full scale 1, as a take."""
    pcm = np.round(np.clip(signal, -1, 1) * 32767).astype(np.int16)
    write_take(path, pcm, Hz(rate_hz))
    info = TakeInfo(rate_hz=Hz(rate_hz), samples=Samples(len(pcm)))
    return FileLine(take=path, info=info, pause_ms=DurationMs(450))


def tone(hz: float, seconds: float, amplitude: float = 0.3) -> NDArray[np.float64]:
    """Give a sine at 48 kHz."""
    wave: NDArray[np.float64] = amplitude * np.sin(
        2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE
    )
    return wave


def music(folder: Path) -> dict[str, Path]:
    """Write a bed that loops, a sting with a long tail and a jingle."""
    at = np.arange(4 * RATE) / RATE
    bed = (tone(220, 4) + 0.7 * tone(277.25, 4)) * (1 + 0.5 * np.sin(2 * np.pi * at / 2))
    sting = (tone(440, 2) + 0.5 * tone(660, 2)) * np.exp(-4 * at[: 2 * RATE])
    jingle = (tone(523.25, 3) + 0.6 * tone(784, 3)) * np.abs(np.sin(np.pi * at[: 3 * RATE]))
    paths = {}
    for name, signal in (("bed", bed), ("sting", sting), ("jingle", jingle)):
        paths[name] = folder / f"{name}.flac"
        take(paths[name], signal)
    return paths


def slot_job(
    folder: Path,
    name: str,
    *,
    profile: Profile | str = "podcast",
    lines: Sequence[Line] = (),
    sound: Path | None = None,
    sting: Path | None = None,
    bed: Path | None = None,
) -> SlotJob:
    """Ask for a slot whose files are called after it."""
    chosen = profiles()[profile] if isinstance(profile, str) else profile
    return SlotJob(
        lines=tuple(lines),
        sound=sound,
        sting=sting,
        bed=bed,
        profile=chosen,
        coded={spec.id: folder / f"{name}.{chosen.id}.{spec.id}" for spec in chosen.renditions},
        energies={
            spec.id: folder / f"{name}.{chosen.id}.{spec.id}.energies" for spec in chosen.renditions
        },
    )


def spec_of(profile: str, number: int = 0) -> RenditionSpec:
    """Give one rendition of a built-in profile."""
    return profiles()[profile].renditions[number]


def edition_tags(
    *,
    title: str = "Tus documentos: qué llevar",
    language: str = "es-419",
    transcript: str = "Hoy hablamos.\n\nPedir asilo es gratis.",
    chapters: tuple[Chapter, ...] = (),
) -> EditionTags:
    """Give the tags of a small edition."""
    return EditionTags(
        title=title,
        series="Camino seguro",
        network="Red Camino",
        language=LanguageTag(language),
        dated=date(2026, 11, 22),
        number=12,
        expires=date(2026, 12, 6),
        synthetic_voice=True,
        licence="cc-by-4.0",
        website="https://example.org/camino/",
        transcript=transcript,
        chapters=chapters,
    )


def decoded(path: Path) -> tuple[NDArray[np.float64], int]:
    """Decode a finished file as any player does: the samples and their rate."""
    parts = []
    with av.open(str(path)) as source:
        stream = source.streams.audio[0]
        for frame in source.decode(stream):
            part = frame.to_ndarray()[0]
            whole = np.issubdtype(part.dtype, np.integer)
            parts.append(part / -float(np.iinfo(part.dtype).min) if whole else part)
        return np.concatenate(parts).astype(np.float64), stream.rate


def decoded_for_reading(path: Path) -> tuple[NDArray[np.float64], int]:
    """Decode a finished file as we did when it was measured.

    Opus by the reference decoder (RFC 6716 section 1), whatever decoder FFmpeg prefers: its own
    takes SILK's 16 kHz to 48 kHz by other filters, and reads up to 0.02 LU differently.
    """
    if path.suffix not in {".opus", ".ogg"}:
        return decoded(path)
    decoder = av.CodecContext.create("libopus", "r")
    parts = []
    with av.open(str(path)) as source:
        stream = source.streams.audio[0]
        decoder.extradata = stream.codec_context.extradata
        for packet in source.demux(stream):
            for frame in decoder.decode(packet if packet.size else None):
                assert isinstance(frame, AudioFrame)
                part = frame.to_ndarray()[0]
                whole = np.issubdtype(part.dtype, np.integer)
                parts.append(part / 32_768.0 if whole else part)
    return np.concatenate(parts).astype(np.float64), RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What FFmpeg's ebur128 says."""

    integrated: float
    range_lu: float
    true_peak: float


def ebur128(signal: NDArray[np.floating], rate_hz: int = RATE, *, channels: int = 1) -> Reading:
    """Measure a signal with FFmpeg's meter, which shares no code with ours.

    Args:
        signal: mono, or interleaved where there are more channels.
        rate_hz: its rate.
        channels: 1 or 2.
    """
    layout = "mono" if channels == 1 else "stereo"
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=rate_hz, format="flt", layout=layout, time_base=Fraction(1, rate_hz)
    )
    meter = graph.add("ebur128", "metadata=1:peak=true:framelog=quiet")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    last: dict[str, str] = {}
    step = rate_hz // 10 * channels
    whole = signal.astype(np.float32)
    for start in range(0, len(whole), step):
        part = whole[start : start + step]
        frame = AudioFrame.from_ndarray(part[None, :], format="flt", layout=layout)
        frame.sample_rate = rate_hz
        frame.pts = start // channels
        graph.push(frame)
        last = _pull(graph) or last
    graph.push(None)
    last = _pull(graph) or last
    peaks = [float(value) for key, value in last.items() if "true_peaks_ch" in key]
    return Reading(
        integrated=float(last["lavfi.r128.I"]),
        range_lu=float(last["lavfi.r128.LRA"]),
        true_peak=20 * np.log10(max(peaks)),
    )


def _pull(graph: Graph) -> dict[str, str]:
    last: dict[str, str] = {}
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return last
        assert isinstance(frame, AudioFrame)
        if "lavfi.r128.I" in frame.metadata:
            last = dict(frame.metadata)


def lag(signal: NDArray[np.floating], reference: NDArray[np.floating]) -> int:
    """Give by how many samples a signal is late, by cross-correlation."""
    size = 2 * max(len(signal), len(reference))
    product = np.fft.rfft(signal, size) * np.conj(np.fft.rfft(reference, size))
    at = int(np.argmax(np.fft.irfft(product, size)))
    return at if at < size // 2 else at - size
