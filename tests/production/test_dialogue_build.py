"""A dialogue as it is heard: each line in its speaker's voice, at its caption's time."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audio.decode import decode_blocks
from production.building import BuildReport
from production.casting import CastVoice, NoVoice
from production.records import plain_edition, read_edition
from production.selection import Selector
from production.speaker_casting import cast_speakers, shared_voice_lines
from production.takes.kit import make_take_kit
from production.takes.kit_pages import render_sheet, render_table
from programme.left_out import Cause
from programme.network import VoiceChoice
from programme.profiles import profiles
from programme.units import LanguageTag
from scripts.review_digests import sentence_digest
from stations.script_text import sections
from tests.production.running import TINY, TODAY, build, edit, read, run_here
from tests.production.small import FILES, write_small

ES = LanguageTag("es-419")

SPEAKERS = """
[speakers]
presenter = { es = "LOCUTORA", en = "PRESENTER" }
voice2 = { es = "VOZ 2", en = "VOICE 2" }
"""
DIALOGUE = """\
# Agua

LOCUTORA: Hoy respondemos una pregunta sobre el agua.
VOZ 2: ¿Cuesta dinero el agua del albergue?
LOCUTORA: Nadie cobra por el agua del albergue.
Lleve agua con usted.

VOZ 2: Muchas gracias por la respuesta.
"""
EPISODE = """
series: corta
number: 1
dated: "2026-11-22"
title: {es-419: "Agua"}
rundown:
  - segment: agua
"""


def workspace(folder: Path, toml: str = SPEAKERS, script: str = DIALOGUE) -> Path:
    changes: dict[str, str | None] = {
        **TINY,
        "altavoz.toml": FILES["altavoz.toml"] + toml,
        "scripts/agua/es-419.md": script,
        "episodes/corta-1.yml": EPISODE,
    }
    return write_small(folder / "small", changes)


def sound_of(report: BuildReport) -> NDArray[np.float64]:
    """Give the edition's MP3 as people hear it."""
    (built,) = report.editions
    return np.concatenate(list(decode_blocks(built.files["mp3"]))).astype(np.float64)


def pitch_hz(sound: NDArray[np.float64]) -> float:
    """Give the median fundamental of voiced frames of 40 ms, by autocorrelation."""
    rate, found = 48_000, []
    size = rate * 40 // 1000
    for start in range(0, len(sound) - size, size // 2):
        frame = sound[start : start + size] - sound[start : start + size].mean()
        if np.square(frame).mean() < 0.3 * np.square(sound).mean():
            continue
        spectrum = np.abs(np.fft.rfft(frame, 2 * size)) ** 2
        alike = np.fft.irfft(spectrum)[:size]
        low, high = rate // 400, rate // 60
        lag = low + int(alike[low:high].argmax())
        if alike[lag] > 0.5 * alike[0]:
            found.append(rate / lag)
    return float(np.median(found))


def pitches(report: BuildReport) -> list[float]:
    """Give the pitch of each caption, at the times that it names."""
    sound = sound_of(report)
    captions = report.editions[0].edition.captions
    return [pitch_hz(sound[one.start_ms * 48 : one.end_ms * 48]) for one in captions]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildReport]:
    root = workspace(tmp_path_factory.mktemp("dialogue"))
    return root, build(root)


def test_each_line_is_heard_in_its_speakers_voice(built: tuple[Path, BuildReport]) -> None:
    # espeak's own voice lies near 102 Hz, its variant f3 an octave above
    heard = pitches(built[1])
    assert [speaker for _, speaker in said(built[1])] == [
        "LOCUTORA",
        "VOZ 2",
        "LOCUTORA",
        "LOCUTORA",
        "VOZ 2",
    ]
    low, high = [heard[i] for i in (0, 2, 3)], [heard[i] for i in (1, 4)]
    assert all(90 < pitch < 115 for pitch in low), heard
    assert all(185 < pitch < 250 for pitch in high), heard


def said(report: BuildReport) -> list[tuple[str, str]]:
    return [(one.text, one.speaker) for one in report.editions[0].edition.captions]


def test_nobody_says_a_label(built: tuple[Path, BuildReport]) -> None:
    words = [text for text, _ in said(built[1])]
    assert words[0] == "Hoy respondemos una pregunta sobre el agua."
    assert not [text for text in words if "LOCUTORA" in text or "VOZ" in text]


