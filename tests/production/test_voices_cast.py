"""Who may speak: what the workspace names, what is installed, and nobody else in its place."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gtts.utils
import mutagen
import pytest

from audio.voices import gtts as online_voice
from audio.voices.piper_install import install
from production.casting import CastVoice, NoVoice, cast_voice
from production.reports import edition_report
from production.selection import Selector
from production.tables import editions_table, pace_lines
from production.takes.kept_speech import FOLDER
from programme.left_out import Cause
from programme.network import Network, VoiceChoice
from programme.units import LanguageTag
from tests.audio.speech_service import Service, speech_service
from tests.audio.voice_package import only_own_voices, write_package
from tests.production.running import TODAY, build, read
from tests.production.small import FILES, write_small

SPANISH = LanguageTag("es-419")
TINY = Path(__file__).parents[1] / "audio" / "piper"
ONLY_SPANISH = {
    **dict.fromkeys(
        name
        for name in FILES
        if "bucle" in name or name.startswith("stations/") or name.split("/")[-1].startswith("en.")
    ),
    "series/corta.yml": FILES["series/corta.yml"].replace("[es-419, en, ht]", "[es-419]"),
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give this machine no voices but the built-in one."""
    only_own_voices(monkeypatch, tmp_path / "voices")
    return tmp_path / "voices"


def workspace(folder: Path, voices: str, **changes: str) -> Path:
    files = {**ONLY_SPANISH, "altavoz.toml": FILES["altavoz.toml"] + voices, **changes}
    return write_small(folder / "workspace", files)


def network(folder: Path, choice: VoiceChoice | None) -> Network:
    plain = read(write_small(folder / "plain", ONLY_SPANISH)).network
    return replace(plain, voices={} if choice is None else {choice.language: choice})


def chosen(engine: str, name: str = "", *, accept_draft: bool = True) -> VoiceChoice:
    return VoiceChoice(language=SPANISH, engine=engine, name=name, accept_draft=accept_draft)


@pytest.mark.parametrize(
    ("choice", "words", "remedy"),
    [
        (chosen("piper"), "es_MX-claude-high is not installed", "voices install es_MX-claude"),
        (chosen("piper", "es_MX-none-low"), "is not installed", "voices install es_MX-none-low"),
        (chosen("mbrola"), "which mbrola/mb-mx2 needs", "mbrola-mx2"),
        (chosen("rhvoice"), "the engine rhvoice does not speak", "altavoz voices --lang es-419"),
        (chosen("acme"), 'no voice engine "acme"', "choose one of"),
        (chosen("espeak", "fr"), "does not speak es-419", "altavoz voices --lang"),
        (chosen("espeak", "mb-mx2"), 'no voice "mb-mx2"', "choose one of"),
        (chosen("gtts", accept_draft=False), "of draft quality", "accept_draft = true"),
        (chosen("none"), "only people speak", "record"),
    ],
)
def test_a_voice_that_cannot_speak_is_told_and_nobody_speaks_instead(
    tmp_path: Path, choice: VoiceChoice, words: str, remedy: str
) -> None:
    cast = cast_voice(network(tmp_path, choice), SPANISH)
    assert isinstance(cast, NoVoice)
    assert words in cast.problem
    assert remedy in cast.remedy


def test_a_voice_that_happens_to_be_installed_changes_nothing(tmp_path: Path) -> None:
    before = cast_voice(network(tmp_path, None), SPANISH)
    install("es_MX-tiny-low", source=TINY)
    assert cast_voice(network(tmp_path, None), SPANISH) == before
    assert isinstance(before, CastVoice)
    assert (before.engine, before.draft) == ("espeak", False)


def test_a_named_piper_voice_speaks_as_draft(tmp_path: Path) -> None:
    install("es_MX-tiny-low", source=TINY)
    name = "es_MX-tiny-low"
    accepted = cast_voice(network(tmp_path, chosen("piper", name)), SPANISH)
    assert isinstance(accepted, CastVoice)
    assert accepted.draft
    assert name in accepted.version
    refused = cast_voice(network(tmp_path, chosen("piper", name, accept_draft=False)), SPANISH)
    assert isinstance(refused, NoVoice)


