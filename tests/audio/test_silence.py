"""Silence as a slot: exactly as long as asked, silent when decoded, and no join is heard."""

from pathlib import Path

import numpy as np
import pytest

from audio.editions import write_rendition
from audio.jobs import RenditionJob, SlotJob
from audio.loudness import read_energies
from audio.silence import render_silence
from programme.profiles import profiles
from programme.sound import GRID, MIX_RATE
from programme.units import Samples
from tests.audio.slot_material import LOUDNESS, decoded, edition_tags


@pytest.mark.parametrize("name", ["podcast", "loudspeaker", "phone-line"])
def test_it_is_as_long_as_asked_and_silent_as_players_decode_it(tmp_path: Path, name: str) -> None:
    profile = profiles()[name]
    samples = Samples(3 * GRID)
    coded = {one.id: tmp_path / f"{one.id}.coded" for one in profile.renditions}
    energies = {key: tmp_path / f"{key}.energies" for key in coded}
    job = SlotJob(profile=profile, coded=coded, energies=energies)
    result = render_silence(job, samples)
    assert (result.samples, result.lines) == (samples, ())
    for spec in profile.renditions:
        assert len(read_energies(energies[spec.id])) == 18
        assert result.loudness[spec.id].integrated == -70.0
        out = tmp_path / f"whole{spec.suffix}"
        write_rendition(
            RenditionJob(
                spec=spec,
                slots=(coded[spec.id],) * 2,
                samples=Samples(2 * samples),
                tags=edition_tags(),
                loudness=LOUDNESS,
                dual_mono=False,
                max_dbtp=profile.max_dbtp,
                out=out,
            )
        )
        sound, rate_hz = decoded(out)
        assert float(np.abs(sound).max()) < 10 ** (-80 / 20)
        # A player of the simplest kind plays the decoder's delay too.
        late = 0.047 if spec.plain else 0.0
        assert len(sound) / rate_hz == pytest.approx(2 * samples / MIX_RATE + late, abs=0.005)


@pytest.mark.parametrize("samples", [0, -GRID, GRID + 1])
def test_a_length_off_the_grid_is_refused(samples: int) -> None:
    profile = profiles()["loudspeaker"]
    job = SlotJob(profile=profile, coded={}, energies={})
    with pytest.raises(ValueError, match="grid"):
        render_silence(job, Samples(samples))
