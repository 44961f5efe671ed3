"""Judge the codecs' settings at equal rate: what a setting costs, and what it gives to the ear.

    python bench/codecs.py              one minute of speech over a bed in each of three languages
    python bench/codecs.py --quick      twenty seconds of each

LAME at several qualities and libopus at several complexities code the same sound at the rates of
the podcast profile, without bit reservoir as slots are coded. What they give is decoded, laid
under the original to the sample, and judged by calculation against it: ESTOI (Jensen and Taal
2016), and where they are installed PESQ (ITU-T P.862.2, wide band), ViSQOL in its mode for all
sound (MOS-LQO), and Zimtohrli (MOS). None of them is a listener; where all agree that two
settings differ by less than languages do, a listener is not likely to hear it.
"""

import argparse
import importlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import av  # noqa: E402 - after the path
import numpy as np  # noqa: E402
import soxr  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from audio import lame  # noqa: E402
from audio.opus import opus_head  # noqa: E402
from bench.floor import MIX_HZ, MP3_KBPS, OPUS_BPS, OPUS_PACKET  # noqa: E402
from bench.options import Size, run_benchmark  # noqa: E402
from bench.workload import read_phrases, write_sounds  # noqa: E402
from programme.units import Hz  # noqa: E402

Signal = NDArray[np.float32]
QUALITIES = (2, 3, 5, 7, 9)
COMPLEXITIES = (10, 9, 8, 6, 5, 3)
LANGUAGES = {"es-419": "es-419", "fr": "fr", "ar": "ar"}
"""Tag in phrases.toml to the voice of espeak-ng."""
BED_DB = -18.0
SPEECH_RMS = 10 ** (-22 / 20)
LATEST = 4_000
"""Samples by which a codec may be late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """What one setting made of a sound."""

    sound: Signal
    cpu_s: float
    kbps: float


@contextmanager
def _quality(value: int) -> Iterator[None]:
    """Set LAME's quality for the encoder that is opened meanwhile."""
    before = lame._QUALITY  # noqa: SLF001 - a setting of the product, which is what is judged
    lame._QUALITY = value  # noqa: SLF001
    try:
        yield
    finally:
        lame._QUALITY = before  # noqa: SLF001


def code_mp3(sound: Signal, quality: int) -> Coded:
    """Code with LAME as slots are coded, and decode."""
    with _quality(quality):
        encoder = lame.mp3_encoder(Hz(MIX_HZ), MP3_KBPS)
    began = time.process_time()
    data = encoder.encode(sound) + encoder.flush()
    cpu = time.process_time() - began
    return Coded(
        sound=_decoded("mp3float", _frames(data, MP3_KBPS * 125 * 1152 // MIX_HZ)),
        cpu_s=cpu,
        kbps=len(data) * 8 / 1000 / (len(sound) / MIX_HZ),
    )


def _frames(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data) - size + 1, size))


def code_opus(sound: Signal, complexity: int) -> Coded:
    """Code with libopus as slots are coded, and decode."""
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.layout, context.format = MIX_HZ, "mono", "flt"
    context.bit_rate = OPUS_BPS
    context.options = {
        "application": "audio",
        "vbr": "constrained",
        "compression_level": str(complexity),
    }
    context.open()
    packets: list[bytes] = []
    whole = len(sound) // OPUS_PACKET * OPUS_PACKET
    began = time.process_time()
    for start in range(0, whole, OPUS_PACKET):
        part = np.ascontiguousarray(sound[None, start : start + OPUS_PACKET])
        frame = av.AudioFrame.from_ndarray(part, format="flt", layout="mono")
        frame.sample_rate = MIX_HZ
        packets += [bytes(packet) for packet in context.encode(frame)]
    packets += [bytes(packet) for packet in context.encode(None)]
    cpu = time.process_time() - began
    return Coded(
        sound=_decoded("opus", packets, extradata=opus_head()),
        cpu_s=cpu,
        kbps=sum(map(len, packets)) * 8 / 1000 / (len(sound) / MIX_HZ),
    )


def _decoded(codec: str, packets: Iterable[bytes], *, extradata: bytes | None = None) -> Signal:
    decoder = av.CodecContext.create(codec, "r")
    if extradata is not None:
        decoder.extradata = extradata
    parts = [
        frame.to_ndarray().reshape(-1)
        for packet in packets
        for frame in decoder.decode(av.Packet(packet))  # type: ignore[attr-defined]
    ]
    return np.asarray(np.concatenate(parts), dtype=np.float32)


def aligned(clean: Signal, heard: Signal) -> Signal:
    """Lay what was heard under the original: the lag is where they agree most."""
    size = min(len(clean), 10 * MIX_HZ)
    far = 1 << (size + LATEST).bit_length()
    spectrum = np.fft.rfft(heard[: size + LATEST], far) * np.conj(np.fft.rfft(clean[:size], far))
    lag = int(np.argmax(np.fft.irfft(spectrum, far)[:LATEST]))
    moved = heard[lag : lag + len(clean)]
    return np.concatenate([moved, np.zeros(len(clean) - len(moved), dtype=np.float32)])


