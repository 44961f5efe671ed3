"""Whether a finished file may leave: its loudness, true peak and size against its profile."""

import math

from programme.errors import ExitCode, ProductionError
from programme.profiles import Profile, RenditionSpec
from programme.sound import Loudness

_READING = 0.005
"""LU and dB: half of the last figure that is shown."""


def judge_loudness(loudness: Loudness, profile: Profile, *, where: str) -> None:
    """Refuse a file that does not sound as its profile promises.

    Args:
        loudness: of the decoded file.
        profile: what it is for.
        where: the file, as the producer knows it.

    Raises:
        ProductionError: it is silent, its figures are no numbers, or they are out of tolerance.
    """
    figures = (
        loudness.integrated,
        loudness.range_lu,
        loudness.momentary_max,
        loudness.short_term_max,
        loudness.true_peak,
    )
    if not all(math.isfinite(figure) for figure in figures):
        problem = "the finished file is silent, or its samples are not numbers"
    elif abs(loudness.integrated - profile.loudness_lufs) > profile.tolerance_lu + _READING:
        problem = (
            f"the finished file reads {loudness.integrated:.2f} LUFS; {profile.id} asks for "
            f"{profile.loudness_lufs:.1f} within {profile.tolerance_lu:.1f}"
        )
    elif loudness.true_peak > profile.max_dbtp + _READING:
        problem = (
            f"the finished file peaks at {loudness.true_peak:.2f} dBTP; {profile.id} allows "
            f"{profile.max_dbtp:.1f}"
        )
    else:
        return
    raise ProductionError(
        problem,
        where=where,
        remedy="listen to its sounds and recordings: one may be nearly silent or very short",
        code=ExitCode.SOUND,
    )


def judge_size(length_bytes: int, spec: RenditionSpec, profile: Profile, *, where: str) -> None:
    """Refuse a file that is too large for what it is made for.

    Raises:
        ProductionError: it is over its rendition's limit.
    """
    if not spec.max_bytes or length_bytes <= spec.max_bytes:
        return
    raise ProductionError(
        f"the {spec.suffix} file of profile {profile.id} is {length_bytes:,} bytes; "
        f"it may have {spec.max_bytes:,}",
        where=where,
        remedy=f"keep its episodes below {spec.longest_s} seconds (max_s in the series' file), "
        f"or take {profile.id} out of the series' also",
        code=ExitCode.SOUND,
    )
