"""Measure a voice's pace on rendered sound: what is heard, not what an engine calls its rate."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from audio.voices.base import Spoken
from audio.voices.pacing import Pacing
from programme.errors import ExitCode, ProductionError
from programme.tables import package_file, read_toml
from programme.units import LanguageTag

PACES = (105.0, 130.0, 160.0)
"""Words a minute around those of paces.toml, at which a voice is measured beside its usual pace."""

_TRIES = 4
_NEAR = 0.02
"""A pace is found when what is heard is this near to it."""

_OBEYS = 1.05
"""Set to one and a half times the speed, a voice that obeys is heard faster by at least this."""


@cache
def _calibration() -> Mapping[str, Sequence[str]]:
    rows = read_toml(package_file("audio.voices", "calibration.toml"))
    return {tag: tuple(row["sentences"]) for tag, row in rows.items()}


def calibration_sentences(language: LanguageTag) -> Sequence[str]:
    """Give the sentences on which a language's voices are measured.

    Raises:
        ProductionError: nobody has written any for this language; code VOICE.
    """
    found = _calibration().get(language.partition("-")[0])
    if found is None:
        raise ProductionError(
            f"there are no sentences to measure a pace in {language}",
            where=language,
            remedy="add some to audio/voices/calibration.toml, written by somebody who speaks it",
            code=ExitCode.VOICE,
        )
    return found


def heard_pace(render: Callable[[str], Spoken], sentences: Sequence[str]) -> float:
    """Give the words a minute that are heard, over trimmed takes and without pauses between."""
    seconds = 0.0
    for sentence in sentences:
        spoken = render(sentence)
        seconds += len(spoken.pcm) / spoken.rate_hz
    return 60 * sum(len(sentence.split()) for sentence in sentences) / seconds


def measure_pacing(
    render: Callable[[str, float], Spoken], sentences: Sequence[str], *, where: str
) -> Pacing:
    """Find the speeds at which the paces of the profiles are heard.

    Args:
        render: speaks a sentence at a speed against the voice's usual one.
        sentences: of the voice's language.
        where: the voice, for messages.

    Raises:
        ProductionError: the voice does not obey a speed, or cannot speak; code VOICE.
    """
    heard = {speed: heard_pace(_at(render, speed), sentences) for speed in (1.0, 1.5)}
    if heard[1.5] < heard[1.0] * _OBEYS:
        raise ProductionError(
            "this voice does not speak faster when it is asked to",
            where=where,
            remedy="choose another voice: its pace would not be that of the profile",
            code=ExitCode.VOICE,
        )
    for wanted in PACES:
        for _ in range(_TRIES):
            speed = _pacing(heard).speed_for(wanted)
            if speed in heard:
                break
            heard[speed] = heard_pace(_at(render, speed), sentences)
            if abs(heard[speed] / wanted - 1) < _NEAR:
                break
    return _pacing(heard)


def _at(render: Callable[[str, float], Spoken], speed: float) -> Callable[[str], Spoken]:
    return lambda sentence: render(sentence, speed)


def _pacing(heard: Mapping[float, float]) -> Pacing:
    """Keep the points that rise: an engine's steps are coarse, and two speeds may sound alike."""
    points: list[tuple[float, float]] = []
    for speed, pace in sorted(heard.items()):
        heard_wpm = round(pace, 1)
        if not points or heard_wpm > points[-1][1]:
            points.append((speed, heard_wpm))
    return Pacing(points=tuple(points))
