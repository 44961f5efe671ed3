"""The page of a pack in a real browser, from file://: it plays, checks itself, and asks nobody."""

import importlib.resources
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from programme.digests import digest_file
from programme.notices import NoticeKind
from programme.units import Digest
from stations.pack_news import Fresh, PackNews
from stations.pack_plan import PackEdition, plan_pack
from stations.recall import Recall, RecalledFile
from tests.production.chromium import Browser, browser
from tests.production.page_checks import CONTROLS, DOUBLE_IDS, SMALL_TARGETS, TOO_WIDE
from tests.stations.page_browsing import (
    ES,
    RequestMaker,
    clock,
    small,
    speak,
    states,
    verdict,
)
from tests.stations.page_making import KEY, OTHER, page_bytes, write_page
from tests.strict import ToolFinder

pytestmark = pytest.mark.tools

EditionMaker = Callable[..., PackEdition]
FIRST = "01_ES/001_pedir-asilo-es-gratis.mp3"
AXE = """axe.run(document, {preload: false}).then(
  (r) => r.violations.map((v) => v.id + v.nodes[0].html))"""
LEFTS = """
(() => {
  const said = Array.from(document.querySelectorAll("details.group[open] article p[lang=ar] span"))
    .find((one) => one.textContent.includes("5533")).firstChild;
  return ["800", "5533", "000"].map((group) => {
    const range = document.createRange(), at = said.data.lastIndexOf(group);
    range.setStart(said, at);
    range.setEnd(said, at + group.length);
    return range.getBoundingClientRect().left;
  });
})()
"""
"""Where the groups of a number begin on the screen."""


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Browser]:
    with browser(ToolFinder()("chromium"), tmp_path / "profile") as opened:
        clock(opened, "2026-11-25")
        yield opened


def test_it_plays_reads_along_and_asks_nobody(
    page: Browser, request_of: RequestMaker, tmp_path: Path
) -> None:
    speak(page, "es-HN")
    assert verdict(page, write_page(tmp_path / "pack", small(request_of))) == "genuine"
    assert "Auténtico y vigente" in page.text("#verdict")
    assert set(states(page)) == {"good"}
    shown = page.text(".key").strip()
    assert re.sub(r"\s+", " ", shown) == KEY.public.fingerprint
    # by keyboard alone: from the list of languages to the first message
    page.run("document.getElementById('language').focus()")
    for _ in range(2):
        page.press("Tab", 9)
    assert page.run("document.activeElement.className") == "play"
    page.press("Enter", 13)
    page.wait(
        "document.querySelector('audio') && document.querySelector('audio').currentTime > 0.2"
    )
    assert str(page.run("document.querySelector('audio').src")).startswith("blob:")
    page.wait("document.querySelector('article [aria-current]')")
    first = page.text("article [aria-current]")
    assert first == "Nadie puede cobrarle."
    page.wait(
        f"document.querySelector('article [aria-current]').textContent !== {json.dumps(first)}"
    )
    assert page.complaints() == []


def test_each_thing_that_somebody_changes_is_found(
    page: Browser, request_of: RequestMaker, tmp_path: Path
) -> None:
    request = small(request_of, ES)
    good = page_bytes(request).decode("utf-8")
    begin = good.index(f'data-path="{FIRST}"')
    spot = good.index("\n", begin) + 5000
    other = "A" if good[spot] != "A" else "B"
    name = "Pedir asilo es gratis"
    signature = good.index('id="signature">') + 80
    changes = {
        "sound": good[:spot] + other + good[spot + 1 :],
        "sound that is no base64": good[:spot] + "!" + good[spot + 1 :],
        "sound taken out": good[:begin] + good[begin:].replace(f'"{FIRST}"', '"x"', 1),
        "title everywhere": good.replace(name, "Pague a un guía"),
        "title in the signed words": good.replace(f'"title":"{name}"', '"title":"Pague"'),
        "title as it is read without a program": good.replace(f">{name}<", ">Pague<", 1),
        "last day": good.replace('"expires":"2026-12-06"', '"expires":"2027-12-06"'),
        "last day of all": good.replace('"valid_until":"2026-12-06"', '"valid_until":"2027-12-06"'),
        "signature": good[:signature] + other + good[signature + 1 :],
        "comment": good.replace("valid-until=2026-12-06", "valid-until=2027-12-06"),
        "no signature": re.sub(r'id="signature">[^<]*', 'id="signature">', good),
        "another key": good.replace(KEY.public.text, OTHER.public.text),
        "words of another pack": good.replace('"serial":3', '"serial":4'),
    }
    place = tmp_path / "index.html"
    for what, changed in changes.items():
        assert changed != good, what
        place.write_text(changed, encoding="utf-8")
        assert verdict(page, place) == "altered", what
        assert page.run("document.querySelector('.play').disabled"), what
    # whoever signs with a key of their own can say genuine, but shows another key
    place.write_bytes(page_bytes(replace(request, signer=OTHER)))
    assert verdict(page, place) == "genuine"
    assert page.text(".key").split() == OTHER.public.fingerprint.split()
    assert page.text(".key").split() != KEY.public.fingerprint.split()
    place.write_bytes(page_bytes(replace(request, signer=None)))
    assert verdict(page, place) == "unsigned"
    assert set(states(page)) == {"unchecked"}


