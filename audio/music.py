"""The sounds of the house: an opening, a sting, a bed, a closing and a chime.

Somebody hears them hundreds of times: a marimba with its soft mallets, a nylon guitar
under it, the even six-eight of the sones of Central America, major chords with a sixth.
Nothing here resembles an alert signal. Composed for Altavoz and given to everybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.beside import beside
from audio.instruments import RATE, Sound, bell, breath, filtered, marimba, nylon, pitch_hz, room
from audio.takes import write_take
from programme.units import Hz

PEAK = 10 ** (-3 / 20)
"""Of full scale: -3 dBFS."""

LICENCE_FILE = "LICENCE.txt"

LICENCE = """\
Sounds of Altavoz: apertura, puente, cama, cierre, campana
===========================================================

These sounds were composed and computed for Altavoz by tools/make_sounds.py; no recording
and no sample of anybody else's work is in them.

They are dedicated to the public domain under CC0 1.0 Universal:
https://creativecommons.org/publicdomain/zero/1.0/

To the extent possible under law, the authors of Altavoz have waived all copyright and
related or neighbouring rights to these sounds. Anyone may copy, change, broadcast and
sell them, without asking and without naming anybody.

Estos sonidos se dedican al dominio público (CC0 1.0). Cualquier persona puede copiarlos,
cambiarlos y transmitirlos sin pedir permiso.
"""


@dataclass(frozen=True, slots=True)
class _Part:
    """One player's line: a note name per eighth, ``-`` holds, ``.`` rests, ``|`` is for the eye."""

    play: Callable[[float, float], Sound]
    notes: str
    velocity: float
    first: int = 0
    """The eighth on which it begins."""


def _perform(
    parts: tuple[_Part, ...], eighth_s: float, seconds: float, *, slowing: float = 0.0
) -> Sound:
    """Play the parts into a sound of that length; what rings longer goes round to the start.

    Args:
        parts: the players.
        eighth_s: how long an eighth is.
        seconds: the whole length.
        slowing: how much longer the last of 24 eighths is than the first, as a share.
    """
    whole = np.zeros(round(seconds * RATE))
    for voice, part in enumerate(parts):
        struck: dict[tuple[str, float], Sound] = {}
        names = [name for name in part.notes.split() if name != "|"]
        for step, name in enumerate(names):
            if name in {"-", "."}:
                continue
            count = part.first + step
            at_s = eighth_s * count * (1 + slowing * count / 24) + _sway_s(count, voice)
            accent = (1.0, 0.78, 0.86, 0.94, 0.78, 0.86)[count % 6]
            if (name, accent) not in struck:
                struck[name, accent] = part.play(pitch_hz(name), part.velocity * accent)
            _lay(whole, struck[name, accent], round(at_s * RATE))
    return whole


def _sway_s(count: int, voice: int) -> float:
    """Say how late a stroke comes: hands are never together; 0 to 9 ms, the same each time."""
    return 0.003 * voice + 0.003 * (1 + float(np.sin(count * 2.4 + voice * 1.7)))


def _lay(whole: Sound, tone: Sound, at: int) -> None:
    at %= len(whole)
    while len(tone):
        fits = min(len(tone), len(whole) - at)
        whole[at : at + fits] += tone[:fits]
        tone, at = tone[fits:], 0


