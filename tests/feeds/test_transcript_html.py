"""The transcript as a page: judged by html5lib, and by a reader made from the namespace's words."""

import re
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.cue_words import split_words
from feeds.transcript_html import name_voices, render_html
from programme.editions import Caption
from programme.errors import ProductionError
from programme.units import LanguageTag
from tests.feeds.caption_material import caption, caption_lists

ES, AR, QUC = LanguageTag("es"), LanguageTag("ar"), LanguageTag("quc")
HOSTILE = '</p><script>alert(1)</script><img src=x onerror="alert(2)"> & "x" ]]> -->'


def parsed(page: str) -> Any:
    """Parse as browsers do; an error of the standard stops the test."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(page)


def read_transcript(page: str) -> list[tuple[str, float, str]]:
    """Give speaker, start and words of each paragraph, as programs read them.

    The three elements are children of the body, in this order; a paragraph that lacks one is
    passed over; the file begins with a comment or its root element.
    """
    assert re.match(r"<!--|< *html", page, re.IGNORECASE)
    found, parts = [], {}
    for element in parsed(page).find("body"):
        if element.tag in {"cite", "time", "p"}:
            parts[element.tag] = "".join(element.itertext())
        if element.tag == "p":
            if len(parts) == 3:
                clock = [int(part) for part in parts["time"].split(":")]
                hours, minutes, seconds = [0] * (3 - len(clock)) + clock
                start = timedelta(hours=hours, minutes=minutes, seconds=seconds)
                found.append((parts["cite"], start.total_seconds(), parts["p"]))
            parts = {}
    return found


def test_speakers_times_and_words_are_read_back() -> None:
    captions = [
        caption(0, 1_000, "Bienvenidos."),
        caption(9_000, 10_000, "¿Dónde está el", 1, speaker="Ana"),
        caption(10_000, 11_000, "albergue?", 1, speaker="Ana"),
        caption(3_723_900, 3_724_000, "Aquí.", 2, speaker="Luis"),
    ]
    assert read_transcript(render_html("Camino", captions, ES)) == [
        ("Voz:", 0.0, "Bienvenidos."),
        ("Ana:", 9.0, "¿Dónde está el albergue?"),
        ("Luis:", 3723.0, "Aquí."),
    ]


def test_who_speaks_on_is_not_named_again_to_people() -> None:
    captions = [caption(n, n + 1, "x", n, speaker=who) for n, who in enumerate(["", "", "A", "A"])]
    cites = parsed(render_html("t", captions, ES)).findall("body/cite")
    assert ["data-same" in cite.attrib for cite in cites] == [True, True, False, True]


def test_no_markup_of_a_text_runs() -> None:
    captions = [caption(65_000, 66_000, HOSTILE, speaker=HOSTILE)]
    page = render_html(HOSTILE, captions, ES, about=HOSTILE)
    root = parsed(page)
    assert root.findall(".//script") == root.findall(".//img") == []
    shown = " ".join(HOSTILE.split())
    assert [root.findtext(".//h1"), root.findtext(".//title")] == [HOSTILE, HOSTILE]
    assert root.findtext(".//footer") == HOSTILE
    assert read_transcript(page) == [(f"{shown}:", 65.0, shown)]
    policy = root.find(".//meta[@http-equiv]").attrib["content"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    for element in root.iter():
        assert not [name for name in element.attrib if name.startswith(("src", "href", "on"))]


@pytest.mark.parametrize(("tag", "direction"), [(ES, "ltr"), (AR, "rtl"), (QUC, "ltr")])
def test_the_page_says_its_language_and_direction(tag: LanguageTag, direction: str) -> None:
    root = parsed(render_html("t", [caption(0, 1, "x")], tag))
    assert (root.attrib["lang"], root.attrib["dir"]) == (tag, direction)


def test_words_that_are_not_in_the_language_say_so() -> None:
    root = parsed(render_html("t", [caption(0, 1, "Saqarik.")], QUC))
    assert root.find("body/cite").attrib["lang"] == "en"
    assert root.find("body/header/div/span").attrib == {"lang": "en", "dir": "ltr"}
    assert "lang" not in parsed(render_html("t", [caption(0, 1, "x")], AR)).find("body/cite").attrib


def test_a_telephone_number_keeps_its_order_in_an_arabic_line() -> None:
    page = render_html("رقم 800 123 456", [caption(0, 1, "اتصل 800 123 456 الآن")], AR)
    assert page.count("\u2066800 123 456\u2069") == 3


def test_a_character_that_no_page_can_carry_is_refused() -> None:
    for title, text, about in (("\x0b", "x", ""), ("t", "\ud800", ""), ("t", "x", "\x00")):
        with pytest.raises(ProductionError, match="character U"):
            render_html(title, [caption(0, 1, text)], ES, about=about)


@given(caption_lists(), st.sampled_from([ES, AR, QUC]))
def test_any_captions_are_a_page_without_an_error_that_loses_no_word(
    captions: list[Caption], tag: LanguageTag
) -> None:
    page = render_html("Título", captions, tag)
    said = "".join(words for _, _, words in read_transcript(page))
    isolates = str.maketrans("", "", "\u2066\u2069 ")
    expected = "".join(" ".join(split_words(one.text)) for one in captions)
    assert said.translate(isolates) == expected.translate(isolates)
    assert page == render_html("Título", captions, tag)


def test_the_usual_voice_is_named_only_where_others_speak() -> None:
    alone = [caption(0, 1, "x"), caption(1, 2, "y")]
    assert list(name_voices(alone, ES)) == alone
    mixed = [caption(0, 1, "x", speaker="Ana"), caption(1, 2, "y")]
    assert [one.speaker for one in name_voices(mixed, AR)] == ["Ana", "الصوت"]