def test_a_missing_model_leaves_the_segments_out_by_name(tmp_path: Path) -> None:
    voices = '\n[voices.es-419]\nengine = "piper"\naccept_draft = true\n'
    root = workspace(tmp_path, voices)
    out = Selector(read(root), today=TODAY).select().left_out
    missing = {item.segment: item for item in out if item.segment}
    assert set(missing) == {"aviso", "agua", "ayuda"}
    assert {item.cause for item in missing.values()} == {Cause.NO_VOICE}
    assert "altavoz voices install" in missing["agua"].remedy


def test_a_draft_voice_is_announced_to_listeners(tmp_path: Path) -> None:
    install("es_MX-tiny-low", source=TINY)
    voices = '\n[voices.es-419]\nengine = "piper"\nname = "es_MX-tiny-low"\naccept_draft = true\n'
    [built] = build(workspace(tmp_path, voices)).editions
    assert built.edition.draft_voice
    told = "Con voz sintética. La voz sintética está en prueba: puede pronunciar mal"
    assert told in built.edition.description
    assert told in str(mutagen.File(built.files["mp3"]).tags["TXXX:SYNTHETIC_VOICE"])
    assert told in mutagen.File(built.files["opus"]).tags["SYNTHETIC_VOICE"][0]
    assert built.edition.words_per_minute_asked == 140
    assert 90 < built.edition.words_per_minute_overall < built.edition.words_per_minute < 200


def test_an_edition_that_is_off_its_pace_is_named_with_both_figures(tmp_path: Path) -> None:
    [built] = build(workspace(tmp_path, "")).editions
    heard = built.edition.words_per_minute
    table = editions_table([built])
    assert dict(zip(table.columns, table.rows[0], strict=True))["words/min"] == str(heard)
    plain = edition_report(built)
    assert (plain["words_per_minute"], plain["words_per_minute_asked"]) == (heard, 140)

    def lines(words_per_minute: int, times: int = 20) -> list[str]:
        captions = built.edition.captions * times
        other = replace(built.edition, captions=captions, words_per_minute=words_per_minute)
        return pace_lines([replace(built, edition=other)])

    assert lines(140) == lines(150) == lines(0) == []
    [fast], [slow] = lines(175), lines(105)
    assert "is heard at 175 words a minute, 25% faster than the 140" in fast
    assert "is heard at 105 words a minute, 25% slower than the 140" in slow
    assert "corta-1 es-419 podcast" in slow
    assert lines(105, times=1) == []


def test_a_voice_fit_for_air_is_not_called_a_draft(tmp_path: Path) -> None:
    [built] = build(workspace(tmp_path, "")).editions
    assert built.edition.synthetic_voice
    assert not built.edition.draft_voice
    assert "prueba" not in built.edition.description
    notice = str(mutagen.File(built.files["mp3"]).tags["TXXX:SYNTHETIC_VOICE"])
    assert notice == "Con voz sintética."


