"""WAV files of an edition: slots' samples under headers that radio automation and lines read."""

import hashlib
from collections.abc import Iterator

import numpy as np

from audio.jobs import RenditionJob
from audio.pcm import read_coded, samplewise
from audio.riff import MULAW, PCM, fact_chunk, format_chunk, head, tail
from audio.wave_chunks import WaveSound, bext, cart, cue_points, info, ixml, rdxl
from programme.sound import MIX_RATE
from programme.units import Digest

AUDIBLE = 10 ** (-60 / 20)
"""Below it a station's software takes a file's ends for silence (LibreTime's cue points)."""


def join_wav(job: RenditionJob) -> Iterator[bytes]:
    """Give a whole WAV file from the samples of its slots; nothing of it is held in memory.

    A broadcast file is read once before, for its markers and for the number of its sound. In
    any other the sound follows ``fmt`` at once, as voice menus want it, and the tags follow the
    sound. Beyond 4 GiB it is RF64.

    Raises:
        ProductionError: a slot's file is missing or cut, or the lengths do not add up.
    """
    spec = job.spec
    size = samplewise(spec).size
    samples = job.samples * spec.rate_hz // MIX_RATE
    if spec.codec == "mulaw":
        before = format_chunk(MULAW, spec.rate_hz, 8) + fact_chunk(samples)
    else:
        before = format_chunk(PCM, spec.rate_hz, spec.bits)
    after = info(job.tags)
    if spec.broadcast_wave:
        sound = _sound(job, samples)
        before = bext(job.tags, spec, job.loudness, sound) + cart(job.tags, spec, sound) + before
        after = cue_points(job.tags.chapters, spec.rate_hz) + after
        after += ixml(job.tags, spec, job.loudness) + rdxl(job.tags, spec, sound)
    yield head(before, samples * size, after, samples=samples)
    yield from read_coded(spec, job.slots, job.samples)
    yield tail(samples * size, after)


def _sound(job: RenditionJob, samples: int) -> WaveSound:
    """Find where the sound is first and last heard, and its digest."""
    code = samplewise(job.spec)
    sha = hashlib.sha256()
    first, last, at = samples, 0, 0
    for data in read_coded(job.spec, job.slots, job.samples):
        sha.update(data)
        block = code.decode(data)
        heard = np.flatnonzero(np.abs(block) > AUDIBLE)
        if len(heard):
            first = min(first, at + int(heard[0]))
            last = at + int(heard[-1]) + 1
        at += len(block)
    return WaveSound(
        samples=samples,
        first=min(first, last),
        last=last,
        digest=Digest(sha.hexdigest()),
    )