def _opening() -> Sound:
    melody = (
        "E5 G5 A5 C6 A5 G5 | A5 - F5 D5 F5 A5 | G5 - E5 D5 E5 G5 | A5 G5 E5 D5 E5 - | C5 . . . . ."
    )
    lower = (
        "C5 E5 F5 A5 F5 E5 | F5 - D5 A4 D5 F5 | E5 - C5 B4 C5 E5 | F5 E5 C5 B4 B4 - | A4 . . . . ."
    )
    chords = ". G4 C4 . G4 C4 | . A4 C4 . A4 C4 | . G4 C4 . B3 D4 | . C4 F4 . B3 D4 | E4 . G4 . . ."
    bass = "C3 - - G3 - - | F3 - - D3 - - | C3 - - G3 - - | F3 - - G3 - - | C3 - - . . ."
    parts = (
        _Part(marimba, melody, 0.80),
        _Part(marimba, lower, 0.52),
        _Part(nylon, chords, 0.34),
        _Part(marimba, bass, 0.62),
        _Part(bell, "C6", 0.16, first=26),
    )
    dry = _perform(parts, 0.20, 8.2)
    return _finished(room(dry, wet=0.30, t60_s=0.9), seconds=7.2, fade_s=1.2)


def _sting() -> Sound:
    parts = (
        _Part(marimba, "G4 C5 D5 E5 G5 A5", 0.62),
        _Part(marimba, ". . . . E5 C5", 0.40),
        _Part(nylon, ". . . . . C3", 0.55),
    )
    dry = _perform(parts, 0.115, 4.0)
    return _finished(room(dry, wet=0.30, t60_s=0.8), seconds=2.2, fade_s=0.9)


def _closing() -> Sound:
    melody = "C6 - A5 G5 - E5 | A5 - F5 D5 - F5 | G5 - E5 D5 - B4 | C5 - D5 E5 - G5 | . . . C5 . ."
    lower = "A5 - F5 E5 - C5 | F5 - D5 A4 - D5 | E5 - C5 B4 - G4 | A4 - B4 C5 - E5 | . . . G4 . ."
    chords = ". G4 C4 . G4 C4 | . A4 C4 . A4 C4 | . G4 C4 . B3 D4 | . A3 E4 . G3 C4 | . . . E4 . ."
    bass = "C3 - - A2 - - | F3 - - D3 - - | G3 - - G2 - - | A2 - - F3 - - | . . . C3 . ."
    parts = (
        _Part(marimba, melody, 0.70),
        _Part(marimba, lower, 0.46),
        _Part(nylon, chords, 0.34),
        _Part(marimba, bass, 0.58),
        _Part(bell, "E5", 0.14, first=27),
    )
    dry = _perform(parts, 0.20, 10.5, slowing=0.10)
    return _finished(room(dry, wet=0.32, t60_s=1.0), seconds=8.4, fade_s=1.6)


def _chime() -> Sound:
    dry = np.zeros(round(4.5 * RATE))
    for name, at_s, velocity in (("G5", 0.0, 0.9), ("C6", 0.55, 0.8)):
        hz = pitch_hz(name)
        _lay(dry, bell(hz, velocity), round(at_s * RATE))
        _lay(dry, 0.5 * marimba(hz, velocity), round(at_s * RATE))
    _lay(dry, 0.3 * bell(pitch_hz("E5"), 0.8), round(0.56 * RATE))
    soft = filtered(dry, (200, -24), (480, 0), (2_000, 0), (4_000, -9), (9_000, -40))
    return _finished(room(soft, wet=0.14, t60_s=0.8), seconds=2.8, fade_s=1.2)


_BED_BARS = 40
_BED_EIGHTH_S = 0.3
_BED_CHORDS = (
    # Eight bars, five times: the bass, then five eighths over it.
    ("C3", "G3 C4 E4 A3 E4"),
    ("C3", "G3 E4 C4 . ."),
    ("A2", "E3 A3 C4 G4 C4"),
    ("A2", "E3 C4 A3 . ."),
    ("F3", "C4 F4 A4 D4 A3"),
    ("F3", "C4 A3 F3 . ."),
    ("G2", "D3 G3 B3 E4 B3"),
    ("G2", "D4 C4 B3 . ."),
)
_BED_CALLS = (
    # One quiet phrase of the marimba in each round; the fourth round has none.
    ". . . . . . | . . . . . . | . . . E4 - G4 | A4 - - . . .",
    ". . . . . . | . . . G4 - E4 | D4 - - . . .",
    ". . . . . . | . . . . . . | . . . . . . | . . . A4 - G4 | E4 - - . . .",
    "",
    ". . . . . . | . . . C4 - D4 | E4 - - G4 - -",
)


