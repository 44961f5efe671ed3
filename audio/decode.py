"""Sound files as blocks of samples: bounded, whole, finite, whatever a stranger made of them.

Every fault is a ProductionError that names the file. What could break a decoder itself is
met in a process of its own (take_intake.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import av
import av.error
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from audio.containers import Container
from audio.resampling import Block, resample_blocks
from audio.sound_file import ERR_DETECT, SoundFile, damaged, open_sound_file
from programme.errors import ProductionError
from programme.sound import MIX_RATE
from programme.units import Hz


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may be; generous for people, tight for bombs."""

    longest_s: int = 3600
    largest_bytes: int = 1_200_000_000
    """An hour of 48 kHz stereo WAV with 24 bits is 1.04 GB."""
    lowest_rate_hz: int = 8_000
    highest_rate_hz: int = 192_000
    most_channels: int = 8


LIMITS = Limits()
_HIGHEST = 1e6
"""Amplitude, 120 dB above full scale: 16-bit numbers written as floats fit, broken ones do not."""

_MOST_PLANES = 8
"""AV_NUM_DATA_POINTERS of FFmpeg's frames."""

_WHOLE_DECODERS = {"amrnb": "libopencore_amrnb", "amrwb": "libopencore_amrwb"}
"""Telephones leave pauses out of AMR (DTX, 3GPP TS 26.093), which FFmpeg's own decoders refuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a file claims to be; nothing of its sound has been decoded."""

    container: str
    """As a person calls it: WAV, MP3, FLAC, Ogg, M4A and so on."""
    codec: str
    """FFmpeg's name."""
    rate_hz: Hz
    channels: int
    declared_s: float | None
    """None where the file does not say, as what a browser records."""
    length_bytes: int


def probe(path: Path, *, where: str = "", limits: Limits = LIMITS) -> Probe:
    """Read what a file claims, within limits.

    Args:
        path: the file.
        where: the file as the producer knows it, for messages; its path if empty.
        limits: what it may be.

    Raises:
        ProductionError: missing, no sound file, damaged, cut short or outside the limits.
    """
    with _source(path, where or str(path), limits) as source:
        return source.probe


def decode_blocks(
    path: Path, *, rate_hz: Hz = MIX_RATE, where: str = "", limits: Limits = LIMITS
) -> Iterator[Block]:
    """Decode a file as mono float blocks at a rate; channels are averaged.

    Raises:
        ProductionError: as for ``probe``; also samples that are no numbers, and less sound
            than the file declares, which may only be known at the end.
    """
    with _source(path, where or str(path), limits) as source:
        yield from resample_blocks(source.blocks(), source.probe.rate_hz, rate_hz)


@dataclass(frozen=True, slots=True)
class _Source:
    """An open file."""

    opened: InputContainer
    stream: AudioStream
    container: Container
    probe: Probe
    where: str
    limits: Limits

    def blocks(self) -> Iterator[Block]:
        """Give its sound at its own rate, checked while it flows."""
        most = self.limits.longest_s * self.probe.rate_hz
        samples = 0
        for frame in self._readable():
            if frame.sample_rate != self.probe.rate_hz:
                raise damaged(self.where, "changes its sample rate in the middle")
            block = _mono(frame, self.where)
            samples += block.size
            if samples > most:
                raise _too_long(self.where, self.limits)
            # What is no number is no highest either: a frame is looked through twice, not thrice.
            if block.size and not max(float(block.max()), -float(block.min())) <= _HIGHEST:
                if not np.isfinite(block).all():
                    raise damaged(self.where, "holds samples that are not numbers")
                raise damaged(self.where, "holds samples far above full scale")
            yield block
        if not samples:
            raise damaged(self.where, "holds no sound")
        declared_s = self.probe.declared_s
        if (
            declared_s is not None
            and samples / self.probe.rate_hz < declared_s - self.container.shortfall_s
        ):
            raise damaged(
                self.where,
                f"ends after {samples / self.probe.rate_hz:.1f} of {declared_s:.1f} seconds",
            )

    def _readable(self) -> Iterator[AudioFrame]:
        """Give frames whose planes PyAV can count.

        It counts them up to the first that is missing. Of eight FFmpeg leaves none out, so PyAV
        takes what lies behind for a ninth, and the process is killed (PyAV 18.1: any 7.1 AAC).
        """
        packer: AudioResampler | None = None
        for frame in self._frames():
            if not frame.format.is_planar or frame.layout.nb_channels < _MOST_PLANES:
                yield frame
                continue
            if packer is None:
                packed = frame.format.packed.name
                packer = AudioResampler(packed, frame.layout, frame.sample_rate)
            try:
                yield from packer.resample(frame)
            except (av.error.FFmpegError, ValueError) as error:
                raise damaged(self.where, "changes its channels in the middle") from error

    def _frames(self) -> Iterator[AudioFrame]:
        try:
            whole = _WHOLE_DECODERS.get(self.probe.codec)
            if whole is None:
                yield from self.opened.decode(self.stream)
                return
            decoder = cast("AudioCodecContext", av.CodecContext.create(whole, "r"))
            decoder.sample_rate = self.probe.rate_hz
            decoder.layout = "mono"
            for packet in self.opened.demux(self.stream):
                yield from decoder.decode(packet if packet.size else None)
        except (av.error.FFmpegError, OSError) as error:
            raise damaged(self.where, f"cannot be decoded: {error.strerror}") from error


