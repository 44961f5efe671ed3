"""M4A: AAC, coded from all slots' samples when the edition is written.

AAC's frames are 1024 samples. They meet the grid of slots, 600 ms, only every 4.8 s at 48 kHz,
so that coded slots cannot be joined as those of MP3 and Opus are: the whole edition is coded
again whenever one of its slots changes. It flows in blocks. What was coded is decoded at once
and measured; where it is too loud or peaks too high, it is coded again, as in ``audio.coding``.
"""

import shutil
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np

from audio.beside import beside
from audio.decoded import Decoded, DecodedMeter
from audio.dips import Dip, Dipper, dips_for
from audio.jobs import RenditionJob
from audio.loudness import integrated, loudness_of
from audio.pcm import read_coded, samplewise
from audio.peaks import Over
from audio.resampling import Block, reblocked
from audio.tags import tag_m4a
from programme.editions import Chapter
from programme.errors import ExitCode, ProductionError
from programme.languages import language
from programme.profiles import RenditionSpec
from programme.sound import MIX_RATE, Loudness
from programme.storage import storage_error
from programme.units import Dbtp, Samples

FRAME = 1_024
"""Samples of an AAC frame; the encoder's delay is one of them."""
_ROUNDS = 8
_STRICT_ROUNDS = 4
_CODER = "fast"
"""FFmpeg's quantizer. Against "twoloop", its default, on synthetic speech (Spanish and English) at
16 kHz and some 32 kbit/s as they come out: ESTOI 0.98 either way, 0.95 where 24 kHz are coded in
the place of 16; three to four times as fast."""
_ASKED = 0.75
"""Part of a rendition's bit rate that is asked for: this quantizer gives a third more."""
_CLOSE = 0.15
"""LU that the decoded file may be from what goes in."""
_MARGIN = 0.1
"""dB that a decoder stays below the profile's peak: meters differ by some hundredths."""


def aac_headroom(_: RenditionSpec) -> float:
    """Tell how many dB a decoder is likely to show above the master's true peak."""
    return 1.0


def write_m4a(job: RenditionJob) -> Loudness:
    """Code, tag and write a whole file; give what a meter reads of it as it is decoded.

    Raises:
        ProductionError: a slot's file is missing or cut, the decoder stays too high, or the disk
            is full.
    """
    coded = job.out.with_name(f".{job.out.name}.coding")
    try:
        decoded = _coded_below(job, coded)
        loudness = loudness_of(
            decoded.energies,
            decoded.true_peak,
            dual_mono=job.dual_mono,
            momentary=decoded.momentary,
        )
        tag_m4a(coded, job.tags, loudness, gapless=_gapless(job))
        with beside(job.out) as file, coded.open("rb") as source:
            shutil.copyfileobj(source, file, 1 << 20)
    except OSError as error:
        raise storage_error(error, job.out) from error
    finally:
        coded.unlink(missing_ok=True)
    return loudness


def _samples(job: RenditionJob) -> int:
    return job.samples * job.spec.rate_hz // MIX_RATE


def _gapless(job: RenditionJob) -> tuple[int, int, int]:
    """Give delay, padding and true length, for players that do not read the edit list."""
    samples = _samples(job)
    frames = -(-(samples + FRAME) // FRAME)
    return FRAME, frames * FRAME - FRAME - samples, samples


def _coded_below(job: RenditionJob, path: Path) -> Decoded:
    """Code until the decoded file is as loud as what goes in, and nowhere over its peak."""
    most = Dbtp(job.max_dbtp - _MARGIN)
    dips: list[Dip] = []
    gain_db = 0.0
    for number in range(_ROUNDS):
        try:
            _code(job, path, gain_db, dips)
            decoded = _measured(job, path, most)
        except av.error.FFmpegError as error:
            if isinstance(error, OSError):
                raise
            raise ProductionError(
                f"the AAC coder failed: {error.strerror}",
                where=str(job.out),
                remedy="report this with the version that 'altavoz doctor' prints",
                code=ExitCode.SOUND,
            ) from error
        found = integrated(decoded.energies, dual_mono=job.dual_mono)
        lacks_lu = job.loudness.integrated - found
        if abs(lacks_lu) > (_CLOSE if number < _STRICT_ROUNDS else 2 * _CLOSE):
            gain_db += lacks_lu
        elif not decoded.overs:
            return decoded
        # A dip's slopes are counted in samples: at a lower rate they are longer, and as gentle.
        ratio = MIX_RATE // job.spec.rate_hz
        dips += dips_for(
            [Over(at=Samples(one.at // ratio), excess=one.excess) for one in decoded.overs]
        )
    raise ProductionError(
        "what AAC makes of the sound does not come to its loudness under its ceiling",
        where=str(job.out),
        remedy="take clicks and knocks out of the recordings, or leave the M4A out",
        code=ExitCode.SOUND,
    )


def _code(job: RenditionJob, path: Path, gain_db: float, dips: Sequence[Dip]) -> None:
    spec = job.spec
    # "ipod" is FFmpeg's name of M4A. Bit exact: no date, no name of the program.
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="ipod", options=options) as container:
        container.set_chapters(_chapters(job.tags.chapters))
        stream = container.add_stream("aac", rate=spec.rate_hz, layout="mono")
        stream.metadata["language"] = language(job.tags.language).iso639_2
        context = stream.codec_context
        context.bit_rate = round(spec.kbps * 1000 * _ASKED)
        context.options = {"aac_coder": _CODER}
        context.flags |= av.codec.context.Flags.bitexact
        done = 0
        gain = np.float32(10 ** (gain_db / 20))
        for block in _blocks(job, dips):
            loud = (block * gain)[None, :]
            frame = av.AudioFrame.from_ndarray(loud, format="fltp", layout="mono")
            frame.sample_rate = spec.rate_hz
            frame.pts = done
            frame.time_base = Fraction(1, spec.rate_hz)
            done += len(block)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _blocks(job: RenditionJob, dips: Sequence[Dip]) -> Iterator[Block]:
    code, dipper = samplewise(job.spec), Dipper(dips)
    whole = (code.decode(data) for data in read_coded(job.spec, job.slots, job.samples))
    for block in reblocked(whole, FRAME):
        yield dipper.lower(block)


def _chapters(chapters: Sequence[Chapter]) -> list["av.container.core.Chapter"]:
    return [
        {
            "id": number,
            "start": chapter.start_ms,
            "end": chapter.end_ms,
            "time_base": Fraction(1, 1000),
            "metadata": {"title": chapter.title},
        }
        for number, chapter in enumerate(sorted(chapters, key=lambda one: one.start_ms), start=1)
    ]


def _measured(job: RenditionJob, path: Path, most: Dbtp) -> Decoded:
    meter = DecodedMeter(job.spec.rate_hz, job.samples, most=most)
    with av.open(str(path)) as source:
        for frame in source.decode(audio=0):
            meter.push(frame.to_ndarray()[0])
    return meter.finish()
