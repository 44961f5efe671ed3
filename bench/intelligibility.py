"""Compare the loudspeaker's master with the podcast's of the same words, in noise.

    python bench/intelligibility.py            the tables of docs/loudspeaker.md
    python bench/intelligibility.py --quick    two sentences of each
    python bench/intelligibility.py --recordings FOLDER
                                               and files of people: es-anything.wav ...
    python bench/intelligibility.py --mixes FOLDER
                                               what was heard, for bench/haspi.py

First at equal RMS, 5 dB below noise, as power amplifiers heat; then at equal peak through a
horn, as amplifiers clip. The chain was tuned on the sentences called "tuned", and on none of
the others: judge it by those. The same runs give the same figures.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from audio.chains import active_level, through  # noqa: E402 - after the path
from audio.coders import limited_together  # noqa: E402
from audio.decode import decode_blocks  # noqa: E402
from audio.limiter import Limiter  # noqa: E402
from audio.loudness import energies_of  # noqa: E402
from audio.mastering import find_gain  # noqa: E402
from audio.mixer import BLOCK, Replay  # noqa: E402
from bench.crowd import VOICES, Words, babble, speech_shaped, spoken, unit  # noqa: E402
from bench.listeners import (  # noqa: E402
    RATE,
    estoi,
    level_db,
    level_dba,
    sii,
    sii_in_full,
    through_horn,
)
from programme.profiles import Profile, profiles  # noqa: E402
from programme.units import Dbtp, Samples  # noqa: E402

SNR_DB = -5.0
NOISES = ("speech-shaped noise", "babble")
_TUNED = ("es", "en", "fr", "ar")
_OTHERS = {"es": "es-419+f3", "en": "en-us+m3", "fr": "fr+f3", "ar": "ar+m3"}
SETS: dict[str, tuple[Words, ...]] = {
    "tuned on": tuple(Words(language=t, voice=VOICES[t], which="tuned") for t in _TUNED),
    "sentences aside": tuple(Words(language=t, voice=VOICES[t], which="aside") for t in _TUNED),
    "voices and sentences aside": tuple(
        Words(language=t, voice=v, which="aside") for t, v in _OTHERS.items()
    ),
    "a language aside (pt)": (
        Words(language="pt", voice="pt-br", which="aside"),
        Words(language="pt", voice="pt-br+f3", which="aside"),
    ),
}
Sound = NDArray[np.float32]
Judged = dict[str, tuple[float, float]]
"""By noise: what the podcast's master gives, then the loudspeaker's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What two masters of the same words give; the podcast's first, then the loudspeaker's."""

    estoi: Judged
    sii: Judged
    sii_in_full: Judged
    crest: tuple[float, float]
    level_db: float
    """What a horn plays louder at equal peak: mean level over the whole, unweighted."""
    level_dba: float
    """The same as sound level meters weight it."""
    at_peak: tuple[float, float]
    """ESTOI in babble through a horn at equal peak, the podcast's level at SNR_DB."""


def master(clean: Sound, profile_id: str) -> Sound:
    """Make the master of a profile, as a slot of speech alone is made, before it is coded.

    Args:
        clean: the words.
        profile_id: whose loudness it gets, and whose first rendition's ceiling.
    """
    profile = profiles()[profile_id]
    samples = Samples(len(clean))
    stream = Replay(lambda: iter(np.split(clean, range(BLOCK, samples, BLOCK))), samples)
    speech = through(profile.chain, stream, samples)
    found = find_gain(
        Limiter(speech),
        energies_of(speech),
        profile,
        profile.loudness_lufs,
        ceiling=_ceiling(profile),
        where=profile_id,
    )
    return np.concatenate(list(found.master))


def _ceiling(profile: Profile) -> Dbtp:
    """Give the ceiling of the master that a profile's first rendition is coded from."""
    first = profile.renditions[0]
    return next(group.ceiling for group in limited_together(profile) if first in group.renditions)


def mixes(
    clean: Sound, sound: Sound, language: str
) -> Iterator[tuple[str, NDArray[np.float64], NDArray[np.float64]]]:
    """Give each noise, the words at RMS 1 and the noise SNR_DB above them."""
    around = speech_shaped(language, len(clean)), babble(len(clean))
    for name, noise in zip(NOISES, around, strict=True):
        yield name, unit(sound), noise * 10 ** (-SNR_DB / 20)


