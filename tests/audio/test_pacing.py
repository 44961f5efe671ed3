"""Paces: measured on sound, kept with the version, and turned into speeds."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.voices.base import Spoken
from audio.voices.catalogue import Quality, engine_row, engines
from audio.voices.measuring import calibration_sentences, heard_pace, measure_pacing
from audio.voices.pacing import (
    FASTEST,
    SLOWEST,
    Pacing,
    keep_pacing,
    kept_pacing,
    read_pacing,
)
from programme.errors import ExitCode, ProductionError
from programme.units import Hz, LanguageTag

RATE = Hz(8_000)
TEN = "uno dos tres cuatro cinco seis siete ocho nueve diez"


def speaker(words_per_minute: Callable[[float], float]) -> Callable[[str, float], Spoken]:
    """Give a voice that is heard at a pace that its speed gives by a rule."""

    def render(text: str, speed: float) -> Spoken:
        seconds = len(text.split()) * 60 / words_per_minute(speed)
        return Spoken(pcm=np.ones(round(seconds * RATE), np.int16), rate_hz=RATE, words=())

    return render


RULES: dict[str, Callable[[float], float]] = {
    "as it should": lambda speed: 150 * speed,
    "by its square root": lambda speed: 150 * math.sqrt(speed),
    "in steps of a twentieth": lambda speed: 150 * round(speed * 20) / 20,
    "slower and slower": lambda speed: 90 + 60 * speed,
    "of a very fast speaker": lambda speed: 240 * speed,
    "of a very slow speaker": lambda speed: 80 * speed,
}


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("wanted", [105, 120, 140, 160])
def test_a_voice_of_any_kind_is_brought_to_the_pace_asked_for(rule: str, wanted: int) -> None:
    render = speaker(RULES[rule])
    pacing = measure_pacing(render, [TEN] * 3, where="test")
    speed = pacing.speed_for(wanted)
    heard = heard_pace(lambda text: render(text, speed), [TEN])
    assert heard == pytest.approx(wanted, rel=0.05)


@pytest.mark.parametrize("rule", [lambda _speed: 150.0, lambda speed: 150 / speed])
def test_a_voice_that_does_not_obey_is_refused(rule: Callable[[float], float]) -> None:
    with pytest.raises(ProductionError, match="does not speak faster") as caught:
        measure_pacing(speaker(rule), [TEN], where="acme/una")
    assert caught.value.code is ExitCode.VOICE
    assert caught.value.where == "acme/una"


rising = st.lists(st.tuples(st.floats(0.3, 3), st.floats(50, 400)), min_size=1, max_size=6).map(
    lambda rows: zip(sorted({s for s, _ in rows}), sorted({w for _, w in rows}), strict=False)
)


@given(rising.map(tuple), st.floats(20, 800), st.floats(20, 800))
def test_a_faster_pace_is_never_a_slower_speed(
    points: tuple[tuple[float, float], ...], one: float, other: float
) -> None:
    pacing = Pacing(points=points)
    slow, fast = (pacing.speed_for(pace) for pace in sorted((one, other)))
    assert SLOWEST <= slow <= fast <= FASTEST


@given(rising.map(tuple))
def test_a_measured_pace_gives_the_speed_that_was_measured(
    points: tuple[tuple[float, float], ...],
) -> None:
    pacing = Pacing(points=points)
    for speed, heard in points:
        assert pacing.speed_for(heard) == pytest.approx(speed, abs=0.0002)


@given(rising.map(tuple))
def test_a_pacing_is_written_and_read_back(points: tuple[tuple[float, float], ...]) -> None:
    pacing = Pacing(points=points)
    assert read_pacing(json.loads(json.dumps(pacing.plain()))) == pacing


@pytest.mark.parametrize(
    "plain",
    [
        None,
        [],
        {},
        "12",
        [[1]],
        [[1, 2, 3]],
        [[1, "x"]],
        [[0, 100]],
        [[1, -5]],
        [[1, float("nan")]],
        [[1, float("inf")]],
        [[1, 150], [1, 160]],
        [[1, 150], [2, 150]],
        [[2, 150], [1, 160]],
    ],
)
def test_what_is_no_pacing_is_not_taken_for_one(plain: object) -> None:
    assert read_pacing(plain) is None


def test_a_pace_is_kept_with_what_it_was_measured_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALTAVOZ_VOICES", str(tmp_path / "home"))
    one, other = Pacing(points=((1.0, 150.0),)), Pacing(points=((1.0, 99.0),))
    keep_pacing("pico", "es-ES", "version 1", one)
    keep_pacing("acme", "una", "version 1", other)
    assert kept_pacing("pico", "es-ES", "version 1") == one
    assert kept_pacing("acme", "una", "version 1") == other
    assert kept_pacing("pico", "es-ES", "version 2") is None
    assert kept_pacing("pico", "en-US", "version 1") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pico/es-ES": 5}', "\xff"])
def test_a_damaged_file_of_paces_is_as_none(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALTAVOZ_VOICES", str(tmp_path))
    (tmp_path / "paces.json").write_bytes(text.encode("latin-1"))
    assert kept_pacing("pico", "es-ES", "version 1") is None
    keep_pacing("pico", "es-ES", "version 1", Pacing(points=((1.0, 150.0),)))
    assert kept_pacing("pico", "es-ES", "version 1") is not None


def test_every_language_whose_voices_must_be_measured_has_sentences() -> None:
    for engine in engines():
        row = engine_row(engine)
        if row["kind"] == "package":
            continue
        for offer in row["offers"]:
            if offer["quality"] != Quality.NEVER:
                for tag in offer["languages"]:
                    assert len(calibration_sentences(LanguageTag(tag))) >= 2


def test_a_language_without_sentences_is_told() -> None:
    with pytest.raises(ProductionError, match="no sentences to measure") as caught:
        calibration_sentences(LanguageTag("quc"))
    assert caught.value.code is ExitCode.VOICE
