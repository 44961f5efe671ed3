"""The page of a pack as it is written: signed words, sound in blocks, nothing of a stranger's."""

import json
import re
import tomllib
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stations.phrases
from programme.digests import digest_bytes
from programme.editions import Caption
from programme.facts import Source
from programme.notices import NoticeKind
from programme.units import DurationMs, LanguageTag, Url
from stations import page_sound
from stations.minisign import verify
from stations.pack_news import Fresh, PackNews
from stations.pack_page import WORDS
from stations.pack_plan import LoopPart, PackEdition, PackRequest, plan_pack
from stations.page_sound import sound_blocks
from stations.phrases import phrased_languages
from stations.recall import Recall
from tests.stations.page_making import KEY, page_bytes

RequestMaker = Callable[..., PackRequest]
EditionMaker = Callable[..., PackEdition]
ES, AR, QUC = LanguageTag("es-419"), LanguageTag("ar"), LanguageTag("quc")
HOSTILE = '</script><script>window.ran=1</script><!--<img src=x onerror="ran=1">]]>\u202e{{ 7*7 }}'


def scripts(page: bytes) -> dict[str, str]:
    """Give the text of each script by its id or path; the program's own is called ""."""
    tree = html5lib.parse(page.decode("utf-8"), namespaceHTMLElements=False)
    return {
        one.get("id") or one.get("data-path") or "": one.text or "" for one in tree.iter("script")
    }


def document(request: PackRequest) -> dict[str, object]:
    found: dict[str, object] = json.loads(scripts(page_bytes(request))["document"])
    return found


def test_each_language_has_every_word_of_the_page_with_its_placeholders() -> None:
    folder = Path(stations.phrases.__file__).with_name("pages")
    tables = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
    assert set(tables) == set(phrased_languages())
    for table in tables.values():
        assert list(table) == list(tables["en"])
        for key, text in tables["en"].items():
            assert set(re.findall(r"{\w+}", table[key])) == set(re.findall(r"{\w+}", text)), key
            assert table[key].strip()
        assert len(table["weekdays"].split()) == 7


def test_every_word_that_the_program_says_is_in_the_page() -> None:
    folder = Path(stations.phrases.__file__).with_name("pages")
    program = (folder / "page_view.js").read_text(encoding="utf-8")
    said = set(re.findall(r'(?:say|line)\("(\w+)"[,)]', program)) - {"direction"}
    assert said
    assert said <= set(WORDS)


def test_the_words_are_signed_as_they_stand_and_the_comment_says_which(
    request_of: RequestMaker,
) -> None:
    request = replace(request_of(), signer=KEY)
    page = page_bytes(request)
    assert page == page_bytes(request)
    found = scripts(page)
    signed = verify(
        found["document"].encode("utf-8"), found["signature"].encode("utf-8"), [KEY.public]
    )
    plan = plan_pack(request)
    assert signed.trusted == (
        f"page={plan.pack_id} serial=3 issued=2026-11-22 valid-until=2026-12-06"
    )
    assert found["key"] == KEY.public.text
    told = json.loads(found["document"])
    assert told["format"] == "altavoz-page/1"
    assert [one["path"] for one in told["items"]] == [track.path for track in plan.tracks]
    for one, track in zip(told["items"], plan.tracks, strict=True):
        held = b"".join(b64decode(block) for block in found[track.path].split())
        assert held == track.item.audio.read_bytes()
        assert one["sha256"] == digest_bytes(held)


def test_a_page_that_nobody_signed_has_no_key(request_of: RequestMaker) -> None:
    found = scripts(page_bytes(request_of()))
    assert found["signature"] == found["key"] == ""


def test_without_sound_and_messages_the_page_has_less_than_sixty_kilobytes(
    request_of: RequestMaker,
) -> None:
    request = replace(request_of(), signer=KEY)
    page = page_bytes(request)
    found = scripts(page)
    content = [found[track.path] for track in plan_pack(request).tracks] + [found["document"]]
    plain = page.partition(b'<div id="plain">')[2].partition(b"</main>")[0]
    assert len(page) - sum(len(one.encode()) for one in content) - len(plain) < 60_000