def hear(clean: Sound, language: str, masters: tuple[Sound, Sound]) -> Heard:
    """Judge both masters of the same words."""
    found: dict[str, dict[str, list[float]]] = {
        judge: {name: [] for name in NOISES} for judge in ("estoi", "sii", "sii_in_full")
    }
    for sound in masters:
        for name, words, noise in mixes(clean, sound, language):
            found["estoi"][name].append(estoi(clean, words + noise))
            found["sii"][name].append(sii(words, noise))
            found["sii_in_full"][name].append(sii_in_full(words, noise))
    played = [through_horn(sound / np.abs(sound).max()) for sound in masters]
    noise = babble(len(clean)) * 10 ** ((level_db(played[0]) - SNR_DB) / 20)
    podcast, speaker = masters
    return Heard(
        estoi=_pairs(found["estoi"]),
        sii=_pairs(found["sii"]),
        sii_in_full=_pairs(found["sii_in_full"]),
        crest=(_crest_db(podcast), _crest_db(speaker)),
        level_db=level_db(played[1]) - level_db(played[0]),
        level_dba=level_dba(played[1]) - level_dba(played[0]),
        at_peak=(estoi(clean, played[0] + noise), estoi(clean, played[1] + noise)),
    )


def _pairs(found: dict[str, list[float]]) -> Judged:
    return {name: (podcast, speaker) for name, (podcast, speaker) in found.items()}


def _crest_db(sound: Sound) -> float:
    return float(active_level([sound]).crest)


def equal_rms_table(rows: dict[str, list[Heard]]) -> str:
    """Write the first table: means over what each set holds."""
    lines = [
        "| words | noise | ESTOI podcast | speaker | gain | SII podcast | speaker | gain | full |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for words, heard in rows.items():
        for noise in NOISES:
            e, s, f = (
                np.mean([getattr(one, of)[noise] for one in heard], axis=0)
                for of in ("estoi", "sii", "sii_in_full")
            )
            lines.append(
                f"| {words} | {noise} | {e[0]:.3f} | {e[1]:.3f} | {e[1] - e[0]:+.3f} "
                f"| {s[0]:.3f} | {s[1]:.3f} | {s[1] - s[0]:+.3f} | {f[1] - f[0]:+.3f} |"
            )
    return "\n".join(lines)


def equal_peak_table(rows: dict[str, list[Heard]]) -> str:
    """Write the second table: means, and the least of the levels."""
    lines = [
        "| words | crest podcast | speaker | level | least | dB(A) | ESTOI podcast | speaker |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for words, heard in rows.items():
        crest = np.mean([one.crest for one in heard], axis=0)
        level = [one.level_db for one in heard]
        ears = np.mean([one.at_peak for one in heard], axis=0)
        lines.append(
            f"| {words} | {crest[0]:.1f} dB | {crest[1]:.1f} dB | {np.mean(level):+.1f} dB "
            f"| {min(level):+.1f} dB | {np.mean([one.level_dba for one in heard]):+.1f} dB "
            f"| {ears[0]:.3f} | {ears[1]:.3f} |"
        )
    return "\n".join(lines)


def recorded(folder: Path) -> list[tuple[str, Sound]]:
    """Read recordings: the name begins with the language."""
    return [
        (path.name[:2], np.concatenate(list(decode_blocks(path))))
        for path in sorted(folder.iterdir())
        if path.name[:2] in VOICES
    ]


def keep(
    folder: Path, name: str, clean: Sound, language: str, masters: tuple[Sound, Sound]
) -> None:
    """Write what was heard, for a judge that lives in another environment."""
    folder.mkdir(parents=True, exist_ok=True)
    for who, sound in zip(("podcast", "loudspeaker"), masters, strict=True):
        for noise, words, around in mixes(clean, sound, language):
            stem = f"{name}.{noise}.{who}".replace(" ", "-")
            np.savez(folder / f"{stem}.npz", clean=unit(clean), heard=words + around, rate=RATE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two sentences of each")
    parser.add_argument("--recordings", type=Path, help="folder of recordings: es-anything.wav")
    parser.add_argument("--mixes", type=Path, help="folder for what was heard")
    options = parser.parse_args(arguments)
    material = {
        name: [(one.language, spoken(one, 2 if options.quick else None)) for one in words]
        for name, words in SETS.items()
    }
    if options.recordings:
        material["people, all aside"] = recorded(options.recordings)
    rows: dict[str, list[Heard]] = {}
    for name, words in material.items():
        rows[name] = []
        for number, (language, clean) in enumerate(words):
            print(f"{name}: {language}", file=sys.stderr)
            masters = master(clean, "podcast"), master(clean, "loudspeaker")
            rows[name].append(hear(clean, language, masters))
            if options.mixes:
                keep(options.mixes, f"{name}.{number}.{language}", clean, language, masters)
    print(f"At equal RMS, {SNR_DB:g} dB SNR:\n\n{equal_rms_table(rows)}\n")
    print(f"At equal peak, through a horn, in babble:\n\n{equal_peak_table(rows)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
