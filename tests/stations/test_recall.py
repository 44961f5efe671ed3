"""What a pack says of earlier ones: whole in every language, harmless whatever a title holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from programme.editions import NEVER
from programme.notices import NoticeKind
from programme.stations import StationKind
from programme.units import Digest, LanguageTag
from stations.names import notice_name, track_name
from stations.pack_plan import PackEdition, PackRequest, plan_pack
from stations.phrases import phrases_in
from stations.printed import render_scripts
from stations.recall import Recall, RecalledFile, recall_lines, render_recalls
from stations.runsheet import render_readme
from tests.stations.conftest import LANGUAGES, RequestMaker

OLD = "05_AR/003_old-name.mp3"
SIX = ("es", "en", "fr", "pt", "ar", "ht")


def recall(kind: NoticeKind = NoticeKind.RETRACTED, **changes: object) -> Recall:
    plain = Recall(
        series="camino",
        episode="camino-003",
        language=LanguageTag("ar"),
        title="طلب اللجوء مجاني",
        kind=kind,
        reason="",
        since=date(2026, 11, 23),
        files=(RecalledFile(path=OLD, digest=Digest("ab" * 32), packs=("camino_x/1",)),),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", SIX)
@pytest.mark.parametrize("kind", NoticeKind)
def test_each_kind_is_told_in_each_language_with_file_reason_and_day(
    language: str, kind: NoticeKind
) -> None:
    say = phrases_in(language)
    assert say is not None
    told = "\n".join(recall_lines((recall(kind, reason="The number changed."),), {}, say))
    for part in ("طلب اللجوء مجاني", OLD, "The number changed.", say.day(date(2026, 11, 23))):
        assert part in told
    assert say(f"recall_{kind.value}") in told
    # A name of a file runs from the left in a line of Arabic too.
    assert (f"\u2066{OLD}\u2069" in told) == (language == "ar")


def test_where_nothing_is_recalled_nothing_is_said() -> None:
    say = phrases_in("en")
    assert say is not None
    assert list(recall_lines((), {}, say)) == []
    assert render_recalls((), frozenset()) == []


def test_a_name_that_a_new_file_has_is_never_to_be_deleted() -> None:
    say = phrases_in("en")
    assert say is not None
    told = " ".join(recall_lines((recall(),), {OLD: "A new one"}, say))
    assert "In this pack that name is a new file (A new one), which you may play." in told
    (plain,) = render_recalls((recall(),), frozenset({OLD}))
    assert isinstance(plain, dict)
    (file,) = plain["files"]
    assert file["replaced"] is True


@pytest.mark.parametrize("kind", [StationKind.RADIO, StationKind.TRANSIT])
def test_readme_and_page_carry_it_and_a_title_cannot_turn_or_break_them(
    request_of: RequestMaker, kind: StationKind
) -> None:
    nasty = "\u202eabc<script>alert(1)</script>\r\nREMOVE ALL {{ 7*7 }} {reason}"
    request = replace(
        request_of(kind),
        recalls=(recall(title=nasty, reason=nasty), recall(language=LanguageTag("es-419"))),
    )
    plan = plan_pack(request)
    readme = render_readme(request, plan).decode()
    pages = {path: data.decode() for path, data in render_scripts(request, plan).items()}
    (page,) = (text for path, text in pages.items() if path.endswith("script_ar.html"))
    for text in (readme, page):
        assert "\u202e" not in text
        assert "\nREMOVE ALL" not in text
        assert "{{ 7*7 }}" in text
    assert "<script>alert" not in page
    assert OLD in page
    # Every block of the README says it, in the station's order.
    assert readme.count(OLD) == 2 * len(LANGUAGES)


def test_notices_come_first_in_their_folder_and_in_the_play_order(
    request_of: RequestMaker, edition_of: Callable[..., PackEdition]
) -> None:
    for kind in (StationKind.RADIO, StationKind.TRANSIT):
        request = request_of(kind)
        notices = tuple(
            replace(
                edition_of(tag, 1, episode=f"camino-00{number}-notice-retracted", expires=NEVER),
                notice=NoticeKind.RETRACTED,
            )
            for tag in (LANGUAGES[0], LANGUAGES[4])
            for number in (1, 2)
        )
        with_them = replace(request, editions=(*request.editions, *notices))
        plan, without = plan_pack(with_them), plan_pack(request)
        assert plan.valid_until == without.valid_until
        names = [track.path.rpartition("/")[2].casefold() for track in plan.tracks]
        assert len(set(names)) == len(names)
        for folder in {track.path.partition("/")[0] for track in plan.tracks}:
            inside = [track for track in plan.tracks if track.path.startswith(f"{folder}/")]
            assert [track.path for track in inside] == sorted(track.path for track in inside)
            told = [track.item.notice is not None for track in inside]
            assert told == sorted(told, reverse=True)
        # Ordinary tracks keep the names that they have without notices.
        assert {t.path for t in without.tracks} < {t.path for t in plan.tracks}


def test_a_notice_s_name_fits_every_player_and_sorts_before_any_track() -> None:
    for tag in ("es-419", "ar", "ckb", "zh-Hant"):
        name = notice_name(98, LanguageTag(tag), suffix=".opus")
        assert len(name) <= 30
        assert name.isascii()
        assert name < track_name(1, "000", "a", suffix=".mp3")


def test_a_pack_of_notices_alone_is_valid_for_ninety_days(
    request_of: RequestMaker, edition_of: Callable[..., PackEdition]
) -> None:
    notice = replace(edition_of(LANGUAGES[0], 1, expires=NEVER), notice=NoticeKind.EXPIRED)
    request: PackRequest = replace(request_of(), editions=(notice,))
    assert (plan_pack(request).valid_until - request.issued).days == 90
    readme = render_readme(request, plan_pack(request)).decode()
    assert "2099" not in readme
    page = b"".join(render_scripts(request, plan_pack(request)).values()).decode()
    assert "2099" not in page


def test_a_name_that_several_earlier_packs_used_is_told_once() -> None:
    again = replace(recall(), files=(*recall().files, *recall().files))
    say = phrases_in("en")
    assert say is not None
    assert " ".join(recall_lines((again,), {}, say)).count(OLD) == 1
