"""The floor: what speech, MP3 and Opus cost each alone, with nothing of Altavoz around them.

Each is timed in a process of its own, without imports and without reading the input:

    python bench/floor.py speak VOICE RATE TEXT OUT     PCM as 16-bit, and its rate
    python bench/floor.py mp3|opus PCM                  at 48 kHz, as the podcast profile codes it
    python bench/floor.py loudness PCM                  one pass of FFmpeg's meter

The result is one line of JSON. The same libraries and settings as Altavoz's own, called with as
little around them as they allow: the embedded espeak-ng, LAME at quality 5 and 64 kbit/s without
bit reservoir (one call), libopus at complexity 10 and 24 kbit/s held (a call a packet). The meter
is another's: FFmpeg's ebur128, without true peaks.
"""

import argparse
import ctypes
import json
import resource
import shutil
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

MIX_HZ = 48_000
MP3_KBPS = 64
MP3_QUALITY = 5
OPUS_BPS = 24_000
OPUS_COMPLEXITY = 10
OPUS_PACKET = 960

_RETRIEVAL = 1
_UTF8 = 1
_BY_CHARACTER = 1
_RATE = 1
_MONO = 3
_AUDIO = 2049
_SET_BITRATE = 4002
_SET_COMPLEXITY = 4010
_SET_VBR_CONSTRAINT = 4020
_MOST_BYTES = 1275 * 3 + 7


