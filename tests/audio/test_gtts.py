"""The online voice, against a service on loopback: asked rightly, patient, and suspicious."""

import email.utils
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import gtts.tts
import numpy as np
import pytest
from gtts import gTTS

from audio.jobs import SpeakJob
from audio.voices import speak
from audio.voices.gtts import LONGEST_WAIT_S, WAITS_S, GttsVoice
from audio.voices.patience import Patience
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag
from tests.audio.speech_service import RATE, Service, speech_service

TEXT = "Pedir refugio es gratis."


@pytest.fixture
def service() -> Iterator[Service]:
    with speech_service() as running:
        yield running


def voice(service: Service, naps: list[float] | None = None) -> GttsVoice:
    rests: list[float] = [] if naps is None else naps
    patience = Patience(sleep=rests.append, spacing_s=0)
    return GttsVoice(
        name="es", language=LanguageTag("es-419"), address=service.address, patience=patience
    )


def refusal(service: Service, naps: list[float] | None = None) -> ProductionError:
    with pytest.raises(ProductionError) as caught:
        voice(service, naps).speak(TEXT, words_per_minute=140)
    assert caught.value.code is ExitCode.VOICE
    assert caught.value.remedy
    return caught.value


def test_the_service_is_asked_for_the_exact_words(service: Service) -> None:
    voice(service).speak("Dr. Avenida núm. 5: ¿dónde está?", words_per_minute=140)
    assert service.asked == [["Dr. Avenida núm. 5: ¿dónde está?", "es", None, "null"]]


def test_a_very_slow_pace_asks_for_the_slow_voice(service: Service) -> None:
    voice(service).speak(TEXT, words_per_minute=95)
    assert service.asked[0][2] is True


def test_the_answer_is_decoded_and_trimmed(service: Service) -> None:
    spoken = voice(service).speak(TEXT, words_per_minute=140)
    assert spoken.rate_hz == RATE
    assert len(spoken.pcm) / RATE == pytest.approx(0.06 * len(TEXT) + 0.02, abs=0.06)
    spectrum = np.abs(np.fft.rfft(spoken.pcm, RATE))
    assert spectrum.argmax() == pytest.approx(200 + sum(TEXT.encode()) % 200, abs=2)


def test_a_long_sentence_is_asked_in_parts_and_joined(service: Service) -> None:
    text = "Si viaja con niñas o niños, no los deje solos, " * 5 + "y pida ayuda."
    spoken = voice(service).speak(text, words_per_minute=140)
    assert len(service.asked) >= 3
    assert all(len(asked[0]) <= 100 for asked in service.asked)
    # Every word is asked for, in order.
    joined = " ".join(asked[0] for asked in service.asked)
    assert joined.replace(",", "").split() == text.replace(",", "").split()
    wanted = sum(0.06 * len(asked[0]) + 0.5 for asked in service.asked)
    assert len(spoken.pcm) / RATE == pytest.approx(wanted, abs=1.2)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again_after_longer_and_longer_rests(
    service: Service, status: int
) -> None:
    service.faults = [(status, {}, b"")] * 3
    naps: list[float] = []
    assert len(voice(service, naps).speak(TEXT, words_per_minute=140).pcm)
    assert naps == list(WAITS_S)
    assert sorted(WAITS_S) == list(WAITS_S)


def test_the_service_may_name_the_rest_itself(service: Service) -> None:
    service.faults = [(429, {"Retry-After": "37"}, b"")]
    naps: list[float] = []
    voice(service, naps).speak(TEXT, words_per_minute=140)
    assert naps == [37.0]


def test_a_rest_of_an_hour_ends_the_build_instead(service: Service) -> None:
    service.faults = [(429, {"Retry-After": str(int(LONGEST_WAIT_S) + 1)}, b"")]
    naps: list[float] = []
    assert "HTTP 429" in refusal(service, naps).problem
    assert not naps


@pytest.mark.parametrize("header", ["Wed, 21 Oct 2026 07:28:00 GMT", "-5", "٣", "1e9", ""])
def test_a_rest_that_is_no_number_is_not_obeyed(service: Service, header: str) -> None:
    service.faults = [(503, {"Retry-After": header.encode().decode("latin-1")}, b"")]
    naps: list[float] = []
    voice(service, naps).speak(TEXT, words_per_minute=140)
    assert naps == [WAITS_S[0]]


def test_a_service_that_stays_busy_is_left_alone(service: Service) -> None:
    service.faults = [(429, {}, b"")] * 9
    assert "finished sentences are kept" in refusal(service).remedy
    assert len(service.asked) == 1 + len(WAITS_S)


@pytest.mark.parametrize("status", [301, 302, 400, 403, 404])
def test_a_refusal_is_not_repeated(service: Service, status: int) -> None:
    service.faults = [(status, {"Location": "http://127.0.0.1:1/"}, b"")]
    assert f"HTTP {status}" in refusal(service).problem
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Log in to this network</html>",
        b')]}\'\n[["wrb.fr","jQ1olc",null,null]]',
        b'[["wrb.fr","jQ1olc","[\\"\\"]"]]',
        b'[["wrb.fr","jQ1olc","[\\"not base64!\\"]"]]',
        b'x jQ1olc","[\\"AAA\\"]',
    ],
)
def test_an_answer_without_sound_is_an_error(service: Service, body: bytes) -> None:
    service.faults = [(200, {}, body)]
    assert refusal(service).problem == "the online voice answered without sound"


