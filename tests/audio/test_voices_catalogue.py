"""The table of voices: right classes, right matches, honest reasons, and light to read."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import gtts.lang
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.jobs import SpeakJob
from audio.takes import read_take_blocks
from audio.takes import resampled_length as take_length
from audio.voices import speak
from audio.voices.catalogue import (
    Quality,
    _table,
    engine_rate,
    engines,
    offer_for,
    offers,
    usual_voice,
)
from audio.voices.espeak import EspeakVoice
from audio.voices.versions import _package, voice_version
from programme.errors import ExitCode, ProductionError
from programme.sound import TakeInfo
from programme.units import LanguageTag

HOUSE = Path(__file__).parents[2]


def espeak_class(tag: str) -> str | None:
    found = [offer for offer in offers(LanguageTag(tag)) if offer.engine == "espeak"]
    return found[0].quality.value if found else None


@pytest.mark.parametrize(
    "tag",
    [
        "es",
        "es-419",
        "es-MX",
        "es-GT",
        "es-HN",
        "es-ES",
        "en",
        "en-BZ",
        "en-GB",
        "fr",
        "fr-HT",
        "pt",
        "pt-BR",
        "pt-AO",
    ],
)
def test_languages_that_were_found_good_may_go_on_air(tag: str) -> None:
    assert espeak_class(tag) == "air"


@pytest.mark.parametrize(
    "tag",
    [
        "ar",
        "fa",
        "ur",
        "hi",
        "bn",
        "pa",
        "vi",
        "am",
        "sw",
        "ru",
        "uk",
        "tr",
        "uz",
        "ku",
        "my",
        "ka",
        "hy",
        "kk",
        "pap",
        "ti",
        "om",
    ],
)
def test_languages_that_are_usable_need_a_listener_first(tag: str) -> None:
    assert espeak_class(tag) == "draft"


@pytest.mark.parametrize("tag", ["ht", "quc", "ne", "qu", "quz", "fa-AF", "prs", "mto"])
def test_languages_that_it_mangles_are_never_spoken(tag: str) -> None:
    assert espeak_class(tag) == "never"
    usual = usual_voice(LanguageTag(tag))
    assert usual is None


@pytest.mark.parametrize(
    "tag",
    [
        "mam",
        "kek",
        "nah",
        "cab",
        "miq",
        "ps",
        "ckb",
        "so",
        "ln",
        "wo",
        "yo",
        "cak",
        "yua",
        "bzj",
        "kmr",
        "und",
        "x-a",
    ],
)
def test_languages_without_a_voice_have_no_offer(tag: str) -> None:
    assert offers(LanguageTag(tag)) == ()
    assert usual_voice(LanguageTag(tag)) is None


@pytest.mark.parametrize(
    ("tag", "voice"),
    [
        ("es", "es-419"),
        ("es-MX", "es-419"),
        ("es-HN", "es-419"),
        ("es-ES", "es"),
        ("es-ES-x-sur", "es"),
        ("pt", "pt-br"),
        ("pt-BR", "pt-br"),
        ("pt-PT", "pt"),
        ("en", "en-us"),
        ("en-BZ", "en-029"),
        ("EN-bz", "en-029"),
        ("zh-Hans", "cmn"),
        ("zh-HK", "yue"),
        ("fr-CA", "fr"),
    ],
)
def test_a_tag_finds_its_longest_match(tag: str, voice: str) -> None:
    usual = usual_voice(LanguageTag(tag))
    assert usual is not None
    assert usual.voice == voice


def test_a_tag_does_not_match_inside_a_subtag() -> None:
    # pap is no pa, and quc is no qu.
    assert usual_voice(LanguageTag("pap")) != usual_voice(LanguageTag("pa"))
    assert offers(LanguageTag("esx")) == ()


def test_an_online_voice_is_never_the_usual_one() -> None:
    assert [offer.engine for offer in offers(LanguageTag("ha"))] == ["gtts"]
    assert usual_voice(LanguageTag("ha")) is None


def test_nothing_online_goes_on_air_by_itself() -> None:
    for row in _table()["gtts"]["offers"]:
        assert row["quality"] == "draft"


def test_offers_come_best_first() -> None:
    found = [(offer.engine, offer.quality) for offer in offers(LanguageTag("es"))]
    assert found[0] == ("espeak", Quality.AIR)
    assert {quality for _, quality in found[1:]} == {Quality.DRAFT}
    assert found[-1][0] == "gtts"
    nepali = [offer.engine for offer in offers(LanguageTag("ne"))]
    assert nepali[0] == "gtts"
    assert "espeak" in nepali[1:]


def test_every_row_names_a_voice_a_class_and_a_reason() -> None:
    for engine in engines():
        table = _table()[engine]
        seen: list[str] = []
        for row in table["offers"]:
            assert row["voice"] in table["voices"]
            assert Quality(row["quality"])
            assert row["reason"].endswith(".")
            assert len(row["reason"]) > 20
            seen += row["languages"]
        assert len(seen) == len(set(seen))
        offered = {row["voice"] for row in table["offers"]}
        if table["kind"] == "package":
            assert offered == set(table["voices"])


def test_every_voice_of_the_table_is_known_to_its_engine() -> None:
    table = _table()["espeak"]
    for name in table["voices"]:
        spoken = EspeakVoice(name=name, language=LanguageTag("und"))
        assert len(spoken.speak("123 a", words_per_minute=120).pcm)
    for variant in table["variants"]:
        varied = EspeakVoice(name=f"es-419+{variant}", language=LanguageTag("es"))
        assert len(varied.speak("hola", words_per_minute=120).pcm)
    assert set(_table()["gtts"]["voices"]) <= set(gtts.lang.tts_langs())


def test_variants_are_not_all_the_same_voice() -> None:
    plain = EspeakVoice(name="es-419", language=LanguageTag("es"))
    varied = EspeakVoice(name="es-419+f3", language=LanguageTag("es"))
    one, other = (v.speak("hola", words_per_minute=120).pcm for v in (plain, varied))
    assert one.tobytes() != other.tobytes()


@pytest.mark.parametrize(
    ("engine", "voice", "language", "words"),
    [
        ("espeak", "ht", "ht", "must not speak ht: Broken"),
        ("espeak", "es-419", "mam", "does not speak mam"),
        ("espeak", "es-419", "fr", "does not speak fr"),
        ("espeak", "fr", "ht", "does not speak ht"),
        ("espeak", "mb-mx2", "es", 'no voice "mb-mx2"'),
        ("espeak", "es-419+../x", "es", "no voice"),
        ("espeak", "es-419+", "es", "no voice"),
        ("festival", "es", "es", 'no voice engine "festival"'),
    ],
)
def test_a_job_that_must_not_be_spoken_is_refused_and_writes_nothing(
    tmp_path: Path, engine: str, voice: str, language: str, words: str
) -> None:
    job = SpeakJob(
        engine=engine,
        voice=voice,
        language=LanguageTag(language),
        text="Hola.",
        words_per_minute=130,
        out=tmp_path / "take.flac",
    )
    with pytest.raises(ProductionError, match=words) as caught:
        speak(job)
    assert caught.value.code is ExitCode.VOICE
    assert caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_a_job_gives_a_take_and_what_is_known_of_it(tmp_path: Path) -> None:
    job = SpeakJob(
        engine="espeak",
        voice="es-419",
        language=LanguageTag("es-GT"),
        text="Pedir refugio es gratis.",
        words_per_minute=140,
        out=tmp_path / "take.flac",
    )
    info = speak(job)
    assert isinstance(info, TakeInfo)
    assert info.rate_hz == 22_050
    assert len(info.words) == 4
    length = sum(block.size for block in read_take_blocks(tmp_path / "take.flac"))
    assert length == take_length(info.samples, info.rate_hz)
    # Four words at 140 words a minute are 1.7 seconds.
    assert 1_300 < info.length_ms < 2_600


def test_another_voice_of_the_same_language_may_be_chosen() -> None:
    assert offer_for("espeak", "es+m3", LanguageTag("es-GT")).quality is Quality.AIR


@given(pace=st.integers(-1_000, 100_000))
def test_the_rate_stays_within_the_engines_limits(pace: int) -> None:
    assert 80 <= engine_rate("espeak", "ar", pace) <= 450


def test_a_version_names_program_package_voice_and_settings() -> None:
    version = voice_version("espeak", "es-419")
    assert metadata.version("espeakng-loader") in version
    assert "es-419" in version
    assert version != voice_version("espeak", "es")


def test_a_version_changes_with_the_pace_table(monkeypatch: pytest.MonkeyPatch) -> None:
    before = voice_version("espeak", "es-419")
    monkeypatch.setitem(_table()["espeak"]["voices"]["es-419"], "rate_factor", 2.0)
    assert voice_version("espeak", "es-419") != before
    monkeypatch.undo()
    assert voice_version("espeak", "es-419") == before


def test_an_engine_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    _package.cache_clear()
    monkeypatch.setitem(_table()["gtts"], "package", "no-such-package-of-ours")
    with pytest.raises(ProductionError, match="gtts is not installed"):
        voice_version("gtts", "es")
    monkeypatch.undo()


def test_asking_for_versions_and_offers_loads_no_sound_library() -> None:
    code = (
        "import sys; from audio.voices.catalogue import usual_voice;"
        "from audio.voices.versions import voice_version;"
        "from audio.voices import speak;"
        "voice_version('espeak', usual_voice('es-MX').voice); voice_version('gtts', 'es');"
        "heavy = {'numpy', 'av', 'gtts', 'requests', 'espeakng_loader', 'ctypes', 'soxr',"
        "'piper', 'onnxruntime'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