def test_an_engine_of_another_package_must_be_named_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "packages").mkdir()
    monkeypatch.syspath_prepend(write_package(tmp_path / "packages"))
    voices = '\n[voices.es-419]\nengine = "acme"\nforeign = true\naccept_draft = true\n'
    cast = cast_voice(read(workspace(tmp_path, voices)).network, SPANISH)
    assert isinstance(cast, NoVoice)
    assert cast.remedy == "measure it once: altavoz voices measure acme/una"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Stand in for the online service, and do not keep a distance."""
    online_voice._shared.cache_clear()
    online_voice._shared().spacing_s = 0
    with speech_service() as running:
        monkeypatch.setattr(gtts.utils, "_translate_url", lambda **_ignored: running.address)
        yield running
    online_voice._shared.cache_clear()


ONLINE = '\n[voices.es-419]\nengine = "gtts"\naccept_draft = true\n'


def asked(service: Service) -> list[str]:
    return [words[0] for words in service.asked]


def test_what_an_online_voice_said_outlives_the_store(tmp_path: Path, service: Service) -> None:
    root = workspace(tmp_path, ONLINE)
    [first] = build(root).editions
    assert first.edition.draft_voice
    count = len(service.asked)
    assert count == len(set(asked(service))) > 0
    shutil.rmtree(root / ".altavoz")
    service.faults = [(500, {}, b"")] * 99
    [again] = build(root).editions
    assert len(service.asked) == count
    assert again.digests["mp3"] == first.digests["mp3"]


def test_what_was_kept_says_in_words_what_it_holds(tmp_path: Path, service: Service) -> None:
    root = workspace(tmp_path, ONLINE)
    build(root)
    kept = sorted((root / FOLDER / "es-419").glob("*.json"))
    rows = [json.loads(path.read_text(encoding="utf-8")) for path in kept]
    assert {row["text"] for row in rows} == set(asked(service))
    assert all(path.with_suffix(".flac").is_file() for path in kept)
    assert {path.suffix for path in (root / FOLDER / "es-419").iterdir()} == {".json", ".flac"}


def test_a_kept_sentence_never_speaks_in_the_place_of_another(
    tmp_path: Path, service: Service
) -> None:
    # two files that a merge, or somebody's hand, gave each other's names
    root = workspace(tmp_path, ONLINE)
    [first] = build(root).editions
    shutil.rmtree(root / ".altavoz")
    one, other = sorted((root / FOLDER / "es-419").glob("*.json"))[:2]
    for suffix in (".json", ".flac"):
        between = root / f"between{suffix}"
        one.with_suffix(suffix).rename(between)
        other.with_suffix(suffix).rename(one.with_suffix(suffix))
        between.rename(other.with_suffix(suffix))
    count = len(service.asked)
    [again] = build(root).editions
    assert len(service.asked) == count + 2
    assert again.digests["mp3"] == first.digests["mp3"]


@pytest.mark.parametrize("hurt", [".json", ".flac"])
def test_a_kept_sentence_that_is_damaged_is_asked_for_again(
    tmp_path: Path, service: Service, hurt: str
) -> None:
    root = workspace(tmp_path, ONLINE)
    [first] = build(root).editions
    shutil.rmtree(root / ".altavoz")
    path = min((root / FOLDER / "es-419").glob(f"*{hurt}"))
    path.write_bytes(path.read_bytes()[:-7])
    count = len(service.asked)
    [again] = build(root).editions
    assert len(service.asked) == count + 1
    assert again.digests["mp3"] == first.digests["mp3"]


def test_without_a_network_what_was_spoken_is_kept_and_the_rest_is_named(
    tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(online_voice._shared(), "sleep", lambda _seconds: None)
    root = workspace(tmp_path, ONLINE)
    service.faults = [
        (200, {}, service.answer("Esto es un ejemplo.")),
        (200, {}, service.answer("Verifique antes.")),
        *[(503, {}, b"")] * 99,
    ]
    report = build(root)
    assert not report.editions
    assert "build again in some hours" in report.failures[0].remedy
    assert len(list((root / FOLDER).rglob("*.flac"))) == 2
    # Four sentences are left, and a service that is down is asked for one of them.
    assert len(service.asked) == 2 + 4
    service.faults.clear()
    online_voice._shared.cache_clear()
    online_voice._shared().spacing_s = 0
    count = len(service.asked)
    assert len(build(root).editions) == 1
    assert len(service.asked) == count + len(set(asked(service))) - 2


@pytest.mark.parametrize(
    "words",
    ["sensitivity: protected", "audiences: [children]", "audiences: [asylum-seekers]"],
)
def test_words_of_people_at_risk_never_reach_an_online_voice(
    tmp_path: Path, service: Service, words: str
) -> None:
    about = FILES["scripts/agua/segment.yml"] + words + "\n"
    root = workspace(tmp_path, ONLINE, **{"scripts/agua/segment.yml": about})
    report = build(root)
    [left] = [item for item in report.left_out if item.segment == "agua"]
    assert left.cause is Cause.NO_VOICE
    assert "never sent to an online voice" in left.problem
    assert service.asked
    assert not [text for text in asked(service) if re.search(r"agua|Beba", text)]


def test_a_workspace_may_say_itself_who_is_at_risk(tmp_path: Path, service: Service) -> None:
    rule = '\n[reviews.rules.herders]\nkind = "protection"\nof = ["source"]\n'
    rule += 'roles = ["protection-officer"]\naudiences = ["rural"]\n'
    about = FILES["scripts/agua/segment.yml"] + "audiences: [rural]\n"
    root = workspace(tmp_path, ONLINE + rule, **{"scripts/agua/segment.yml": about})
    left = Selector(read(root), today=TODAY).select().left_out
    assert "agua" in {item.segment for item in left}
    assert not service.asked
