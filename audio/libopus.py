"""Opus packet by packet, in an encoder and a decoder that can go back.

libopus keeps all that it knows of a stream in one piece of memory without pointers of its own
(opus.h: "only a shallow copy is required"). So a stretch that decodes too high is coded again from
just before it, on a state that is put back: the stream stays one stream, and nothing is joined.

The library lies in PyAV's wheel and is called through ctypes. Where it cannot be found, PyAV's own
calls give the same packets, but cannot go back.
"""

import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from audio.coded_faults import miscoded
from audio.decoded import samples_of
from audio.resampling import Block
from programme.errors import ProductionError
from programme.sound import MIX_RATE

_FOLDERS = ("../av.libs", ".dylibs", "../.dylibs")
"""Where wheels keep the libraries that they bring, seen from PyAV's folder."""
_AUDIO = 2049
"""The application. Against "voip": ESTOI of synthetic speech with and without a bed is 0.011 to
0.015 higher at 16 and 24 kbit/s, at the same size."""
_SET_BITRATE = 4002
_SET_MAX_BANDWIDTH = 4004
_SET_VBR = 4006
_SET_COMPLEXITY = 4010
_SET_PACKET_LOSS = 4014
_SET_VBR_CONSTRAINT = 4020
# Free variable rate doubles 24 kbit/s where music plays (41 were measured): whoever pays for each
# megabyte is promised the figure, so the rate is held ("constrained": within a frame or so).
_WIDE_BAND = 1103
_COMPLEXITY = 10
"""What FFmpeg sets too; what less costs in quality is not measured yet (notes/speed.md)."""
_MOST_BYTES = 1275 * 3 + 7
"""Of one packet of up to 60 ms (RFC 6716 section 3.2), as FFmpeg and opus-tools reckon."""
_MODES_OF_SPEECH = 16
"""Configurations below it use SILK, alone or below 8 kHz (RFC 6716 section 3.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpusSettings:
    """How a stream is coded: mono, held bit rate."""

    bits_per_second: int
    packet: int
    """Samples at MIX_RATE."""
    wide_band: bool
    """Held to 8 kHz."""


class OpusCodec(Protocol):
    """Codes whole packets, and decodes them as a player does."""

    @property
    def late(self) -> int:
        """Samples that the decoder gives before the first that was coded behind its start."""
        ...

    def encode(self, signal: Block) -> list[bytes]:
        """Give the packets of so many whole packets of samples, full scale 1."""
        ...

    def decode(self, packets: list[bytes]) -> Block:
        """Give what a player hears of packets: those that were coded last, in order.

        Raises:
            ProductionError: one of them cannot be decoded.
        """
        ...


@cache
def _library() -> ctypes.CDLL | None:
    """Load libopus from PyAV's wheel; None where it is not there."""
    home = Path(av.__file__).parent
    for folder in _FOLDERS:
        for path in sorted((home / folder).glob("*opus*")):
            try:
                library = ctypes.CDLL(str(path))
                _declare(library)
            except (AttributeError, OSError):
                continue
            return library
    return None


def _declare(library: ctypes.CDLL) -> None:
    place, number = ctypes.c_void_p, ctypes.c_int
    library.opus_encoder_get_size.argtypes = [number]
    library.opus_decoder_get_size.argtypes = [number]
    library.opus_encoder_init.argtypes = [place, number, number, number]
    library.opus_decoder_init.argtypes = [place, number, number]
    # The third argument is one of many kinds in C: Apple's processors want it undeclared.
    library.opus_encoder_ctl.argtypes = [place, number]
    library.opus_encode_float.argtypes = [place, place, number, place, number]
    library.opus_decode_float.argtypes = [place, ctypes.c_char_p, number, place, number, number]
    library.opus_get_version_string.argtypes = []
    library.opus_get_version_string.restype = ctypes.c_char_p


