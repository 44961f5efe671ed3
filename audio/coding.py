"""A slot's mix to coded frames that are right as a player decodes them: loudness and peaks."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from audio.beside import beside
from audio.coders import CODERS, Together, limited_together
from audio.decoded import Decoded
from audio.dips import Dip, Dipper, dips_for
from audio.limiter import ROOM, Limiter
from audio.loudness import FLOOR, Energies, integrated
from audio.mastering import CLOSE, SPREAD, Found, find_gain
from audio.mixer import Replay
from audio.resampling import Block
from programme.errors import ExitCode, ProductionError
from programme.profiles import Profile, RenditionSpec
from programme.units import Db, Dbtp, Lufs, Samples

_ROUNDS = 8
_STRICT_ROUNDS = 4
_MORE_GAIN = 1.3
"""dB for each that a ceiling is lower, to try first: speech needed 1.0 to 1.8 to stay as loud."""
_SEARCH = 2.5
"""dB that the search for a gain may go above its first attempt without another look at the mix;
1.2 were seen with synthetic speech over a bed."""
_MARGIN = 0.1
"""dB that a decoder stays below the profile's peak: meters differ by some hundredths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """A slot's sound before mastering."""

    blocks: Replay
    samples: Samples
    energies: Energies
    """To find the master's gain with; reckoned from its parts."""
    speech_db: float
    """What brought its speech to the profile's loudness; 0 where nobody speaks."""
    where: str
    """What it is made of, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedSlot:
    """What a slot's coded files hold."""

    decoded: Mapping[str, Decoded]
    """By rendition."""
    gain_db: Db
    """From the mix to the master that is limited least."""


class _NotKeptError(Exception):
    """Takes a coded file away again: something in it was not right, or another try follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """What one pass over the limited master gave."""

    decoded: Mapping[str, Decoded]
    """By rendition: what a player decodes."""
    missed: bool
    """Whether all of them together missed the target; False once that is settled."""
    off_lu: Mapping[str, float]
    """By rendition: what it lacks to the target; 0 if near enough."""

    @property
    def again(self) -> frozenset[str]:
        """The renditions whose files were not kept."""
        return frozenset(
            name
            for name, decoded in self.decoded.items()
            if self.missed or self.off_lu[name] or decoded.overs
        )


@dataclass(slots=True, kw_only=True)
class _Shape:
    """How what one codec is given differs from the master."""

    gain_db: float = 0.0
    dips: list[Dip] = field(default_factory=list)

    def shaper(self) -> Callable[[Block], Block]:
        """Give what shapes the master's blocks, one after another."""
        dipper = Dipper(self.dips)
        if not self.gain_db:
            return dipper.lower
        gain = _linear(self.gain_db)
        return lambda block: dipper.lower(block * gain)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Close:
    """When a loudness is near enough."""

    target: Lufs
    together: float | None
    """LU between the target and the middle of all renditions; None once that is settled."""
    each: float
    """LU between the target and one rendition."""

    def missed(self, found: Sequence[Lufs]) -> bool:
        """Tell whether the middle of all renditions misses the target."""
        middle = (max(found) + min(found)) / 2
        return self.together is not None and abs(self.target - middle) > self.together

    def off(self, found: Lufs) -> float:
        """Give what a rendition lacks to the target; 0 if near enough."""
        return 0.0 if abs(self.target - found) <= self.each else self.target - found


def code_slot(mix: Mix, profile: Profile, target: Lufs, files: Mapping[str, Path]) -> CodedSlot:
    """Master and code a mix until every rendition is right as it is decoded.

    Renditions whose codecs need about the same room share a master, so that a small file's
    codec takes no peaks from a better one's. Mostly a master is right at once. Its gain is
    settled first; where it misses, what was decoded tells better what the mix is. A rendition
    that is then still off its loudness, because its codec takes or gives some, or over its peak
    at some moment, is coded again alone: with its own small gain, and with dips.

    Args:
        mix: the sound.
        profile: what it is for.
        target: loudness that is asked for: the profile's, or a little less.
        files: by rendition, the file that takes its coded frames. Each appears whole and right,
            or not at all.

    Raises:
        ProductionError: the sound cannot be made loud enough, or what a codec gives is silent or
            no numbers; the disk is full.
    """
    first, *others = groups = limited_together(profile)
    deeper = (1 + _MORE_GAIN) * (first.ceiling - groups[-1].ceiling)
    asked = _Asked(
        mix=mix,
        limiter=Limiter(mix.blocks, room=Db(max(ROOM, deeper + _SEARCH))),
        profile=profile,
        target=target,
        files=files,
    )
    decoded: dict[str, Decoded] = {}
    coded = _code_together(asked, first, None)
    decoded |= coded.decoded
    for group in others:
        start = Db(coded.gain_db + _MORE_GAIN * (first.ceiling - group.ceiling))
        decoded |= _code_together(asked, group, start).decoded
    return CodedSlot(decoded=decoded, gain_db=coded.gain_db)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is to be coded, and where to."""

    mix: Mix
    limiter: Limiter
    profile: Profile
    target: Lufs
    files: Mapping[str, Path]

    def master(self, energies: Energies, ceiling: Dbtp, start: Db | None) -> Found:
        """Find the mix's master under a ceiling."""
        return find_gain(
            self.limiter,
            energies,
            self.profile,
            self.target,
            ceiling=ceiling,
            start=start,
            where=self.mix.where,
        )