def test_a_notice_beside_the_page_is_read_and_heard_and_holds_nothing_up(
    page: Browser, request_of: RequestMaker, tmp_path: Path
) -> None:
    request = small(request_of, ES)
    first, second = request.editions
    told = replace(request, editions=(replace(first, notice=NoticeKind.CORRECTED), second))
    path = write_page(tmp_path / "pack", told)
    assert verdict(page, path) == "genuine"
    assert states(page) == ["unchecked", "good"]
    page.click(".play")
    page.wait("document.querySelector('audio').currentTime > 0.1")
    assert str(page.run("document.querySelector('audio').src")).startswith("file:")
    # Sound in its place that the page does not say it has is not the publisher's page.
    good = path.read_text("utf-8")
    block = '<script type="text/plain" class="sound" data-path="{}">\nAAAA\n</script>\n<script>'
    notice = plan_pack(told).tracks[0].path
    path.write_text(good.replace("<script>", block.format(notice), 1), encoding="utf-8")
    assert verdict(page, path) == "altered"
    # Where nothing but notices is in a pack, no sound of the page was checked.
    alone = replace(told, editions=told.editions[:1])
    assert verdict(page, write_page(tmp_path / "alone", alone)) == "words_only"


def test_what_is_past_its_date_is_not_played_without_a_warning(
    page: Browser, request_of: RequestMaker, tmp_path: Path
) -> None:
    path = write_page(tmp_path / "pack", small(request_of, ES))
    speak(page, "fr")
    # the last day itself is good
    clock(page, "2026-12-06")
    assert verdict(page, path) == "genuine"
    clock(page, "2026-12-07")
    assert verdict(page, path) == "expired_title"
    assert "6 décembre 2026" in page.text("#verdict")
    assert set(states(page)) == {"expired"}
    page.click(".play")
    assert not page.run("document.querySelector('audio')")
    assert "La date de ce message est dépassée" in page.text(".warning")
    page.click(".warning button")
    page.wait("document.querySelector('audio').currentTime > 0.1")
    # a clock before the pack was made tells nothing
    clock(page, "1970-01-01")
    assert verdict(page, path) == "clock"
    page.click(".play")
    assert "L’horloge" in page.text(".warning")
    # a day before may be the day itself elsewhere
    clock(page, "2026-11-21")
    assert verdict(page, path) == "genuine"


@pytest.mark.parametrize(("tag", "width"), [("es", 320), ("ar", 390)])
def test_the_page_is_for_everybody(
    page: Browser, request_of: RequestMaker, tmp_path: Path, tag: str, width: int
) -> None:
    base = small(request_of)
    recall = Recall(
        series="avisos", episode="aviso-9", language=ES, title="Número viejo", reason="Cambió",
        kind=NoticeKind.CORRECTED, since=date(2026, 11, 21),
        files=(RecalledFile(path="01_ES/009_numero-viejo.mp3", digest=Digest("0" * 64), packs=()),),
    )  # fmt: skip
    fresh = {FIRST: Fresh.NEW}
    news = PackNews(serial=2, issued=date(2026, 11, 1), fresh=fresh, gone=("Otro",))
    path = write_page(tmp_path / "pack", replace(base, recalls=(recall,), news=news))
    speak(page, tag)
    axe = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
    for dark in (False, True):
        page.size(width, 800, dark=dark)
        assert verdict(page, path) == "genuine"
        assert page.run("document.documentElement.lang") == tag
        assert page.run("document.documentElement.dir") == ("rtl" if tag == "ar" else "ltr")
        page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.run(axe + "; true")
        assert page.run(AXE) == [], dark
        assert page.run(TOO_WIDE) == []
    small_ones = [one for one in page.run(SMALL_TARGETS) if not one.startswith("INPUT")]
    assert small_ones == []
    assert page.run(DOUBLE_IDS) == []
    nodes = page.nodes()
    assert [role for role, name in nodes if role in CONTROLS and not name] == []
    assert page.complaints() == []


