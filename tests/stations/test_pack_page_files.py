"""Files that somebody chooses in a pack's page are held against what was signed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from programme.digests import digest_file
from programme.notices import NoticeKind
from programme.units import LanguageTag
from stations import page_sound
from stations.pack_plan import PackEdition, plan_pack
from stations.recall import Recall, RecalledFile
from tests.production.chromium import Browser, browser
from tests.stations.page_browsing import (
    ES,
    VERDICT,
    RequestMaker,
    clock,
    give,
    small,
    speak,
    states,
    verdict,
)
from tests.stations.page_making import KEY, write_page
from tests.strict import ToolFinder

pytestmark = pytest.mark.tools

EditionMaker = Callable[..., PackEdition]
FIRST = "01_ES/001_pedir-asilo-es-gratis.mp3"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Browser]:
    with browser(ToolFinder()("chromium"), tmp_path / "profile") as opened:
        clock(opened, "2026-11-25")
        yield opened


def test_files_that_somebody_chooses_are_held_against_the_signed_list(
    page: Browser,
    request_of: RequestMaker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_sound, "MOST_BYTES", 0)
    base = small(request_of, ES)
    old = tmp_path / "old.mp3"
    old.write_bytes(b"withdrawn")
    recall = Recall(
        series="avisos", episode="aviso-9", language=ES, title="Viejo", reason="",
        kind=NoticeKind.WITHDRAWN, since=date(2026, 11, 21),
        files=(RecalledFile(path="01_ES/old.mp3", digest=digest_file(old), packs=()),),
    )  # fmt: skip
    request = replace(base, recalls=(recall,))
    folder = tmp_path / "pack"
    path = write_page(folder, request)
    speak(page, "en")
    assert verdict(page, path) == "words_only"
    sounds = [folder / track.path for track in plan_pack(request).tracks]
    # beside the page it plays, unchecked
    page.click(".play")
    page.wait("document.querySelector('audio').currentTime > 0.1")
    assert states(page) == ["unchecked", "unchecked"]
    give(page, "#choose_files", sounds)
    page.wait(f"{VERDICT}.dataset.verdict === 'genuine'")
    assert states(page) == ["good", "good"]
    assert "All signed files are here" in page.text("#files")
    data = sounds[0].read_bytes()
    sounds[0].write_bytes(data[:2000] + b"x" + data[2001:])
    stranger = tmp_path / "stranger.mp3"
    stranger.write_bytes(b"?")
    assert verdict(page, path) == "words_only"
    give(page, "#choose_files", [*sounds, stranger, old, path])
    page.wait(f"{VERDICT}.dataset.verdict === 'altered'")
    told = page.text("#files")
    assert f"Altered, do not play them: {FIRST}" in told
    assert "Not of this pack, do not play them: stranger.mp3" in told
    assert "Withdrawn, delete them: old.mp3" in told
    assert "index.html" not in told
    # a folder, chosen with all that lies around it
    (tmp_path / "photo.jpg").write_bytes(b"?")
    (folder / "01_ES" / "002_forged.mp3").write_bytes(b"?")
    give(page, "#choose_folder", [tmp_path])
    page.wait("document.getElementById('files').textContent.includes('002_forged')")
    told = page.text("#files")
    assert f"Altered, do not play them: {FIRST}" in told
    assert "do not play them: 01_ES/002_forged.mp3" in told
    assert "photo" not in told
    assert "Missing" not in told
    assert states(page) == ["altered", "good"]
    # cut to half: its length gives it away when it is played
    sounds[0].write_bytes(data[:300])
    sounds[1].write_bytes(sounds[1].read_bytes() * 3)
    assert verdict(page, path) == "words_only"
    page.run("document.querySelectorAll('.play')[1].click()", gesture=True)
    page.wait(f"{VERDICT}.dataset.verdict === 'altered'")


def test_files_of_one_name_are_told_apart_by_what_they_hold(
    page: Browser,
    request_of: RequestMaker,
    edition_of: EditionMaker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_sound, "MOST_BYTES", 0)
    editions = tuple(edition_of(tag, 1, title="Agua") for tag in (ES, LanguageTag("en")))
    request = request_of(languages=(ES, LanguageTag("en")), editions=editions, signer=KEY)
    path = write_page(tmp_path / "pack", request)
    sounds = [path.parent / track.path for track in plan_pack(request).tracks]
    assert [one.name for one in sounds] == ["001_agua.mp3"] * 2
    speak(page, "en")
    assert verdict(page, path) == "words_only"
    give(page, "#choose_files", sounds[::-1])
    page.wait(f"{VERDICT}.dataset.verdict === 'genuine'")
    sounds[1].write_bytes(b"altered")
    assert verdict(page, path) == "words_only"
    give(page, "#choose_files", sounds[::-1])
    page.wait(f"{VERDICT}.dataset.verdict === 'altered'")
    assert states(page) == ["good", "altered"]
