"""Small packs of real MP3 files in five languages, made anew for each run of the tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import lameenc
import numpy as np
import pytest

from programme.digests import digest_file, digest_text
from programme.editions import Caption, Chapter, Edition, Rendition
from programme.facts import Source
from programme.left_out import Cause
from programme.network import Network
from programme.series import Series, SeriesKind
from programme.sound import Loudness
from programme.stations import Delivery, Station, StationKind
from programme.units import Dbtp, DurationMs, LanguageTag, Lu, Lufs, Url
from stations.pack_plan import LeftOut, PackEdition, PackRequest

LANGUAGES = tuple(LanguageTag(tag) for tag in ("es-419", "en", "fr", "pt-BR", "ar"))

TITLES = {
    "es-419": ("Pedir asilo es gratis", "Si el número no contesta"),
    "en": ("Asking for asylum is free", "When the number does not answer"),
    "fr": ("Demander l’asile est gratuit", "Si le numéro ne répond pas"),
    "pt-BR": ("Pedir asilo é grátis", "Quando o número não atende"),
    "ar": ("طلب اللجوء مجاني", "إذا لم يجب الرقم"),
}

WORDS = {
    "es-419": ("Nadie puede cobrarle.", "Llame al 800 5533 000, las 24 horas."),
    "en": ("Nobody may charge you.", "Call 800 5533 000, day and night."),
    "fr": ("Personne ne peut vous faire payer.", "Appelez le 800 5533 000."),
    "pt-BR": ("Ninguém pode cobrar de você.", "Ligue para 800 5533 000."),
    "ar": ("لا يحق لأحد أن يأخذ منكم مالًا.", "اتصلوا بالرقم 800 5533 000 ليلًا ونهارًا."),
}

RequestMaker = Callable[..., PackRequest]


@pytest.fixture(scope="session")
def tones(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Give an MP3 of two seconds, 24 kHz mono 32 kb/s, each number another pitch."""
    folder = tmp_path_factory.mktemp("tones")

    def make(number: int) -> Path:
        path = folder / f"{number}.mp3"
        if not path.exists():
            encoder = lameenc.Encoder()
            encoder.set_bit_rate(32)
            encoder.set_in_sample_rate(24_000)
            encoder.set_channels(1)
            encoder.silence()
            time = np.arange(48_000) / 24_000
            wave = 8_000 * np.sin(2 * np.pi * (300 + 40 * number) * time)
            coded = encoder.encode(wave.astype("<i2").tobytes()) + encoder.flush()
            path.write_bytes(bytes(coded))
        return path

    return make


@pytest.fixture
def edition_of(tones: Callable[[int], Path]) -> Callable[..., PackEdition]:
    """Give a made edition of one language and number, with its file."""

    def make(language: LanguageTag, number: int, **changes: Any) -> PackEdition:
        place = LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)
        audio = tones(place * 10 + number)
        titles = TITLES.get(language, ("Tit la", "Lòt tit la"))
        words = WORDS.get(language, ("Pa gen moun ki ka fè w peye.", "Rele 800 5533 000."))
        rendition = Rendition(
            id="mp3",
            suffix=".mp3",
            media_type="audio/mpeg",
            kbps=32,
            digest=digest_file(audio),
            length_bytes=audio.stat().st_size,
            loudness=Loudness(
                integrated=Lufs(-14.02),
                range_lu=Lu(2.5),
                momentary_max=Lufs(-12.0),
                short_term_max=Lufs(-13.0),
                true_peak=Dbtp(-1.4),
            ),
        )
        edition = Edition(
            series="avisos",
            episode=f"aviso-{number}",
            number=number,
            language=language,
            profile="loudspeaker",
            dated=date(2026, 11, 20),
            title=titles[(number - 1) % 2],
            description="",
            duration_ms=DurationMs(2_040),
            renditions=(rendition,),
            captions=tuple(
                Caption(
                    start_ms=DurationMs(i * 1000),
                    end_ms=DurationMs(i * 1000 + 900),
                    text=text,
                    paragraph=i,
                )
                for i, text in enumerate(words)
            ),
            chapters=(
                Chapter(
                    start_ms=DurationMs(0),
                    end_ms=DurationMs(2_040),
                    title=titles[(number - 1) % 2],
                ),
            ),
            expires=date(2026, 12, 6),
            synthetic_voice=True,
            demo=True,
            segments=(f"seg-{number}",),
            sources=(
                Source(
                    title="UNHCR Help",
                    url="https://help.unhcr.org/global/es",
                    retrieved=date(2026, 11, 22),
                ),
            ),
            words_digest=digest_text(" ".join(words)),
        )
        return PackEdition(
            edition=replace(edition, **changes),
            rendition=rendition,
            audio=audio,
            segment_titles={f"seg-{number}": titles[(number - 1) % 2]},
        )

    return make


@pytest.fixture
def request_of(edition_of: Callable[..., PackEdition]) -> RequestMaker:
    """Give a request for two editions in each language of a station."""

    def make(
        kind: StationKind = StationKind.TRANSIT,
        languages: tuple[LanguageTag, ...] = LANGUAGES,
        **changes: Any,
    ) -> PackRequest:
        station = Station(
            id="terminal-norte",
            name="Terminal Norte",
            kind=kind,
            languages=languages,
            series=("avisos",),
            profile="loudspeaker",
            delivery=Delivery.PACK,
            file="stations/terminal-norte.yml",
        )
        network = Network(
            id="camino",
            name="Camino Seguro",
            role_address="radio@camino.example",
            base_url=Url("https://camino.example/audio/"),
            website=Url("https://camino.example/"),
            source_language=LanguageTag("es-419"),
            languages=languages,
            licence="CC-BY-4.0",
        )
        series = Series(
            id="avisos",
            kind=SeriesKind.LOOP,
            title=dict.fromkeys(languages, "Avisos"),
            description={},
            languages=languages,
            profile="loudspeaker",
            file="series/avisos.yml",
        )
        made = PackRequest(
            station=station,
            network=network,
            series={"avisos": series},
            editions=tuple(edition_of(tag, n) for tag in languages for n in (1, 2)),
            serial=3,
            issued=date(2026, 11, 22),
            left_out=(
                LeftOut(
                    language=LanguageTag("quc"),
                    title="Pedir asilo es gratis",
                    reason=Cause.NO_VOICE,
                ),
            ),
        )
        return replace(made, **changes)

    return make
