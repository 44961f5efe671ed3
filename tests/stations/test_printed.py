"""Scripts and README as people read them: whole, in their language, safe to open and to print."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from programme.editions import Caption
from programme.facts import Source
from programme.left_out import Cause
from programme.stations import StationKind
from programme.units import DurationMs, LanguageTag
from stations.pack_plan import LeftOut, PackEdition, PackRequest, plan_pack
from stations.printed import render_scripts
from stations.runsheet import render_readme

RequestMaker = Callable[..., PackRequest]
EditionMaker = Callable[..., PackEdition]
ES, AR, QUC = LanguageTag("es-419"), LanguageTag("ar"), LanguageTag("quc")
VALID = {
    "es-419": "Válido hasta el 6 de diciembre de 2026",
    "en": "Valid until 6 December 2026",
    "fr": "Valable jusqu’au 6 décembre 2026",
    "pt-BR": "Válido até 6 de dezembro de 2026",
    "ar": "صالحة حتى 6 كانون الأول/ديسمبر 2026",
}
DEMO = {
    "es-419": "EJEMPLO.",
    "en": "EXAMPLE.",
    "fr": "EXEMPLE.",
    "pt-BR": "EXEMPLO.",
    "ar": "مثال.",
}


class Page(HTMLParser):
    """A page's elements and its text."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.bdi: list[str] = []
        self._in_bdi = False
        self.feed(data.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in_bdi = tag == "bdi"

    def handle_endtag(self, tag: str) -> None:
        self._in_bdi = self._in_bdi and tag != "bdi"

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._in_bdi:
            self.bdi.append(data)


def pages(request: PackRequest) -> tuple[Page, str]:
    """Give the first language's HTML, parsed, and its plain text."""
    plan = plan_pack(request)
    html, text = plan.scripts[plan.languages[0]]
    rendered = render_scripts(request, plan)
    return Page(rendered[html]), rendered[text].decode("utf-8")


@pytest.mark.parametrize("language", list(VALID))
def test_a_script_says_words_sources_date_and_example_in_its_language(
    request_of: RequestMaker, language: str
) -> None:
    request = request_of(languages=(LanguageTag(language),))
    page, text = pages(request)
    words = " ".join(page.words.split())
    plain = re.sub("[\u2066\u2069\u200e\u200f]", "", text).replace("\u00a0", " ")
    plain = " ".join(plain.split())
    for said in (words, plain):
        assert VALID[language] in said
        assert DEMO[language] in said
        assert "UNHCR Help" in said
        assert "https://help.unhcr.org/global/es" in said
        for item in request.editions:
            assert item.edition.title in said
            for caption in item.edition.captions:
                assert caption.text in said
    html = dict(page.elements)["html"]
    assert html == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
    assert "800 5533 000" in page.bdi
    assert all(line.endswith("\r") for line in text.split("\n")[:-1])


def test_no_example_notice_and_no_voice_notice_where_they_would_be_untrue(
    request_of: RequestMaker, edition_of: EditionMaker
) -> None:
    real = edition_of(ES, 1, demo=False, synthetic_voice=False)
    request = request_of(editions=(real,))
    page, text = pages(request)
    readme = render_readme(request, plan_pack(request)).decode()
    for said in (page.words, text, readme):
        assert "EJEMPLO" not in said
        assert "sintéticas" not in said


def test_nothing_in_a_page_is_fetched_or_run(request_of: RequestMaker) -> None:
    page, _ = pages(request_of())
    named = [tag for tag, _ in page.elements]
    assert not {"script", "link", "img", "iframe", "object", "audio", "form"} & set(named)
    for tag, attributes in page.elements:
        assert not {"src", "srcset", "style", "background"} & set(attributes), tag
    policy = next(
        a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_words_from_a_stranger_stay_words(
    request_of: RequestMaker, edition_of: EditionMaker
) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}\r\n\u202e"
    item = edition_of(
        ES,
        1,
        title=nasty,
        sources=(Source(title=nasty, url="javascript:alert(1)"),),
        captions=(Caption(start_ms=DurationMs(0), end_ms=DurationMs(9), text=nasty, paragraph=0),),
    )
    page, text = pages(request_of(editions=(item,)))
    assert not {"script", "img"} & {tag for tag, _ in page.elements}
    assert [a for tag, a in page.elements if tag == "a"] == []
    assert "javascript:alert(1)" in page.words
    assert "{{ 7*7 }}" in page.words
    assert "\u202e" not in page.words + text


def test_a_language_without_phrases_borrows_and_says_so(request_of: RequestMaker) -> None:
    request = request_of(languages=(QUC, ES))
    page, text = pages(request)
    note = "Esta página no existe todavía en Kʼicheʼ; sus textos fijos están en español."
    assert note in page.words
    assert note in " ".join(text.split())
    assert dict(page.elements)["html"]["lang"] == "quc"
    assert ("header", {"lang": "es", "dir": "ltr"}) in page.elements
    readme = " ".join(render_readme(request, plan_pack(request)).decode().split())
    assert note in readme
    assert "EXAMPLE" not in readme


def test_the_readme_has_one_block_in_each_language_in_the_station_s_order(
    request_of: RequestMaker,
) -> None:
    request = request_of(languages=(AR, ES))
    readme = render_readme(request, plan_pack(request)).decode("utf-8")
    assert readme.index("العربية") < readme.index("مثال.") < readme.index("EJEMPLO.")
    assert "05_AR" not in readme
    order = re.findall(r"^ *(\d+) +(\d+:\d\d) +(\S+)\r$", readme, re.MULTILINE)
    assert order == [
        ("1", "0:02", "01_AR/001_aviso-1.mp3"),
        ("2", "0:02", "01_AR/002_aviso-2.mp3"),
        ("3", "0:02", "02_ES/001_pedir-asilo-es-gratis.mp3"),
        ("4", "0:02", "02_ES/002_si-el-numero-no.mp3"),
    ]
    assert all(len(line) <= 78 for line in readme.splitlines())


def test_the_readme_says_what_was_left_out_once_for_each_reason(request_of: RequestMaker) -> None:
    quc = LanguageTag("quc")
    left = (
        LeftOut(language=quc, title="Salud", reason=Cause.NO_VOICE),
        LeftOut(language=ES, title="Rumores\r\nFIN", reason=Cause.STALE),
        LeftOut(language=quc, title="Asilo", reason=Cause.NO_VOICE),
    )
    request = request_of(languages=(ES,), left_out=left)
    readme = " ".join(render_readme(request, plan_pack(request)).decode().split())
    assert (
        "- español latinoamericano: Rumores FIN. "
        "El texto original cambió después de la traducción. "
        "- Kʼicheʼ: Salud, Asilo. No hay una voz aprobada"
    ) in readme
    whole = replace(request, left_out=())
    assert "Está todo lo previsto." in render_readme(whole, plan_pack(whole)).decode()


def test_a_radio_is_told_of_playlists_and_a_loudspeaker_of_copying(
    request_of: RequestMaker,
) -> None:
    for kind, words in (
        (StationKind.RADIO, "playlist.m3u8"),
        (StationKind.TRANSIT, "de una en una"),
    ):
        request = request_of(kind, (ES,))
        assert words in render_readme(request, plan_pack(request)).decode()


@pytest.mark.tools
@pytest.mark.parametrize("language", ["es-419", "ar"])
def test_every_printed_page_says_until_when(
    request_of: RequestMaker,
    edition_of: EditionMaker,
    tmp_path: Path,
    tool: Callable[[str], str],
    language: str,
) -> None:
    tag = LanguageTag(language)
    said = edition_of(tag, 1).edition.captions[0].text
    long = tuple(
        Caption(start_ms=DurationMs(n), end_ms=DurationMs(n + 1), text=f"{said} " * 3, paragraph=n)
        for n in range(90)
    )
    # An item with a later date of its own: the page still says the pack's.
    item = edition_of(tag, 1, captions=long)
    other = edition_of(tag, 2, expires=date(2027, 1, 1))
    request = request_of(languages=(tag,), editions=(item, other))
    plan = plan_pack(request)
    html, pdf = tmp_path / "script.html", tmp_path / "script.pdf"
    html.write_bytes(render_scripts(request, plan)[plan.scripts[tag][0]])
    subprocess.run(
        [
            tool("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}",
            "--no-pdf-header-footer", f"--print-to-pdf={pdf}", html.as_uri(),
        ],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    text = subprocess.run(
        [tool("pdftotext"), "-layout", "-enc", "UTF-8", str(pdf), "-"],
        check=True, capture_output=True, text=True, encoding="utf-8",
    ).stdout  # fmt: skip
    sheets = text.split("\f")[:-1]
    assert len(sheets) >= 4
    for sheet in sheets:
        assert {"es-419": "6 de diciembre de 2026", "ar": "2026"}[language] in sheet.split("\n\n")[
            0
        ]
