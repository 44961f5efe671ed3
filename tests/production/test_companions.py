"""What lies beside an edition's sound, as programs and browsers read it."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from production.companions import COMPANIONS, render_companions
from programme.editions import Caption, Chapter, Edition
from programme.units import Digest, DurationMs, LanguageTag
from tests.feeds.caption_material import caption
from tests.production.chromium import Browser, browser

ES, AR = LanguageTag("es-419"), LanguageTag("ar")
DIALOGUE = (
    caption(0, 2_000, "Bienvenidos a Camino.", words=((0, 0), (12, 800))),
    caption(2_000, 4_000, "¿Dónde duermo hoy?", 1, speaker="Ana"),
    caption(4_000, 7_000, "Llame al 800 123 456.", 2),
    caption(7_000, 8_000, "Gracias.", 3),
)


def edition(captions: tuple[Caption, ...], *, language: LanguageTag = ES) -> Edition:
    return Edition(
        series="camino",
        episode="uno",
        number=1,
        language=language,
        profile="podcast",
        dated=date(2026, 11, 22),
        title="Uno",
        description="Información.\n\nVálido hasta el 31 de diciembre de 2026.",
        duration_ms=DurationMs(8_000),
        renditions=(),
        captions=captions,
        chapters=(Chapter(start_ms=DurationMs(0), end_ms=DurationMs(8_000), title="Uno"),),
        expires=date(2026, 12, 31),
        synthetic_voice=True,
        demo=False,
        segments=("uno",),
        sources=(),
        words_digest=Digest("0" * 64),
    )


def test_every_companion_has_its_bytes_and_they_are_always_the_same() -> None:
    first, again = render_companions(edition(DIALOGUE)), render_companions(edition(DIALOGUE))
    assert set(first) == {companion.name for companion in COMPANIONS}
    assert first == again
    assert all(first.values())


def as_antennapod_reads(data: bytes) -> list[tuple[str, float, str]]:
    """Give speaker, start and words of each row, by the rules of its JsonTranscriptParser.

    A row without a speaker goes to the one before; one without a time is passed over; an empty
    body ends the program.
    """
    page = json.loads(data)
    found, speaker = [], ""
    for row in page["segments"]:
        assert row["body"][0]
        if row.get("startTime", -1) < 0 or row.get("endTime", -1) < 0:
            continue
        speaker = row.get("speaker", "") or speaker
        found.append((speaker, row["startTime"], row["body"]))
    return found


def test_no_words_are_given_to_whoever_spoke_before() -> None:
    rows = as_antennapod_reads(render_companions(edition(DIALOGUE))["words"])
    assert [(who, body) for who, _, body in rows] == [
        ("Voz", "Bienvenidos"),
        ("Voz", "a Camino."),
        ("Ana", "¿Dónde duermo hoy?"),
        ("Voz", "Llame al 800 123 456."),
        ("Voz", "Gracias."),
    ]
    assert json.loads(render_companions(edition(DIALOGUE))["words"])["version"] == "1.0.0"


def test_the_usual_voice_is_named_in_captions_where_others_speak() -> None:
    files = {name: data.decode() for name, data in render_companions(edition(DIALOGUE)).items()}
    assert files["vtt"].count("<v Voz>") == 3
    assert files["srt"].count("Voz: ") == 2
    assert files["txt"].count("Voz: ") == 2
    alone = render_companions(edition((caption(0, 2_000, "Bienvenidos."),)))
    assert b"Voz" not in alone["vtt"] + alone["srt"] + alone["txt"] + alone["words"]


@pytest.fixture
def page(tool: Callable[[str], str], tmp_path: Path) -> Iterator[Browser]:
    with browser(tool("chromium"), tmp_path / "profile") as opened:
        yield opened


@pytest.mark.tools
@pytest.mark.parametrize(("tag", "align"), [(ES, "ltr"), (AR, "rtl")])
def test_a_browser_opens_the_transcript_without_a_complaint(
    page: Browser, tmp_path: Path, tag: LanguageTag, align: str
) -> None:
    path = tmp_path / "uno.html"
    path.write_bytes(render_companions(edition(DIALOGUE, language=tag))["html"])
    page.size(320, 640)
    page.open(path)
    assert page.complaints() == []

    def styled(selector: str, name: str) -> Any:
        return page.run(f"getComputedStyle(document.querySelector('{selector}')).{name}")

    # the style is let through by the page's own policy, which lets nothing else through
    assert styled("cite", "fontWeight") == "700"
    assert styled("cite[data-same]", "display") == "none"
    assert styled("body", "direction") == align
    assert page.run("document.compatMode") == "CSS1Compat"
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    assert "31 de diciembre de 2026" in page.text("footer")
