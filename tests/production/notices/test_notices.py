"""Spoken notices: the finished files, measured and read by programs that are not ours."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soxr
from mutagen.id3 import ID3
from mutagen.oggopus import OggOpus

from bench.listeners import estoi
from production.building import Workshop
from production.notices import words as notice_words
from production.notices.notices import NoticeWanted, SpokenNotice, unspoken_notices
from programme.notices import NoticeKind
from programme.profiles import profiles
from programme.units import LanguageTag
from tests.audio.slot_material import decoded, ebur128
from tests.feeds.reading_captions import ReadCue, bare, parse_vtt, said
from tests.production.notices.notice_cases import TITLES, six, speak, wanted
from tests.production.running import Quiet, read, run_here
from tests.production.test_recorded import record

VOICED = [tag for tag in TITLES if tag != "ht"]
UNKNOWN_TO_ANTENNAPOD = 16_384
"""Bytes below which AntennaPod takes a file's length for unknown (notes on players)."""

Made = Mapping[NoticeWanted, SpokenNotice | None]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return six(tmp_path_factory.mktemp("notices") / "six")


@pytest.fixture(scope="module")
def made(root: Path) -> Made:
    """Give a notice in each language, and each kind in Spanish."""
    asked = [wanted(NoticeKind.WITHDRAWN, tag) for tag in TITLES]
    return speak(root, [*asked, *(wanted(kind, "es-419") for kind in NoticeKind)])


def of(made: Made, kind: NoticeKind, tag: str) -> SpokenNotice:
    notice = made[wanted(kind, tag)]
    assert notice is not None
    return notice


def cues(notice: SpokenNotice) -> list[ReadCue]:
    return parse_vtt(notice.objects["vtt"].path.read_text("utf-8"))


@pytest.mark.parametrize("tag", VOICED)
def test_each_language_is_as_loud_as_its_series_and_large_enough_to_be_taken(
    made: Made, tag: str
) -> None:
    notice = of(made, NoticeKind.WITHDRAWN, tag)
    profile = profiles()["podcast"]
    for name in ("mp3", "opus"):
        file = notice.objects[name]
        assert file.length_bytes == file.path.stat().st_size
        assert file.length_bytes >= UNKNOWN_TO_ANTENNAPOD
        sound, rate_hz = decoded(file.path)
        reading = ebur128(sound, rate_hz)
        assert reading.integrated == pytest.approx(profile.loudness_lufs, abs=profile.tolerance_lu)
        assert reading.true_peak <= profile.max_dbtp + 0.1
        assert len(sound) * 1000 / rate_hz == pytest.approx(notice.duration_ms, abs=60)
    assert 8_000 < notice.duration_ms < 45_000
    assert {"mp3", "opus", "vtt", "srt", "txt", "words", "chapters"} <= set(notice.objects)
    assert (notice.objects["mp3"].media_type, notice.objects["mp3"].kbps) == ("audio/mpeg", 40)
    assert (notice.synthetic_voice, notice.draft_voice) == (True, tag == "ar")


@pytest.mark.parametrize("tag", VOICED)
def test_under_an_old_guid_it_is_brief_clear_and_large_enough_to_be_taken(
    root: Path, tag: str
) -> None:
    asked = wanted(NoticeKind.WITHDRAWN, tag, brief=True)
    notice, usual = speak(root, [asked, replace(asked, profile="podcast")]).values()
    assert notice is not None
    assert usual is not None
    assert usual.objects["mp3"].kbps == 64
    # The fewer bytes, the less a program can join to it: docs/corrections.md.
    assert UNKNOWN_TO_ANTENNAPOD * 1.5 <= notice.objects["mp3"].length_bytes <= 45_000
    assert (notice.objects["mp3"].media_type, notice.objects["mp3"].kbps) == ("audio/mpeg", 24)
    assert notice.duration_ms < 15_000
    shown = said(cues(notice))
    assert shown == bare(notice.words)
    # The item's own title says which message it is.
    assert all(bare(one) not in shown for one in TITLES[tag])
    assert notice.title.endswith(TITLES[tag][1])
    sound, rate_hz = decoded(notice.objects["mp3"].path)
    reading = ebur128(sound, rate_hz)
    profile = profiles()["podcast"]
    assert reading.integrated == pytest.approx(profile.loudness_lufs, abs=profile.tolerance_lu)
    assert reading.true_peak <= profile.max_dbtp + 0.1
    full, full_hz = decoded(usual.objects["mp3"].path)
    heard = soxr.resample(sound, rate_hz, full_hz)
    length = min(len(full), len(heard))
    # Arabic's draft voice has the least; at 16 kbit/s it is below 0.88.
    assert estoi(full[:length], heard[:length]) >= 0.9