def test_an_edition_is_kept_with_who_speaks(built: tuple[Path, BuildReport]) -> None:
    edition = built[1].editions[0].edition
    assert read_edition(plain_edition(edition)) == edition
    assert [one.speaker for one in edition.captions].count("VOZ 2") == 2


def test_the_pause_before_another_speaker_is_longer_and_that_of_a_paragraph_longest(
    built: tuple[Path, BuildReport],
) -> None:
    captions = built[1].editions[0].edition.captions
    gaps = [b.start_ms - a.end_ms for a, b in pairwise(captions)]
    how = profiles()["podcast"]
    wanted = [how.turn_pause_ms, how.turn_pause_ms, how.sentence_pause_ms, how.paragraph_pause_ms]
    assert gaps == pytest.approx(wanted, abs=2)


def test_a_second_build_has_nothing_to_do_and_another_voice_makes_its_lines_only(
    built: tuple[Path, BuildReport], tmp_path: Path
) -> None:
    root = workspace(tmp_path)
    build(root)
    assert build(root).run.total == 0
    toml = root / "altavoz.toml"
    text = toml.read_text("utf-8")
    toml.write_text(
        text + '\n[voices.es-419.speakers]\n"VOZ 2" = { name = "es-419+m8" }\n', "utf-8"
    )
    again = build(root)
    assert [kind.value for kind, count in again.run.ran.items() for _ in range(count)].count(
        "take"
    ) == 2
    assert pitches(again)[1] < 95
    assert pitches(built[1])[1] > 195


