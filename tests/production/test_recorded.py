"""A recording by a person airs while the words are those that were read, and not a day longer."""

import wave
from pathlib import Path

import pytest

from audio.voices.speaking import open_voice
from production.building import BuildReport, BuiltEdition
from programme.editions import Timing
from programme.errors import ExitCode
from programme.left_out import Cause
from programme.units import LanguageTag
from tests.production.running import build, built_once, copy_of, edit, read, run_here, tree
from tests.production.small import FILES
from tests.production.test_left_out import HT

WORDS = {
    "aviso": ("Sa a se yon egzanp.", "Verifye anvan."),
    "agua": ("Pote dlo avek ou.", "Bwè tikras pa tikras."),
    "ayuda": ("Rele nèf en en.", "Ankò: nèf en en."),
}
ONLY_HT = {
    **HT,
    "series/corta.yml": FILES["series/corta.yml"].replace("[es-419, en, ht]", "[ht]"),
    "series/bucle.yml": None,
    "episodes/bucle-1.yml": None,
    "stations/terminal.yml": None,
    "stations/packs.yml": None,
    "stations/feed.yml": None,
}


def record(path: Path, *sentences: str) -> Path:
    """Write a WAV of speech: a synthetic voice in the place of a person, as good as any here."""
    voice = open_voice("espeak", "es-419", LanguageTag("es-419"))
    path.parent.mkdir(parents=True, exist_ok=True)
    spoken = voice.speak(" ".join(sentences), words_per_minute=130)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(spoken.rate_hz)
        file.writeframes(spoken.pcm.astype("<i2").tobytes())
    return path


