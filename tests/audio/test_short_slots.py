"""Short slots, whose loudness jumps where a single moment passes the meter's gate."""

from pathlib import Path

import pytest

from audio.jobs import SpeakJob
from audio.slots import render_slot
from audio.voices import speak
from programme.units import DurationMs, LanguageTag
from tests.audio.slot_material import FileLine, music, slot_job


def said(folder: Path, text: str, words_per_minute: int) -> FileLine:
    out = folder / f"{text}-{words_per_minute}.flac"
    job = SpeakJob(
        engine="espeak",
        voice="es-419",
        language=LanguageTag("es-419"),
        text=text,
        words_per_minute=words_per_minute,
        out=out,
    )
    return FileLine(take=out, info=speak(job), pause_ms=DurationMs(450))


@pytest.mark.parametrize("words_per_minute", [130, 140, 150])
def test_a_slot_that_no_gain_brings_upon_its_loudness_comes_near_it(
    tmp_path: Path, words_per_minute: int
) -> None:
    # At 140 words a minute, more gain made this slot quieter for the meter, then louder again.
    texts = ("Lleve agua con usted.", "Beba poco a poco.")
    lines = [said(tmp_path, text, words_per_minute) for text in texts]
    job = slot_job(tmp_path, "short", profile="old-player", lines=lines, bed=music(tmp_path)["bed"])
    (loudness,) = render_slot(job).loudness.values()
    assert loudness.integrated == pytest.approx(-16.0, abs=0.5)
    assert loudness.true_peak <= -1.0
