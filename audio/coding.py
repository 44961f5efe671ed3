"""A slot's mix to coded frames that are right as a player decodes them: loudness and peaks."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from audio.beside import beside
from audio.coders import CODERS, HEADROOM
from audio.decoded import Decoded
from audio.dips import Dip, Dipper, dips_for
from audio.loudness import FLOOR, Energies, integrated
from audio.mastering import CLOSE, SPREAD, find_gain
from audio.mixer import Replay
from audio.resampling import Block
from programme.errors import ExitCode, ProductionError
from programme.profiles import Profile, RenditionSpec
from programme.units import Db, Dbtp, Lufs, Samples

_ROUNDS = 8
_STRICT_ROUNDS = 4
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
    """From the mix to the master."""


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

    Mostly that is at once. The master's gain is settled first; where it misses, what was decoded
    tells better what the mix is. A rendition that is then still
    off its loudness, because its codec takes or gives some, or over its peak at some moment,
    is coded again alone: with its own small gain, and with dips.

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
    ceiling = min(
        profile.ceiling_dbtp,
        *(Dbtp(profile.max_dbtp - HEADROOM[spec.codec](spec)) for spec in profile.renditions),
    )
    energies, settled = mix.energies, False
    found = find_gain(mix.blocks, energies, profile, target, ceiling=ceiling, where=mix.where)
    finished: dict[str, Decoded] = {}
    pending = profile.renditions
    shapes = {spec.id: _Shape() for spec in pending}
    for number in range(_ROUNDS):
        # A short slot may jump over its mark, where a single window passes the meter's gate.
        slack = 1 if number < _STRICT_ROUNDS else 3
        close = _Close(
            target=target, together=None if settled else CLOSE * slack, each=SPREAD * slack
        )
        given = _Given(mix=mix, profile=profile, master=found.master, shapes=shapes, files=files)
        attempt = _attempt(given, pending, close)
        if attempt.missed:
            energies = _corrected(energies, found.energies, attempt)
            found = find_gain(
                mix.blocks, energies, profile, target, ceiling=ceiling, where=mix.where
            )
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
        where=mix.where,
        remedy="take clicks and knocks out of the recording, or make it again",
        code=ExitCode.SOUND,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What an attempt codes, and where to."""

    mix: Mix
    profile: Profile
    master: Replay
    shapes: Mapping[str, _Shape]
    """What each rendition is given instead of the master."""
    files: Mapping[str, Path]


def _attempt(given: _Given, specs: Sequence[RenditionSpec], close: _Close) -> _Attempt:
    """Code, decode and measure in one pass; a file appears only if its rendition is right."""
    most = Dbtp(given.profile.max_dbtp - _MARGIN)
    with ExitStack() as all_files:
        files = {spec.id: all_files.enter_context(ExitStack()) for spec in specs}
        coders = {
            spec.id: CODERS[spec.codec](
                spec,
                given.mix.samples,
                files[spec.id].enter_context(beside(given.files[spec.id])),
                most=most,
            )
            for spec in specs
        }
        shapers = {spec.id: given.shapes[spec.id].shaper() for spec in specs}
        for block in given.master:
            for name, coder in coders.items():
                coder.push(shapers[name](block))
        decoded = {name: coder.finish() for name, coder in coders.items()}
        found = {name: _heard(given, name, decoded[name]) for name in decoded}
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


def _heard(given: _Given, name: str, decoded: Decoded) -> Lufs:
    """Give the loudness of what a rendition decodes to.

    Raises:
        ProductionError: it is silent, or no numbers.
    """
    loudness = FLOOR
    if np.isfinite(decoded.energies).all() and math.isfinite(decoded.true_peak):
        loudness = integrated(decoded.energies, dual_mono=given.profile.dual_mono)
    if loudness <= FLOOR:
        raise ProductionError(
            f"the {name} rendition is silent or not numbers when it is decoded",
            where=given.mix.where,
            remedy="make or record the sound again; if this comes back, report it with the file",
            code=ExitCode.SOUND,
        )
    return loudness


def _linear(gain_db: float) -> float:
    return float(10 ** (gain_db / 20))