@pytest.fixture
def ht(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    return copy_of(built_once(tmp_path_factory, "creole", ONLY_HT), tmp_path / "creole")


def add(root: Path, segment: str, capture: pytest.CaptureFixture[str], *, whole: bool) -> None:
    """Record a segment in Haitian Creole, and add it with the command."""
    words = WORDS[segment]
    parts = [words] if whole else [(sentence,) for sentence in words]
    files = [record(root.parent / f"{segment}-{n}.wav", *part) for n, part in enumerate(parts)]
    done = run_here("takes", "add", "-w", root, segment, "ht", *files, capture=capture)
    assert (done.code, done.out) == (0, f"Kept in {root}/recordings/{segment}/ht/take.yml\n")


def edition(report: BuildReport) -> BuiltEdition:
    assert not report.failures
    (built,) = report.editions
    return built


def test_recordings_air_whole_and_by_sentence_without_a_voice(
    ht: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [item.cause for item in build(ht).left_out] == [Cause.REQUIRED, *[Cause.NO_VOICE] * 3]
    add(ht, "aviso", capsys, whole=True)
    add(ht, "agua", capsys, whole=False)
    report = build(ht)
    built = edition(report).edition
    # "ayuda" has no recording and no voice.
    assert built.segments == ("aviso", "agua")
    assert [(item.segment, item.cause) for item in report.left_out] == [("ayuda", Cause.NO_VOICE)]
    assert not built.synthetic_voice
    assert "synthetic" not in built.description
    assert [c.text for c in built.captions] == [*WORDS["aviso"], *WORDS["agua"]]
    for rendition in built.renditions:
        assert rendition.loudness.integrated == pytest.approx(-16.0, abs=0.5)
    # Of a whole recording the sentences are parted at the pause that is measured in it; the voice
    # that stands in for a person knows when it began the second one.
    first, second, third, fourth = built.captions
    assert {caption.timing for caption in built.captions} == {Timing.PAUSES}
    assert not any(caption.words for caption in built.captions)
    spoken = open_voice("espeak", "es-419", LanguageTag("es-419")).speak(
        " ".join(WORDS["aviso"]), words_per_minute=130
    )
    at = len(WORDS["aviso"][0]) + 1
    (begun,) = (word.start_ms for word in spoken.words if word.offset == at)
    assert second.start_ms - first.start_ms == pytest.approx(begun, abs=60)
    assert 300 < second.start_ms - first.end_ms < 600
    assert fourth.start_ms - third.end_ms == pytest.approx(450, abs=1)
    # In the order in which they are made: the longest slot's first.
    assert sorted(label for label, _ in report.run.reasons if label.startswith("take")) == [
        "take agua ht recording 1",
        "take agua ht recording 2",
        "take aviso ht recording 1",
    ]


def test_a_recording_is_left_out_from_the_moment_the_words_change(
    ht: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for segment in WORDS:
        add(ht, segment, capsys, whole=True)
    assert edition(build(ht)).edition.segments == ("aviso", "agua", "ayuda")
    before = tree(ht / "build")

    edit(ht / "scripts/agua/ht.md", "tikras pa tikras", "anpil")
    # The number in the contact is part of the words that were read.
    edit(ht / "facts/cr-911.yml", '["9", "1", "1"]', '["9", "1", "2"]')
    report = build(ht)
    assert [item.segment for item in report.left_out] == ["", "agua", "ayuda"]
    assert [item.cause for item in report.left_out[1:]] == [Cause.STALE_RECORDING] * 2
    assert not report.editions
    # The old number must not be listened to any more.
    assert tree(ht / "build") == {}

    edit(ht / "facts/cr-911.yml", '["9", "1", "2"]', '["9", "1", "1"]')
    edit(ht / "scripts/agua/ht.md", "anpil", "tikras pa tikras")
    again = build(ht)
    assert again.run.total == 0
    assert tree(ht / "build") == before


def test_a_new_recording_takes_the_place_of_the_old(
    ht: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(ht, "aviso", capsys, whole=True)
    add(ht, "agua", capsys, whole=True)
    first = edition(build(ht))
    record(ht.parent / "agua-0.wav", "Otra voz.", "Otra vez otra voz.")
    files = [ht.parent / "agua-0.wav"]
    run_here("takes", "add", "-w", ht, "agua", "ht", *files, capture=capsys)
    second = edition(build(ht))
    assert first.digests["mp3"] != second.digests["mp3"]
    # The same words by another speaker: nothing to tell listeners.
    assert first.edition.words_digest == second.edition.words_digest
    assert len(list((ht / "recordings/agua/ht").iterdir())) == 2


def test_translate_done_lets_a_stale_translation_air_again(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_of(built_once(tmp_path_factory, "small"), tmp_path / "small")
    edit(root / "scripts/agua/es-419.md", "Beba poco a poco.", "Beba a sorbos.")
    assert read(root).translations["agua", LanguageTag("en")].state == "stale"
    done = run_here("translate", "done", "-w", root, "agua", "en", capture=capsys)
    assert (done.code, done.out) == (0, f"Noted in {root}/scripts/agua/en.from\n")
    assert read(root).translations["agua", LanguageTag("en")].state == "fresh"


REFUSALS: list[tuple[str, ExitCode, str]] = [
    ("translate done nada en", ExitCode.INPUT, "there is no segment"),
    ("translate done agua fr", ExitCode.INPUT, "not a language of this network"),
    ("translate done agua es-419", ExitCode.USAGE, "source language"),
    ("translate done agua ht", ExitCode.INPUT, "there is no text in ht yet"),
    ("takes add nada en sounds/tono.wav", ExitCode.INPUT, "no segment"),
    ("takes add agua en altavoz.toml", ExitCode.INPUT, "is no recording"),
    ("takes add agua en none.wav", ExitCode.USAGE, "does not exist"),
    ("takes add agua en" + 3 * " sounds/tono.wav", ExitCode.USAGE, "3 files for 2"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal[0])
def test_what_cannot_be_noted_is_said(
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    refusal: tuple[str, ExitCode, str],
) -> None:
    arguments, code, words = refusal
    root = built_once(tmp_path_factory, "small")
    before = tree(root)
    monkeypatch.chdir(root)
    done = run_here(*arguments.split(), capture=capsys)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert tree(root) == before
