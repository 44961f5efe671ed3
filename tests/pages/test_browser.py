"""The pages in a real browser: for everybody, from a stick and a server, with and without net."""

import importlib.resources
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pages.serving import NEAR, Served, serve
from tests.pages.site_material import (
    AR,
    BASE,
    ES,
    PAGE_TYPES,
    SAID,
    channel,
    item,
    sentences,
    withdrawn,
    write_site,
)
from tests.production.chromium import Browser, browser
from tests.production.page_checks import CONTROLS, DOUBLE_IDS, SMALL_TARGETS, TOO_WIDE

pytestmark = pytest.mark.tools

EPISODE = "camino/es-419/episodio-1.html"
AXE = """axe.run(document, {preload: false%s}).then(
  (r) => r.violations.map((v) => v.id + ': ' + v.nodes[0].html))"""
"""Without preload: axe itself would ask for the style sheet again, which no page on a stick may."""
COLOURS = AXE % ", runOnly: ['color-contrast']"
PLAY = "document.getElementById('sound').play().then(() => true)"


def go(page: Browser, address: str) -> None:
    page.ask("Page.navigate", {"url": address})
    page.wait(f"location.href === {json.dumps(address)} && document.readyState === 'complete'")


def only_from(page: Browser, served: Served) -> list[str]:
    """Give errors, and requests that went elsewhere."""
    return [one for one in page.complaints() if not one.startswith(served.url(""))]


@pytest.mark.parametrize("tag", [ES, AR])
def test_axe_finds_nothing_on_any_page(page: Browser, site: Path, tag: str) -> None:
    axe = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
    faults = []
    for name, key in PAGE_TYPES.items():
        page.open(site / key.format(tag=tag.lower()))
        page.ask("Runtime.evaluate", {"expression": axe})
        page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for width, dark in ((320, False), (320, True), (1280, False), (1280, True)):
            page.size(width, 800, dark=dark)
            # size and colours do not meet: all rules at both sizes, and in both colours
            found = [
                *page.run(COLOURS if dark == (width == 320) else AXE % ""),
                *page.run(TOO_WIDE),
                *page.run(SMALL_TARGETS),
                *page.run(DOUBLE_IDS),
            ]
            found += [
                f"nameless {role}" for role, said in page.nodes() if role in CONTROLS and not said
            ]
            faults += [f"{name} {width} {dark}: {one}" for one in found]
    assert faults == []
    assert page.complaints() == []


@pytest.mark.parametrize("tag", [ES, AR])
def test_the_sound_plays_and_the_sentence_that_is_heard_is_marked(
    page: Browser, site: Path, tag: str
) -> None:
    # from a stick: file://
    page.open(site / "camino" / tag.lower() / "episodio-1.html")
    page.click("#sound")
    if page.run("document.getElementById('sound').paused"):
        page.run(PLAY, gesture=True)
    page.wait("document.getElementById('sound').currentTime > 1.3")
    said = "document.querySelector('#words [aria-current]').textContent"
    page.wait("document.querySelector('#words [aria-current]')")
    assert page.run(said).replace("\u2066", "") == SAID[tag][0][0]
    # a tap on a sentence plays from there, a tap on a chapter too
    start = sentences(tag)[1][0]
    page.click(f"#t{round(start * 1000)}")
    page.wait(f"document.getElementById('sound').currentTime >= {start}")
    page.wait(f"{said} === {json.dumps(SAID[tag][0][1])}")
    page.click(".chapters li:nth-child(2) a")
    page.wait(f"document.getElementById('sound').currentTime >= {sentences(tag)[3][0]}")
    page.wait(f"{said} === {json.dumps(SAID[tag][1][0])}")
    assert page.run("document.querySelector('.chapters [aria-current]').textContent")
    assert page.complaints() == []


def test_the_place_is_remembered_for_each_episode(page: Browser, served: Served) -> None:
    go(page, served.url(EPISODE))
    page.run("document.getElementById('sound').currentTime = 0")
    page.click(".chapters li:nth-child(2) a")
    page.wait("document.getElementById('sound').currentTime > 16")
    page.wait("Object.keys(localStorage).length > 0")
    go(page, served.url("camino/es-419/episodio-3.html"))
    assert page.run("document.getElementById('resume').hidden")
    go(page, served.url(EPISODE))
    assert not page.run("document.getElementById('resume').hidden")
    assert page.text("#resume bdi") in {"0:15", "0:16", "0:17", "0:18", "0:19", "0:20"}
    page.click("#resume")
    page.wait("document.getElementById('sound').currentTime > 14")
    assert only_from(page, served) == []


def test_without_a_program_everything_is_there(page: Browser, site: Path) -> None:
    page.ask("Emulation.setScriptExecutionDisabled", {"value": True})
    page.ask("Page.navigate", {"url": (site / EPISODE).as_uri()})
    time.sleep(1)
    page.ask("Emulation.setScriptExecutionDisabled", {"value": False})
    assert page.text("h1") == "Agua y calor 1"
    assert page.run("document.querySelector('.buttons').hidden")
    assert page.run("document.getElementById('sound').checkVisibility()")
    link = page.run("document.querySelector('.chapters li:nth-child(2) a').href")
    assert link.endswith(".wav#t=15.5")
    assert SAID[ES][1][0] in page.text("#words")