def test_the_language_can_be_chosen_and_titles_keep_their_own(
    page: Browser, request_of: RequestMaker, tmp_path: Path
) -> None:
    speak(page, "fa")
    assert verdict(page, write_page(tmp_path / "pack", small(request_of))) == "genuine"
    # nobody has words in Persian: the pack's first language
    assert page.run("document.documentElement.lang") == "es"
    page.run(
        "(() => { const l = document.getElementById('language'); l.value = 'ar';"
        " l.dispatchEvent(new Event('change')); })()"
    )
    assert page.run("document.documentElement.dir") == "rtl"
    assert "أصلية وصالحة" in page.text("#verdict")
    assert page.run("document.querySelector('details.group[open] h3').lang") == "ar"
    # the groups of a telephone number stand in their order, in a line that runs from the right
    page.run(
        "document.querySelectorAll('details[open] details').forEach((d) => { d.open = true; })"
    )
    lefts = page.run(LEFTS)
    assert len(lefts) == 3
    assert lefts == sorted(lefts)
    titles = page.run("Array.from(document.querySelectorAll('h4'), (t) => t.lang + t.dir)")
    assert titles == ["es-419ltr"] * 2 + ["arrtl"] * 2


def test_without_a_program_everything_is_there(
    page: Browser, request_of: RequestMaker, tmp_path: Path
) -> None:
    path = write_page(tmp_path / "pack", small(request_of))
    page.ask("Emulation.setScriptExecutionDisabled", {"value": True})
    page.ask("Page.navigate", {"url": path.as_uri()})
    time.sleep(0.7)
    page.ask("Emulation.setScriptExecutionDisabled", {"value": False})
    shown = page.run("document.body.innerText")
    assert "Camino Seguro" in shown
    assert "Válido hasta el 6 de diciembre de 2026" in shown
    assert "صالحة حتى 6 كانون الأول/ديسمبر 2026" in shown
    assert "hace falta JavaScript" in shown
    assert page.run("document.querySelectorAll('audio[controls]').length") == 4
    links = page.run("Array.from(document.querySelectorAll('article a'), (a) => a.href)")
    assert all(Path(one.removeprefix("file://")).is_file() for one in links)
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert "Nadie puede cobrarle." in page.run("document.body.innerText")
    assert page.run(
        "new Promise((done) => { const a = document.querySelector('audio');"
        " a.onloadedmetadata = () => done(a.duration > 1.5); a.load(); })"
    )


def test_an_old_browser_says_that_it_cannot_check(
    page: Browser, request_of: RequestMaker, tmp_path: Path
) -> None:
    path = write_page(tmp_path / "pack", small(request_of, ES))
    page.ask("Page.addScriptToEvaluateOnNewDocument", {"source": "delete window.BigInt;"})
    speak(page, "pt-BR")
    assert verdict(page, path) == "unable"
    assert "antigo demais" in page.text("#verdict")
    page.click(".play")
    page.wait("document.querySelector('audio').currentTime > 0.1")


@pytest.mark.slow
def test_eight_megabytes_are_checked_in_seconds_on_a_slow_telephone(
    page: Browser, request_of: RequestMaker, tmp_path: Path
) -> None:
    request = small(request_of, ES)
    sound = tmp_path / "long.mp3"
    data = request.editions[0].audio.read_bytes()
    sound.write_bytes(data * (3_990_000 // len(data)))
    editions = tuple(
        replace(
            one,
            audio=sound,
            rendition=replace(
                one.rendition, length_bytes=sound.stat().st_size, digest=digest_file(sound)
            ),
        )
        for one in request.editions
    )
    path = write_page(tmp_path / "pack", replace(request, editions=editions))
    page.ask("Emulation.setCPUThrottlingRate", {"rate": 6})
    began = time.monotonic()
    assert verdict(page, path) == "genuine"
    assert time.monotonic() - began < 15
