"""A file out of its profile's tolerance does not leave, and the message says by how much."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from production.loudness_limits import judge_loudness
from programme.errors import ExitCode, ProductionError
from programme.profiles import profiles
from programme.sound import Loudness
from programme.units import Dbtp, Lu, Lufs

PAGE = (Path(__file__).parents[2] / "docs/loudness.md").read_text(encoding="utf-8")
PODCAST = profiles()["podcast"]
GOOD = Loudness(
    integrated=Lufs(-16.0),
    range_lu=Lu(3.0),
    momentary_max=Lufs(-11.0),
    short_term_max=Lufs(-14.0),
    true_peak=Dbtp(-1.2),
)


@pytest.mark.parametrize("lufs", [-16.5, -16.0, -15.5])
def test_what_is_within_the_tolerance_leaves(lufs: float) -> None:
    judge_loudness(replace(GOOD, integrated=Lufs(lufs)), PODCAST, where="edition")


@pytest.mark.parametrize(
    ("loudness", "figure"),
    [
        (replace(GOOD, integrated=Lufs(-16.52)), "reads -16.52 LUFS; podcast asks for -16.0"),
        (replace(GOOD, integrated=Lufs(-15.4)), "reads -15.40 LUFS"),
        (replace(GOOD, integrated=Lufs(-70.0)), "reads -70.00 LUFS"),
        (replace(GOOD, true_peak=Dbtp(-0.9)), "peaks at -0.90 dBTP; podcast allows -1.0"),
        (replace(GOOD, true_peak=Dbtp(float("-inf"))), "silent, or its samples are not numbers"),
        (replace(GOOD, true_peak=Dbtp(float("inf"))), "silent, or its samples are not numbers"),
        (replace(GOOD, integrated=Lufs(float("nan"))), "silent, or its samples are not numbers"),
        (replace(GOOD, range_lu=Lu(float("nan"))), "silent, or its samples are not numbers"),
        (replace(GOOD, momentary_max=Lufs(float("inf"))), "silent, or its samples are not numbers"),
        (replace(GOOD, short_term_max=Lufs(float("nan"))), "silent, or its samples are"),
    ],
)
def test_what_is_out_of_tolerance_is_refused_with_its_figure(
    loudness: Loudness, figure: str
) -> None:
    with pytest.raises(ProductionError, match=figure.replace(".", r"\.")) as caught:
        judge_loudness(loudness, PODCAST, where="edition corta-1 es-419 podcast mp3")
    assert caught.value.where == "edition corta-1 es-419 podcast mp3"
    assert caught.value.code is ExitCode.SOUND
    assert caught.value.remedy


@pytest.mark.parametrize("name", profiles())
def test_the_page_says_how_each_profile_reads_one_channel(name: str) -> None:
    profile = profiles()[name]
    (row,) = (line for line in PAGE.splitlines() if re.match(rf"\|[^|]*`{name}`", line))
    _, _, reading, meter, _ = row.split("|")
    assert reading.strip().startswith("two" if profile.dual_mono else "one channel")
    lower = 3 if profile.dual_mono else 0
    assert f"{profile.loudness_lufs - lower:.0f}" in re.findall(r"-\d+", meter)
