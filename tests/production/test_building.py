"""A build makes what was asked for, does nothing twice, and gives the same bytes anywhere."""

import json
import math
import os
import re
import shutil
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import av.error
import pytest
from av.audio.frame import AudioFrame
from av.filter import Graph

from production.building import Workshop
from production.reports import edition_report
from production.tables import build_summary
from programme.errors import ExitCode, ProductionError
from tests.feeds.reading_captions import parse_vtt
from tests.production.running import (
    TINY,
    TODAY,
    build,
    built_once,
    copy_of,
    edit,
    flip,
    ran,
    read,
    run_here,
    run_process,
    stamps,
    tree,
)
from tests.production.small import write_small, write_tone

LEFT_OUT = """\
Left out:
  corta-1 ht is not made: required segments are missing: aviso
  ht (Haitian Creole): no text in this language
    3 segments: aviso, agua, ayuda
    translate it: write scripts/SEGMENT/ht.md, or: altavoz takes kit --lang ht
"""
"""What every build of the small workspace says is not made."""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "small")


@pytest.fixture(scope="session")
def built_tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "tiny", TINY)


@pytest.fixture
def small(built: Path, tmp_path: Path) -> Path:
    return copy_of(built, tmp_path / "small")


@pytest.fixture
def tiny(built_tiny: Path, tmp_path: Path) -> Path:
    return copy_of(built_tiny, tmp_path / "tiny")


def meter(path: Path) -> tuple[float, float]:
    """Give loudness (LUFS) and true peak (dBTP) of a sound file, as FFmpeg decodes and reads it."""
    graph = Graph()
    with av.open(path) as file:
        (stream,) = file.streams.audio
        source = graph.add_abuffer(
            sample_rate=stream.rate,
            format=stream.format.name,
            layout=stream.layout.name,
            time_base=Fraction(1, stream.rate),
        )
        gauge = graph.add("ebur128", "metadata=1:peak=true:framelog=quiet")
        sink = graph.add("abuffersink")
        source.link_to(gauge)
        gauge.link_to(sink)
        graph.configure()
        last: dict[str, str] = {}
        for frame in [*file.decode(stream), None]:
            graph.push(frame)
            while True:
                try:
                    out = graph.pull()
                except (av.error.BlockingIOError, av.error.EOFError):
                    break
                assert isinstance(out, AudioFrame)
                last = dict(out.metadata) or last

    peaks = [float(value) for key, value in last.items() if "true_peaks_ch" in key]
    return float(last["lavfi.r128.I"]), 20 * math.log10(max(peaks))


@pytest.mark.parametrize("language", ["es-419", "en"])
@pytest.mark.parametrize("suffix", ["mp3", "opus"])
def test_an_independent_meter_reads_the_podcast_at_minus_16(
    built: Path, language: str, suffix: str
) -> None:
    loudness, peak = meter(built / f"build/corta/{language}/corta-1_{language}.{suffix}")
    assert loudness == pytest.approx(-16.0, abs=0.5)
    assert peak <= -1.0


def test_what_the_report_says_of_loudness_is_what_the_meter_reads(built: Path) -> None:
    for item in build(built).editions:
        if item.edition.profile == "podcast":
            for rendition in item.edition.renditions:
                loudness, peak = meter(item.objects[rendition.id])
                assert rendition.loudness.integrated == pytest.approx(loudness, abs=0.1)
                assert rendition.loudness.true_peak == pytest.approx(peak, abs=0.2)


