"""Engines of other packages: declared, looked at, lowered to draft, and never trusted."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from audio.voices import foreign_voice
from audio.voices.catalogue import Quality, engines, offer_for, offers_of
from audio.voices.foreign import BrokenEngine, ForeignEngine, foreign_engine, foreign_engines
from audio.voices.foreign_voice import ForeignVoice
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag
from tests.audio.voice_package import MODULE, only_own_voices, write_package

HOUSE = Path(__file__).parents[2]
OWN = frozenset(engines())
TEXT = "Pedir refugio es gratis."


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Begin each test without packages, and leave none behind."""
    only_own_voices(monkeypatch, tmp_path / "home")
    monkeypatch.syspath_prepend(tmp_path)


def broken(module: str, tmp_path: Path) -> BrokenEngine:
    write_package(tmp_path, module=module)
    found = foreign_engine("acme", OWN)
    assert isinstance(found, BrokenEngine)
    assert found.error().code is ExitCode.VOICE
    assert "acme-voices 1.2" in str(found.error())
    assert found.error().remedy
    return found


def test_an_engine_is_found_by_its_entry_point(tmp_path: Path) -> None:
    write_package(tmp_path)
    found = foreign_engine("acme", OWN)
    assert isinstance(found, ForeignEngine)
    assert (found.package, found.version, found.online) == ("acme-voices 1.2", "tones 1", False)


def test_what_its_maker_calls_fit_for_air_is_a_draft(tmp_path: Path) -> None:
    write_package(tmp_path)
    [offer] = offers_of("acme", LanguageTag("es-GT"))
    assert offer.quality is Quality.DRAFT
    assert offer.reason == "Its maker calls it fit for air: We like it."


def test_what_it_calls_never_stays_never(tmp_path: Path) -> None:
    write_package(tmp_path)
    with pytest.raises(ProductionError, match="must not speak ht"):
        offer_for("acme", "yon", LanguageTag("ht"))


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("raise RuntimeError('no\\x1b[2J')", "RuntimeError"),
        ("import no_such_package_of_ours", "ModuleNotFoundError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("def f(:", "SyntaxError"),
        ("engine = None", "AttributeError"),
        ("x = 1", "AttributeError"),
        (MODULE.replace('name = "acme"', 'name = "other"'), "its name must be that"),
        (MODULE.replace('version = "tones 1"', "version = 1"), "it must say its version"),
        (MODULE.replace('version = "tones 1"', 'version = "a\\nb"'), "it must say its version"),
        (MODULE.replace("online = False", 'online = "no"'), "by True or False"),
        (MODULE.replace('language="es"', 'language="ES_mx"'), "no language tag"),
        (MODULE.replace('language="es"', 'language="ht"'), "offers a language twice"),
        (MODULE.replace('voice="una"', 'voice="../una"'), "no voice's name"),
        (MODULE.replace('quality="air"', 'quality="best"'), "is no class"),
        (MODULE.replace('reason="We like it."', 'reason=""'), "gives no reason"),
        (MODULE.replace("def open(", "def close("), "AttributeError"),
        (MODULE.replace("offers = [", "offers = [][:0] and ["), "offers no language"),
    ],
)
def test_a_declaration_that_is_wrong_is_told_and_never_a_traceback(
    tmp_path: Path, module: str, words: str
) -> None:
    assert words in broken(module, tmp_path).problem


def test_a_name_of_our_own_cannot_be_taken(tmp_path: Path) -> None:
    write_package(tmp_path, name="espeak", module=MODULE.replace('"acme"', '"espeak"'))
    [found] = foreign_engines(OWN)
    assert isinstance(found, BrokenEngine)
    assert "Altavoz has an engine of this name" in found.problem
    assert offers_of("espeak", LanguageTag("es"))[0].quality is Quality.AIR


def test_two_packages_of_one_name_are_both_refused(tmp_path: Path) -> None:
    write_package(tmp_path)
    about = tmp_path / "zeta_voices-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: zeta-voices\nVersion: 1.2\n")
    (about / "entry_points.txt").write_text("[altavoz.voices]\nacme = zeta:engine\n")
    found = foreign_engine("acme", OWN)
    assert isinstance(found, BrokenEngine)
    assert "two packages" in found.problem
    assert "acme-voices 1.2 and zeta-voices 1.2" in found.package


def test_an_engine_that_nobody_declares_is_told_with_those_there_are() -> None:
    with pytest.raises(ProductionError, match='no voice engine "acme"') as caught:
        offers_of("acme", LanguageTag("es"))
    assert "espeak" in caught.value.remedy


def opened(speak: object, monkeypatch: pytest.MonkeyPatch) -> ForeignVoice:
    monkeypatch.setattr(foreign_voice, "_opened", lambda *_ignored: SimpleNamespace(speak=speak))
    return ForeignVoice(engine="acme", name="una", language=LanguageTag("es-419"))


TONE = (8_000 * np.sin(np.arange(16_000) / 10)).astype(np.int16).tobytes()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        (),
        (TONE, 16_000),
        (b"", 16_000, ()),
        (b"\0" * 32_000, 16_000, ()),
        (TONE[:-1], 16_000, ()),
        (TONE, 0, ()),
        (TONE, 96_000, ()),
        (TONE, "16000", ()),
        (TONE * 600, 16_000, ()),
        (TONE, 16_000, [(0,)]),
        ("text", 16_000, ()),
    ],
)
def test_sound_that_is_none_is_told(answer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProductionError) as caught:
        opened(lambda _text, _speed: answer, monkeypatch).at_speed(TEXT, 1.0)
    assert caught.value.code is ExitCode.VOICE
    assert caught.value.remedy


@pytest.mark.parametrize("error", [RuntimeError("x"), SystemExit(1), KeyError(1), MemoryError()])
def test_an_engine_that_fails_is_told(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_text: str, _speed: float) -> None:
        raise error

    with pytest.raises(ProductionError, match="voice engine acme failed"):
        opened(fail, monkeypatch).at_speed(TEXT, 1.0)


def test_word_times_that_cannot_be_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [(0, 0), (6, 100), (6, 200), (3, 300), (99, 400), (-1, 500), (14, 50), (17, 9_999)]
    spoken = opened(lambda _t, _s: (TONE, 16_000, words), monkeypatch).at_speed(TEXT, 1.0)
    assert [(word.offset, word.start_ms) for word in spoken.words] == [(0, 0), (6, 100)]


def test_reading_the_catalogue_imports_nothing_of_other_packages(tmp_path: Path) -> None:
    write_package(tmp_path, module="raise RuntimeError('imported')")
    code = (
        "from audio.voices.catalogue import offers, usual_voice, engines; offers('es');"
        "usual_voice('es-GT'); engines();"
        "from audio.voices.foreign import foreign_names; print(foreign_names())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=HOUSE,
        env={"PYTHONPATH": f"{HOUSE}:{tmp_path}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "('acme',)"