def _bed() -> Sound:
    """Give 72 seconds that go round: guitar and air low down, room for speech above."""
    bar = 6
    bar_s = bar * _BED_EIGHTH_S
    arpeggio = " | ".join(f". {_BED_CHORDS[n % 8][1]}" for n in range(_BED_BARS))
    bass = " | ".join(f"{_BED_CHORDS[n % 8][0]} - - - - -" for n in range(_BED_BARS))
    parts = (
        _Part(nylon, arpeggio, 0.42),
        _Part(nylon, bass, 0.60),
        *(
            _Part(marimba, call, 0.34, first=bar * 8 * n)
            for n, call in enumerate(_BED_CALLS)
            if call
        ),
    )
    seconds = _BED_BARS * bar * _BED_EIGHTH_S
    dry = _perform(parts, _BED_EIGHTH_S, seconds)
    for pair in range(_BED_BARS // 2):
        low, middle = _BED_CHORDS[2 * pair % 8][1].split()[:2]
        at = round(2 * pair * bar * _BED_EIGHTH_S * RATE)
        for name, level in ((low, 0.15), (middle, 0.10)):
            # Four bars, of which the first and last melt into the neighbours' chords.
            _lay(dry, level * breath(pitch_hz(name), 4 * bar_s), at - round(bar_s * RATE))
    wet = room(dry, wet=0.35, t60_s=1.2, circular=True)
    calm = filtered(
        wet, (40, -30), (110, -2), (160, 0), (800, 0), (1_300, -7), (3_500, -10), (9_000, -30)
    )
    return _at_peak(calm)


def _finished(sound: Sound, *, seconds: float, fade_s: float) -> Sound:
    """Cut to length, let it end softly, take away what is below hearing, set the peak."""
    length = round(seconds * RATE)
    lead = np.zeros(round(0.01 * RATE))
    whole = np.concatenate((lead, sound, np.zeros(RATE)))
    clean = filtered(whole, (25, -40), (60, 0), (5_000, 0), (12_000, -12), (20_000, -40))[:length]
    rise, fall = round(0.008 * RATE), round(fade_s * RATE)
    clean[:rise] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / rise)
    clean[-fall:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(1, fall + 1) / fall)
    clean -= clean.mean() * np.hanning(length) / np.hanning(length).mean()
    return _at_peak(clean)


def _at_peak(sound: Sound) -> Sound:
    scaled: Sound = sound * (PEAK / np.abs(sound).max())
    return scaled


_SOUNDS: Mapping[str, Callable[[], Sound]] = {
    "apertura": _opening,
    "puente": _sting,
    "cama": _bed,
    "cierre": _closing,
    "campana": _chime,
}

NAMES = tuple(_SOUNDS)
"""apertura opens, puente leads from item to item, cama lies under speech, cierre closes,
campana calls before an announcement."""


def compose(name: str) -> NDArray[np.float32]:
    """Give one of the sounds: mono, 48 kHz, peak at -3 dBFS; the same on every call.

    Raises:
        KeyError: no sound of that name.
    """
    return _SOUNDS[name]().astype(np.float32)


def write_sounds(folder: Path) -> tuple[Path, ...]:
    """Write every sound as FLAC, and the licence beside them; give the files.

    Raises:
        ProductionError: the folder is missing or the disk refuses; code STORAGE.
    """
    files = []
    for name in NAMES:
        path = folder / f"{name}.flac"
        pcm = np.rint(compose(name).astype(np.float64) * 32_767).astype(np.int16)
        write_take(path, pcm, Hz(RATE))
        files.append(path)
    licence = folder / LICENCE_FILE
    with beside(licence) as file:
        file.write(LICENCE.encode())
    files.append(licence)
    return tuple(files)