def test_what_is_past_its_date_by_the_listener_s_clock_says_so(page: Browser, site: Path) -> None:
    page.open(site / "camino/es-419/episodio-4.html")
    assert page.run("document.getElementById('past').checkVisibility()")
    page.open(site / EPISODE)
    assert not page.run("document.getElementById('past').checkVisibility()")
    # ages later
    page.ask(
        "Page.addScriptToEvaluateOnNewDocument",
        {"source": "Date.prototype.getFullYear = () => 2100;"},
    )
    page.open(site / EPISODE)
    assert page.run("document.getElementById('past').checkVisibility()")
    page.open(site / "camino/es-419.html")
    assert page.run("document.querySelector('.late').checkVisibility()")


def test_a_kept_episode_plays_without_a_network_and_a_withdrawn_one_goes(
    tool: Callable[[str], str], tmp_path: Path
) -> None:
    folder = write_site(tmp_path / "site", channel(ES, (item(ES, 1), item(ES, 4))))
    gone = write_site(tmp_path / "gone", channel(ES, (withdrawn(item(ES, 1), instead=False),)))
    with browser(tool("chromium"), tmp_path / "profile", NEAR) as page:
        with serve(folder) as served:
            port = served.server.server_address[1]
            go(page, served.url(EPISODE))
            assert page.run("navigator.serviceWorker.getRegistrations().then((r) => r.length)") == 0
            page.wait("!document.getElementById('keeping').hidden")
            page.click("#keep")
            page.wait("!document.getElementById('remove').hidden")
            assert "funciona sin internet" in page.text("#kept-status")
            page.wait("navigator.serviceWorker.controller")
            address = served.url(EPISODE)
        go(page, address)
        assert page.text("h1") == "Agua y calor 1"
        assert page.run("getComputedStyle(document.querySelector('.player')).position") == "sticky"
        page.run(PLAY, gesture=True)
        page.wait("document.getElementById('sound').currentTime > 0.5")
        # by parts: from the middle of what is kept
        page.click(".chapters li:nth-child(2) a")
        page.wait("document.getElementById('sound').currentTime > 15.5")
        # home and series were kept on the way; what was not leads home
        go(page, address.replace(EPISODE, "index.html"))
        page.wait("!document.getElementById('kept-list').hidden")
        assert page.text("#kept-list a") == "Agua y calor 1"
        # the network is back, and tells that the message was withdrawn
        with serve(gone, port=port) as served:
            go(page, served.url("index.html"))
            page.wait("document.querySelector('#kept-list .gone')")
            sounds = "caches.keys().then((n) => caches.open(n[0])).then((c) => c.keys())"
            kept = page.run(f"{sounds}.then((k) => k.map((one) => one.url))")
            assert not [one for one in kept if one.endswith(".wav")]
        go(page, address)
        assert page.text(".alert strong") == "Retirado"
        # offline still, and nothing of it can be kept anew
        page.wait("!document.getElementById('remove').hidden")
        assert page.run("document.getElementById('keep').hidden")
        go(page, address.replace(EPISODE, "index.html"))
        page.wait("!document.getElementById('kept-list').hidden")
        page.click("#forget")
        page.wait("document.getElementById('kept-list').hidden")
        assert page.run("caches.keys().then((n) => n.length)") == 0
        assert page.run("Object.keys(localStorage).length") == 0


HOSTILE = '</title><img src=x onerror="window.ran=1"><script>window.ran=1</script>{{ 7*7 }}\' on'


def test_hostile_words_never_run(page: Browser, tmp_path: Path) -> None:
    made = item(ES, 1, title=HOSTILE, description=f"{HOSTILE}\n{HOSTILE}", reason=HOSTILE)
    bad = replace(withdrawn(item(ES, 2), instead=False), title=HOSTILE, reason=HOSTILE)
    chapters = tuple(replace(one, title=HOSTILE) for one in made.chapters)
    one = channel(ES, (replace(made, chapters=chapters), bad))
    site = write_site(tmp_path, replace(one, title=HOSTILE, description=HOSTILE), name=HOSTILE)
    page.ask(
        "Page.addScriptToEvaluateOnNewDocument",
        {
            "source": "window.broken = [];"
            "addEventListener('securitypolicyviolation', (e) => broken.push(e.violatedDirective));"
        },
    )
    for name, key in PAGE_TYPES.items():
        place = site / key.format(tag="es-419")
        if not place.exists():
            continue
        page.open(place)
        assert page.run("window.ran") is None, name
        assert page.run("document.querySelectorAll('img, script:not([src])').length") == 0
        # nothing even tried
        assert page.run("window.broken") == []
    page.open(site / EPISODE)
    assert page.text("h1") == HOSTILE
    assert page.text(".chapters bdi:last-child") == HOSTILE
    # and if something got through, the policy would stop it
    page.run(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'ran=1'}))"
    )
    page.wait("window.broken.length > 0")
    assert page.run("window.ran") is None


def test_on_paper_addresses_stand_and_players_do_not(page: Browser, site: Path) -> None:
    page.ask("Emulation.setEmulatedMedia", {"media": "print"})
    page.open(site / EPISODE)
    assert not page.run("document.getElementById('sound').checkVisibility()")
    shown = page.run("document.body.innerText")
    assert f"{BASE}camino/es-419/episodio-1.html" in shown
    assert "https://pani.go.cr/" in shown
    assert f"{BASE}m/tono-0123456789ab.wav" in shown
