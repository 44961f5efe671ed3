"""What a telephone or a recorder made, as it is kept: its sound, and nothing else of it.

Telephones write into a recording where it was made, when, and on whose device; people write
names. So the sound is decoded and written anew, as lossless FLAC without a tag, and measured on
the way. Nothing is trimmed or levelled here: that is done at each build, from the whole.
"""

from pathlib import Path

import numpy as np

from audio.decode import Probe, decode_blocks, probe
from audio.recordings import LIMITS, centred
from audio.resampling import Block, reblocked
from audio.take_quality import measure_take
from audio.takes import Samples24, write_take_blocks
from programme.sound import MIX_RATE
from programme.takes import TakeQuality
from programme.units import Hz

_FINE = frozenset({"pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_s24be", "pcm_s32be"})
"""Codecs that keep more than 16 bits of what a microphone gave."""

_FRAMES_A_SECOND = 50
_BLOCK = 1 << 20


def clean_recording(source: Path, *, where: str, out: Path) -> TakeQuality:
    """Write the sound of a stranger's file as a clean FLAC, mono; give what was measured in it.

    Its rate is the source's own, up to 48 kHz; 24 bits where the source had more than 16.

    Args:
        source: the file.
        where: the file as the producer knows it, for messages.
        out: the FLAC to write; whole or not at all.

    Raises:
        ProductionError: it is no sound file, damaged, cut short or outside the limits (code
            INPUT), or the FLAC cannot be written (code STORAGE).
    """
    claim = probe(source, where=where, limits=LIMITS)
    rate_hz = _rate(claim)
    sound = decode_blocks(source, rate_hz=rate_hz, where=where, limits=LIMITS)
    # Large blocks, whose memory goes back to the system one by one.
    blocks = list(reblocked(sound, _BLOCK))
    is_fine = claim.codec in _FINE
    write_take_blocks(out, (_fine(b) if is_fine else _coarse(b) for b in blocks), rate_hz)
    return measure_take(centred(blocks), rate_hz)


def _rate(claim: Probe) -> Hz:
    """Keep the recorder's rate where a frame of 20 ms is a whole number of its samples."""
    usual = claim.rate_hz <= MIX_RATE and claim.rate_hz % _FRAMES_A_SECOND == 0
    return claim.rate_hz if usual else MIX_RATE


def _coarse(block: Block) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    return np.clip(np.rint(block * 32_768), -32_768, 32_767).astype(np.int16)


def _fine(block: Block) -> Samples24:
    scaled = np.rint(block.astype(np.float64) * 8_388_608)
    return np.clip(scaled, -8_388_608, 8_388_607).astype(np.int32) << 8