def _estoi() -> Callable[[Signal, Signal], float]:
    from bench.listeners import estoi

    return estoi


def _pesq() -> Callable[[Signal, Signal], float]:
    judge = importlib.import_module("pesq")

    def score(clean: Signal, heard: Signal) -> float:
        at_16k = [soxr.resample(sound, MIX_HZ, 16_000) for sound in (clean, heard)]
        return float(judge.pesq(16_000, *at_16k, "wb"))

    return score


def _visqol() -> Callable[[Signal, Signal], float]:
    judge = importlib.import_module("visqol").VisqolApi()
    judge.create(mode="audio")

    def score(clean: Signal, heard: Signal) -> float:
        return float(judge.measure_from_arrays(clean, heard, MIX_HZ).moslqo)

    return score


def _zimtohrli() -> Callable[[Signal, Signal], float]:
    judge = importlib.import_module("zimtohrli")
    return lambda clean, heard: float(judge.mos_from_signals(clean, heard))


JUDGES: Mapping[str, Callable[[], Callable[[Signal, Signal], float]]] = {
    "ESTOI": _estoi,
    "PESQ": _pesq,
    "ViSQOL": _visqol,
    "Zimtohrli": _zimtohrli,
}


def installed_judges() -> dict[str, Callable[[Signal, Signal], float]]:
    """Give the judges that are installed; say which are not."""
    found = {}
    for name, open_judge in JUDGES.items():
        try:
            found[name] = open_judge()
        except ImportError as error:
            print(f"{name} does not judge: {error.name} is not installed")
    return found


def speech_over_bed(work: Path, language: str, seconds: int) -> Signal:
    """Speak phrases of a language and lay the workload's bed under them."""
    phrases = read_phrases()[language]
    text, pcm = work / f"{language}.txt", work / f"{language}.pcm"
    lines = [
        phrases.sentence((one % len(phrases.openings), one % 7, one % len(phrases.endings)))
        for one in range(seconds // 2)
    ]
    text.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command: list[str | Path] = [sys.executable, ROOT / "bench" / "floor.py"]
    command += ["speak", LANGUAGES[language], "150", text, pcm]
    subprocess.run(command, check=True, capture_output=True)
    spoken = np.frombuffer(pcm.read_bytes(), dtype="<i2").astype(np.float32) / 32_768
    speech = soxr.resample(spoken, 22_050, MIX_HZ)[: seconds * MIX_HZ]
    speech *= SPEECH_RMS / np.sqrt(np.mean(speech**2))
    write_sounds(work)
    with av.open(str(work / "bed.wav")) as file:
        bed = np.concatenate([frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)])
    bed = np.resize(bed / np.float32(32_768), len(speech))
    bed *= 10 ** (BED_DB / 20) * SPEECH_RMS / np.sqrt(np.mean(bed**2))
    return np.asarray(np.clip(speech + bed, -1, 1), dtype=np.float32)


def _run(work: Path, _given: argparse.Namespace, seconds: int) -> dict[str, object]:
    judges = installed_judges()
    sounds = {tag: speech_over_bed(work, tag, seconds) for tag in LANGUAGES}
    heads = "".join(f"{name:>11}" for name in judges)
    print(f"\n{'':<22}{'CPU s/min':>10}{'kbit/s':>8}{heads}   mean over {len(sounds)} languages")
    coders: list[tuple[str, Callable[[Signal, int], Coded], tuple[int, ...]]] = [
        ("LAME quality", code_mp3, QUALITIES),
        ("Opus complexity", code_opus, COMPLEXITIES),
    ]
    rows = [
        _row(name, setting, code, sounds, judges)
        for name, code, settings in coders
        for setting in settings
    ]
    return {"settings": rows}


def _row(
    name: str,
    setting: int,
    code: Callable[[Signal, int], Coded],
    sounds: Mapping[str, Signal],
    judges: Mapping[str, Callable[[Signal, Signal], float]],
) -> dict[str, object]:
    coded = {tag: code(sound, setting) for tag, sound in sounds.items()}
    heard = {tag: aligned(sounds[tag], one.sound) for tag, one in coded.items()}
    scores = {
        judge: {tag: score(sounds[tag], heard[tag]) for tag in sounds}
        for judge, score in judges.items()
    }
    minutes = sum(map(len, sounds.values())) / MIX_HZ / 60
    cpu = sum(one.cpu_s for one in coded.values()) / minutes
    kbps = mean(one.kbps for one in coded.values())
    shown = "".join(f"{mean(found.values()):>11.3f}" for found in scores.values())
    print(f"{f'{name} {setting}':<22}{cpu:>10.2f}{kbps:>8.1f}{shown}", flush=True)
    return {"codec": name, "setting": setting, "cpu_s_per_min": cpu, "kbps": kbps, "scores": scores}


def main() -> int:
    """Read the options, judge, write the JSON."""
    return run_benchmark(__doc__, Size(name="seconds", whole=60, quick=20), _run)


if __name__ == "__main__":
    sys.exit(main())