class LibopusCodec:
    """libopus through ctypes, which releases the interpreter's lock while it works; can go back."""

    def __init__(self, library: ctypes.CDLL, settings: OpusSettings, late: int) -> None:
        self.late = late
        self._library = library
        self._packet = settings.packet
        sizes = library.opus_encoder_get_size(1), library.opus_decoder_get_size(1)
        # Whole words, so that both states begin where C expects them to.
        words = [-(-size // 16) * 2 for size in sizes]
        self._state = np.zeros(sum(words), dtype=np.int64).view(np.uint8)
        self._encoder = self._state.ctypes.data
        self._decoder = self._encoder + words[0] * 8
        self._out = ctypes.create_string_buffer(_MOST_BYTES)
        _check(library.opus_encoder_init(self._encoder, MIX_RATE, 1, _AUDIO))
        _check(library.opus_decoder_init(self._decoder, MIX_RATE, 1))
        for request, value in (
            (_SET_BITRATE, settings.bits_per_second),
            (_SET_COMPLEXITY, _COMPLEXITY),
            (_SET_VBR, 1),
            (_SET_VBR_CONSTRAINT, 1),
            (_SET_PACKET_LOSS, 0),
            *(((_SET_MAX_BANDWIDTH, _WIDE_BAND),) if settings.wide_band else ()),
        ):
            _check(library.opus_encoder_ctl(self._encoder, request, ctypes.c_int(value)))

    def encode(self, signal: Block) -> list[bytes]:
        """Give the packets of so many whole packets of samples."""
        signal = np.ascontiguousarray(signal, dtype=np.float32)
        encode, state, out, size = (
            self._library.opus_encode_float,
            self._encoder,
            self._out,
            self._packet,
        )
        packets, at = [], signal.ctypes.data
        for _ in range(len(signal) // size):
            length = _check(encode(state, at, size, out, _MOST_BYTES))
            packets.append(ctypes.string_at(out, length))
            at += size * signal.itemsize
        return packets

    def decode(self, packets: list[bytes]) -> Block:
        """Give what the reference decoder makes of the next packets.

        Raises:
            ProductionError: one of them cannot be decoded.
        """
        decode, state, size = self._library.opus_decode_float, self._decoder, self._packet
        signal = np.empty(len(packets) * size, dtype=np.float32)
        at = signal.ctypes.data
        for packet in packets:
            # Of an empty packet the decoder says nothing, and makes up what may have been lost.
            if not packet or _check(decode(state, packet, len(packet), at, size, 0)) != size:
                raise _failed("a packet of another length")
            at += size * signal.itemsize
        return signal

    def mark(self) -> NDArray[np.uint8]:
        """Give all that encoder and decoder know."""
        return self._state.copy()

    def back(self, mark: NDArray[np.uint8]) -> None:
        """Forget all that happened since a mark."""
        self._state[:] = mark


def _check(result: int) -> int:
    if result < 0:
        raise _failed(f"code {result}")
    return result


def _failed(why: str) -> ProductionError:
    return miscoded(f"The Opus coder failed: {why}")


class LibavOpusCodec:
    """The libopus inside PyAV, for platforms where it cannot be called, and FFmpeg's decoder.

    Args:
        settings: how it is coded.
        head: the identification header, for the decoder, which leaves out the pre-skip by itself.
    """

    late = 0

    def __init__(self, settings: OpusSettings, head: bytes) -> None:
        context = av.CodecContext.create("libopus", "w")
        context.sample_rate = MIX_RATE
        context.layout = "mono"
        context.format = "flt"
        context.bit_rate = settings.bits_per_second
        context.options = {
            "application": "audio",
            "vbr": "constrained",
            "frame_duration": str(settings.packet * 1000 // MIX_RATE),
        }
        if settings.wide_band:
            context.options |= {"cutoff": "8000"}
        context.open()
        self._context = context
        self._packet = settings.packet
        self._decoder = av.CodecContext.create("opus", "r")
        self._decoder.extradata = head

    def encode(self, signal: Block) -> list[bytes]:
        """Give the packets of so many whole packets of samples."""
        packets = []
        for start in range(0, len(signal), self._packet):
            frame = av.AudioFrame.from_ndarray(
                signal[None, start : start + self._packet], format="flt", layout="mono"
            )
            frame.sample_rate = MIX_RATE
            packets += [bytes(packet) for packet in self._context.encode(frame)]
        return packets

    def decode(self, packets: list[bytes]) -> Block:
        """Give what FFmpeg makes of the next packets."""
        return np.concatenate([self._heard(packet) for packet in packets])

    def _heard(self, packet: bytes) -> Block:
        """Decode one packet.

        Raises:
            ProductionError: it cannot be decoded; FFmpeg leaves some such out and says nothing.
        """
        try:
            found = self._decoder.decode(av.Packet(packet))
        except av.error.FFmpegError as error:
            raise _failed(f"FFmpeg cannot decode what it gave ({error.strerror})") from error
        if len(found) != 1:
            raise _failed("FFmpeg left out a packet of what it gave")
        return samples_of(found[0])


def opus_codec(settings: OpusSettings, *, head: bytes, late: int) -> OpusCodec:
    """Open the codec that this platform has.

    Args:
        settings: how it is coded.
        head: the identification header.
        late: the encoder's look-ahead, in samples.
    """
    library = _library()
    if library is None:
        return LibavOpusCodec(settings, head)
    return LibopusCodec(library, settings, late)


def uses_speech_modes(packet: bytes) -> bool:
    """Tell whether a packet is coded by SILK, alone or for what is below 8 kHz."""
    return packet[0] >> 3 < _MODES_OF_SPEECH