@pytest.mark.parametrize("tag", VOICED)
def test_its_captions_are_its_words_and_lie_where_something_is_said(made: Made, tag: str) -> None:
    notice = of(made, NoticeKind.WITHDRAWN, tag)
    found = cues(notice)
    shown = said(found)
    assert shown == bare(notice.words)
    series, title = TITLES[tag]
    assert bare(series) in shown
    assert bare(title) in shown
    assert "2026" in shown
    sound, rate_hz = decoded(notice.objects["mp3"].path)

    def level(begin_ms: float, end_ms: float) -> float:
        part = sound[round(begin_ms * rate_hz / 1000) : round(end_ms * rate_hz / 1000)]
        return float(np.sqrt(np.mean(part**2)))

    assert all(level(cue.start_ms, cue.end_ms) > 0.02 for cue in found)
    # Between two sentences the finished file is quiet.
    pauses = [(one.end_ms, two.start_ms) for one, two in pairwise(found)]
    quiet = [level(begin + 150, end - 150) for begin, end in pauses if end - begin > 400]
    assert len(quiet) >= 5
    assert max(quiet) < 0.01


def test_every_kind_says_what_to_do(made: Made) -> None:
    ends = {kind: of(made, kind, "es-419").words.rpartition(". ")[2] for kind in NoticeKind}
    assert ends == {
        NoticeKind.WITHDRAWN: "Busque un mensaje nuevo.",
        NoticeKind.CORRECTED: "Busque el mensaje corregido.",
        NoticeKind.RETRACTED: "Si lo guardó, bórrelo.",
        NoticeKind.EXPIRED: "Busque un mensaje nuevo.",
    }


def test_tags_say_what_it_is_and_that_a_machine_speaks_and_no_last_day(made: Made) -> None:
    notice = of(made, NoticeKind.WITHDRAWN, "es-419")
    tags = ID3(notice.objects["mp3"].path)
    assert str(tags["TIT2"]) == notice.title == f"Mensaje retirado: {TITLES['es-419'][1]}"
    assert str(tags["TALB"]) == "Camino breve"
    assert str(tags["TXXX:SYNTHETIC_VOICE"]) == "Con voz sintética."
    assert str(tags["COMM::spa"]) == "Con voz sintética."
    opus = OggOpus(notice.objects["opus"].path)
    assert opus["synthetic_voice"] == ["Con voz sintética."]
    # A message that says "do not use" is never past its date.
    assert "TXXX:EXPIRES" not in tags
    assert "endDatetime" not in str(tags["TXXX:rdxl"])
    assert "expires" not in opus
    for name in ("mp3", "opus", "vtt", "srt", "txt"):
        assert b"2099" not in notice.objects[name].path.read_bytes()


def test_a_language_without_a_voice_gives_none_and_says_what_to_record(
    root: Path, made: Made
) -> None:
    creole = wanted(NoticeKind.WITHDRAWN, "ht")
    assert made[creole] is None
    (told,) = unspoken_notices(read(root), [creole, wanted(NoticeKind.WITHDRAWN, "en"), creole])
    assert (told.kind, told.language) == (NoticeKind.WITHDRAWN, "ht")
    assert "Haitian Creole" in told.problem
    assert "altavoz takes kit --lang ht --segment notice-withdrawn" in told.remedy


def test_a_second_time_nothing_runs(root: Path, made: Made) -> None:
    watched = Quiet()
    again = speak(root, list(made), progress=watched)
    assert again == made
    assert watched.begun == []


def test_one_and_two_jobs_in_two_places_give_the_same_bytes(made: Made, tmp_path: Path) -> None:
    asked = [wanted(NoticeKind.WITHDRAWN, tag) for tag in ("es-419", "ar")]
    other = speak(six(tmp_path / "a-longer-name" / "six"), asked, jobs=2)
    for one in asked:
        first, second = made[one], other[one]
        assert first is not None
        assert second is not None
        for name, made_once in first.objects.items():
            assert second.objects[name].path.read_bytes() == made_once.path.read_bytes()


def test_notices_leave_the_build_folder_as_it_is(root: Path, made: Made) -> None:
    assert made
    assert not (root / "build").exists()