def test_a_new_label_makes_no_sound_anew(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    build(root)
    edit(root / "altavoz.toml", "LOCUTORA", "CONDUCTORA")
    script = root / "scripts/agua/es-419.md"
    script.write_text(DIALOGUE.replace("LOCUTORA", "CONDUCTORA"), "utf-8")
    again = build(root)
    assert {kind.value for kind, count in again.run.ran.items() if count} == {"edition"}
    assert said(again)[0][1] == "CONDUCTORA"


def test_speakers_of_whom_nothing_is_said_get_voices_that_ears_tell_apart(tmp_path: Path) -> None:
    more = SPEAKERS + 'three = { es = "VOZ 3" }\nfour = { es = "VOZ 4" }\nfive = { es = "VOZ 5" }\n'
    network = read(workspace(tmp_path, more)).network
    voices = cast_speakers(network, ES)
    names = [one.name for one in voices.values() if isinstance(one, CastVoice)]
    assert names == ["es-419", "es-419", "es-419+f3", "es-419+m8", "es-419+f1", "es-419"]
    assert list(voices) == ["", "presenter", "voice2", "three", "four", "five"]


def test_a_voice_that_somebody_was_given_is_given_to_nobody_else(tmp_path: Path) -> None:
    more = SPEAKERS + '[voices.es-419.speakers]\npresenter = { name = "es-419+f3" }\n'
    voices = cast_speakers(read(workspace(tmp_path, more)).network, ES)
    names = [one.name for one in voices.values() if isinstance(one, CastVoice)]
    assert names == ["es-419", "es-419+f3", "es-419"]
    more = SPEAKERS + '[voices.es-419.speakers]\npresenter = { name = "es-419" }\n'
    voices = cast_speakers(read(workspace(tmp_path / "b", more)).network, ES)
    names = [one.name for one in voices.values() if isinstance(one, CastVoice)]
    assert names == ["es-419", "es-419", "es-419+f3"]


def test_a_speaker_without_a_voice_is_named_in_what_is_left_out(tmp_path: Path) -> None:
    more = SPEAKERS + '[voices.es-419.speakers]\nvoice2 = { engine = "none" }\n'
    found = Selector(read(workspace(tmp_path, more)), today=TODAY).select()
    lacking = [item for item in found.left_out if item.segment == "agua"]
    assert [item.cause for item in lacking] == [Cause.NO_VOICE]
    assert lacking[0].problem.startswith("VOZ 2: altavoz.toml says that only people speak")


def test_the_usual_voice_need_not_be_fit_where_nobody_uses_it(tmp_path: Path) -> None:
    more = (
        SPEAKERS
        + """
[voices.es-419]
engine = "none"

[voices.es-419.speakers]
presenter = { engine = "espeak", name = "es-419+f3" }
voice2 = { engine = "espeak", name = "es-419+m3" }
"""
    )
    found = Selector(read(workspace(tmp_path, more)), today=TODAY).select()
    (edition,) = found.editions
    dialogue = edition.slots[0].dialogue
    assert dialogue is not None
    assert {who: voice.name for who, voice in dialogue.voices.items()} == {
        "presenter": "es-419+f3",
        "voice2": "es-419+m3",
    }


def test_a_draft_voice_of_one_speaker_must_be_accepted_by_itself(tmp_path: Path) -> None:
    ar = LanguageTag("ar")
    network = read(workspace(tmp_path)).network
    espeak = VoiceChoice(language=ar, engine="espeak")
    variant = replace(espeak, name="ar+f3")

    def cast(choice: VoiceChoice) -> CastVoice | NoVoice:
        return cast_speakers(replace(network, voices={ar: choice}), ar)["voice2"]

    refused = cast(replace(espeak, speakers={"voice2": variant}))
    assert isinstance(refused, NoVoice)
    assert "draft" in refused.problem
    accepted = cast(replace(espeak, accept_draft=True, speakers={"voice2": variant}))
    assert isinstance(accepted, CastVoice)
    assert (accepted.name, accepted.draft) == ("ar+f3", True)
    by_itself = replace(variant, accept_draft=True)
    alone = cast(replace(espeak, speakers={"voice2": by_itself}))
    assert isinstance(alone, CastVoice)


def test_who_shares_a_voice_is_told_when_it_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = (
        SPEAKERS
        + """
[voices.es-419.speakers]
presenter = { name = "es-419+f3" }
voice2 = { name = "es-419+f3" }
"""
    )
    root = workspace(tmp_path, more)
    done = run_here("build", "-w", root, capture=capsys)
    assert "agua es-419: LOCUTORA and VOZ 2 have one voice, espeak/es-419+f3" in done.said
    edit(root / "altavoz.toml", 'presenter = { name = "es-419+f3" }', "")
    assert shared_voice_lines(read(root)) == []


def test_whoever_records_a_dialogue_sees_whose_line_it_is(tmp_path: Path) -> None:
    root = workspace(tmp_path, SPEAKERS + '\n[voices.es-419]\nengine = "none"\n')
    kit = make_take_kit(read(root), ES, whole=False, today=TODAY)
    lines = [line for prompt in kit.prompts for line in prompt.lines]
    assert [line.speaker for line in lines][:2] == ["LOCUTORA", "VOZ 2"]
    assert lines[1].text == "¿Cuesta dinero el agua del albergue?"
    sheet, table = render_sheet(kit).decode(), render_table(kit).decode("utf-8-sig")
    assert "<strong>VOZ 2</strong> ¿Cuesta dinero" in sheet
    assert "VOZ 2: ¿Cuesta dinero" in table


def test_a_take_of_a_line_that_somebody_else_says_now_is_stale(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    before = read(root).translations["agua", ES].script
    edit(root / "scripts/agua/es-419.md", "VOZ 2: Muchas", "LOCUTORA: Muchas")
    after = read(root).translations["agua", ES].script
    assert before is not None
    assert after is not None
    digests = [[sentence_digest(one) for one in text.sentences] for text in (before, after)]
    assert [a == b for a, b in zip(*digests, strict=True)] == [True, True, True, True, False]


def test_a_printed_script_begins_each_turn_with_its_label(built: tuple[Path, BuildReport]) -> None:
    (section,) = sections(built[1].editions[0].edition)
    assert section.paragraphs == (
        "LOCUTORA: Hoy respondemos una pregunta sobre el agua.",
        "VOZ 2: ¿Cuesta dinero el agua del albergue?",
        "LOCUTORA: Nadie cobra por el agua del albergue. Lleve agua con usted.",
        "VOZ 2: Muchas gracias por la respuesta.",
    )


def test_one_line_is_said_as_its_speaker_says_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = workspace(tmp_path)
    out = tmp_path / "line.wav"
    for words, more, voice in (
        ("VOZ 2: ¿Es gratis?", (), "es-419+f3"),
        ("¿Es gratis?", ("--speaker", "VOZ 2"), "es-419+f3"),
        ("¿Es gratis?", ("--speaker", "voice2"), "es-419+f3"),
        ("¿Es gratis?", (), "es-419"),
    ):
        done = run_here("say", words, "-w", root, "-o", out, *more, capture=capsys)
        assert done.code == 0
        assert f"voice:    espeak/{voice} (air)" in done.out
    done = run_here("say", "Hola.", "-w", root, "--speaker", "VOZ", capture=capsys)
    assert done.code == 2
    assert "did you mean VOZ 2?" in done.err
