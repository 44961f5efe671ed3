"""MP3 encoding with LAME, without the bit reservoir: every frame stands for itself.

lameenc's Python interface cannot switch the reservoir off, but its extension module exports
LAME's whole C interface (lame.h), which is called here through ctypes. Where the symbols are
not exported, as in the wheels for Windows, the libmp3lame inside PyAV does the same.
"""

import ctypes
import importlib.util
from functools import cache
from typing import Protocol

import av
import numpy as np

from audio.coded_faults import miscoded
from audio.resampling import Block
from programme.units import Hz

_MONO = 3
_QUALITY = 5
"""LAME's default; what other settings cost and gain is not measured yet (notes/speed.md)."""
_LIBAV_GAIN = np.float32(1 / 0.95)
"""LAME turns mono down by this much; through libavcodec it cannot be asked."""
_FLUSH_BYTES = 7_200
"""What lame_encode_flush may need (lame.h)."""


class Mp3Encoder(Protocol):
    """A stream of whole MP3 frames of constant size, mono, without bit reservoir."""

    def encode(self, block: Block) -> bytes:
        """Take samples at the encoder's rate, full scale 1; give what is ready."""
        ...

    def flush(self) -> bytes:
        """Give what is left; the encoder is closed."""
        ...


@cache
def _library() -> ctypes.CDLL | None:
    """Load LAME from lameenc's extension module; None where it does not export LAME."""
    spec = importlib.util.find_spec("lameenc")
    if spec is None or spec.origin is None:
        return None
    try:
        library = ctypes.CDLL(spec.origin)
        _declare(library)
    except (AttributeError, OSError):
        return None
    return library


def _declare(library: ctypes.CDLL) -> None:
    handle, number = ctypes.c_void_p, ctypes.c_int
    floats, octets = ctypes.POINTER(ctypes.c_float), ctypes.POINTER(ctypes.c_ubyte)
    for name in (
        "lame_set_num_channels",
        "lame_set_in_samplerate",
        "lame_set_out_samplerate",
        "lame_set_brate",
        "lame_set_mode",
        "lame_set_quality",
        "lame_set_disable_reservoir",
        "lame_set_bWriteVbrTag",
    ):
        function = getattr(library, name)
        function.argtypes, function.restype = [handle, number], number
    library.lame_get_scale.argtypes, library.lame_get_scale.restype = [handle], ctypes.c_float
    library.lame_init.argtypes, library.lame_init.restype = [], handle
    library.lame_init_params.argtypes, library.lame_init_params.restype = [handle], number
    library.lame_encode_buffer_ieee_float.argtypes = [
        handle,
        floats,
        floats,
        number,
        octets,
        number,
    ]
    library.lame_encode_buffer_ieee_float.restype = number
    library.lame_encode_flush.argtypes, library.lame_encode_flush.restype = (
        [handle, octets, number],
        number,
    )
    library.lame_close.argtypes, library.lame_close.restype = [handle], number
    library.get_lame_version.argtypes = []
    library.get_lame_version.restype = ctypes.c_char_p


class LameEncoder:
    """LAME through ctypes; ctypes releases the interpreter's lock while it works."""

    def __init__(self, library: ctypes.CDLL, rate_hz: Hz, kbps: int) -> None:
        self._library = library
        self._handle = ctypes.c_void_p(library.lame_init())
        if self._handle.value is None:
            raise MemoryError("LAME has no memory")
        settings = (
            library.lame_set_num_channels(self._handle, 1),
            library.lame_set_in_samplerate(self._handle, rate_hz),
            library.lame_set_out_samplerate(self._handle, rate_hz),
            library.lame_set_mode(self._handle, _MONO),
            library.lame_set_brate(self._handle, kbps),
            library.lame_set_quality(self._handle, _QUALITY),
            library.lame_set_disable_reservoir(self._handle, 1),
            library.lame_set_bWriteVbrTag(self._handle, 0),
            library.lame_init_params(self._handle),
        )
        if any(code < 0 for code in settings):
            self._close()
            raise ValueError(f"LAME refuses {rate_hz} Hz mono at {kbps} kbit/s")
        # LAME turns sound down at some bit rates (0.95, that is 0.45 dB, at 64 kbit/s mono).
        self._gain = np.float32(1 / library.lame_get_scale(self._handle))

    def encode(self, block: Block) -> bytes:
        """Take samples; give whole frames as they become ready."""
        samples = np.ascontiguousarray(block * self._gain, dtype=np.float32)
        room = len(samples) * 5 // 4 + _FLUSH_BYTES
        out = (ctypes.c_ubyte * room)()
        pointer = samples.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        written = self._library.lame_encode_buffer_ieee_float(
            self._handle, pointer, pointer, len(samples), out, room
        )
        return self._taken(written, out)

    def flush(self) -> bytes:
        """Give the last frames and close."""
        out = (ctypes.c_ubyte * _FLUSH_BYTES)()
        written = self._library.lame_encode_flush(self._handle, out, _FLUSH_BYTES)
        data = self._taken(written, out)
        self._close()
        return data

    def _taken(self, written: int, out: "ctypes.Array[ctypes.c_ubyte]") -> bytes:
        if written < 0:
            self._close()
            raise miscoded(f"The MP3 encoder failed with code {written}")
        return bytes(memoryview(out)[:written])

    def _close(self) -> None:
        if self._handle.value is not None:
            self._library.lame_close(self._handle)
            self._handle = ctypes.c_void_p()

    def __del__(self) -> None:
        """Free LAME's memory where encoding was given up half way."""
        self._close()


class LibavEncoder:
    """The libmp3lame inside PyAV, for platforms where lameenc does not export LAME."""

    def __init__(self, rate_hz: Hz, kbps: int) -> None:
        self._context = av.CodecContext.create("libmp3lame", "w")
        self._context.sample_rate = rate_hz
        self._context.layout = "mono"
        self._context.format = "fltp"
        self._context.bit_rate = kbps * 1000
        self._context.options = {"reservoir": "0", "compression_level": str(_QUALITY)}
        self._context.open()
        self._rate_hz = rate_hz
        self._pending = np.zeros(0, dtype=np.float32)

    def encode(self, block: Block) -> bytes:
        """Take samples; give whole frames as they become ready."""
        self._pending = np.concatenate([self._pending, block * _LIBAV_GAIN])
        size = self._context.frame_size
        data = b""
        whole = len(self._pending) // size
        for index in range(whole):
            data += self._one(self._pending[index * size : (index + 1) * size])
        self._pending = self._pending[whole * size :]
        return data

    def _one(self, samples: Block) -> bytes:
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="fltp", layout="mono")
        frame.sample_rate = self._rate_hz
        return b"".join(bytes(packet) for packet in self._context.encode(frame))

    def flush(self) -> bytes:
        """Give the last frames."""
        data = self._one(self._pending) if len(self._pending) else b""
        return data + b"".join(bytes(packet) for packet in self._context.encode(None))


def mp3_encoder(rate_hz: Hz, kbps: int) -> Mp3Encoder:
    """Open the encoder that this platform has.

    Raises:
        ValueError: no MP3 of this rate and bit rate exists.
    """
    library = _library()
    return LibavEncoder(rate_hz, kbps) if library is None else LameEncoder(library, rate_hz, kbps)
