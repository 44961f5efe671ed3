"""The floor: what speech, MP3 and Opus cost each alone, with nothing of Altavoz around them.

Each is timed in a process of its own, without imports and without reading the input:

    python bench/floor.py speak VOICE RATE TEXT OUT     PCM as 16-bit, and its rate
    python bench/floor.py mp3|opus PCM                  at 48 kHz, as the podcast profile codes it

The result is one line of JSON. The same libraries and settings as Altavoz's own: the
embedded espeak-ng, LAME at quality 5 and 64 kbit/s, libopus at complexity 10 and 24 kbit/s.
"""

import argparse
import ctypes
import json
import sys
import time
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
    """Encode one whole buffer with LAME."""
    import lameenc

    sound = pcm.read_bytes()
    encoder = lameenc.Encoder()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(MIX_HZ)
    encoder.set_out_sample_rate(MIX_HZ)
    encoder.set_bit_rate(MP3_KBPS)
    encoder.set_quality(MP3_QUALITY)
    encoder.silence()
    began = time.process_time()
    coded = bytes(encoder.encode(sound)) + bytes(encoder.flush())
    cpu = time.process_time() - began
    return {"cpu_s": cpu, "sound_s": len(sound) / 2 / MIX_HZ, "bytes": len(coded)}


def code_opus(pcm: Path) -> dict[str, float]:
    """Encode one whole buffer with libopus."""
    import av

    sound = np.frombuffer(pcm.read_bytes(), dtype="<i2").reshape(1, -1)
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate = MIX_HZ
    context.layout = "mono"
    context.format = "s16"
    context.bit_rate = OPUS_BPS
    context.options = {"application": "audio", "compression_level": str(OPUS_COMPLEXITY)}
    context.open()
    whole = sound.shape[1] // OPUS_PACKET * OPUS_PACKET
    began = time.process_time()
    size = 0
    for start in range(0, whole, OPUS_PACKET):
        frame = av.AudioFrame.from_ndarray(sound[:, start : start + OPUS_PACKET], "s16", "mono")
        frame.sample_rate = MIX_HZ
        size += sum(packet.size for packet in context.encode(frame))
    size += sum(packet.size for packet in context.encode(None))
    cpu = time.process_time() - began
    return {"cpu_s": cpu, "sound_s": whole / MIX_HZ, "bytes": size}


def main() -> int:
    """Run one of the three; print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    speech = kinds.add_parser("speak")
    speech.add_argument("voice")
    speech.add_argument("rate", type=int)
    speech.add_argument("text", type=Path)
    speech.add_argument("out", type=Path)
    for name in ("mp3", "opus"):
        kinds.add_parser(name).add_argument("pcm", type=Path)
    given = parser.parse_args()
    if given.kind == "speak":
        result = speak(given.voice, given.rate, given.text, given.out)
    else:
        result = {"mp3": code_mp3, "opus": code_opus}[given.kind](given.pcm)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