def test_sound_that_is_no_mp3_is_an_error(service: Service) -> None:
    service.faults = [(200, {}, b'[["wrb.fr","jQ1olc","[\\"aGVsbG8gd29ybGQ=\\"]"]]')]
    with pytest.raises(ProductionError, match="not a sound file"):
        voice(service).speak(TEXT, words_per_minute=140)


def test_a_flood_is_cut_off(service: Service) -> None:
    service.faults = [(200, {}, b"x" * 5_000_000)]
    assert refusal(service).problem == "the online voice answered without sound"


def test_no_network_is_told_and_tried_again_first() -> None:
    naps: list[float] = []
    nobody = GttsVoice(
        name="es",
        language=LanguageTag("es"),
        address="http://127.0.0.1:1/speak",
        patience=Patience(sleep=naps.append, spacing_s=0),
    )
    with pytest.raises(ProductionError, match="cannot be reached"):
        nobody.speak(TEXT, words_per_minute=140)
    assert naps == list(WAITS_S)


@pytest.mark.parametrize("text", ["", "...", "Hola\x00", "Hola <b>", "a" * 1001])
def test_refused_text_never_leaves_this_machine(service: Service, text: str) -> None:
    with pytest.raises(ProductionError):
        voice(service).speak(text, words_per_minute=140)
    assert not service.asked


@pytest.mark.tools
def test_a_service_without_a_valid_certificate_hears_nothing(
    tmp_path: Path, tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = tmp_path / "own.pem"
    subprocess.run(
        [
            *(tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-keyout", certificate, "-out", tmp_path / "crt.pem"),
        ],
        check=True,
        capture_output=True,
    )
    with certificate.open("ab") as file:
        file.write((tmp_path / "crt.pem").read_bytes())
    with speech_service(certificate) as service:
        assert "certificate" in refusal(service).problem
        assert not service.asked
        # gTTS by itself would have sent the words.
        monkeypatch.setattr(gtts.tts, "_translate_url", lambda **_ignored: service.address)
        careless: Any = gTTS(TEXT, lang="es", lang_check=False, timeout=10)
        assert b"".join(careless.stream())
        assert service.asked


def test_the_public_service_is_asked_by_https_at_the_accents_domain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []

    def note(_self: GttsVoice, url: str, _body: str, _text: str) -> bytes:
        seen.append(url)
        raise ProductionError("stop", remedy="none")

    monkeypatch.setattr(GttsVoice, "_ask", note)
    with pytest.raises(ProductionError, match="stop"):
        GttsVoice(name="es", language=LanguageTag("es")).speak(TEXT, words_per_minute=140)
    assert seen == ["https://translate.google.com.mx/_/TranslateWebserverUi/data/batchexecute"]


def test_a_date_to_come_back_at_is_read_against_the_services_own_clock(service: Service) -> None:
    # The service's own Date is on the answer; ours is not asked.
    now = datetime.now(UTC)  # noqa: TID251 - the server's clock is the machine's
    later = email.utils.format_datetime(now + timedelta(seconds=40), usegmt=True)
    service.faults = [(503, {"Retry-After": later}, b"")]
    naps: list[float] = []
    voice(service, naps).speak(TEXT, words_per_minute=140)
    assert naps == [pytest.approx(40, abs=2)]


def test_a_service_that_stayed_down_is_not_asked_for_every_other_sentence(
    service: Service,
) -> None:
    service.faults = [(429, {}, b"")] * 9
    one = voice(service)
    for _ in range(3):
        with pytest.raises(ProductionError):
            one.speak(TEXT, words_per_minute=140)
    assert len(service.asked) == 1 + len(WAITS_S)


def test_an_answer_that_trickles_is_given_up(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(0, 10_000, 40))
    monkeypatch.setattr("audio.voices.gtts._PIECE", 1_000)
    patience = Patience(sleep=lambda _s: None, clock=lambda: float(next(ticks)), spacing_s=0)
    slow = GttsVoice(
        name="es", language=LanguageTag("es-419"), address=service.address, patience=patience
    )
    with pytest.raises(ProductionError, match="cannot be reached"):
        slow.speak(TEXT, words_per_minute=140)


def test_protected_words_are_refused_by_the_job_itself(tmp_path: Path) -> None:
    job = SpeakJob(
        engine="gtts",
        voice="es",
        language=LanguageTag("es-419"),
        text=TEXT,
        words_per_minute=140,
        protected=True,
        out=tmp_path / "take.flac",
    )
    with pytest.raises(ProductionError, match="never sent to an online voice") as caught:
        speak(job)
    assert caught.value.code is ExitCode.VOICE
    assert not list(tmp_path.iterdir())