def speak(voice: str, words_per_minute: int, text: Path, out: Path) -> dict[str, float]:
    """Speak each line of a file by the library alone; write all of it as 16-bit samples."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = str(espeakng_loader.get_data_path()).encode()
    rate = library.espeak_Initialize(_RETRIEVAL, 0, data, 0)
    pcm = bytearray()
    receiver = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
    )

    def receive(samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int) -> int:
        if count:
            pcm.extend(ctypes.string_at(samples, count * 2))
        return 0

    keep = receiver(receive)
    library.espeak_SetSynthCallback(keep)
    if library.espeak_SetVoiceByName(voice.encode()):
        raise SystemExit(f"espeak-ng has no voice {voice}")
    library.espeak_SetParameter(_RATE, words_per_minute, 0)
    lines = [line.encode() + b"\0" for line in text.read_text(encoding="utf-8").splitlines()]
    began = time.process_time()
    for line in lines:
        library.espeak_Synth(line, len(line), 0, _BY_CHARACTER, 0, _UTF8, None, None)
        library.espeak_Synchronize()
    cpu = time.process_time() - began
    out.write_bytes(pcm)
    return {"cpu_s": cpu, "sound_s": len(pcm) / 2 / rate, "rate_hz": rate}


def code_mp3(pcm: Path) -> dict[str, float]:
    """Encode one whole buffer with LAME: one call, without bit reservoir, as slots are coded."""
    import lameenc

    sound = np.frombuffer(pcm.read_bytes(), dtype="<i2")
    library = ctypes.CDLL(lameenc.__file__)
    library.lame_init.restype = ctypes.c_void_p
    lame = ctypes.c_void_p(library.lame_init())
    for name, value in (
        ("num_channels", 1),
        ("in_samplerate", MIX_HZ),
        ("out_samplerate", MIX_HZ),
        ("mode", _MONO),
        ("brate", MP3_KBPS),
        ("quality", MP3_QUALITY),
        ("disable_reservoir", 1),
        ("bWriteVbrTag", 0),
    ):
        getattr(library, f"lame_set_{name}")(lame, value)
    if library.lame_init_params(lame) < 0:
        raise SystemExit("LAME refuses its settings")
    out = ctypes.create_string_buffer(sound.size * 5 // 4 + 7_200)
    place = ctypes.c_void_p(sound.ctypes.data)
    began = time.process_time()
    size = library.lame_encode_buffer(lame, place, place, sound.size, out, len(out))
    size += library.lame_encode_flush(lame, ctypes.byref(out, size), len(out) - size)
    cpu = time.process_time() - began
    return {"cpu_s": cpu, "sound_s": sound.size / MIX_HZ, "bytes": size}


def code_opus(pcm: Path) -> dict[str, float]:
    """Encode one whole buffer with the libopus inside PyAV: a call a packet, as it is made for."""
    import av

    home = Path(av.__file__).parent
    folders = (home.parent / "av.libs", home / ".dylibs")
    library = ctypes.CDLL(str(next(path for one in folders for path in one.glob("*opus*"))))
    library.opus_encoder_create.restype = ctypes.c_void_p
    encoder = ctypes.c_void_p(library.opus_encoder_create(MIX_HZ, 1, _AUDIO, None))
    for request, value in (
        (_SET_BITRATE, OPUS_BPS),
        (_SET_COMPLEXITY, OPUS_COMPLEXITY),
        (_SET_VBR_CONSTRAINT, 1),
    ):
        library.opus_encoder_ctl.argtypes = [ctypes.c_void_p, ctypes.c_int]
        library.opus_encoder_ctl(encoder, request, ctypes.c_int(value))
    encode = library.opus_encode
    encode.argtypes = [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.c_void_p,
        ctypes.c_int,
    ]
    sound = np.frombuffer(pcm.read_bytes(), dtype="<i2")
    out = ctypes.create_string_buffer(_MOST_BYTES)
    first, packets = sound.ctypes.data, sound.size // OPUS_PACKET
    began = time.process_time()
    size = 0
    for at in range(first, first + packets * OPUS_PACKET * 2, OPUS_PACKET * 2):
        size += encode(encoder, at, OPUS_PACKET, out, _MOST_BYTES)
    cpu = time.process_time() - began
    return {"cpu_s": cpu, "sound_s": packets * OPUS_PACKET / MIX_HZ, "bytes": size}


def measure_loudness(pcm: Path) -> dict[str, float]:
    """Run FFmpeg's meter (ITU-R BS.1770) over a file once, in FFmpeg's program or else in PyAV."""
    sound_s = pcm.stat().st_size / 2 / MIX_HZ
    program = shutil.which("ffmpeg")
    if program is None:
        began = time.process_time()
        _measure_with_pyav(pcm)
        return {"cpu_s": time.process_time() - began, "sound_s": sound_s}
    source = ["-f", "s16le", "-ar", str(MIX_HZ), "-ac", "1", "-i", str(pcm)]
    meter = ["-af", "ebur128", "-f", "null", "-"]
    before = _children_s()
    subprocess.run([program, "-nostdin", "-v", "error", *source, *meter], check=True)
    return {"cpu_s": _children_s() - before, "sound_s": sound_s}


def _children_s() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _measure_with_pyav(pcm: Path) -> None:
    import av
    import av.error
    from av.filter import Graph

    sound = np.frombuffer(pcm.read_bytes(), dtype="<i2")
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=MIX_HZ, format="s16", layout="mono", time_base=Fraction(1, MIX_HZ)
    )
    meter, sink = graph.add("ebur128", "framelog=verbose"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    for start in range(0, sound.size, MIX_HZ):
        frame = av.AudioFrame.from_ndarray(sound[None, start : start + MIX_HZ], "s16", "mono")
        frame.sample_rate, frame.pts = MIX_HZ, start
        graph.push(frame)
        try:
            while True:
                graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            continue


KINDS = {"mp3": code_mp3, "opus": code_opus, "loudness": measure_loudness}


def main() -> int:
    """Run one of the four; print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    speech = kinds.add_parser("speak")
    speech.add_argument("voice")
    speech.add_argument("rate", type=int)
    speech.add_argument("text", type=Path)
    speech.add_argument("out", type=Path)
    for name in KINDS:
        kinds.add_parser(name).add_argument("pcm", type=Path)
    given = parser.parse_args()
    if given.kind == "speak":
        result = speak(given.voice, given.rate, given.text, given.out)
    else:
        result = KINDS[given.kind](given.pcm)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