@contextmanager
def _source(path: Path, where: str, limits: Limits) -> Iterator[_Source]:
    """Open a file and look at it before any sound is decoded."""
    with open_sound_file(path, where=where, largest_bytes=limits.largest_bytes) as file:
        if not file.opened.streams.audio:
            raise damaged(where, "holds no sound")
        stream = file.opened.streams.audio[0]
        claim = _claim(stream, file, where)
        _check(claim, where, limits)
        stream.codec_context.options = {"err_detect": ERR_DETECT}
        yield _Source(file.opened, stream, file.container, claim, where, limits)


def _claim(stream: AudioStream, file: SoundFile, where: str) -> Probe:
    container = file.container
    # None, whatever its type says, or no layout or rate: nothing decodes what is inside.
    context = cast("AudioCodecContext | None", stream.codec_context)
    if (
        context is None
        or context.name not in container.codecs
        or not (stream.rate and context.channels)
    ):
        raise damaged(where, f"holds a kind of sound that cannot be decoded in {container.title}")
    declared_s = None
    if file.declares_length:
        if stream.duration is not None and stream.time_base is not None:
            declared_s = float(stream.duration * stream.time_base)
        elif file.opened.duration is not None:
            declared_s = file.opened.duration / av.time_base
    return Probe(
        container=container.title,
        codec=context.name,
        rate_hz=Hz(stream.rate),
        channels=context.channels,
        declared_s=declared_s,
        length_bytes=file.length_bytes,
    )


def _check(claim: Probe, where: str, limits: Limits) -> None:
    if not limits.lowest_rate_hz <= claim.rate_hz <= limits.highest_rate_hz:
        raise ProductionError(
            f"the file has {claim.rate_hz} samples a second",
            where=where,
            remedy=f"save it with {limits.lowest_rate_hz} to {limits.highest_rate_hz}, best 48000",
        )
    if claim.channels > limits.most_channels:
        raise ProductionError(
            f"the file has {claim.channels} channels, more than {limits.most_channels}",
            where=where,
            remedy="save it as mono or stereo",
        )
    if claim.declared_s is not None and claim.declared_s > limits.longest_s:
        raise _too_long(where, limits)


_SCALES = {"u8": 128.0, "s16": 32_768.0, "s32": 2_147_483_648.0, "flt": 1.0, "dbl": 1.0}
"""Full scale of FFmpeg's sample formats; a ``p`` behind the name means one plane a channel."""


def _mono(frame: AudioFrame, where: str) -> Block:
    """Give a frame as the mean of its channels, in float32."""
    packed = frame.format.name.removesuffix("p")
    if packed not in _SCALES:
        raise damaged(where, f"has samples of an unknown kind ({frame.format.name})")
    raw = frame.to_ndarray()
    # One row a channel, or one row of interleaved samples.
    wide = raw if frame.format.is_planar else raw.reshape(-1, frame.layout.nb_channels).T
    exact = np.float64 if packed in {"s32", "dbl"} else np.float32
    sound: NDArray[np.float64 | np.float32] = wide.astype(exact)
    if packed == "u8":
        sound = sound - exact(128)
    # As sound.mean(axis=0) does it, which takes as long again to begin: a frame is 20 ms.
    mixed = np.add.reduce(sound, axis=0) / exact(len(sound)) if len(sound) > 1 else sound[0]
    return cast("Block", np.ascontiguousarray(mixed / _SCALES[packed], dtype=np.float32))


def _too_long(where: str, limits: Limits) -> ProductionError:
    return ProductionError(
        f"the file is longer than {limits.longest_s // 60} minutes",
        where=where,
        remedy="cut it into parts",
    )