def test_the_page_asks_for_nothing_but_what_lies_beside_it(request_of: RequestMaker) -> None:
    request = replace(request_of(), signer=KEY)
    tree = html5lib.parse(page_bytes(request).decode(), namespaceHTMLElements=False)
    paths = {track.path for track in plan_pack(request).tracks}
    for one in tree.iter():
        assert set(one.keys()).isdisjoint({"srcset", "style", "background", "data", "poster"})
        assert one.get("src") in {None, *paths}, one.tag
        assert one.tag not in {"link", "img", "iframe", "object", "embed", "form"}
    policy = next(
        one.get("content")
        for one in tree.iter("meta")
        if one.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "http" not in policy


def test_words_from_a_stranger_begin_and_end_nothing(
    request_of: RequestMaker, edition_of: EditionMaker
) -> None:
    item = edition_of(
        ES,
        1,
        title=HOSTILE,
        sources=(Source(title=HOSTILE, url="javascript:alert(1)"),),
        captions=(
            Caption(
                start_ms=DurationMs(0),
                end_ms=DurationMs(9),
                text=HOSTILE,
                paragraph=0,
                speaker=HOSTILE,
            ),
        ),
    )
    base = request_of(editions=(item,), signer=KEY)
    recall = Recall(
        series="avisos", episode="aviso-9", language=ES, title=HOSTILE, reason=HOSTILE,
        kind=NoticeKind.WITHDRAWN, since=date(2026, 11, 21), files=(),
    )  # fmt: skip
    news = PackNews(serial=2, issued=date(2026, 11, 1), fresh={}, gone=(HOSTILE,))
    network = replace(base.network, name=HOSTILE, website=Url(HOSTILE), role_address=HOSTILE)
    page = page_bytes(replace(base, network=network, recalls=(recall,), news=news))
    tree = html5lib.parse(page.decode(), namespaceHTMLElements=False)
    # words, document, signature, key, one sound, one program
    assert len(list(tree.iter("script"))) == 6
    assert not list(tree.iter("img"))
    assert json.loads(scripts(page)["document"])["items"][0]["title"] == HOSTILE.replace(
        "\u202e", ""
    )
    assert b"\xe2\x80\xae" not in page


def test_a_private_station_is_named_nowhere(request_of: RequestMaker) -> None:
    request = request_of(signer=KEY)
    assert b"Terminal Norte" not in page_bytes(request)
    station = replace(request.station, publish_identity=True)
    assert b"Terminal Norte" in page_bytes(replace(request, station=station))


def test_more_sound_than_a_telephone_can_hold_stays_beside_the_page(
    request_of: RequestMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_of(languages=(ES,), signer=KEY)
    total = sum(one.rendition.length_bytes for one in request.editions)
    monkeypatch.setattr(page_sound, "MOST_BYTES", total)
    assert document(request)["embedded"] is True
    monkeypatch.setattr(page_sound, "MOST_BYTES", total - 1)
    assert document(request)["embedded"] is False
    assert [name for name in scripts(page_bytes(request)) if name.endswith(".mp3")] == []


def test_notices_are_read_in_the_page_and_heard_beside_it(request_of: RequestMaker) -> None:
    request = request_of(languages=(ES,), signer=KEY)
    first, second = request.editions
    told = replace(request, editions=(replace(first, notice=NoticeKind.CORRECTED), second))
    notice, message = (track.path for track in plan_pack(told).tracks)
    assert "notice" in notice
    items = document(told)["items"]
    assert isinstance(items, list)
    assert [(one["path"], one["notice"]) for one in items] == [(notice, True), (message, False)]
    assert "Nadie puede cobrarle." in str(items[0]["says"])
    page = page_bytes(told)
    assert [name for name in scripts(page) if name.endswith(".mp3")] == [message]
    assert f'<a href="{notice}">'.encode() in page


def test_what_is_new_is_told_of_each_message(request_of: RequestMaker) -> None:
    request = request_of(languages=(ES,))
    first, second = (track.path for track in plan_pack(request).tracks)
    news = PackNews(
        serial=2, issued=date(2026, 11, 1), fresh={second: Fresh.CHANGED}, gone=("Otro",)
    )
    told = document(replace(request, news=news))
    items = told["items"]
    assert isinstance(items, list)
    assert {one["path"]: one["fresh"] for one in items} == {first: "", second: "changed"}
    assert told["news"] == {"serial": 2, "issued": "2026-11-01", "gone": ["Otro"]}
    assert document(request)["news"] is None


def test_a_language_without_words_borrows_those_of_the_station(request_of: RequestMaker) -> None:
    page = page_bytes(request_of(languages=(QUC, ES)))
    assert b'<html lang="es" dir="ltr">' in page
    assert "Kʼicheʼ" in page.decode()


@given(st.binary(max_size=400), st.integers(0, 200), st.booleans())
def test_the_blocks_of_a_file_give_back_its_bytes(sound: bytes, tag: int, ends: bool) -> None:
    head = b"ID3\x03\x00\x00" + bytes([0, 0, tag >> 7, tag & 0x7F]) + bytes(tag)
    tail = b"TAG" + bytes(125) if ends else b""
    for file in (sound, head + sound + tail, head[:9], b""):
        assert b"".join(b64decode(one) for one in sound_blocks(file)) == file


def test_frames_stay_the_same_text_when_the_tag_before_them_grows() -> None:
    frames = bytes(range(256)) * 9
    short = b"ID3\x03\x00\x00\x00\x00\x00\x05" + bytes(5)
    long = b"ID3\x03\x00\x00\x00\x00\x00\x07" + bytes(7)
    assert sound_blocks(short + frames)[1] == sound_blocks(long + frames)[1]
    # a message of another length before it: frames are multiples of 3 bytes
    other = sound_blocks(short + bytes(96 * 4) + frames)[1]
    assert other.endswith(sound_blocks(short + frames)[1])


def test_a_loop_in_several_languages_is_shown_once_under_all_their_names(
    request_of: RequestMaker, edition_of: EditionMaker
) -> None:
    spanish, arabic = edition_of(ES, 1), edition_of(AR, 1)
    later = [
        replace(one, start_ms=DurationMs(one.start_ms + 1_020), end_ms=DurationMs(2_000))
        for one in arabic.edition.captions[:1]
    ]
    captions = (*spanish.edition.captions[:1], *later)
    parts = tuple(
        LoopPart(
            language=tag,
            start_ms=DurationMs(start),
            end_ms=DurationMs(start + 1_020),
            title=one.edition.title,
            editions=(one.edition,),
        )
        for tag, start, one in ((ES, 0, spanish), (AR, 1_020, arabic))
    )
    loop = replace(
        spanish, edition=replace(spanish.edition, captions=captions), parts=parts, together=True
    )
    request = request_of(languages=(ES, AR), editions=(loop,))
    items = document(request)["items"]
    assert isinstance(items, list)
    [item] = items
    assert item["languages"] == ["es-419", "ar"]
    assert [said[4] for said in item["says"]] == ["es-419", "ar"]
    page = page_bytes(request).decode()
    assert page.count("<h2 lang=") == 1
    assert "español latinoamericano · العربية" in page
    assert '<p lang="ar" dir="rtl">' in page
