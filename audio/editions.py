"""Finished files of an edition: slots' frames joined under new headers, with tags."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from audio.beside import beside
from audio.jobs import RenditionJob
from audio.loudness import loudness_of, read_energies
from audio.m4a import write_m4a
from audio.mp3 import join_mp3
from audio.opus import join_opus
from audio.tags import for_old_players, id3v1, id3v2, opus_comments
from audio.wav import join_wav
from programme.sound import MIX_RATE, Loudness
from programme.units import DurationMs


def write_rendition(job: RenditionJob) -> Loudness:
    """Join coded slots into one tagged file, which appears whole; give its loudness as decoded.

    Nothing is encoded but AAC, whose frames cannot be joined; see ``audio.m4a``.

    Raises:
        ProductionError: a slot's coded file is missing, damaged or of another length; the
            disk is full.
        KeyError: nobody can join this codec, or the language is unknown.
    """
    if job.spec.codec == "aac":
        return write_m4a(job)
    pieces = _JOINERS[job.spec.codec](job)
    with beside(job.out) as file:
        for piece in pieces:
            file.write(piece)
    return job.loudness


def _mp3(job: RenditionJob) -> Iterator[bytes]:
    length_ms = DurationMs(job.samples * 1000 // MIX_RATE)
    yield id3v2(job.tags, job.spec, job.loudness, length_ms=length_ms)
    # The simplest players stumble over an Info frame, and stream is constant without it.
    info = not for_old_players(job.spec)
    yield from join_mp3(job.spec, job.slots, job.samples, info=info)
    yield id3v1(job.tags)


def _opus(job: RenditionJob) -> Iterator[bytes]:
    return join_opus(job.spec, job.slots, job.samples, opus_comments(job.tags, job.loudness))


_JOINERS: dict[str, Callable[[RenditionJob], Iterator[bytes]]] = {
    "mp3": _mp3,
    "opus": _opus,
    "pcm": join_wav,
    "mulaw": join_wav,
}


def measure_slots(
    energies: Sequence[Path], slots: Sequence[Loudness], *, dual_mono: bool
) -> Loudness:
    """Give the loudness of one rendition of an edition, as a meter over its decoded file reads.

    Args:
        energies: each slot's energies file of this rendition, in order; a slot may come more
            than once.
        slots: what each slot reads by itself in this rendition.
        dual_mono: as in the profile.

    Raises:
        ProductionError: an energies file is missing or damaged.
        ValueError: there are no slots, or not as many readings.
    """
    if not energies or len(energies) != len(slots):
        raise ValueError(f"{len(energies)} slots with {len(slots)} readings")
    whole = np.concatenate([read_energies(path) for path in energies])
    found = loudness_of(whole, max(slot.true_peak for slot in slots), dual_mono=dual_mono)
    # A window of 400 ms over two slots holds 240 ms of silence: the loudest is within one.
    loudest = max(slot.momentary_max for slot in slots)
    return replace(found, momentary_max=max(found.momentary_max, loudest))