def test_a_second_build_runs_nothing_and_touches_no_file(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(small)  # a copy has other inodes than the journal knows
    before = stamps(small / "build") | stamps(small / ".altavoz/store")
    report = build(small)
    assert ran(report) == (0, 0, 0)
    assert build_summary(report) == "Nothing to do: 6 editions up to date."
    said = run_here("build", "-w", small, capture=capsys)
    assert (said.code, said.out) == (0, f"{LEFT_OUT}Nothing to do: 6 editions up to date.\n")
    assert stamps(small / "build") | stamps(small / ".altavoz/store") == before


def test_one_changed_sentence_is_spoken_again_and_only_what_holds_it_is_made_again(
    small: Path,
) -> None:
    before = tree(small / "build")
    edit(small / "scripts/agua/en.md", "Drink little by little.", "Drink slowly.")
    report = build(small)
    labels = [label for label, _ in report.run.reasons]
    assert sorted(labels) == [
        "edition bucle bucle-1 en loudspeaker",
        "edition corta corta-1 en broadcast",
        "edition corta corta-1 en podcast",
        "slot bucle-1/agua en loudspeaker",
        "slot corta-1/agua en broadcast",
        "slot corta-1/agua en podcast",
        "take agua en line 4 loudspeaker",
        "take agua en line 4 mixed",
    ]
    after = tree(small / "build")
    assert before.keys() == after.keys()
    changed = {name for name in before if before[name] != after[name]}
    assert changed
    assert all("/en/" in name for name in changed)
    assert "Drink slowly." in (small / "build/corta/en/corta-1_en.vtt").read_text(encoding="utf-8")


def test_taking_the_change_back_finds_everything_in_the_store(small: Path) -> None:
    before = tree(small / "build")
    edit(small / "scripts/agua/en.md", "Drink little by little.", "Drink slowly.")
    build(small)
    edit(small / "scripts/agua/en.md", "Drink slowly.", "Drink little by little.")
    assert ran(build(small)) == (0, 0, 0)
    assert tree(small / "build") == before


def test_a_new_title_in_one_language_speaks_and_mixes_nothing(small: Path) -> None:
    before = tree(small / "build")
    edit(small / "episodes/corta-1.yml", 'en: "Water and help"', 'en: "Water, and help"')
    report = build(small)
    assert ran(report) == (0, 0, 2)
    assert {(label, str(reason)) for label, reason in report.run.reasons} == {
        ("edition corta corta-1 en podcast", "title changed"),
        ("edition corta corta-1 en broadcast", "title changed"),
    }
    after = tree(small / "build")
    assert all("/en/" in name for name in before if before[name] != after[name])


def test_a_replaced_sound_is_noticed_even_with_its_size_and_date_set_back(small: Path) -> None:
    build(small)  # a copy has other inodes than the journal knows
    path = small / "sounds/tono.wav"
    about = path.stat()
    write_tone(path, seconds=0.8, pitch_hz=523.25)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (about.st_size, about.st_mtime_ns)
    report = build(small)
    # The tone alone in two profiles; before "ayuda" in two languages and profiles; in two loops.
    assert ran(report) == (0, 2 + 4 + 2, 6)
    reasons = {str(reason) for label, reason in report.run.reasons if label.startswith("slot")}
    assert reasons == {"sound changed", "sting changed"}


def test_marks_in_a_bed_make_again_what_lies_over_it_and_nothing_else(tiny: Path) -> None:
    marks = tiny / "sounds/cama.yml"
    marks.write_text("intro_ms: 500\noutro_ms: 900\n", encoding="utf-8")
    # Two of the four slots have the bed: agua and ayuda.
    assert ran(build(tiny)) == (0, 2, 1)
    assert ran(build(tiny)) == (0, 0, 0)
    marks.write_text("outro_ms: 900\nintro_ms: 500\n", encoding="utf-8")
    assert ran(build(tiny)) == (0, 0, 0)


def test_marks_beyond_their_sound_are_told_with_its_length(tiny: Path) -> None:
    (tiny / "sounds/cama.yml").write_text("outro_ms: 3500\n", encoding="utf-8")
    report = build(tiny)
    found = {(str(error.where), error.problem) for error in report.failures}
    assert found == {
        (
            str(tiny / "sounds/cama.wav"),
            "intro and outro are longer than the 3.0 seconds of sound",
        )
    }


def test_damaged_files_to_listen_to_are_put_back(small: Path) -> None:
    build(small)  # a copy has other inodes than the journal knows
    before = tree(small / "build")
    for path in (small / "build").rglob("*.*"):
        if path.is_file():
            about = path.stat()
            flip(path, about.st_size // 2)
            os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert tree(small / "build") != before
    # Where the disk has no clones a file here may be a second name of the store's: joined again.
    takes, slots, _ = ran(build(small))
    assert (takes, slots) == (0, 0)
    assert tree(small / "build") == before


def test_other_workers_folder_time_zone_locale_and_hash_seed_give_the_same_bytes(
    built: Path, tmp_path: Path
) -> None:
    other = write_small(tmp_path / "another place")
    done = run_process(
        "build",
        "--jobs",
        "2",
        cwd=other,
        env={"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"},
    )
    assert (done.code, done.err) == (0, "")
    assert tree(other / "build") == tree(built / "build")
    # Coded slots, their loudness and editions lie in the store under their digests.
    assert tree(other / ".altavoz/store").keys() == tree(built / ".altavoz/store").keys()


def test_files_that_no_edition_has_any_more_are_taken_away_and_others_stay(small: Path) -> None:
    own = small / "build/corta/en/notes.txt"
    own.write_text("mine", encoding="utf-8")
    (small / "episodes/corta-1.yml").unlink()
    report = build(small)
    assert {path.name for path in (small / "build/corta").rglob("*.*")} == {"notes.txt"}
    assert len(report.removed) == 16  # of two languages: MP3, Opus and six texts
    assert all(name.startswith("build/corta/") for name in report.removed)


def test_a_build_of_one_episode_leaves_the_files_of_the_others(small: Path) -> None:
    before = tree(small / "build")
    assert len(build(small, only=["bucle-1"]).editions) == 2
    assert len(build(small, only=["bucle"]).editions) == 2
    assert tree(small / "build") == before
    with pytest.raises(ProductionError, match="no series or episode nope") as caught:
        build(small, only=["nope", "bucle"])
    assert caught.value.code is ExitCode.USAGE
    assert "corta-1" in caught.value.remedy


def test_explain_gives_every_step_its_reason(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(small / "scripts/agua/en.md", "Drink little by little.", "Drink slowly.")
    edit(small / "episodes/bucle-1.yml", "repeat: 2", "repeat: 3")
    shown = run_here("build", "-w", small, "--dry-run", "--explain", capture=capsys)
    lines = shown.out.splitlines()
    assert "take agua en line 4 mixed: text changed" in lines
    assert "slot bucle-1/agua es-419 loudspeaker: pauses, words changed" in lines
    assert "edition corta corta-1 en podcast: slots, text changed" in lines
    # Spoken at two paces; one slot in three profiles, and the loop's in the other language.
    assert lines[-1] == "10 steps would run for 6 editions."
    assert len(lines) == 11
    before = tree(small / "build")
    really = run_here("build", "-w", small, "-j1", "--explain", capture=capsys)
    assert set(lines[:-1]) <= set(really.out.splitlines())
    assert tree(small / "build") != before


def test_explain_tells_new_from_missing(tiny: Path, tmp_path: Path) -> None:
    fresh = write_small(tmp_path / "fresh", TINY)
    # What the voice in the box says lies in no store: it is spoken again with its slot.
    for root, reason, count in (
        (fresh, "never built", 11),
        (tiny, "the result is missing or damaged", 5),
    ):
        if root is tiny:
            shutil.rmtree(tiny / ".altavoz/store")
        with Workshop(root).open() as workshop:
            plan = workshop.plan(read(root), today=TODAY)
            reasons = workshop.reasons(workshop.needs(plan))
        assert len(reasons) == count
        assert {str(why) for _, why in reasons} == {reason}


def test_captions_say_what_the_scripts_say_inside_the_sound(built: Path) -> None:
    workspace = read(built)
    for item in build(built).editions:
        edition = item.edition
        repeat = 2 if edition.series == "bucle" else 1
        said = [
            sentence.text
            for name in edition.segments
            for script in [workspace.translations[(name, edition.language)].script]
            if script is not None
            for _ in range(repeat)
            for sentence in script.sentences
        ]
        assert [caption.text for caption in edition.captions] == said
        times = [t for c in edition.captions for t in (c.start_ms, c.end_ms)]
        assert times == sorted(times)
        assert all(c.start_ms < c.end_ms for c in edition.captions)
        assert times[0] > 0
        assert times[-1] < edition.duration_ms
        chapters = edition.chapters
        assert (chapters[0].start_ms, chapters[-1].end_ms) == (0, edition.duration_ms)
        assert all(a.end_ms == b.start_ms for a, b in pairwise(chapters))
        assert all(c.start_ms < c.end_ms for c in chapters)


def test_the_number_on_the_page_is_the_number_in_the_contact(built: Path) -> None:
    groups = read(built).factbook.contacts["cr-911"].phones[0].groups
    for language in ("es-419", "en"):
        for suffix in ("vtt", "txt"):
            path = built / f"build/corta/{language}/corta-1_{language}.{suffix}"
            text = path.read_text(encoding="utf-8")
            if suffix == "vtt":
                text = " ".join(line for cue in parse_vtt(text) for line in cue.lines)
            spoken = " ".join(text.split())
            assert re.findall(r"[0-9]", spoken) == list("".join(groups)) * 2
            assert spoken.count(" ".join(groups)) == 2


def test_the_report_for_programs_is_plain_json(built: Path) -> None:
    for item in build(built).editions:
        plain = edition_report(item)
        assert json.loads(json.dumps(plain)) == plain
        for rendition in plain["renditions"]:
            path = item.objects[rendition["id"]]
            assert path.stat().st_size == rendition["bytes"]