def test_a_person_s_take_wins_over_the_voice_and_is_heard_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = six(tmp_path / "six")
    for tag in ("es-419", "ht"):
        files = [record(tmp_path / f"{tag}-{n}.wav", f"Frase número {n} dicha.") for n in "1234"]
        done = run_here("takes", "add", "-w", root, "notice-expired", tag, *files, capture=capsys)
        assert done.code == 0, done.said
    asked = [wanted(NoticeKind.EXPIRED, tag) for tag in ("es-419", "ht")]
    spanish, creole = speak(root, asked).values()
    for notice in (spanish, creole):
        assert notice is not None
        assert not notice.synthetic_voice
        # What a person reads holds for every message: it names none.
        assert "Camino" not in notice.words
        assert "SYNTHETIC_VOICE" not in notice.objects["mp3"].path.read_bytes().decode("latin-1")
        texts = [cue.lines for cue in cues(notice)]
        assert texts[: len(texts) // 2] == texts[len(texts) // 2 :]
        assert notice.objects["mp3"].length_bytes >= UNKNOWN_TO_ANTENNAPOD
    assert creole is not None
    assert creole.words.startswith("Mesaj sa a pa bon ankò.")
    done = run_here("takes", "list", "-w", root, "--lang", "ht", capture=capsys)
    assert "notice-expired" in done.out
    assert "airs" in done.out
    # The check of a workspace knows these recordings too.
    assert "notice-expired" not in run_here("check", "-w", root, capture=capsys).said


def test_a_take_of_words_that_altavoz_says_otherwise_now_is_told_on_checking(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = six(tmp_path / "six")
    for tag, count in (("ht", 4), ("en", 3)):
        files = [record(tmp_path / f"{tag}-{n}.wav", f"Frase {n} dicha.") for n in range(count)]
        run_here("takes", "add", "-w", root, "notice-expired", tag, *files, capture=capsys)
    before = run_here("check", "-w", root, capture=capsys).said
    assert "recording.stale" not in before
    words = notice_words._tables()
    expired = replace(words["ht"][NoticeKind.EXPIRED], opens="Mesaj sa a fini.")
    other = {**words, "ht": {**words["ht"], NoticeKind.EXPIRED: expired}}
    monkeypatch.setattr(notice_words, "_tables", lambda: other)
    said = run_here("check", "-w", root, capture=capsys).said
    assert "recordings/notice-expired/ht/take.yml" in said
    assert "what this notice says changed since this was recorded" in said
    assert "altavoz takes kit --lang ht --segment notice-expired" in said


def test_a_kit_asks_for_the_words_of_notices_in_any_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = six(tmp_path / "six")
    out = tmp_path / "kit"
    done = run_here(
        "takes", "kit", "-w", root, "--lang", "ht", "--notices", "-o", out, capture=capsys
    )
    assert done.code == 0, done.said
    assert done.out.startswith("16 recordings of 4 segments")
    sheet = (out / "prompts.html").read_text("utf-8")
    assert "Chèche mesaj nou korije a." in sheet


def test_words_that_the_network_writes_itself_are_said_in_place_of_ours(tmp_path: Path) -> None:
    root = six(
        tmp_path / "six",
        {
            "scripts/notice-expired/segment.yml": (
                'kind: disclaimer\nkey_message: "Ya no vale."\n'
            ),
            "scripts/notice-expired/es-419.md": "# Ya no vale\n\nEste mensaje ya no vale.\n",
        },
    )
    (notice,) = speak(root, [wanted(NoticeKind.EXPIRED, "es-419")]).values()
    assert notice is not None
    assert notice.words == "Este mensaje ya no vale."


def test_a_series_without_a_feed_and_one_that_is_gone_are_made_for_podcasts(
    tmp_path: Path,
) -> None:
    root = six(tmp_path / "six")
    (notice,) = speak(root, [wanted(NoticeKind.EXPIRED, "en", series="gone")]).values()
    assert notice is not None
    assert notice.built.edition.profile == "podcast"
    assert set(notice.objects) >= {"mp3", "opus"}


def test_a_station_gets_it_in_its_own_profile(tmp_path: Path) -> None:
    root = six(tmp_path / "six")
    asked = wanted(NoticeKind.EXPIRED, "en", profile="loudspeaker")
    (notice,) = speak(root, [asked]).values()
    assert notice is not None
    assert notice.built.edition.profile == "loudspeaker"
    profile = profiles()["loudspeaker"]
    (rendition, *_) = notice.built.edition.renditions
    sound, rate_hz = decoded(notice.objects[rendition.id].path)
    # Made for one loudspeaker; some profiles reckon with two.
    doubled = 3.01 if profile.dual_mono else 0.0
    assert ebur128(sound, rate_hz).integrated + doubled == pytest.approx(
        profile.loudness_lufs, abs=profile.tolerance_lu
    )


def test_a_damaged_result_is_made_again_as_it_was(root: Path, made: Made, tmp_path: Path) -> None:
    copy = tmp_path / "six"
    shutil.copytree(root, copy)
    asked = wanted(NoticeKind.WITHDRAWN, "en")
    before = of(made, NoticeKind.WITHDRAWN, "en").objects["mp3"]
    with Workshop(copy).open() as shop:
        shop.store.path(before.digest).write_bytes(b"damaged")
    (again,) = speak(copy, [asked]).values()
    assert again is not None
    assert again.objects["mp3"].path.read_bytes() == before.path.read_bytes()


def test_a_language_that_the_network_does_not_have_is_no_reason_to_fail(root: Path) -> None:
    # The language was taken out of altavoz.toml after the message went out.
    asked = wanted(NoticeKind.WITHDRAWN, "es-419", language=LanguageTag("quc"))
    assert list(speak(root, [asked]).values()) == [None]