def _code_together(asked: _Asked, group: Together, start: Db | None) -> CodedSlot:
    """Master a mix under one ceiling and code the renditions that share it."""
    shared = CLOSE if len(group.renditions) > 1 else SPREAD
    energies, settled = asked.mix.energies, False
    found = asked.master(energies, group.ceiling, start)
    finished: dict[str, Decoded] = {}
    pending = group.renditions
    shapes = {spec.id: _Shape() for spec in pending}
    for number in range(_ROUNDS):
        # A short slot may jump over its mark, where a single window passes the meter's gate.
        slack = 1 if number < _STRICT_ROUNDS else 3
        close = _Close(
            target=asked.target, together=None if settled else shared * slack, each=SPREAD * slack
        )
        attempt = _attempt(asked, found.master, {s: shapes[s.id].shaper() for s in pending}, close)
        if attempt.missed:
            energies = _corrected(energies, found.energies, attempt)
            found = asked.master(energies, group.ceiling, found.gain_db)
            continue
        settled = True
        for name in attempt.again:
            shapes[name].gain_db += attempt.off_lu[name]
            shapes[name].dips += dips_for(attempt.decoded[name].overs)
        pending = tuple(spec for spec in pending if spec.id in attempt.again)
        finished |= {n: d for n, d in attempt.decoded.items() if n not in attempt.again}
        if not pending:
            return CodedSlot(decoded=finished, gain_db=found.gain_db)
    raise ProductionError(
        "the slot does not come to its loudness under its ceiling",
        where=asked.mix.where,
        remedy="take clicks and knocks out of the recording, or make it again",
        code=ExitCode.SOUND,
    )


def _attempt(
    asked: _Asked,
    master: Replay,
    shapers: Mapping[RenditionSpec, Callable[[Block], Block]],
    close: _Close,
) -> _Attempt:
    """Code, decode and measure in one pass; a file appears only if its rendition is right."""
    most = Dbtp(asked.profile.max_dbtp - _MARGIN)
    with ExitStack() as all_files:
        files = {spec.id: all_files.enter_context(ExitStack()) for spec in shapers}
        coders = {
            spec.id: CODERS[spec.codec](
                spec,
                asked.mix.samples,
                files[spec.id].enter_context(beside(asked.files[spec.id], flush=False)),
                most=most,
            )
            for spec in shapers
        }
        for block in master:
            for spec, shaper in shapers.items():
                coders[spec.id].push(shaper(block))
        decoded = {name: coder.finish() for name, coder in coders.items()}
        found = {name: _heard(asked, name, decoded[name]) for name in decoded}
        attempt = _Attempt(
            decoded=decoded,
            missed=close.missed(list(found.values())),
            off_lu={name: close.off(loudness) for name, loudness in found.items()},
        )
        for name in attempt.again:
            files[name].__exit__(_NotKeptError, _NotKeptError(), None)
    return attempt


def _corrected(energies: Energies, expected: Energies, attempt: _Attempt) -> Energies:
    """Give the mix's energies as they must have been for what was decoded."""
    found = np.mean([decoded.energies for decoded in attempt.decoded.values()], axis=0)
    return energies * np.divide(found, expected, out=np.ones(len(expected)), where=expected > 0)


def _heard(asked: _Asked, name: str, decoded: Decoded) -> Lufs:
    """Give the loudness of what a rendition decodes to.

    Raises:
        ProductionError: it is silent, or no numbers.
    """
    loudness = FLOOR
    if np.isfinite(decoded.energies).all() and math.isfinite(decoded.true_peak):
        loudness = integrated(decoded.energies, dual_mono=asked.profile.dual_mono)
    if loudness <= FLOOR:
        raise ProductionError(
            f"the {name} rendition is silent or not numbers when it is decoded",
            where=asked.mix.where,
            remedy="make or record the sound again; if this comes back, report it with the file",
            code=ExitCode.SOUND,
        )
    return loudness


def _linear(gain_db: float) -> float:
    return float(10 ** (gain_db / 20))
